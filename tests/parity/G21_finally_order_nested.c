/*
 * Closing a generator runs its clauses from the innermost out; one that handles
 * GeneratorExit re-raises it.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_try {
            cede_yield(1);
        } cede_finally {
            cede_print("inner");
        } cede_end
    } cede_except (cede_GeneratorExit) {
        cede_print("exit seen");
        cede_reraise();
    } cede_finally {
        cede_print("outer");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_next(a);
    cede_generator_close(a);
    cede_unref(a);
}
