/* A body that makes another exception of its cancellation has failed: the task
   is not cancelled, though the request is counted. */
#include <cede.h>

static cede_value runner(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_try {
            cede_sleep(10);
        } cede_except (cede_CancelledError) {
            cede_raise(cede_KeyError, "converted");
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(runner, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(cede_ref(t));
    } cede_except (cede_ExceptionGroup, e) {
        cede_value text = cede_repr(e);

        cede_print(text, cede_task_cancelled(t), cede_task_cancelling(t));
        cede_value_unref(text);
    } cede_end
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
