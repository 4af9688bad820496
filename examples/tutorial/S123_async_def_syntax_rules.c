/*
 * Python's compiler knows what may stand in an async def. In C any function
 * will do, and what it does is judged as it runs: a coroutine object awaits
 * and does not yield; a generator may do both, which is what Python calls an
 * asynchronous generator, and may return a value as any other.
 */
#include <cede.h>

static cede_value nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

static cede_value yield_from_x(void *arg)
{
    return cede_yield_from(cede_generator(nothing, arg));
}

static cede_value await_x(void *arg)
{
    return cede_await(cede_coroutine(nothing, arg));
}

static cede_value yield_1(void *arg)
{
    await_x(arg);
    cede_yield(1);
    return cede_none;
}

static cede_value return_1_yield(void *arg)
{
    yield_1(arg);
    return cede_int(1);
}

static void await_it(const char *body, cede_function f)
{
    cede_try {
        cede_await(cede_coroutine(f, NULL));
        cede_print("ok", body);
    } cede_except (cede_RuntimeError) { cede_print("RuntimeError", body); } cede_end
}

static void iterate(const char *body, cede_function f)
{
    cede_try {
        cede_unref(cede_list_from(cede_generator(f, NULL)));
        cede_print("ok", body);
    } cede_except (cede_RuntimeError) { cede_print("RuntimeError", body); } cede_end
}

int main(void)
{
    await_it("yield from x", yield_from_x);
    iterate("yield 1", yield_1);
    await_it("await x", await_x);
    iterate("return 1; yield", return_1_yield);
    await_it("yield 1, awaited", yield_1);
}
