/*
 * Conditions. Tasks that are cancelled while they wait to be notified are in
 * test_cancel_points.c too.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/condition.h"
#include "cede/print.h"

static cede_condition *condition;

static void new_condition(void)
{
    condition = keep(cede_condition_new());
}

static void say_condition(void)
{
    cede_value text = cede_repr(condition);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value waits(void *name)
{
    cede_with (held, cede_ref(condition)) {
        cede_try {
            cede_condition_wait(condition);
            say("%s", (char *)name);
        } cede_except (cede_CancelledError, e) {
            say("%s cancelled%s locked %d", (char *)name,
                cede_exception_message(e), cede_condition_locked(condition));
            cede_reraise();
        } cede_end
    } cede_end
    return cede_none;
}

static cede_task *start(const char *name)
{
    return keep(cede_create_task(waits, (void *)name));
}

static void notify(size_t count)
{
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify(condition, count);
    } cede_end
}

/* --- waiting and notifying --- */

static cede_value notify_two(void *arg)
{
    (void)arg;
    new_condition();
    start("a");
    start("b");
    start("c");
    cede_sleep(0);
    say_condition();
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify(condition, 2);
        turns(2);
        say("still holding");
    } cede_end
    turns(3);
    say_condition();
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify_all(condition);
    } cede_end
    turns(2);
    notify(9); /* nobody is there */
    return cede_none;
}

TEST(P05_notify_wakes_so_many_who_go_on_with_the_lock, .shuffle = false)
{
    expect(notify_two, "<Condition [unlocked, waiters:3]>;still holding;a;b;"
                       "<Condition [unlocked, waiters:1]>;c;");
}

static void refused(void (*call)(cede_condition *), const char *message)
{
    cede_try {
        call(condition);
        CHECK(false);
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e), message);
    } cede_end
}

static void wait(cede_condition *unlocked)
{
    cede_condition_wait(unlocked);
}

static void notify_one(cede_condition *unlocked)
{
    cede_condition_notify(unlocked, 1);
}

static cede_value without_lock(void *arg)
{
    (void)arg;
    new_condition();
    refused(wait, "cannot wait on un-acquired lock");
    refused(notify_one, "cannot notify on un-acquired lock");
    refused(cede_condition_notify_all, "cannot notify on un-acquired lock");
    refused(cede_condition_release, "Lock is not acquired.");
    return cede_none;
}

TEST(P05_waiting_and_notifying_need_the_lock)
{
    expect(without_lock, "");
}

TEST(a_wait_outside_a_task_keeps_the_lock)
{
    cede_auto (cede_condition *, mine, drop) = cede_condition_new();

    cede_condition_acquire(mine);
    CHECK_RAISES(cede_RuntimeError, cede_condition_wait(mine));
    CHECK(cede_condition_locked(mine));
    cede_condition_release(mine);
}

/* --- cancelling --- */

/* The lock is main's when a is cancelled, so a has to wait for it. */
static cede_value cancelled_while_locked(void *arg)
{
    cede_task *a;

    (void)arg;
    new_condition();
    a = start("a");
    cede_sleep(0);
    cede_condition_acquire(condition);
    cede_task_cancel(a, ":first");
    turns(2);
    say("main %d", cede_condition_locked(condition));
    cede_task_cancel(a, ":second");
    turns(2);
    cede_task_cancel(a, ":third");
    turns(2);
    say("%d", cede_task_done(a));
    cede_condition_release(condition);
    turns(3);
    say_condition();
    CHECK(cede_task_cancelled(a));
    return cede_none;
}

TEST(P06_the_lock_is_taken_again_however_often_the_task_is_cancelled,
     .shuffle = false)
{
    expect(cancelled_while_locked,
           "main 1;0;a cancelled:third locked 1;<Condition [unlocked]>;");
}

/* a has been notified, runs, and is cancelled while it waits for the lock. */
static cede_value cancelled_in_reacquiring(void *arg)
{
    cede_task *a;

    (void)arg;
    new_condition();
    a = start("a");
    start("b");
    cede_sleep(0);
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify(condition, 1);
        turns(2);
        cede_task_cancel(a, NULL);
        turns(2);
    } cede_end
    turns(4);
    say_condition();
    return cede_none;
}

TEST(P06_P07_D07_notified_and_cancelled_while_it_waits_for_the_lock,
     .shuffle = false)
{
    expect(cancelled_in_reacquiring,
           "a cancelled locked 1;b;<Condition [unlocked]>;");
}

/* The same, and the lock is woken for it already. */
static cede_value cancelled_when_its_turn_comes(void *arg)
{
    cede_task *a;

    (void)arg;
    new_condition();
    a = start("a");
    start("b");
    cede_sleep(0);
    cede_condition_acquire(condition);
    cede_condition_notify(condition, 1);
    turns(2);
    cede_condition_release(condition);
    cede_task_cancel(a, NULL);
    turns(5);
    say_condition();
    return cede_none;
}

TEST(P06_P07_D07_cancelled_when_the_lock_is_promised_to_it, .shuffle = false)
{
    expect(cancelled_when_its_turn_comes,
           "a cancelled locked 1;b;<Condition [unlocked]>;");
}

/* One that was not notified has nothing to pass on. */
static cede_value cancelled_unnotified(void *arg)
{
    cede_task *a;
    cede_task *b;

    (void)arg;
    new_condition();
    a = start("a");
    b = start("b");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    turns(5);
    say("%d", cede_task_done(b));
    notify(1);
    turns(3);
    return cede_none;
}

TEST(D07_nothing_is_passed_on_without_a_notification, .shuffle = false)
{
    expect(cancelled_unnotified, "a cancelled locked 1;0;b;");
}

static cede_cancel_scope *scope_of_waiter;

/* It is not there when its task could not begin. */
static void cancel_scope(void)
{
    if (scope_of_waiter)
        cede_cancel_scope_cancel(scope_of_waiter);
}

static cede_value waits_in_scope(void *name)
{
    cede_cancel_scope (scope) {
        scope_of_waiter = scope;
        waits(name);
    } cede_finally {
        scope_of_waiter = NULL;
        say("caught %d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    return cede_none;
}

/* A scope cancels every wait in it, but not the one for the lock. */
static cede_value scope_cancelled(void *arg)
{
    (void)arg;
    new_condition();
    keep(cede_create_task(waits_in_scope, "a"));
    start("b");
    cede_sleep(0);
    cede_condition_acquire(condition);
    cancel_scope();
    turns(3);
    say("main %d", cede_condition_locked(condition));
    cede_condition_notify(condition, 1);
    cede_condition_release(condition);
    turns(3);
    say_condition();
    return cede_none;
}

TEST(P06_Z01_a_cancelled_scope_waits_for_the_lock, .shuffle = false)
{
    expect(scope_cancelled, "main 1;a cancelled locked 1;caught 1;b;"
                            "<Condition [unlocked]>;");
}

static cede_value scope_cancelled_after_notify(void *arg)
{
    (void)arg;
    new_condition();
    keep(cede_create_task(waits_in_scope, "a"));
    start("b");
    cede_sleep(0);
    cede_condition_acquire(condition);
    cede_condition_notify(condition, 1);
    turns(2); /* a waits for the lock */
    cancel_scope();
    turns(3);
    cede_condition_release(condition);
    turns(3);
    say_condition();
    notify(1);
    turns(3);
    return cede_none;
}

/* It had been notified before, so it goes on. */
TEST(P06_Z08_a_scope_cancelled_after_the_notification, .shuffle = false)
{
    expect(scope_cancelled_after_notify,
           "a;caught 0;<Condition [unlocked, waiters:1]>;b;");
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    new_condition();
    cede_condition_acquire(condition);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_condition_wait(condition);
    } cede_end
    say_condition();
    cede_condition_release(condition);
    return cede_none;
}

TEST(Z01_a_wait_in_a_cancelled_scope_keeps_the_lock)
{
    expect(in_cancelled_scope, "<Condition [locked]>;");
}

/* --- wait_for --- */

static int number;

static cede_value is_big(void *limit)
{
    say("check %d %d", number, cede_condition_locked(condition));
    return number > *(int *)limit ? cede_str_copy("big") : cede_int(0);
}

static cede_value waits_for_big(void *limit)
{
    cede_with (held, cede_ref(condition)) {
        cede_auto (cede_value, got, drop_value) =
            cede_condition_wait_for(condition, is_big, limit);

        say("%s", cede_value_str(got));
    } cede_end
    return cede_none;
}

static cede_value counting(void *arg)
{
    static int limit = 1;

    (void)arg;
    new_condition();
    keep(cede_create_task(waits_for_big, &limit));
    cede_sleep(0);
    for (number = 1; number <= 2; number++) {
        notify(1);
        turns(2);
    }
    number = 7;
    waits_for_big(&limit); /* true at once */
    return cede_none;
}

TEST(P11_wait_for_looks_again_and_returns_what_it_saw, .shuffle = false)
{
    number = 0;
    expect(counting, "check 0 1;check 1 1;check 2 1;big;check 7 1;big;");
}

static cede_value bad_predicate(void *arg)
{
    (void)arg;
    cede_raise(cede_KeyError, "x");
}

static cede_value predicate_fails(void *arg)
{
    (void)arg;
    new_condition();
    CHECK_RAISES(cede_KeyError, {
        cede_with (held, cede_ref(condition)) {
            cede_condition_wait_for(condition, bad_predicate, NULL);
        } cede_end
    });
    say_condition();
    return cede_none;
}

TEST(P11_what_the_predicate_raises)
{
    expect(predicate_fails, "<Condition [unlocked]>;");
}

/* --- a lock for several --- */

static cede_value shared_lock(void *arg)
{
    cede_lock *lock = keep(cede_lock_new());
    cede_condition *other = keep(cede_condition_new_with(lock));

    (void)arg;
    condition = keep(cede_condition_new_with(lock));
    start("a");
    cede_sleep(0);
    cede_lock_acquire(lock);
    say("%d %d", cede_condition_locked(condition),
        cede_condition_locked(other));
    cede_condition_notify(other, 1);
    cede_condition_notify(condition, 1);
    turns(2);
    cede_condition_release(other);
    turns(2);
    return cede_none;
}

TEST(P15_conditions_may_share_a_lock, .shuffle = false)
{
    expect(shared_lock, "1 1;a;");
}

/* --- loops --- */

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
    cede_with (held, cede_ref(condition)) {
        cede_condition_wait(condition);
    } cede_end
    return cede_none;
}

TEST(P13_a_condition_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    condition = keep(cede_condition_new());
    cede_run_simulated(waits_and_ends, NULL);
    CHECK_STR(said(), "a cancelled locked 1;");
    CHECK_RAISES(cede_RuntimeError, cede_run_simulated(waits_elsewhere, NULL));
    CHECK(!cede_condition_locked(condition));
}
