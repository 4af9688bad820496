/*
 * Cancelling a task that awaits another cancels that one, and the error comes
 * back up; both count the request. The message goes down; who awaits a task
 * that ended cancelled gets an error of its own.
 */
#include <cede.h>

static cede_value leaf(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print("leaf");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value mid(void *t)
{
    cede_try {
        cede_await(cede_ref((cede_task *)t));
    } cede_except (cede_CancelledError) {
        cede_print("mid");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *l = cede_create_task(leaf, NULL);
    cede_task *m = cede_create_task(mid, l);
    cede_value r[2];
    cede_list *reprs;

    (void)arg;
    cede_task_set_name(l, "leaf");
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(m, "down");
    cede_print("leaf.cancelling", cede_task_cancelling(l), "mid.cancelling",
               cede_task_cancelling(m));
    cede_gather_return_exceptions(r, l, m);
    reprs = cede_list_of(cede_repr(r[0]), cede_repr(r[1]));
    cede_print(reprs);
    cede_unref(reprs);
    cede_value_unref(r[0]);
    cede_value_unref(r[1]);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
