/* The same with yield from: sends reach the inner generator by themselves. */
#include <cede.h>

static void subcoroutine(void) {
    cede_print("Subcoroutine");
    cede_value x = cede_yield(1);
    cede_print("Recv:", x);
    x = cede_yield(2);
    cede_print("Recv:", x);
}

static void coroutine(void) { cede_yield_from(cede_generator(subcoroutine)); }

int main(void) {
    cede_own (x, cede_generator(coroutine));
    cede_print(cede_next(x)); cede_print(cede_generator_send(x, 10));
    cede_try { cede_generator_send(x, 20); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
