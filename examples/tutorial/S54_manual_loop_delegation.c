/* A generator that yields what a list has, one by one. */
#include <cede.h>

static void number_generator(void) { cede_for (i, cede_list_of(1, 2, 3)) cede_yield(i); }

int main(void) { cede_for (i, cede_generator(number_generator)) cede_print(i); }
