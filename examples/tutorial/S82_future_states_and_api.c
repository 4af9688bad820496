/* A future is pending, finished or cancelled; what is done cannot be cancelled,
   and its callbacks are called later. */
#include <cede.h>

static const char *state(const cede_future *f)
{
    return cede_future_cancelled(f) ? "CANCELLED"
           : cede_future_done(f)    ? "FINISHED"
                                    : "PENDING";
}

static void cb(cede_future *f, void *arg)
{
    (void)arg;
    cede_print("cb", cede_future_result(f));
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_future *f = cede_loop_create_future(loop);
    cede_future *g = cede_loop_create_future(loop);

    (void)arg;
    cede_print(state(f), cede_future_done(f));
    cede_future_add_done_callback(f, cb, NULL);
    cede_future_set_result(f, 42);
    cede_print(state(f), cede_future_done(f), "callback not yet called");
    cede_print("await ->", cede_await(f));
    cede_sleep(0);
    cede_print(cede_future_cancel(g, NULL), state(g), cede_future_cancelled(g),
               cede_future_cancel(g, NULL));
    cede_unref(g);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
