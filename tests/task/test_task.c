/*
 * Tasks: asyncio's rules T01-T29 as far as a task alone shows them. T14 is in
 * test_close.c, what generators do in tasks in test_generator.c.
 */
#include "task/world.h"

#include "cede/memory.h"

#include <math.h>

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
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task_with(numbered, i));
    say("created");
    cede_sleep(0);
    say("main between");
    for (int i = 0; i < 3; i++)
        cede_await(cede_ref(crew.member[i]));
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
    cede_auto (cede_task *, task, drop) = cede_create_task(never, NULL);

    (void)arg;
    say("%d", cede_task_cancel(task, "too early"));
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    say("%d", cede_task_cancelled(task));
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
    cede_auto (cede_task *, task, drop) = cede_create_task(delivered, NULL);

    (void)arg;
    cede_sleep(0);
    say("%d", cede_task_cancel(task, NULL));
    say("%d %u", cede_task_cancelled(task), cede_task_cancelling(task));
    cede_sleep(0);
    say("%d %d", cede_task_done(task), cede_task_cancelled(task));
    return cede_none;
}

TEST(T03_cancel_comes_one_iteration_later, .shuffle = false)
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
    cede_auto (cede_task *, task, drop) = cede_create_task(swallows, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    say("%s", cede_value_str(cede_await(cede_ref(task))));
    say("%d %u", cede_task_cancelled(task), cede_task_cancelling(task));
    return cede_none;
}

TEST(T04_swallowed_cancel_is_delivered_once, .shuffle = false)
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
    cede_auto (cede_task *, task, drop) = cede_create_task(hit_twice, NULL);
    cede_auto (cede_task *, unborn, drop) = NULL;

    (void)arg;
    cede_sleep(0);
    say("%d", cede_task_cancel(task, NULL));
    say("%d", cede_task_cancel(task, NULL));
    say("%u", cede_task_cancelling(task));
    cede_await(cede_ref(task));
    unborn = cede_create_task(hit_twice, NULL);
    cede_task_cancel(unborn, NULL);
    cede_task_cancel(unborn, NULL);
    cede_try {
        cede_await(cede_ref(unborn));
    } cede_except (cede_CancelledError, e) {
        say("before start %u", cede_task_cancelling(unborn));
    } cede_end
    return cede_none;
}

TEST(T05_two_cancels_are_one_error, .shuffle = false)
{
    expect(t05, "1;1;2;hit 0;before start 2;");
}

static void cancel_twice(cede_task *task)
{
    cede_task_cancel(task, "first");
    cede_task_cancel(task, "second");
    for (int i = 0; i < 2; i++)
        cede_try {
            cede_await(cede_ref(task));
        } cede_except (cede_CancelledError, e) {
            say("'%s'", cede_exception_message(e));
        } cede_end
}

static cede_value yields_once(void *arg)
{
    (void)arg;
    cede_sleep(0);
    return cede_none;
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_sleep(10);
    return cede_none;
}

static cede_value awaits_quietly(void *awaitable)
{
    return cede_await(cede_ref((cede_future *)awaitable));
}

static cede_value t05_messages(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, yields, drop) = cede_create_task(yields_once, NULL);
    cede_auto (cede_task *, slept, drop) = cede_create_task(sleeps, NULL);
    cede_auto (cede_task *, waited, drop) =
        cede_create_task(awaits_quietly, future);
    cede_auto (cede_task *, unborn, drop) = NULL;

    (void)arg;
    cede_sleep(0);
    cancel_twice(yields);
    cancel_twice(slept);
    cancel_twice(waited);
    unborn = cede_create_task(sleeps, NULL);
    cancel_twice(unborn);
    return cede_none;
}

/* What has been cancelled for the task bears the first; a task that is ready
   anyway gets the last. */
TEST(T05_T21_whose_message_comes)
{
    expect(t05_messages, "'second';'';'first';'';'first';'';'second';'';");
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
    (void)arg;
    cede_try {
        cede_await(cede_create_task(cancels_itself, NULL));
    } cede_except (cede_CancelledError, e) {
        say("value lost %s", cede_exception_message(e));
    } cede_end
    say("%d", (int)cede_value_int(
                  cede_await(cede_create_task(cancels_itself, "wait"))));
    return cede_none;
}

TEST(T06_cancelling_oneself)
{
    expect(t06, "still running;value lost me;still running;me at 0;1;");
}

static cede_value cancels_itself_and_awaits(void *future)
{
    cede_task_cancel(cede_current_task(), "me");
    return waits_for(future);
}

static cede_value t06_await(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) =
        cede_create_task(cancels_itself_and_awaits, future);

    (void)arg;
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("future cancelled %d", cede_future_cancelled(future));
    return cede_none;
}

TEST(T06_a_pending_cancel_goes_to_what_is_awaited)
{
    expect(t06_await, "CancelledError me 1;future cancelled 1;");
}

static cede_value cleans_up(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        turns(3);
        say("clean-up finished");
    } cede_end
    return cede_none;
}

static cede_value t07(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(cleans_up, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("cancelled");
    } cede_end
    return cede_none;
}

TEST(T07_awaits_in_finally_work, .shuffle = false)
{
    expect(t07, "clean-up finished;cancelled;");
}

static cede_value t08(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(fails, NULL);
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
    return cede_none;
}

TEST(T08_each_await_raises_the_same_object)
{
    expect(t08, "1 1;");
}

static __attribute__((noinline)) void await_deeper(cede_task *task)
{
    cede_try {
        cede_await(cede_ref(task));
    } cede_finally {
        (void)task;
    } cede_end
}

static cede_value t08_often(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(fails, NULL);
    size_t first = 0, last = 0;

    (void)arg;
    cede_keep(first);
    cede_keep(last);
    for (int i = 0; i < 100; i++)
        cede_try {
            await_deeper(task);
        } cede_except (cede_ValueError, e) {
            char *text = cede_format_exception(e);

            last = text ? strlen(text) : 0;
            if (i == 0)
                first = last;
            cede_free(text);
        } cede_end
    say("%d", first == last);
    return cede_none;
}

TEST(T08_the_traceback_does_not_grow)
{
    expect(t08_often, "1;");
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

/* --- chains of tasks --- */

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
    cede_task *inner = keep(cede_create_task(leaf, NULL));
    cede_auto (cede_task *, outer, drop) = cede_create_task(middle, inner);
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);

    (void)arg;
    turns(2);
    cede_task_cancel(outer, "down");
    say("%u %u", cede_task_cancelling(inner), cede_task_cancelling(outer));
    cede_gather_return_exceptions(results.at, cede_ref(inner),
                                  cede_ref(outer));
    for (int i = 0; i < 2; i++)
        say("%s", cede_exception_name(cede_value_object(results.at[i])));
    return cede_none;
}

TEST(T10_cancel_goes_down_the_chain)
{
    expect(t10, "1 1;leaf;middle;CancelledError;CancelledError;");
}

static cede_value t11(void *arg)
{
    cede_task *inner = keep(cede_create_task(leaf, "refuses"));
    cede_auto (cede_task *, outer, drop) = cede_create_task(middle, inner);

    (void)arg;
    turns(2);
    cede_task_cancel(outer, NULL);
    say("%s", cede_value_str(cede_await(cede_ref(outer))));
    say("%d %u", cede_task_cancelled(outer), cede_task_cancelling(outer));
    return cede_none;
}

TEST(T11_inner_task_refuses)
{
    expect(t11, "leaf;leaf refused;0 1;");
}

static cede_value t10_again(void *arg)
{
    cede_task *inner = keep(cede_create_task(hit_twice, NULL));
    cede_auto (cede_task *, outer, drop) = cede_create_task(middle, inner);

    (void)arg;
    turns(2);
    for (int i = 0; i < 2; i++) {
        say("%d", cede_task_cancel(outer, NULL));
        cede_sleep(0);
    }
    cede_await(cede_ref(outer));
    say("%u %u", cede_task_cancelling(inner), cede_task_cancelling(outer));
    return cede_none;
}

TEST(T10_each_cancel_reaches_the_innermost_task, .shuffle = false)
{
    expect(t10_again, "1;hit 0;1;hit 1;2 2;");
}

static cede_value several(void *arg)
{
    cede_task *inner = keep(cede_create_task(leaf, NULL));
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);

    (void)arg;
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task(middle, inner));
    turns(2);
    cede_task_cancel(crew.member[1], NULL);
    gather_crew(&crew, results.at, CEDE_RETURN_EXCEPTIONS);
    for (int i = 0; i < 3; i++)
        say("%u", cede_task_cancelling(crew.member[i]));
    return cede_none;
}

/* As in asyncio: who cancels one of several cancels what all of them await,
   and so all of them. */
TEST(T10_a_task_awaited_by_several)
{
    expect(several, "leaf;middle;middle;middle;0;1;0;");
}

static cede_value refused_together(void *arg)
{
    cede_task *inner = keep(cede_create_task(leaf, "refuses"));
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);

    (void)arg;
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task(middle, inner));
    turns(2);
    cede_task_cancel(crew.member[0], NULL);
    gather_crew(&crew, results.at, 0);
    for (int i = 0; i < 3; i++)
        say("%s", cede_value_str(results.at[i]));
    return cede_none;
}

TEST(T11_several_get_the_result_of_who_refuses)
{
    expect(refused_together, "leaf;leaf refused;leaf refused;leaf refused;");
}

static cede_value long_chain(void *arg)
{
    enum { LENGTH = CEDE_IMPL_TSAN ? 5000 : 10000 }; /* TSan has 8128 stacks */
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_task *first = cede_create_task(waits_for, future);
    cede_task *last = first;

    (void)arg;
    for (int i = 1; i < LENGTH; i++) {
        cede_task *next = cede_create_task(awaits_quietly, last);

        if (last != first)
            cede_unref(last); /* the loop's, until it is done */
        last = next;
    }
    turns(2);
    say("%d", cede_task_cancel(last, "all the way down"));
    CHECK_RAISES(cede_CancelledError, cede_await(last));
    say("%d %u", cede_task_cancelled(first), cede_task_cancelling(first));
    cede_unref(first);
    return cede_none;
}

/* Neither the cancel nor what comes back up may use stack for each link. */
TEST(T10_a_chain_of_10000_tasks, .torture = false, .timeout = 30)
{
    expect(long_chain, "1;CancelledError all the way down 1;1 1;");
}

static cede_task *circle[3];

static cede_value round_about(void *arg)
{
    return cede_await(cede_ref(circle[(*(int *)arg + 1) % 3]));
}

static cede_value awaits_each_other(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        circle[i] = keep(cede_create_task_with(round_about, i));
    cede_sleep(0);
    say("%d", cede_task_cancel(circle[1], NULL));
    for (int i = 0; i < 3; i++)
        CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(circle[i])));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

/* asyncio recurses until RecursionError; here the circle is broken. */
TEST(T10_tasks_that_await_each_other_can_be_cancelled)
{
    expect(awaits_each_other, "1;1;");
}

/* --- cancel counts --- */

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

static cede_value cancelled_and_taken_back(cede_task *task)
{
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    say("%u", cede_task_uncancel(task));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("at %g", now());
    return cede_none;
}

static cede_value d06_sleep(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(delivered, NULL);

    (void)arg;
    return cancelled_and_taken_back(task);
}

static cede_value d06_await(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(waits_for, future);

    (void)arg;
    return cancelled_and_taken_back(task);
}

/* What it waited for has been given up: to go on as if it had come would be
   wrong. In asyncio the future it waits for is cancelled already. */
TEST(D06_a_cancel_that_has_undone_a_wait_is_delivered, .shuffle = false)
{
    expect(d06_sleep, "0;delivered;at 0;");
    expect(d06_await, "0;CancelledError  0;at 0;");
}

static cede_value d06_ready(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(waits_for, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 5);
    cede_task_cancel(task, NULL); /* T19, were it not taken back */
    cede_task_uncancel(task);
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(D06_a_cancel_of_a_task_on_its_way_is_dropped)
{
    expect(d06_ready, "got 5;");
}

static cede_value self_made(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError, "self made");
}

static cede_value t13(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(self_made, NULL);

    (void)arg;
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%d %u %s", cede_task_cancelled(task), cede_task_cancelling(task),
            cede_exception_message(e));
    } cede_end
    CHECK_RAISES(cede_CancelledError, cede_task_exception(task));
    return cede_none;
}

TEST(T13_raising_cancelled_error_cancels)
{
    expect(t13, "1 0 self made;");
}

/* --- exceptions --- */

static cede_value t15(void *arg)
{
    (void)arg;
    note_reports();
    cede_unref(cede_create_task(fails, "lost"));
    cede_sleep(0);
    say("then");
    return cede_none;
}

TEST(T15_exception_never_retrieved)
{
    expect(t15, "Task exception was never retrieved: lost;then;");
}

static cede_value t15_held(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(fails, "late");

    (void)arg;
    note_reports();
    cede_sleep(0);
    say("held");
    cede_unref(task);
    task = NULL;
    say("then");
    return cede_none;
}

TEST(T15_reported_when_the_last_reference_goes)
{
    expect(t15_held, "held;Task exception was never retrieved: late;then;");
}

static cede_value t15_seen(void *arg)
{
    cede_auto (cede_task *, asked, drop) = cede_create_task(fails, "asked");
    cede_auto (cede_task *, raised, drop) = cede_create_task(fails, "raised");
    cede_auto (cede_task *, given_up, drop) = cede_create_task(fails, "up");

    (void)arg;
    note_reports();
    cede_sleep(0);
    cede_task_exception(asked);
    CHECK_RAISES(cede_ValueError, cede_task_result(raised));
    CHECK(!cede_task_cancel(given_up, NULL));
    return cede_none;
}

TEST(T15_silent_once_somebody_has_looked, .shuffle = false)
{
    expect(t15_seen, "");
}

static cede_value t17(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(numbered, NULL);

    (void)arg;
    cede_task_cancel(task, NULL);
    say("%.5s", cede_task_get_name(task));
    cede_task_set_name(task, "fetch");
    say("%s", cede_task_get_name(task));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    CHECK_RAISES(cede_RuntimeError,
                 cede_future_set_result(cede_task_future(task), 1));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(T17_names_and_identity)
{
    expect(t17, "Task-;fetch;2;1;");
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_create_task(numbered, NULL)));
    CHECK_RAISES(cede_RuntimeError, cede_sleep(1));
}

static cede_value t17_not_a_function(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_TypeError, cede_unref(cede_create_task((cede_function)NULL, NULL)));
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

static cede_value t17_two_names(void *arg)
{
    cede_auto (cede_task *, one, drop) = cede_create_task(sleeps, NULL);
    cede_auto (cede_task *, two, drop) = cede_create_task(sleeps, NULL);

    (void)arg;
    cede_task_cancel(one, NULL);
    cede_task_cancel(two, NULL);
    say("%d", strcmp(cede_task_get_name(one), cede_task_get_name(two)) != 0);
    return cede_none;
}

TEST(T17_each_task_has_a_name_of_its_own)
{
    expect(t17_two_names, "1;");
}

TEST(T17_a_task_needs_a_function)
{
    expect(t17_not_a_function, "1;");
}

static cede_value t18(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(waits_for, future);
    cede_auto (cede_task *, above, drop) =
        cede_create_task(awaits_quietly, task);

    (void)arg;
    turns(2);
    cede_future_set_result(future, 1);
    for (int i = 0; i < 2; i++) {
        cede_sleep(0);
        say("%d %d", cede_task_done(task), cede_task_done(above));
    }
    return cede_none;
}

TEST(T18_an_awaiter_goes_on_one_iteration_later, .shuffle = false)
{
    expect(t18, "got 1;1 0;1 1;");
}

static cede_value t19(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(waits_for, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 5);
    say("%d", cede_task_cancel(task, "over a result"));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d %d", cede_task_cancelled(task), cede_future_cancelled(future));
    return cede_none;
}

TEST(T19_cancel_wins_over_a_result, .shuffle = false)
{
    expect(t19, "1;CancelledError over a result 1;1 0;");
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

TEST(T20_system_exit_leaves_the_loop, .shuffle = false)
{
    CHECK_RAISES(cede_SystemExit, cede_run_simulated(t20, NULL));
    CHECK_STR(said(), "");
}

static cede_value t21(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(delivered, NULL);
    cede_auto (cede_exception *, first, drop) = NULL;

    (void)arg;
    cede_keep(first);
    cede_sleep(0);
    cede_task_cancel(task, "once");
    for (int i = 0; i < 2; i++)
        cede_try {
            cede_await(cede_ref(task));
        } cede_except (cede_CancelledError, e) {
            say("%s %d", cede_exception_message(e), e == first);
            if (!first)
                first = cede_ref(e);
        } cede_end
    return cede_none;
}

/* The message went with it. */
TEST(T21_stored_cancelled_error_is_handed_out_once, .shuffle = false)
{
    expect(t21, "delivered;once 0; 0;");
}

static cede_value t22(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(fails_when_cancelled, "cleanup failed");

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
    return cede_none;
}

TEST(T22_exception_during_cancellation, .shuffle = false)
{
    expect(t22, "cleanup failed < CancelledError 0;");
}

/* --- sleep --- */

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

static void cancel(void *task)
{
    say("%d", cede_task_cancel(task, NULL));
}

static cede_value t23_hop(void *arg)
{
    cede_task *task = keep(cede_create_task(delivered, NULL));

    (void)arg;
    cede_sleep(0);
    /* Due before its sleep is over, and at the same moment as it. */
    cede_loop_call_at(cede_get_running_loop(), 10, cancel, task);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%g", now());
    return cede_none;
}

TEST(T19_T23_cancel_when_the_sleep_is_over)
{
    expect(t23_hop, "1;delivered;10;");
}

static cede_value nap(void *name)
{
    cede_try {
        cede_sleep(1);
        say("%s", (char *)name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled %s", (char *)name, cede_exception_message(e));
    } cede_end
    return cede_none;
}

static void cancel_first(void *task)
{
    cede_task_cancel(task, "first");
}

static void cancel_second(void *task)
{
    cede_task_cancel(task, "second");
}

/* Both come at the time at which all three wake up: one before, one after. */
static cede_value t23_overtaking(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_task *task;

    (void)arg;
    cede_unref(cede_create_task(nap, "a"));
    cede_unref(cede_create_task(nap, "b"));
    task = keep(cede_create_task(nap, "c"));
    cede_loop_call_at(loop, 1, cancel_first, task);
    cede_sleep(0);
    cede_loop_call_at(loop, 1, cancel_second, task);
    cede_await(cede_ref(task));
    cede_sleep(1);
    say("%u", cede_task_cancelling(task));
    return cede_none;
}

TEST(T19_T23_a_cancel_overtakes_sleeps_that_are_over, .shuffle = false)
{
    expect(t23_overtaking, "c cancelled first;a;b;2;");
}

static cede_value quick(void *arg)
{
    return cede_int(*(int *)arg);
}

static cede_value t27(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task_with(quick, 3);
    bool cancelled;

    (void)arg;
    cede_await(cede_ref(task));
    cancelled = cede_task_cancel(task, NULL);
    say("%d %u", cancelled, cede_task_cancelling(task));
    return cede_none;
}

TEST(T27_cancel_of_a_done_task)
{
    expect(t27, "0 0;");
}

TEST(T27_cancel_after_the_loop_is_closed)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, returns_nothing, NULL);

    cede_loop_run_until_complete(loop, cede_ref(task));
    cede_loop_close(loop);
    CHECK(!cede_task_cancel(task, NULL));
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
    CHECK(cede_current_task() == NULL);
}

/* --- results and arguments --- */

static cede_value returns_object(void *arg)
{
    (void)arg;
    return cede_str_copy("owned");
}

static cede_value each_has_its_own(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(returns_object, NULL);
    cede_auto (cede_value, first, drop_value) = cede_none;
    cede_auto (cede_value, second, drop_value) = cede_none;

    (void)arg;
    first = cede_await(cede_ref(task));
    second = cede_await(cede_ref(task));
    cede_unref(task);
    task = NULL;
    say("%s %s", cede_value_str(first), cede_value_str(second));
    return cede_none;
}

TEST(each_awaiter_gets_a_reference_of_its_own)
{
    expect(each_has_its_own, "owned owned;");
}

static cede_value forgets(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(returns_object, NULL));
    cede_sleep(0);
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(T30_a_task_nobody_holds_runs_to_its_end, .shuffle = false)
{
    expect(forgets, "1;");
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

/* --- the stack --- */

/* Where the stack ends that calls this. */
static __attribute__((noinline)) const char *stack_end(void)
{
    return __builtin_frame_address(0);
}

static const char *loop_end;

static void look_at_the_loop(void *arg)
{
    const char *end = stack_end();

    (void)arg;
    if (loop_end && end != loop_end)
        say("the loop's stack has moved");
    loop_end = end;
}

static void await_one(cede_function function)
{
    cede_try {
        cede_await(cede_create_task(function, NULL));
    } cede_except (cede_ValueError, e) {
    } cede_end
}

/* No step runs inside another, and an await leaves nothing on its stack,
   whatever came of it. */
static cede_value in_a_row(void *arg)
{
    const char *end = stack_end();

    (void)arg;
    for (int i = 0; i < 10000; i++) {
        await_one(i % 2 ? fails : returns_nothing);
        cede_loop_call_soon(cede_get_running_loop(), look_at_the_loop, NULL);
        if (stack_end() != end)
            cede_raise(cede_AssertionError, "the stack has moved");
    }
    cede_sleep(0);
    say("%d", loop_end != NULL);
    return cede_none;
}

TEST(awaits_in_a_row_use_no_stack, .torture = false, .timeout = 30)
{
    expect(in_a_row, "1;");
}
