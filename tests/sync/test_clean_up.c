/*
 * Waiting in a clean-up that cede_unref runs (A02): it goes on in a task of its
 * own, and that is the one to wake.
 */
#include "sync/room.h"

#include "cede/barrier.h"
#include "cede/event.h"
#include "cede/generator.h"
#include "cede/lock.h"
#include "cede/queue.h"
#include "cede/select.h"
#include "cede/semaphore.h"

static const struct scene {
    void (*open)(void);
    void (*await_it)(void); /* what the clean-up does */
    void (*bring_it)(void); /* makes an end of its waiting */
} *current;

static cede_value tidies(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        current->await_it();
        say("tidied at %g", now());
    } cede_end
    return cede_none;
}

static void give_generator_up(void)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(tidies, NULL);

    cede_value_unref(cede_next(generator));
}

static cede_value comes_later(void *arg)
{
    (void)arg;
    give_generator_up();
    cede_sleep(1);
    current->bring_it();
    cede_sleep(1);
    return cede_none;
}

static cede_value comes_at_once(void *arg)
{
    (void)arg;
    give_generator_up();
    current->bring_it();
    cede_sleep(1);
    return cede_none;
}

static cede_value play(void *arg)
{
    current->open();
    cede_value_unref(comes_later(arg));
    current->open();
    cede_value_unref(comes_at_once(arg));
    return cede_none;
}

static void expect_both(const struct scene *scene)
{
    current = scene;
    expect_in_time(play, "tidied at 1;tidied at 2;");
}

/* --- locks and the like --- */

static cede_lock *lock;

static void open_lock(void)
{
    lock = keep(cede_lock_new());
    cede_lock_acquire(lock);
}

static void take_lock(void)
{
    cede_lock_acquire(lock);
    cede_lock_release(lock);
}

static void release_lock(void)
{
    cede_lock_release(lock);
}

TEST(P02_A02_lock)
{
    static const struct scene scene = {open_lock, take_lock, release_lock};

    expect_both(&scene);
}

static cede_semaphore *semaphore;

static void open_semaphore(void)
{
    semaphore = keep(cede_semaphore_new(0));
}

static void take_unit(void)
{
    cede_semaphore_acquire(semaphore);
}

static void give_unit(void)
{
    cede_semaphore_release(semaphore);
}

TEST(P08_A02_semaphore)
{
    static const struct scene scene = {open_semaphore, take_unit, give_unit};

    expect_both(&scene);
}

static cede_event *event;

static void open_event(void)
{
    event = keep(cede_event_new());
}

static void await_event(void)
{
    cede_event_wait(event);
}

static void set_event(void)
{
    cede_event_set(event);
}

TEST(P04_A02_event)
{
    static const struct scene scene = {open_event, await_event, set_event};

    expect_both(&scene);
}

static cede_barrier *barrier;

static void open_barrier(void)
{
    barrier = keep(cede_barrier_new(2));
}

static void meet(void)
{
    cede_barrier_wait(barrier);
}

TEST(P09_A02_barrier)
{
    static const struct scene scene = {open_barrier, meet, meet};

    expect_both(&scene);
}

/* --- queues --- */

static cede_queue *queue;

static void open_queue(void)
{
    queue = keep(cede_queue_new(1));
}

static void open_full_queue(void)
{
    open_queue();
    cede_queue_put_nowait(queue, 1);
}

static void get(void)
{
    cede_value_unref(cede_queue_get(queue));
}

static void put(void)
{
    cede_queue_put(queue, 2);
}

static void put_at_once(void)
{
    cede_queue_put_nowait(queue, 2);
}

static void get_at_once(void)
{
    cede_value_unref(cede_queue_get_nowait(queue));
}

static void join_queue(void)
{
    cede_queue_join(queue);
}

static void task_done(void)
{
    cede_queue_task_done(queue);
}

static void get_nothing(void)
{
    cede_try {
        get();
    } cede_except (cede_QueueShutDown) {
    } cede_end
}

static void shut_queue(void)
{
    cede_queue_shutdown(queue, false);
}

TEST(Q01_A02_get)
{
    static const struct scene scene = {open_queue, get, put_at_once};

    expect_both(&scene);
}

TEST(Q01_A02_put)
{
    static const struct scene scene = {open_full_queue, put, get_at_once};

    expect_both(&scene);
}

TEST(Q02_A02_join)
{
    static const struct scene scene = {open_full_queue, join_queue, task_done};

    expect_both(&scene);
}

TEST(Q08_A02_shutdown)
{
    static const struct scene scene = {open_queue, get_nothing, shut_queue};

    expect_both(&scene);
}

/* --- channels --- */

static cede_send_channel *tx;
static cede_receive_channel *rx;

static void open_channel(void)
{
    cede_channel_open(1, &tx, &rx);
    keep(tx);
    keep(rx);
}

static void send_one(void)
{
    cede_send_channel_send_nowait(tx, cede_str_copy("x"));
}

static void open_full_channel(void)
{
    open_channel();
    send_one();
}

static void send_waiting(void)
{
    cede_send_channel_send(tx, cede_str_copy("y"));
}

static void receive(void)
{
    cede_value_unref(cede_receive_channel_receive_nowait(rx));
}

static void receive_waiting(void)
{
    cede_value_unref(cede_receive_channel_receive(rx));
}

static void choose_to_receive(void)
{
    cede_select_case cases[] = {cede_case_receive(rx, NULL)};

    CHECK_INT(cede_select(cases, 1), 0);
}

static void choose_closed(void)
{
    CHECK_RAISES(cede_ClosedResourceError, choose_to_receive());
}

static void close_receiver(void)
{
    cede_receive_channel_close(rx);
}

TEST(Z09_A02_receive)
{
    static const struct scene scene = {open_channel, receive_waiting, send_one};

    expect_both(&scene);
}

TEST(Z09_A02_send)
{
    static const struct scene scene = {open_full_channel, send_waiting,
                                       receive};

    expect_both(&scene);
}

TEST(Z14_A02_select)
{
    static const struct scene scene = {open_channel, choose_to_receive,
                                       send_one};

    expect_both(&scene);
}

TEST(Z14_A02_select_of_an_end_that_is_closed)
{
    static const struct scene scene = {open_channel, choose_closed,
                                       close_receiver};

    expect_both(&scene);
}
