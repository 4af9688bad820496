/*
 * A range is lazy: a hundred thousand numbers are summed and none is stored.
 */
#include <cede.h>

int main(void) {
    int64_t total = 0;
    cede_for (i, cede_range(100000)) total += cede_value_int(i); /* no 100,000 items are stored */
    cede_print(total);
}
