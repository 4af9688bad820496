/* A task of a group may start others in it while the group waits for it. Time
   is virtual. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value grand(void *arg)
{
    (void)arg;
    cede_sleep(1);
    cede_print("grandchild", now());
    return cede_none;
}

static cede_value child(void *tg)
{
    cede_sleep(1);
    cede_task_group_create_task((cede_task_group *)tg, grand, NULL);
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, child, tg);
    } cede_end
    cede_print("group done", now());
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
