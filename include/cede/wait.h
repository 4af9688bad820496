/*
 * Waiting for some of many, and waiting for one with a limit: asyncio.wait,
 * asyncio.wait_for. Rules W07-W13, W23; D09.
 *
 *     cede_task *tasks[N];
 *     …
 *     size_t left = N;
 *
 *     while (left > 0) {
 *         size_t done =
 *             cede_wait_split(tasks, left, INFINITY, CEDE_FIRST_COMPLETED);
 *
 *         for (size_t i = 0; i < done; i++)
 *             …                           tasks[i] is done; cede_unref it
 *         left -= done;
 *         memmove(tasks, tasks + done, left * sizeof *tasks);
 *     }
 *
 * Waiting changes nothing about what is waited for: neither a timeout nor a
 * cancel of the waiting task cancels any of it. All calls: the loop's thread
 * only, in a task.
 */
#pragma once

#include "cede/gather.h"

#pragma GCC system_header

#include <math.h> /* INFINITY: no timeout */

CEDE_IMPL_BEGIN

/* When a wait for many is over. Python: asyncio.FIRST_COMPLETED and so on. */
enum cede_return_when {
    /* One is done, or cancelled. */
    CEDE_FIRST_COMPLETED,
    /* One has an exception, which counts as retrieved; a cancelled one does
       not end the wait. Else as ALL_COMPLETED. */
    CEDE_FIRST_EXCEPTION,
    CEDE_ALL_COMPLETED,
};

#ifndef __cplusplus

/*
 * cede_wait(futures, count, timeout, return_when): waits for an array of
 * tasks and futures (`cede_task *tasks[3]`, `void *all[3]`), at most `timeout`
 * seconds (INFINITY: as long as it takes; 0 or less: what is done or becomes
 * so in this round of the loop), until return_when holds. Returns how many of
 * the array are done; which ones, cede_future_done says. A timeout is no
 * error. Borrows the futures, and leaves the array as it is.
 *
 * cede_wait_split: the same, and sorts the array: first those that are done,
 * then the others, both in the order in which they stood. Python's two sets
 * are futures[0] to futures[done - 1] and the rest. The array is written when
 * the task runs again, unless something is raised.
 *
 * One that stands there twice is waited for once, and keeps both places.
 *
 * Raises ValueError "Set of Tasks/Futures is empty.", for another return_when,
 * for futures of another loop, for NaN; TypeError for a coroutine object
 * (cede_create_task_from makes a task of it) and for what is no future;
 * RuntimeError outside a task; MemoryError. Always suspends, as Python's does,
 * also when all are done. Raises CancelledError; all is then as it was.
 * Python: asyncio.wait(fs, *, timeout=None, return_when=ALL_COMPLETED).
 */
#define cede_wait(futures, count, timeout, return_when)                        \
    cede_impl_wait(CEDE_IMPL_POINTERS(futures), (count), (timeout),            \
                   (return_when))
#define cede_wait_split(futures, count, timeout, return_when)                  \
    cede_impl_wait_split((void **)CEDE_IMPL_POINTERS(futures), (count),        \
                         (timeout), (return_when))

#endif /* !__cplusplus */

size_t cede_impl_wait(void *const *futures, size_t count, double timeout,
                      enum cede_return_when return_when);
size_t cede_impl_wait_split(void **futures, size_t count, double timeout,
                            enum cede_return_when return_when);

/*
 * Awaits a task, a future, a coroutine object or whatever else cede_await
 * takes, and returns its result (yours); at most `timeout` seconds (INFINITY:
 * None in Python, a plain await). Takes your reference, also when it raises.
 *
 * When the time is over what is awaited is cancelled, and its clean-up is
 * waited for, however long it takes; then TimeoutError is raised, from the
 * CancelledError (W10). If it refuses, its result is returned or its exception
 * raised (W11). Cancelling the task cancels what is awaited and waits for it
 * as well (W13); it wins over a result of the same moment (W23). Shield what
 * is to survive: cede_wait_for(cede_shield(cede_ref(task)), 1).
 *
 * A coroutine object runs in this task (3.12); under a timeout of 0 or less it
 * never begins, and a future or task is cancelled unless it is done (W12);
 * then the waiting for a clean-up ends when this task is cancelled.
 *
 * Raises what is awaited raises; TypeError for what cannot be awaited;
 * ValueError for NaN; RuntimeError outside a task; MemoryError. Suspends,
 * unless what is awaited need not. Python: asyncio.wait_for.
 */
cede_value cede_wait_for(void *awaitable, double timeout);

CEDE_IMPL_END
