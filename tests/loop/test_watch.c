/*
 * test_watch.c - debug mode: slow callbacks, and the places in reports
 *
 * Time is virtual: a slow callback is one that moves the clock itself.
 */
#include "world.h"

#include <math.h>
#include <unistd.h>

#include "cede/log.h"

/* --- what is logged --- */

static void log_to_world(cede_log_level level, const char *text, void *argument)
{
    CHECK_PTR(argument, &world);
    say("%d{%s}", (int)level, text);
}

static void log_to_stderr(void *unused)
{
    (void)unused;
    cede_set_log_handler(NULL, NULL);
}

#define OPEN_DEBUG_WORLD()                                                     \
    OPEN_WORLD();                                                              \
    cede_loop_set_debug(world.loop, true);                                     \
    cede_set_log_handler(log_to_world, &world);                                \
    cede_defer (log_to_stderr, NULL)

/* Moves the clock by so many milliseconds. */
static void take_ms(void *milliseconds)
{
    world.time.now += (intptr_t)milliseconds * 1000000;
}

static void *ms(intptr_t count)
{
    return (void *)count;
}

/* --- L18 --- */

TEST(L18_a_slow_callback_is_reported_with_its_name_and_place)
{
    char expected[256];
    int line;

    OPEN_DEBUG_WORLD();
    cede_loop_call_soon(world.loop, take_ms, ms(150)), line = __LINE__;
    cede_loop_call_soon(world.loop, stop, NULL);
    cede_loop_run_forever(world.loop);
    snprintf(expected, sizeof expected,
             "30{Executing <Handle take_ms() created at %s:%d> took 0.150 "
             "seconds}",
             __FILE__, line);
    if (!harness_torturing())
        CHECK_STR(world.log, expected);
}

TEST(L18_slow_is_from_a_tenth_of_a_second_on)
{
    OPEN_DEBUG_WORLD();
    CHECK_FLOAT(cede_loop_get_slow_callback_duration(world.loop), 0.1);
    cede_loop_call_soon(world.loop, take_ms, ms(99));
    cede_loop_call_soon(world.loop, take_ms, ms(0));
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("");
    cede_loop_call_soon(world.loop, take_ms, ms(100));
    cede_loop_call_soon(world.loop, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_CONTAINS(world.log, "took 0.100 seconds");
}

TEST(L18_slow_is_what_you_say)
{
    OPEN_DEBUG_WORLD();
    cede_loop_set_slow_callback_duration(world.loop, 0.02);
    CHECK_FLOAT(cede_loop_get_slow_callback_duration(world.loop), 0.02);
    cede_loop_call_soon(world.loop, take_ms, ms(19));
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("");
    cede_loop_call_soon(world.loop, take_ms, ms(20));
    cede_loop_call_soon(world.loop, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_CONTAINS(world.log, "took 0.020 seconds");
    CHECK_RAISES_WITH(cede_ValueError,
                      "a duration is 0 seconds or more, not -1",
                      cede_loop_set_slow_callback_duration(world.loop, -1));
    CHECK_RAISES(cede_ValueError,
                 cede_loop_set_slow_callback_duration(world.loop, NAN));
}

TEST(L18_without_debug_mode_nobody_looks)
{
    OPEN_DEBUG_WORLD();
    cede_loop_set_debug(world.loop, false);
    CHECK(!cede_loop_get_debug(world.loop));
    cede_loop_call_soon(world.loop, take_ms, ms(500));
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("");
}

static void turn_debug_off(void *unused)
{
    (void)unused;
    take_ms(ms(500));
    cede_loop_set_debug(world.loop, false);
}

TEST(L18_debug_mode_may_end_in_a_callback)
{
    OPEN_DEBUG_WORLD();
    cede_loop_call_soon(world.loop, turn_debug_off, NULL);
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("");
}

static void cancel_own(void *handle)
{
    cede_handle_cancel(*(cede_handle **)handle);
    take_ms(ms(200));
}

/* What ran may be gone when it is told of. */
TEST(L18_timers_readers_and_cancelled_handles_are_told_of)
{
    cede_handle *handle;
    int ends[2];

    OPEN_DEBUG_WORLD();
    REQUIRE(pipe(ends) == 0);
    REQUIRE(write(ends[1], "x", 1) == 1);
    cede_try {
        cede_loop_call_at(world.loop, 1.5, take_ms, ms(200));
        handle = cede_loop_call_later(world.loop, 2.5, cancel_own, &handle);
        cede_loop_call_later(world.loop, 3, stop, NULL);
        cede_loop_run_forever(world.loop);
        CHECK_CONTAINS(world.log, "<TimerHandle when=1.5 take_ms() created at");
        CHECK_CONTAINS(world.log,
                       "<TimerHandle cancelled when=2.5 cancel_own()");
        cede_loop_set_debug(world.loop, false);
        cede_loop_set_debug(world.loop, true);
        world.log[0] = '\0';
        cede_loop_add_reader(world.loop, ends[0], take_ms, ms(300));
        cede_loop_call_soon(world.loop, stop, NULL);
        cede_loop_run_forever(world.loop);
        CHECK_CONTAINS(world.log, "<Handle take_ms() created at");
        CHECK_CONTAINS(world.log, "took 0.300 seconds");
    } cede_finally {
        cede_loop_remove_reader(world.loop, ends[0]);
        close(ends[0]);
        close(ends[1]);
    } cede_end
}

static void leave(void *unused)
{
    (void)unused;
    take_ms(ms(400));
    cede_raise(cede_SystemExit);
}

/* L11: as without debug mode, the rest stays queued. */
TEST(L11_in_debug_mode_too_the_rest_stays_queued, .shuffle = false)
{
    OPEN_DEBUG_WORLD();
    cede_loop_call_soon(world.loop, leave, NULL);
    cede_loop_call_soon(world.loop, speak, "kept");
    CHECK_RAISES(cede_SystemExit, cede_loop_run_forever(world.loop));
    CHECK_CONTAINS(world.log, "<Handle leave() created at");
    world.log[0] = '\0';
    cede_loop_stop(world.loop);
    CHECK_RUN("kept");
}

TEST(by_its_address_a_function_has_no_name_to_tell)
{
    cede_handle *(*call_soon)(cede_loop *, cede_callback, void *) =
        cede_loop_call_soon;
    void (*call_soon_threadsafe)(cede_loop *, cede_callback, void *) =
        cede_loop_call_soon_threadsafe;
    cede_handle *(*call_later)(cede_loop *, double, cede_callback, void *) =
        cede_loop_call_later;
    cede_handle *(*call_at)(cede_loop *, double, cede_callback, void *) =
        cede_loop_call_at;

    OPEN_DEBUG_WORLD();
    call_soon(world.loop, take_ms, ms(200));
    call_soon_threadsafe(world.loop, speak, "threadsafe");
    call_later(world.loop, 1, speak, "later");
    call_at(world.loop, 2, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_TRACE(world.log,
                "30{Executing <Handle> took 0.200 seconds} threadsafe later");
}

/* --- L29 --- */

static void report_is(const char *part)
{
    cede_loop_call_soon(world.loop, raise_value_error, "oops");
    cede_loop_call_soon(world.loop, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_CONTAINS(world.log, part);
}

TEST(L29_reports_say_where_a_handle_was_created)
{
    OPEN_DEBUG_WORLD();
    report_is("40{Exception in callback\n"
              "handle: <Handle raise_value_error() created at " __FILE__ ":");
}

TEST(L29_without_debug_mode_only_what_it_calls)
{
    OPEN_DEBUG_WORLD();
    cede_loop_set_debug(world.loop, false);
    report_is("handle: <Handle raise_value_error()>\nTraceback");
}

/* --- the switch --- */

TEST(debug_mode_is_off_unless_asked_for)
{
    cede_loop_options on = {.debug = 1};

    {
        world.loop = cede_loop_new();
        cede_defer (close_world, &world);
        CHECK(!cede_loop_get_debug(world.loop));
        cede_loop_set_debug(world.loop, true);
        CHECK(cede_loop_get_debug(world.loop));
    }
    world.loop = cede_loop_new_with(&on);
    cede_defer (close_world, &world);
    CHECK(cede_loop_get_debug(world.loop));
}

static void show_debug(void *options)
{
    world.loop = cede_loop_new_with(options);
    cede_defer (close_world, &world);
    printf("%d", cede_loop_get_debug(world.loop));
}

/* A process of its own: the environment is read once. */
TEST(cede_debug_in_the_environment_turns_it_on, .torture = false)
{
    cede_loop_options off = {.debug = -1};
    char output[256];

    setenv("CEDE_DEBUG", "1", 1);
    harness_fork(show_debug, NULL, output, sizeof output);
    CHECK_STR(output, "1");
    harness_fork(show_debug, &off, output, sizeof output);
    CHECK_STR(output, "0");
    setenv("CEDE_DEBUG", "0", 1);
    harness_fork(show_debug, NULL, output, sizeof output);
    CHECK_STR(output, "0");
}
