/*
 * An iterator that has no close is left alone when its delegator is closed:
 * what it had not given yet is still there.
 */
#include <cede.h>

static cede_value d(void *arg)
{
    cede_list *numbers = cede_list_of(1, 2, 3);
    void *it = cede_iter(numbers);

    (void)arg;
    cede_unref(numbers);
    cede_try {
        cede_yield_from(cede_ref(it));
    } cede_finally {
        cede_list *left = cede_list_from(it);

        cede_print("left in iterator", left);
        cede_unref(left);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_next(g);
    cede_generator_close(g);
    cede_unref(g);
}
