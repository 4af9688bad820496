/*
 * Cancelling a task runs every finally clause on its way out, the innermost
 * first, however deep it waits.
 */
#include <cede.h>

static cede_value f(void *arg)
{
    int n = *(int *)arg;

    cede_try {
        if (n > 0)
            cede_await(cede_coroutine_with(f, n - 1));
        else
            cede_sleep(100);
    } cede_finally {
        cede_print("finally", n);
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task_with(f, 3);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
