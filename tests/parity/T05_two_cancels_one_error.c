/* Two cancels before the first is delivered count twice and come as one
   error. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    for (volatile int i = 0; i < 2; i++) {
        cede_try {
            cede_sleep(10 * (1 - i));
        } cede_except (cede_CancelledError) {
            cede_print("hit", i);
        } cede_end
    }
    return cede_str("end");
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_sleep(0);
    cede_print(cede_task_cancel(t, NULL), cede_task_cancel(t, NULL),
               cede_task_cancelling(t));
    cede_print(cede_await(t));
    t = cede_create_task(c, NULL);
    cede_print("before start twice", cede_task_cancel(t, NULL),
               cede_task_cancel(t, NULL));
    cede_try {
        cede_await(cede_ref(t));
    } cede_except (cede_CancelledError) {
        cede_print("CancelledError", cede_task_cancelling(t));
    } cede_end
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
