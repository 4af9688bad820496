/* close raises GeneratorExit at the yield, and it can be caught. */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value number_coroutine(void *arg)
{
    (void)arg;
    cede_try {
        int64_t total = 0;

        for (;;)
            total += cede_value_int(cede_yield(total));
    } cede_except (cede_GeneratorExit) {
        cede_print("코루틴 종료");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *co = cede_generator(number_coroutine, NULL);

    cede_next(co);
    for (int i = 0; i < 5; i++)
        printf("%" PRId64 " ", cede_value_int(cede_generator_send(co, i)));
    cede_generator_close(co);
    cede_unref(co);
}
