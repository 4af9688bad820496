/* Two tasks that sleep at the same time; their results come in order. Time is
   virtual. */
#include <stdio.h>
#include <cede.h>

static cede_value foo(int sec) {
    cede_sleep(sec);
    return cede_int(sec);
}
static cede_value run(void) {
    cede_task *task1 = cede_create_task(foo, 1);
    cede_task *task2 = cede_create_task(foo, 2);
    cede_value results[2];
    cede_gather(results, task1, task2);
    return cede_object(cede_list_of(results[0], results[1]));
}

int main(void) {
    cede_with (r, cede_runner_new(.simulated = true)) {
        cede_own (result, cede_runner_run(r, run));
        cede_print("result :", result);
        double time = cede_loop_time(cede_runner_get_loop(r));
        printf("total time : %.2f sec\n", time);
    } cede_end
}
