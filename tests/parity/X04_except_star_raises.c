/*
 * Every except* clause handles its part. What the clauses raise anew is joined
 * with what they raise on and what nobody took, which stays one group.
 */
#include <cede.h>

int main(void)
{
    cede_exception *members[] = {
        cede_exception_from_args(cede_ValueError, 1),
        cede_exception_from_args(cede_KeyError, 2),
        cede_exception_from_args(cede_OSError, 3),
    };
    cede_exception *eg = cede_exception_group("g", members, 3);

    cede_try {
        cede_try {
            cede_raise(eg);
        } cede_except_group (cede_ValueError) {
            cede_raise(cede_RuntimeError, "new");
        } cede_except_group (cede_KeyError) {
            cede_reraise();
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        cede_print(cede_temp(cede_repr(e)));
    } cede_end
    cede_unref(eg);
    for (int i = 0; i < 3; i++)
        cede_unref(members[i]);
}
