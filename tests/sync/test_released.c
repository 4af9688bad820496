/*
 * CEDE_DEBUG=1: locks, queues and their like that are used after their end.
 */
#include "task/world.h"
#include "value/released.h"

#include "cede/barrier.h"
#include "cede/condition.h"
#include "cede/event.h"
#include "cede/lock.h"
#include "cede/print.h"
#include "cede/queue.h"
#include "cede/semaphore.h"

static void ask_lock(cede_lock *lock)
{
    CHECK_RELEASED("Lock", cede_lock_acquire(lock));
    CHECK_RELEASED("Lock", cede_lock_release(lock));
    CHECK_RELEASED("Lock", cede_lock_locked(lock));
    CHECK_RELEASED("Lock", cede_unref(cede_condition_new_with(lock)));
    CHECK_RELEASED("Lock", cede_value_unref(cede_repr(lock)));
}

static void ask_event(cede_event *event)
{
    CHECK_RELEASED("Event", cede_event_wait(event));
    CHECK_RELEASED("Event", cede_event_set(event));
    CHECK_RELEASED("Event", cede_event_clear(event));
    CHECK_RELEASED("Event", cede_event_is_set(event));
}

static void ask_condition(cede_condition *condition)
{
    CHECK_RELEASED("Condition", cede_condition_acquire(condition));
    CHECK_RELEASED("Condition", cede_condition_release(condition));
    CHECK_RELEASED("Condition", cede_condition_locked(condition));
    CHECK_RELEASED("Condition", cede_condition_wait(condition));
    CHECK_RELEASED("Condition",
                   cede_condition_wait_for(condition, returns_nothing, NULL));
    CHECK_RELEASED("Condition", cede_condition_notify(condition, 1));
    CHECK_RELEASED("Condition", cede_condition_notify_all(condition));
}

static void ask_semaphore(cede_semaphore *semaphore)
{
    CHECK_RELEASED("Semaphore", cede_semaphore_acquire(semaphore));
    CHECK_RELEASED("Semaphore", cede_semaphore_release(semaphore));
    CHECK_RELEASED("Semaphore", cede_semaphore_locked(semaphore));
}

static void ask_barrier(cede_barrier *barrier)
{
    CHECK_RELEASED("Barrier", cede_barrier_wait(barrier));
    CHECK_RELEASED("Barrier", cede_barrier_reset(barrier));
    CHECK_RELEASED("Barrier", cede_barrier_abort(barrier));
    CHECK_RELEASED("Barrier", cede_barrier_parties(barrier));
    CHECK_RELEASED("Barrier", cede_barrier_n_waiting(barrier));
    CHECK_RELEASED("Barrier", cede_barrier_broken(barrier));
}

/* An item on its way is given up. */
static void ask_queue(cede_queue *queue)
{
    CHECK_RELEASED("Queue", cede_queue_put(queue, cede_lock_new()));
    CHECK_RELEASED("Queue", cede_queue_put_nowait(queue, cede_lock_new()));
    CHECK_RELEASED("Queue", cede_queue_get(queue));
    CHECK_RELEASED("Queue", cede_queue_get_nowait(queue));
    CHECK_RELEASED("Queue", cede_queue_task_done(queue));
    CHECK_RELEASED("Queue", cede_queue_join(queue));
    CHECK_RELEASED("Queue", cede_queue_shutdown(queue, true));
    CHECK_RELEASED("Queue", cede_queue_qsize(queue));
    CHECK_RELEASED("Queue", cede_queue_empty(queue));
    CHECK_RELEASED("Queue", cede_queue_full(queue));
    CHECK_RELEASED("Queue", cede_queue_maxsize(queue));
}

TEST(none_is_used_after_its_release)
{
    debug();
    ask_lock(gone(cede_lock_new()));
    ask_event(gone(cede_event_new()));
    ask_condition(gone(cede_condition_new()));
    ask_semaphore(gone(cede_semaphore_new(1)));
    ask_barrier(gone(cede_barrier_new(1)));
    ask_queue(gone(cede_queue_new(0)));
}
