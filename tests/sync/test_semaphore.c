/*
 * Semaphores. Waits that are cancelled are in test_cancel_points.c.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/print.h"
#include "cede/semaphore.h"

static cede_semaphore *semaphore;

static void say_semaphore(void)
{
    cede_value text = cede_repr(semaphore);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value takes(void *name)
{
    cede_semaphore_acquire(semaphore);
    say("%s", (char *)name);
    return cede_none;
}

static cede_task *start(const char *name)
{
    return keep(cede_create_task(takes, (void *)name));
}

/* --- whose turn it is --- */

static cede_value in_order(void *arg)
{
    (void)arg;
    semaphore = keep(cede_semaphore_new(1));
    start("a");
    start("b");
    start("c");
    cede_sleep(0);
    say_semaphore();
    cede_semaphore_release(semaphore);
    cede_semaphore_release(semaphore);
    say_semaphore();
    cede_sleep(0);
    say_semaphore();
    return cede_none;
}

TEST(P08_first_come_first_served, .shuffle = false)
{
    expect(in_order, "a;<Semaphore [locked, waiters:2]>;"
                     "<Semaphore [locked, waiters:2]>;b;c;"
                     "<Semaphore [locked]>;");
}

/* There is a unit more than those promised, but a task waits: who comes goes
   behind it, and gets it when that one has run. */
static cede_value comes_late(void *arg)
{
    (void)arg;
    semaphore = keep(cede_semaphore_new(0));
    start("a");
    cede_sleep(0);
    cede_semaphore_release(semaphore);
    cede_semaphore_release(semaphore);
    say("%d", cede_semaphore_locked(semaphore));
    takes("main");
    say_semaphore();
    return cede_none;
}

TEST(P08_nobody_goes_ahead_of_who_waits, .shuffle = false)
{
    expect(comes_late, "1;a;main;<Semaphore [locked]>;");
}

static cede_value nobody_to_wake(void *arg)
{
    cede_task *a;

    (void)arg;
    semaphore = keep(cede_semaphore_new(0));
    a = start("a");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    cede_semaphore_release(semaphore);
    takes("main"); /* at once */
    say("%d", cede_task_done(a));
    return cede_none;
}

TEST(P08_a_unit_nobody_waits_for_is_free)
{
    expect(nobody_to_wake, "main;0;");
}

/* Two units come back while two wait, and both are cancelled: c and d get
   them. */
static cede_value two_owed(void *arg)
{
    cede_task *a;
    cede_task *b;

    (void)arg;
    semaphore = keep(cede_semaphore_new(0));
    a = start("a");
    b = start("b");
    start("c");
    start("d");
    cede_sleep(0);
    cede_semaphore_release(semaphore);
    cede_semaphore_release(semaphore);
    cede_task_cancel(a, NULL);
    cede_task_cancel(b, NULL);
    turns(2);
    say_semaphore();
    return cede_none;
}

TEST(P08_units_of_cancelled_tasks_go_to_the_next, .shuffle = false)
{
    expect(two_owed, "c;d;<Semaphore [locked]>;");
}

static void append(void *word)
{
    say("%s", (char *)word);
}

static cede_value takes_what_is_free(void *arg)
{
    (void)arg;
    semaphore = keep(cede_semaphore_new(2));
    cede_loop_call_soon(cede_get_running_loop(), append, "others");
    takes("a");
    cede_with (held, cede_ref(semaphore)) {
        say_semaphore();
    } cede_end
    say_semaphore();
    cede_sleep(0);
    return cede_none;
}

TEST(P10_P14_a_free_unit_is_taken_at_once)
{
    expect(takes_what_is_free, "a;<Semaphore [locked]>;"
                               "<Semaphore [unlocked, value:1]>;others;");
}

/* --- limits --- */

static void release_too_often(cede_semaphore *bounded)
{
    cede_try {
        cede_semaphore_release(bounded);
        CHECK(false);
    } cede_except (cede_ValueError, e) {
        CHECK_STR(cede_exception_message(e),
                  "BoundedSemaphore released too many times");
    } cede_end
}

TEST(P08_a_bounded_semaphore_is_not_released_too_often)
{
    cede_auto (cede_semaphore *, bounded, drop) =
        cede_bounded_semaphore_new(2);

    release_too_often(bounded);
    cede_semaphore_acquire(bounded);
    cede_semaphore_release(bounded);
    release_too_often(bounded);
}

/* The unit is on its way to a: nobody else has one to give back. */
static cede_value released_for_a(void *arg)
{
    (void)arg;
    semaphore = keep(cede_bounded_semaphore_new(1));
    cede_semaphore_acquire(semaphore);
    start("a");
    cede_sleep(0);
    cede_semaphore_release(semaphore);
    release_too_often(semaphore);
    cede_sleep(0);
    cede_semaphore_release(semaphore);
    say_semaphore();
    return cede_none;
}

TEST(P08_a_promised_unit_counts_as_free, .shuffle = false)
{
    expect(released_for_a, "a;<BoundedSemaphore [unlocked, value:1]>;");
}

TEST(P08_a_semaphore_has_no_less_than_nothing)
{
    cede_auto (cede_semaphore *, most, drop) = cede_semaphore_new(INT64_MAX);

    CHECK_RAISES(cede_ValueError, cede_unref(cede_semaphore_new(-1)));
    CHECK_RAISES(cede_ValueError, cede_unref(cede_bounded_semaphore_new(-1)));
    CHECK_RAISES(cede_ValueError, cede_semaphore_release(most));
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    semaphore = keep(cede_semaphore_new(1));
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        takes("a");
    } cede_end
    say_semaphore();
    return cede_none;
}

TEST(Z04_no_unit_is_taken_in_a_cancelled_scope)
{
    expect(in_cancelled_scope, "<Semaphore [unlocked, value:1]>;");
}

static cede_value waits_and_ends(void *arg)
{
    (void)arg;
    start("a");
    cede_sleep(0);
    return cede_none;
}

static cede_value waits_elsewhere(void *arg)
{
    (void)arg;
    cede_semaphore_acquire(semaphore);
    return cede_none;
}

TEST(P13_a_semaphore_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    semaphore = keep(cede_semaphore_new(0));
    cede_run_simulated(waits_and_ends, NULL);
    CHECK_RAISES(cede_RuntimeError, cede_run_simulated(waits_elsewhere, NULL));
    cede_semaphore_release(semaphore);
    cede_run_simulated(waits_elsewhere, NULL);
}
