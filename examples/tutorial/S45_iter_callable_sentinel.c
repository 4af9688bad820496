/*
 * An iterator made of a function: it calls it until it returns the sentinel,
 * and never again.
 */
#include <cede.h>

static const int vals[] = {5, 0, 3, 2, 4}; /* in place of chance */

static cede_value nxt(void *pos)
{
    return cede_int(vals[(*(int *)pos)++]);
}

int main(void)
{
    int pos = 0;
    void *my_iter = cede_iter_callable(nxt, &pos, 2);

    cede_for (i, cede_ref(my_iter))
        cede_print(i);
    cede_print(cede_temp(cede_list_from(my_iter)), "calls made", pos);
}
