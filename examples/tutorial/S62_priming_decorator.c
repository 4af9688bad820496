/*
 * A generator that is to be sent to has to be brought to its first yield;
 * Python's decorator is a function that makes it and does so.
 */
#include <cede.h>

static cede_generator *primed(cede_generator *gen)
{
    cede_defer (cede_unref, gen);
    cede_value_unref(cede_next(gen));
    return cede_ref(gen);
}

static cede_value test_coro(void *arg)
{
    int cnt = -10;

    (void)arg;
    while (cnt < 0) {
        cede_value x = cede_yield(cnt);

        cnt += 1;
        cede_print(x);
    }
    return cede_none;
}

int main(void)
{
    cede_generator *coro = primed(cede_generator(test_coro, NULL));
    int i;

    cede_keep(i);
    cede_try {
        for (i = 0; i < 10; i++)
            cede_print(cede_generator_send(coro, i));
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration at i =", i);
    } cede_end
    cede_unref(coro);
}
