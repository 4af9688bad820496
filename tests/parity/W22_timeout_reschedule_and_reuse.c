/* A timeout can be moved while its block runs, into the past too, and serves
   one block only. Time is virtual. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static void enter_again(cede_timeout *t)
{
    cede_try {
        cede_with (block, cede_ref(t)) {
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
}

static void reschedule(cede_timeout *t, double when)
{
    cede_try {
        cede_timeout_reschedule(t, when);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
}

static cede_value run(void *arg)
{
    cede_timeout *t = cede_timeout_new(1), *unused;

    (void)arg;
    cede_with (block, cede_ref(t)) {
        cede_timeout_reschedule(t, 5);
        cede_sleep(3);
        cede_print("alive", now(), (int)cede_timeout_when(t));
    } cede_end
    reschedule(t, 9);
    enter_again(t);
    cede_unref(t);
    unused = cede_timeout_new(1);
    reschedule(unused, 1);
    cede_unref(unused);
    cede_timeout (late, 50) {
        cede_timeout_reschedule(late, now() - 1);
        cede_sleep(9);
    } cede_except (cede_TimeoutError) {
        cede_print("past deadline fires at once", now());
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
