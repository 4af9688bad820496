/*
 * An exception thrown into a generator that has not started comes straight
 * back, past a try statement it never entered, and the generator has ended.
 */
#include <cede.h>

static const char *const state_names[] = {
    [CEDE_GEN_CREATED] = "GEN_CREATED",
    [CEDE_GEN_SUSPENDED] = "GEN_SUSPENDED",
    [CEDE_GEN_RUNNING] = "GEN_RUNNING",
    [CEDE_GEN_CLOSED] = "GEN_CLOSED",
};

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_ValueError) {
        cede_print("never");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_try {
        cede_generator_throw(a, cede_ValueError, "x");
    } cede_except (cede_ValueError, e) {
        cede_print("raised", e);
    } cede_end

    const char *state = state_names[cede_getgeneratorstate(a)];
    cede_list *rest = cede_list_from(a);
    cede_print(state, rest);
    cede_unref(rest);
}
