/*
 * gather: rules W01-W06, W25.
 */
#include "harness/harness.h"
#include "task/trace.h"

#include "cede/gather.h"
#include "cede/run.h"

static void expect(cede_value (*scenario)(void *), const char *trace)
{
    cede_value_unref(cede_run_simulated(scenario, NULL));
    CHECK_STR(said(), trace);
}

struct job {
    const char *name;
    double delay;
    bool fails;
};

static cede_value work(void *arg)
{
    struct job *job = arg;

    cede_sleep(job->delay);
    say("done %s %g", job->name, cede_loop_time(cede_get_running_loop()));
    if (job->fails)
        cede_raise(cede_ValueError, "%s", job->name);
    return cede_str(job->name);
}

static cede_task *start(const char *name, double delay, bool fails)
{
    struct job job = {name, delay, fails};

    return cede_create_task_with(work, job);
}

static cede_value w01(void *arg)
{
    cede_value results[3];

    (void)arg;
    cede_gather(results, start("a", 3, false), start("b", 1, false),
                start("c", 2, false));
    say("%s %s %s", cede_value_str(results[0]), cede_value_str(results[1]),
        cede_value_str(results[2]));
    cede_try {
        cede_gather(NULL, start("a", 1, false), start("b", 2, true),
                    start("c", 3, false), start("d", 4, true));
    } cede_except (cede_ValueError, e) {
        say("raised %s", cede_exception_message(e));
    } cede_end
    cede_sleep(5);
    return cede_none;
}

TEST(W01_W06_order_and_first_exception)
{
    expect(w01, "done b 1;done c 2;done a 3;a b c;done a 4;done b 5;raised b;"
                "done c 6;done d 7;");
}

static cede_value cancels(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError);
}

static cede_value w02(void *arg)
{
    cede_value results[3];

    (void)arg;
    cede_gather_return_exceptions(results, start("ok", 0, false),
                                  start("bad", 0, true),
                                  cede_create_task(cancels, NULL));
    say("%s", cede_value_str(results[0]));
    for (int i = 1; i < 3; i++) {
        say("%s", cede_exception_name(cede_value_object(results[i])));
        cede_value_unref(results[i]);
    }
    cede_gather_array(NULL, NULL, 0, 0);
    return cede_none;
}

TEST(W02_return_exceptions)
{
    expect(w02, "done ok 0;done bad 0;ok;ValueError;CancelledError;");
}

static cede_value w03(void *arg)
{
    cede_task *first = start("first", 10, false);
    cede_task *second = start("second", 10, false);

    (void)arg;
    cede_ref(second);
    cede_loop_call_later(cede_get_running_loop(), 1,
                         (cede_callback)(void (*)(void))cede_task_uncancel,
                         second);
    cede_sleep(0);
    cede_task_cancel(first, NULL);
    cede_try {
        cede_gather(NULL, first, second);
    } cede_except (cede_CancelledError, e) {
        say("sibling done %d, me %u", cede_task_done(second),
            cede_task_cancelling(cede_current_task()));
    } cede_end
    cede_unref(second);
    return cede_none;
}

TEST(W03_a_cancelled_child_is_an_exception)
{
    expect(w03, "sibling done 0, me 0;");
}

static cede_value minds(void *arg)
{
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError, e) {
        say("cancelled");
        if (!arg)
            cede_reraise();
    } cede_end
    return cede_none;
}

struct gathers {
    unsigned flags;
    bool refuse;
};

static cede_value gathers(void *arg)
{
    struct gathers *gathers = arg;
    void *refuse = gathers->refuse ? "refuse" : NULL;
    void *tasks[] = {cede_create_task(minds, refuse),
                     cede_create_task(minds, refuse)};

    cede_gather_array(NULL, tasks, 2, gathers->flags);
    say("not here");
    return cede_none;
}

static cede_value w04(void *arg)
{
    static const struct gathers cases[] = {
        {0, false}, {CEDE_RETURN_EXCEPTIONS, false}, {0, true}};

    (void)arg;
    for (int i = 0; i < 3; i++) {
        cede_task *task = cede_create_task_with(gathers, cases[i]);

        cede_sleep(0);
        cede_sleep(0);
        cede_task_cancel(task, NULL);
        cede_try {
            cede_await(task);
        } cede_except (cede_CancelledError, e) {
            say("CancelledError");
        } cede_end
    }
    return cede_none;
}

TEST(W04_cancelling_the_gatherer_cancels_all)
{
    expect(w04, "cancelled;cancelled;CancelledError;"
                "cancelled;cancelled;CancelledError;"
                "cancelled;cancelled;CancelledError;");
}

static cede_value w05(void *arg)
{
    cede_task *task = start("once", 1, false);
    cede_value results[3];

    (void)arg;
    cede_gather(results, cede_ref(task), cede_ref(task), task);
    say("%s %s %s", cede_value_str(results[0]), cede_value_str(results[1]),
        cede_value_str(results[2]));
    return cede_none;
}

TEST(W05_duplicates_run_once)
{
    expect(w05, "done once 1;once once once;");
}

static cede_value w25(void *foreign)
{
    cede_task *task = start("x", 0, false);

    CHECK_RAISES(cede_ValueError,
                 cede_gather(NULL, cede_ref(task),
                             cede_ref((cede_future *)foreign)));
    CHECK_RAISES(cede_TypeError, cede_gather(NULL, NULL));
    cede_await(task);
    return cede_none;
}

TEST(W25_futures_of_two_loops)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    cede_run(w25, future);
    cede_unref(future);
    cede_loop_close(loop);
    cede_unref(loop);
}
