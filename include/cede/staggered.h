/*
 * Trying one way after the other, each with a head start: asyncio.staggered.
 * What "happy eyeballs" (RFC 8305) is made of. Rule D14.
 *
 *     cede_coroutine *ways[2] = {NULL};
 *     int64_t winner;
 *     …
 *     ways[0] = cede_coroutine(connect_to, &addresses[0]);
 *     ways[1] = cede_coroutine(connect_to, &addresses[1]);
 *     cede_value stream = cede_staggered_race(ways, 2, 0.25, &winner, NULL);
 *
 *     if (winner < 0)
 *         …                               all of them failed
 */
#pragma once

#include "cede/gather.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_staggered_race(awaitables, count, delay, winner, exceptions): begins to
 * await the first of an array, and the next one when the one before it has
 * failed or has run for `delay` seconds (INFINITY: only when it has failed; 0
 * or less: soon). The first that returns wins: the others are cancelled and
 * waited for, those whose turn has not come are given up, and coroutine objects
 * among them closed. Returns the winner's result, with a reference of your own;
 * none if all have failed, or there are none.
 *
 * *winner (may be NULL) becomes the winner's place in the array; -1 if nobody
 * has won. *exceptions (may be NULL) becomes a new list, one reference, with an
 * item for each whose turn has come: what it raised, the CancelledError of
 * those who lost included, and none for the winner, and for one that returned
 * although it had been cancelled, whose result is given up. Both are written
 * when the task runs again, and not if something is raised.
 *
 * Each runs in a task of its own, in a copy of the context of the one before
 * it. Takes your reference to each, also when it raises. What is a task or a
 * future may be under way before its turn: it is only awaited later.
 *
 * Cancelled, it cancels all that run, waits for them, however long that takes,
 * and then raises the CancelledError, also if one of them has won: its result
 * is given up. Raises TypeError for what cannot be awaited, ValueError for NaN,
 * RuntimeError outside a task, MemoryError; SystemExit and KeyboardInterrupt of
 * one of them, when the others have been cancelled. Suspends, unless count is
 * 0. The loop's thread only. Python: asyncio.staggered.staggered_race (3.13),
 * whose functions are coroutine objects here.
 */
#define cede_staggered_race(awaitables, count, delay, winner, exceptions)      \
    cede_impl_staggered_race(CEDE_IMPL_POINTERS(awaitables), (count), (delay), \
                             (winner), (exceptions), CEDE_IMPL_HERE)

#pragma GCC system_header

#include <math.h> /* INFINITY: one after the other */

CEDE_IMPL_BEGIN

cede_value cede_impl_staggered_race(void *const *awaitables, size_t count,
                                    double delay, int64_t *winner,
                                    cede_list **exceptions,
                                    const cede_location *where)
    CEDE_IMPL_USE_RESULT;

CEDE_IMPL_END
