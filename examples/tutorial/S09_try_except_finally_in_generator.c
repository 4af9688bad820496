/*
 * A generator may yield anywhere: in the body, in except, in finally. What is
 * being handled is the generator's own, so a bare re-raise after a yield goes
 * on with it.
 */
#include <cede.h>

static void f(void) {
    cede_try {
        cede_yield(1);
        cede_try {
            cede_yield(2);
            cede_floordiv(1, 0);
            cede_yield(3);
        } cede_except (cede_ZeroDivisionError) {
            cede_yield(4);
            cede_yield(5);
            cede_reraise();
        } cede_except (cede_BaseException) {
            cede_yield(6);
            cede_yield(7);
        } cede_end
    } cede_except (cede_BaseException) { cede_yield(8); } cede_end
    cede_yield(9);
    cede_try {
        /* nothing goes wrong here */
    } cede_finally { cede_yield(10); } cede_end
    cede_yield(11);
}

int main(void) { cede_print(cede_temp(cede_list_from(cede_generator(f)))); }
