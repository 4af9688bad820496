/*
 * Python's `async with lock`: cede_with, for any context manager may suspend.
 */
#include <cede.h>

static cede_lock *lock;

static cede_value work(void *arg)
{
    int n = *(int *)arg;

    cede_with (held, cede_ref(lock)) {
        cede_print(n, "in");
        cede_sleep(0);
        cede_print(n, "out");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_gather(NULL, cede_create_task_with(work, 1),
                cede_create_task_with(work, 2),
                cede_create_task_with(work, 3));
    return cede_none;
}

int main(void)
{
    lock = cede_lock_new();
    cede_run(run, NULL);
    cede_unref(lock);
}
