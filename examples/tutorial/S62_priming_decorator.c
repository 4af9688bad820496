/*
 * A generator that is to be sent to has to be brought to its first yield;
 * Python's decorator is a function that makes it and does so.
 */
#include <cede.h>

static cede_generator *coroutine(void (*func)(void)) {
    cede_generator *gen = cede_generator(func);
    cede_next(gen);
    return gen;
}
static void test_coro(void) {
    int cnt = -10;
    while (cnt < 0) {
        cede_value x = cede_yield(cnt);
        cnt += 1;
        cede_print(x);
    }
}

int main(void) {
    cede_own (coro, coroutine(test_coro));
    int i; cede_keep(i);
    cede_try {
        for (i = 0; i < 10; i++) cede_print(cede_generator_send(coro, i));
    } cede_except (cede_StopIteration) { cede_print("StopIteration at i =", i); } cede_end
}
