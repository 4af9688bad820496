/*
 * wait: until the first is done, until the first exception (a cancelled one
 * has none), until all are done. A timeout is no error and cancels nothing.
 */
#include <cede.h>

enum { COUNT = 3 };

struct work {
    const char *name;
    double delay;
    const char *message; /* of its exception */
    bool cancel;
};

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static cede_value c(void *arg)
{
    struct work *work = arg;

    cede_sleep(work->delay);
    if (work->cancel)
        cede_raise(cede_CancelledError);
    if (work->message)
        cede_raise(cede_ValueError, "%s", work->message);
    return cede_str(work->name);
}

static void mk(cede_task **ts)
{
    static struct work all[COUNT] = {{.name = "a", .delay = 1, .cancel = true},
                                     {.name = "b", .delay = 2, .message = "x"},
                                     {.name = "c", .delay = 3}};

    for (int i = 0; i < COUNT; i++)
        ts[i] = cede_create_task(c, &all[i], .name = all[i].name);
}

static cede_list *names(cede_task **ts, size_t count)
{
    cede_list *list = cede_list();

    for (size_t i = 0; i < count; i++)
        cede_list_append(list, cede_task_get_name(ts[i]));
    return list;
}

/* Waits for the rest, and looks at every exception. */
static void finish(cede_task **ts)
{
    cede_wait(ts, COUNT, INFINITY, CEDE_ALL_COMPLETED);
    for (int i = 0; i < COUNT; i++)
        if (!cede_task_cancelled(ts[i]))
            cede_task_exception(ts[i]);
}

static void give_up(cede_task **ts)
{
    for (int i = 0; i < COUNT; i++)
        cede_unref(ts[i]);
}

static void wait_until(enum cede_return_when mode, const char *mode_name)
{
    cede_task *ts[COUNT];
    double t0 = now();
    cede_list *done, *pend;
    size_t n;

    mk(ts);
    n = cede_wait_split(ts, COUNT, INFINITY, mode);
    done = names(ts, n);
    pend = names(ts + n, COUNT - n);
    cede_print(mode_name, now() - t0, done, pend);
    finish(ts);
    give_up(ts);
    cede_unref(done);
    cede_unref(pend);
}

static cede_value run(void *arg)
{
    cede_task *ts[COUNT];
    bool any = false;
    size_t n;

    (void)arg;
    wait_until(CEDE_FIRST_COMPLETED, "FIRST_COMPLETED");
    wait_until(CEDE_FIRST_EXCEPTION, "FIRST_EXCEPTION");
    wait_until(CEDE_ALL_COMPLETED, "ALL_COMPLETED");
    mk(ts);
    n = cede_wait_split(ts, COUNT, 1.5, CEDE_ALL_COMPLETED);
    for (size_t i = n; i < COUNT; i++)
        any = any || cede_task_cancelling(ts[i]) > 0;
    cede_print("timeout: no exception,", n, COUNT - n,
               "pending not cancelled:", (bool)!any);
    finish(ts);
    give_up(ts);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
