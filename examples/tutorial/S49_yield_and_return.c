/* Wherever a generator returns, next raises StopIteration. */
#include <cede.h>

static void ng1(void) {
    cede_yield(0);
    cede_yield(1);
}

static void ng2(void) {
    cede_yield(0);
    return;
}

static void show_end(cede_generator *ng) {
    cede_try { cede_next(ng); }
    cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
}

int main(void) {
    cede_own (first, cede_generator(ng1));
    cede_print(cede_next(first)); cede_print(cede_next(first));
    show_end(first);
    cede_own (second, cede_generator(ng2)); cede_print(cede_next(second));
    show_end(second);
}
