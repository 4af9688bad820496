/* A loop with callbacks alone: each schedules the next. Time is virtual. */
#include <cede.h>

static cede_loop *loop;

static void tick(int n) {
    cede_own (t, cede_str_format("t=%g", cede_loop_time(loop)));
    cede_print("tick", n, t);
    if (n == 3) cede_loop_stop(loop);
    else cede_loop_call_later(loop, 1.0, tick, n + 1);
}

int main(void) {
    loop = cede_loop_new_with(&(cede_loop_options){.simulated = true});
    cede_loop_call_soon(loop, tick, 0);
    cede_loop_run_forever(loop); cede_loop_close(loop); cede_unref(loop);
}
