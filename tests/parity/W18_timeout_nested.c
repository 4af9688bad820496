/*
 * Of two timeouts, the inner one makes a TimeoutError if it expired and no
 * other cancel is pending; if both expire at once the outer one does. Time is
 * virtual.
 */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static void report(double o, double i, const cede_timeout *to,
                   const cede_timeout *ti)
{
    cede_tuple *both = cede_tuple((int)o, (int)i);

    cede_print(both, "outer", cede_timeout_expired(to), "inner",
               cede_timeout_expired(ti));
    cede_unref(both);
}

static void sleep_inside(cede_timeout *ti, double t0)
{
    cede_with (t, cede_ref(ti)) {
        cede_sleep(10);
    } cede_except (cede_TimeoutError) {
        cede_print(" inner TimeoutError", now() - t0);
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print(" inner block sees CancelledError", now() - t0);
        cede_reraise();
    } cede_end
}

static void try_case(double o, double i)
{
    cede_timeout *to = cede_timeout_new(o), *ti = cede_timeout_new(i);
    double t0 = now();

    cede_with (t, cede_ref(to)) {
        sleep_inside(ti, t0);
    } cede_except (cede_TimeoutError) {
        cede_print(" outer TimeoutError", now() - t0);
    } cede_end
    report(o, i, to, ti);
    cede_unref(ti);
    cede_unref(to);
}

static cede_value run(void *arg)
{
    (void)arg;
    try_case(3, 1);
    try_case(1, 3);
    try_case(1, 1);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
