/*
 * Conditions: asyncio.Condition. Rules P05-P07, P11, P13, P15, D07.
 *
 * Invariants: whoever leaves a wait has the lock again, an exception or not
 * (P06); only what is no cancellation, as the end of the loop, comes without
 * it. A notification that reached a task which is then cancelled goes to the
 * next one, when the lock is this task's again (D07).
 */
#include "sync/bound.h"

#include "cede/condition.h"

struct cede_condition {
    cede__sync_bound bound;
    cede_lock *lock; /* a reference */
    cede_wait_queue waiters;
};

static void wake(cede_condition *condition, size_t count)
{
    while (count > 0 && cede_wait_queue_wake(&condition->waiters))
        count--;
}

/* --- its lock --- */

bool cede_condition_acquire(cede_condition *condition)
{
    cede_check_alive(condition);
    return cede_lock_acquire(condition->lock);
}

void cede_condition_release(cede_condition *condition)
{
    cede_check_alive(condition);
    cede_lock_release(condition->lock);
}

bool cede_condition_locked(const cede_condition *condition)
{
    cede_check_alive(condition);
    return cede_lock_locked(condition->lock);
}

/* --- waiting --- */

struct reacquiring {
    cede_lock *lock;
    bool mine;
    cede_exception *cancelled; /* owned; the newest CancelledError */
};

static void try_again(struct reacquiring *now)
{
    cede_try {
        now->mine = cede_lock_acquire(now->lock);
    } cede_except (cede_CancelledError, e) {
        cede_unref(now->cancelled);
        now->cancelled = cede_ref(e);
    } cede_end
}

static void end_reacquiring(void *self)
{
    cede_unref(((struct reacquiring *)self)->cancelled);
}

/* A cancelled scope would end every attempt, hence the shield; a task's cancel
   ends one each, and the newest is raised in the end. */
static void reacquire(cede_lock *lock)
{
    struct reacquiring now = {.lock = lock};

    cede_defer (end_reacquiring, &now);
    cede_shield_begin();
    cede_defer (cede_shield_end, NULL);
    while (!now.mine)
        try_again(&now);
    if (now.cancelled)
        cede_raise(now.cancelled);
}

struct turn {
    cede_condition *condition;
    bool woken;
    bool done;
};

static void leave(void *self)
{
    struct turn *turn = self;

    turn->condition->bound.waiting--;
    if (turn->woken && !turn->done)
        wake(turn->condition, 1);
}

bool cede_condition_wait(cede_condition *condition)
{
    struct turn turn = {.condition = condition};

    cede_check_alive(condition);
    cede_consume_budget();
    if (!cede_lock_locked(condition->lock))
        cede_raise(cede_RuntimeError, "cannot wait on un-acquired lock");
    cede__sync_bind(&condition->bound);
    cede_defer (cede_unref, cede_ref(condition));
    cede_defer (leave, &turn);
    condition->bound.waiting++;
    cede_lock_release(condition->lock);
    cede_try {
        cede_wait_queue_park_keep(&condition->waiters, "condition",
                                  &turn.woken);
    } cede_finally {
        reacquire(condition->lock);
    } cede_end
    turn.done = true;
    return true;
}

cede_value cede_impl_condition_wait_for(cede_condition *condition,
                                        cede_function predicate,
                                        void *argument)
{
    cede_value result = cede_none;
    cede_value kept;
    cede_defer (cede_value_clear, &result);

    cede_check_alive(condition);
    result = cede_impl_call_function(predicate, argument);
    while (!cede_value_truth(result)) {
        cede_value_clear(&result);
        cede_condition_wait(condition);
        result = cede_impl_call_function(predicate, argument);
    }
    kept = result;
    result = cede_none;
    return kept;
}

/* --- notifying --- */

static void check_notifier(const cede_condition *condition)
{
    cede__sync_check_waker(&condition->bound);
    if (!cede_lock_locked(condition->lock))
        cede_raise(cede_RuntimeError, "cannot notify on un-acquired lock");
}

void cede_condition_notify(cede_condition *condition, size_t count)
{
    check_notifier(condition);
    wake(condition, count);
}

void cede_condition_notify_all(cede_condition *condition)
{
    check_notifier(condition);
    wake(condition, SIZE_MAX);
}

/* --- its class --- */

static void enter(void *self)
{
    cede_condition_acquire(self);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)exception;
    cede_condition_release(self);
    return false;
}

static cede_value repr(void *self)
{
    const cede_condition *condition = self;

    return cede__sync_repr(&condition->bound,
                           cede_lock_locked(condition->lock) ? "locked"
                                                             : "unlocked");
}

static void destroy(void *self)
{
    cede_unref(((cede_condition *)self)->lock);
    cede__sync_unbind(self);
}

static const cede_manager_methods manager = {.enter = enter,
                                             .exit = leave_block};
static const cede_object_methods look = {.repr = repr};

static const cede_class condition_class[1] = {{.name = "Condition",
                                               .size = sizeof(cede_condition),
                                               .destroy = destroy,
                                               .manager = &manager,
                                               .object = &look}};

cede_condition *cede_condition_new_with(cede_lock *lock)
{
    cede_condition *condition;

    cede_check_alive(lock);
    condition = cede_object_new(condition_class);
    condition->lock = cede_ref(lock);
    cede_wait_queue_init(&condition->waiters);
    return condition;
}

cede_condition *cede_condition_new(void)
{
    cede_lock *lock = cede_lock_new();
    cede_defer (cede_unref, lock);

    return cede_condition_new_with(lock);
}
