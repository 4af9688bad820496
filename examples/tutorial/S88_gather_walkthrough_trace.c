/* The same as S87, step by step. */
#include <stdio.h>
#include <cede.h>

static void trace(int task, const char *what) {
    printf("t=%g task%d: %s", cede_loop_time(NULL), task, what);
}
static cede_value foo(int n) {
    trace(n, "start\n"); cede_sleep(n); trace(n, "resume\n"); return cede_int(n);
}
static cede_value run(void) {
    cede_value r[2];
    trace(0, "main\n");
    cede_task *t1 = cede_create_task(foo, 1), *t2 = cede_create_task(foo, 2);
    trace(0, "gather\n"); cede_gather(r, t1, t2);
    cede_list *list = cede_list_of(r[0], r[1]);
    trace(0, "resume "); cede_print(list); return cede_object(list);
}

int main(void) { cede_print(cede_temp(cede_run_simulated(run))); }
