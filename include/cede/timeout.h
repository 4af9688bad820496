/*
 * Deadlines for a block: asyncio.timeout. Rules W17-W22, W27, W28.
 *
 *     cede_timeout (deadline, 2.5) {
 *         …                               whatever suspends in here
 *     } cede_except (cede_TimeoutError, e) {
 *         …
 *     } cede_end
 *
 * When the time is over the task is cancelled, and the CancelledError becomes
 * a TimeoutError where the block ends. A timeout belongs to the task that
 * entered it. The block must not yield (RuntimeError).
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

typedef struct cede_timeout cede_timeout;

#ifndef __cplusplus

/* Seconds from now: 0 or less expires at the first chance (W21); INFINITY
   never does. Raises ValueError for NaN, RuntimeError outside a task. */
#define cede_timeout(name, seconds)                                            \
    cede_with (name, cede_timeout_new(seconds))

#endif /* !__cplusplus */

/*
 * The same as an object, one reference: a manager for one cede_with, which
 * takes a reference of it. For who asks it after the block. Python:
 * asyncio.timeout.
 */
cede_timeout *cede_timeout_new(double seconds) CEDE_IMPL_NEW;

/* When it expires, in the loop's time; INFINITY if never. */
double cede_timeout_when(const cede_timeout *timeout);

/* Moves it to another time of the loop (INFINITY: never); RuntimeError unless
   it is active (W22). */
void cede_timeout_reschedule(cede_timeout *timeout, double when);

/* Has it expired? */
bool cede_timeout_expired(const cede_timeout *timeout);

CEDE_IMPL_END
