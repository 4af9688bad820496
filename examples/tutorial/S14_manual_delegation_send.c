/*
 * Delegation with send, written by hand. A StopIteration that leaks out of a
 * generator becomes RuntimeError (PEP 479), so the delegator has to catch it.
 */
#include <cede.h>

static void subcoroutine(void) {
    cede_print("Subcoroutine");
    cede_value x = cede_yield(1);
    cede_print("Recv:", x);
    x = cede_yield(2);
    cede_print("Recv:", x);
}

static cede_value coroutine_original(void) {
    cede_own (i, cede_generator(subcoroutine));
    cede_value x = cede_next(i);
    while (true) {
        cede_value s = cede_yield(x);
        x = cede_is_none(s) ? cede_next(i) : cede_generator_send(i, s);
    }
}

static cede_value coroutine(void) {
    cede_try {
        return coroutine_original();
    } cede_except (cede_StopIteration, e) {
        return cede_value_ref(cede_exception_value(e));
    } cede_end
    return cede_none;
}

int main(void) {
    cede_value (*const functions[])(void) = {coroutine_original, coroutine};
    for (int c = 0; c < 2; c++) {
        cede_own (x, cede_generator(functions[c]));
        cede_print(cede_next(x)); cede_print(cede_generator_send(x, 10));
        cede_try { cede_generator_send(x, 20); }
        cede_except (cede_StopIteration) { cede_print("StopIteration"); }
        cede_except (cede_RuntimeError, e) { cede_print("RuntimeError:", e); } cede_end
    }
}
