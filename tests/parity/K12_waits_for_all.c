/* A group waits for all its tasks, those they start included. Time is
   virtual. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

typedef struct job {
    int d;
    cede_task_group *tg;
    int n;
} job;

static cede_value c(void *arg)
{
    job next = *(job *)arg;

    cede_sleep(next.d);
    if (next.n-- > 0)
        cede_task_group_create_task_with(next.tg, c, next);
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task_with(tg, c, (job){1, tg, 3});
        cede_print("body done", now());
    } cede_end
    cede_print("group done", now());
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
