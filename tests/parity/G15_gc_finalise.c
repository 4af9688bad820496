/*
 * The last reference of a suspended generator closes it: its finally clauses
 * run, and what they raise goes to the unraisable hook, for there is nobody to
 * raise it to. One that has not started just goes.
 */
#include <cede.h>
#include <cede/traceback.h>

static void unraisable(cede_exception *e, const char *doing, void *arg)
{
    cede_value text = cede_repr(e);

    (void)doing;
    (void)arg;
    cede_print("unraisable:", text);
    cede_value_unref(text);
}

static cede_value g(void *arg)
{
    const int *bad = arg;

    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_print("finally");
        if (*bad)
            cede_raise(cede_KeyError, "lost");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator_with(g, 0);

    cede_set_unraisablehook(unraisable, NULL);
    cede_next(a);
    cede_unref(a);
    cede_print("--");
    a = cede_generator_with(g, 1);
    cede_next(a);
    cede_unref(a);
    cede_print("--");
    a = cede_generator_with(g, 0);
    cede_unref(a);
    cede_print("created: nothing runs");
}
