/* The future is done, but who awaits it has not run yet: a cancel still comes
   first, and the result is lost to it. */
#include <cede.h>

static cede_value w(void *f)
{
    cede_try {
        cede_print("got", cede_await(cede_ref((cede_future *)f)));
    } cede_except (cede_CancelledError) {
        cede_print("CancelledError although the future holds",
                   cede_future_result(f));
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_future *f = cede_loop_create_future(cede_get_running_loop());
    cede_task *t = cede_create_task(w, f);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(f, "value");
    cede_print(cede_task_cancel(t, NULL));
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t));
    cede_unref(t);
    cede_unref(f);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
