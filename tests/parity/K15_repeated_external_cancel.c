/* Cancelled again while it waits for its tasks, a group goes on waiting: they
   are cancelled once. Time is virtual. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value child(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_sleep(3);
        cede_print("child cleaned up", now());
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value parent(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, child, NULL);
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(parent, NULL);

    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_sleep(1);
        cede_task_cancel(t, NULL);
    }
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t), cede_task_cancelling(t), now());
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
