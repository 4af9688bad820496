/* A timeout expires and somebody cancels the task at the same time: the cancel
   is not taken for the timeout's. Time is virtual. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_sleep(10);
    } cede_except (cede_TimeoutError) {
        cede_print("TimeoutError");
        return cede_str("timeout");
    } cede_except (cede_CancelledError) {
        cede_print("CancelledError wins, expired", cede_timeout_expired(t),
                   "cancelling", cede_task_cancelling(cede_current_task()));
        cede_reraise();
    } cede_end
    return cede_none;
}

static void cancel(void *t)
{
    cede_task_cancel(t, NULL);
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_loop_call_at(loop, 1, cancel, t);
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t), cede_loop_time(loop));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
