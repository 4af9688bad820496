/* What a generator yields while it handles what was thrown, throw returns. */
#include <cede.h>

static void sum_coroutine(void) {
    int64_t total = 0; cede_keep(total);
    cede_try {
        for (;;)
            total += cede_value_int(cede_yield(cede_none));
    } cede_except (cede_RuntimeError, e) {
        cede_print(e);
        cede_yield(total);
    } cede_end
}

int main(void) {
    cede_own (co, cede_generator(sum_coroutine)); cede_next(co);
    for (int i = 0; i < 5; i++) cede_generator_send(co, i);
    cede_print(cede_generator_throw(co, cede_RuntimeError, "코루틴 종료"));
}
