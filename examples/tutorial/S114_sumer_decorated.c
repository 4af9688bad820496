/*
 * A function that makes a generator and runs it to its first yield does what
 * Python's priming decorator does: the caller can send at once.
 */
#include <cede.h>

static cede_generator *coroutine(void (*f)(void)) {
    cede_generator *g = cede_generator(f);
    cede_next(g); return g;
}
static void sumer(void) {
    int64_t total = 0;
    for (;;)
        total += cede_value_int(cede_yield(total));
}

int main(void) {
    cede_own (s, coroutine(sumer));
    cede_print(cede_generator_send(s, 10), cede_generator_send(s, 20), cede_generator_send(s, 5));
}
