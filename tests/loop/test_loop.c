/*
 * test_loop.c - the order of an iteration, runs, stops and refusals
 */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/fault.h"
#include "loop/loop.h"
#include "world.h"

/* --- L01: first in, first out --- */

static void a_then_more(void *unused)
{
    (void)unused;
    say("a");
    cede_loop_call_soon(world.loop, speak, "from-a");
}

static void b_then_more(void *unused)
{
    (void)unused;
    say("b");
    cede_loop_call_soon(world.loop, speak, "from-b");
    cede_loop_call_soon(world.loop, stop, NULL);
}

TEST(L01_call_soon_is_fifo_and_new_ones_run_next_iteration)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, a_then_more, NULL);
    cede_loop_call_soon(world.loop, b_then_more, NULL);
    cede_loop_call_soon(world.loop, speak, "c");
    CHECK_RUN("a b c from-a from-b");
}

/* --- L02: timers --- */

TEST(L02_timers_run_in_order_of_deadline)
{
    OPEN_WORLD();
    cede_loop_call_later(world.loop, 3, speak_time, "c");
    cede_loop_call_later(world.loop, 1, speak_time, "a");
    cede_loop_call_later(world.loop, 2, speak_time, "b");
    cede_loop_call_later(world.loop, 0, speak_time, "zero");
    cede_loop_call_later(world.loop, -5, speak_time, "neg");
    cede_loop_call_soon(world.loop, speak, "soon");
    cede_loop_call_at(world.loop, 3.5, stop, NULL);
    CHECK_RUN("soon neg@0 zero@0 a@1 b@2 c@3");
}

static void later_and_soon(void *unused)
{
    (void)unused;
    cede_loop_call_later(world.loop, 0, speak, "timer");
    cede_loop_call_soon(world.loop, speak, "soon");
    cede_loop_call_soon(world.loop, stop, NULL);
}

TEST(L02_zero_delay_fires_in_the_next_iteration_after_call_soon)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, later_and_soon, NULL);
    CHECK_RUN("soon timer");
}

/* A clock of its own that counts how often it is asked. */
static int64_t asked;

static int64_t counting_now(void *unused)
{
    (void)unused;
    return ++asked;
}

TEST(L02_zero_delay_fires_next_iteration_on_a_moving_clock_too,
     .torture = false)
{
    cede_clock clock = {.now = counting_now};
    cede_loop_options options = {.clock = &clock};

    world.loop = cede_loop_new_with(&options);
    cede_defer (close_world, &world);
    cede_loop_call_soon(world.loop, later_and_soon, NULL);
    CHECK_RUN("soon timer");
}

TEST(L14_equal_deadlines_are_fifo)
{
    static char names[20][4];

    OPEN_WORLD();
    for (int i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "%d", i);
        cede_loop_call_at(world.loop, 7, speak, names[i]);
    }
    cede_loop_call_at(world.loop, 7, stop, NULL);
    CHECK_RUN("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
}

/* --- L04, L05: stopping --- */

static void stop_and_schedule(void *unused)
{
    (void)unused;
    say("stop");
    cede_loop_stop(world.loop);
    cede_loop_call_soon(world.loop, speak, "next-run");
}

TEST(L04_stop_lets_the_iteration_finish)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, stop_and_schedule, NULL);
    cede_loop_call_soon(world.loop, speak, "ready");
    CHECK_RUN("stop ready");
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("next-run");
}

static void one_then_two(void *unused)
{
    (void)unused;
    say("one");
    cede_loop_call_soon(world.loop, speak, "two");
}

TEST(L05_stopped_before_running_runs_one_iteration)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, one_then_two, NULL);
    cede_loop_stop(world.loop);
    CHECK_RUN("one");
    cede_loop_stop(world.loop);
    CHECK_RUN("two");
}

TEST(L05_an_empty_loop_stopped_before_running_does_not_wait)
{
    OPEN_WORLD();
    cede_loop_call_later(world.loop, 5, speak, "not yet");
    cede_loop_stop(world.loop);
    CHECK_RUN("");
    CHECK_FLOAT(cede_loop_time(world.loop), 0);
}

/* --- L07: closing --- */

TEST(L07_a_closed_loop_refuses)
{
    const char *closed = "Event loop is closed";

    OPEN_WORLD();
    CHECK(!cede_loop_is_closed(world.loop));
    cede_loop_close(world.loop);
    CHECK(cede_loop_is_closed(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_call_soon(world.loop, nothing, NULL));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_call_later(world.loop, 1, nothing, NULL));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_call_at(world.loop, 1, nothing, NULL));
    CHECK_RAISES_WITH(
        cede_RuntimeError, closed,
        cede_loop_call_soon_threadsafe(world.loop, nothing, NULL));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_run_forever(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_run_once(world.loop, 0));
    CHECK_RAISES_WITH(cede_RuntimeError, closed, cede_loop_fd(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_add_reader(world.loop, 0, nothing, NULL));
    CHECK_RAISES_WITH(cede_RuntimeError, closed,
                      cede_loop_add_signal_handler(world.loop, SIGUSR1, nothing,
                                                   NULL));
    CHECK(!cede_loop_remove_reader(world.loop, 0));
    CHECK(!cede_loop_remove_signal_handler(world.loop, SIGUSR1));
}

TEST(L07_closing_twice_is_fine)
{
    OPEN_WORLD();
    cede_loop_close(world.loop);
    cede_loop_close(world.loop);
    CHECK(cede_loop_is_closed(world.loop));
}

static void close_inside(void *unused)
{
    (void)unused;
    CHECK_RAISES_WITH(cede_RuntimeError, "Cannot close a running event loop",
                      cede_loop_close(world.loop));
    say("still here");
    cede_loop_stop(world.loop);
}

TEST(L07_a_running_loop_cannot_be_closed)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, close_inside, NULL);
    CHECK_RUN("still here");
}

TEST(L07_closing_drops_what_is_scheduled)
{
    cede_handle *kept;

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, speak, "soon");
    cede_loop_call_later(world.loop, 1, speak, "later");
    cede_loop_call_soon_threadsafe(world.loop, speak, "threadsafe");
    cede_handle_cancel(cede_loop_call_later(world.loop, 1, speak, "cancelled"));
    kept = cede_ref(cede_loop_call_later(world.loop, 2, speak, "kept"));
    cede_defer (cede_unref, kept);
    cede_loop_close(world.loop);
    CHECK_STR(world.log, "");
    /* A handle outlives its loop. */
    CHECK_FLOAT(cede_handle_when(kept), 2);
    cede_handle_cancel(kept);
    CHECK(cede_handle_cancelled(kept));
}

static void close_and_drop(void *unused)
{
    cede_loop *loop = cede_loop_new();

    (void)unused;
    cede_loop_close(loop);
    cede_unref(loop);
}

static void drop_reference(void *unused)
{
    (void)unused;
    cede_unref(world.loop);
    cede_loop_stop(cede_get_running_loop());
}

static void run_and_drop(void *unused)
{
    (void)unused;
    world.loop = cede_loop_new();
    cede_try {
        cede_loop_call_soon(world.loop, drop_reference, NULL);
    } cede_except (cede_BaseException, e) {
        close_world(&world);
        cede_raise(e);
    } cede_end;
    cede_loop_run_forever(world.loop);
    world.loop = NULL;
}

TEST(L30_an_unclosed_loop_is_closed_with_a_warning)
{
    char output[256];

    /* A run keeps the loop alive whose last reference a callback gives up. */
    harness_capture(run_and_drop, NULL, output, sizeof output);
    CHECK_STR(output, "ResourceWarning: unclosed event loop <EventLoop "
                      "running=False closed=False debug=False>\n");
    harness_capture(close_and_drop, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

/* --- L08, L28: one running loop per thread --- */

static void run_again(void *unused)
{
    cede_loop *other = cede_loop_new();

    (void)unused;
    cede_defer (cede_unref, other);
    cede_defer (cede_loop_close, other);
    CHECK_PTR(cede_get_running_loop(), world.loop);
    CHECK_RAISES_WITH(cede_RuntimeError, "This event loop is already running",
                      cede_loop_run_forever(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, "This event loop is already running",
                      cede_loop_run_once(world.loop, 0));
    CHECK_RAISES_WITH(
        cede_RuntimeError,
        "Cannot run the event loop while another loop is running",
        cede_loop_run_forever(other));
    /* The refused run has left the running one alone. */
    CHECK_PTR(cede_get_running_loop(), world.loop);
    CHECK(cede_loop_is_running(world.loop));
    CHECK(!cede_loop_is_running(other));
    say("checked");
    cede_loop_stop(world.loop);
}

TEST(L08_a_running_loop_cannot_be_run_nor_another_in_its_thread)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, run_again, NULL);
    CHECK_RUN("checked");
}

TEST(L28_outside_a_run_there_is_no_running_loop)
{
    OPEN_WORLD();
    CHECK_RAISES_WITH(cede_RuntimeError, "no running event loop",
                      cede_get_running_loop());
    CHECK(!cede_loop_is_running(world.loop));
    cede_loop_stop(world.loop);
    cede_loop_run_forever(world.loop);
    CHECK_RAISES_WITH(cede_RuntimeError, "no running event loop",
                      cede_get_running_loop());
    CHECK(!cede_loop_is_running(world.loop));
}

/* --- L11: what leaves run_forever --- */

static void exit_three(void *unused)
{
    cede_exception *e = cede_exception(cede_SystemExit, NULL);

    (void)unused;
    cede_defer (cede_unref, e);
    cede_exception_set_value(e, cede_int(3));
    cede_raise(e);
}

static void names_no_loop(void)
{
    CHECK(cede_loop_time(NULL) == cede_loop_time(world.loop));
    cede_loop_call_at(NULL, 2, speak, "at-2");
    cede_loop_call_later(NULL, 1, speak, "later");
    cede_loop_call_soon(NULL, speak, "soon");
    cede_loop_call_later(NULL, 3, stop, NULL);
}

TEST(NULL_is_the_running_loop)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, names_no_loop);
    CHECK_RUN("soon later at-2");
    CHECK_RAISES(cede_RuntimeError, cede_loop_time(NULL));
    CHECK_RAISES(cede_RuntimeError, cede_loop_call_soon(NULL, stop, NULL));
    CHECK_RAISES(cede_RuntimeError, cede_loop_call_later(NULL, 1, stop, NULL));
    CHECK_RAISES(cede_RuntimeError, cede_loop_call_at(NULL, 1, stop, NULL));
}

TEST(who_schedules_where_no_loop_runs_is_named)
{
    cede_location first;

    cede_try {
        cede_loop_call_soon(NULL, stop, NULL);
        CHECK(!"scheduled");
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e), "no running event loop");
        CHECK(cede_extract_tb(e, &first, 1) >= 1);
        CHECK(strstr(first.file, "test_loop.c"));
        CHECK_STR(first.function, __func__);
    } cede_end
}

TEST(L11_system_exit_leaves_at_once_and_keeps_the_queue, .shuffle = false)
{
    volatile int status = -1;

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, exit_three, NULL);
    cede_loop_call_soon(world.loop, speak, "stays");
    cede_loop_call_soon(world.loop, speak, "queued");
    cede_try {
        cede_loop_run_forever(world.loop);
    } cede_except (cede_SystemExit, e) {
        status = cede_exception_exit_status(e);
    } cede_end;
    CHECK_INT(status, 3);
    CHECK(!cede_loop_is_running(world.loop));
    CHECK(!cede_loop_is_closed(world.loop));
    CHECK_STR(world.log, "");
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("stays queued");
}

static void soon_and_interrupt(void *unused)
{
    (void)unused;
    cede_loop_call_soon(world.loop, speak, "new");
    cede_raise(cede_KeyboardInterrupt);
}

TEST(L11_the_rest_of_the_iteration_stays_before_what_came_since)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, soon_and_interrupt, NULL);
    cede_loop_call_soon(world.loop, speak, "old");
    CHECK_RAISES(cede_KeyboardInterrupt, cede_loop_run_forever(world.loop));
    cede_loop_stop(world.loop);
    CHECK_RUN("old new");
}

static void stop_and_interrupt(void *unused)
{
    (void)unused;
    cede_loop_stop(world.loop);
    cede_raise(cede_KeyboardInterrupt);
}

TEST(L11_an_interrupted_run_forgets_its_stop)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, stop_and_interrupt, NULL);
    CHECK_RAISES(cede_KeyboardInterrupt, cede_loop_run_forever(world.loop));
    cede_loop_call_later(world.loop, 1, speak, "not stopped");
    cede_loop_call_later(world.loop, 2, stop, NULL);
    CHECK_RUN("not stopped");
}

/* --- L17: the wrong thread --- */

static void *call_from_thread(void *unused)
{
    const char *message = "Non-thread-safe operation invoked on an event loop "
                          "other than the current one";

    (void)unused;
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_call_soon(world.loop, speak, "wrong"));
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_call_later(world.loop, 1, speak, "wrong"));
    CHECK_RAISES_WITH(cede_RuntimeError, message, cede_loop_stop(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, message, cede_loop_time(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_set_debug(world.loop, true));
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_set_slow_callback_duration(world.loop, 1));
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_set_exception_handler(world.loop, NULL, NULL));
    CHECK_RAISES_WITH(cede_RuntimeError, message,
                      cede_loop_call_exception_handler(
                          world.loop, &(cede_exception_handler_context){
                                          .message = "wrong"}));
    CHECK_RAISES_WITH(cede_RuntimeError, "This event loop is already running",
                      cede_loop_run_forever(world.loop));
    CHECK_RAISES_WITH(cede_RuntimeError, "no running event loop",
                      cede_get_running_loop());
    CHECK(cede_loop_is_running(world.loop));
    return NULL;
}

static void join_thread(void *unused)
{
    pthread_t thread;

    (void)unused;
    CHECK_INT(pthread_create(&thread, NULL, call_from_thread, NULL), 0);
    pthread_join(thread, NULL);
    cede_loop_stop(world.loop);
}

TEST(L17_another_thread_than_the_running_one_is_refused, .torture = false)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, join_thread, NULL);
    CHECK_RUN("");
}

/* --- L20: time --- */

static void check_deadline(void *pointer)
{
    CHECK_FLOAT(cede_loop_time(world.loop), *(double *)pointer);
    say("fired");
}

TEST(L20_call_later_is_call_at_time_plus_delay)
{
    double when;
    cede_handle *later, *at;

    OPEN_WORLD();
    world.time.now = INT64_C(123456789012345);
    when = cede_loop_time(world.loop) + 2.25;
    later = cede_loop_call_later(world.loop, 2.25, check_deadline, &when);
    at = cede_loop_call_at(world.loop, when, check_deadline, &when);
    CHECK(cede_handle_when(later) == cede_handle_when(at));
    cede_loop_call_at(world.loop, when, stop, NULL);
    CHECK_RUN("fired fired");
}

TEST(L20_the_real_clock_never_goes_back, .torture = false)
{
    cede_loop *loop = cede_loop_new();
    double last = 0;

    cede_defer (cede_unref, loop);
    cede_defer (cede_loop_close, loop);
    for (int i = 0; i < 1000; i++) {
        double now = cede_loop_time(loop);

        CHECK(now >= last);
        last = now;
    }
}

TEST(delays_that_are_no_numbers_are_refused)
{
    OPEN_WORLD();
    CHECK_RAISES(cede_ValueError,
                 cede_loop_call_later(world.loop, NAN, nothing, NULL));
    CHECK_RAISES(cede_ValueError,
                 cede_loop_call_at(world.loop, NAN, nothing, NULL));
    CHECK_RAISES(cede_ValueError, cede_loop_run_once(world.loop, NAN));
}

/* A coroutine function is no callback either, which compilers tell. */
TEST(L24_what_cannot_be_called_is_refused)
{
    OPEN_WORLD();
    CHECK_RAISES_WITH(cede_TypeError,
                      "a callback object was expected, got NULL",
                      cede_loop_call_soon(world.loop, (cede_callback)NULL, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_loop_call_later(world.loop, 1, (cede_callback)NULL, NULL));
    CHECK_RAISES(cede_TypeError, cede_loop_call_at(world.loop, 1, (cede_callback)NULL, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_loop_call_soon_threadsafe(world.loop, (cede_callback)NULL, NULL));
    CHECK(cede_loop_timeout(world.loop) == INFINITY || harness_torturing());
}

TEST(L23_endless_delays_never_fire_and_huge_ones_do_not_overflow,
     .torture = false)
{
    OPEN_WORLD();
    cede_loop_call_later(world.loop, INFINITY, speak, "never");
    cede_loop_call_later(world.loop, 1e300, speak, "never");
    cede_loop_call_later(world.loop, -INFINITY, speak, "first");
    cede_loop_call_later(world.loop, -1e300, speak, "second");
    cede_loop_stop(world.loop);
    CHECK_RUN("first second");
    CHECK(isinf(cede_loop_timeout(world.loop)));
    CHECK(cede_loop_run_once(world.loop, 100));
    CHECK_STR(world.log, "");
    CHECK_FLOAT(cede_loop_time(world.loop), 100);
}

/* --- L22: resolution --- */

TEST(L22_timers_within_the_clocks_resolution_fire_now, .shuffle = false)
{
    cede_clock clock = cede_virtual_clock(&world.time);
    cede_loop_options options = {.clock = &clock};

    clock.resolution = 1000000;
    world.loop = cede_loop_new_with(&options);
    cede_defer (close_world, &world);
    cede_loop_call_at(world.loop, 1, speak, "a");
    cede_loop_call_at(world.loop, 1.0009999, speak, "b");
    cede_loop_call_at(world.loop, 1.001, speak, "c");
    cede_loop_run_once(world.loop, INFINITY);
    CHECK_STR(world.log, "a b");
    cede_loop_run_once(world.loop, INFINITY);
    CHECK_STR(world.log, "a b c");
}

/* --- L23, run_once, timeout, fd --- */

TEST(L23_timeout_is_zero_when_ready_then_the_deadline_then_endless,
     .torture = false)
{
    cede_handle *timer;

    OPEN_WORLD();
    CHECK(isinf(cede_loop_timeout(world.loop)));
    timer = cede_loop_call_later(world.loop, 1.5, speak, "timer");
    CHECK_FLOAT(cede_loop_timeout(world.loop), 1.5);
    world.time.now += 500000000;
    CHECK_FLOAT(cede_loop_timeout(world.loop), 1);
    cede_loop_call_soon(world.loop, nothing, NULL);
    CHECK_FLOAT(cede_loop_timeout(world.loop), 0);
    CHECK(cede_loop_run_once(world.loop, 0));
    CHECK_FLOAT(cede_loop_timeout(world.loop), 1);
    cede_handle_cancel(timer);
    CHECK(isinf(cede_loop_timeout(world.loop)));
    cede_loop_stop(world.loop);
    CHECK_FLOAT(cede_loop_timeout(world.loop), 0);
    CHECK(!cede_loop_run_once(world.loop, INFINITY));
    cede_loop_call_soon_threadsafe(world.loop, nothing, NULL);
    CHECK_FLOAT(cede_loop_timeout(world.loop), 0);
    CHECK(cede_loop_run_once(world.loop, INFINITY));
    CHECK(isinf(cede_loop_timeout(world.loop)));
}

TEST(run_once_waits_no_longer_than_told)
{
    OPEN_WORLD();
    cede_loop_call_later(world.loop, 3, speak_time, "timer");
    CHECK(cede_loop_run_once(world.loop, 0));
    CHECK_FLOAT(cede_loop_time(world.loop), 0);
    CHECK(cede_loop_run_once(world.loop, 2));
    CHECK_FLOAT(cede_loop_time(world.loop), 2);
    CHECK_STR(world.log, "");
    CHECK(cede_loop_run_once(world.loop, 2));
    CHECK_STR(world.log, "timer@3");
}

TEST(run_once_tells_of_a_stop_once)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK(!cede_loop_run_once(world.loop, 0));
    CHECK(cede_loop_run_once(world.loop, 0));
}

static bool readable(int fd)
{
    struct pollfd probe = {.fd = fd, .events = POLLIN};

    return poll(&probe, 1, 0) == 1;
}

TEST(the_descriptor_is_readable_when_there_is_something_to_do)
{
    int fd;

    open_world_with("epoll");
    cede_defer (close_world, &world);
    fd = cede_loop_fd(world.loop);
    CHECK(!readable(fd));
    cede_loop_call_soon_threadsafe(world.loop, speak, "woken");
    CHECK(readable(fd));
    cede_loop_run_once(world.loop, 0);
    CHECK_STR(world.log, "woken");
    cede_loop_run_once(world.loop, 0);
    CHECK(!readable(fd));
}

TEST(the_poll_poller_has_no_descriptor)
{
    open_world_with("poll");
    cede_defer (close_world, &world);
    CHECK_RAISES(cede_NotImplementedError, cede_loop_fd(world.loop));
}

TEST(an_unknown_poller_is_a_value_error)
{
    cede_loop_options options = {.poller = "crystal ball"};

    CHECK_RAISES_WITH(cede_ValueError, "there is no poller \"crystal ball\"",
                      cede_unref(cede_loop_new_with(&options)));
}

TEST(making_a_loop_without_descriptors_raises_and_leaves_nothing,
     .torture = false)
{
    cede_loop_options options = {.poller = "epoll"};

    for (int nth = 1; nth <= 3; nth++) {
        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, nth, 1);
        CHECK_RAISES(cede_OSError, cede_unref(cede_loop_new_with(&options)));
        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    }
}

static void fail_the_next_poll(void *unused)
{
    (void)unused;
    close(cede_loop_fd(world.loop));
}

TEST(a_poller_that_fails_ends_the_run_with_os_error, .torture = false)
{
    int fd;

    open_world_with("epoll");
    cede_defer (close_world, &world);
    fd = cede_loop_fd(world.loop);
    cede_loop_call_soon(world.loop, fail_the_next_poll, NULL);
    CHECK_RAISES(cede_OSError, cede_loop_run_forever(world.loop));
    CHECK(!cede_loop_is_running(world.loop));
    /* The loop closes the number once more, so it must be one of ours. */
    CHECK_INT(dup2(STDIN_FILENO, fd), fd);
}

/* --- decision 9: polling once per 64 callbacks, and L31 --- */

static int turns, turns_when_read;
static int ends[2];

static void keep_busy(void *unused)
{
    turns++;
    if (turns < 10000)
        cede_loop_call_soon(world.loop, keep_busy, unused);
    else
        cede_loop_stop(world.loop);
}

static void note_read(void *unused)
{
    (void)unused;
    turns_when_read = turns;
    cede_loop_remove_reader(world.loop, ends[0]);
    cede_loop_stop(world.loop);
}

static void close_ends(int *pair)
{
    close(pair[0]);
    close(pair[1]);
}

TEST(L31_busy_callbacks_do_not_starve_io, .shuffle = false, .torture = false)
{
    OPEN_WORLD();
    REQUIRE(pipe(ends) == 0);
    cede_defer (close_ends, ends);
    cede_loop_add_reader(world.loop, ends[0], note_read, NULL);
    CHECK_INT(write(ends[1], "x", 1), 1);
    cede_loop_call_soon(world.loop, keep_busy, NULL);
    cede_loop_run_forever(world.loop);
    CHECK(turns_when_read > 0);
    CHECK(turns_when_read <= CEDE__POLL_INTERVAL + 1);
}

TEST(L31_busy_callbacks_do_not_starve_timers, .torture = false)
{
    cede_clock clock = {.now = counting_now};
    cede_loop_options options = {.clock = &clock};

    world.loop = cede_loop_new_with(&options);
    cede_defer (close_world, &world);
    cede_loop_call_at(world.loop, 5e-9, stop, NULL);
    cede_loop_call_soon(world.loop, keep_busy, NULL);
    cede_loop_run_forever(world.loop);
    CHECK(turns < 10 * CEDE__POLL_INTERVAL);
}

TEST(decision_9_the_clock_is_asked_once_per_64_callbacks, .torture = false)
{
    cede_clock clock = {.now = counting_now};
    cede_loop_options options = {.clock = &clock};
    int64_t before;

    world.loop = cede_loop_new_with(&options);
    cede_defer (close_world, &world);
    cede_loop_call_at(world.loop, 1, nothing, NULL);
    cede_loop_call_soon(world.loop, keep_busy, NULL);
    before = asked;
    cede_loop_run_forever(world.loop);
    CHECK_INT(turns, 10000);
    CHECK(asked > before);
    CHECK(asked - before <= 10000 / CEDE__POLL_INTERVAL + 2);
}

/* --- L13: the order within an iteration --- */

static void read_once(void *unused)
{
    char byte;

    (void)unused;
    CHECK_INT(read(ends[0], &byte, 1), 1);
    cede_loop_remove_reader(world.loop, ends[0]);
    say("io");
}

TEST(L13_ready_then_io_then_timers)
{
    OPEN_WORLD();
    REQUIRE(pipe(ends) == 0);
    cede_defer (close_ends, ends);
    CHECK_INT(write(ends[1], "x", 1), 1);
    cede_loop_add_reader(world.loop, ends[0], read_once, NULL);
    cede_loop_call_later(world.loop, 0, speak, "timer");
    cede_loop_call_soon(world.loop, speak, "soon");
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("soon io timer");
}

/* --- the inner side --- */

struct step {
    cede__job job;
    const char *name;
};

static void run_step(cede__job *job)
{
    say("%s", cede__list_entry(job, struct step, job)->name);
}

TEST(jobs_and_callbacks_share_one_queue)
{
    struct step step = {.job = {.run = run_step}, .name = "job"};

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, speak, "before");
    cede__loop_post(world.loop, &step.job);
    cede_loop_call_soon(world.loop, speak, "after");
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("before job after");
    /* And again, for a job is nobody's once it runs. */
    cede__loop_post(world.loop, &step.job);
    cede_loop_stop(world.loop);
    CHECK_RUN("job");
}

static void note_drop(cede_loop *loop, cede__job *job)
{
    CHECK_PTR(loop, world.loop);
    say("dropped-%s", cede__list_entry(job, struct step, job)->name);
}

static void note_close(cede_loop *loop)
{
    CHECK(!cede_loop_is_closed(loop));
    say("closing");
}

TEST(closing_tells_the_floor_above)
{
    static const cede__loop_hooks hooks = {.on_close = note_close,
                                           .on_drop = note_drop};
    struct step one = {.job = {.run = run_step}, .name = "one"};
    struct step two = {.job = {.run = run_step}, .name = "two"};

    OPEN_WORLD();
    world.loop->hooks = &hooks;
    cede__loop_post(world.loop, &one.job);
    CHECK_INT(cede__loop_post_threadsafe(world.loop, &two.job), 0);
    cede_loop_close(world.loop);
    CHECK_STR(world.log, "closing dropped-one dropped-two");
    CHECK_INT(cede__loop_post_threadsafe(world.loop, &two.job), -ESHUTDOWN);
}

TEST(pending_says_whether_anything_can_happen, .torture = false)
{
    cede_handle *timer;

    OPEN_WORLD();
    CHECK(!cede__loop_pending(world.loop));
    timer = cede_loop_call_later(world.loop, INFINITY, nothing, NULL);
    CHECK(!cede__loop_pending(world.loop));
    cede_handle_cancel(timer);
    timer = cede_loop_call_later(world.loop, 1, nothing, NULL);
    CHECK(cede__loop_pending(world.loop));
    cede_handle_cancel(timer);
    CHECK(!cede__loop_pending(world.loop));
    REQUIRE(pipe(ends) == 0);
    cede_defer (close_ends, ends);
    cede_loop_add_reader(world.loop, ends[0], nothing, NULL);
    CHECK(cede__loop_pending(world.loop));
    CHECK(cede_loop_remove_reader(world.loop, ends[0]));
    CHECK(!cede__loop_pending(world.loop));
}

/* --- S20: an event loop with callbacks only --- */

static void tick(void *pointer)
{
    intptr_t number = (intptr_t)pointer;

    say("tick-%d@%g", (int)number, cede_loop_time(world.loop));
    if (number == 3)
        cede_loop_stop(world.loop);
    else
        cede_loop_call_later(world.loop, 1, tick, (void *)(number + 1));
}

TEST(S20_a_program_of_callbacks_only)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, tick, (void *)0);
    CHECK_RUN("tick-0@0 tick-1@1 tick-2@2 tick-3@3");
}
