/* An iterable has an iter; only an iterator has a next. */
#include <cede.h>

int main(void) {
    cede_own (my_list, cede_list_of(1, 2, 3));
    cede_print(cede_isiterable(my_list), cede_isiterator(my_list));
}
