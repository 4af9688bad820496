/*
 * What asend, athrow and aclose are to an asynchronous generator, send, throw
 * and close are to one that awaits.
 */
#include <cede.h>

/* ('got', x) */
static cede_value pair(cede_value x)
{
    return cede_object(cede_tuple("got", x));
}

static cede_value ag(void *arg)
{
    cede_value x;

    (void)arg;
    cede_keep(x);
    cede_try {
        x = cede_yield(1);
        for (;;) {
            cede_try {
                x = cede_yield(pair(x));
            } cede_except (cede_KeyError) {
                x = cede_str("KeyError");
            } cede_end
        }
    } cede_finally {
        cede_sleep(0);
        cede_print("async cleanup");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_generator *a = cede_generator(ag, NULL), *b;
    cede_value first, second, third;

    (void)arg;
    cede_try {
        cede_generator_send(a, 5);
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    cede_unref(a);
    a = cede_generator(ag, NULL);
    first = cede_next(a);
    second = cede_generator_send(a, "s");
    third = cede_generator_throw(a, cede_KeyError);
    cede_print(first, second, third);
    cede_value_unref(second);
    cede_value_unref(third);
    cede_print(cede_generator_close(a), cede_generator_close(a));
    cede_try {
        cede_next(a);
    } cede_except (cede_StopIteration, e) {
        cede_print(cede_exception_name(e), cede_exception_args(e));
    } cede_end
    cede_unref(a);
    b = cede_generator(ag, NULL);
    cede_generator_close(b);
    cede_print("aclose on created: body not run");
    cede_print(cede_next_default(b, "default"));
    cede_unref(b);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
