/* An exercise of the tutorial: seven jobs, of which at most three run at a
   time. Time is virtual. */
#include <cede.h>

#include <stdio.h>

struct job {
    cede_semaphore *places;
    int number;
};

static void work(const struct job *job)
{
    cede_with (place, cede_ref(job->places)) {
        printf("t=%g job %d\n", cede_loop_time(cede_get_running_loop()),
               job->number);
        cede_sleep(1);
    } cede_end
}

static void work_off(void)
{
    cede_own (places, cede_semaphore_new(3));

    cede_task_group (group) {
        for (int i = 1; i <= 7; i++)
            cede_task_group_create_task_with(group, work,
                                             ((struct job){places, i}));
    } cede_end
}

int main(void)
{
    cede_run_simulated(work_off);
}
