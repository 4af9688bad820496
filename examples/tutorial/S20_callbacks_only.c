/* A loop with callbacks alone: each schedules the next. Time is virtual. */
#include <cede.h>

#include <stdio.h>

static cede_loop *loop;

static void tick(void *arg)
{
    int *n = arg;

    printf("tick %d t=%g\n", *n, cede_loop_time(loop));
    if (*n == 3) {
        cede_loop_stop(loop);
    } else {
        ++*n;
        cede_loop_call_later(loop, 1.0, tick, n);
    }
}

int main(void)
{
    int n = 0;

    loop = cede_loop_new_with(&(cede_loop_options){.simulated = true});
    cede_loop_call_soon(loop, tick, &n);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
