/*
 * Task groups: rules K01 to K16 and K18, D05, and groups under cancel scopes.
 */
#include "task/children.h"

#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/print.h"
#include "cede/task_group.h"
#include "cede/timeout.h"

/* Every child that is cancelled here takes half a second to clean up. */
#define CHILD(...) WORK(__VA_ARGS__, .cleans = 0.5)

static void start(cede_task_group *group, struct work work)
{
    cede_task_group_create_task_with(group, works, work);
}

static unsigned cancelling(void)
{
    return cede_task_cancelling(cede_current_task());
}

/* --- K01, K02 --- */

static cede_value k01(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 1, .raises = cede_ValueError));
            start(group, CHILD("b", .sleeps = 5, .cleaning = cede_KeyError));
            cede_sleep(10);
            say("not here");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
        say("%d", cede_exception_suppress_context(e));
    } cede_end
    say("%g %u", now(), cancelling());
    cede_sleep(0);
    say("free");
    return cede_none;
}

TEST(K01_the_first_error_cancels_the_rest_and_the_body)
{
    expect(k01, "b cancelled;unhandled errors in a TaskGroup;ValueError(a);"
                "KeyError('b cleaning');1;1.5 0;free;");
}

static cede_value k02(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 1, .cleaning = cede_TypeError));
            cede_sleep(0.5);
            cede_raise(cede_OSError, "body");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    return cede_none;
}

TEST(K02_the_body_comes_last)
{
    expect(k02, "a cancelled;unhandled errors in a TaskGroup;"
                "TypeError(a cleaning);OSError(body);");
}

/* --- K03 --- */

static cede_value k03(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        cede_task *child = cede_task_group_create_task_with(
            group, works, CHILD("a", .sleeps = 5));

        keep(cede_ref(child));
        start(group, CHILD("b", .sleeps = 2));
        cede_sleep(1);
        cede_task_cancel(child, NULL);
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(K03_a_cancelled_child_is_no_error)
{
    expect(k03, "a cancelled;b done;2;");
}

/* --- K04, K15, D05: cancelled from outside --- */

static cede_value grouped(void *arg)
{
    const struct work *work = arg;

    cede_try {
        cede_task_group (group) {
            start(group, *work);
            cede_sleep(work->sleeps / 2);
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
        say("%u", cancelling());
        cede_try {
            cede_sleep(1);
        } cede_except (cede_CancelledError, again) {
            say("again");
        } cede_end
    } cede_end
    return cede_none;
}

struct cancels {
    struct work work;
    double first;
    int count;
};

static cede_value cancels(void *arg)
{
    const struct cancels *plan = arg;
    cede_auto (cede_task *, task, drop) =
        cede_create_task_with(grouped, plan->work);

    cede_sleep(plan->first);
    for (int i = 0; i < plan->count; i++) {
        cede_task_cancel(task, "outside");
        cede_sleep(0.1);
    }
    cede_try {
        cede_await(cede_ref(task));
        say("returned");
    } cede_except (cede_CancelledError, e) {
        say("cancelled at %g, %u", now(), cede_task_cancelling(task));
    } cede_end
    return cede_none;
}

static cede_value k04_in_the_body(void *arg)
{
    (void)arg;
    return cancels(&(struct cancels){CHILD("a", .sleeps = 4), 1, 1});
}

static cede_value k04_in_the_exit(void *arg)
{
    (void)arg;
    return cancels(&(struct cancels){CHILD("a", .sleeps = 4), 3, 1});
}

static cede_value k04_with_an_error(void *arg)
{
    (void)arg;
    return cancels(
        &(struct cancels){CHILD("a", .sleeps = 4, .cleaning = cede_ValueError),
                           3, 1});
}

static cede_value k15(void *arg)
{
    (void)arg;
    return cancels(&(struct cancels){CHILD("a", .sleeps = 4), 3, 3});
}

TEST(K04_an_outside_cancel_comes_out_bare)
{
    expect(k04_in_the_body, "a cancelled;cancelled at 1.5, 1;");
    expect(k04_in_the_exit, "a cancelled;cancelled at 3.5, 1;");
}

TEST(K04_D05_errors_go_before_and_the_cancel_comes_again)
{
    expect(k04_with_an_error,
           "a cancelled;unhandled errors in a TaskGroup;"
           "ValueError(a cleaning);1;again;returned;");
}

TEST(K15_children_are_cancelled_once)
{
    expect(k15, "a cancelled;cancelled at 3.5, 3;");
}

/* --- K05 --- */

static cede_value k05(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 4));
            cede_sleep(0.5);
            cede_raise(cede_KeyboardInterrupt, "body");
        } cede_end
    } cede_except (cede_KeyboardInterrupt, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(K05_a_base_error_comes_bare)
{
    expect(k05, "a cancelled;body;");
}

static cede_value k05_of_a_child(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 4));
            start(group,
                  CHILD("b", .sleeps = 1, .raises = cede_KeyboardInterrupt));
            cede_sleep(10);
        } cede_end
    } cede_except (cede_KeyboardInterrupt, e) {
        say("%s at %g", cede_exception_message(e), now());
    } cede_end
    return cede_none;
}

/* It leaves the loop at once; who runs that on finds the others cleaned up. */
TEST(K05_a_base_error_of_a_child)
{
    cede_loop_options options = {.simulated = true};
    cede_auto (cede_loop *, loop, shut) = cede_loop_new_with(&options);
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, k05_of_a_child, NULL);

    CHECK_RAISES(cede_KeyboardInterrupt,
                 cede_loop_run_until_complete(loop, cede_ref(task)));
    CHECK_TRACE(said(), "");
    cede_loop_run_until_complete(loop, cede_ref(task));
    CHECK_TRACE(said(), "a cancelled;b at 1.5;");
}

/* --- K06 --- */

static cede_value nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

static void try_to_create(cede_task_group *group)
{
    cede_auto (cede_coroutine *, coroutine, drop) =
        cede_coroutine(nothing, NULL);

    cede_try {
        cede_task_group_create_task_from(group, cede_ref(coroutine));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    say("%s", cede_coroutine_state_name(cede_getcoroutinestate(coroutine)));
}

static cede_value k06(void *arg)
{
    cede_auto (cede_task_group *, mine, drop) = cede_task_group_new();

    (void)arg;
    try_to_create(mine);
    cede_with (group, cede_ref(mine)) {
        cede_sleep(0);
    } cede_end
    try_to_create(mine);
    cede_try {
        cede_with (group, cede_ref(mine)) {
            say("not here");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_task_group (group) {
        start(group, CHILD("a", .sleeps = 4));
        cede_task_group_cancel(group);
        try_to_create(group);
    } cede_end
    return cede_none;
}

TEST(K06_when_no_task_can_be_made)
{
    expect(k06, "TaskGroup <TaskGroup> has not been entered;CORO_CLOSED;"
                "TaskGroup <TaskGroup entered> is finished;CORO_CLOSED;"
                "TaskGroup <TaskGroup entered> has already been entered;"
                "TaskGroup <TaskGroup tasks=1 cancelling> is shutting down;"
                "CORO_CLOSED;");
}

static cede_value k06_after_errors(void *arg)
{
    cede_auto (cede_task_group *, mine, drop) = cede_task_group_new();

    (void)arg;
    cede_try {
        cede_with (group, cede_ref(mine)) {
            start(group, CHILD("a", .raises = cede_ValueError));
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    try_to_create(mine);
    return cede_none;
}

TEST(K06_the_errors_are_the_exceptions_when_it_is_finished)
{
    expect(k06_after_errors,
           "unhandled errors in a TaskGroup (1 sub-exception);"
           "TaskGroup <TaskGroup cancelling> is finished;CORO_CLOSED;");
}

/* --- K07 --- */

static cede_value k07(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (outer) {
            start(outer,
                  CHILD("outer", .sleeps = 1, .raises = cede_ValueError));
            cede_try {
                cede_task_group (inner) {
                    start(inner, CHILD("inner", .sleeps = 5));
                    cede_sleep(10);
                } cede_end
            } cede_except (cede_CancelledError, e) {
                say("inner body");
                cede_reraise();
            } cede_end
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    say("%u", cancelling());
    return cede_none;
}

TEST(K07_groups_nest)
{
    expect(k07, "inner cancelled;inner body;unhandled errors in a TaskGroup;"
                "ValueError(outer);0;");
}

static cede_value k07_errors(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (outer) {
            start(outer, CHILD("a", .sleeps = 5, .cleaning = cede_KeyError));
            cede_task_group (inner) {
                start(inner,
                      CHILD("b", .sleeps = 1, .raises = cede_ValueError));
            } cede_end
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        size_t count;
        cede_exception *const *members =
            cede_exception_group_exceptions(e, &count);

        say_group(e);
        say_group(members[count - 1]);
    } cede_end
    return cede_none;
}

TEST(K07_errors_nest_as_their_groups)
{
    expect(k07_errors,
           "a cancelled;unhandled errors in a TaskGroup;"
           "KeyError('a cleaning');ExceptionGroup(unhandled errors in a "
           "TaskGroup (1 sub-exception));"
           "unhandled errors in a TaskGroup;ValueError(b);");
}

/* --- K08, K12 --- */

static cede_value spawns(void *arg)
{
    cede_sleep(1);
    start(arg, CHILD("grandchild", .sleeps = 1));
    return cede_none;
}

static cede_value k08(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        cede_task_group_create_task(group, spawns, group);
        say("body");
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(K08_children_may_add_children_while_the_group_waits)
{
    expect(k08, "body;grandchild done;2;");
}

static cede_value k12(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        start(group, CHILD("a", .sleeps = 3));
        start(group, CHILD("b", .sleeps = 1));
        cede_task_group_create_task(group, spawns, group);
        say("body");
    } cede_end
    say("%g", now());
    return cede_none;
}

TEST(K12_the_last_child_is_waited_for)
{
    expect(k12, "body;b done;grandchild done;a done;3;");
}

/* --- K09, K10 --- */

static cede_value k09(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 1));
            cede_raise(cede_ValueError, "early");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    return cede_none;
}

TEST(K09_children_that_have_not_begun_never_run)
{
    expect(k09, "unhandled errors in a TaskGroup;ValueError(early);");
}

static cede_value k10(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group)
            start(group, CHILD("a", .sleeps = 0, .raises = cede_ValueError));
        cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say("%u", cancelling());
    } cede_end
    cede_sleep(1);
    say("free");
    return cede_none;
}

TEST(K10_no_cancel_is_left_over)
{
    expect(k10, "0;free;");
}

/* --- K11 --- */

static cede_value k11(void *arg)
{
    (void)arg;
    cede_try {
        cede_timeout (deadline, 1) {
            cede_task_group (group) {
                start(group, CHILD("a", .sleeps = 5));
            } cede_end
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

TEST(K11_a_timeout_around_a_group)
{
    expect(k11, "a cancelled;timeout at 1.5;");
}

/* --- K13, K14 --- */

TEST(K13_a_group_needs_a_task)
{
    cede_try {
        cede_task_group (group) {
            CHECK(!"entered");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e),
                  "TaskGroup <TaskGroup> cannot determine the parent task");
    } cede_end
}

static cede_value says_name(void *arg)
{
    (void)arg;
    say("%s", cede_task_get_name(cede_current_task()));
    return cede_none;
}

static cede_value k14(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        cede_task *task = cede_task_group_create_task(group, says_name, NULL,
                                                      .name = "eager",
                                                      .eager_start = true);

        say("%d %zu", cede_task_done(task), cede_task_group_count(group));
        cede_task_group_create_task(group, says_name, NULL, .name = "later");
        say("%zu", cede_task_group_count(group));
    } cede_end
    return cede_none;
}

TEST(K14_options_pass_through)
{
    expect(k14, "eager;1 0;1;later;");
}

static cede_value fails_at_once(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "at once");
}

static cede_value eager_error(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            cede_task_group_create_task(group, fails_at_once, NULL,
                                        .eager_start = true);
            say("body goes on");
            cede_sleep(1);
            say("not here");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
    } cede_end
    return cede_none;
}

TEST(K01_an_eager_child_fails_at_once)
{
    expect(eager_error, "body goes on;unhandled errors in a TaskGroup;"
                        "ValueError(at once);");
}

/* --- K16 --- */

static cede_value k16(void *arg)
{
    cede_auto (cede_task_group *, early, drop) = cede_task_group_new();

    (void)arg;
    cede_task_group (group) {
        start(group, CHILD("a", .sleeps = 5));
        cede_sleep(1);
        cede_task_group_cancel(group);
        cede_task_group_cancel(group);
        cede_sleep(1);
        say("not here");
    } cede_end
    say("%g %u", now(), cancelling());
    cede_task_group_cancel(early);
    cede_with (group, cede_ref(early)) {
        say("entered");
        cede_sleep(1);
        say("not here");
    } cede_end
    say("%g %u", now(), cancelling());
    return cede_none;
}

TEST(K16_a_group_is_cancelled)
{
    expect(k16, "a cancelled;1.5 0;entered;1.5 0;");
}

static cede_value ends_its_group(void *group)
{
    cede_task_group_cancel(group);
    return lasts("child");
}

static cede_value eager_end(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        cede_task_group_create_task(group, ends_its_group, group,
                                    .eager_start = true);
        cede_sleep(100);
    } cede_end
    say("left at %g", now());
    return cede_none;
}

TEST(K16_an_eager_child_cancels_its_group)
{
    expect(eager_end, "child ends at 0;left at 0;");
}

/* --- K18 --- */

static cede_value converts(void *arg)
{
    (void)arg;
    cede_try {
        cede_task_group (group) {
            cede_try {
                cede_sleep(10);
            } cede_except (cede_CancelledError, e) {
                cede_raise(cede_ValueError, "converted");
            } cede_end
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_group(e);
        say("%u", cancelling());
        cede_task_uncancel(cede_current_task());
    } cede_end
    return cede_none;
}

static cede_value k18(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(converts, NULL);

    (void)arg;
    cede_sleep(1);
    cede_task_cancel(task, NULL);
    cede_await(cede_ref(task));
    say("%d", cede_task_cancelled(task));
    return cede_none;
}

TEST(K18_the_body_makes_an_error_of_the_cancel)
{
    expect(k18, "unhandled errors in a TaskGroup;ValueError(converted);1;0;");
}

/* --- under a scope --- */

static cede_value scoped(void *arg)
{
    bool in_exit = arg != NULL;

    cede_move_on_after (scope, 1) {
        cede_task_group (group) {
            start(group, CHILD("a", .sleeps = 5));
            if (!in_exit)
                cede_sleep(5);
        } cede_end
        say("not here");
    } cede_finally {
        say("%d at %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    return cede_none;
}

static cede_value scoped_exit(void *arg)
{
    (void)arg;
    return scoped("in the exit");
}

TEST(Z01_a_group_under_a_scope_waits_for_its_tasks)
{
    expect(scoped, "a cancelled;1 at 1.5;");
    expect(scoped_exit, "a cancelled;1 at 1.5;");
}

/* --- the loop goes away --- */

static cede_value stays(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        start(group, CHILD("a", .sleeps = 100));
        start(group, CHILD("b", .sleeps = 100));
    } cede_end
    return cede_none;
}

TEST(T14_a_group_of_a_closed_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    begin(loop, stays, 3);
    CHECK_INT(cede_loop_task_count(loop), 3);
}
