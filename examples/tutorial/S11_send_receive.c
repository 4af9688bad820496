/* Two ways: yield gives a value out and returns the one that is sent in. */
#include <cede.h>

static void coroutine1(void) {
    cede_print("callee 1");
    cede_value x = cede_yield(1);
    cede_print("callee 2:", x);
    x = cede_yield(2);
    cede_print("callee 3:", x);
}

int main(void) {
    cede_own (task, cede_generator(coroutine1));
    cede_print("i =", cede_next(task));
    cede_print("i =", cede_generator_send(task, 10));
    cede_try { cede_generator_send(task, 20); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
