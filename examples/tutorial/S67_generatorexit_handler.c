/* close raises GeneratorExit at the yield, and it can be caught. */
#include <cede.h>

static void number_coroutine(void) {
    cede_try {
        int64_t total = 0;
        for (;;)
            total += cede_value_int(cede_yield(total));
    } cede_except (cede_GeneratorExit) { cede_print("코루틴 종료"); } cede_end
}

int main(void) {
    cede_own (co, cede_generator(number_coroutine)); cede_next(co);
    for (int i = 0; i < 5; i++) cede_print_end(" ", cede_generator_send(co, i));
    cede_generator_close(co);
}
