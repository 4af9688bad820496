/* A generator that passes on what another yields, by a loop. */
#include <cede.h>

static void subcoroutine(void) {
    cede_yield(1);
    cede_yield(2);
}

static void coroutine(void) {
    cede_for (v, cede_generator(subcoroutine))
        cede_yield(v);
}

int main(void) {
    cede_own (x, cede_generator(coroutine));
    cede_print(cede_next(x)); cede_print(cede_next(x));
    cede_try { cede_next(x); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
