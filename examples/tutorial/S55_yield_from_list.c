/* yield from takes any iterable; at its end the generator goes on. */
#include <cede.h>

static void number_generator(void) {
    cede_yield_from(cede_list_of(1, 2, 3));
    cede_print("Hello!");
}

int main(void) { cede_for (i, cede_generator(number_generator)) cede_print(i); }
