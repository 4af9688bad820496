/*
 * wait_for: rules W10-W13, W23; D09.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/shield.h"
#include "cede/timeout.h"
#include "cede/wait.h"

/* What is waited for, and what it does when it is cancelled. */
struct inner {
    double delay;
    double clean_up;
    bool refuses;
    const char *raises;
};

static cede_value inner(void *arg)
{
    struct inner *self = arg;

    say("begins");
    cede_try {
        cede_sleep(self->delay);
    } cede_except (cede_CancelledError, e) {
        say("cancelled %g", now());
        cede_sleep(self->clean_up);
        say("clean %g", now());
        if (self->raises)
            cede_raise(cede_ValueError, "%s", self->raises);
        if (!self->refuses)
            cede_reraise();
        return cede_str("refused");
    } cede_end
    return cede_str("done");
}

/* The same as a coroutine object, a task. */
static void *coroutine(struct inner what)
{
    return cede_coroutine_with(inner, what);
}

static cede_task *task(struct inner what)
{
    return cede_create_task_with(inner, what);
}

/* Waits, and says what came of it. Takes the reference. */
static void wait_for(void *awaitable, double timeout)
{
    cede_try {
        cede_value value = cede_wait_for(awaitable, timeout);

        say("%s %g", cede_value_str(value), now());
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError from %s in %s %g",
            cede_exception_name(cede_exception_cause(e)),
            cede_exception_name(cede_exception_context(e)), now());
    } cede_except (cede_Exception, e) {
        say("%s %s %g", cede_exception_name(e), cede_exception_message(e),
            now());
    } cede_end
}

static void check_count(void)
{
    CHECK_INT(cede_task_cancelling(cede_current_task()), 0);
}

/* --- in time --- */

static cede_value in_time(void *arg)
{
    (void)arg;
    wait_for(coroutine((struct inner){.delay = 1}), 5);
    wait_for(task((struct inner){.delay = 1}), 5);
    wait_for(coroutine((struct inner){.delay = 1}), INFINITY);
    check_count();
    return cede_none;
}

TEST(W12_in_time)
{
    expect(in_time, "begins;done 1;begins;done 2;begins;done 3;");
}

static cede_value which_task(void *arg)
{
    (void)arg;
    return cede_pointer(cede_current_task());
}

static cede_value same_task(void *arg)
{
    (void)arg;
    say("%d", cede_value_pointer(cede_wait_for(
                  cede_coroutine(which_task, NULL), 1)) == cede_current_task());
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(D09_a_coroutine_runs_in_the_same_task)
{
    expect(same_task, "1;1;");
}

static cede_value done_already(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    const double timeouts[] = {1, 0, -1, -INFINITY, INFINITY};

    (void)arg;
    cede_future_set_result(future, "done");
    for (int i = 0; i < 5; i++)
        wait_for(cede_ref(future), timeouts[i]);
    return cede_none;
}

TEST(W12_F06_done_already)
{
    expect(done_already, "done 0;done 0;done 0;done 0;done 0;");
}

/* --- too late --- */

static cede_value too_late(void *arg)
{
    (void)arg;
    wait_for(coroutine((struct inner){.delay = 10, .clean_up = 2}), 1);
    wait_for(task((struct inner){.delay = 10, .clean_up = 2}), 1);
    check_count();
    return cede_none;
}

static cede_value too_late_at_once(void *arg)
{
    cede_auto (cede_task *, begun, drop) =
        task((struct inner){.delay = 10, .clean_up = 2});

    (void)arg;
    cede_sleep(1);
    wait_for(cede_ref(begun), 0);
    check_count();
    return cede_none;
}

TEST(W10_the_clean_up_is_waited_for_without_time_too)
{
    expect(too_late_at_once,
           "begins;cancelled 1;clean 3;"
           "TimeoutError from CancelledError in CancelledError 3;");
}

TEST(W10_the_clean_up_is_waited_for)
{
    expect(too_late,
           "begins;cancelled 1;clean 3;"
           "TimeoutError from CancelledError in CancelledError 3;"
           "begins;cancelled 4;clean 6;"
           "TimeoutError from CancelledError in CancelledError 6;");
}

static cede_value refusing(void *arg)
{
    (void)arg;
    wait_for(coroutine((struct inner){.delay = 10, .refuses = true}), 1);
    wait_for(task((struct inner){.delay = 10, .refuses = true}), 1);
    wait_for(coroutine((struct inner){.delay = 10, .raises = "x"}), 1);
    wait_for(task((struct inner){.delay = 10, .raises = "x"}), 1);
    check_count();
    return cede_none;
}

TEST(W11_what_comes_of_one_that_refuses)
{
    expect(refusing, "begins;cancelled 1;clean 1;refused 1;"
                     "begins;cancelled 2;clean 2;refused 2;"
                     "begins;cancelled 3;clean 3;ValueError x 3;"
                     "begins;cancelled 4;clean 4;ValueError x 4;");
}

static cede_value no_time(void *arg)
{
    struct inner slow = {.delay = 10, .clean_up = 2};
    struct inner stubborn = {.delay = 10, .refuses = true};
    cede_auto (cede_task *, running, drop) = NULL;

    (void)arg;
    wait_for(coroutine(slow), 0);
    wait_for(coroutine(slow), -1);
    wait_for(task(slow), 0);
    running = task(slow);
    cede_sleep(0);
    wait_for(cede_ref(running), 0);
    cede_unref(running);
    running = task(stubborn);
    cede_sleep(0);
    wait_for(cede_ref(running), 0);
    check_count();
    return cede_none;
}

/* What has not begun never does; what has is cancelled and waited for. */
TEST(W12_no_time, .shuffle = false)
{
    expect(no_time, "TimeoutError from CancelledError in CancelledError 0;"
                    "TimeoutError from CancelledError in CancelledError 0;"
                    "TimeoutError from CancelledError in CancelledError 0;"
                    "begins;cancelled 0;clean 2;"
                    "TimeoutError from CancelledError in CancelledError 2;"
                    "begins;cancelled 2;clean 2;refused 2;");
}

static cede_value cancelled_before(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_cancel(future, NULL);
    CHECK_RAISES(cede_CancelledError, cede_wait_for(cede_ref(future), 0));
    CHECK_RAISES(cede_CancelledError, cede_wait_for(cede_ref(future), 1));
    return cede_none;
}

TEST(W12_what_was_cancelled_before)
{
    expect(cancelled_before, "");
}

static cede_value shielded(void *arg)
{
    cede_auto (cede_task *, running, drop) = task((struct inner){.delay = 3});

    (void)arg;
    wait_for(cede_shield(cede_ref(running)), 1);
    say("%d %u", cede_task_done(running), cede_task_cancelling(running));
    wait_for(cede_ref(running), INFINITY);
    return cede_none;
}

TEST(W24_a_shielded_task_outlives_it)
{
    expect(shielded, "begins;"
                     "TimeoutError from CancelledError in CancelledError 1;0 0;"
                     "done 3;");
}

static cede_value nested(void *arg)
{
    struct inner slow = {.delay = 10};

    (void)arg;
    cede_try {
        cede_timeout (deadline, 1) {
            wait_for(coroutine(slow), 5);
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("outer");
    } cede_end
    cede_timeout (deadline, 5) {
        wait_for(coroutine(slow), 1);
    } cede_end
    check_count();
    return cede_none;
}

TEST(W10_W18_inside_another_timeout)
{
    expect(nested, "begins;cancelled 1;clean 1;outer;"
                   "begins;cancelled 2;clean 2;"
                   "TimeoutError from CancelledError in CancelledError 2;");
}

/* --- cancelled --- */

struct waiter {
    struct inner what;
    double timeout;
    bool as_task;
};

static cede_value waits(void *arg)
{
    struct waiter *waiter = arg;
    cede_auto (void *, awaitable, drop) =
        waiter->as_task ? task(waiter->what) : coroutine(waiter->what);

    if (waiter->as_task)
        cede_sleep(0);
    cede_try {
        wait_for(cede_ref(awaitable), waiter->timeout);
    } cede_except (cede_CancelledError, e) {
        say("CancelledError %s %u %g", cede_exception_message(e),
            cede_task_cancelling(cede_current_task()), now());
        cede_reraise();
    } cede_end
    return cede_none;
}

/* Cancels a waiter at these times (0: never). */
static void cancel_at(struct waiter waiter, double first, double second)
{
    cede_auto (cede_task *, waiting, drop) =
        cede_create_task_with(waits, waiter);
    double begin = now();

    cede_sleep(first);
    cede_task_cancel(waiting, "stop");
    if (second > 0) {
        cede_sleep(second - first);
        cede_task_cancel(waiting, "again");
    }
    cede_try {
        cede_await(cede_ref(waiting));
    } cede_except (cede_CancelledError) {
        say("after %g", now() - begin);
    } cede_end
}

static cede_value cancelled(void *arg)
{
    const struct inner slow = {.delay = 10, .clean_up = 2};
    const struct inner stubborn = {.delay = 10, .refuses = true};

    (void)arg;
    for (int as_task = 0; as_task < 2; as_task++) {
        cancel_at((struct waiter){slow, 100, as_task}, 1, 0);
        cancel_at((struct waiter){stubborn, 100, as_task}, 1, 0);
    }
    return cede_none;
}

TEST(W13_what_is_waited_for_is_cancelled_too)
{
    expect(cancelled, "begins;cancelled 1;clean 3;CancelledError stop 1 3;"
                      "after 3;"
                      "begins;cancelled 4;clean 4;refused 4;"
                      "begins;cancelled 5;clean 7;CancelledError stop 1 7;"
                      "after 3;"
                      "begins;cancelled 8;clean 8;refused 8;");
}

static cede_value cancelled_twice(void *arg)
{
    const struct inner slow = {.delay = 10, .clean_up = 5};

    (void)arg;
    for (int as_task = 0; as_task < 2; as_task++)
        cancel_at((struct waiter){slow, 100, as_task}, 1, 2);
    return cede_none;
}

/* The second one ends the clean-up. */
TEST(W13_cancelled_again_during_the_clean_up)
{
    expect(cancelled_twice,
           "begins;cancelled 1;CancelledError again 2 2;after 2;"
           "begins;cancelled 3;CancelledError again 2 4;after 2;");
}

static cede_value cancelled_late(void *arg)
{
    const struct inner slow = {.delay = 10, .clean_up = 5};

    (void)arg;
    for (int as_task = 0; as_task < 2; as_task++)
        cancel_at((struct waiter){slow, 1, as_task}, 2, 0);
    return cede_none;
}

/* Behind the deadline: the cancel wins (W19), and ends the clean-up. */
TEST(W13_W19_cancelled_during_the_clean_up_of_a_timeout)
{
    expect(cancelled_late,
           "begins;cancelled 1;CancelledError stop 1 2;after 2;"
           "begins;cancelled 3;CancelledError stop 1 4;after 2;");
}

static cede_value cancelled_without_time(void *arg)
{
    struct waiter waiter = {{.delay = 10, .clean_up = 5}, 0, true};

    (void)arg;
    cancel_at(waiter, 1, 0);
    cede_sleep(10);
    return cede_none;
}

/* As CPython: what was cancelled goes on cleaning up. */
TEST(W12_W13_cancelled_without_time, .shuffle = false)
{
    expect(cancelled_without_time,
           "begins;cancelled 0;CancelledError stop 1 1;after 1;clean 5;");
}

/* --- W23 --- */

static cede_value waits_for_it(void *future)
{
    cede_wait_for(cede_ref((cede_future *)future), 5);
    say("not here");
    return cede_none;
}

static cede_value at_once(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, waiting, drop) =
        cede_create_task(waits_for_it, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 1);
    cede_task_cancel(waiting, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(waiting)));
    say("%u", cede_task_cancelling(waiting));
    return cede_none;
}

TEST(W23_a_cancel_beside_the_result_wins)
{
    expect(at_once, "1;");
}

/* --- scopes --- */

static cede_value in_scope(void *arg)
{
    const struct inner slow = {.delay = 10};
    cede_auto (cede_task *, running, drop) = NULL;

    (void)arg;
    cede_move_on_after (scope, 1) {
        wait_for(coroutine(slow), 5);
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    running = task((struct inner){.delay = 10, .clean_up = 2});
    cede_sleep(0);
    cede_move_on_after (scope, 1) {
        cede_wait_for(cede_ref(running), 5);
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    check_count();
    return cede_none;
}

/* A coroutine's clean-up is under the scope as well: it raises. A task's is
   its own, and waited for. */
TEST(W13_Z01_in_a_scope_that_is_cancelled)
{
    expect(in_scope, "begins;cancelled 1;caught 1 1;"
                     "begins;cancelled 2;clean 4;caught 1 4;");
}

static cede_value in_scope_without_time(void *arg)
{
    cede_auto (cede_task *, running, drop) =
        task((struct inner){.delay = 10, .clean_up = 2});

    (void)arg;
    cede_sleep(0);
    cede_move_on_after (scope, 1) {
        wait_for(cede_ref(running), 0);
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    return cede_none;
}

TEST(W12_Z01_a_clean_up_without_time_in_a_scope, .shuffle = false)
{
    expect(in_scope_without_time, "begins;cancelled 0;clean 2;caught 1 2;");
}

/* --- what is refused --- */

static cede_value refuses(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_coroutine *, never, drop) =
        cede_coroutine(returns_nothing, NULL);

    (void)arg;
    CHECK_RAISES(cede_ValueError, cede_wait_for(cede_ref(future), NAN));
    CHECK_RAISES(cede_ValueError, cede_wait_for(cede_ref(never), NAN));
    CHECK_RAISES(cede_TypeError, cede_wait_for(cede_list(), 1));
    CHECK_RAISES(cede_TypeError, cede_wait_for(cede_list(), 0));
    CHECK_RAISES(cede_TypeError, cede_wait_for(NULL, 1));
    CHECK_RAISES(cede_RuntimeError,
                 cede_wait_for(cede_ref(cede_current_task()), 1));
    cede_coroutine_close(never);
    return cede_none;
}

TEST(what_wait_for_refuses)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    expect(refuses, "");
    CHECK_RAISES(cede_RuntimeError, cede_wait_for(cede_ref(future), 1));
    CHECK_RAISES(cede_RuntimeError, cede_wait_for(cede_ref(future), 0));
}
