/* What a generator yields while it handles what was thrown, throw returns. */
#include <cede.h>

static cede_value sum_coroutine(void *arg)
{
    int64_t total = 0;

    (void)arg;
    cede_keep(total);
    cede_try {
        for (;;)
            total += cede_value_int(cede_yield(cede_none));
    } cede_except (cede_RuntimeError, e) {
        cede_print(e);
        cede_yield(total);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *co = cede_generator(sum_coroutine, NULL);

    cede_next(co);
    for (int i = 0; i < 5; i++)
        cede_generator_send(co, i);
    cede_print(cede_generator_throw(co, cede_RuntimeError, "코루틴 종료"));
    cede_unref(co);
}
