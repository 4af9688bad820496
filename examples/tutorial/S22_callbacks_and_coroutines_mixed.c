/*
 * A callback that schedules itself beside two coroutines that sleep, on one
 * loop; one of the coroutines is started by a callback. Time is virtual.
 */
#include <cede.h>

static cede_task *a, *b;

static void print_every_second_coroutine(const char *type) {
    while (true) {
        for (int i = 0; i < 10; i++) {
            cede_print(i, cede_temp(cede_str_format("s (corotine %s)", type)));
            cede_sleep(1);
        }
        cede_loop_stop(cede_get_running_loop());
    }
}

static void print_every_second_callback(int i) {
    cede_print(i, "s (callback)");
    cede_loop *loop = cede_get_running_loop();
    cede_loop_call_later(loop, 1.0, print_every_second_callback, i + 1);
}

static void print_every_second_callback_to_coroutine(void) {
    b = cede_create_task(print_every_second_coroutine, "B");
}

static void wait_for_both(void) { cede_gather_return_exceptions(NULL, a, b); }

int main(void) {
    cede_own (loop, cede_loop_new_with(&(cede_loop_options){.simulated = true}));
    cede_loop_call_soon(loop, print_every_second_callback, 0);
    cede_loop_call_soon(loop, print_every_second_callback_to_coroutine);
    a = cede_loop_create_task(loop, print_every_second_coroutine, "A");
    cede_loop_run_forever(loop);
    cede_own (time, cede_str_format("t=%g", cede_loop_time(loop)));
    cede_print("stopped at", time, "A pending", (bool)!cede_task_done(a),
               "B pending", (bool)!cede_task_done(b));
    cede_task_cancel(a, NULL); cede_task_cancel(b, NULL);
    cede_loop_run_until_complete(loop, cede_coroutine(wait_for_both));
    cede_loop_close(loop);
}
