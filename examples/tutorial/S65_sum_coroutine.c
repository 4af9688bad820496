/* Each number sent in gives a sum out. */
#include <cede.h>

static void sum_coroutine(void) {
    int64_t total = 0;
    for (;;)
        total += cede_value_int(cede_yield(total));
}

int main(void) {
    cede_own (co, cede_generator(sum_coroutine)); cede_print(cede_next(co));
    for (int i = 1; i <= 3; i++) cede_print(cede_generator_send(co, i));
}
