/* A generator that only receives, as long as somebody sends. */
#include <cede.h>

static cede_value my_coroutine(void *arg)
{
    (void)arg;
    for (;;) {
        cede_value num = cede_yield(cede_none);

        cede_print(num);
    }
}

int main(void)
{
    cede_generator *co = cede_generator(my_coroutine, NULL);

    cede_next(co);
    cede_generator_send(co, 1);
    cede_generator_send(co, 2);
    cede_generator_send(co, 3);
    cede_unref(co);
}
