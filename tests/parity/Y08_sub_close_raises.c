/*
 * What a sub-generator raises when it is closed is raised in its delegator, in
 * the place of GeneratorExit, which is its context.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_raise(cede_KeyError, "sub cleanup failed");
    } cede_end
    return cede_none;
}

static cede_value d(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(sub, NULL));
    } cede_except (cede_KeyError, e) {
        cede_value error = cede_repr(e);
        cede_value context = cede_repr(cede_exception_context(e));

        cede_print("delegator sees", error, "context", context);
        cede_value_unref(context);
        cede_value_unref(error);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_next(g);
    cede_generator_close(g);
    cede_print("closed quietly");
    cede_unref(g);
}
