/*
 * Done callbacks are never called from within set_result or add_done_callback:
 * the loop calls them in the next iteration, in the order they were added.
 */
#include <cede.h>

static void cb(cede_future *f, void *n)
{
    (void)f;
    cede_print("cb", (const char *)n);
}

static void late(cede_future *f, void *arg)
{
    (void)f;
    (void)arg;
    cede_print("late cb");
}

static cede_value run(void *arg)
{
    cede_future *f = cede_loop_create_future(cede_get_running_loop());

    (void)arg;
    cede_for (n, cede_array(((char *[]){"a", "b", "c"}), 3))
        cede_future_add_done_callback(f, cb, (char *)cede_value_str(n));
    cede_future_set_result(f, 1);
    cede_print("set");
    cede_future_add_done_callback(f, late, NULL);
    cede_print("end of step");
    cede_sleep(0);
    cede_print("next iteration");
    cede_unref(f);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
