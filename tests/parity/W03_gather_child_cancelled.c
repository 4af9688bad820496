/*
 * A child of gather that is cancelled counts as one that raised
 * CancelledError: the gathering future is done, not cancelled, and the other
 * child goes on.
 */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_sleep(10);
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);
    cede_task *u = cede_create_task(c, NULL);
    cede_future *g = cede_gather_future(0, cede_ref(t), cede_ref(u));

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(cede_ref(g));
    } cede_except (cede_CancelledError) {
        cede_print("CancelledError; outer cancelled:", cede_future_cancelled(g),
                   "sibling done:", cede_task_done(u),
                   "me cancelling:", cede_task_cancelling(cede_current_task()));
    } cede_end
    cede_unref(g);
    cede_unref(t);
    cede_unref(u);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
