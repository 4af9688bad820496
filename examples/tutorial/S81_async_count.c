/* The same as S80 at the same time: it takes half as long. Time is virtual. */
#include <cede.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value count_number_async(void *arg)
{
    int n = *(int *)arg;

    for (int i = 1; i <= n; i++) {
        cede_print(i, "/", n);
        cede_sleep(0.5);
    }
    return cede_none;
}

static cede_value process_async(void *arg)
{
    double start = now();

    (void)arg;
    cede_gather(NULL, cede_create_task_with(count_number_async, 5),
                cede_create_task_with(count_number_async, 5));
    cede_print("time:", now() - start);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(process_async, NULL);
}
