/* close ends a generator that would go on for ever. */
#include <cede.h>

static void number_coroutine(void) {
    int64_t total = 0;
    for (;;)
        total += cede_value_int(cede_yield(total));
}

int main(void) {
    cede_own (co, cede_generator(number_coroutine)); cede_next(co);
    for (int i = 0; i < 5; i++) cede_print_end(" ", cede_generator_send(co, i));
    cede_generator_close(co); cede_print();
    cede_try { cede_generator_send(co, 1); }
    cede_except (cede_StopIteration) { cede_print("StopIteration after close"); } cede_end
}
