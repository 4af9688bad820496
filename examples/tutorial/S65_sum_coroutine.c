/* Each number sent in gives a sum out. */
#include <cede.h>

static cede_value sum_coroutine(void *arg)
{
    int64_t total = 0;

    (void)arg;
    for (;;)
        total += cede_value_int(cede_yield(total));
}

int main(void)
{
    cede_generator *co = cede_generator(sum_coroutine, NULL);

    cede_print(cede_next(co));
    cede_print(cede_generator_send(co, 1));
    cede_print(cede_generator_send(co, 2));
    cede_print(cede_generator_send(co, 3));
    cede_unref(co);
}
