/*
 * Locks: asyncio.Lock. Rules P01-P03, P10, P13, P14.
 *
 * Invariants: release leaves the lock free and promises it to the first who
 * waits; a promised lock is taken by nobody else (P01), and by a task only
 * when it runs: until then it is not locked (P03). At most one promise is
 * open. A task that cannot keep its promise passes it on (P02).
 */
#include "sync/bound.h"

#include "cede/lock.h"

struct cede_lock {
    cede__sync_bound bound;
    bool locked;
    bool promised; /* to a task that is woken and has not run since */
    cede_wait_queue waiters;
};

static void wake_first(cede_lock *lock)
{
    if (!lock->locked && !lock->promised)
        lock->promised = cede_wait_queue_wake(&lock->waiters);
}

/* --- taking it --- */

struct turn {
    cede_lock *lock;
    bool woken;
};

/* Also when an exception passes. If the lock is not taken now, the next in the
   queue must hear of it: while this task was being cancelled, whoever released
   it may have found nobody. */
static void leave(void *self)
{
    struct turn *turn = self;
    cede_lock *lock = turn->lock;

    lock->bound.waiting--;
    if (turn->woken)
        lock->promised = false;
    wake_first(lock);
}

static void wait_for_turn(cede_lock *lock)
{
    struct turn turn = {lock, false};

    cede__sync_bind(&lock->bound);
    cede_defer (cede_unref, cede_ref(lock));
    cede_defer (leave, &turn);
    lock->bound.waiting++;
    cede_wait_queue_park_keep(&lock->waiters, "lock", &turn.woken);
    lock->locked = true;
}

bool cede_lock_acquire(cede_lock *lock)
{
    cede_check_alive(lock);
    cede_consume_budget();
    if (lock->locked || lock->promised)
        wait_for_turn(lock);
    else
        lock->locked = true;
    return true;
}

void cede_lock_release(cede_lock *lock)
{
    cede__sync_check_waker(&lock->bound);
    if (!lock->locked)
        cede_raise(cede_RuntimeError, "Lock is not acquired.");
    lock->locked = false;
    wake_first(lock);
}

bool cede_lock_locked(const cede_lock *lock)
{
    cede_check_alive(lock);
    return lock->locked;
}

/* --- its class --- */

static void enter(void *self)
{
    cede_lock_acquire(self);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)exception;
    cede_lock_release(self);
    return false;
}

static cede_value repr(void *self)
{
    const cede_lock *lock = self;

    return cede__sync_repr(&lock->bound, lock->locked ? "locked" : "unlocked");
}

static void destroy(void *self)
{
    cede__sync_unbind(self);
}

static const cede_manager_methods manager = {.enter = enter,
                                             .exit = leave_block};
static const cede_object_methods look = {.repr = repr};

static const cede_class lock_class[1] = {{.name = "Lock",
                                          .size = sizeof(cede_lock),
                                          .destroy = destroy,
                                          .manager = &manager,
                                          .object = &look}};

cede_lock *cede_lock_new(void)
{
    cede_lock *lock = cede_object_new(lock_class);

    cede_wait_queue_init(&lock->waiters);
    return lock;
}
