/*
 * A return in finally replaces whatever was going on, a return or an exception
 * alike; continue runs finally on its way; and what finally raises has the
 * exception it replaces as its context.
 */
#include <cede.h>

static const char *a(void)
{
    cede_try {
        return "try";
    } cede_finally {
        return "finally";
    } cede_end
    return "behind";
}

static const char *b(void)
{
    cede_try {
        cede_raise(cede_KeyError, "lost");
    } cede_finally {
        return "swallowed";
    } cede_end
    return "behind";
}

static void c(void)
{
    for (int i = 0; i < 3; i++) {
        cede_try {
            continue;
        } cede_finally {
            cede_print("f", i);
        } cede_end
    }
}

static void d(void)
{
    cede_try {
        cede_raise(cede_KeyError, "first");
    } cede_finally {
        cede_raise(cede_ValueError, "second");
    } cede_end
}

int main(void)
{
    cede_print(a(), b());
    c();
    cede_try {
        d();
    } cede_except (cede_ValueError, e) {
        cede_print(cede_temp(cede_repr(e)),
                   cede_temp(cede_repr(cede_exception_context(e))));
    } cede_end
}
