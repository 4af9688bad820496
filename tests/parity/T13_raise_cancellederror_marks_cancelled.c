/* A task that raises CancelledError by itself is cancelled; nobody asked for
   it, so nothing is counted. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError, "self made");
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_try {
        cede_await(cede_ref(t));
    } cede_except (cede_CancelledError, e) {
        cede_print(cede_task_cancelled(t), cede_task_cancelling(t),
                   cede_exception_args(e));
    } cede_end
    cede_try {
        cede_task_exception(t);
    } cede_except (cede_CancelledError) {
        cede_print("exception() raises CancelledError");
    } cede_end
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
