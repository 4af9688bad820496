/*
 * The value that resumes a delegator before it delegates is for it alone: its
 * sub-generator is started with none.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    cede_value x = cede_yield("first");

    (void)arg;
    cede_print("sub got", x);
    return cede_none;
}

static cede_value d(void *arg)
{
    cede_value x = cede_yield("d first");

    (void)arg;
    cede_print("d got", x);
    cede_yield_from(cede_generator(sub, NULL));
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_print(cede_next(g));
    cede_print(cede_generator_send(g, "for d only"));
    cede_try {
        cede_generator_send(g, "for sub");
    } cede_except (cede_StopIteration) {
        cede_print("end");
    } cede_end
    cede_unref(g);
}
