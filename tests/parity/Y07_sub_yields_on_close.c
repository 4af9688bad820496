/*
 * A sub-generator that yields when it is closed: its delegator gets the
 * RuntimeError, and if that yields too, so does whoever called close.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_yield(2);
    } cede_end
    return cede_none;
}

static cede_value d(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(sub, NULL));
    } cede_except (cede_RuntimeError, e) {
        cede_print("in delegator RuntimeError:", e);
        cede_yield("go on");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_next(g);
    cede_try {
        cede_generator_close(g);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(g);
}
