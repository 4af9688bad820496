/* iter of a list is a new iterator; iter of an iterator is itself. */
#include <cede.h>

int main(void) {
    cede_own (my_list, cede_list_of(1, 2, 3));
    cede_own (it, cede_iter(my_list)); cede_print(cede_class_of(it)->name);
    cede_own (same, cede_iter(it)); cede_own (other, cede_iter(my_list));
    cede_print((bool)(same == it), (bool)(other == it));
}
