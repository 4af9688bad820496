/* Two tasks that sleep at the same time; their results come in order. Time is
   virtual. */
#include <stdio.h>

#include <cede.h>

static cede_value foo(void *arg)
{
    int sec = *(int *)arg;

    cede_sleep(sec);
    return cede_int(sec);
}

static cede_value run(void *arg)
{
    cede_task *task1 = cede_create_task_with(foo, 1);
    cede_task *task2 = cede_create_task_with(foo, 2);
    cede_value results[2];

    (void)arg;
    cede_gather(results, task1, task2);
    return cede_object(cede_list_of(results[0], results[1]));
}

int main(void)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_loop *loop =
        cede_loop_new_with(&(cede_loop_options){.clock = &clock});
    cede_value result = cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, run, NULL));

    cede_print("result :", result);
    printf("total time : %.2f sec\n", cede_loop_time(loop));
    cede_value_unref(result);
    cede_loop_close(loop);
    cede_unref(loop);
}
