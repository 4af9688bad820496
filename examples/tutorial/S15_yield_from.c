/* The same with yield from: sends reach the inner generator by themselves. */
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

static cede_value coroutine(void *arg)
{
    return cede_yield_from(cede_generator(subcoroutine, arg));
}

int main(void)
{
    cede_generator *x = cede_generator(coroutine, NULL);

    cede_print(cede_next(x));
    cede_print(cede_generator_send(x, 10));
    cede_try {
        cede_generator_send(x, 20);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(x);
}
