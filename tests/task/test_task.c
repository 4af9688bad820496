/*
 * Tasks: asyncio's rules T01-T32 as far as a task alone shows them.
 */
#include "harness/harness.h"
#include "task/trace.h"

#include "cede/gather.h"
#include "cede/generator.h"
#include "cede/run.h"
#include "cede/task.h"

#include <math.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

/* Runs a scenario on the virtual clock and compares what it said. */
static void expect(cede_value (*scenario)(void *), const char *trace)
{
    cede_value_unref(cede_run_simulated(scenario, NULL));
    CHECK_STR(said(), trace);
}

static cede_value numbered(void *arg)
{
    int n = *(int *)arg;

    say("%d start", n);
    cede_sleep(0);
    say("%d end", n);
    return cede_none;
}

static cede_value t01(void *arg)
{
    cede_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = cede_create_task_with(numbered, i);
    say("created");
    cede_sleep(0);
    say("main between");
    for (int i = 0; i < 3; i++)
        cede_await(tasks[i]);
    return cede_none;
}

TEST(T01_tasks_start_later_in_order)
{
    expect(t01, "created;0 start;1 start;2 start;main between;0 end;1 end;"
                "2 end;");
}

static cede_value never(void *arg)
{
    (void)arg;
    cede_try {
        say("entered");
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

static cede_value t02(void *arg)
{
    cede_task *task = cede_create_task(never, NULL);

    (void)arg;
    say("%d", cede_task_cancel(task, "too early"));
    cede_ref(task);
    cede_try {
        cede_await(task);
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    say("%d", cede_task_cancelled(task));
    cede_unref(task);
    return cede_none;
}

TEST(T02_cancelled_before_start_never_runs)
{
    expect(t02, "1;too early;1;");
}

static cede_value delivered(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError, e) {
        say("delivered");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value t03(void *arg)
{
    cede_task *task = cede_create_task(delivered, NULL);

    (void)arg;
    cede_sleep(0);
    say("%d", cede_task_cancel(task, NULL));
    say("%d %u", cede_task_cancelled(task), cede_task_cancelling(task));
    cede_sleep(0);
    say("%d %d", cede_task_done(task), cede_task_cancelled(task));
    cede_unref(task);
    return cede_none;
}

TEST(T03_cancel_comes_one_iteration_later)
{
    expect(t03, "1;0 1;delivered;1 1;");
}

static cede_value swallows(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError, e) {
        say("swallowed");
    } cede_end
    cede_sleep(0);
    say("next await works");
    return cede_str("result");
}

static cede_value t04(void *arg)
{
    cede_task *task = cede_create_task(swallows, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    say("%s", cede_value_str(cede_await(cede_ref(task))));
    say("%d %u", cede_task_cancelled(task), cede_task_cancelling(task));
    cede_unref(task);
    return cede_none;
}

TEST(T04_swallowed_cancel_is_delivered_once)
{
    expect(t04, "swallowed;next await works;result;0 1;");
}

static cede_value hit_twice(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++)
        cede_try {
            cede_sleep(10 * (1 - i));
        } cede_except (cede_CancelledError, e) {
            say("hit %d", i);
        } cede_end
    return cede_none;
}

static cede_value t05(void *arg)
{
    cede_task *task = cede_create_task(hit_twice, NULL);

    (void)arg;
    cede_sleep(0);
    say("%d", cede_task_cancel(task, NULL));
    say("%d", cede_task_cancel(task, NULL));
    say("%u", cede_task_cancelling(task));
    cede_await(task);
    task = cede_ref(cede_create_task(hit_twice, NULL));
    cede_task_cancel(task, NULL);
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(task);
    } cede_except (cede_CancelledError, e) {
        say("before start %u", cede_task_cancelling(task));
    } cede_end
    cede_unref(task);
    return cede_none;
}

TEST(T05_two_cancels_are_one_error)
{
    expect(t05, "1;1;2;hit 0;before start 2;");
}

static cede_value cancels_itself(void *arg)
{
    cede_task_cancel(cede_current_task(), "me");
    say("still running");
    if (arg) {
        cede_try {
            cede_sleep(1);
        } cede_except (cede_CancelledError, e) {
            say("%s at %g", cede_exception_message(e), now());
        } cede_end
    }
    return cede_int(1);
}

static cede_value t06(void *arg)
{
    cede_task *task = cede_ref(cede_create_task(cancels_itself, NULL));

    (void)arg;
    cede_try {
        cede_await(task);
    } cede_except (cede_CancelledError, e) {
        say("value lost");
    } cede_end
    cede_unref(task);
    say("%d", (int)cede_value_int(
                  cede_await(cede_create_task(cancels_itself, "wait"))));
    return cede_none;
}

TEST(T06_cancelling_oneself)
{
    expect(t06, "still running;value lost;still running;me at 0;1;");
}

static cede_value cleans_up(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        for (int i = 0; i < 3; i++)
            cede_sleep(0);
        say("clean-up finished");
    } cede_end
    return cede_none;
}

static cede_value t07(void *arg)
{
    cede_task *task = cede_create_task(cleans_up, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(task);
    } cede_except (cede_CancelledError, e) {
        say("cancelled");
    } cede_end
    return cede_none;
}

TEST(T07_awaits_in_finally_work)
{
    expect(t07, "clean-up finished;cancelled;");
}

static cede_value fails(void *arg)
{
    cede_raise(cede_ValueError, "%s", arg ? (char *)arg : "x");
}

static cede_value t08(void *arg)
{
    cede_task *task = cede_create_task(fails, NULL);
    cede_exception *seen[2] = {NULL, NULL};

    (void)arg;
    cede_keep(seen);
    for (int i = 0; i < 2; i++)
        cede_try {
            cede_await(cede_ref(task));
        } cede_except (cede_ValueError, e) {
            seen[i] = e;
        } cede_end
    say("%d %d", seen[0] == seen[1], cede_task_exception(task) == seen[0]);
    cede_unref(task);
    return cede_none;
}

TEST(T08_each_await_raises_the_same_object)
{
    expect(t08, "1 1;");
}

static cede_value t09(void *arg)
{
    (void)arg;
    cede_try {
        cede_await(cede_ref(cede_current_task()));
    } cede_except (cede_RuntimeError, e) {
        say("%.27s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(T09_awaiting_itself)
{
    expect(t09, "Task cannot await on itself;");
}

static cede_value leaf(void *arg)
{
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError, e) {
        say("leaf");
        if (!arg)
            cede_reraise();
    } cede_end
    return cede_str("leaf refused");
}

static cede_value middle(void *inner)
{
    cede_try {
        return cede_await(cede_ref((cede_task *)inner));
    } cede_except (cede_CancelledError, e) {
        say("middle");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value t10(void *arg)
{
    cede_task *inner = cede_create_task(leaf, NULL);
    cede_task *outer = cede_create_task(middle, inner);
    cede_value results[2];

    (void)arg;
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(outer, "down");
    say("%u %u", cede_task_cancelling(inner), cede_task_cancelling(outer));
    cede_gather_return_exceptions(results, inner, outer);
    for (int i = 0; i < 2; i++) {
        say("%d", cede_exception_is(cede_value_object(results[i]),
                                    cede_CancelledError));
        cede_value_unref(results[i]);
    }
    return cede_none;
}

TEST(T10_cancel_goes_down_the_chain)
{
    expect(t10, "1 1;leaf;middle;1;1;");
}

static cede_value t11(void *arg)
{
    cede_task *inner = cede_create_task(leaf, "refuses");
    cede_task *outer = cede_create_task(middle, inner);

    (void)arg;
    cede_sleep(0);
    cede_sleep(0);
    cede_task_cancel(outer, NULL);
    say("%s", cede_value_str(cede_await(cede_ref(outer))));
    say("%d %u", cede_task_cancelled(outer), cede_task_cancelling(outer));
    cede_unref(outer);
    cede_unref(inner);
    return cede_none;
}

TEST(T11_inner_task_refuses)
{
    expect(t11, "leaf;leaf refused;0 1;");
}

static cede_value t12(void *arg)
{
    cede_task *me = cede_current_task();

    (void)arg;
    say("%u", cede_task_uncancel(me));
    cede_task_cancel(me, NULL);
    cede_task_cancel(me, NULL);
    cede_try {
        cede_sleep(0);
    } cede_except (cede_CancelledError, e) {
        say("once %u", cede_task_cancelling(me));
    } cede_end
    for (int i = 0; i < 3; i++)
        say("%u", cede_task_uncancel(me));
    cede_sleep(0);
    say("fine");
    cede_task_cancel(me, NULL);
    cede_task_uncancel(me);
    cede_sleep(0);
    say("D06: nothing comes");
    return cede_none;
}

TEST(T12_D06_uncancel)
{
    expect(t12, "0;once 2;1;0;0;fine;D06: nothing comes;");
}

static cede_value self_made(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError, "self made");
}

static cede_value t13(void *arg)
{
    cede_task *task = cede_create_task(self_made, NULL);

    (void)arg;
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%d %u %s", cede_task_cancelled(task), cede_task_cancelling(task),
            cede_exception_message(e));
    } cede_end
    CHECK_RAISES(cede_CancelledError, cede_task_exception(task));
    cede_unref(task);
    return cede_none;
}

TEST(T13_raising_cancelled_error_cancels)
{
    expect(t13, "1 0 self made;");
}

static void note(cede_loop *loop, const cede_exception_handler_context *context,
                 void *argument)
{
    (void)loop;
    (void)argument;
    say("%s", context->message);
}

static cede_value waits_for_ever(void *arg)
{
    cede_defer (strlen, "x");
    (void)arg;
    cede_try {
        cede_await(cede_loop_create_future(NULL));
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

static cede_value starts_one(void *task)
{
    *(cede_task **)task = cede_create_task(waits_for_ever, NULL);
    cede_sleep(0);
    return cede_none;
}

TEST(T14_loop_closed_over_a_pending_task)
{
    cede_loop *loop = cede_loop_new();
    cede_task *task = NULL;

    cede_loop_set_exception_handler(loop, note, NULL);
    cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, starts_one, &task));
    CHECK_INT(cede_loop_task_count(loop), 1);
    cede_loop_close(loop);
    CHECK_STR(said(), "Task was destroyed but it is pending!;finally;");
    CHECK(cede_task_done(task));
    cede_unref(task);
    cede_unref(loop);
}

static cede_value waits_again_and_again(void *arg)
{
    (void)arg;
    for (;;)
        cede_try {
            cede_sleep(1);
        } cede_except (cede_BaseException, e) {
        } cede_end
}

TEST(T14_a_task_that_will_not_end_is_given_up)
{
    cede_loop *loop = cede_loop_new();
    cede_task *task = cede_loop_create_task(loop, waits_again_and_again, NULL);

    cede_loop_set_exception_handler(loop, note, NULL);
    cede_loop_run_once(loop, 0);
    cede_loop_close(loop);
    CHECK_STR(said(), "Task was destroyed but it is pending!;");
    CHECK(cede_task_done(task));
    cede_unref(task);
    cede_unref(loop);
}

static cede_value t15(void *arg)
{
    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), note, NULL);
    cede_unref(cede_create_task(fails, NULL));
    cede_sleep(0);
    say("then");
    return cede_none;
}

TEST(T15_exception_never_retrieved)
{
    expect(t15, "Task exception was never retrieved;then;");
}

static cede_value t17(void *arg)
{
    cede_task *task = cede_create_task(numbered, NULL);

    (void)arg;
    cede_task_cancel(task, NULL);
    say("%.5s", cede_task_get_name(task));
    cede_task_set_name(task, "fetch");
    say("%s", cede_task_get_name(task));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    CHECK_RAISES(cede_RuntimeError,
                 cede_future_set_result(cede_task_future(task), 1));
    CHECK_RAISES(cede_CancelledError, cede_await(task));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(T17_names_and_identity)
{
    expect(t17, "Task-;fetch;2;1;");
    CHECK_RAISES(cede_RuntimeError, cede_create_task(numbered, NULL));
    CHECK_RAISES(cede_RuntimeError, cede_sleep(1));
}

static cede_value waits_for(void *future)
{
    cede_try {
        say("got %d",
            (int)cede_value_int(cede_await(cede_ref((cede_future *)future))));
    } cede_except (cede_CancelledError, e) {
        say("cancelled over a result");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value t19(void *arg)
{
    cede_future *future = cede_loop_create_future(NULL);
    cede_task *task = cede_create_task(waits_for, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 5);
    say("%d", cede_task_cancel(task, NULL));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d", cede_task_cancelled(task));
    cede_unref(task);
    cede_unref(future);
    return cede_none;
}

TEST(T19_cancel_wins_over_a_result)
{
    expect(t19, "1;cancelled over a result;1;");
}

static cede_value exits(void *arg)
{
    (void)arg;
    cede_raise(cede_SystemExit);
}

static cede_value t20(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(exits, NULL));
    cede_sleep(0);
    say("not here");
    return cede_none;
}

TEST(T20_system_exit_leaves_the_loop)
{
    CHECK_RAISES(cede_SystemExit, cede_run_simulated(t20, NULL));
    CHECK_STR(said(), "");
}

static cede_value t21(void *arg)
{
    cede_task *task = cede_create_task(delivered, NULL);
    cede_exception *seen[2] = {NULL, NULL};

    (void)arg;
    cede_keep(seen);
    cede_sleep(0);
    cede_task_cancel(task, "once");
    for (int i = 0; i < 2; i++)
        cede_try {
            cede_await(cede_ref(task));
        } cede_except (cede_CancelledError, e) {
            say("%s", cede_exception_message(e));
            seen[i] = cede_ref(e);
        } cede_end
    say("%d", seen[0] == seen[1]);
    cede_unref(seen[0]);
    cede_unref(seen[1]);
    cede_unref(task);
    return cede_none;
}

TEST(T21_stored_cancelled_error_is_handed_out_once)
{
    expect(t21, "delivered;once;once;0;");
}

static cede_value cleanup_fails(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        cede_raise(cede_ValueError, "cleanup failed");
    } cede_end
    return cede_none;
}

static cede_value t22(void *arg)
{
    cede_task *task = cede_create_task(cleanup_fails, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_ValueError, e) {
        say("%s < %s %d", cede_exception_message(e),
            cede_exception_name(cede_exception_context(e)),
            cede_task_cancelled(task));
    } cede_end
    cede_unref(task);
    return cede_none;
}

TEST(T22_exception_during_cancellation)
{
    expect(t22, "cleanup failed < CancelledError 0;");
}

static cede_value t23(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(never, NULL));
    say("a");
    cede_sleep(0);
    say("b");
    cede_sleep(-1);
    cede_sleep(2);
    say("%g", now());
    CHECK_RAISES(cede_ValueError, cede_sleep(NAN));
    return cede_none;
}

TEST(T23_sleep)
{
    expect(t23, "a;entered;finally;b;2;");
}

static cede_value sleeper(void *arg)
{
    cede_sleep(1);
    say("task %d", *(int *)arg);
    return cede_none;
}

static void call(void *arg)
{
    say("callback %s", (char *)arg);
}

/* asyncio's sleep comes back one iteration after the callbacks that were due
   at the same moment. */
static cede_value t23_order(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++)
        cede_unref(cede_create_task_with(sleeper, i));
    cede_sleep(0);
    cede_loop_call_at(cede_get_running_loop(), 1, call, "x");
    cede_sleep(2);
    return cede_none;
}

TEST(T23_sleep_and_callbacks_due_together)
{
    expect(t23_order, "callback x;task 0;task 1;");
}

static cede_value quick(void *arg)
{
    return cede_int(*(int *)arg);
}

static cede_value t27(void *arg)
{
    cede_task *task = cede_create_task_with(quick, 3);

    (void)arg;
    cede_await(cede_ref(task));
    say("%d %u", cede_task_cancel(task, NULL), cede_task_cancelling(task));
    cede_unref(task);
    return cede_none;
}

TEST(T27_cancel_of_a_done_task)
{
    expect(t27, "0 0;");
}

static void in_callback(void *arg)
{
    (void)arg;
    say("%d", cede_current_task() == NULL);
}

static cede_value t29(void *arg)
{
    (void)arg;
    cede_loop_call_soon(cede_get_running_loop(), in_callback, NULL);
    cede_sleep(0);
    say("%d", cede_current_task() != NULL);
    return cede_none;
}

TEST(T29_current_task)
{
    CHECK(cede_current_task() == NULL);
    expect(t29, "1;1;");
}

static cede_value returns_object(void *arg)
{
    (void)arg;
    return cede_str_copy("owned");
}

static cede_value each_has_its_own(void *arg)
{
    cede_task *task = cede_create_task(returns_object, NULL);
    cede_value first = cede_await(cede_ref(task));
    cede_value second = cede_await(cede_ref(task));

    (void)arg;
    cede_unref(task);
    say("%s %s", cede_value_str(first), cede_value_str(second));
    cede_value_unref(first);
    cede_value_unref(second);
    return cede_none;
}

TEST(each_awaiter_gets_a_reference_of_its_own)
{
    expect(each_has_its_own, "owned owned;");
}

struct large {
    char bytes[200];
};

static cede_value reads_large(void *arg)
{
    return cede_int(((struct large *)arg)->bytes[199]);
}

static cede_value copies(void *arg)
{
    struct large large = {{0}};

    (void)arg;
    large.bytes[199] = 7;
    say("%d",
        (int)cede_value_int(cede_await(cede_create_task_with(reads_large,
                                                             large))));
    return cede_none;
}

TEST(arguments_larger_than_the_block_are_copied_too)
{
    expect(copies, "7;");
}

/* --- generators in tasks --- */

static cede_value ticker(void *arg)
{
    (void)arg;
    cede_try {
        for (int i = 0; i < 3; i++) {
            cede_sleep(1);
            cede_yield(i);
        }
    } cede_finally {
        cede_sleep(1);
        say("closed at %g", now());
    } cede_end
    return cede_none;
}

static cede_value iterates(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(ticker, NULL)) {
        say("%d at %g", (int)cede_value_int(v), now());
        if (cede_value_int(v) == 1)
            break;
    }
    return cede_none;
}

TEST(A01_generators_may_await_and_close_awaits)
{
    expect(iterates, "0 at 1;1 at 2;closed at 3;");
}

static cede_value resumes(void *generator)
{
    cede_next(generator);
    return cede_none;
}

static cede_value a03(void *arg)
{
    cede_generator *generator = cede_generator(ticker, NULL);
    cede_task *first = cede_create_task(resumes, generator);

    (void)arg;
    cede_sleep(0);
    cede_try {
        cede_await(cede_create_task(resumes, generator));
    } cede_except (cede_RuntimeError, e) {
        say("already running");
    } cede_end
    cede_await(first);
    cede_generator_close(generator);
    cede_unref(generator);
    return cede_none;
}

TEST(A03_resuming_a_generator_that_awaits)
{
    expect(a03, "already running;closed at 2;");
}

static cede_value cancels_inside(void *arg)
{
    cede_task *task = cede_create_task(iterates, NULL);

    (void)arg;
    cede_sleep(1.5);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(task));
    return cede_none;
}

TEST(A05_cancel_while_the_generator_awaits)
{
    expect(cancels_inside, "0 at 1;closed at 2.5;");
}

static cede_value many(void *arg)
{
    static cede_task *tasks[2000];
    int64_t sum = 0;

    (void)arg;
    for (int i = 0; i < 2000; i++)
        tasks[i] = cede_create_task_with(quick, i);
    for (int i = 0; i < 2000; i++)
        sum += cede_value_int(cede_await(tasks[i]));
    say("%d", (int)sum);
    return cede_none;
}

TEST(many_tasks, .torture = false)
{
    expect(many, "1999000;");
}
