/*
 * A notification that reaches a task which is cancelled goes to the next one.
 */
#include <cede.h>

static cede_condition *condition;

static cede_value wait(void *name)
{
    cede_with (held, cede_ref(condition)) {
        cede_condition_wait(condition);
        cede_print((const char *)name, "woke");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *a = cede_create_task(wait, "a");
    cede_task *b = cede_create_task(wait, "b");
    cede_defer (cede_unref, a);
    cede_defer (cede_unref, b);

    (void)arg;
    cede_sleep(0);
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify(condition, 1);
        cede_task_cancel(a, NULL);
    } cede_end
    for (int i = 0; i < 6; i++)
        cede_sleep(0);
    cede_print("a cancelled", cede_task_cancelled(a), "b done",
               cede_task_done(b));
    cede_task_cancel(b, NULL);
    return cede_none;
}

int main(void)
{
    condition = cede_condition_new();
    cede_run(run, NULL);
    cede_unref(condition);
}
