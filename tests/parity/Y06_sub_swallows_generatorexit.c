/*
 * A sub-generator may end quietly when it is closed: GeneratorExit arrives in
 * its delegator all the same, and what it returned is lost.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_print("sub swallows");
        return cede_str("value is lost");
    } cede_end
    return cede_none;
}

static cede_value d(void *arg)
{
    (void)arg;
    cede_try {
        cede_value r = cede_yield_from(cede_generator(sub, NULL));
        cede_print("never", r);
    } cede_except (cede_GeneratorExit) {
        cede_print("delegator still sees GeneratorExit");
        cede_reraise();
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_next(g);
    cede_generator_close(g);
    cede_print("closed");
    cede_unref(g);
}
