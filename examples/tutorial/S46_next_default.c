/* next with a default does not raise at the end. */
#include <cede.h>

int main(void)
{
    cede_range *range = cede_range(3);
    void *my_iter = cede_iter(range);

    for (int i = 0; i < 4; i++)
        cede_print(cede_next_default(my_iter, 10));
    cede_unref(my_iter);
    cede_unref(range);
}
