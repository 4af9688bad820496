/* iter and next: what a loop does, step by step. */
#include <cede.h>

int main(void)
{
    cede_range *range = cede_range(3);
    void *my_iter = cede_iter(range);

    cede_print(cede_next(my_iter));
    cede_print(cede_next(my_iter));
    cede_print(cede_next(my_iter));
    cede_try {
        cede_next(my_iter);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(my_iter);
    cede_unref(range);
}
