/* close ends a generator that would go on for ever. */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value number_coroutine(void *arg)
{
    int64_t total = 0;

    (void)arg;
    for (;;)
        total += cede_value_int(cede_yield(total));
}

int main(void)
{
    cede_generator *co = cede_generator(number_coroutine, NULL);

    cede_next(co);
    for (int i = 0; i < 5; i++)
        printf("%" PRId64 " ", cede_value_int(cede_generator_send(co, i)));
    cede_generator_close(co);
    cede_print();
    cede_try {
        cede_generator_send(co, 1);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration after close");
    } cede_end
    cede_unref(co);
}
