/* If the task that is awaited refuses, whoever awaits it gets its result and is
   not cancelled, though the request is counted. */
#include <cede.h>

static cede_value leaf(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        return cede_str("leaf refused");
    } cede_end
    return cede_none;
}

static cede_value mid(void *l)
{
    return cede_await(l);
}

static cede_value run(void *arg)
{
    cede_task *m = cede_create_task(mid, cede_create_task(leaf, NULL));

    (void)arg;
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(m, NULL);
    cede_print(cede_await(cede_ref(m)), cede_task_cancelled(m),
               cede_task_cancelling(m));
    cede_unref(m);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
