/* A task may catch its cancellation and go on: it is told once, and the
   request stays counted. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print("swallowed");
    } cede_end
    cede_sleep(0);
    cede_print("edge triggered: next await works");
    return cede_str("result");
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_print(cede_await(cede_ref(t)), cede_task_cancelled(t),
               cede_task_cancelling(t));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
