/*
 * Many tasks over one lock, one semaphore, one queue, on the virtual clock:
 * nobody is forgotten, nothing is lost, and the order stays.
 */
#include "task/world.h"

#include "cede/lock.h"
#include "cede/queue.h"
#include "cede/semaphore.h"

/* Stacks are dear where every access is watched. */
#if CEDE_IMPL_TSAN /* it has 8128 stacks */
enum { TASKS = 5000, ITEMS = 100000 };
#elif CEDE_IMPL_ASAN
enum { TASKS = 10000, ITEMS = 100000 };
#else
enum { TASKS = 100000, ITEMS = 100000 };
#endif

static cede_task *tasks[TASKS];

/* Waits for all; how many were cancelled? */
static int await_all(void)
{
    volatile int cancelled = 0;

    for (int i = 0; i < TASKS; i++) {
        cede_try {
            cede_await(tasks[i]);
        } cede_except (cede_CancelledError) {
            cancelled++;
        } cede_end
    }
    return cancelled;
}

/* --- one lock --- */

static cede_lock *lock;
static int inside;
static int passed;
static int last;
static bool in_order;

static void leave_one(void *unused)
{
    (void)unused;
    inside--;
}

static cede_value goes_through(void *arg)
{
    int number = *(int *)arg;

    cede_with (held, cede_ref(lock)) {
        CHECK_INT(++inside, 1);
        cede_defer (leave_one, NULL);
        in_order &= number > last;
        last = number;
        if (number % 1000 == 0)
            cede_sleep(0.001);
        passed++;
    } cede_end
    return cede_none;
}

static void start_lock(void)
{
    lock = cede_lock_new();
    inside = passed = 0;
    last = -1;
    in_order = true;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = cede_create_task_with(goes_through, i);
}

static cede_value over_one_lock(void *arg)
{
    (void)arg;
    start_lock();
    CHECK_INT(await_all(), 0);
    CHECK_INT(passed, TASKS);
    CHECK(in_order);
    CHECK(!cede_lock_locked(lock));
    cede_unref(lock);
    return cede_none;
}

/* P01 */
TEST(P01_many_tasks_over_one_lock,
     .shuffle = false, .timeout = 60, .torture = false)
{
    cede_run_simulated(over_one_lock, NULL);
}

/* A third of them is cancelled at all moments: while they wait, and when they
   are the next. */
static cede_value over_one_lock_cancelled(void *arg)
{
    int cancelled;

    (void)arg;
    start_lock();
    for (int i = 0; i < TASKS; i += 3) {
        if (i % 1000 == 0)
            cede_sleep(0);
        cede_task_cancel(tasks[i], NULL);
    }
    cancelled = await_all();
    CHECK(cancelled > TASKS / 4);
    CHECK_INT(passed, TASKS - cancelled);
    CHECK(in_order);
    CHECK_INT(inside, 0);
    CHECK(!cede_lock_locked(lock));
    cede_unref(lock);
    return cede_none;
}

/* P02 */
TEST(P02_many_tasks_over_one_lock_and_some_are_cancelled,
     .shuffle = false, .timeout = 60, .torture = false)
{
    cede_run_simulated(over_one_lock_cancelled, NULL);
}

/* --- one semaphore --- */

static cede_semaphore *semaphore;

static cede_value takes_a_unit(void *arg)
{
    (void)arg;
    cede_with (held, cede_ref(semaphore)) {
        CHECK(++inside <= 10);
        cede_defer (leave_one, NULL);
        cede_sleep(0);
        passed++;
    } cede_end
    return cede_none;
}

static cede_value over_one_semaphore(void *arg)
{
    int cancelled;

    (void)arg;
    semaphore = cede_bounded_semaphore_new(10);
    inside = passed = 0;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = cede_create_task(takes_a_unit, NULL);
    for (int i = 0; i < TASKS; i += 3) {
        if (i % 1000 == 0)
            cede_sleep(0);
        cede_task_cancel(tasks[i], NULL);
    }
    cancelled = await_all();
    CHECK_INT(passed, TASKS - cancelled);
    for (int i = 0; i < 10; i++) /* all units are back */
        cede_semaphore_acquire(semaphore);
    CHECK(cede_semaphore_locked(semaphore));
    cede_unref(semaphore);
    return cede_none;
}

/* P08 */
TEST(P08_many_tasks_over_one_semaphore, .timeout = 60, .torture = false)
{
    cede_run_simulated(over_one_semaphore, NULL);
}

/* --- one queue --- */

enum { PRODUCERS = 8, CONSUMERS = 5 };

static cede_queue *queue;
static bool seen[ITEMS];
static int received;

static cede_value produces(void *arg)
{
    for (int item = *(int *)arg; item < ITEMS; item += PRODUCERS) {
        cede_queue_put(queue, item);
        if (item % 97 == 0)
            cede_sleep(0);
    }
    return cede_none;
}

static cede_value consumes(void *arg)
{
    (void)arg;
    cede_try {
        for (;;) {
            int64_t item = cede_value_int(cede_queue_get(queue));

            CHECK(!seen[item]);
            seen[item] = true;
            received++;
            if (item % 89 == 0)
                cede_sleep(0.001);
            cede_queue_task_done(queue);
        }
    } cede_except (cede_QueueShutDown) {
    } cede_end
    return cede_none;
}

static void run_queue(void)
{
    struct crew consumers = {.count = 0};
    struct crew producers = {.count = 0};
    cede_defer (dismiss, &consumers);
    cede_defer (dismiss, &producers);

    received = 0;
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < CONSUMERS; i++)
        join(&consumers, cede_create_task(consumes, NULL));
    for (int i = 0; i < PRODUCERS; i++)
        join(&producers, cede_create_task_with(produces, i));
    gather_crew(&producers, NULL, 0);
    cede_queue_join(queue);
    CHECK_INT(received, ITEMS);
    CHECK(cede_queue_empty(queue));
    cede_queue_shutdown(queue, false);
    gather_crew(&consumers, NULL, 0);
}

static cede_value over_one_queue(void *arg)
{
    (void)arg;
    queue = cede_queue_new(16);
    run_queue();
    cede_unref(queue);
    queue = cede_queue_new(1);
    run_queue();
    cede_unref(queue);
    queue = cede_priority_queue_new(64);
    run_queue();
    cede_unref(queue);
    return cede_none;
}

/* Q01, Q02 */
TEST(Q01_Q02_many_items_over_one_queue, .timeout = 60, .torture = false)
{
    cede_run_simulated(over_one_queue, NULL);
}

/* Getters and putters are cancelled all the time, and others come in their
   place: what has been put is taken, once. */
static int put_count;

static cede_value puts_some(void *arg)
{
    (void)arg;
    for (int i = 0; i < 50; i++) {
        cede_queue_put(queue, 1);
        put_count++;
    }
    return cede_none;
}

static cede_value gets_some(void *arg)
{
    (void)arg;
    for (int i = 0; i < 50; i++) {
        cede_queue_get(queue);
        received++;
    }
    return cede_none;
}

static cede_value cancelled_all_the_time(void *arg)
{
    unsigned seed = 1;

    (void)arg;
    queue = cede_queue_new(3);
    put_count = received = 0;
    for (int round = 0; round < 3000; round++) {
        cede_task *crew[8];

        for (int i = 0; i < 8; i++)
            crew[i] = cede_create_task(i % 2 ? puts_some : gets_some, NULL);
        for (int i = 0; i < 20; i++) {
            seed = seed * 1103515245 + 12345;
            if ((seed >> 16) % 4 == 0)
                cede_sleep(0);
            cede_task_cancel(crew[(seed >> 20) % 8], NULL);
        }
        for (int i = 0; i < 8; i++) {
            cede_task_cancel(crew[i], NULL);
            while (!cede_task_done(crew[i]))
                cede_sleep(0);
            cede_unref(crew[i]);
        }
        CHECK_INT(put_count - received, cede_queue_qsize(queue));
    }
    CHECK(received > 3000);
    cede_unref(queue);
    return cede_none;
}

TEST(Q03_nothing_is_lost_by_cancelling, .timeout = 60, .torture = false)
{
    cede_run_simulated(cancelled_all_the_time, NULL);
}
