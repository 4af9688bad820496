/*
 * run_until_complete and cede_run: rules L06, L08, L15, L25, R01, R03, E16.
 */
#include "harness/harness.h"
#include "task/trace.h"

#include "cede/run.h"

#include <signal.h>
#include <sys/wait.h>

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

TEST(L06_stopped_before_the_future_is_done)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    cede_loop_call_soon(loop, stop, loop);
    cede_try {
        cede_loop_run_until_complete(loop, cede_ref(future));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_future_set_result(future, 3);
    say("%d", (int)cede_value_int(cede_loop_run_until_complete(loop, future)));
    CHECK_STR(said(), "Event loop stopped before Future completed.;3;");
    cede_loop_close(loop);
    cede_unref(loop);
}

static cede_value background(void *arg)
{
    (void)arg;
    say("bg 1");
    cede_sleep(0);
    say("bg 2");
    return cede_none;
}

static cede_value starts(void *task)
{
    *(cede_task **)task = cede_create_task(background, NULL);
    say("main");
    return cede_none;
}

TEST(L15_the_rest_stays_where_it_is)
{
    cede_loop *loop = cede_loop_new();
    cede_task *task = NULL;

    cede_loop_run_until_complete(loop,
                                 cede_loop_create_task(loop, starts, &task));
    say("main done %d", cede_task_done(task));
    cede_loop_run_until_complete(loop, task);
    CHECK_STR(said(), "main;bg 1;main done 0;bg 2;");
    cede_loop_close(loop);
    cede_unref(loop);
}

static cede_value fails(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "x");
}

static cede_value answers(void *arg)
{
    (void)arg;
    return cede_int(42);
}

TEST(L25_an_exception_leaves_the_loop_usable)
{
    cede_loop *loop = cede_loop_new();

    CHECK_RAISES(cede_ValueError,
                 cede_loop_run_until_complete(
                     loop, cede_loop_create_task(loop, fails, NULL)));
    CHECK_INT(cede_value_int(cede_loop_run_until_complete(
                  loop, cede_loop_create_task(loop, answers, NULL))),
              42);
    CHECK_RAISES(cede_TypeError, cede_loop_run_until_complete(loop, NULL));
    cede_loop_close(loop);
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_loop_create_future(loop)));
    cede_unref(loop);
}

static cede_value nested(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, cede_run(answers, NULL));
    return cede_none;
}

TEST(L08_run_inside_run)
{
    cede_run(nested, NULL);
}

static cede_value lingers(void *arg)
{
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("%s cleans up", (char *)arg);
        cede_sleep(1);
        say("%s is done", (char *)arg);
    } cede_end
    return cede_none;
}

static cede_value leaves_tasks(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(lingers, "a"));
    cede_unref(cede_create_task(lingers, "b"));
    cede_sleep(0);
    return cede_str("result");
}

TEST(R01_what_is_left_is_cancelled_and_waited_for)
{
    CHECK_STR(cede_value_str(cede_run_simulated(leaves_tasks, NULL)), "result");
    CHECK_STR(said(), "a cleans up;b cleans up;a is done;b is done;");
}

static cede_value spoils(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_finally {
        cede_raise(cede_KeyError, "spoilt");
    } cede_end
    return cede_none;
}

static void note(cede_loop *loop, const cede_exception_handler_context *context,
                 void *argument)
{
    (void)loop;
    (void)argument;
    say("%s: %s", context->message,
        cede_exception_message(context->exception));
}

static cede_value leaves_a_spoiler(void *arg)
{
    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), note, NULL);
    cede_unref(cede_create_task(spoils, NULL));
    cede_sleep(0);
    return cede_none;
}

TEST(R01_errors_of_what_is_left_are_reported)
{
    cede_run(leaves_a_spoiler, NULL);
    CHECK_STR(said(), "unhandled exception during cede_run() shutdown: "
                      "spoilt;");
}

static cede_value main_fails(void *arg)
{
    cede_unref(cede_create_task(lingers, "x"));
    cede_sleep(0);
    return fails(arg);
}

TEST(R01_also_when_main_fails)
{
    CHECK_RAISES(cede_ValueError, cede_run_simulated(main_fails, NULL));
    CHECK_STR(said(), "x cleans up;x is done;");
}

static cede_value interrupts(void *arg)
{
    (void)arg;
    raise(SIGINT);
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

TEST(R03_sigint_cancels_main)
{
    CHECK_RAISES(cede_KeyboardInterrupt, cede_run(interrupts, NULL));
    CHECK_STR(said(), "finally;");
}

static cede_value swallows_interrupt(void *arg)
{
    (void)arg;
    raise(SIGINT);
    cede_try {
        cede_sleep(100);
    } cede_except (cede_CancelledError, e) {
        say("swallowed");
    } cede_end
    return cede_int(1);
}

TEST(R03_a_swallowed_sigint_is_a_normal_result)
{
    CHECK_INT(cede_value_int(cede_run(swallows_interrupt, NULL)), 1);
    CHECK_STR(said(), "swallowed;");
}

static void run_uncaught(void *arg)
{
    (void)arg;
    cede_run(fails, NULL);
}

TEST(E16_uncaught_in_main)
{
    char output[1024];
    int status = harness_fork(run_uncaught, NULL, output, sizeof output);

    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 1);
    CHECK_CONTAINS(output, "Traceback (most recent call last):\n");
    CHECK_CONTAINS(output, "ValueError: x\n");
}

static cede_value a_day(void *arg)
{
    (void)arg;
    cede_sleep(86400);
    say("%g", cede_loop_time(cede_get_running_loop()));
    return cede_none;
}

TEST(Z10_a_day_in_a_moment)
{
    cede_run_simulated(a_day, NULL);
    CHECK_STR(said(), "86400;");
}

static cede_value fails_alone(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "alone");
}

static cede_value forgets(void *arg)
{
    cede_task *task = cede_create_task(fails_alone, arg);
    cede_defer (cede_unref, task);

    cede_task_set_name(task, "orphan");
    cede_sleep(0);
    return cede_none;
}

static void run_forgets(void *arg)
{
    cede_run(forgets, arg);
}

TEST(reports_name_the_task_and_its_function)
{
    char output[2048];

    harness_capture(run_forgets, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Task exception was never retrieved\n"
                           "future: <Task finished name='orphan' "
                           "coro=<fails_alone()>>\n");
    CHECK_CONTAINS(output, "ValueError: alone\n");
}
