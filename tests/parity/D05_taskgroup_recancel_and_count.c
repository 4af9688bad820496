/* A cancel from outside that a group's errors have taken the place of is
   delivered again; without one the count is as before. Time is virtual. */
#include <cede.h>

static cede_value child(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_raise(cede_ValueError, "cleanup");
    } cede_end
    return cede_none;
}

static cede_value parent(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, child, NULL);
    } cede_except (cede_ExceptionGroup, e) {
        cede_value text = cede_repr(e);

        cede_print(text, "cancelling",
                   cede_task_cancelling(cede_current_task()));
        cede_value_unref(text);
    } cede_end
    cede_try {
        cede_sleep(0);
        cede_print("no");
    } cede_except (cede_CancelledError) {
        cede_print("external cancel is re-delivered at the next await");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError);
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(parent, NULL);

    (void)arg;
    cede_sleep(1);
    cede_task_cancel(t, NULL);
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t));
    cede_unref(t);
    cede_task_group (tg) {
        cede_task_group_create_task(tg, bad, NULL);
    } cede_except (cede_ExceptionGroup) {
        cede_print("count restored",
                   cede_task_cancelling(cede_current_task()));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
