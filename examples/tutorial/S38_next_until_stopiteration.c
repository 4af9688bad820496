/* next gives item after item, then StopIteration, and stays there. */
#include <cede.h>

int main(void) {
    cede_own (my_list, cede_list_of(1, 2, 3)); cede_own (it, cede_iter(my_list));
    for (int i = 0; i < 3; i++) cede_print(cede_next(it));
    for (int i = 0; i < 2; i++) {
        cede_try { cede_next(it); }
        cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
    }
}
