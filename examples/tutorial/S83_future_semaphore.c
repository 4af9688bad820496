/*
 * A semaphore made of futures: whoever has to wait leaves one in a row, and a
 * release ends the first of them. Nobody asks again and again. (cede_semaphore
 * is the library's own.)
 */
#include <stdio.h>
#include <cede.h>

static int value = 1;
static cede_list *waiters;
static void acquire(void) {
    if (value <= 0) {
        cede_future *future = cede_loop_create_future(NULL);
        cede_list_append(waiters, cede_ref(future));
        cede_await(future);
    }
    value -= 1;
}
static void release(void) {
    value += 1;
    if (cede_list_size(waiters) > 0) {
        cede_own (first, cede_list_pop(waiters, 0));
        cede_future_set_result(cede_value_object(first), cede_none);
    }
}
static void run_job(int job) {
    acquire();
    printf("t=%g - start job %d\n", cede_loop_time(NULL), job);
    cede_sleep(1);
    printf("t=%g - job %d finished\n", cede_loop_time(NULL), job);
    release();
}
static void run(void) {
    waiters = cede_list();
    cede_task_group (group) {
        for (int i = 1; i <= 5; i++)
            cede_task_group_create_task(group, run_job, i);
    } cede_end
    cede_unref(waiters);
}

int main(void) { cede_run_simulated(run); }
