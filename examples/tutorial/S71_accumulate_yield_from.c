/*
 * Numbers go through the delegator to the generator that adds them; what that
 * returns the delegator prints, and begins anew.
 */
#include <cede.h>

static cede_value accumulate(void) {
    int64_t total = 0;
    for (;;) {
        cede_value x = cede_yield(total);
        if (cede_is_none(x)) return cede_int(total);
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
    cede_print("\n");
    cede_generator_send(co, cede_none);
}
