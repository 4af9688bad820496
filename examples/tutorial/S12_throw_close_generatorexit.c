/*
 * throw raises where a generator is suspended, close ends it so that its
 * finally clauses run; one that has not started never enters its body.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        for (;;) {
            cede_try {
                cede_yield("ready");
            } cede_except (cede_ValueError, e) {
                cede_print("caught", e);
            } cede_end
        }
    } cede_finally {
        cede_print("cleanup");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(g, NULL);
    cede_generator *c = cede_generator(g, NULL);

    cede_next(a);
    cede_print(cede_generator_throw(a, cede_ValueError, "v"));
    cede_generator_close(a);
    cede_print("closed");
    cede_try {
        cede_generator_throw(b, cede_KeyError, "k");
    } cede_except (cede_KeyError, e) {
        cede_print("KeyError", e);
    } cede_end
    cede_generator_close(c);
    cede_print("close on created: no output from body");
    cede_unref(a);
    cede_unref(b);
    cede_unref(c);
}
