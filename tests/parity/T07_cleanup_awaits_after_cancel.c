/* What cleans up after a cancellation may await. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        for (int i = 0; i < 3; i++)
            cede_sleep(0);
        cede_print("cleanup finished");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(t);
    } cede_except (cede_CancelledError) {
        cede_print("cancelled");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
