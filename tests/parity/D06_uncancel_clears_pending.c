/* Taking back a cancel that has not been delivered drops it. */
#include <cede.h>

static cede_value run(void *arg)
{
    cede_task *t = cede_current_task();

    (void)arg;
    cede_task_cancel(t, NULL);
    cede_task_uncancel(t);
    cede_sleep(0);
    cede_print("uncancel to zero drops the undelivered cancellation");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
