/*
 * Conditions: a lock, and waiting until what it protects has changed.
 *
 *     cede_with (held, cede_ref(condition)) {
 *         while (stack.count == 0)
 *             cede_condition_wait(condition);       the lock is free meanwhile
 *         item = pop(&stack);
 *     } cede_end
 *
 *     cede_with (held, cede_ref(condition)) {
 *         push(&stack, item);
 *         cede_condition_notify(condition, 1);
 *     } cede_end
 *
 * Python counterpart: asyncio.Condition. Rules P05-P07, P11, P13, P15, D07. It
 * belongs to the loop of the first task that waits for it (P13, as cede/lock.h
 * says); all calls: one thread at a time, the loop's once it has one; what
 * wakes tasks raises RuntimeError in another. Unless it says otherwise a call
 * neither raises nor suspends.
 */
#pragma once

#include "cede/lock.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A context manager too: cede_with acquires its lock and releases it at the
   end; write cede_ref(condition), for cede_with takes a reference. */
typedef struct cede_condition cede_condition;

/*
 * A condition, one reference: with a lock of its own, or with one that others
 * use too (P15; borrowed, the condition keeps a reference). Need no loop. Raise
 * MemoryError. Python: asyncio.Condition(), asyncio.Condition(lock).
 */
cede_condition *cede_condition_new(void) CEDE_IMPL_NEW;
cede_condition *cede_condition_new_with(cede_lock *lock) CEDE_IMPL_NEW;

/* As cede_lock_acquire, cede_lock_release and cede_lock_locked of its lock:
   they suspend and raise as these do. Python: condition.acquire and so on. */
bool cede_condition_acquire(cede_condition *condition);
void cede_condition_release(cede_condition *condition);
bool cede_condition_locked(const cede_condition *condition);

/*
 * Gives the lock up, waits until it is notified, takes the lock again; returns
 * true, as in Python. Tasks are woken in the order in which they came. What
 * you wait for need not hold when it returns: look again. Borrows; always
 * suspends.
 *
 * Raises RuntimeError "cannot wait on un-acquired lock", also outside a task;
 * CancelledError, with the lock taken again, however often the task is
 * cancelled meanwhile and whatever scope it is in (P06). A notification that
 * this task had then goes to the next one that waits (D07). Only when its loop
 * is closed, GeneratorExit may come without the lock. Python: await
 * condition.wait().
 */
bool cede_condition_wait(cede_condition *condition);

/*
 * cede_condition_wait_for(condition, predicate, argument): waits until
 * predicate(argument) returns something that is true
 * (cede_value_truth), and returns that. The predicate is called with the lock
 * held: at once, and after each notification (P11). What it returned last is
 * yours. Suspends as cede_condition_wait. Raises what the predicate and
 * cede_condition_wait raise. Python: await condition.wait_for(predicate).
 */
#define cede_condition_wait_for(condition, ...)                                \
    cede_impl_condition_wait_for((condition), CEDE_IMPL_CALLING(__VA_ARGS__))
cede_value cede_impl_condition_wait_for(cede_condition *condition,
                                        cede_function predicate,
                                        void *argument);

/*
 * Wakes the first `count` tasks that wait, or all; they go on one by one as
 * they get the lock. Borrow; do not suspend. Raise RuntimeError "cannot notify
 * on un-acquired lock". Python: condition.notify(n), condition.notify_all().
 */
void cede_condition_notify(cede_condition *condition, size_t count);
void cede_condition_notify_all(cede_condition *condition);

CEDE_IMPL_END
