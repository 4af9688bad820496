/*
 * Cancel scopes: rules Z01 to Z05, Z07, Z08, and how they live with task
 * cancellation, timeouts and awaited tasks (docs/decisions/0021).
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/lowlevel.h"
#include "cede/timeout.h"

#include <math.h>

/* Says whether a wait raises. */
static void try_to_sleep(double seconds)
{
    cede_try {
        cede_sleep(seconds);
        say("slept");
    } cede_except (cede_CancelledError, e) {
        say("cancelled");
    } cede_end
}

/* --- Z01: a level --- */

static cede_value z01(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        try_to_sleep(1);
        cede_cancel_scope_cancel(scope);
        say("%d", cede_cancel_scope_cancel_called(scope));
        try_to_sleep(1);
        try_to_sleep(0);
        try_to_sleep(1);
        cede_try {
            cede_consume_budget();
        } cede_except (cede_CancelledError, e) {
            say("no need to wait");
        } cede_end
        cede_sleep(1);
        say("not here");
    } cede_finally {
        say("%d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    try_to_sleep(1);
    say("%g %u", now(), cede_task_cancelling(cede_current_task()));
    return cede_none;
}

TEST(Z01_every_checkpoint_raises_until_the_scope_is_left)
{
    expect(z01, "slept;1;cancelled;cancelled;cancelled;no need to wait;1;slept;"
                "2 0;");
}

/* A swallowed error is not the scope's any more. */
static cede_value z01_swallowed(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        try_to_sleep(1);
    } cede_finally {
        say("%d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    return cede_none;
}

TEST(Z01_what_is_swallowed_is_not_caught)
{
    expect(z01_swallowed, "cancelled;0;");
}

/* Each error ends at its own scope. */
static cede_value z01_nested(void *arg)
{
    (void)arg;
    cede_cancel_scope (outer) {
        cede_cancel_scope (inner) {
            cede_cancel_scope_cancel(outer);
            cede_cancel_scope_cancel(inner);
            cede_sleep(1);
        } cede_finally {
            say("inner %d", cede_cancel_scope_cancelled_caught(inner));
        } cede_end
        say("not here");
    } cede_finally {
        say("outer %d", cede_cancel_scope_cancelled_caught(outer));
    } cede_end
    cede_cancel_scope (outer) {
        cede_cancel_scope (inner) {
            cede_cancel_scope_cancel(inner);
            cede_sleep(1);
        } cede_end
        say("%d", cede_cancel_scope_cancel_called(outer));
        try_to_sleep(1);
    } cede_end
    return cede_none;
}

TEST(Z01_the_outermost_absorbs)
{
    expect(z01_nested, "inner 0;outer 1;0;slept;");
}

static void cancel_scope(void *scope)
{
    cede_cancel_scope_cancel(scope);
}

static cede_value z01_outside(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        cede_loop_call_later(cede_get_running_loop(), 0.5, cancel_scope,
                             scope);
        cede_sleep(10);
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z01_a_wait_is_ended_from_outside)
{
    expect(z01_outside, "0.5;");
}

static cede_value z01_before(void *arg)
{
    cede_auto (cede_cancel_scope *, early, drop) = cede_cancel_scope_new();

    (void)arg;
    cede_cancel_scope_cancel(early);
    cede_with (scope, cede_ref(early)) {
        say("entered");
        cede_sleep(1);
        say("not here");
    } cede_end
    say("%d", cede_cancel_scope_cancelled_caught(early));
    return cede_none;
}

TEST(Z01_cancelled_before_it_is_entered)
{
    expect(z01_before, "entered;1;");
}

/* --- Z02: shields --- */

static cede_value z02(void *arg)
{
    (void)arg;
    cede_cancel_scope (outer) {
        cede_cancel_scope_cancel(outer);
        cede_cancel_scope (inner, .shield = true) {
            try_to_sleep(1);
            cede_cancel_scope_set_shield(inner, false);
            try_to_sleep(1);
            cede_cancel_scope_set_shield(inner, true);
            try_to_sleep(1);
            cede_cancel_scope_cancel(inner);
            cede_sleep(1);
        } cede_finally {
            say("inner %d", cede_cancel_scope_cancelled_caught(inner));
        } cede_end
        try_to_sleep(1);
        cede_move_on_after (inner, 0.25, .shield = true) {
            cede_sleep(1);
        } cede_finally {
            say("%g %d", now(), cede_cancel_scope_cancelled_caught(inner));
        } cede_end
    } cede_end
    return cede_none;
}

TEST(Z02_a_shield_hides_what_is_around_it_not_itself)
{
    expect(z02, "slept;cancelled;slept;inner 1;cancelled;2.25 1;");
}

static void lift(void *scope)
{
    cede_cancel_scope_set_shield(scope, false);
}

static cede_value z02_lifted(void *arg)
{
    (void)arg;
    cede_cancel_scope (outer) {
        cede_cancel_scope_cancel(outer);
        cede_cancel_scope (inner, .shield = true) {
            cede_loop_call_later(cede_get_running_loop(), 2, lift, inner);
            try_to_sleep(5);
        } cede_end
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z02_a_wait_under_a_lifted_shield_is_ended)
{
    expect(z02_lifted, "cancelled;2;");
}

static cede_value z02_record(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_shield_begin();
        cede_shield_begin();
        try_to_sleep(1);
        cede_shield_end(NULL);
        try_to_sleep(1);
        cede_shield_end(NULL);
        try_to_sleep(1);
    } cede_end
    return cede_none;
}

TEST(Z02_a_wait_may_shield_itself)
{
    expect(z02_record, "slept;slept;cancelled;");
}

/* --- Z03: deadlines --- */

static cede_value z03(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1.5) {
        say("%g", cede_cancel_scope_deadline(scope));
        cede_sleep(10);
    } cede_finally {
        say("%g %d", now(), cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    cede_try {
        cede_fail_after (scope, 1) {
            cede_sleep(10);
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("%g %s", now(), cede_exception_name(cede_exception_cause(e)));
    } cede_end
    cede_move_on_after (scope, INFINITY) {
        say("%d", isinf(cede_cancel_scope_deadline(scope)) != 0);
        cede_sleep(1);
    } cede_end
    cede_fail_after (scope, 0) {
        say("nothing waits");
    } cede_end
    cede_move_on_at (scope, 1) {
        say("%d", cede_cancel_scope_cancel_called(scope));
        cede_sleep(1);
        say("not here");
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z03_move_on_and_fail)
{
    expect(z03, "1.5;1.5 1;2.5 CancelledError;1;nothing waits;1;3.5;");
}

static cede_value z03_moved(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_cancel_scope_set_deadline(scope, 3);
        try_to_sleep(2);
        cede_cancel_scope_set_deadline(scope, INFINITY);
        try_to_sleep(2);
        cede_cancel_scope_set_deadline(scope, 1);
        try_to_sleep(2);
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z03_a_deadline_moves)
{
    expect(z03_moved, "slept;slept;cancelled;4;");
}

static cede_value z03_effective(void *arg)
{
    (void)arg;
    say("%g", cede_current_effective_deadline());
    cede_move_on_after (outer, 5) {
        cede_move_on_after (inner, 7) {
            say("%g", cede_current_effective_deadline());
            cede_cancel_scope_set_shield(inner, true);
            say("%g", cede_current_effective_deadline());
            cede_cancel_scope_cancel(inner);
            say("%g", cede_current_effective_deadline());
        } cede_end
    } cede_end
    return cede_none;
}

TEST(Z03_the_effective_deadline)
{
    expect(z03_effective, "inf;5;7;-inf;");
}

static cede_value z03_nan(void *arg)
{
    (void)arg;
    cede_try {
        cede_move_on_after (scope, (double)NAN) {
            say("not here");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(Z03_no_deadline_is_nan)
{
    expect(z03_nan, "deadline must not be NaN;");
}

/* --- Z05: what need not wait raises too --- */

static cede_value z05(void *arg)
{
    cede_auto (cede_future *, future, drop) =
        cede_loop_create_future(cede_get_running_loop());

    (void)arg;
    cede_future_set_result(future, 1);
    cede_cancel_scope (scope) {
        cede_await(cede_ref(future));
        cede_cancel_scope_cancel(scope);
        cede_await(cede_ref(future));
        say("not here");
    } cede_end
    say("left");
    return cede_none;
}

TEST(Z05_awaiting_what_is_done_is_a_checkpoint)
{
    expect(z05, "left;");
}

/* --- Z08, and T19, its opposite --- */

struct pair {
    cede_cancel_scope *scope; /* NULL: the other has none */
    bool edge;
};

static void cancel_other(const struct pair *pair)
{
    if (pair->scope)
        cede_cancel_scope_cancel(pair->scope);
}

static cede_value waits(void *arg)
{
    struct pair *pair = arg;

    cede_cancel_scope (scope) {
        pair->scope = scope;
        cede_park("test", NULL, NULL);
        say("woken");
        cede_sleep(0);
        say("not here");
    } cede_end
    say("left");
    return cede_none;
}

static cede_value z08(void *arg)
{
    struct pair pair = {.edge = arg != NULL};
    cede_auto (cede_task *, waiter, drop) = cede_create_task(waits, &pair);

    cede_sleep(0);
    cede_unpark(waiter);
    if (pair.edge)
        cede_task_cancel(waiter, NULL);
    else
        cancel_other(&pair);
    cede_try {
        cede_await(cede_ref(waiter));
    } cede_except (cede_CancelledError, e) {
        say("task cancelled");
    } cede_end
    return cede_none;
}

static cede_value z08_edge(void *arg)
{
    (void)arg;
    return z08("edge");
}

TEST(Z08_who_was_woken_has_what_it_was_woken_for, .shuffle = false)
{
    expect(z08, "woken;left;");
}

TEST(T19_an_edge_wins_over_the_wake_up)
{
    expect(z08_edge, "task cancelled;");
}

/* --- awaiting under a scope --- */

static cede_value slow(void *arg)
{
    cede_try {
        cede_sleep(5);
    } cede_finally {
        say("%s cleans up", (const char *)arg);
        cede_sleep(1);
        say("%s clean", (const char *)arg);
    } cede_end
    return cede_none;
}

static cede_value awaits_task(void *arg)
{
    cede_auto (cede_task *, inner, drop) = cede_create_task(slow, "inner");

    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_await(cede_ref(inner));
        say("not here");
    } cede_finally {
        say("%d at %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    say("%d %u", cede_task_cancelled(inner), cede_task_cancelling(inner));
    return cede_none;
}

TEST(Z01_what_is_awaited_is_cancelled_once_and_waited_for)
{
    expect(awaits_task, "inner cleans up;inner clean;1 at 2;1 1;");
}

static cede_value refuses(void *arg)
{
    (void)arg;
    try_to_sleep(5);
    return cede_int(7);
}

/* T11: it refuses, so there is a result; the next wait raises. */
static cede_value awaits_refuser(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_value value = cede_await(cede_create_task(refuses, NULL));

        say("%d", (int)cede_value_int(value));
        cede_sleep(0);
        say("not here");
    } cede_end
    return cede_none;
}

TEST(Z01_what_is_awaited_may_refuse)
{
    expect(awaits_refuser, "cancelled;7;");
}

static cede_value gathers(void *arg)
{
    cede_auto (cede_task *, a, drop) = cede_create_task(slow, "a");
    cede_auto (cede_task *, b, drop) = cede_create_task(slow, "b");

    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_gather(NULL, cede_ref(a), cede_ref(b));
    } cede_finally {
        say("%d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    cede_sleep(1);
    return cede_none;
}

TEST(Z01_a_gather_under_a_scope)
{
    expect(gathers, "a cleans up;b cleans up;a clean;b clean;1;");
}

/* --- both families at once --- */

static cede_value body_under_both(void *arg)
{
    struct pair *pair = arg;

    cede_cancel_scope (scope) {
        pair->scope = scope;
        cede_sleep(10);
    } cede_finally {
        say("caught %d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    say("went on");
    return cede_none;
}

static cede_value both(void *arg)
{
    bool edge_first = arg != NULL;
    struct pair pair = {.scope = NULL};
    cede_auto (cede_task *, task, drop) =
        cede_create_task(body_under_both, &pair);

    cede_sleep(0);
    if (edge_first)
        cede_task_cancel(task, "edge");
    cancel_other(&pair);
    if (!edge_first)
        cede_task_cancel(task, "edge");
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

static cede_value both_edge_first(void *arg)
{
    (void)arg;
    return both("edge first");
}

TEST(Z01_a_task_cancel_is_not_absorbed, .shuffle = false)
{
    expect(both, "caught 0;edge;");
    expect(both_edge_first, "caught 0;edge;");
}

/* The same while it awaits a task that takes its time. */
static cede_value awaits_under_both(void *arg)
{
    struct pair *pair = arg;

    cede_cancel_scope (scope) {
        pair->scope = scope;
        cede_await(cede_create_task(slow, "inner"));
    } cede_finally {
        pair->scope = NULL;
        say("caught %d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    say("went on");
    return cede_none;
}

static cede_value both_awaiting(void *arg)
{
    static struct pair pair; /* the task may outlive this one */
    bool edge_first = arg != NULL;
    cede_auto (cede_task *, task, drop) =
        cede_create_task(awaits_under_both, &pair);

    pair.scope = NULL;
    cede_sleep(0.5);
    if (edge_first)
        cede_task_cancel(task, "edge");
    else
        cancel_other(&pair);
    cede_sleep(0.5);
    if (edge_first)
        cancel_other(&pair);
    else
        cede_task_cancel(task, "edge");
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("edge");
    } cede_end
    return cede_none;
}

static cede_value both_awaiting_edge_first(void *arg)
{
    (void)arg;
    return both_awaiting("edge first");
}

/* A second edge interrupts what the first began, a level does not (T04, T07). */
TEST(Z01_a_task_cancel_is_not_absorbed_by_who_awaits)
{
    expect(both_awaiting, "inner cleans up;caught 0;edge;");
    expect(both_awaiting_edge_first,
           "inner cleans up;inner clean;caught 0;edge;");
}

static cede_value timeout_inside(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_timeout (deadline, 1) {
            cede_sleep(10);
        } cede_except (cede_TimeoutError, e) {
            say("timeout");
        } cede_end
        say("not here");
    } cede_finally {
        say("%d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    cede_timeout (deadline, 2) {
        cede_move_on_after (scope, 10) {
            cede_sleep(20);
        } cede_end
        say("nor here");
    } cede_except (cede_TimeoutError, e) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

TEST(Z03_scopes_and_timeouts_nest, .shuffle = false)
{
    expect(timeout_inside, "1;timeout at 3;");
}

/* --- Z07 --- */

static cede_value yields_in_scope(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        cede_yield(1);
    } cede_end
    return cede_none;
}

static cede_value refused(void *arg)
{
    (void)arg;
    cede_try {
        cede_for (item, cede_generator(yields_in_scope, NULL))
            say("not here");
    } cede_except (cede_RuntimeError, e) {
        say("refused");
    } cede_end
    return cede_none;
}

TEST(A_scope_must_not_yield)
{
    expect(refused, "refused;");
}

static cede_value twice(void *arg)
{
    cede_auto (cede_cancel_scope *, mine, drop) = cede_cancel_scope_new();

    (void)arg;
    cede_with (scope, cede_ref(mine)) {
        cede_sleep(0);
    } cede_end
    cede_try {
        cede_with (scope, cede_ref(mine)) {
            say("not here");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(a_scope_is_entered_once)
{
    expect(twice, "Each cede_cancel_scope may only be entered once;");
}

TEST(a_scope_needs_a_task)
{
    cede_try {
        cede_cancel_scope (scope) {
            CHECK(!"entered");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        CHECK(strstr(cede_exception_message(e), "inside a task"));
    } cede_end
}

/* --- the loop goes away --- */

static cede_value stays(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 100) {
        cede_sleep(1000);
    } cede_finally {
        say("closed");
    } cede_end
    return cede_none;
}

TEST(a_scope_of_a_closed_loop)
{
    {
        cede_auto (cede_loop *, loop, shut) = cede_loop_new();

        begin(loop, stays, 1);
    }
    CHECK_STR(said(), "closed;");
}
