/* Cancelling wait_for cancels what it waits for, and waits for that. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print("inner cancelled");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value waits(void *arg)
{
    (void)arg;
    return cede_wait_for(cede_coroutine(c, NULL), 100);
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(waits, NULL);

    (void)arg;
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(t);
    } cede_except (cede_CancelledError) {
        cede_print("outer cancelled");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
