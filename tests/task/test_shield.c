/*
 * shield: rules W14, W15, W24.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/shield.h"
#include "cede/timeout.h"

static cede_value inner(void *delay)
{
    cede_sleep(*(double *)delay);
    say("inner %g", now());
    return cede_int(7);
}

static cede_value inner_fails(void *delay)
{
    cede_sleep(*(double *)delay);
    cede_raise(cede_ValueError, "inner");
}

static cede_task *start(double delay)
{
    return cede_create_task_with(inner, delay);
}

/* Awaits a shield of the task. */
static cede_value shields(void *task)
{
    cede_try {
        say("got %d", (int)cede_value_int(cede_await(
                          cede_shield(cede_ref((cede_task *)task)))));
    } cede_except (cede_CancelledError, e) {
        say("CancelledError %s %g", cede_exception_message(e), now());
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value passes(void *arg)
{
    cede_auto (cede_task *, task, drop) = start(1);

    (void)arg;
    shields(task);
    CHECK_RAISES(cede_ValueError, cede_await(cede_shield(
                                      cede_create_task(fails, "x"))));
    return cede_none;
}

TEST(W15_the_outcome_of_the_inner_one)
{
    expect(passes, "inner 1;got 7;");
}

static cede_value outer_cancelled(void *arg)
{
    cede_task *task = keep(start(2));
    cede_auto (cede_task *, outer, drop) = cede_create_task(shields, task);

    (void)arg;
    cede_sleep(1);
    cede_task_cancel(outer, "stop");
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(outer)));
    say("%u %d", cede_task_cancelling(task), cede_task_done(task));
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(W14_the_awaiter_stops_at_once)
{
    expect(outer_cancelled, "CancelledError stop 1;0 0;inner 2;");
}

static cede_value outer_cancelled_late(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, outer, drop) = cede_create_task(shields, future);
    cede_auto (cede_task *, another, drop) = cede_create_task(shields, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 1);
    say("%d", cede_task_cancel(outer, NULL)); /* the shield has not heard */
    cede_sleep(0);
    say("%d", cede_task_cancel(another, NULL)); /* nor run (T19) */
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(outer)));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(another)));
    say("%d", (int)cede_value_int(cede_future_result(future)));
    return cede_none;
}

TEST(W14_T19_cancelled_beside_the_result, .shuffle = false)
{
    expect(outer_cancelled_late,
           "1;CancelledError  0;1;CancelledError  0;1;");
}

static cede_value inner_cancelled(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, shield, drop) = cede_shield(cede_ref(future));

    (void)arg;
    cede_future_cancel(future, "why");
    say("%d", cede_future_done(shield));
    cede_sleep(0);
    say("%d", cede_future_cancelled(shield));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(shield)));
    return cede_none;
}

TEST(W15_the_inner_one_is_cancelled, .shuffle = false)
{
    expect(inner_cancelled, "0;1;");
}

static cede_value done_already(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, shield, drop) = NULL;

    (void)arg;
    cede_future_set_result(future, 1);
    shield = cede_shield(cede_ref(future));
    say("%d", shield == future);
    return cede_none;
}

TEST(W14_done_already_it_is_returned_itself)
{
    expect(done_already, "1;");
}

static cede_value under_timeout(void *arg)
{
    cede_auto (cede_task *, task, drop) = start(3);

    (void)arg;
    cede_try {
        cede_timeout (deadline, 1) {
            cede_await(cede_shield(cede_ref(task)));
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("TimeoutError %g %u", now(), cede_task_cancelling(task));
    } cede_end
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(W24_under_a_timeout)
{
    expect(under_timeout, "TimeoutError 1 0;inner 3;");
}

static cede_value under_scope(void *arg)
{
    cede_auto (cede_task *, task, drop) = start(3);

    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_await(cede_shield(cede_ref(task)));
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(W24_Z01_in_a_scope_that_is_cancelled)
{
    expect(under_scope, "caught 1 1;inner 3;");
}

static cede_value of_coroutine(void *arg)
{
    const double delay = 2;
    cede_auto (cede_future *, shield, drop) =
        cede_shield(cede_coroutine_with(inner, delay));

    (void)arg;
    cede_sleep(1);
    cede_future_cancel(shield, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(shield)));
    cede_sleep(2);
    return cede_none;
}

TEST(W14_a_coroutine_runs_on_as_a_task)
{
    expect(of_coroutine, "inner 2;");
}

/* --- whose exception is it? --- */

static cede_value fails_later(void *arg)
{
    const double delay = 2;
    cede_auto (cede_task *, task, drop) =
        cede_create_task_with(inner_fails, delay);
    cede_auto (cede_future *, shield, drop) = cede_shield(cede_ref(task));

    (void)arg;
    note_reports();
    cede_sleep(1);
    cede_future_cancel(shield, NULL);
    cede_sleep(2);
    cede_unref(task);
    task = NULL;
    cede_unref(shield);
    shield = NULL;
    return cede_none;
}

/* 3.13: the shield has stopped listening, and nobody has seen it. */
TEST(W14_F05_the_inner_one_fails_when_the_shield_is_gone)
{
    expect(fails_later, "Task exception was never retrieved: inner;");
}

static cede_value fails_beside(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, shield, drop) = cede_shield(cede_ref(future));
    cede_auto (cede_exception *, error, drop) =
        cede_exception(cede_ValueError, "beside");

    (void)arg;
    note_reports();
    cede_future_set_exception(future, error);
    cede_future_cancel(shield, NULL);
    cede_sleep(0);
    return cede_none;
}

/* ... in the same round the shield has heard of it (CPython). */
TEST(W14_F05_both_end_in_one_round)
{
    expect(fails_beside, "");
}

static cede_value nobody_awaits(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, shield, drop) = cede_shield(cede_ref(future));
    cede_auto (cede_exception *, error, drop) =
        cede_exception(cede_ValueError, "x");

    (void)arg;
    note_reports();
    cede_future_set_exception(future, error);
    cede_sleep(0);
    return cede_none;
}

/* The shield took it over: one report. */
TEST(W15_F05_a_shield_nobody_awaits)
{
    expect(nobody_awaits, "Future exception was never retrieved: x;");
}

static cede_value given_up(void *arg)
{
    const double delay = 1;
    cede_auto (cede_task *, task, drop) =
        cede_create_task_with(inner_fails, delay);

    (void)arg;
    note_reports();
    cede_unref(cede_shield(cede_ref(task)));
    cede_sleep(2);
    return cede_none;
}

TEST(W15_F05_a_shield_given_up)
{
    expect(given_up, "Task exception was never retrieved: inner;");
}

static cede_value refuses(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_TypeError, cede_unref(cede_shield(cede_list())));
    CHECK_RAISES(cede_TypeError, cede_unref(cede_shield(NULL)));
    return cede_none;
}

TEST(what_shield_refuses)
{
    expect(refuses, "");
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_shield(cede_types_coroutine(
                     cede_generator(returns_nothing, NULL)))));
}

static cede_value shields_shield(void *arg)
{
    enum { DEPTH = 20000 };
    cede_auto (cede_future *, innermost, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, shield, drop) = cede_ref(innermost);

    (void)arg;
    for (int i = 0; i < DEPTH; i++)
        shield = cede_shield(shield);
    cede_future_set_result(innermost, 1);
    say("%d", (int)cede_value_int(cede_await(cede_ref(shield))));
    return cede_none;
}

/* A long chain is given up without recursion. */
TEST(shields_of_shields, .torture = false, .timeout = 30)
{
    expect(shields_shield, "1;");
}
