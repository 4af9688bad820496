/*
 * wait_for is cancelled at the moment at which what it waits for has finished:
 * since 3.12 the cancel wins.
 */
#include <cede.h>

static cede_value late(void *arg)
{
    (void)arg;
    cede_sleep(1);
    return cede_str("v");
}

static cede_value waits(void *arg)
{
    (void)arg;
    return cede_wait_for(cede_coroutine(late, NULL), 5);
}

static void cancel(void *t)
{
    cede_task_cancel(t, NULL);
}

static void soon(void *t)
{
    cede_loop_call_soon(cede_get_running_loop(), cancel, t);
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(waits, NULL);

    (void)arg;
    cede_sleep(0);
    cede_loop_call_at(cede_get_running_loop(), 1, soon, t);
    cede_wait(&t, 1, INFINITY, CEDE_ALL_COMPLETED);
    cede_print_end(" ", "cancelled", cede_task_cancelled(t), "result");
    if (cede_task_cancelled(t))
        cede_print_end(" ", cede_none);
    else
        cede_print_end(" ", cede_task_result(t));
    cede_print("cancelling", cede_task_cancelling(t));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
