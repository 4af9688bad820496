/*
 * Waiting for many at once: asyncio.gather. Rules W01-W06.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

enum cede_gather_flags {
    /* An exception takes its place among the results, as an object. */
    CEDE_RETURN_EXCEPTIONS = 1 << 0,
};

/*
 * Suspends until all `count` futures and tasks are done and stores their
 * results in this order (results may be NULL: they are dropped). Takes a
 * reference of each. The first exception is raised at once, the others go on
 * (W01) and theirs are not reported (W06). Cancelling the task cancels them
 * all; the CancelledError comes out when the first of them is cancelled, with
 * CEDE_RETURN_EXCEPTIONS or if they refuse when all are done (W04). The same
 * one may stand there twice (W05). Raises TypeError for what is no future,
 * ValueError for futures of different loops (W25). Storing happens when the
 * task runs again, unless something is raised: nothing else writes to
 * `results`.
 */
void cede_gather_array(cede_value *results, void *const *awaitables,
                       size_t count, unsigned flags);

#ifndef __cplusplus

/* cede_gather(results, a, b, …) */
#define cede_gather(results, ...) cede_impl_gather(results, 0, __VA_ARGS__)
#define cede_gather_return_exceptions(results, ...)                            \
    cede_impl_gather(results, CEDE_RETURN_EXCEPTIONS, __VA_ARGS__)
#define cede_impl_gather(results, flags, ...)                                  \
    cede_gather_array((results), (void *[]){__VA_ARGS__},                      \
                      sizeof((void *[]){__VA_ARGS__}) / sizeof(void *), flags)

#endif /* !__cplusplus */

CEDE_IMPL_END
