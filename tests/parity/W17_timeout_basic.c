/*
 * A timeout cancels its block and makes a TimeoutError of the CancelledError;
 * the count of requests is as before. INFINITY, Python's None, never expires;
 * one that was left in time is forgotten. Time is virtual.
 */
#include <math.h>

#include <cede.h>

static cede_value when(const cede_timeout *t)
{
    double seconds = cede_timeout_when(t);

    return isinf(seconds) ? cede_none : cede_float(seconds);
}

static cede_value run(void *arg)
{
    bool expired;

    (void)arg;
    cede_keep(expired);
    cede_timeout (t, 1) {
        cede_sleep(5);
    } cede_except (cede_TimeoutError, e) {
        cede_value cause = cede_repr(cede_exception_cause(e));

        cede_print("TimeoutError", cede_loop_time(cede_get_running_loop()),
                   cede_timeout_expired(t), cause,
                   cede_task_cancelling(cede_current_task()));
        cede_value_unref(cause);
    } cede_end
    cede_timeout (t, INFINITY) {
        cede_sleep(5);
        cede_print(when(t), cede_timeout_expired(t));
    } cede_end
    cede_timeout (t, 1) {
    } cede_finally {
        expired = cede_timeout_expired(t);
    } cede_end
    cede_print(expired);
    cede_sleep(5);
    cede_print("timer was removed");
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
