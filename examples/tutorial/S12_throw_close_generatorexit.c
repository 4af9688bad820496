/*
 * throw raises where a generator is suspended, close ends it so that its
 * finally clauses run; one that has not started never enters its body.
 */
#include <cede.h>

static void g(void) {
    cede_try {
        while (true) {
            cede_try { cede_yield("ready"); }
            cede_except (cede_ValueError, e) { cede_print("caught", e); } cede_end
        }
    } cede_finally { cede_print("cleanup"); } cede_end
}

int main(void) {
    cede_own (a, cede_generator(g)); cede_next(a);
    cede_print(cede_generator_throw(a, cede_ValueError, "v"));
    cede_generator_close(a); cede_print("closed");
    cede_own (b, cede_generator(g)); /* just created: its body is not entered */
    cede_try { cede_generator_throw(b, cede_KeyError, "k"); }
    cede_except (cede_KeyError, e) { cede_print("KeyError", e); } cede_end
    cede_own (c, cede_generator(g)); cede_generator_close(c);
    cede_print("close on created: no output from body");
}
