/*
 * The same with a StopIteration raised by hand, as it was done once: it becomes
 * a RuntimeError (PEP 479).
 */
#include <cede.h>

static void accumulate(void) {
    int64_t total = 0;
    for (;;) {
        cede_value x = cede_yield(total);
        if (cede_is_none(x)) cede_raise_args(cede_StopIteration, total);
        total += cede_value_int(x);
    }
}
static void sum_coroutine(void) {
    for (;;)
        cede_print(cede_yield_from(cede_generator(accumulate)));
}

int main(void) {
    cede_own (co, cede_generator(sum_coroutine)); cede_next(co);
    for (int i = 1; i < 11; i++) cede_print_end(" ", cede_generator_send(co, i));
    cede_print();
    cede_try { cede_generator_send(co, cede_none); }
    cede_except (cede_RuntimeError, e) { cede_print("RuntimeError:", e); } cede_end
}
