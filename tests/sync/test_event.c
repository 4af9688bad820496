/*
 * Events. Waits that are cancelled are in test_cancel_points.c.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/event.h"
#include "cede/print.h"

static cede_event *event;

static void say_event(void)
{
    cede_value text = cede_repr(event);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value waits(void *name)
{
    bool outcome = cede_event_wait(event);

    say("%s %d %d", (char *)name, outcome, cede_event_is_set(event));
    return cede_none;
}

static cede_value set_and_clear(void *arg)
{
    cede_task *late;

    (void)arg;
    event = keep(cede_event_new());
    keep(cede_create_task(waits, "a"));
    keep(cede_create_task(waits, "b"));
    cede_sleep(0);
    say_event();
    cede_event_set(event);
    cede_event_clear(event);
    late = keep(cede_create_task(waits, "late"));
    turns(2);
    say("%d", cede_task_done(late));
    cede_event_set(event);
    say_event();
    cede_sleep(0);
    say_event();
    return cede_none;
}

TEST(P04_set_wakes_all_who_wait_though_it_is_cleared, .shuffle = false)
{
    expect(set_and_clear, "<Event [unset, waiters:2]>;a 1 0;b 1 0;0;"
                          "<Event [set, waiters:1]>;late 1 1;<Event [set]>;");
}

/* One that was woken and is cancelled has nothing to pass on: the event is not
   set, and who came after that waits. */
static cede_value cancelled_after_set(void *arg)
{
    cede_task *a;
    cede_task *late;

    (void)arg;
    event = keep(cede_event_new());
    a = keep(cede_create_task(waits, "a"));
    cede_sleep(0);
    late = keep(cede_create_task(waits, "late")); /* runs before a does */
    cede_event_set(event);
    cede_event_clear(event);
    cede_task_cancel(a, NULL);
    turns(4);
    say("%d %d", cede_task_cancelled(a), cede_task_done(late));
    cede_event_set(event);
    cede_await(cede_ref(late));
    return cede_none;
}

TEST(P04_a_cancelled_waiter_wakes_nobody_else)
{
    expect(cancelled_after_set, "1 0;late 1 1;");
}

static void append(void *word)
{
    say("%s", (char *)word);
}

static cede_value waits_for_set(void *arg)
{
    (void)arg;
    event = keep(cede_event_new());
    cede_event_set(event);
    cede_event_set(event);
    cede_loop_call_soon(cede_get_running_loop(), append, "others");
    waits("a");
    waits("b");
    cede_sleep(0);
    return cede_none;
}

TEST(P10_a_set_event_is_not_waited_for)
{
    expect(waits_for_set, "a 1 1;b 1 1;others;");
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    event = keep(cede_event_new());
    cede_event_set(event);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        waits("a");
    } cede_finally {
        say("%d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    return cede_none;
}

TEST(Z01_a_set_event_is_a_checkpoint)
{
    expect(in_cancelled_scope, "1;");
}

static cede_value waits_and_ends(void *arg)
{
    (void)arg;
    keep(cede_create_task(waits, "a"));
    cede_sleep(0);
    return cede_none;
}

static cede_value waits_elsewhere(void *arg)
{
    (void)arg;
    cede_event_wait(event);
    return cede_none;
}

/* P13 */
TEST(P13_an_event_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    event = keep(cede_event_new());
    cede_run_simulated(waits_and_ends, NULL);
    CHECK_RAISES(cede_RuntimeError, cede_run_simulated(waits_elsewhere, NULL));
    cede_event_set(event);
    cede_run_simulated(waits_elsewhere, NULL);
}
