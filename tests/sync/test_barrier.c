/*
 * Barriers. Tasks that are cancelled while they wait for others to come are in
 * test_cancel_points.c too.
 */
#include "task/world.h"

#include "cede/barrier.h"
#include "cede/cancel_scope.h"
#include "cede/print.h"

static cede_barrier *barrier;

static void new_barrier(int parties)
{
    barrier = keep(cede_barrier_new(parties));
}

static void say_barrier(void)
{
    cede_value text = cede_repr(barrier);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value comes(void *name)
{
    cede_try {
        size_t index = cede_barrier_wait(barrier);

        say("%s %zu", (char *)name, index);
    } cede_except (cede_BrokenBarrierError, e) {
        say("%s: %s", (char *)name, cede_exception_message(e));
    } cede_end
    return cede_none;
}

static cede_task *start(const char *name)
{
    return keep(cede_create_task(comes, (void *)name));
}

/* --- generations --- */

static cede_value two_generations(void *arg)
{
    (void)arg;
    new_barrier(3);
    say_barrier();
    start("a");
    start("b");
    cede_sleep(0);
    say_barrier();
    say("%zu %zu", cede_barrier_n_waiting(barrier),
        cede_barrier_parties(barrier));
    start("c");
    start("d"); /* comes before a and b have left */
    start("e");
    start("f");
    turns(4);
    say_barrier();
    return cede_none;
}

TEST(P09_each_generation_has_its_indices, .shuffle = false)
{
    expect(two_generations,
           "<Barrier [filling, waiters:0/3]>;<Barrier [filling, waiters:2/3]>;"
           "2 3;c 2;a 0;b 1;f 2;d 0;e 1;<Barrier [filling, waiters:0/3]>;");
}

static void say_state(void *arg)
{
    (void)arg;
    say_barrier();
}

static cede_value drains(void *arg)
{
    (void)arg;
    new_barrier(2);
    start("a");
    cede_sleep(0);
    start("b");
    cede_loop_call_soon(cede_get_running_loop(), say_state, NULL);
    turns(2);
    return cede_none;
}

TEST(P09_while_it_drains_nobody_waits_inside, .shuffle = false)
{
    expect(drains, "b 1;<Barrier [draining, waiters:0/2]>;a 0;");
}

static cede_value for_one(void *arg)
{
    (void)arg;
    new_barrier(1);
    comes("a");
    comes("a");
    cede_with (inside, cede_ref(barrier)) {
        say_barrier();
    } cede_end
    return cede_none;
}

TEST(P09_a_barrier_for_one_never_waits)
{
    expect(for_one, "a 0;a 0;<Barrier [filling, waiters:0/1]>;");
}

TEST(P09_a_barrier_for_nobody)
{
    CHECK_RAISES(cede_ValueError, cede_unref(cede_barrier_new(0)));
    CHECK_RAISES(cede_ValueError, cede_unref(cede_barrier_new(-1)));
}

/* --- cancelled tasks --- */

/* b came second, but is the first of the three who fill the barrier: indices
   stay different. */
static cede_value cancelled_in_filling(void *arg)
{
    cede_task *a;

    (void)arg;
    new_barrier(3);
    a = start("a");
    start("b");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    turns(1);
    say("%zu", cede_barrier_n_waiting(barrier));
    start("c");
    start("d");
    turns(3);
    return cede_none;
}

TEST(P12_a_cancelled_party_leaves_its_place, .shuffle = false)
{
    expect(cancelled_in_filling, "1;d 2;b 0;c 1;");
}

static cede_value cancelled_in_draining(void *arg)
{
    cede_task *a;

    (void)arg;
    new_barrier(3);
    a = start("a");
    start("b");
    cede_sleep(0);
    comes("main");
    cede_task_cancel(a, NULL);
    turns(3);
    say_barrier();
    return cede_none;
}

TEST(P12_a_party_cancelled_on_its_way_out, .shuffle = false)
{
    expect(cancelled_in_draining,
           "main 2;b 1;<Barrier [filling, waiters:0/3]>;");
}

/* a and b come while x is still inside, and a is cancelled then. */
static cede_task *outside;

static void cancel_outside(void *arg)
{
    (void)arg;
    cede_task_cancel(outside, NULL);
    say_barrier();
}

static cede_value cancelled_outside(void *arg)
{
    (void)arg;
    new_barrier(2);
    start("x");
    cede_sleep(0);
    outside = start("a");
    start("b");
    cede_loop_call_soon(cede_get_running_loop(), cancel_outside, NULL);
    comes("main");
    turns(3);
    say("%d", cede_task_cancelled(outside));
    say_barrier();
    comes("main");
    turns(3);
    return cede_none;
}

TEST(P12_cancelled_while_it_waits_for_others_to_leave, .shuffle = false)
{
    expect(cancelled_outside,
           "main 1;<Barrier [draining, waiters:0/2]>;x 0;1;"
           "<Barrier [filling, waiters:1/2]>;main 1;b 0;");
}

/* The same after x has left and a was woken. */
static cede_value cancelled_outside_woken(void *arg)
{
    (void)arg;
    new_barrier(2);
    start("x");
    cede_sleep(0);
    outside = start("a");
    start("b");
    comes("main");
    cede_sleep(0); /* x has left */
    cede_task_cancel(outside, NULL);
    turns(3);
    say("%d", cede_task_cancelled(outside));
    say_barrier();
    comes("main");
    turns(3);
    return cede_none;
}

TEST(P12_cancelled_when_it_might_come_in, .shuffle = false)
{
    expect(cancelled_outside_woken, "main 1;x 0;1;"
                                    "<Barrier [filling, waiters:1/2]>;"
                                    "main 1;b 0;");
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    new_barrier(2);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        comes("main");
    } cede_end
    say_barrier();
    return cede_none;
}

TEST(Z04_nobody_comes_in_a_cancelled_scope)
{
    expect(in_cancelled_scope, "<Barrier [filling, waiters:0/2]>;");
}

/* --- reset and abort --- */

static cede_value is_reset(void *arg)
{
    (void)arg;
    new_barrier(3);
    start("a");
    start("b");
    cede_sleep(0);
    cede_barrier_reset(barrier);
    say_barrier();
    start("c"); /* waits until those have left, and is not broken */
    turns(3);
    say_barrier();
    cede_barrier_reset(barrier);
    turns(2);
    return cede_none;
}

TEST(P09_reset_breaks_those_inside, .shuffle = false)
{
    expect(is_reset, "<Barrier [resetting, waiters:0/3]>;"
                     "a: Abort or reset of barrier;"
                     "b: Abort or reset of barrier;"
                     "<Barrier [filling, waiters:1/3]>;"
                     "c: Abort or reset of barrier;");
}

static cede_value is_aborted(void *arg)
{
    (void)arg;
    new_barrier(2);
    start("a");
    cede_sleep(0);
    cede_barrier_abort(barrier);
    say("%d", cede_barrier_broken(barrier));
    turns(2);
    say_barrier();
    comes("main");
    cede_barrier_reset(barrier);
    say_barrier();
    start("b");
    cede_sleep(0);
    comes("main");
    turns(2);
    return cede_none;
}

TEST(P09_abort_breaks_until_the_next_reset, .shuffle = false)
{
    expect(is_aborted, "1;a: Abort or reset of barrier;<Barrier [broken]>;"
                       "main: Barrier aborted;"
                       "<Barrier [filling, waiters:0/2]>;main 1;b 0;");
}

/* Those who were let out already, but have not run, hear of it too. */
static cede_value aborted_in_draining(void *arg)
{
    (void)arg;
    new_barrier(2);
    start("a");
    cede_sleep(0);
    start("late");
    comes("main");
    cede_loop_call_soon(cede_get_running_loop(),
                        cede_barrier_abort, barrier);
    turns(4);
    say_barrier();
    cede_barrier_reset(barrier);
    start("b");
    cede_sleep(0);
    cede_barrier_reset(barrier); /* while b is inside */
    cede_barrier_abort(barrier);
    cede_barrier_reset(barrier);
    turns(2);
    say_barrier();
    return cede_none;
}

TEST(P09_abort_and_reset_in_a_row, .shuffle = false)
{
    expect(aborted_in_draining, "main 1;a 0;late: Barrier aborted;"
                                "<Barrier [broken]>;"
                                "b: Abort or reset of barrier;"
                                "<Barrier [filling, waiters:0/2]>;");
}

static cede_value waits_and_ends(void *arg)
{
    (void)arg;
    start("a");
    cede_sleep(0);
    return cede_none;
}

TEST(P13_a_barrier_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    new_barrier(2);
    cede_run_simulated(waits_and_ends, NULL);
    CHECK_RAISES(cede_RuntimeError, cede_run_simulated(comes, "b"));
    CHECK_INT(cede_barrier_n_waiting(barrier), 0);
}
