/*
 * as_completed: rules W16, W26; D04.
 */
#include "task/job.h"

#include "cede/as_completed.h"
#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/timeout.h"

static cede_task *start(const char *name, double delay)
{
    struct job job = {.name = name, .delay = delay};

    return cede_create_task_with(work, job);
}

static cede_coroutine *coroutine(const char *name, double delay, bool fails)
{
    struct job job = {name, delay, fails ? cede_ValueError : NULL, false};

    return cede_coroutine_with(work, job);
}

/* An iterator over the crew, which stays; one of the two forms. */
static void *iterate(struct crew *crew, double timeout, bool awaitables)
{
    size_t i;

    for (i = 0; i < crew->count; i++)
        cede_ref(crew->member[i]);
    if (awaitables)
        return cede_as_completed_awaitables(crew->member, crew->count, timeout);
    return cede_as_completed(crew->member, crew->count, timeout);
}

static cede_value three(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, start("slow", 3));
    join(&crew, start("fast", 1));
    join(&crew, start("middle", 2));
    cede_for (t, iterate(&crew, INFINITY, false)) {
        cede_task *task = cede_value_object(t);
        int place = 0;

        while (place < 3 && crew.member[place] != task)
            place++;
        say("%d %s %g", place, cede_value_str(cede_task_result(task)), now());
    }
    return cede_none;
}

TEST(W26_D04_the_tasks_as_they_end)
{
    expect(three, "1 fast 1;2 middle 2;0 slow 3;");
}

static cede_value together(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, start("a", 2));
    join(&crew, start("b", 1));
    join(&crew, start("c", 1));
    join(&crew, start("d", 0));
    cede_sleep(5);
    cede_for (t, iterate(&crew, INFINITY, false))
        say("%s %g",
            cede_value_str(cede_task_result(cede_value_object(t))), now());
    return cede_none;
}

/* What is done when it begins comes in the order of the array. */
TEST(W16_W26_done_before)
{
    expect(together, "a 5;b 5;c 5;d 5;");
}

static cede_value await_next(cede_value next)
{
    return cede_await(cede_ref(cede_value_object(next)));
}

static void say_next(cede_value next)
{
    cede_try {
        cede_value value = await_next(next);

        say("%s %g", cede_value_str(value), now());
    } cede_except (cede_Exception, e) {
        say("%s %s %g", cede_exception_name(e), cede_exception_message(e),
            now());
    } cede_end
}

static cede_value results(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, coroutine("slow", 3, false));
    join(&crew, coroutine("fast", 1, false));
    join(&crew, coroutine("bad", 2, true));
    cede_for (next, iterate(&crew, INFINITY, true))
        say_next(next);
    return cede_none;
}

TEST(W16_each_exception_where_it_comes)
{
    expect(results, "fast 1;ValueError bad 2;slow 3;");
}

static cede_value made_tasks(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, coroutine("a", 1, false));
    cede_for (t, iterate(&crew, INFINITY, false))
        say("%d %s", cede_task_get_coro(cede_value_object(t)) == crew.member[0],
            cede_value_str(cede_task_result(cede_value_object(t))));
    return cede_none;
}

TEST(W26_of_a_coroutine_its_task)
{
    expect(made_tasks, "1 a;");
}

static cede_value twice(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_coroutine *once = join(&crew, coroutine("once", 2, false));

    (void)arg;
    join(&crew, start("other", 1));
    join(&crew, cede_ref(once));
    join(&crew, cede_ref(crew.member[1]));
    cede_for (next, iterate(&crew, INFINITY, true))
        say_next(next);
    return cede_none;
}

TEST(W16_W05_duplicates_come_once)
{
    expect(twice, "other 1;once 2;");
}

static cede_value of_nothing(void *arg)
{
    struct crew crew = {.count = 0};

    (void)arg;
    cede_for (t, iterate(&crew, 1, false))
        say("not here");
    say("%g", now());
    return cede_none;
}

TEST(W16_of_nothing)
{
    expect(of_nothing, "0;");
}

/* --- timeouts --- */

static cede_value timed_out(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, start("a", 1));
    join(&crew, start("b", 5));
    join(&crew, start("c", 6));
    cede_for (next, iterate(&crew, 2, true))
        say_next(next);
    say("%d %u", cede_task_done(crew.member[1]),
        cede_task_cancelling(crew.member[1]));
    return cede_none;
}

TEST(W16_TimeoutError_for_each_that_is_left)
{
    expect(timed_out, "a 1;TimeoutError  2;TimeoutError  2;0 0;");
}

static cede_value timed_out_tasks(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (void *, all, drop) = NULL;
    cede_value task = cede_none;
    cede_defer (drop_value, &task);

    (void)arg;
    join(&crew, start("a", 1));
    join(&crew, start("b", 5));
    join(&crew, start("c", 6));
    all = iterate(&crew, 2, false);
    task = cede_next(all);
    say("%s", cede_value_str(cede_task_result(cede_value_object(task))));
    CHECK_RAISES(cede_TimeoutError, cede_next(all));
    CHECK_RAISES(cede_TimeoutError, cede_next(all));
    CHECK_RAISES(cede_StopIteration, cede_next(all));
    say("%g %d", now(), cede_task_done(crew.member[1]));
    return cede_none;
}

TEST(W26_W16_TimeoutError_out_of_the_loop)
{
    expect(timed_out_tasks, "a;2 0;");
}

static cede_value awaits_one(void *next)
{
    say_next(cede_object(next));
    return cede_none;
}

static cede_value two_takers(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct crew takers = {.count = 0};
    cede_defer (dismiss, &takers);

    (void)arg;
    join(&crew, start("a", 5));
    join(&crew, start("b", 6));
    cede_for (next, iterate(&crew, 2, true))
        join(&takers, cede_create_task(
                          awaits_one,
                          keep(cede_ref(cede_value_object(next)))));
    gather_crew(&takers, NULL, 0);
    return cede_none;
}

TEST(W16_TimeoutError_for_each_that_waits)
{
    expect(two_takers, "TimeoutError  2;TimeoutError  2;");
}

static cede_value late_taker(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (void *, all, drop) = NULL;

    (void)arg;
    join(&crew, start("a", 1));
    join(&crew, start("b", 5));
    all = iterate(&crew, 2, true);
    cede_sleep(10);
    cede_for (next, cede_ref(all))
        say_next(next);
    return cede_none;
}

/* What had come in time comes first; what ended later has not come. */
TEST(W16_asked_long_after_the_timeout)
{
    expect(late_taker, "a 10;TimeoutError  10;");
}

static void finish(void *future)
{
    cede_future_set_result(future, "late");
}

static cede_value in_one_round(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (void *, all, drop) = NULL;

    (void)arg;
    join(&crew, cede_loop_create_future(NULL));
    cede_loop_call_later(cede_get_running_loop(), 2, finish, crew.member[0]);
    all = iterate(&crew, 2, true);
    cede_sleep(3);
    cede_for (next, cede_ref(all))
        say_next(next);
    return cede_none;
}

/* The future ends, and before that is heard of the time is over (CPython). */
TEST(W16_the_end_and_the_timeout_in_one_round)
{
    expect(in_one_round, "TimeoutError  3;");
}

static cede_value leaves_timer(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    cede_auto (void *, all, drop) = NULL;

    (void)arg;
    join(&crew, start("a", 1));
    all = iterate(&crew, 100, true);
    cede_for (next, cede_ref(all))
        say_next(next);
    cede_sleep(0);
    say("%g", cede_loop_timeout(cede_get_running_loop()));
    join(&crew, cede_loop_create_future(NULL));
    cede_unref(iterate(&crew, 100, true));
    turns(2);
    say("%g", cede_loop_timeout(cede_get_running_loop()));
    return cede_none;
}

TEST(W16_the_timer_goes_with_the_last_and_with_the_iterator, .shuffle = false)
{
    expect(leaves_timer, "a 1;inf;inf;");
}

/* --- giving up, cancels --- */

static cede_value breaks(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("a", 1));
    join(&crew, cede_create_task_from(coroutine("b", 2, true)));
    cede_for (t, iterate(&crew, INFINITY, false)) {
        say("%s", cede_value_str(cede_task_result(cede_value_object(t))));
        break;
    }
    cede_sleep(2);
    return cede_none;
}

/* The rest goes on, and its exception is its own. */
TEST(W26_after_break)
{
    expect(breaks, "a;Task exception was never retrieved: b;");
}

static cede_value takes(void *all)
{
    cede_try {
        cede_auto (cede_value, task, drop_value) = cede_next(all);

        say("took %s", cede_value_str(
                           cede_task_result(cede_value_object(task))));
    } cede_except (cede_CancelledError) {
        say("cancelled");
        cede_reraise();
    } cede_end
    return cede_none;
}

/* Of two tasks that ask the first is cancelled: so many turns after the first
   future is done. */
static void cancel_taker(int turns_after)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct crew takers = {.count = 0};
    cede_defer (dismiss, &takers);
    void *all;

    join(&crew, start("a", 1));
    join(&crew, start("b", 2));
    all = keep(iterate(&crew, INFINITY, false));
    join(&takers, cede_create_task(takes, all));
    join(&takers, cede_create_task(takes, all));
    cede_await(cede_ref(crew.member[0]));
    turns(turns_after);
    say("%d", cede_task_cancel(takers.member[0], NULL));
    gather_crew(&takers, NULL, CEDE_RETURN_EXCEPTIONS);
    say("left %d", (int)cede_len(keep(cede_list_from(cede_ref(all)))));
}

static cede_value cancelled(void *arg)
{
    (void)arg;
    cancel_taker(0); /* it has not been woken */
    cancel_taker(1); /* it has run */
    return cede_none;
}

TEST(W26_Q03_a_cancelled_taker_loses_nothing, .shuffle = false)
{
    expect(cancelled, "1;cancelled;took a;left 1;"
                      "took a;0;took b;left 0;");
}

/* Beside the taker in one round: cancelled when it is woken and has not run. */
static void cancel_it(void *task)
{
    say("%d", cede_task_cancel(task, NULL));
}

static void on_done(cede_future *future, void *task)
{
    (void)future;
    cancel_it(task);
}

static cede_value cancelled_woken(void *arg)
{
    cede_auto (cede_future *, first, drop) = cede_loop_create_future(NULL);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct crew takers = {.count = 0};
    cede_defer (dismiss, &takers);
    void *all;

    (void)arg;
    join(&crew, cede_ref(first));
    all = keep(iterate(&crew, INFINITY, false));
    join(&takers, cede_create_task(takes, all));
    cede_future_add_done_callback(first, on_done, takers.member[0]);
    cede_sleep(0);
    cede_future_set_result(first, "x");
    CHECK_RAISES(cede_CancelledError,
                 cede_await(cede_ref(takers.member[0])));
    takes(all);
    return cede_none;
}

TEST(W26_Q03_cancelled_after_it_was_woken)
{
    expect(cancelled_woken, "1;cancelled;took x;");
}

static cede_value awaits_next(void *next)
{
    say("%s", cede_value_str(cede_await(cede_ref((cede_object *)next))));
    return cede_none;
}

static cede_value awaitable_again(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (void *, all, drop) = NULL;
    cede_auto (cede_task *, waiting, drop) = NULL;
    void *next;

    (void)arg;
    join(&crew, start("a", 1));
    all = iterate(&crew, INFINITY, true);
    next = keep(cede_value_object(cede_next(all)));
    waiting = cede_create_task(awaits_next, next);
    cede_sleep(0);
    CHECK_RAISES(cede_RuntimeError, cede_await(cede_ref((cede_object *)next)));
    cede_task_cancel(waiting, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(waiting)));
    awaits_next(next);
    CHECK_RAISES(cede_RuntimeError, cede_await(cede_ref((cede_object *)next)));
    return cede_none;
}

/* A cancelled await has not happened; otherwise each is awaited once. */
TEST(W16_an_awaitable_is_awaited_once, .shuffle = false)
{
    expect(awaitable_again, "a;");
}

static cede_value in_scope(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (void *, all, drop) = NULL;

    (void)arg;
    join(&crew, start("a", 1));
    join(&crew, start("b", 3));
    all = iterate(&crew, INFINITY, false);
    cede_move_on_after (scope, 2) {
        cede_for (t, cede_ref(all))
            say("%s", cede_value_str(cede_task_result(cede_value_object(t))));
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    cede_sleep(2);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        CHECK_RAISES(cede_CancelledError, cede_next(all)); /* ready, and yet */
    } cede_end
    cede_for (t, cede_ref(all))
        say("%s", cede_value_str(cede_task_result(cede_value_object(t))));
    return cede_none;
}

TEST(W26_Z01_Z04_in_a_scope_that_is_cancelled)
{
    expect(in_scope, "a;caught 1 2;b;");
}

static cede_value refuses(void *foreign)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_coroutine *never = join(&crew, coroutine("never", 0, false));

    join(&crew, cede_ref((cede_future *)foreign));
    CHECK_RAISES(cede_ValueError,
                 cede_unref(iterate(&crew, INFINITY, false)));
    turns(3);
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    crew.count = 0;
    cede_unref(foreign);
    cede_unref(never);
    join(&crew, cede_list());
    CHECK_RAISES(cede_TypeError, cede_unref(iterate(&crew, INFINITY, false)));
    CHECK_RAISES(cede_ValueError, cede_unref(iterate(&crew, NAN, false)));
    return cede_none;
}

TEST(what_as_completed_refuses)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, foreign, drop) = cede_loop_create_future(loop);

    cede_run_simulated(refuses, foreign);
    CHECK_STR(said(), "1;");
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_as_completed((void *[]){cede_ref(foreign)}, 1,
                                              INFINITY)));
}
