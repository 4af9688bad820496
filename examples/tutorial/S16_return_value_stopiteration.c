/*
 * What a generator returns is the value of its StopIteration. Raising one by
 * hand is not the same: it becomes RuntimeError (PEP 479).
 */
#include <cede.h>

static cede_value test(void) {
    cede_yield(1);
    return cede_int(10);
}

static void test_old(void) {
    cede_yield(1);
    cede_raise_args(cede_StopIteration, 10);
}

int main(void) {
    cede_own (x, cede_generator(test));
    cede_print(cede_next(x));
    cede_try { cede_next(x); }
    cede_except (cede_StopIteration, e) {
        cede_print("StopIteration:", e, cede_exception_value(e));
    } cede_end
    cede_own (y, cede_generator(test_old)); cede_next(y);
    cede_try { cede_next(y); }
    cede_except (cede_RuntimeError, e) { cede_print("RuntimeError:", e); } cede_end
}
