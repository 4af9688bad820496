/* A cancel is a request: the task gets the CancelledError where it waits, one
   iteration later. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print("delivered");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_sleep(0);
    cede_print(cede_task_cancel(t, NULL), cede_task_cancelled(t),
               cede_task_cancelling(t));
    cede_sleep(0);
    cede_print("after 1 iteration", cede_task_done(t), cede_task_cancelled(t));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
