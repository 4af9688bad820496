/* An exception that leaves a generator finishes it. */
#include <cede.h>

static int64_t f(void) { return cede_floordiv(1, 0); }

static void g(void) {
    cede_yield(f());
    cede_yield(42);
}

int main(void) {
    cede_own (k, cede_generator(g));
    cede_try { cede_next(k); }
    cede_except (cede_ZeroDivisionError) { cede_print("ZeroDivisionError"); } cede_end
    cede_try { cede_next(k); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
