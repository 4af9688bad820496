/* When the body fails at once the tasks of the group never run; a
   CancelledError of the body's own making comes out as it is. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_print("never starts");
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = NULL;

    (void)arg;
    cede_keep(t);
    cede_task_group (tg) {
        t = cede_ref(cede_task_group_create_task(tg, c, NULL));
        cede_raise(cede_KeyError, "body");
    } cede_except (cede_ExceptionGroup, e) {
        cede_value text = cede_repr(e);

        cede_print(text, cede_task_cancelled(t));
        cede_value_unref(text);
    } cede_end
    cede_unref(t);
    cede_task_group (tg) {
        cede_raise(cede_CancelledError, "own");
    } cede_except (cede_CancelledError, e) {
        cede_print("CancelledError passes bare", cede_exception_args(e));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
