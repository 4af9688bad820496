/*
 * gather: results stand in the order of the arguments; the first exception is
 * raised at once, and the others go on.
 */
#include <cede.h>

struct work {
    const char *name;
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
    cede_print("done", work->name, now());
    if (work->fail)
        cede_raise(cede_ValueError, "%s", work->name);
    return cede_str(work->name);
}

#define C(...) cede_coroutine_with(c, ((struct work){__VA_ARGS__}))

static cede_value run(void *arg)
{
    (void)arg;
    cede_print(cede_temp(
        cede_await(cede_gather_future(0, C("a", 3, false), C("b", 1, false),
                                      C("c", 2, false)))));
    cede_try {
        cede_gather(NULL, C("a", 1, false), C("b", 2, true), C("c", 3, false),
                    C("d", 4, true));
    } cede_except (cede_ValueError, e) {
        cede_print("raised", e, "at", now(), "- siblings keep running");
    } cede_end
    cede_sleep(5);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
