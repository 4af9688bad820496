/*
 * Throwing what is no exception is a TypeError for whoever throws, and does not
 * touch the generator; throwing a class throws an exception made of it.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_ValueError, e) {
        cede_yield(cede_repr(e));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_list *five = cede_list_of(5);

    cede_next(a);
    cede_try {
        cede_generator_throw(a, (cede_exception *)five);
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end

    bool alive = cede_getgeneratorstate(a) != CEDE_GEN_CLOSED;
    cede_value caught = cede_generator_throw(a, cede_ValueError);
    cede_print(alive, caught);
    cede_value_unref(caught);
    cede_unref(five);
    cede_unref(a);
}
