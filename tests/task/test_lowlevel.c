/*
 * lowlevel: parking, wait queues, the budget. Descriptors are in
 * test_descriptor.c.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/inspect.h"
#include "cede/lowlevel.h"

#include <math.h>
#include <stdio.h>

/* --- parking --- */

static bool undo(cede_task *task, void *name)
{
    (void)task;
    say("abort %s", (char *)name);
    return true;
}

/* Parks, and says how that ended. */
static void park_with(cede_abort_function abort, void *name)
{
    cede_try {
        cede_park("test", abort, name);
        say("%s runs", (char *)name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", (char *)name);
    } cede_end
}

static cede_value parks(void *name)
{
    park_with(undo, name);
    return cede_none;
}

static cede_value parking(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *a = join(&crew, cede_create_task(parks, "a"));
    cede_task *b = join(&crew, cede_create_task(parks, "b"));
    cede_task *c = join(&crew, cede_create_task(parks, "c"));

    (void)arg;
    cede_sleep(0);
    cede_unpark(a);
    cede_unpark(a);
    cede_task_cancel(b, NULL);
    cede_unpark(b); /* on its way already */
    cede_unpark(c);
    cede_task_cancel(c, NULL); /* T19: no abort, but the cancel wins */
    say("-");
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(T19_parking_and_cancelling, .shuffle = false)
{
    expect(parking, "abort b;-;a runs;b cancelled;c cancelled;");
}

static cede_value cancelled_first(void *arg)
{
    (void)arg;
    cede_task_cancel(cede_current_task(), NULL);
    return parks("x");
}

static cede_value park_after_cancel(void *arg)
{
    (void)arg;
    cede_await(cede_create_task(cancelled_first, NULL));
    return cede_none;
}

TEST(T06_parking_after_a_cancel)
{
    expect(park_after_cancel, "abort x;x cancelled;");
}

static bool refuse(cede_task *task, void *name)
{
    (void)task;
    say("refused %s", (char *)name);
    return false;
}

static cede_value parks_for_good(void *name)
{
    park_with(refuse, name);
    return cede_none;
}

static cede_value parks_without_abort(void *name)
{
    park_with(NULL, name);
    return cede_none;
}

/* What cannot be undone has to be woken, also when the scenario fails. */
static cede_task *stubborn[3];

static void unpark_all(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        if (stubborn[i])
            cede_unpark(stubborn[i]);
}

static cede_value cannot_be_undone(void *arg)
{
    (void)arg;
    cede_loop_call_later(cede_get_running_loop(), 9, unpark_all, NULL);
    stubborn[0] = keep(cede_create_task(parks_for_good, "a"));
    stubborn[1] = keep(cede_create_task(parks_without_abort, "b"));
    stubborn[2] = keep(cede_create_task(parks_for_good, "c"));
    cede_sleep(0);
    for (int i = 0; i < 3; i++)
        cede_task_cancel(stubborn[i], NULL);
    cede_task_uncancel(stubborn[2]);
    turns(3);
    say("-");
    for (int i = 0; i < 3; i++)
        cede_await(cede_ref(stubborn[i]));
    say("at %g", now());
    return cede_none;
}

TEST(a_wait_that_cannot_be_undone_is_cancelled_at_its_end, .shuffle = false)
{
    expect(cannot_be_undone,
           "refused a;refused c;-;a cancelled;b cancelled;c runs;at 9;");
}

static void unpark(void *task)
{
    cede_unpark(task);
}

static cede_value from_callback(void *arg)
{
    cede_task *task = keep(cede_create_task(parks, "a"));

    (void)arg;
    cede_sleep(0);
    cede_loop_call_later(cede_get_running_loop(), 5, unpark, task);
    cede_await(cede_ref(task));
    say("at %g", now());
    return cede_none;
}

TEST(a_callback_may_unpark)
{
    expect(from_callback, "a runs;at 5;");
}

static void unpark_when_done(cede_future *future, void *task)
{
    (void)future;
    cede_unpark(task);
}

static cede_value from_done_callback(void *arg)
{
    cede_task *task = keep(cede_create_task(parks, "a"));
    cede_task *done = keep(cede_create_task(returns_nothing, NULL));

    (void)arg;
    cede_future_add_done_callback(cede_task_future(done), unpark_when_done,
                                  task);
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(a_done_callback_may_unpark)
{
    expect(from_done_callback, "a runs;");
}

static cede_value unpark_twice(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(parks, "a");

    (void)arg;
    cede_sleep(0);
    cede_unpark(task);
    cede_unpark(task);
    cede_sleep(1); /* nothing else is ready */
    return cede_none;
}

TEST(unpark_twice_is_unpark_once, .shuffle = false)
{
    expect(unpark_twice, "a runs;");
}

static cede_value not_parked(void *arg)
{
    cede_auto (cede_task *, unborn, drop) = cede_create_task(parks, "a");
    cede_auto (cede_task *, done, drop) =
        cede_create_task(returns_nothing, NULL);

    (void)arg;
    cede_unpark(unborn);
    cede_unpark(cede_current_task());
    cede_sleep(1);
    say("at %g", now());
    cede_await(cede_ref(done));
    cede_unpark(done);
    turns(2);
    say("still waits %d", !cede_task_done(unborn));
    cede_unpark(unborn);
    cede_await(cede_ref(unborn));
    return cede_none;
}

TEST(unpark_does_nothing_to_a_task_that_is_not_parked)
{
    expect(not_parked, "at 1;still waits 1;a runs;");
}

static cede_value sleeps_twice(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
        say("%g", now());
        cede_sleep(20);
        say("%g", now());
    } cede_except (cede_CancelledError, e) {
        say("cancelled at %g", now());
    } cede_end
    cede_sleep(30);
    say("%g", now());
    return cede_none;
}

static cede_value wakes_sleepers(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(sleeps_twice, NULL));
    join(&crew, cede_create_task(sleeps_twice, NULL));
    cede_sleep(1);
    cede_unpark(crew.member[0]);
    cede_unpark(crew.member[1]);
    cede_task_cancel(crew.member[1], NULL);
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

/* T23: nor does it leave a timer behind. */
TEST(unpark_does_not_end_a_sleep)
{
    expect(wakes_sleepers, "cancelled at 1;10;30;31;60;");
}

TEST(parking_outside_a_task)
{
    cede_wait_queue queue;

    cede_wait_queue_init(&queue);
    CHECK_RAISES(cede_RuntimeError, cede_park("test", NULL, NULL));
    CHECK_RAISES(cede_RuntimeError, cede_wait_queue_park(&queue, "test"));
    CHECK(cede_wait_queue_empty(&queue));
    cede_consume_budget();
}

/* --- wait queues --- */

static cede_wait_queue queue = {&queue, &queue};

static cede_value queues(void *name)
{
    cede_try {
        cede_wait_queue_park(&queue, "test");
        say("%s", (char *)name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", (char *)name);
    } cede_end
    return cede_none;
}

static cede_value queueing(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *a = join(&crew, cede_create_task(queues, "a"));
    cede_task *b = join(&crew, cede_create_task(queues, "b"));
    cede_task *c = join(&crew, cede_create_task(queues, "c"));

    (void)arg;
    cede_sleep(0);
    CHECK(cede_wait_queue_wake(&queue));
    cede_task_cancel(a, NULL); /* woken, then cancelled: b is woken instead */
    cede_await(cede_ref(a));
    cede_await(cede_ref(b));
    cede_task_cancel(c, NULL);
    cede_await(cede_ref(c));
    CHECK(cede_wait_queue_empty(&queue));
    CHECK(!cede_wait_queue_wake(&queue));
    return cede_none;
}

TEST(P02_a_cancelled_waiter_passes_its_wakeup_on, .shuffle = false)
{
    expect(queueing, "a cancelled;b;c cancelled;");
}

static cede_value cancelled_unwoken(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *a = join(&crew, cede_create_task(queues, "a"));
    cede_task *b = join(&crew, cede_create_task(queues, "b"));

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(a, NULL); /* was not woken: has nothing to pass on */
    say("%d", cede_wait_queue_wake(&queue));
    cede_await(cede_ref(b));
    say("%d", cede_wait_queue_wake(&queue));
    cede_await(cede_ref(a));
    return cede_none;
}

TEST(P02_a_waiter_cancelled_first_is_not_woken, .shuffle = false)
{
    expect(cancelled_unwoken, "1;a cancelled;b;0;");
}

static cede_value queues_twice(void *name)
{
    for (int i = 0; i < 2; i++) {
        cede_wait_queue_park(&queue, "test");
        say("%s", (char *)name);
    }
    return cede_none;
}

static cede_value back_of_the_queue(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(queues_twice, "a"));
    join(&crew, cede_create_task(queues_twice, "b"));
    cede_sleep(0);
    for (int i = 0; i < 4; i++) {
        cede_wait_queue_wake(&queue);
        cede_sleep(0);
    }
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(a_wait_queue_is_first_in_first_out, .shuffle = false)
{
    expect(back_of_the_queue, "a;b;a;b;");
}

enum { CROWD = 1000 };

static cede_value queues_by_number(void *arg)
{
    cede_wait_queue_park(&queue, "test");
    say("%d", *(int *)arg);
    return cede_none;
}

/* Every third is cancelled, some before they are woken and some after. */
static cede_value crowd(void *arg)
{
    static cede_task *tasks[CROWD];
    int ran = 0, cancelled = 0, woken = 0;

    (void)arg;
    for (int i = 0; i < CROWD; i++)
        tasks[i] = cede_create_task_with(queues_by_number, i);
    cede_sleep(0);
    for (int i = 0; i < CROWD; i += 6)
        cede_task_cancel(tasks[i], NULL);
    for (; woken < CROWD / 2; woken++)
        CHECK(cede_wait_queue_wake(&queue));
    for (int i = 3; i < CROWD; i += 6)
        cede_task_cancel(tasks[i], NULL);
    turns(2);
    for (int i = 0; i < CROWD; i++) {
        ran += cede_task_done(tasks[i]) && !cede_task_cancelled(tasks[i]);
        cancelled += cede_task_cancelled(tasks[i]);
    }
    CHECK_INT(cancelled, (CROWD + 2) / 3);
    CHECK_INT(ran, woken); /* no wake-up was lost, none came twice */
    while (cede_wait_queue_wake(&queue))
        ran++;
    cede_sleep(0);
    CHECK_INT(ran, CROWD - cancelled);
    for (int i = 0; i < CROWD; i++)
        cede_unref(tasks[i]);
    return cede_none;
}

TEST(a_wait_queue_of_1000, .shuffle = false, .torture = false)
{
    char expected[sizeof trace_text] = "";

    for (int i = 0; i < CROWD; i++)
        if (i % 3)
            snprintf(expected + strlen(expected),
                     sizeof expected - strlen(expected), "%d;", i);
    expect(crowd, expected);
}

/* --- the budget --- */

static cede_value greedy(void *arg)
{
    (void)arg;
    for (int i = 0; i < 200; i++)
        cede_consume_budget();
    say("greedy done");
    return cede_none;
}

static cede_value modest(void *arg)
{
    (void)arg;
    say("modest runs");
    return cede_none;
}

static cede_value budget(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(greedy, NULL));
    join(&crew, cede_create_task(modest, NULL));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(Z17_the_budget_lets_others_run)
{
    expect(budget, "modest runs;greedy done;");
}

static cede_value thrifty(void *arg)
{
    (void)arg;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 127; i++)
            cede_consume_budget();
        say("round %d", round);
        cede_sleep(0);
    }
    return cede_none;
}

static cede_value budget_anew(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(thrifty, NULL);

    (void)arg;
    for (int i = 0; i < 3; i++) {
        cede_sleep(0);
        say("turn %d", i);
    }
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(Z17_a_suspension_renews_the_budget)
{
    expect(budget_anew, "round 0;turn 0;round 1;turn 1;round 2;turn 2;");
}

static cede_value greedy_for_ever(void *arg)
{
    (void)arg;
    for (;;)
        cede_consume_budget();
    return cede_none;
}

static cede_value cancel_the_greedy(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(greedy_for_ever, NULL);

    (void)arg;
    turns(2);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("stopped");
    return cede_none;
}

TEST(Z17_who_never_waits_can_be_cancelled)
{
    expect(cancel_the_greedy, "stopped;");
}

/* --- waits that keep their wake-up --- */

static cede_value keeps(void *name)
{
    bool woken = false;

    cede_try {
        cede_wait_queue_park_keep(&queue, "test", &woken);
        say("%s %d", (char *)name, woken);
    } cede_except (cede_CancelledError) {
        say("%s cancelled %d", (char *)name, woken);
    } cede_end
    return cede_none;
}

static cede_value keeping(void *arg)
{
    cede_task *a = keep(cede_create_task(keeps, "a"));
    cede_task *b = keep(cede_create_task(keeps, "b"));
    cede_task *c = keep(cede_create_task(keeps, "c"));

    (void)arg;
    cede_sleep(0);
    CHECK_INT(cede_wait_queue_length(&queue), 3);
    cede_wait_queue_wake(&queue);
    cede_task_cancel(a, NULL); /* b is not woken in its place */
    cede_task_cancel(b, NULL);
    CHECK_INT(cede_wait_queue_length(&queue), 1);
    turns(2);
    cede_unpark(c); /* is no wake-up */
    turns(2);
    CHECK_INT(cede_wait_queue_length(&queue), 1);
    cede_wait_queue_wake(&queue);
    cede_await(cede_ref(c));
    CHECK_INT(cede_wait_queue_length(&queue), 0);
    return cede_none;
}

TEST(P02_a_wait_may_keep_its_wakeup, .shuffle = false)
{
    expect(keeping, "a cancelled 1;b cancelled 0;c 1;");
}

TEST(who_may_suspend)
{
    CHECK_RAISES(cede_RuntimeError, cede_check_suspend());
}

/* --- parking until a time --- */

static cede_value parks_until(void *when)
{
    cede_try {
        bool unparked = cede_park_until(*(double *)when, "test", undo, "p");

        say("%s at %g", unparked ? "unparked" : "late", now());
    } cede_except (cede_CancelledError, e) {
        say("cancelled at %g", now());
    } cede_end
    return cede_none;
}

static double times[] = {2, INFINITY, -1};

static cede_value parking_until(void *arg)
{
    cede_task *task[4];

    (void)arg;
    for (int i = 0; i < 4; i++)
        task[i] = keep(cede_create_task(parks_until, &times[i == 2 ? 1 : 0]));
    cede_sleep(1);
    cede_unpark(task[1]);
    cede_unpark(task[2]);
    cede_task_cancel(task[3], NULL);
    cede_sleep(3);
    cede_unref(cede_create_task(parks_until, &times[2])); /* it has passed */
    cede_sleep(1);
    CHECK_RAISES(cede_ValueError, cede_park_until(NAN, "test", NULL, NULL));
    return cede_none;
}

TEST(T23_parking_until_a_time)
{
    expect(parking_until, "abort p;unparked at 1;unparked at 1;"
                          "cancelled at 1;late at 2;late at 4;");
}

/* --- what has happened --- */

static cede_value commits(void *arg)
{
    cede_task *a = keep(cede_create_task(parks, "a"));
    cede_task *b = keep(cede_create_task(parks, "b"));

    (void)arg;
    cede_unpark_committed(a); /* not parked: nothing */
    cede_sleep(0);
    cede_unpark_committed(a);
    cede_task_cancel(a, NULL);
    cede_unpark(b);
    cede_task_cancel(b, NULL);
    turns(2);
    say("%d", cede_task_cancelled(a)); /* it ended with the cancel: T06 */
    return cede_none;
}

TEST(Z08_a_wait_that_is_committed_is_not_cancelled, .shuffle = false)
{
    expect(commits, "a runs;b cancelled;1;");
}

static cede_value twice_committed(void *arg)
{
    (void)arg;
    parks("first");
    parks("second");
    return cede_none;
}

static cede_value commit_once(void *arg)
{
    cede_task *task = keep(cede_create_task(twice_committed, NULL));

    (void)arg;
    cede_sleep(0);
    cede_unpark_committed(task);
    cede_task_cancel(task, NULL);
    turns(2);
    return cede_none;
}

/* The cancel is there, and ends the next wait. */
TEST(Z08_the_wait_behind_a_committed_one_is_cancelled, .shuffle = false)
{
    expect(commit_once, "first runs;abort second;second cancelled;");
}

static cede_value uses_wait_space(void *arg)
{
    char *space = cede_wait_space();

    (void)arg;
    for (int i = 0; i < CEDE_WAIT_SPACE; i++)
        CHECK_INT(space[i], 0);
    memset(space, 1, CEDE_WAIT_SPACE);
    cede_sleep(0);
    CHECK_PTR(cede_wait_space(), space);
    CHECK_INT(space[CEDE_WAIT_SPACE - 1], 1);
    return cede_none;
}

TEST(every_task_has_wait_space)
{
    expect(uses_wait_space, "");
    CHECK_RAISES(cede_RuntimeError, cede_wait_space());
}

/* --- notices --- */

struct watcher {
    cede_notice notice;
    const char *name;
    struct watcher *takes_back;
};

static void tell(cede_notice *notice)
{
    struct watcher *watcher = (struct watcher *)notice;

    say("told %s", watcher->name);
    if (watcher->takes_back)
        cede_notice_cancel(&watcher->takes_back->notice);
}

static cede_value watches(void *arg)
{
    static struct watcher watchers[4];
    cede_future *future =
        keep(cede_loop_create_future(cede_get_running_loop()));
    cede_task *task = keep(cede_create_task(returns_nothing, NULL));

    (void)arg;
    for (int i = 0; i < 4; i++)
        watchers[i] = (struct watcher){{.tell = tell}, &"abcd"[i], NULL};
    cede_notice_cancel(&watchers[0].notice); /* asked for nothing */
    for (int i = 0; i < 3; i++)
        CHECK(cede_future_watch(future, &watchers[i].notice));
    CHECK(cede_future_watch(task, &watchers[3].notice));
    watchers[0].takes_back = &watchers[1];
    cede_sleep(0);
    cede_future_set_result(future, 1);
    say("set"); /* they have been told already */
    cede_notice_cancel(&watchers[2].notice);
    CHECK(!cede_future_watch(future, &watchers[0].notice));
    CHECK(!cede_future_watch(task, &watchers[0].notice));
    CHECK_RAISES(cede_TypeError, cede_future_watch(cede_get_running_loop(),
                                                   &watchers[0].notice));
    CHECK(cede_isfuture(future) && cede_isfuture(task));
    CHECK(!cede_isfuture(cede_get_running_loop()) && !cede_isfuture(NULL));
    return cede_none;
}

TEST(futures_tell_who_watches_at_once, .shuffle = false)
{
    expect(watches, "told d;told abcd;told cd;set;");
}

static void called(cede_future *future, void *argument)
{
    (void)future, (void)argument;
    say("called");
}

static void close_file(void *file)
{
    fclose(*(FILE **)file);
}

/* Whoever looks through the list of those who wait finds the notice too. */
static cede_value watches_beside_others(void *arg)
{
    static struct watcher watcher;
    cede_task *task = keep(cede_create_task(returns_nothing, NULL));
    cede_future *future = cede_task_future(task);
    cede_auto (FILE *, file, close_file) = fopen("/dev/null", "w");

    (void)arg;
    watcher = (struct watcher){{.tell = tell}, "x", NULL};
    CHECK(cede_future_watch(future, &watcher.notice));
    cede_future_add_done_callback(future, called, NULL);
    CHECK_INT(cede_future_remove_done_callback(future, called), 1);
    cede_print_call_graph(task, file);
    cede_await(cede_ref(task));
    return cede_none;
}

/* F03, D11 */
TEST(who_watches_is_no_callback)
{
    expect(watches_beside_others, "told x;");
}

static cede_value watch_foreign(void *future)
{
    static struct watcher watcher = {{.tell = tell}, "x", NULL};

    CHECK_RAISES(cede_RuntimeError, cede_future_watch(future, &watcher.notice));
    return cede_none;
}

TEST(futures_of_another_loop_are_not_watched)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_value_unref(cede_run_simulated(watch_foreign, future));
}
