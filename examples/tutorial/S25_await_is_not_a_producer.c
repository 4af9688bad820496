/*
 * await waits, it does not produce. Python's compiler refuses to mix the two;
 * in C it is the runtime that says so, and where awaiting does no harm, in any
 * function, it is allowed.
 */
#include <cede.h>

static cede_value await_nothing(void *arg)
{
    return cede_await(arg);
}

static cede_value yield_from_list(void *arg)
{
    (void)arg;
    return cede_yield_from(cede_list());
}

static cede_value nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

static cede_value await_coroutine(void *arg)
{
    return cede_await(cede_coroutine(nothing, arg));
}

static cede_value yield_ten(void *arg)
{
    (void)arg;
    return cede_yield(10);
}

/* Runs it as a coroutine, or as the function it is. */
static void check(cede_function function, bool is_coroutine, const char *what)
{
    cede_coroutine *c = cede_coroutine(function, NULL);

    cede_try {
        if (is_coroutine)
            cede_await(cede_ref(c));
        else
            function(NULL);
        cede_print("ok          ", what);
    } cede_except (cede_Exception, e) {
        cede_print(cede_exception_name(e), what, "--", e);
    } cede_end
    cede_coroutine_close(c);
    cede_unref(c);
}

int main(void)
{
    check(await_nothing, true, "await");
    check(yield_from_list, true, "yield from []");
    check(await_coroutine, false, "await g()");
    check(yield_ten, true, "yield 10");
}
