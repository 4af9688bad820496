/* A generator that only receives gives its result at its end. */
#include <cede.h>

static cede_value averager(void) {
    double total = 0.0; int cnt = 0; cede_value average = cede_none;
    for (;;) {
        cede_value term = cede_yield(cede_none);
        if (cede_is_none(term)) break;
        total += cede_value_float(term); cnt += 1;
        average = cede_float(total / cnt);
    }
    return average;
}

int main(void) {
    cede_own (coro, cede_generator(averager)); cede_next(coro);
    for (int i = 1; i < 4; i++) cede_generator_send(coro, i);
    cede_try { cede_generator_send(coro, cede_none); }
    cede_except (cede_StopIteration, e) { cede_print(cede_exception_value(e)); } cede_end
}
