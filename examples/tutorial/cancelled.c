/*
 * A cancel asks; where the task waits a CancelledError is raised, its clauses
 * run, and they may wait. A shield keeps a cancel from what is behind it. Time
 * is virtual.
 */
#include <cede.h>

#include <stdio.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static void save(void)
{
    cede_sleep(3);
    printf("t=%g saved\n", now());
}

static void download(cede_task *saving)
{
    cede_try {
        cede_await(cede_shield(cede_ref(saving)));
    } cede_except (cede_CancelledError, e) {
        printf("t=%g cancelled: %s\n", now(), cede_exception_message(e));
        cede_reraise();
    } cede_finally {
        cede_sleep(0.5); /* a clean-up may wait */
        printf("t=%g cleaned up\n", now());
    } cede_end
}

static void boss(void)
{
    cede_task *saving = cede_create_task(save);
    cede_own (task, cede_create_task(download, saving));

    cede_sleep(1);
    cede_task_cancel(task, "enough");
    printf("t=%g asked; done: %s\n", now(),
           cede_task_done(task) ? "yes" : "no");
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError) {
        printf("t=%g the task is cancelled\n", now());
    } cede_end
    cede_await(saving);
}

int main(void)
{
    cede_run_simulated(boss);
}
