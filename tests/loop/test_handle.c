/*
 * test_handle.c - callbacks: cancelling them, keeping them
 */
#include "loop/loop.h"
#include "world.h"

static cede_handle *target;

static void cancel_target(void *unused)
{
    (void)unused;
    say("cancels");
    cede_handle_cancel(target);
    cede_handle_cancel(target);
    CHECK(cede_handle_cancelled(target));
}

TEST(L03_cancel_before_and_during_the_same_iteration, .shuffle = false)
{
    cede_handle *handle;

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, cancel_target, NULL);
    target = cede_loop_call_soon(world.loop, speak, "b");
    handle = cede_loop_call_soon(world.loop, speak, "c");
    CHECK(!cede_handle_cancelled(handle));
    cede_handle_cancel(handle);
    cede_handle_cancel(handle);
    CHECK(cede_handle_cancelled(handle));
    handle = cede_loop_call_later(world.loop, 0, speak, "t");
    cede_handle_cancel(handle);
    CHECK(cede_handle_cancelled(handle));
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("cancels");
}

TEST(L03_a_due_timer_can_still_be_cancelled_by_a_callback_before_it,
     .shuffle = false)
{
    OPEN_WORLD();
    cede_loop_call_at(world.loop, 1, cancel_target, NULL);
    target = cede_loop_call_at(world.loop, 1, speak, "too late");
    cede_loop_call_at(world.loop, 2, stop, NULL);
    CHECK_RUN("cancels");
}

TEST(L03_a_cancelled_timer_may_be_looked_at_until_the_next_iteration)
{
    OPEN_WORLD();
    target = cede_loop_call_later(world.loop, 5, speak, "never");
    cede_loop_call_soon(world.loop, cancel_target, NULL);
    cede_loop_call_later(world.loop, 6, stop, NULL);
    CHECK_RUN("cancels");
}

static void cancel_itself(void *unused)
{
    (void)unused;
    cede_handle_cancel(target);
    say("ran");
}

TEST(L03_a_callback_may_cancel_its_own_handle)
{
    OPEN_WORLD();
    target = cede_loop_call_soon(world.loop, cancel_itself, NULL);
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("ran");
}

TEST(a_kept_handle_outlives_its_call)
{
    cede_handle *handle;

    OPEN_WORLD();
    handle = cede_ref(cede_loop_call_soon(world.loop, speak, "ran"));
    cede_defer (cede_unref, handle);
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("ran");
    CHECK(!cede_handle_cancelled(handle));
    cede_handle_cancel(handle);
    CHECK(cede_handle_cancelled(handle));
    CHECK_FLOAT(cede_handle_when(handle), 0);
}

TEST(when_is_the_deadline)
{
    OPEN_WORLD();
    world.time.now = 2000000000;
    CHECK_FLOAT(
        cede_handle_when(cede_loop_call_later(world.loop, 1.5, nothing, NULL)),
        3.5);
    CHECK_FLOAT(
        cede_handle_when(cede_loop_call_at(world.loop, 7, nothing, NULL)), 7);
    CHECK_FLOAT(
        cede_handle_when(cede_loop_call_soon(world.loop, nothing, NULL)), 0);
}

TEST(L21_cancelled_timers_leave_nothing_behind, .torture = false)
{
    OPEN_WORLD();
    for (int i = 0; i < 5000; i++)
        cede_handle_cancel(
            cede_loop_call_later(world.loop, 1 + i % 7, speak, "never"));
    CHECK_INT(world.loop->timers.count, 0);
    CHECK(world.loop->timers.capacity <= 256);
    cede_loop_call_later(world.loop, 20, stop, NULL);
    CHECK_RUN("");
}

static int calls;

static void count_call(void *unused)
{
    (void)unused;
    calls++;
}

TEST(L03_random_cancels_agree_with_a_model, .torture = false)
{
    enum { COUNT = 3000 };
    static cede_handle *handles[COUNT];
    unsigned seed = 7;
    int expected = COUNT;

    OPEN_WORLD();
    for (int i = 0; i < COUNT; i++)
        handles[i] = cede_ref(
            i % 3 ? cede_loop_call_later(world.loop, rand_r(&seed) % 100,
                                         count_call, NULL)
                  : cede_loop_call_soon(world.loop, count_call, NULL));
    for (int i = 0; i < COUNT; i++)
        if (rand_r(&seed) % 2) {
            cede_handle_cancel(handles[i]);
            expected--;
        }
    cede_loop_call_later(world.loop, 100, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_INT(calls, expected);
    for (int i = 0; i < COUNT; i++)
        cede_unref(handles[i]);
}
