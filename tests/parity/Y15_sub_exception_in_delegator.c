/*
 * What a sub-generator raises is raised where its delegator delegates; caught
 * there, the delegator goes on by itself.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_KeyError, "k");
}

static cede_value d(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(sub, NULL));
    } cede_except (cede_KeyError) {
        cede_value r = cede_yield("caught");
        cede_print("resumed", r);
    } cede_end
    return cede_str("done");
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_next(g);
    cede_print(cede_next(g));
    cede_try {
        cede_generator_send(g, "v");
    } cede_except (cede_StopIteration, e) {
        cede_print(cede_exception_value(e));
    } cede_end
    cede_unref(g);
}
