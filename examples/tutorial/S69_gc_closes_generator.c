/* The last reference closes a generator, so its finally clauses run. */
#include <cede.h>

static void g(void) {
    cede_try { cede_yield(1); }
    cede_finally { cede_print("closed by reference drop"); } cede_end
}

int main(void) {
    cede_generator *a = cede_generator(g); cede_next(a); cede_unref(a);
    cede_print("after drop");
}
