/* Requests are counted, uncancel takes one back, never below 0; at 0 one that
   has not been delivered is dropped. */
#include <cede.h>

static cede_value run(void *arg)
{
    cede_task *t = cede_current_task();

    (void)arg;
    cede_print(cede_task_cancelling(t), cede_task_uncancel(t));
    cede_task_cancel(t, NULL);
    cede_task_cancel(t, NULL);
    cede_print(cede_task_cancelling(t));
    cede_try {
        cede_sleep(0);
    } cede_except (cede_CancelledError) {
        cede_print("once", cede_task_cancelling(t));
    } cede_end
    cede_print(cede_task_uncancel(t), cede_task_uncancel(t),
               cede_task_uncancel(t));
    cede_sleep(0);
    cede_print("fine");
    cede_task_cancel(t, NULL);
    cede_task_uncancel(t);
    cede_try {
        cede_sleep(0);
        cede_print("3.13+: uncancel to 0 clears must_cancel");
    } cede_except (cede_CancelledError) {
        cede_print("3.11: pending cancel is still delivered after uncancel");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
