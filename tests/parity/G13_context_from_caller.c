/*
 * What a generator raises has as its context the exception that whoever
 * resumed it is handling.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_ValueError, "in gen");
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_next(a);
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "outer");
        } cede_except (cede_KeyError) {
            cede_next(a);
        } cede_end
    } cede_except (cede_ValueError, e) {
        cede_value context = cede_repr(cede_exception_context(e));

        cede_print(context);
        cede_value_unref(context);
    } cede_end
    cede_unref(a);
}
