/*
 * Raising an exception again while its own descendant is handled would make
 * its context lead back to itself: the chain is cut there.
 */
#include <cede.h>

static void reraise(cede_exception *a, cede_exception *b)
{
    cede_try {
        cede_raise(a);
    } cede_except (cede_ValueError) {
        cede_try {
            cede_raise(b);
        } cede_except (cede_KeyError) {
            cede_raise(a);
        } cede_end
    } cede_end
}

static void reraise_itself(cede_exception *c)
{
    cede_try {
        cede_raise(c);
    } cede_except (cede_ValueError) {
        cede_raise(c);
    } cede_end
}

int main(void)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_exception *c = cede_exception(cede_ValueError, "c");

    cede_try {
        reraise(a, b);
    } cede_except (cede_ValueError, e) {
        cede_exception *context = cede_exception_context(e);

        cede_print(cede_temp(cede_repr(e)), cede_temp(cede_repr(context)),
                   cede_exception_context(context));
    } cede_end
    cede_try {
        reraise_itself(c);
    } cede_except (cede_ValueError, e) {
        cede_print("self context", cede_exception_context(e));
    } cede_end
    cede_unref(c);
    cede_unref(b);
    cede_unref(a);
}
