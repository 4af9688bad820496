/*
 * Nurseries and supervisors: rules Z06, Z07, Z20.
 */
#include "task/children.h"

#include "cede/coroutine.h"
#include "cede/nursery.h"

static void start(cede_nursery *nursery, struct work work)
{
    cede_nursery_start_soon_with(nursery, works, work);
}

/* --- Z06 --- */

static cede_value z06(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        start(nursery, WORK("a", .sleeps = 2));
        start(nursery, WORK("b", .sleeps = 1));
        say("body %zu", cede_nursery_count(nursery));
    } cede_end
    say("%g", now());
    cede_try {
        cede_nursery (nursery) {
            start(nursery, WORK("a", .sleeps = 1, .raises = cede_ValueError));
            start(nursery, WORK("b", .sleeps = 5));
            cede_sleep(10);
            say("not here");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    cede_sleep(0);
    say("%g %u", now(), cede_task_cancelling(cede_current_task()));
    return cede_none;
}

TEST(Z06_a_nursery_waits_and_an_error_cancels_it)
{
    expect(z06, "body 2;b done;a done;2;b cancelled;"
                "unhandled errors in a nursery;ValueError(a);3 0;");
}

static cede_value z06_body(void *arg)
{
    (void)arg;
    cede_try {
        cede_nursery (nursery) {
            start(nursery, WORK("a", .sleeps = 1));
            cede_sleep(0);
            cede_raise(cede_KeyError, "body");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    return cede_none;
}

TEST(Z06_a_single_error_is_a_group_too)
{
    expect(z06_body,
           "a cancelled;unhandled errors in a nursery;KeyError('body');");
}

/* A level: the child's clean-up cannot wait, unless it shields itself. */
static cede_value stubborn(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        cede_try {
            cede_sleep(1);
        } cede_except (cede_CancelledError, e) {
            say("refused");
        } cede_end
    cede_cancel_scope (scope, .shield = true) {
        cede_sleep(1);
        say("shielded");
    } cede_end
    return cede_none;
}

static cede_value z06_level(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_nursery_start_soon(nursery, stubborn, NULL);
        cede_sleep(0);
        cede_cancel_scope_cancel(cede_nursery_cancel_scope(nursery));
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z06_children_are_cancelled_by_level)
{
    expect(z06_level, "refused;refused;refused;shielded;1;");
}

/* Scopes around the nursery reach its children, and theirs. */
static cede_value nests(void *arg)
{
    (void)arg;
    cede_nursery (inner) {
        start(inner, WORK("inner", .sleeps = 5));
    } cede_end
    say("not here");
    return cede_none;
}

static cede_value z06_outer(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_nursery (nursery) {
            cede_nursery_start_soon(nursery, nests, NULL);
            start(nursery, WORK("outer", .sleeps = 5));
        } cede_end
        say("not here");
    } cede_finally {
        say("%d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    return cede_none;
}

TEST(Z06_a_scope_reaches_all_below_it)
{
    expect(z06_outer, "outer cancelled;inner cancelled;1 1;");
}

/* cede_task_cancel of who entered it. */
static cede_value nursing(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        start(nursery, WORK("a", .sleeps = 5));
        if (arg)
            cede_sleep(5);
    } cede_end
    say("not here");
    return cede_none;
}

static cede_value edge(void *in_body)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(nursing, in_body);

    cede_sleep(1);
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("cancelled %u", cede_task_cancelling(task));
    } cede_end
    return cede_none;
}

static cede_value edge_in_body(void *arg)
{
    (void)arg;
    return edge("in the body");
}

TEST(Z06_a_task_cancel_comes_out_of_the_nursery)
{
    expect(edge, "a cancelled;cancelled 1;");
    expect(edge_in_body, "a cancelled;cancelled 1;");
}

static cede_value child_edge(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_task *child = cede_nursery_start_soon_with(
            nursery, works, WORK("a", .sleeps = 5));

        keep(cede_ref(child));
        start(nursery, WORK("b", .sleeps = 2));
        cede_sleep(1);
        cede_task_cancel(child, NULL);
    } cede_end
    return cede_none;
}

TEST(Z06_a_cancelled_child_is_no_error)
{
    expect(child_edge, "a cancelled;b done;");
}

/* --- Z07 --- */

static cede_value z07(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_nursery_start_soon_with(nursery, works, WORK("a", .sleeps = 5));
        cede_cancel_scope_cancel(cede_nursery_cancel_scope(nursery));
    } cede_end
    return cede_none;
}

TEST(Z07_who_is_cancelled_early_enters_its_body)
{
    expect(z07, "a cancelled;");
}

/* --- start --- */

static cede_value service(void *arg)
{
    cede_sleep(1);
    say("ready");
    cede_started((const char *)arg);
    cede_sleep(1);
    say("served");
    return cede_none;
}

static cede_value z06_start(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_value value = cede_nursery_start(nursery, service, "port");

        say("%s at %g", cede_value_str(value), now());
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(Z06_start_waits_for_started)
{
    expect(z06_start, "ready;port at 1;served;2;");
}

static cede_value fails_first(void *arg)
{
    (void)arg;
    cede_sleep(1);
    cede_raise(cede_OSError, "no port");
}

static cede_value never_says(void *arg)
{
    (void)arg;
    cede_sleep(1);
    return cede_none;
}

static cede_value start_fails(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_try {
            cede_nursery_start(nursery, fails_first, NULL);
        } cede_except (cede_OSError, e) {
            say("%s", cede_exception_message(e));
        } cede_end
        cede_try {
            cede_nursery_start(nursery, fails_first, NULL,
                               .eager_start = true);
        } cede_except (cede_OSError, e) {
            say("%s", cede_exception_message(e));
        } cede_end
        cede_try {
            cede_nursery_start(nursery, never_says, NULL);
        } cede_except (cede_RuntimeError, e) {
            say("%s", cede_exception_message(e));
        } cede_end
        cede_sleep(0);
        say("the nursery is well");
    } cede_end
    return cede_none;
}

TEST(Z06_an_error_before_started_is_the_starters)
{
    expect(start_fails, "no port;no port;child exited without calling "
                        "cede_started();the nursery is well;");
}

static cede_value start_cancelled(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_move_on_after (scope, 0.5) {
            cede_nursery_start(nursery, works, &WORK("a", .sleeps = 5));
        } cede_finally {
            say("%d", cede_cancel_scope_cancelled_caught(scope));
        } cede_end
        cede_sleep(0);
        say("the nursery is well");
    } cede_end
    return cede_none;
}

TEST(Z06_a_starter_that_is_cancelled_takes_the_child_along)
{
    expect(start_cancelled, "a cancelled;1;the nursery is well;");
}

static cede_value starts_service(void *arg)
{
    cede_nursery_start(arg, works, &WORK("a", .sleeps = 5));
    return cede_none;
}

static cede_value start_edge(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_task *starter =
            cede_nursery_start_soon(nursery, starts_service, nursery);

        cede_defer (cede_unref, cede_ref(starter));
        cede_sleep(1);
        cede_task_cancel(starter, NULL);
        cede_sleep(1);
        say("%d", cede_task_cancelled(starter));
    } cede_end
    return cede_none;
}

TEST(Z06_a_task_cancel_of_the_starter)
{
    expect(start_edge, "a cancelled;1;");
}

/* Started, it stands below the nursery and no longer below the starter. */
static cede_value moves(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        cede_move_on_after (scope, 1.5) {
            cede_nursery_start(nursery, service, "x");
            cede_sleep(10);
        } cede_end
        say("%g", now());
    } cede_end
    return cede_none;
}

TEST(Z06_a_started_child_is_the_nurserys)
{
    expect(moves, "ready;1.5;served;");
}

static cede_value twice(void *arg)
{
    (void)arg;
    cede_started(1);
    cede_try {
        cede_started(cede_str_copy("again"));
    } cede_except (cede_RuntimeError, e) {
        say("refused");
    } cede_end
    return cede_none;
}

static cede_value started_twice(void *arg)
{
    (void)arg;
    cede_nursery (nursery)
        say("%lld", (long long)cede_value_int(
                        cede_nursery_start(nursery, twice, NULL)));
    cede_end
    return cede_none;
}

TEST(Z06_started_is_said_once)
{
    expect(started_twice, "refused;1;");
}

/* --- Z20 --- */

static void say_report(cede_loop *loop,
                       const cede_exception_handler_context *context,
                       void *argument)
{
    (void)loop, (void)argument;
    say("%s: %s", context->message,
        cede_exception_message(context->exception));
}

static cede_value z20(void *arg)
{
    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), say_report, NULL);
    cede_supervisor (nursery) {
        start(nursery, WORK("a", .sleeps = 1, .raises = cede_ValueError));
        start(nursery, WORK("b", .sleeps = 2));
    } cede_end
    cede_try {
        cede_supervisor (nursery) {
            start(nursery, WORK("c", .sleeps = 2));
            cede_sleep(1);
            cede_raise(cede_KeyError, "body");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    return cede_none;
}

TEST(Z20_children_of_a_supervisor_fail_alone)
{
    expect(z20, "Unhandled exception in a task of a supervisor: a;b done;"
                "c cancelled;unhandled errors in a nursery;KeyError('body');");
}

/* --- misuse --- */

static cede_value nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

static cede_value closed(void *arg)
{
    cede_auto (cede_nursery *, mine, drop) = cede_impl_nursery_new(false);

    (void)arg;
    cede_try {
        cede_nursery_start_soon_from(mine, cede_coroutine(nothing, NULL));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_with (nursery, cede_ref(mine)) {
        cede_nursery_start_soon_from(nursery, cede_coroutine(nothing, NULL));
    } cede_end
    cede_try {
        cede_nursery_start(mine, nothing, NULL);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_try {
        cede_with (nursery, cede_ref(mine)) {
            say("not here");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(a_nursery_that_is_not_open)
{
    expect(closed, "Nursery has not been entered;"
                   "Nursery is closed to new arrivals;"
                   "a nursery may only be entered once;");
}

/* --- the loop goes away --- */

static cede_value stays(void *arg)
{
    (void)arg;
    cede_nursery (nursery) {
        start(nursery, WORK("a", .sleeps = 100));
        cede_nursery_start(nursery, service, "never");
    } cede_end
    return cede_none;
}

TEST(T14_a_nursery_of_a_closed_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    begin(loop, stays, 3);
    CHECK_INT(cede_loop_task_count(loop), 3);
}

/* A tree of nurseries is cancelled without a call per level. */
static cede_value deeper(void *arg)
{
    int depth = *(int *)arg;

    cede_nursery (nursery) {
        if (depth > 0)
            cede_nursery_start_soon_with(nursery, deeper, depth - 1);
        cede_sleep(100);
    } cede_end
    return cede_none;
}

static cede_value deep(void *arg)
{
    (void)arg;
    cede_move_on_after (scope, 1) {
        deeper(&(int){3000});
    } cede_end
    say("%g %zu", now(), cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(a_deep_tree_of_nurseries, .torture = false)
{
    expect(deep, "1 1;");
}
