/*
 * wait_for looks again after each notification, with the lock held, and gives
 * what the predicate returned in the end.
 */
#include <cede.h>

static cede_condition *condition;
static cede_list *values;

static cede_value are_two_there(void *arg)
{
    size_t count = cede_list_size(values);

    (void)arg;
    cede_print("check", count, cede_condition_locked(condition));
    return count >= 2 ? cede_str("ready") : cede_bool(false);
}

static cede_value work(void *arg)
{
    (void)arg;
    cede_with (held, cede_ref(condition)) {
        cede_print("got",
                   cede_condition_wait_for(condition, are_two_there, NULL));
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *task = cede_create_task(work, NULL);

    (void)arg;
    cede_sleep(0);
    for (int i = 0; i < 2; i++) {
        cede_with (held, cede_ref(condition)) {
            cede_list_append(values, i);
            cede_condition_notify_all(condition);
        } cede_end
        cede_sleep(0);
        cede_sleep(0);
    }
    cede_await(task);
    return cede_none;
}

int main(void)
{
    condition = cede_condition_new();
    values = cede_list();
    cede_run(run, NULL);
    cede_unref(condition);
    cede_unref(values);
}
