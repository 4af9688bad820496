/*
 * What is thrown into a generator that has ended is raised at once, whatever it
 * is and however often.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_generator_close(a);
    for (int i = 0; i < 2; i++) {
        cede_exception *error = cede_exception_from_args(cede_KeyError, i);

        cede_defer (cede_unref, error);
        cede_try {
            cede_generator_throw(a, error);
        } cede_except (cede_KeyError, e) {
            cede_print("KeyError", e);
        } cede_end
    }
    cede_try {
        cede_generator_throw(a, cede_GeneratorExit);
    } cede_except (cede_GeneratorExit) {
        cede_print("GeneratorExit propagates");
    } cede_end

    cede_exception *stop = cede_exception_from_args(cede_StopIteration, 3);
    cede_try {
        cede_generator_throw(a, stop);
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
    cede_unref(stop);
    cede_unref(a);
}
