/*
 * A semaphore made of futures: whoever has to wait leaves one in a row, and a
 * release ends the first of them. Nobody asks again and again. (cede_semaphore
 * is the library's own.)
 */
#include <cede.h>

#include <stdio.h>

static int value = 1;
static cede_list *waiters;

static void acquire(void)
{
    if (value <= 0) {
        cede_future *future = cede_loop_create_future(NULL);

        cede_list_append(waiters, cede_ref(future));
        cede_await(future);
    }
    value--;
}

static void release(void)
{
    value++;
    if (cede_list_size(waiters) > 0) {
        cede_value first = cede_list_pop(waiters, 0);

        cede_future_set_result(cede_value_object(first), cede_none);
        cede_value_unref(first);
    }
}

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value run_job(void *arg)
{
    int job = *(int *)arg;

    acquire();
    printf("t=%g - start job %d\n", now(), job);
    cede_sleep(1);
    printf("t=%g - job %d finished\n", now(), job);
    release();
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_gather(NULL, cede_create_task_with(run_job, 1),
                cede_create_task_with(run_job, 2),
                cede_create_task_with(run_job, 3),
                cede_create_task_with(run_job, 4),
                cede_create_task_with(run_job, 5));
    return cede_none;
}

int main(void)
{
    waiters = cede_list();
    cede_run_simulated(run, NULL);
    cede_unref(waiters);
}
