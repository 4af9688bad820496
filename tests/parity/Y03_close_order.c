/*
 * close reaches the innermost generator first; then GeneratorExit arrives in
 * the one that delegates to it.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_print("sub finally");
    } cede_end
    return cede_none;
}

static cede_value d(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(sub, NULL));
    } cede_except (cede_GeneratorExit) {
        cede_print("delegator GeneratorExit");
        cede_reraise();
    } cede_finally {
        cede_print("delegator finally");
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
