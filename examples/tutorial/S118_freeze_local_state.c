/*
 * Each generator keeps its own locals across a yield, and what an expression
 * had computed already: `loc +` waits for its right side.
 */
#include <cede.h>

static void g(int a) {
    int64_t loc = a + 1;
    int64_t tot = loc + cede_value_int(cede_yield(loc)) * 2;
    loc += 10;
    cede_yield(cede_tuple(tot, loc));
}

int main(void) {
    cede_own (x, cede_generator(g, 1)); cede_own (y, cede_generator(g, 100));
    cede_print(cede_next(x), cede_next(y), cede_temp(cede_generator_send(x, 5)),
               cede_temp(cede_generator_send(y, 6)));
}
