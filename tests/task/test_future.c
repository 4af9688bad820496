/*
 * Futures: asyncio's rules F01-F11, F15.
 */
#include "task/world.h"

#include "cede/print.h"
#include "cede/traceback.h"
#include "cede/tuple.h"

static void called(cede_future *future, void *name)
{
    (void)future;
    say("cb %s", (char *)name);
}

static void also_called(cede_future *future, void *name)
{
    (void)future;
    say("also %s", (char *)name);
}

static cede_value f01(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, called, "a");
    cede_future_add_done_callback(future, called, "b");
    cede_future_set_result(future, 1);
    say("set");
    cede_future_add_done_callback(future, called, "late");
    say("end of step");
    cede_sleep(0);
    say("next iteration");
    return cede_none;
}

TEST(F01_callbacks_are_scheduled)
{
    expect(f01, "set;end of step;cb a;cb b;cb late;next iteration;");
}

/* --- states --- */

static void message_of(void (*call)(cede_future *), cede_future *future)
{
    cede_try {
        call(future);
    } cede_except (cede_BaseException, e) {
        say("%s: %s", cede_exception_name(e), cede_exception_message(e));
    } cede_end
}

static void ask_result(cede_future *future)
{
    cede_future_result(future);
}

static void ask_exception(cede_future *future)
{
    cede_future_exception(future);
}

static void set_owned(cede_future *future)
{
    cede_future_set_result(future, cede_str_copy("given up"));
}

static void set_error(cede_future *future, const char *message)
{
    cede_auto (cede_exception *, error, drop) =
        cede_exception(cede_ValueError, "%s", message);

    cede_future_set_exception(future, error);
}

TEST(F02_a_pending_future_has_no_outcome)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    message_of(ask_result, future);
    message_of(ask_exception, future);
    CHECK_STR(said(), "InvalidStateError: Result is not set.;"
                      "InvalidStateError: Exception is not set.;");
    CHECK(!cede_future_done(future) && !cede_future_cancelled(future));
}

TEST(F02_a_done_future_keeps_its_outcome)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_set_result(future, 1);
    CHECK_RAISES(cede_InvalidStateError, set_owned(future));
    CHECK_RAISES(cede_InvalidStateError, set_error(future, "too late"));
    CHECK(!cede_future_cancel(future, NULL));
    CHECK_INT(cede_value_int(cede_future_result(future)), 1);
    CHECK(cede_future_exception(future) == NULL);
    CHECK(cede_future_done(future) && !cede_future_cancelled(future));
}

TEST(F02_a_cancelled_future)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK(cede_future_cancel(future, "why"));
    message_of(ask_result, future);
    message_of(ask_exception, future);
    CHECK_STR(said(), "CancelledError: why;CancelledError: why;");
    CHECK(!cede_future_cancel(future, NULL));
    CHECK_RAISES(cede_InvalidStateError, set_owned(future));
    CHECK(cede_future_done(future) && cede_future_cancelled(future));
}

TEST(F02_a_result_belongs_to_the_future_and_to_each_who_asks)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);
    cede_auto (cede_value, first, drop_value) = cede_none;
    cede_auto (cede_value, second, drop_value) = cede_none;

    cede_future_set_result(future, cede_str_copy("owned"));
    first = cede_future_result(future);
    second = cede_future_result(future);
    CHECK_STR(cede_value_str(first), "owned");
    CHECK_STR(cede_value_str(second), "owned");
}

/* --- callbacks --- */

TEST(F03_remove_done_callback)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "a");
    cede_future_add_done_callback(future, also_called, "b");
    cede_future_add_done_callback(future, called, "a");
    CHECK_INT(cede_future_remove_done_callback(future, called), 2);
    CHECK_INT(cede_future_remove_done_callback(future, called), 0);
    cede_future_set_result(future, 0);
    cede_loop_run_until_complete(loop, cede_ref(future));
    CHECK_STR(said(), "also b;");
}

static cede_value removes_others_only(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(waits_for, future);

    (void)arg;
    cede_future_add_done_callback(future, called, "removed");
    cede_sleep(0);
    say("%zu", cede_future_remove_done_callback(future, called));
    cede_future_set_result(future, 4);
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(F03_a_task_that_awaits_is_no_callback)
{
    expect(removes_others_only, "1;got 4;");
}

TEST(F01_a_callback_is_needed)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK_RAISES(cede_TypeError,
                 cede_future_add_done_callback(future, NULL, NULL));
}

TEST(F04_stop_iteration_becomes_runtime_error)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);
    cede_auto (cede_exception *, stop, drop) =
        cede_exception(cede_StopIteration, NULL);
    cede_exception *error;

    cede_future_set_exception(future, stop);
    error = cede_future_exception(future);
    CHECK_STR(cede_exception_name(error), "RuntimeError");
    CHECK(cede_exception_cause(error) == stop);
}

TEST(F04_what_is_no_exception)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK_RAISES(cede_TypeError, cede_future_set_exception(future, (cede_exception *)NULL));
    CHECK_RAISES(cede_TypeError, cede_future_set_exception(
                                     future, (cede_exception *)future));
    CHECK(!cede_future_done(future));
}

/* --- exceptions nobody asks for --- */

static void fail_and_forget(cede_loop *loop)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    set_error(future, "lost");
}

static void fail_and_look(cede_loop *loop)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    set_error(future, "seen");
    cede_future_exception(future);
}

static void fail_and_ask(cede_loop *loop)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    set_error(future, "raised");
    CHECK_RAISES(cede_ValueError, cede_future_result(future));
}

static void fail_and_cancel(cede_loop *loop)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    set_error(future, "given up");
    CHECK(!cede_future_cancel(future, NULL));
}

static void cancel_and_forget(cede_loop *loop)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_cancel(future, NULL);
}

TEST(F05_exception_never_retrieved)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_loop_set_exception_handler(loop, note, NULL);
    fail_and_forget(loop);
    CHECK_STR(said(), "Future exception was never retrieved: lost;");
    fail_and_look(loop);
    fail_and_ask(loop);
    fail_and_cancel(loop); /* as CPython: who cancels has given it up */
    cancel_and_forget(loop);
    cede_unref(cede_loop_create_future(loop));
    CHECK_STR(said(), "");
}

TEST(F05_reported_though_the_loop_is_closed)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_loop_set_exception_handler(loop, note, NULL);
    set_error(future, "lost");
    cede_loop_close(loop);
    CHECK_STR(said(), "");
    cede_unref(future);
    future = NULL;
    CHECK_STR(said(), "Future exception was never retrieved: lost;");
}

/* --- awaiting --- */

static cede_value other(void *arg)
{
    (void)arg;
    say("other");
    return cede_none;
}

static cede_value f06(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_task *, task, drop) = cede_create_task(other, NULL);

    (void)arg;
    cede_future_set_result(future, 5);
    cede_task_cancel(cede_current_task(), NULL);
    say("%d before other",
        (int)cede_value_int(cede_await(cede_ref(future))));
    cede_task_uncancel(cede_current_task());
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(F06_awaiting_what_is_done_does_not_suspend)
{
    expect(f06, "5 before other;other;");
}

struct waiter {
    int number;
    cede_future *future;
};

static cede_value waits(void *arg)
{
    struct waiter *waiter = arg;

    cede_try {
        cede_await(cede_ref(waiter->future));
    } cede_except (cede_ValueError, e) {
        say("%d %d", waiter->number,
            e == cede_future_exception(waiter->future));
    } cede_end
    return cede_none;
}

static cede_value f07(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task_with(waits, (struct waiter){i, future}));
    cede_sleep(0);
    set_error(future, "x");
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(F07_awaiters_resume_in_order)
{
    expect(f07, "0 1;1 1;2 1;");
}

static void raises(cede_future *future, void *arg)
{
    (void)future;
    (void)arg;
    cede_raise(cede_KeyError, "in callback");
}

static cede_value f08(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    note_reports();
    cede_future_add_done_callback(future, raises, NULL);
    cede_future_add_done_callback(future, called, "next");
    cede_future_set_result(future, 0);
    cede_sleep(0);
    return cede_none;
}

TEST(F08_a_failing_callback_is_reported)
{
    expect(f08, "Exception in callback: 'in callback';cb next;");
}

static void exits(cede_future *future, void *arg)
{
    (void)future;
    (void)arg;
    cede_raise(cede_SystemExit);
}

static cede_value l11(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, exits, NULL);
    cede_future_set_result(future, 0);
    cede_try {
        cede_sleep(1);
    } cede_except (cede_CancelledError, e) {
        say("left at %g", now());
        cede_reraise();
    } cede_end
    return cede_none;
}

TEST(L11_system_exit_of_a_callback)
{
    cede_defer (dismiss, &kept);

    CHECK_RAISES(cede_SystemExit, cede_run_simulated(l11, NULL));
    CHECK_STR(said(), "left at 0;");
}

static cede_value f09(void *foreign)
{
    cede_try {
        cede_await(cede_ref((cede_future *)foreign));
    } cede_except (cede_RuntimeError, e) {
        say("%s", strstr(cede_exception_message(e), "attached"));
    } cede_end
    return cede_none;
}

TEST(F09_future_of_another_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_run_simulated(f09, future);
    CHECK_STR(said(), "attached to a different loop;");
}

static cede_value awaits(void *future)
{
    cede_try {
        cede_await(cede_ref((cede_future *)future));
    } cede_except (cede_CancelledError, e) {
        say("%s %u", cede_exception_message(e),
            cede_task_cancelling(cede_current_task()));
    } cede_end
    return cede_none;
}

static cede_value f10(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(awaits, future);

    (void)arg;
    cede_sleep(0);
    cede_future_cancel(future, "gone");
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(F10_F11_cancelling_a_future_reaches_its_awaiter)
{
    expect(f10, "gone 0;");
}

/* --- callbacks that change the list --- */

static void adds_and_removes(cede_future *future, void *name)
{
    say("%s removes %zu", (char *)name,
        cede_future_remove_done_callback(future, called));
    cede_future_add_done_callback(future, also_called, "added");
}

static cede_value f15(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, adds_and_removes, "first");
    cede_future_add_done_callback(future, called, "second");
    cede_future_set_result(future, 0);
    cede_sleep(0);
    say("-");
    cede_sleep(0);
    return cede_none;
}

/* All were scheduled when the future was done: none can be taken back. */
TEST(F15_a_callback_may_change_the_list)
{
    expect(f15, "first removes 0;cb second;-;also added;");
}

static void gives_the_future_up(cede_future *future, void *held)
{
    cede_unref(*(cede_future **)held);
    *(cede_future **)held = NULL;
    say("done %d", cede_future_done(future));
}

static cede_value released_in_callback(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, gives_the_future_up, &future);
    cede_future_add_done_callback(future, called, "next");
    cede_future_set_result(future, 0);
    cede_sleep(0);
    return cede_none;
}

TEST(F15_a_callback_may_give_the_future_up, .shuffle = false)
{
    expect(released_in_callback, "done 1;cb next;");
}

TEST(a_pending_future_is_given_up_with_its_callbacks)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "never");
    cede_future_add_done_callback(future, also_called, "never");
    CHECK(!cede_future_done(future));
}

/* --- the end of the loop --- */

TEST(callbacks_of_a_closed_loop_are_dropped)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "never");
    cede_future_set_result(future, 1);
    cede_loop_close(loop);
    CHECK_STR(said(), "");
}

static void set_ok(cede_future *future)
{
    cede_future_set_result(future, 1);
}

/* Nobody could be told. */
TEST(L07_a_future_of_a_closed_loop_cannot_end)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "never");
    cede_loop_close(loop);
    CHECK_RAISES(cede_RuntimeError, set_ok(future));
    CHECK_RAISES(cede_RuntimeError, set_owned(future));
    CHECK_RAISES(cede_RuntimeError, set_error(future, "x"));
    CHECK_RAISES(cede_RuntimeError, cede_future_cancel(future, NULL));
    CHECK_RAISES(cede_RuntimeError,
                 cede_future_add_done_callback(future, called, "never"));
    CHECK(!cede_future_done(future));
    CHECK_INT(cede_future_remove_done_callback(future, called), 1);
}

TEST(L07_a_done_future_outlives_its_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_future_set_result(future, 6);
    cede_loop_close(loop);
    CHECK_INT(cede_value_int(cede_future_result(future)), 6);
    CHECK(!cede_future_cancel(future, NULL)); /* F02 */
}

TEST(what_cannot_be_awaited)
{
    cede_auto (cede_exception *, error, drop) =
        cede_exception(cede_ValueError, NULL);

    CHECK_RAISES(cede_TypeError, cede_await(NULL));
    CHECK_RAISES(cede_TypeError, cede_await(cede_ref(error)));
    CHECK_RAISES(cede_TypeError, cede_future_cancel(NULL, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_future_cancel((cede_future *)error, NULL));
}

static cede_value returns_seven(void *future)
{
    return cede_await(cede_ref((cede_future *)future));
}

/* Where there is no task, nothing may suspend; what is done need not. */
TEST(awaiting_outside_a_task)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK_RAISES(cede_RuntimeError, returns_seven(future));
    cede_future_set_result(future, 7);
    CHECK_INT(cede_value_int(returns_seven(future)), 7);
}

/* --- E19: exceptions and their tracebacks go through futures --- */

static cede_value fails_with_a_context(void *arg)
{
    (void)arg;
    cede_try {
        cede_raise(cede_KeyError, "first");
    } cede_except (cede_KeyError, e) {
        cede_raise_from(cede_ValueError, e, "second");
    } cede_end
    return cede_none;
}

static cede_value awaits_it(void *task)
{
    return cede_await(cede_ref((cede_task *)task));
}

static void say_frames(const cede_exception *e)
{
    cede_location frames[16];
    size_t count = cede_extract_tb(e, frames, 16);

    for (size_t i = 0; i < count && i < 16; i++)
        say("%s", frames[i].function);
}

static cede_value e19(void *arg)
{
    cede_auto (cede_task *, failing, drop) =
        cede_create_task(fails_with_a_context, NULL);
    cede_auto (cede_task *, outer, drop) = cede_create_task(awaits_it, failing);

    (void)arg;
    cede_try {
        cede_await(cede_ref(outer));
    } cede_except (cede_ValueError, e) {
        say("%d %d", e == cede_task_exception(failing),
            e == cede_task_exception(outer));
        say("%s %s", cede_exception_name(cede_exception_cause(e)),
            cede_exception_name(cede_exception_context(e)));
        say_frames(e);
    } cede_end
    return cede_none;
}

TEST(E19_chain_and_traceback_survive_futures)
{
    expect(e19, "1 1;KeyError KeyError;"
                "e19;awaits_it;fails_with_a_context;");
}

/* --- the loop behind them --- */

static cede_future *made_inside;

static cede_value makes_a_future(void *unused)
{
    (void)unused;
    made_inside = cede_loop_create_future(NULL);
    return cede_none;
}

static cede_value uses_both_sides(void *argument)
{
    cede_loop *loop = argument;
    cede_future *before = cede_loop_create_future(loop);
    cede_task *task;
    cede_keep(before);

    cede_try {
        cede_loop_call_soon(loop, cede_unref, before);
        before = NULL;
        cede_loop_run_once(loop, 0);
        task = cede_loop_create_task(loop, makes_a_future, NULL);
        cede_loop_run_until_complete(loop, task);
    } cede_finally {
        cede_unref(before);
    } cede_end
    return cede_none;
}

/* While a loop runs its thread counts references apart: what was taken before
   is given up inside, and what was taken inside outlives the run. */
TEST(F01_a_loop_lives_as_long_as_its_futures)
{
    cede_loop *loop = cede_loop_new();
    cede_exception *error;

    made_inside = NULL;
    error = cede_catch(uses_both_sides, loop, NULL);
    cede_loop_close(loop);
    cede_unref(loop);
    if (made_inside)
        CHECK(!cede_future_done(made_inside));
    cede_unref(made_inside);
    if (error) {
        cede_defer (cede_unref, error);

        cede_raise(error);
    }
}

static void say_repr(cede_future *future)
{
    cede_value text = cede_repr(future);

    cede_defer (cede_value_clear, &text);
    say("%s", cede_value_str(text));
}

static cede_value sleeps_long(void *arg)
{
    cede_sleep(100);
    return cede_pointer(arg);
}

static cede_value returns_text(void *arg)
{
    (void)arg;
    return cede_str("done");
}

static cede_value looks(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, failed, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, cancelled, drop) = cede_loop_create_future(NULL);
    cede_task *task = cede_create_task(sleeps_long, NULL, .name = "long");
    cede_defer (cede_unref, task);

    (void)arg;
    say_repr(future);
    cede_future_set_result(future, cede_tuple(1, "r"));
    say_repr(future);
    cede_future_set_exception(failed, cede_KeyError, "k");
    say_repr(failed);
    cede_future_exception(failed);
    cede_future_cancel(cancelled, "why");
    say_repr(cancelled);
    cede_sleep(0);
    say_repr(cede_task_future(task));
    cede_task_cancel(task, NULL);
    say_repr(cede_task_future(task));
    cede_sleep(0);
    say_repr(cede_task_future(task));
    return cede_none;
}

/* Reports say the same but for the outcome. */
TEST(T17_futures_and_tasks_show_their_state_and_outcome, .shuffle = false)
{
    expect(looks, "<Future pending>;<Future finished result=(1, 'r')>;"
                  "<Future finished exception=KeyError('k')>;"
                  "<Future cancelled>;"
                  "<Task pending name='long' coro=<sleeps_long()>>;"
                  "<Task cancelling name='long' coro=<sleeps_long()>>;"
                  "<Task cancelled name='long' coro=<sleeps_long()>>;");
}

static cede_value shows_a_result(void *arg)
{
    cede_task *task = cede_create_task(returns_text, NULL, .name = "short");
    cede_defer (cede_unref, task);

    (void)arg;
    cede_sleep(0);
    say_repr(cede_task_future(task));
    return cede_none;
}

TEST(T17_a_task_shows_what_it_returned, .shuffle = false)
{
    expect(shows_a_result,
           "<Task finished name='short' coro=<returns_text()> result='done'>;");
}
