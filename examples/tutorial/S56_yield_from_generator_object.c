/* yield from another generator. */
#include <cede.h>

static void number_generator(int end) {
    int n = 0;
    while (n < end) {
        cede_yield(n);
        n += 1;
    }
}
static cede_value three_generator(void) {
    return cede_yield_from(cede_generator(number_generator, 3));
}

int main(void) { cede_for (i, cede_generator(three_generator)) cede_print(i); }
