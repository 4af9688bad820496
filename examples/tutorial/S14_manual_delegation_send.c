/*
 * Delegation with send, written by hand. A StopIteration that leaks out of a
 * generator becomes RuntimeError (PEP 479), so the delegator has to catch it.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value subcoroutine(void *arg)
{
    cede_value x;

    (void)arg;
    cede_print("Subcoroutine");
    x = cede_yield(1);
    printf("Recv: %" PRId64 "\n", cede_value_int(x));
    x = cede_yield(2);
    printf("Recv: %" PRId64 "\n", cede_value_int(x));
    return cede_none;
}

static cede_value coroutine_original(void *arg)
{
    cede_generator *i = cede_generator(subcoroutine, arg);
    cede_value x;

    cede_defer (cede_unref, i);
    x = cede_next(i);
    for (;;) {
        cede_value s = cede_yield(x);

        x = cede_is_none(s) ? cede_next(i) : cede_generator_send(i, s);
    }
}

static cede_value coroutine(void *arg)
{
    cede_try {
        coroutine_original(arg);
    } cede_except (cede_StopIteration, e) {
        return cede_value_ref(cede_exception_value(e));
    } cede_end
    return cede_none;
}

int main(void)
{
    const cede_function functions[] = {coroutine_original, coroutine};

    for (int k = 0; k < 2; k++) {
        cede_generator *x = cede_generator(functions[k], NULL);

        cede_print(cede_next(x));
        cede_print(cede_generator_send(x, 10));
        cede_try {
            cede_generator_send(x, 20);
        } cede_except (cede_StopIteration) {
            cede_print("StopIteration");
        } cede_except (cede_RuntimeError, e) {
            printf("RuntimeError: %s\n", cede_exception_message(e));
        } cede_end
        cede_unref(x);
    }
}
