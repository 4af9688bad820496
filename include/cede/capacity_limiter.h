/*
 * Capacity limiters: at most so many borrowers at a time.
 *
 *     cede_with (token, cede_ref(limiter)) {
 *         …                       the task has a token in here
 *     } cede_end
 *
 * Like a semaphore, but a token belongs to whoever borrowed it: the same
 * borrower cannot have two, and nobody can give back what he has not. The
 * borrower is the current task unless you name another. First come, first
 * served: as long as somebody waits, a token that is given back is for the
 * first in the queue, and stays in the limiter until that one runs and takes
 * it.
 *
 * A limiter belongs to the loop on which somebody first waits for it (another:
 * RuntimeError), and all calls to its thread. Unless it says otherwise a call
 * neither raises nor suspends. Python counterpart: trio.CapacityLimiter,
 * anyio.CapacityLimiter. Rule Z13.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A context manager too: cede_with borrows a token for the current task and
   gives it back; write cede_ref(limiter), for cede_with takes a reference. */
typedef struct cede_capacity_limiter cede_capacity_limiter;

/* As many tokens as there are borrowers: math.inf. */
#define CEDE_UNLIMITED_TOKENS INT64_MAX

/* A limiter of so many tokens, one reference. Raises ValueError for less than
   1, MemoryError. */
cede_capacity_limiter *cede_capacity_limiter_new(int64_t total_tokens)
    CEDE_IMPL_NEW;

/*
 * Borrows a token, for the current task or for a borrower of your choice: any
 * address, which is only compared. Suspends while there is none. Raises
 * RuntimeError if the borrower has one already, and acquire where it could not
 * suspend; MemoryError; CancelledError, and then no token was taken.
 */
void cede_capacity_limiter_acquire(cede_capacity_limiter *limiter);
void cede_capacity_limiter_acquire_on_behalf_of(cede_capacity_limiter *limiter,
                                                const void *borrower);

/* The same without waiting: raise WouldBlock. Never suspend. */
void cede_capacity_limiter_acquire_nowait(cede_capacity_limiter *limiter);
void cede_capacity_limiter_acquire_on_behalf_of_nowait(
    cede_capacity_limiter *limiter, const void *borrower);

/* Gives the token back. Raises RuntimeError if the borrower has none. Never
   suspends. */
void cede_capacity_limiter_release(cede_capacity_limiter *limiter);
void cede_capacity_limiter_release_on_behalf_of(cede_capacity_limiter *limiter,
                                                const void *borrower);

/*
 * How many tokens there are, are borrowed, and are left (0 while there are
 * fewer than are borrowed). More tokens wake those who wait; fewer are reached
 * as tokens are given back. set raises ValueError for less than 1.
 */
int64_t
cede_capacity_limiter_total_tokens(const cede_capacity_limiter *limiter);
void cede_capacity_limiter_set_total_tokens(cede_capacity_limiter *limiter,
                                            int64_t total_tokens);
int64_t
cede_capacity_limiter_borrowed_tokens(const cede_capacity_limiter *limiter);
int64_t
cede_capacity_limiter_available_tokens(const cede_capacity_limiter *limiter);

/* How much of a limiter is in use, and how many tasks wait. The names are
   Trio's. */
typedef struct cede_capacity_limiter_statistics {
    int64_t borrowed_tokens;
    int64_t total_tokens;
    size_t tasks_waiting;
} cede_capacity_limiter_statistics;

/* What the limiter holds now. Python: statistics. */
cede_capacity_limiter_statistics
cede_capacity_limiter_get_statistics(const cede_capacity_limiter *limiter);

/* Does the borrower have a token? */
bool cede_capacity_limiter_has_borrower(const cede_capacity_limiter *limiter,
                                        const void *borrower);

CEDE_IMPL_END
