/* Several clauses, of which the first that matches runs; several classes in
   one clause. */
#include <cede.h>

static int64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        cede_raise(cede_ZeroDivisionError,
                   "integer division or modulo by zero");
    return a / b;
}

static const char *lookup(const char *name)
{
    cede_raise(cede_NameError, "name '%s' is not defined", name);
}

int main(void)
{
    cede_try {
        divide(3, 0);
        cede_print(lookup("arr"));
    } cede_except (cede_ZeroDivisionError, e) {
        cede_print(e);
    } cede_except (cede_NameError, e) {
        cede_print(e);
    } cede_end

    cede_try {
        divide(3, 0);
        cede_print(lookup("arr"));
    } cede_except ((cede_ZeroDivisionError, cede_NameError), e) {
        cede_print(e);
    } cede_end
}
