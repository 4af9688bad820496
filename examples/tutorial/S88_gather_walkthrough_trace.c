/* The same as S87, step by step. */
#include <stdio.h>

#include <cede.h>

static void trace(int task, const char *what)
{
    printf("t=%g task%d: %s", cede_loop_time(cede_get_running_loop()), task,
           what);
}

static cede_value foo(void *arg)
{
    int n = *(int *)arg, sec = n;

    trace(n, "start\n");
    cede_sleep(sec);
    trace(n, "resume\n");
    return cede_int(sec);
}

static cede_value run(void *arg)
{
    cede_task *t1, *t2;
    cede_value results[2];
    cede_list *r;

    (void)arg;
    trace(0, "main\n");
    t1 = cede_create_task_with(foo, 1);
    t2 = cede_create_task_with(foo, 2);
    trace(0, "gather\n");
    cede_gather(results, t1, t2);
    r = cede_list_of(results[0], results[1]);
    trace(0, "resume ");
    cede_print(r);
    return cede_object(r);
}

int main(void)
{
    cede_value r = cede_run_simulated(run, NULL);

    cede_print(r);
    cede_value_unref(r);
}
