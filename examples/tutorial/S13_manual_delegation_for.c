/* A generator that passes on what another yields, by a loop. */
#include <cede.h>

static cede_value subcoroutine(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_yield(2);
    return cede_none;
}

static cede_value coroutine(void *arg)
{
    cede_for (v, cede_generator(subcoroutine, arg))
        cede_yield(v);
    return cede_none;
}

int main(void)
{
    cede_generator *x = cede_generator(coroutine, NULL);

    cede_print(cede_next(x));
    cede_print(cede_next(x));
    cede_try {
        cede_next(x);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(x);
}
