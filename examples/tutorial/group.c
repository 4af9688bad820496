/* Several things went wrong at once: a group, and clauses that take parts. */
#include <cede.h>

static void save_all(void)
{
    cede_exception *failed[] = {
        cede_exception(cede_PermissionError, "a.txt"),
        cede_exception(cede_ValueError, "b.txt holds no text"),
        cede_exception(cede_PermissionError, "c.txt"),
    };
    cede_own (group, cede_exception_group("not saved", failed, 3));

    for (int i = 0; i < 3; i++)
        cede_unref(failed[i]);
    cede_raise(group);
}

static void list(const char *what, cede_exception *group)
{
    cede_for (e, cede_exception_group_leaves(group))
        cede_print(what, e);
}

int main(void)
{
    cede_try {
        save_all();
    } cede_except_group (cede_PermissionError, eg) {
        list("ask the owner of", eg);
    } cede_except_group (cede_Exception, eg) {
        list("look into", eg);
    } cede_end
}
