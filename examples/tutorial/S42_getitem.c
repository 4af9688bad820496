/* An index is a call: x[i] is getitem(x, i). */
#include <cede.h>

int main(void) {
    cede_own (my_list, cede_list_of(1, 2, 3));
    cede_print(cede_getitem(my_list, 2));
}
