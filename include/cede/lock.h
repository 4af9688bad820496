/*
 * Locks: one task at a time.
 *
 *     cede_with (held, cede_ref(lock)) {
 *         …                               may suspend; the others wait
 *     } cede_end
 *
 * Tasks get the lock in the order in which they asked; nobody goes ahead of
 * who waits, not even the task that has just released it (P01). Python
 * counterpart: asyncio.Lock. Rules P01-P03, P10, P13, P14.
 *
 * A lock is not tied to a thread until a task has to wait for it; then it
 * belongs to that task's loop, and waiting for it in another raises
 * RuntimeError "… is bound to a different event loop" (P13). All calls: one
 * thread at a time, the loop's once it has one; what wakes tasks raises
 * RuntimeError in another. Unless it says otherwise a call neither raises nor
 * suspends.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A context manager too: cede_with acquires it and releases it at the end;
   write cede_ref(lock), for cede_with takes a reference. */
typedef struct cede_lock cede_lock;

/* A lock that nobody has, one reference. Needs no loop. Raises MemoryError.
   Python: asyncio.Lock(). */
cede_lock *cede_lock_new(void) CEDE_IMPL_NEW;

/*
 * Waits for the lock and takes it; returns true, as in Python. Borrows. A lock
 * that is free, and promised to nobody, is taken without suspending. It is not
 * recursive: a task that has it already waits for ever. Raises CancelledError,
 * and then the lock is not this task's (P02); RuntimeError outside a task.
 * Python: await lock.acquire().
 */
bool cede_lock_acquire(cede_lock *lock);

/*
 * Gives the lock up and wakes the first who waits for it. Any task may do this,
 * not only the one that took it. Borrows; does not suspend. Raises RuntimeError
 * "Lock is not acquired." if nobody has it. Python: lock.release().
 */
void cede_lock_release(cede_lock *lock);

/* Does somebody have it? False from its release on until the task that was
   woken runs (P03). Never raises. Python: lock.locked(). */
bool cede_lock_locked(const cede_lock *lock);

CEDE_IMPL_END
