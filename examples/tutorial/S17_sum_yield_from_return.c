/*
 * What an inner generator yields goes to the caller; what it returns goes to
 * the generator that delegates.
 */
#include <cede.h>

static cede_value sum(int max) {
    int tot = 0;
    for (int i = 0; i < max; i++) {
        tot += i;
        cede_yield(tot);
    }
    return cede_int(tot);
}

static void coroutine(void) { cede_print("Total:", cede_yield_from(cede_generator(sum, 10))); }

int main(void) {
    cede_print(cede_temp(cede_list_from(cede_generator(coroutine))));
}
