/*
 * test_report.c - exceptions nobody caught
 */
#include "world.h"

static void note_context(cede_loop *loop,
                         const cede_exception_handler_context *context,
                         void *argument)
{
    CHECK_PTR(loop, world.loop);
    CHECK_PTR(argument, &world);
    say("[%s", context->message);
    if (context->exception != NULL)
        say("%s: %s", cede_exception_name(context->exception),
            cede_exception_message(context->exception));
    say("%s]", context->handle != NULL ? "handle" : "no-handle");
}

TEST(L09_an_exception_goes_to_the_handler_and_the_loop_goes_on)
{
    OPEN_WORLD();
    CHECK(cede_loop_get_exception_handler(world.loop) == NULL);
    cede_loop_set_exception_handler(world.loop, note_context, &world);
    CHECK(cede_loop_get_exception_handler(world.loop) == note_context);
    cede_loop_call_soon(world.loop, raise_value_error, "oops");
    cede_loop_call_soon(world.loop, speak, "continues");
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("[Exception in callback ValueError: oops handle] continues");
}

static void raise_cancelled(void *unused)
{
    (void)unused;
    cede_raise(cede_CancelledError, "no task");
}

TEST(L09_other_base_exceptions_are_reported_too)
{
    OPEN_WORLD();
    cede_loop_set_exception_handler(world.loop, note_context, &world);
    cede_loop_call_soon(world.loop, raise_cancelled, NULL);
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("[Exception in callback CancelledError: no task handle]");
}

static void run(void *unused)
{
    (void)unused;
    cede_loop_run_forever(world.loop);
}

TEST(L09_the_default_handler_writes_to_stderr)
{
    char output[4096];

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, raise_value_error, "oops");
    cede_loop_call_later(world.loop, 2.5, raise_value_error, "later");
    cede_loop_call_later(world.loop, 3, stop, NULL);
    harness_capture(run, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Exception in callback\n"
                           "handle: <Handle raise_value_error()>\n"
                           "Traceback (most recent call last):\n");
    CHECK_CONTAINS(output, "in raise_value_error");
    CHECK_CONTAINS(output, "\nValueError: oops\n");
    CHECK_CONTAINS(output, "\nhandle: <TimerHandle when=2.5 "
                           "raise_value_error()>\n");
    CHECK_CONTAINS(output, "\nValueError: later\n");
}

static void report_original(void *unused)
{
    (void)unused;
    cede_loop_call_exception_handler(
        world.loop, &(cede_exception_handler_context){.message = "original"});
}

TEST(a_context_without_an_exception_is_its_message)
{
    char output[256];

    OPEN_WORLD();
    harness_capture(report_original, NULL, output, sizeof output);
    CHECK_STR(output, "original\n");
}

static void bad_handler(cede_loop *loop,
                        const cede_exception_handler_context *context,
                        void *argument)
{
    (void)loop;
    (void)context;
    (void)argument;
    cede_raise(cede_KeyError, "handler bug");
}

TEST(L10_a_failing_handler_is_reported_with_the_original_context)
{
    char output[4096];

    OPEN_WORLD();
    cede_loop_set_exception_handler(world.loop, bad_handler, NULL);
    harness_capture(report_original, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Unhandled error in exception handler\n"
                           "context: {'message': 'original'}\nTraceback");
    CHECK_CONTAINS(output, "KeyError: 'handler bug'\n");
}

TEST(L10_the_loop_survives_a_failing_handler)
{
    char output[4096];

    OPEN_WORLD();
    cede_loop_set_exception_handler(world.loop, bad_handler, NULL);
    cede_loop_call_soon(world.loop, raise_value_error, "oops");
    cede_loop_call_soon(world.loop, speak, "survived");
    cede_loop_call_soon(world.loop, stop, NULL);
    harness_capture(run, NULL, output, sizeof output);
    CHECK_STR(world.log, "survived");
    CHECK_CONTAINS(output,
                   "context: {'message': 'Exception in callback', 'exception': "
                   "ValueError('oops'), 'handle': <Handle "
                   "raise_value_error()>}\n");
}

static void exit_handler(cede_loop *loop,
                         const cede_exception_handler_context *context,
                         void *argument)
{
    (void)loop;
    (void)context;
    (void)argument;
    cede_raise(cede_SystemExit);
}

TEST(L11_a_handler_may_leave_the_loop, .shuffle = false)
{
    OPEN_WORLD();
    cede_loop_set_exception_handler(world.loop, exit_handler, NULL);
    cede_loop_call_soon(world.loop, raise_value_error, "oops");
    cede_loop_call_soon(world.loop, speak, "kept");
    CHECK_RAISES(cede_SystemExit, cede_loop_run_forever(world.loop));
    CHECK_STR(world.log, "");
    CHECK_RAISES(cede_SystemExit, report_original(NULL));
    cede_loop_stop(world.loop);
    CHECK_RUN("kept");
}

TEST(the_default_handler_comes_back)
{
    char output[256];

    OPEN_WORLD();
    cede_loop_set_exception_handler(world.loop, bad_handler, NULL);
    cede_loop_set_exception_handler(world.loop, NULL, NULL);
    harness_capture(report_original, NULL, output, sizeof output);
    CHECK_STR(output, "original\n");
}
