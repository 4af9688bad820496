/*
 * yield from starts what it delegates to; one that somebody started before
 * loses its first item.
 */
#include <cede.h>

static cede_generator *coroutine(void (*func)(void)) {
    cede_generator *gen = cede_generator(func);
    cede_next(gen); return gen;
}
static void sub(void) {
    cede_for (i, cede_range(3))
        cede_yield(i);
}
static cede_value d(void) { return cede_yield_from(coroutine(sub)); }

int main(void) {
    cede_print(cede_temp(cede_list_from(cede_generator(d)))); /* 0 is lost */
}
