/*
 * A callback runs in a copy of the context it was scheduled in: it sees no
 * later change, and its own changes go with it. Time is virtual here.
 */
#include <cede.h>

static CEDE_CONTEXT_VAR(v, "d");

static void cb(void *arg)
{
    (void)arg;
    cede_print("cb", cede_context_var_get(v));
    cede_context_var_set(v, "leak?");
}

static void later(void *arg)
{
    (void)arg;
    cede_print("later", cede_context_var_get(v));
}

static void done_cb(cede_future *f, void *arg)
{
    (void)f;
    (void)arg;
    cede_print("done cb", cede_context_var_get(v));
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_future *f;

    (void)arg;
    cede_context_var_set(v, "at schedule");
    cede_loop_call_soon(loop, cb, NULL);
    cede_loop_call_later(loop, 0, later, NULL);
    f = cede_loop_create_future(loop);
    cede_future_add_done_callback(f, done_cb, NULL);
    cede_context_var_set(v, "changed");
    cede_future_set_result(f, 0);
    cede_sleep(0.01);
    cede_print("main", cede_context_var_get(v));
    cede_unref(f);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
