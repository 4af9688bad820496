/* A generator that only receives, as long as somebody sends. */
#include <cede.h>

static void my_coroutine(void) {
    for (;;)
        cede_print(cede_yield(cede_none));
}

int main(void) {
    cede_own (co, cede_generator(my_coroutine)); cede_next(co);
    for (int num = 1; num <= 3; num++) cede_generator_send(co, num);
}
