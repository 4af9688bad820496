/*
 * A task that awaits a shield and is cancelled stops at once; what is shielded
 * goes on. What is done already is its own shield.
 */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_sleep(1);
    cede_print("inner finishes");
    return cede_int(7);
}

static cede_value o(void *inner)
{
    return cede_await(cede_shield(cede_ref((cede_task *)inner)));
}

static cede_value run(void *arg)
{
    cede_task *inner = cede_create_task(c, NULL);
    cede_task *t = cede_create_task(o, inner);
    cede_future *s;

    (void)arg;
    cede_sleep(0.5);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(t);
    } cede_except (cede_CancelledError) {
        cede_print("outer CancelledError; inner cancelling",
                   cede_task_cancelling(inner));
    } cede_end
    cede_print(cede_await(cede_ref(inner)));
    s = cede_shield(inner);
    cede_print("done inner is returned itself:",
               (bool)(s == cede_task_future(inner)));
    cede_unref(s);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
