/* next gives item after item, then StopIteration, and stays there. */
#include <cede.h>

int main(void)
{
    cede_list *my_list = cede_list_of(1, 2, 3);
    void *my_iter = cede_iter(my_list);

    cede_print(cede_next(my_iter));
    cede_print(cede_next(my_iter));
    cede_print(cede_next(my_iter));
    for (int i = 0; i < 2; i++) {
        cede_try {
            cede_next(my_iter);
        } cede_except (cede_StopIteration) {
            cede_print("StopIteration");
        } cede_end
    }
    cede_unref(my_iter);
    cede_unref(my_list);
}
