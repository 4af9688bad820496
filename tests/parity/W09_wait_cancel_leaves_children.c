/* Cancelling a task that waits leaves what it waits for alone. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_sleep(10);
    return cede_none;
}

static cede_value waits(void *t)
{
    cede_wait((void *[]){t}, 1, INFINITY, CEDE_ALL_COMPLETED);
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);
    cede_task *w = cede_create_task(waits, t);

    (void)arg;
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(w, NULL);
    cede_sleep(0);
    cede_sleep(0);
    cede_print(cede_task_cancelled(w), cede_task_done(t),
               cede_task_cancelling(t));
    cede_task_cancel(t, NULL);
    cede_unref(t);
    cede_unref(w);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
