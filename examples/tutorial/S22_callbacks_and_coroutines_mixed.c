/*
 * A callback that schedules itself beside two coroutines that sleep, on one
 * loop; one of the coroutines is started by a callback. Time is virtual.
 */
#include <cede.h>

#include <stdio.h>

static cede_task *a, *b;

static cede_value print_every_second_coroutine(void *type)
{
    for (;;) {
        for (int i = 0; i < 10; i++) {
            printf("%d s (corotine %s)\n", i, (const char *)type);
            cede_sleep(1);
        }
        cede_loop_stop(cede_get_running_loop());
    }
    return cede_none;
}

static void print_every_second_callback(void *arg)
{
    int *i = arg;

    printf("%d s (callback)\n", *i);
    ++*i;
    cede_loop_call_later(cede_get_running_loop(), 1.0,
                         print_every_second_callback, i);
}

static void from_callback_to_coroutine(void *arg)
{
    (void)arg;
    b = cede_create_task(print_every_second_coroutine, "B");
}

static cede_value wait_for_both(void *arg)
{
    (void)arg;
    cede_gather_return_exceptions(NULL, a, b);
    return cede_none;
}

int main(void)
{
    cede_loop *loop =
        cede_loop_new_with(&(cede_loop_options){.simulated = true});
    int i = 0;

    cede_loop_call_soon(loop, print_every_second_callback, &i);
    cede_loop_call_soon(loop, from_callback_to_coroutine, NULL);
    a = cede_loop_create_task(loop, print_every_second_coroutine, "A");
    cede_loop_run_forever(loop);
    printf("stopped at t=%g ", cede_loop_time(loop));
    cede_print("A pending", (bool)!cede_task_done(a), "B pending",
               (bool)!cede_task_done(b));
    cede_task_cancel(a, NULL);
    cede_task_cancel(b, NULL);
    cede_loop_run_until_complete(loop, cede_coroutine(wait_for_both, NULL));
    cede_loop_close(loop);
    cede_unref(loop);
}
