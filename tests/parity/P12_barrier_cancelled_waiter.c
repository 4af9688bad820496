/*
 * A party that is cancelled leaves the barrier: it waits for one more.
 */
#include <cede.h>

static cede_value wait(void *barrier)
{
    return cede_int((int64_t)cede_barrier_wait(barrier));
}

static cede_value run(void *arg)
{
    cede_barrier *barrier = cede_barrier_new(2);
    cede_task *task = cede_create_task(wait, barrier);
    cede_value indices[2];
    bool swap;
    cede_defer (cede_unref, barrier);
    cede_defer (cede_unref, task);

    (void)arg;
    cede_sleep(0);
    cede_print(cede_barrier_n_waiting(barrier));
    cede_task_cancel(task, NULL);
    cede_sleep(0);
    cede_sleep(0);
    cede_print(cede_barrier_n_waiting(barrier), cede_task_cancelled(task));
    cede_gather(indices, cede_create_task(wait, barrier),
                cede_create_task(wait, barrier));
    swap = cede_value_less(indices[1], indices[0]);
    cede_print(cede_temp(cede_list_of(indices[swap], indices[!swap])));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
