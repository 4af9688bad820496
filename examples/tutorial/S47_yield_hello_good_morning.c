/* Between two yields a generator does as it likes. */
#include <cede.h>

static void number_generator(void) {
    cede_print("Hello!"); cede_yield(0);
    cede_print("Good"); cede_yield(1);
    cede_print("Morning!"); cede_yield(2);
}

int main(void) { cede_for (i, cede_generator(number_generator)) cede_print(i); }
