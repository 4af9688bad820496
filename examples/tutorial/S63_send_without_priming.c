/* A generator that has not started has no yield that could receive. */
#include <cede.h>

static void g(void) { cede_value x = cede_yield(1); cede_print("x", x); }

int main(void) {
    cede_own (a, cede_generator(g));
    cede_try { cede_generator_send(a, 5); }
    cede_except (cede_TypeError, e) { cede_print("TypeError:", e); } cede_end
    cede_print(cede_generator_send(a, cede_none)); /* still usable */
}
