/*
 * Locks, and what all objects of this room have in common: to which loop they
 * belong, how they look, who holds them. Waits that are cancelled are in
 * test_cancel_points.c.
 */
#include "task/world.h"

#include <pthread.h>

#include "cede/cancel_scope.h"
#include "cede/lock.h"
#include "cede/lowlevel.h"
#include "cede/print.h"
#include "cede/semaphore.h"

static cede_lock *lock;

static void say_lock(void)
{
    cede_value text = cede_repr(lock);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

/* A new lock for the scenario, kept as long as its tasks may use it. */
static void new_lock(void)
{
    lock = keep(cede_lock_new());
}

static cede_value goes_in(void *name)
{
    cede_with (held, cede_ref(lock)) {
        say("%s", (char *)name);
        cede_sleep(0);
    } cede_end
    return cede_none;
}

/* --- whose turn it is --- */

static cede_value goes_in_twice(void *name)
{
    goes_in(name);
    return goes_in(name);
}

static cede_value three_go_in_twice(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    new_lock();
    join(&crew, cede_create_task(goes_in_twice, "a"));
    join(&crew, cede_create_task(goes_in_twice, "b"));
    join(&crew, cede_create_task(goes_in_twice, "c"));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(P01_who_releases_it_queues_behind_those_who_wait)
{
    expect(three_go_in_twice, "a;b;c;a;b;c;");
}

static cede_value comes_late(void *arg)
{
    cede_auto (cede_task *, a, drop) = NULL;
    cede_auto (cede_task *, b, drop) = NULL;

    (void)arg;
    new_lock();
    cede_lock_acquire(lock);
    a = cede_create_task(goes_in, "a");
    cede_sleep(0);
    b = cede_create_task(goes_in, "b");
    cede_lock_release(lock); /* a is woken and has not run */
    cede_lock_acquire(lock); /* behind a and b */
    say("main");
    cede_lock_release(lock);
    cede_await(cede_ref(a));
    cede_await(cede_ref(b));
    return cede_none;
}

TEST(P01_a_lock_that_is_promised_is_not_free)
{
    expect(comes_late, "a;main;b;");
}

/* Who releases a lock while the only one that waits is being cancelled finds
   nobody: it is free then, also for the one that comes first. */
static cede_value nobody_to_wake(void *arg)
{
    cede_auto (cede_task *, a, drop) = NULL;

    (void)arg;
    new_lock();
    cede_lock_acquire(lock);
    a = cede_create_task(goes_in, "a");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    cede_lock_release(lock);
    cede_lock_acquire(lock);
    say("main");
    cede_lock_release(lock);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(a)));
    say_lock();
    return cede_none;
}

TEST(P02_a_lock_nobody_waits_for_is_free)
{
    expect(nobody_to_wake, "main;<Lock [unlocked]>;");
}

/* --- locked and free --- */

static void append(void *word)
{
    say("%s", (char *)word);
}

static cede_value takes_what_is_free(void *arg)
{
    (void)arg;
    new_lock();
    cede_loop_call_soon(cede_get_running_loop(), append, "others");
    say("%d", cede_lock_acquire(lock));
    cede_lock_release(lock);
    cede_with (held, cede_ref(lock)) {
        say("%d", cede_lock_locked(held));
    } cede_end
    say("%d", cede_lock_locked(lock));
    cede_sleep(0);
    return cede_none;
}

TEST(P10_P14_a_free_lock_is_taken_at_once)
{
    expect(takes_what_is_free, "1;1;0;others;");
}

static cede_value released_not_taken(void *arg)
{
    cede_auto (cede_task *, a, drop) = NULL;

    (void)arg;
    new_lock();
    cede_lock_acquire(lock);
    a = cede_create_task(goes_in, "a");
    cede_sleep(0);
    say_lock();
    cede_lock_release(lock);
    say("%d", cede_lock_locked(lock));
    say_lock();
    cede_sleep(0);
    say("%d", cede_lock_locked(lock));
    say_lock();
    cede_await(cede_ref(a));
    return cede_none;
}

TEST(P03_not_locked_until_the_woken_task_runs, .shuffle = false)
{
    expect(released_not_taken, "<Lock [locked, waiters:1]>;0;"
                               "<Lock [unlocked, waiters:1]>;a;1;"
                               "<Lock [locked]>;");
}

TEST(P03_release_of_a_lock_nobody_has)
{
    cede_auto (cede_lock *, free_lock, drop) = cede_lock_new();

    cede_try {
        cede_lock_release(free_lock);
        CHECK(false);
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e), "Lock is not acquired.");
    } cede_end
    cede_lock_acquire(free_lock); /* needs no loop as long as it is free */
    cede_lock_release(free_lock);
    CHECK_RAISES(cede_RuntimeError, cede_lock_release(free_lock));
}

TEST(a_lock_that_is_taken_cannot_be_waited_for_outside_a_task)
{
    cede_auto (cede_lock *, taken, drop) = cede_lock_new();

    cede_lock_acquire(taken);
    CHECK_RAISES(cede_RuntimeError, cede_lock_acquire(taken));
    cede_lock_release(taken);
    CHECK(!cede_lock_locked(taken));
}

static cede_value fails_inside(void *arg)
{
    (void)arg;
    new_lock();
    cede_try {
        cede_with (held, cede_ref(lock)) {
            cede_raise(cede_ValueError, "x");
        } cede_end
    } cede_except (cede_ValueError) {
        say_lock();
    } cede_end
    return cede_none;
}

TEST(the_block_releases_it_when_it_fails)
{
    expect(fails_inside, "<Lock [unlocked]>;");
}

/* --- the budget and cancelled scopes --- */

static cede_value greedy(void *arg)
{
    (void)arg;
    for (int i = 0; i < 150; i++) {
        cede_lock_acquire(lock);
        cede_lock_release(lock);
    }
    say("greedy done");
    return cede_none;
}

static cede_value greedy_first(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    new_lock();
    join(&crew, cede_create_task(greedy, NULL));
    join(&crew, cede_create_task(goes_in, "modest"));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(Z17_who_never_waits_lets_others_run)
{
    expect(greedy_first, "modest;greedy done;");
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    new_lock();
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_try {
            cede_lock_acquire(lock);
        } cede_finally {
            say_lock();
        } cede_end
    } cede_end
    return cede_none;
}

TEST(Z04_a_free_lock_is_not_taken_in_a_cancelled_scope)
{
    expect(in_cancelled_scope, "<Lock [unlocked]>;");
}

/* --- loops and threads --- */

static cede_value contends(void *arg)
{
    cede_auto (cede_task *, a, drop) = NULL;

    (void)arg;
    cede_lock_acquire(lock);
    a = cede_create_task(goes_in, "a");
    cede_sleep(0);
    cede_lock_release(lock);
    cede_await(cede_ref(a));
    return cede_none;
}

static cede_value contends_elsewhere(void *arg)
{
    (void)arg;
    cede_lock_acquire(lock); /* is free: any loop may */
    cede_try {
        cede_lock_acquire(lock);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_lock_release(lock);
    say_lock();
    return cede_none;
}

TEST(P13_a_lock_belongs_to_the_loop_it_was_first_waited_for_in,
     .shuffle = false)
{
    lock = cede_lock_new();
    cede_defer (cede_unref, lock);

    cede_run_simulated(contends, NULL);
    cede_run_simulated(contends_elsewhere, NULL);
    CHECK_STR(said(), "a;<Lock [locked]> is bound to a different event loop;"
                      "<Lock [unlocked]>;");
}

static cede_value taken_and_released(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        goes_in("in");
    return cede_none;
}

TEST(P13_without_waiting_it_belongs_to_no_loop)
{
    lock = cede_lock_new();
    cede_defer (cede_unref, lock);

    cede_run_simulated(taken_and_released, NULL);
    cede_run_simulated(contends, NULL);
    CHECK_STR(said(), "in;in;in;a;");
}

static char refused[256];

static cede_value release_it(void *arg)
{
    (void)arg;
    cede_lock_release(lock);
    return cede_none;
}

static void *releases_from_thread(void *arg)
{
    cede_exception *error = cede_catch(release_it, NULL, NULL);

    (void)arg;
    if (error)
        snprintf(refused, sizeof refused, "%s", cede_exception_message(error));
    cede_unref(error);
    return NULL;
}

static cede_value thread_releases(void *arg)
{
    cede_auto (cede_task *, a, drop) = NULL;
    pthread_t thread;

    (void)arg;
    new_lock();
    cede_lock_acquire(lock);
    a = cede_create_task(goes_in, "a");
    cede_sleep(0);
    if (pthread_create(&thread, NULL, releases_from_thread, NULL) == 0)
        pthread_join(thread, NULL);
    say_lock();
    cede_lock_release(lock);
    cede_await(cede_ref(a));
    return cede_none;
}

TEST(another_thread_may_not_wake, .shuffle = false)
{
    expect(thread_releases, "<Lock [locked, waiters:1]>;a;");
    if (!harness_torturing())
        CHECK_CONTAINS(refused, "Non-thread-safe operation");
}

/* --- lives --- */

static cede_value waits_for_given(void *given)
{
    cede_lock_acquire(given);
    say("taken");
    return cede_none;
}

static cede_value given_up(void *arg)
{
    cede_auto (cede_lock *, mine, drop) = cede_lock_new();
    cede_auto (cede_task *, a, drop) = NULL;

    (void)arg;
    cede_lock_acquire(mine);
    a = keep(cede_create_task(waits_for_given, mine));
    cede_ref(a);
    cede_sleep(0);
    cede_lock_release(mine);
    cede_unref(mine); /* the last but the one of the task that waits */
    mine = NULL;
    cede_await(cede_ref(a));
    return cede_none;
}

TEST(who_waits_keeps_the_lock_alive, .shuffle = false)
{
    expect(given_up, "taken;");
}

static cede_value leaves_a_waiter(void *arg)
{
    (void)arg;
    new_lock();
    cede_lock_acquire(lock);
    keep(cede_create_task(goes_in, "a"));
    keep(cede_create_task(goes_in, "b"));
    cede_sleep(0);
    return cede_none;
}

/* cede_run cancels them; and a loop that is closed ends them where they are. */
TEST(T14_the_end_of_the_loop_ends_the_wait)
{
    expect(leaves_a_waiter, "");
}

static cede_value start_waiters(void *arg)
{
    cede_lock_acquire(lock);
    join(arg, cede_create_task(goes_in, "a"));
    join(arg, cede_create_task(goes_in, "b"));
    cede_sleep(0);
    return cede_none;
}

static void quiet(cede_loop *loop,
                  const cede_exception_handler_context *context, void *argument)
{
    (void)loop;
    (void)context;
    (void)argument;
}

TEST(T14_a_closed_loop_leaves_nobody_in_the_queue)
{
    struct crew crew = {.count = 0};
    cede_auto (cede_lock *, mine, drop) = cede_lock_new();

    lock = mine;
    {
        cede_auto (cede_loop *, loop, shut) = cede_loop_new();
        cede_defer (dismiss, &crew);

        cede_loop_set_exception_handler(loop, quiet, NULL);
        cede_loop_run_until_complete(
            loop, cede_loop_create_task(loop, start_waiters, &crew));
        cede_loop_close(loop);
        cede_unref(loop);
        loop = NULL;
    }
    say_lock();
    cede_lock_release(lock);
    say_lock();
    CHECK_STR(said(), "<Lock [locked]>;<Lock [unlocked]>;");
}
