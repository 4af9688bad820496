/*
 * An iterator made of a function: it calls it until it returns the sentinel,
 * and never again.
 */
#include <cede.h>

static const int vals[] = {5, 0, 3, 2, 4}; /* in place of chance */
static cede_value nxt(int *pos) { return cede_int(vals[(*pos)++]); }

int main(void) {
    int pos = 0;
    cede_own (my_iter, cede_iter_callable(nxt, &pos, 2));
    cede_for (i, cede_ref(my_iter)) cede_print(i);
    cede_own (rest, cede_list_from(cede_ref(my_iter)));
    cede_print(rest, "calls made", pos);
}
