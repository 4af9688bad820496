/*
 * A range is lazy: a hundred thousand numbers are summed and none is stored.
 */
#include <cede.h>

int main(void) {
    cede_own (numbers, cede_list_from(cede_range(100000)));
    cede_print(cede_sum(cede_ref(numbers)));
    cede_print(cede_sum(cede_range(100000)));
}
