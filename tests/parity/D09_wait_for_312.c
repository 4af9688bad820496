/*
 * wait_for as of 3.12: the result of one that refuses is returned, and a
 * cancel at the moment of its end wins.
 */
#include <cede.h>

static cede_value ret(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        return cede_str("refused");
    } cede_end
    return cede_none;
}

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

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_task *t;

    (void)arg;
    cede_print(cede_wait_for(cede_coroutine(ret, NULL), 1));
    t = cede_create_task(waits, NULL);
    cede_loop_call_at(loop, cede_loop_time(loop) + 1, cancel, t);
    cede_wait(&t, 1, INFINITY, CEDE_ALL_COMPLETED);
    cede_print("cancel racing with completion -> cancelled",
               cede_task_cancelled(t));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
