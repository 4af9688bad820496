/* create_task runs nothing; tasks start in the next iteration, in order. */
#include <cede.h>

static cede_value c(void *arg)
{
    int n = *(int *)arg;

    cede_print(n, "start");
    cede_sleep(0);
    cede_print(n, "end");
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *ts[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        ts[i] = cede_create_task_with(c, i);
    cede_print("created");
    cede_sleep(0);
    cede_print("main between");
    for (int i = 0; i < 3; i++)
        cede_await(ts[i]);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
