/*
 * A generator that delegates to itself delegates to one that is running.
 */
#include <cede.h>

static cede_generator *me;

static cede_value d(void *arg)
{
    (void)arg;
    cede_yield_from(cede_ref(me));
    return cede_none;
}

int main(void)
{
    me = cede_generator(d, NULL);
    cede_try {
        cede_next(me);
    } cede_except (cede_ValueError, e) {
        cede_print("ValueError:", e);
    } cede_end
    cede_unref(me);
}
