/*
 * Semaphores: so many tasks at a time.
 *
 *     cede_with (slot, cede_ref(downloads)) {       made by
 *         fetch(url);                               cede_semaphore_new(10)
 *     } cede_end
 *
 * Tasks get a unit in the order in which they asked, and nobody goes ahead of
 * who waits (P08). Python counterpart: asyncio.Semaphore, BoundedSemaphore.
 * Rules P08, P10, P13, P14. A semaphore belongs to the loop of the first task
 * that has to wait for it (P13, as cede/lock.h says); all calls: one thread at
 * a time, the loop's once it has one; what wakes tasks raises RuntimeError in
 * another. Unless it says otherwise a call neither raises nor suspends.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A context manager too: cede_with acquires a unit and releases it at the end;
   write cede_ref(semaphore), for cede_with takes a reference. */
typedef struct cede_semaphore cede_semaphore;

/*
 * A semaphore with `value` units, one reference; the bounded one never has more
 * than that. Need no loop. Raise ValueError "Semaphore initial value must be
 * >= 0", MemoryError. Python: asyncio.Semaphore(value),
 * asyncio.BoundedSemaphore(value).
 */
cede_semaphore *cede_semaphore_new(int64_t value) CEDE_IMPL_NEW;
cede_semaphore *cede_bounded_semaphore_new(int64_t value) CEDE_IMPL_NEW;

/*
 * Waits for a unit and takes it; returns true, as in Python. Borrows. Does not
 * suspend if a unit is free and nobody waits. Raises CancelledError, and then
 * no unit is taken; RuntimeError outside a task. Python: await
 * semaphore.acquire().
 */
bool cede_semaphore_acquire(cede_semaphore *semaphore);

/*
 * Gives a unit back, or one more to it, and wakes the first who waits. Borrows;
 * does not suspend. Raises ValueError "BoundedSemaphore released too many
 * times" when as many are free as it was made with, those included that tasks
 * on their way are about to take; a plain one takes up to INT64_MAX. Python:
 * semaphore.release().
 */
void cede_semaphore_release(cede_semaphore *semaphore);

/* Would cede_semaphore_acquire wait now? Never raises. Python:
   semaphore.locked(). */
bool cede_semaphore_locked(const cede_semaphore *semaphore);

CEDE_IMPL_END
