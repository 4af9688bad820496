/*
 * wait_for cancels what takes too long, and waits for its clean-up before it
 * raises TimeoutError.
 */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        cede_print("cleanup begins", now());
        cede_sleep(2);
        cede_print("cleanup ends", now());
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_try {
        cede_wait_for(cede_coroutine(c, NULL), 1);
    } cede_except (cede_TimeoutError, e) {
        cede_print("TimeoutError at", now(),
                   cede_temp(cede_repr(cede_exception_cause(e))));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
