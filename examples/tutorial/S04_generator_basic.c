/*
 * Making a generator runs nothing; each next runs it to its next yield, and
 * after the last one StopIteration is raised.
 */
#include <cede.h>

static void test1(void) {
    cede_print("print 1");
    cede_yield(1);
    cede_print("print 2");
    cede_yield(2);
}

int main(void) {
    cede_own (g, cede_generator(test1)); /* test1 does not run here */
    cede_print(cede_type_name(g), cede_isiterator(g), cede_isiterable(g));
    cede_print(cede_next(g)); cede_print(cede_next(g));
    cede_try { cede_next(g); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
