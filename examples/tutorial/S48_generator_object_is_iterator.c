/* A generator is an iterator: it has an iter, which is itself, and a next. */
#include <cede.h>

static void number_generator(void) {
    cede_yield(0);
    cede_yield(1);
    cede_yield(2);
}

int main(void) {
    cede_own (g, cede_generator(number_generator));
    cede_own (it, cede_iter(g));
    cede_print(cede_isiterable(g), cede_isiterator(g), (bool)(it == g));
}
