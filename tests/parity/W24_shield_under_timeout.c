/* A shielded task outlives the timeout of who waits for it. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value c(void *arg)
{
    (void)arg;
    cede_sleep(3);
    return cede_str("finished anyway");
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_try {
        cede_wait_for(cede_shield(cede_ref(t)), 1);
    } cede_except (cede_TimeoutError) {
        cede_print("TimeoutError", now(), cede_task_done(t),
                   cede_task_cancelling(t));
    } cede_end
    cede_print(cede_await(t), now());
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
