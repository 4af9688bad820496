/*
 * Cancelling the task that waits for a group cancels the group's tasks; the
 * CancelledError comes out when they are done, and errors come before it. Time
 * is virtual.
 */
#include <cede.h>

static cede_list *seen;

typedef struct options {
    int n;
    bool fail;
} options;

static cede_value child(void *arg)
{
    const options *o = arg;

    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_list_append(seen, o->n);
        if (o->fail)
            cede_raise(cede_ValueError, "cleanup");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value parent(void *fail)
{
    cede_task_group (tg) {
        cede_task_group_create_task_with(tg, child, (options){1, false});
        cede_task_group_create_task_with(tg, child,
                                         (options){2, *(bool *)fail});
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    static const bool both[] = {false, true};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_task *t = cede_create_task(parent, (void *)&both[i]);
        cede_value r, text;

        seen = cede_list();
        cede_sleep(1);
        cede_task_cancel(t, NULL);
        cede_gather_return_exceptions(&r, cede_ref(t));
        text = cede_repr(r);
        cede_print(both[i], seen, text, "cancelled", cede_task_cancelled(t),
                   "cancelling", cede_task_cancelling(t));
        cede_value_unref(text);
        cede_value_unref(r);
        cede_unref(t);
        cede_unref(seen);
    }
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
