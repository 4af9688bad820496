/*
 * Every wait of this room, cancelled at every moment: before the task is
 * woken, after it was woken and before it runs, twice, by a scope that cancels
 * every wait. In each case another task waits behind it, and must get what the
 * first one did not take; nothing may be left over and nothing lost.
 *
 * Rules P02, P04, P06, P08, P12, Q03, Q07, D07, Z01, Z04, Z05, Z08. What else a
 * barrier and a condition wait for is in test_barrier.c and test_condition.c.
 */
#include "task/world.h"

#include "cede/barrier.h"
#include "cede/cancel_scope.h"
#include "cede/condition.h"
#include "cede/event.h"
#include "cede/lock.h"
#include "cede/print.h"
#include "cede/queue.h"
#include "cede/semaphore.h"

/* --- what waits --- */

struct primitive {
    const char *name;
    void *(*make)(void);         /* so that a wait suspends */
    void (*wait)(void *object);  /* and gives back what it got */
    void (*wake)(void *object);  /* lets one go on; does not let anybody run */
    bool one_each;               /* a second one needs a second wake */
    const char *rest;            /* the object's repr when all is over */
};

static void *make_lock(void)
{
    cede_lock *lock = cede_lock_new();

    cede_lock_acquire(lock);
    return lock;
}

static void wait_lock(void *lock)
{
    cede_lock_acquire(lock);
    cede_lock_release(lock);
}

static void wake_lock(void *lock)
{
    cede_lock_release(lock);
}

static void *make_semaphore(void)
{
    return cede_semaphore_new(0);
}

static void *make_bounded(void)
{
    cede_semaphore *semaphore = cede_bounded_semaphore_new(1);

    cede_semaphore_acquire(semaphore);
    return semaphore;
}

static void wait_semaphore(void *semaphore)
{
    cede_semaphore_acquire(semaphore);
    cede_semaphore_release(semaphore);
}

static void wake_semaphore(void *semaphore)
{
    cede_semaphore_release(semaphore);
}

static void *make_event(void)
{
    return cede_event_new();
}

static void wait_event(void *event)
{
    cede_event_wait(event);
}

static void wake_event(void *event)
{
    cede_event_set(event);
}

static void *make_condition(void)
{
    return cede_condition_new();
}

static void wait_condition(void *condition)
{
    cede_with (held, cede_ref((cede_condition *)condition)) {
        cede_condition_wait(condition);
    } cede_end
}

static void wake_condition(void *condition)
{
    cede_with (held, cede_ref((cede_condition *)condition)) {
        cede_condition_notify(condition, 1);
    } cede_end
}

static void *make_barrier(void)
{
    return cede_barrier_new(3);
}

static void wait_barrier(void *barrier)
{
    cede_barrier_wait(barrier);
}

static cede_value be_party(void *barrier)
{
    cede_barrier_wait(barrier);
    return cede_none;
}

/* Fills it with others as long as it takes. */
static void wake_barrier(void *barrier)
{
    turns(1); /* who was cancelled leaves */
    while (cede_barrier_n_waiting(barrier) < 2) {
        cede_unref(cede_create_task(be_party, barrier));
        turns(1);
    }
    cede_barrier_wait(barrier);
}

static void *make_empty(void)
{
    return cede_queue_new(0);
}

static void *make_empty_lifo(void)
{
    return cede_lifo_queue_new(0);
}

static void *make_empty_priority(void)
{
    return cede_priority_queue_new(0);
}

static void wait_get(void *queue)
{
    CHECK_INT(cede_value_int(cede_queue_get(queue)), 7);
}

static void wake_get(void *queue)
{
    cede_queue_put_nowait((cede_queue *)queue, 7);
}

static void *make_full(void)
{
    cede_queue *queue = cede_queue_new(1);
    cede_auto (cede_queue *, made, drop) = queue;

    cede_queue_put_nowait(queue, 7);
    made = NULL;
    return queue;
}

static void wait_put(void *queue)
{
    cede_queue_put((cede_queue *)queue, 7);
}

static void wake_put(void *queue)
{
    cede_queue_get_nowait(queue);
}

static void *make_unfinished(void)
{
    cede_queue *queue = make_full();

    cede_queue_get_nowait(queue);
    return queue;
}

static void wait_join(void *queue)
{
    cede_queue_join(queue);
}

static void wake_join(void *queue)
{
    cede_queue_task_done(queue);
}

static const struct primitive primitives[] = {
    {"lock", make_lock, wait_lock, wake_lock, false, "<Lock [unlocked]>"},
    {"semaphore", make_semaphore, wait_semaphore, wake_semaphore, false,
     "<Semaphore [unlocked, value:1]>"},
    {"bounded", make_bounded, wait_semaphore, wake_semaphore, false,
     "<BoundedSemaphore [unlocked, value:1]>"},
    {"event", make_event, wait_event, wake_event, false, "<Event [set]>"},
    {"condition", make_condition, wait_condition, wake_condition, true,
     "<Condition [unlocked]>"},
    {"barrier", make_barrier, wait_barrier, wake_barrier, false,
     "<Barrier [filling, waiters:0/3]>"},
    {"get", make_empty, wait_get, wake_get, true, NULL},
    {"lifo", make_empty_lifo, wait_get, wake_get, true, NULL},
    {"priority", make_empty_priority, wait_get, wake_get, true, NULL},
    {"put", make_full, wait_put, wake_put, true, NULL},
    {"join", make_unfinished, wait_join, wake_join, false,
     "<Queue maxsize=1>"},
};

enum { PRIMITIVES = sizeof primitives / sizeof *primitives };

/* --- who waits --- */

struct waiter {
    const struct primitive *primitive;
    void *object;
    const char *name;
};

static cede_cancel_scope *scope_of_first;

static void use(struct waiter *waiter)
{
    cede_try {
        waiter->primitive->wait(waiter->object);
        say("%s done", waiter->name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", waiter->name);
        cede_reraise();
    } cede_end
}

static cede_value waits(void *waiter)
{
    use(waiter);
    return cede_none;
}

static void forget_scope(void *unused)
{
    (void)unused;
    scope_of_first = NULL;
}

static cede_value waits_in_scope(void *waiter)
{
    cede_cancel_scope (scope) {
        cede_defer (forget_scope, NULL);
        scope_of_first = scope;
        use(waiter);
        scope_of_first = NULL;
        cede_sleep(0); /* the scope is still cancelled here (Z08) */
        say("not cancelled");
    } cede_end
    return cede_none;
}

/* --- moments --- */

struct moment {
    const char *events; /* c: the task is cancelled, s: its scope, w: the
                           object wakes one, .: all run */
    const char *expected;
};

static void happen(char event, const struct waiter *waiter, cede_task *first)
{
    switch (event) {
    case 'c':
        cede_task_cancel(first, NULL);
        break;
    case 's':
        if (scope_of_first) /* else its task could not begin */
            cede_cancel_scope_cancel(scope_of_first);
        break;
    case 'w':
        waiter->primitive->wake(waiter->object);
        break;
    default:
        turns(6);
    }
}

static void check_rest(const struct waiter *waiter, bool first_done)
{
    const struct primitive *primitive = waiter->primitive;
    const char *expected = primitive->rest;
    cede_value look;

    if (!expected && primitive->wait == wait_put)
        expected = first_done
                       ? "<Queue maxsize=1 _queue=[7] tasks=3>"
                       : "<Queue maxsize=1 _queue=[7] tasks=2>";
    look = cede_repr((cede_object *)waiter->object);
    cede_defer (cede_value_clear, &look);
    if (expected)
        CHECK_STR(cede_value_str(look), expected);
    else
        CHECK_INT(cede_queue_qsize(waiter->object), 0);
}

static void play(const struct primitive *primitive,
                 const struct moment *moment)
{
    bool scoped = strchr(moment->events, 's') != NULL;
    void *object = keep(primitive->make());
    struct waiter one = {primitive, object, "a"};
    struct waiter two = {primitive, object, "b"};
    cede_auto (cede_task *, a, drop) = NULL;
    cede_auto (cede_task *, b, drop) = NULL;
    const char *event;

    say("%s", primitive->name);
    a = scoped ? cede_create_task_with(waits_in_scope, one)
               : cede_create_task_with(waits, one);
    b = cede_create_task_with(waits, two);
    cede_sleep(0);
    for (event = moment->events; *event; event++)
        happen(*event, &one, a);
    turns(6);
    if (!cede_task_done(b) && primitive->one_each && scoped)
        primitive->wake(object); /* the first one took it (Z08) */
    turns(6);
    CHECK(cede_task_done(a));
    CHECK(cede_task_done(b));
    check_rest(&one, strstr(moment->expected, "a done") != NULL);
}

static const struct moment *moment_now;

static cede_value play_all(void *arg)
{
    size_t i;

    (void)arg;
    for (i = 0; i < PRIMITIVES; i++)
        play(&primitives[i], moment_now);
    return cede_none;
}

static void cancel_at(const char *events, const char *expected)
{
    struct moment moment = {events, expected};
    char trace[2048] = "";
    size_t i;

    for (i = 0; i < PRIMITIVES; i++)
        snprintf(trace + strlen(trace), sizeof trace - strlen(trace), "%s;%s",
                 primitives[i].name, expected);
    moment_now = &moment;
    expect(play_all, trace);
}

TEST(P02_Q07_cancelled_while_waiting, .shuffle = false)
{
    cancel_at("c.w", "a cancelled;b done;");
}

TEST(P02_cancelled_and_woken_before_it_runs, .shuffle = false)
{
    cancel_at("cw", "a cancelled;b done;");
}

TEST(P02_P08_Q03_D07_cancelled_after_it_was_woken, .shuffle = false)
{
    cancel_at("wc", "a cancelled;b done;");
}

TEST(P02_cancelled_twice_while_waiting, .shuffle = false)
{
    cancel_at("cc.w", "a cancelled;b done;");
}

TEST(P02_cancelled_twice_after_it_was_woken, .shuffle = false)
{
    cancel_at("wcc", "a cancelled;b done;");
}

TEST(P02_cancelled_before_and_after_it_was_woken, .shuffle = false)
{
    cancel_at("cwc", "a cancelled;b done;");
}

TEST(Z01_Z04_its_scope_is_cancelled_while_it_waits, .shuffle = false)
{
    cancel_at("s.w", "a cancelled;b done;");
}

TEST(Z01_Z04_its_scope_is_cancelled_and_it_is_woken_before_it_runs,
     .shuffle = false)
{
    cancel_at("sw", "a cancelled;b done;");
}

/* What it was woken for is its own, and the next wait raises. */
TEST(Z08_its_scope_is_cancelled_after_it_was_woken, .shuffle = false)
{
    cancel_at("ws", "a done;b done;");
}

TEST(Z01_its_scope_and_it_are_cancelled_after_it_was_woken, .shuffle = false)
{
    cancel_at("wsc", "a cancelled;b done;");
}

TEST(Z01_its_scope_and_it_are_cancelled_while_it_waits, .shuffle = false)
{
    cancel_at("scw", "a cancelled;b done;");
}

/* --- without a wait --- */

/* These wait for others in any case. */
static bool may_be_free(const struct primitive *primitive)
{
    return primitive->wait != wait_condition &&
           primitive->wait != wait_barrier;
}

static void play_free(const struct primitive *primitive)
{
    struct waiter waiter = {primitive, keep(primitive->make()), "a"};

    say("%s", primitive->name);
    primitive->wake(waiter.object);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        use(&waiter);
    } cede_end
    use(&waiter);
    check_rest(&waiter, false);
}

static cede_value play_all_free(void *arg)
{
    size_t i;

    (void)arg;
    for (i = 0; i < PRIMITIVES; i++)
        if (may_be_free(&primitives[i]))
            play_free(&primitives[i]);
    return cede_none;
}

/* And it did not happen: what was there to be had is still there. */
TEST(Z05_what_need_not_wait_raises_in_a_cancelled_scope)
{
    char trace[1024] = "";
    size_t i;

    for (i = 0; i < PRIMITIVES; i++)
        if (may_be_free(&primitives[i]))
            snprintf(trace + strlen(trace), sizeof trace - strlen(trace),
                     "%s;a cancelled;a done;", primitives[i].name);
    expect(play_all_free, trace);
}
