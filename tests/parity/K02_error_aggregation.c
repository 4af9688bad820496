/*
 * All that the tasks of a group raise comes out together, in the order of their
 * ends, what they raise while they are cancelled included; the body's own comes
 * last. Time is virtual.
 */
#include <cede.h>

static cede_value e(void *arg)
{
    cede_sleep(1);
    cede_raise_args(cede_ValueError, *(int *)arg);
}

static cede_value late(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_raise(cede_KeyError, "from cleanup");
    } cede_end
    return cede_none;
}

/* [repr(x) for x in eg.exceptions] */
static cede_list *reprs(cede_exception *eg)
{
    size_t count;
    cede_exception *const *all = cede_exception_group_exceptions(eg, &count);
    cede_list *list = cede_list();

    for (size_t i = 0; i < count; i++)
        cede_list_append(list, cede_repr(all[i]));
    return list;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, late, NULL);
        cede_task_group_create_task_with(tg, e, 1);
        cede_task_group_create_task_with(tg, e, 2);
    } cede_except (cede_BaseExceptionGroup, eg) {
        cede_list *all = reprs(eg);

        cede_print(cede_exception_group_message(eg), all);
        cede_unref(all);
    } cede_end
    cede_task_group (tg) {
        cede_task_group_create_task(tg, late, NULL);
        cede_task_group_create_task_with(tg, e, 1);
        cede_sleep(1);
        cede_raise(cede_OSError, "body first in the same iteration: child gets "
                                 "CancelledError instead");
    } cede_except (cede_BaseExceptionGroup, eg) {
        cede_list *all = reprs(eg);

        cede_print(all);
        cede_unref(all);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
