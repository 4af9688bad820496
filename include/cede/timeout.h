/*
 * Deadlines for a block: asyncio.timeout, timeout_at. Rules W17-W22, W27, W28.
 *
 *     cede_timeout (deadline, 2.5) {
 *         …                               whatever suspends in here
 *     } cede_except (cede_TimeoutError, e) {
 *         …
 *     } cede_end
 *
 * When the time is over the task is cancelled, and the CancelledError becomes
 * a TimeoutError where the block ends. A timeout belongs to the task that
 * entered it. The block must not yield (RuntimeError). What a block is called
 * by, as `deadline` above, is borrowed until its statement ends.
 *
 * All calls: the loop's thread only; none suspends, and unless it says so none
 * raises. Python counterpart: asyncio.Timeout, with these methods.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A deadline, entered or not. A context manager. */
typedef struct cede_timeout cede_timeout;

#ifndef __cplusplus

/* Seconds from now: 0 or less expires at the first chance (W21); INFINITY
   never does. Raises ValueError for NaN, RuntimeError outside a task,
   MemoryError. Python: asyncio.timeout. */
#define cede_timeout(name, seconds)                                            \
    cede_with (name, cede_timeout_new(seconds))

/*
 * At a time of the loop (cede_loop_time): one that is over expires at the first
 * chance, INFINITY never comes. Several blocks can share one deadline so:
 *
 *     double end = cede_loop_time(cede_get_running_loop()) + 2.5;
 *
 *     for (size_t i = 0; i < count; i++)
 *         cede_timeout_at (deadline, end)
 *             pages[i] = fetch(urls[i]);
 *         cede_end
 *
 * Raises as cede_timeout. Python: asyncio.timeout_at.
 */
#define cede_timeout_at(name, when)                                            \
    cede_with (name, cede_timeout_new_at(when))

#endif /* !__cplusplus */

/*
 * The same as objects, one reference: a manager for one cede_with, which takes
 * a reference of it. For who asks it after the block. Raise ValueError for NaN,
 * RuntimeError outside a task, MemoryError. Python: asyncio.timeout,
 * timeout_at.
 */
cede_timeout *cede_timeout_new(double seconds) CEDE_IMPL_NEW;
cede_timeout *cede_timeout_new_at(double when) CEDE_IMPL_NEW;

/* When it expires, in the loop's time; INFINITY if never. */
double cede_timeout_when(const cede_timeout *timeout);

/* Moves it to another time of the loop (INFINITY: never). Raises RuntimeError
   unless it is active (W22); ValueError for NaN, and then nothing has changed;
   MemoryError, and then it will not expire. */
void cede_timeout_reschedule(cede_timeout *timeout, double when);

/* Has it expired? */
bool cede_timeout_expired(const cede_timeout *timeout);

CEDE_IMPL_END
