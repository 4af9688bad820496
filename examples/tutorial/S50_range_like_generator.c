/* A range, written as a generator. */
#include <cede.h>

static void number_generator(int end) {
    for (int n = 0; n < end; n++)
        cede_yield(n);
}

int main(void) {
    cede_for (i, cede_generator(number_generator, 3)) cede_print(i);
}
