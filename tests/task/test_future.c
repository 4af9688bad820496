/*
 * Futures: asyncio's rules F01-F15.
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
    cede_future *future = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, called, "a");
    cede_future_add_done_callback(future, called, "b");
    cede_future_set_result(future, 1);
    say("set");
    cede_future_add_done_callback(future, called, "late");
    say("end of step");
    cede_sleep(0);
    say("next iteration");
    cede_unref(future);
    return cede_none;
}

TEST(F01_callbacks_are_scheduled)
{
    expect(f01, "set;end of step;cb a;cb b;cb late;next iteration;");
}

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

static void set_again(cede_future *future)
{
    cede_future_set_result(future, 2);
}

TEST(F02_invalid_states)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    message_of(ask_result, future);
    message_of(ask_exception, future);
    cede_future_set_result(future, 1);
    CHECK_STR(said(), "InvalidStateError: Result is not set.;"
                      "InvalidStateError: Exception is not set.;");
    CHECK_RAISES(cede_InvalidStateError, set_again(future));
    CHECK(!cede_future_cancel(future, NULL));
    CHECK_INT(cede_value_int(cede_future_result(future)), 1);
    cede_unref(future);

    future = cede_loop_create_future(loop);
    CHECK(cede_future_cancel(future, "why"));
    message_of(ask_result, future);
    message_of(ask_exception, future);
    CHECK_STR(said(), "CancelledError: why;CancelledError: why;");
    CHECK(!cede_future_cancel(future, NULL));
    CHECK(cede_future_done(future) && cede_future_cancelled(future));
    cede_unref(future);
    cede_loop_close(loop);
    cede_unref(loop);
}

TEST(F03_remove_done_callback)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "a");
    cede_future_add_done_callback(future, also_called, "b");
    cede_future_add_done_callback(future, called, "a");
    CHECK_INT(cede_future_remove_done_callback(future, called), 2);
    CHECK_INT(cede_future_remove_done_callback(future, called), 0);
    cede_future_set_result(future, 0);
    cede_loop_run_until_complete(loop, future);
    CHECK_STR(said(), "also b;");
    cede_loop_close(loop);
    cede_unref(loop);
}

TEST(F04_stop_iteration_becomes_runtime_error)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);
    cede_exception *stop = cede_exception(cede_StopIteration, NULL);

    cede_future_set_exception(future, stop);
    cede_unref(stop);
    CHECK_STR(cede_exception_name(cede_future_exception(future)),
              "RuntimeError");
    cede_unref(future);
    cede_loop_close(loop);
    cede_unref(loop);
}

static void note(cede_loop *loop, const cede_exception_handler_context *context,
                 void *argument)
{
    (void)loop;
    (void)argument;
    say("%s %s", context->message,
        context->exception ? cede_exception_message(context->exception) : "-");
}

static void set_error(cede_future *future, const char *message)
{
    cede_exception *error = cede_exception(cede_ValueError, "%s", message);
    cede_defer (cede_unref, error);

    cede_future_set_exception(future, error);
}

TEST(F05_exception_never_retrieved)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future;

    cede_loop_set_exception_handler(loop, note, NULL);
    future = cede_loop_create_future(loop);
    set_error(future, "lost");
    cede_unref(future);
    CHECK_STR(said(), "Future exception was never retrieved lost;");
    future = cede_loop_create_future(loop);
    set_error(future, "seen");
    cede_future_exception(future);
    cede_unref(future);
    future = cede_loop_create_future(loop);
    cede_future_cancel(future, NULL);
    cede_unref(future);
    cede_unref(cede_loop_create_future(loop));
    CHECK_STR(said(), "");
    cede_loop_close(loop);
    cede_unref(loop);
}

static cede_value other(void *arg)
{
    (void)arg;
    say("other");
    return cede_none;
}

static cede_value f06(void *arg)
{
    cede_future *future = cede_loop_create_future(NULL);
    cede_task *task = cede_create_task(other, NULL);

    (void)arg;
    cede_future_set_result(future, 5);
    cede_task_cancel(cede_current_task(), NULL);
    say("%d before other", (int)cede_value_int(cede_await(future)));
    cede_task_uncancel(cede_current_task());
    cede_await(task);
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
    cede_future *future = cede_loop_create_future(NULL);
    cede_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = cede_create_task_with(waits, (struct waiter){i, future});
    cede_sleep(0);
    set_error(future, "x");
    cede_gather(NULL, tasks[0], tasks[1], tasks[2]);
    cede_unref(future);
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
    cede_future *future = cede_loop_create_future(NULL);

    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), note, NULL);
    cede_future_add_done_callback(future, raises, NULL);
    cede_future_add_done_callback(future, called, "next");
    cede_future_set_result(future, 0);
    cede_sleep(0);
    cede_unref(future);
    return cede_none;
}

TEST(F08_a_failing_callback_is_reported)
{
    expect(f08, "Exception in callback in callback;cb next;");
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
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    cede_run(f09, future);
    CHECK_STR(said(), "attached to a different loop;");
    cede_unref(future);
    cede_loop_close(loop);
    cede_unref(loop);
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
    cede_future *future = cede_loop_create_future(NULL);
    cede_task *task = cede_create_task(awaits, future);

    (void)arg;
    cede_sleep(0);
    cede_future_cancel(future, "gone");
    cede_await(task);
    cede_unref(future);
    return cede_none;
}

TEST(F10_F11_cancelling_a_future_reaches_its_awaiter)
{
    expect(f10, "gone 0;");
}

TEST(callbacks_of_a_closed_loop_are_dropped)
{
    cede_loop *loop = cede_loop_new();
    cede_future *future = cede_loop_create_future(loop);

    cede_future_add_done_callback(future, called, "never");
    cede_future_set_result(future, 1);
    cede_loop_close(loop);
    cede_unref(future);
    cede_unref(loop);
    CHECK_STR(said(), "");
}

TEST(what_cannot_be_awaited)
{
    CHECK_RAISES(cede_TypeError, cede_await(NULL));
    CHECK_RAISES(cede_TypeError, cede_future_cancel(NULL, NULL));
}
