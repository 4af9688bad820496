/*
 * as_completed as a plain loop: each turn brings something to await, which has
 * the next result, or raises the next exception; after the timeout
 * TimeoutError for each that is left, and nothing is cancelled.
 */
#include <cede.h>

struct work {
    cede_value n;
    double delay;
    bool fail;
};

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value c(void *arg)
{
    struct work *work = arg;

    cede_sleep(work->delay);
    if (work->fail)
        cede_raise(cede_ValueError, "%s", cede_value_str(work->n));
    return work->n;
}

#define C(...) cede_coroutine_with(c, ((struct work){__VA_ARGS__}))

static cede_value run(void *arg)
{
    cede_task *ts[2];

    (void)arg;
    cede_for (f, cede_as_completed_awaitables(
                     ((void *[]){C(cede_str("slow"), 3, false),
                                 C(cede_str("fast"), 1, false),
                                 C(cede_str("bad"), 2, true)}),
                     3, INFINITY)) {
        cede_try {
            cede_print(cede_await(cede_ref(cede_value_object(f))), now());
        } cede_except (cede_ValueError, e) {
            cede_print("error", e, now());
        } cede_end
    }
    ts[0] = cede_create_task_from(C(cede_int(1), 1, false));
    ts[1] = cede_create_task_from(C(cede_int(5), 5, false));
    cede_ref(ts[0]);
    cede_ref(ts[1]);
    cede_for (f, cede_as_completed_awaitables(ts, 2, 2)) {
        cede_try {
            cede_print(cede_await(cede_ref(cede_value_object(f))), now());
        } cede_except (cede_TimeoutError) {
            cede_print("TimeoutError", now(), "pending not cancelled:",
                       cede_temp(cede_list_of(cede_task_done(ts[0]),
                                              cede_task_done(ts[1]))));
        } cede_end
    }
    cede_unref(ts[0]);
    cede_unref(ts[1]);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
