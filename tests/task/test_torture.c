/*
 * Torture of suspensions: what the harness has happen at the Nth of them
 * (--torture cancel, --torture raise) happens there, and only there.
 */
#include "task/world.h"

#include "base/fault.h"

#include "cede/lowlevel.h"
#include "cede/nursery.h"
#include "cede/task_group.h"

static void disarm(void *kind)
{
    cede__fault_arm(*(enum cede__fault_kind *)kind, 0, 0);
}

/* Runs the scenario with its `nth` suspension struck. */
static void strike(enum cede__fault_kind kind, long nth,
                   cede_function scenario, const char *trace)
{
    cede_defer (disarm, &kind);

    cede__fault_arm(kind, nth, 1);
    expect(scenario, trace);
    CHECK_INT(cede__fault_injected(kind), 1);
}

static void cancel_at(long nth, cede_function scenario, const char *trace)
{
    strike(CEDE__FAULT_CANCEL, nth, scenario, trace);
}

static void raise_at(long nth, cede_function scenario, const char *trace)
{
    strike(CEDE__FAULT_RAISE, nth, scenario, trace);
}

/* Waits by `wait`, and says what came out. */
static void tell(const char *what, void (*wait)(void *), void *argument)
{
    cede_try {
        wait(argument);
        say("%s", what);
    } cede_except (cede_BaseException, e) {
        say("%s: %s%s %u at %g", what, ((cede_object *)e)->object_class->name,
            cede_exception_is(e, cede_Exception) ? " (Exception)" : "",
            cede_task_cancelling(cede_current_task()), now());
    } cede_end
}

static void by_sleep(void *arg)
{
    (void)arg;
    cede_sleep(1);
}

static void by_turn(void *arg)
{
    (void)arg;
    cede_sleep(0);
}

static void by_await(void *future)
{
    cede_value_unref(cede_await(cede_ref((cede_future *)future)));
}

static void by_queue(void *queue)
{
    cede_wait_queue_park(queue, "test");
}

static bool never(cede_task *task, void *argument)
{
    (void)task;
    (void)argument;
    return false;
}

static void by_stubborn_park(void *arg)
{
    (void)arg;
    cede_park("test", never, NULL);
}

static cede_value twice(void (*wait)(void *))
{
    tell("one", wait, NULL);
    tell("two", wait, NULL);
    return cede_none;
}

static cede_value sleeps_twice(void *arg)
{
    (void)arg;
    return twice(by_sleep);
}

TEST(cancels_at_the_nth_suspension, .torture = false)
{
    cancel_at(1, sleeps_twice, "one: CancelledError 1 at 0;two;");
    cancel_at(2, sleeps_twice, "one;two: CancelledError 1 at 1;");
}

TEST(raises_at_the_nth_suspension, .torture = false)
{
    raise_at(1, sleeps_twice, "one: TortureError (Exception) 0 at 0;two;");
    raise_at(2, sleeps_twice, "one;two: TortureError (Exception) 0 at 1;");
}

static cede_value takes_turns(void *arg)
{
    (void)arg;
    return twice(by_turn);
}

TEST(strikes_a_turn, .torture = false)
{
    cancel_at(1, takes_turns, "one: CancelledError 1 at 0;two;");
    raise_at(2, takes_turns, "one;two: TortureError (Exception) 0 at 0;");
}

static cede_value awaits_future(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));

    (void)arg;
    tell("future", by_await, future);
    say("%s", cede_future_done(future) ? "done" : "pending");
    if (!cede_future_done(future))
        cede_future_set_result(future, 1);
    turns(2); /* nobody is woken by it */
    return cede_none;
}

/* T32: what is awaited stays as it is; a cancel goes on to it (T10). */
TEST(strikes_an_await, .torture = false)
{
    raise_at(1, awaits_future,
             "future: TortureError (Exception) 0 at 0;pending;");
    cancel_at(1, awaits_future, "future: CancelledError 1 at 0;done;");
}

static cede_value queues(void *arg)
{
    cede_wait_queue queue;

    (void)arg;
    cede_wait_queue_init(&queue);
    tell("queue", by_queue, &queue);
    CHECK(cede_wait_queue_empty(&queue));
    return cede_none;
}

TEST(strikes_a_wait_in_a_queue, .torture = false)
{
    raise_at(1, queues, "queue: TortureError (Exception) 0 at 0;");
    cancel_at(1, queues, "queue: CancelledError 1 at 0;");
}

static void unpark(void *task)
{
    cede_unpark(task);
}

static cede_value parks_stubbornly(void *arg)
{
    (void)arg;
    cede_loop_call_later(cede_get_running_loop(), 3, unpark,
                         cede_current_task());
    tell("park", by_stubborn_park, NULL);
    return cede_none;
}

/* A wait that does not let itself be undone ends first. */
TEST(strikes_a_wait_that_has_to_end, .torture = false)
{
    raise_at(1, parks_stubbornly, "park: TortureError (Exception) 0 at 3;");
    cancel_at(1, parks_stubbornly, "park: CancelledError 1 at 3;");
}

static cede_value one_of_two(void *name)
{
    tell(name, by_sleep, NULL);
    return cede_none;
}

static cede_value two_tasks(void *arg)
{
    (void)arg;
    keep(cede_create_task(one_of_two, "a"));
    keep(cede_create_task(one_of_two, "b"));
    cede_sleep(2);
    return cede_none;
}

/* The Nth of the whole process: the first is the scenario's own. */
TEST(counts_suspensions_of_all_tasks, .shuffle = false, .torture = false)
{
    raise_at(3, two_tasks, "b: TortureError (Exception) 0 at 0;a;");
}

/* --- blocks that wait for tasks --- */

/* Cancelled, it still takes a while. */
static void slow_to_end(void)
{
    cede_try {
        cede_sleep(10);
    } cede_finally {
        cede_shield_begin();
        cede_defer (cede_shield_end, NULL);

        cede_sleep(1);
        say("child at %g", now());
    } cede_end
}

static void by_nursery(void *arg)
{
    (void)arg;
    cede_nursery (nursery)
        cede_nursery_start_soon(nursery, slow_to_end);
    cede_end
}

static void by_task_group(void *arg)
{
    (void)arg;
    cede_task_group (group)
        cede_task_group_create_task(group, slow_to_end);
    cede_end
}

static cede_value in_nursery(void *arg)
{
    tell("nursery", by_nursery, arg);
    return cede_none;
}

static cede_value in_task_group(void *arg)
{
    tell("group", by_task_group, arg);
    return cede_none;
}

/* Whatever comes out of the wait at its end, a block ends after its tasks. (In
   another order the task is cancelled before it begins.) */
TEST(blocks_outlive_their_tasks, .torture = false, .shuffle = false)
{
    raise_at(1, in_nursery,
             "child at 1;nursery: TortureError (Exception) 0 at 1;");
    raise_at(1, in_task_group,
             "child at 1;group: TortureError (Exception) 0 at 1;");
}
