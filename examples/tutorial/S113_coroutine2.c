/* What is sent in becomes the value of the yield that waited for it. */
#include <cede.h>

static void coroutine2(int x) {
    cede_print("return:", x);
    int64_t y = cede_value_int(cede_yield(x));
    cede_print("received:", y);
    int64_t z = cede_value_int(cede_yield(x + y));
    cede_print("received:", z);
}

int main(void) {
    cede_own (c2, cede_generator(coroutine2, 30));
    cede_print(cede_next(c2)); cede_print(cede_generator_send(c2, 20));
    cede_try { cede_generator_send(c2, 30); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
