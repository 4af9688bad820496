/*
 * Waiting for many at once: asyncio.gather. Rules W01-W06, W25.
 *
 *     cede_value both[2];
 *     cede_gather(both, cede_create_task(fetch, &a),
 *                 cede_create_task(fetch, &b));
 *
 * What is gathered are tasks, futures, coroutine objects and whatever else
 * cede_await takes; of what is no future a task is made. All calls take your
 * reference to each, also when they raise, and belong to the loop's thread.
 * Those that stand in a call, up to 16, are evaluated from left to right; if
 * one raises, those before it are given up. (Tasks among them run all the
 * same.)
 */
#pragma once

#include "cede/list.h"
#include "cede/task.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_gather_future(flags, a, b, …): gathers without waiting: a future, one
 * reference, that is done when they are. Its result is a cede_list of theirs
 * in this order, [] of nothing. Python: asyncio.gather itself; it nests, can
 * be shielded, and cancelled as one:
 *
 *  - The first exception of a child is its exception at once; the children go
 *    on, and later exceptions of theirs are not reported (W01, W06). A
 *    child's CancelledError is an exception like others: the future is not
 *    cancelled (W03). With CEDE_RETURN_EXCEPTIONS exceptions take their places
 *    in the list, as objects (W02).
 *  - cede_future_cancel cancels all children: true if any took it. What ends
 *    the future then is the CancelledError of the first child that has one;
 *    with CEDE_RETURN_EXCEPTIONS, or if they refuse, that of the last, when
 *    all are done (W04).
 *  - The same object may stand there twice; it runs once (W05).
 *  - Of children that are all done it is done (3.13).
 *  - Given up before it is done, it leaves its children alone.
 *
 * Raises TypeError for what cannot be awaited; ValueError for futures of
 * different loops (W25); RuntimeError without a running loop, unless the first
 * is a future; MemoryError. When it raises, tasks it has made for others never
 * begin. Never suspends.
 */
#define cede_gather_future(flags, ...)                                         \
    cede_impl_gather_future_given(CEDE_IMPL_ARGUMENTS(__VA_ARGS__), (flags))

/* An array of pointers, whatever they point to. */
#define CEDE_IMPL_POINTERS(array)                                              \
    ((void)sizeof(char[sizeof *(array) == sizeof(void *) ? 1 : -1]),           \
     (void *const *)(const void *)(array))

/* cede_gather_future_array(awaitables, count, flags): cede_gather_future for an
   array of pointers (`cede_task *tasks[3]`, `void *all[3]`). Raises as that.
   Never suspends. Python: asyncio.gather(*awaitables). */
#define cede_gather_future_array(awaitables, count, flags)                     \
    cede_impl_gather_future(CEDE_IMPL_POINTERS(awaitables), (count), (flags))

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* How to gather; 0: as asyncio.gather does unless it is told otherwise. */
enum cede_gather_flags {
    /* An exception takes its place among the results, as an object:
       cede_isinstance(results[i], cede_BaseException) tells it. */
    CEDE_RETURN_EXCEPTIONS = 1 << 0,
};

cede_future *cede_impl_gather_future(void *const *awaitables, size_t count,
                                     unsigned flags) CEDE_IMPL_NEW;

#ifndef __cplusplus

cede_future *
cede_impl_gather_future_given(const cede_impl_arguments *awaitables,
                              unsigned flags) CEDE_IMPL_NEW;
void cede_impl_gather_given(cede_value *results,
                            const cede_impl_arguments *awaitables,
                            unsigned flags);

/*
 * cede_gather(results, a, b, …), cede_gather_return_exceptions(results, a, b,
 * …), cede_gather_array(results, awaitables, count, flags): suspend until all
 * are done and store their results in this order, with a reference each
 * (results may be NULL: they are dropped). Raises what is the exception of the
 * future that cede_gather_future makes, at the same time; cancelling the task
 * cancels that future, so the CancelledError comes out when W04 says. Storing
 * happens when the task runs again, unless something is raised: nothing else
 * writes to `results`. Does not suspend if all are done (3.13), nor for none.
 * Python: await asyncio.gather(…).
 */
#define cede_gather(results, ...)                                              \
    cede_impl_gather_given((results), CEDE_IMPL_ARGUMENTS(__VA_ARGS__), 0)
#define cede_gather_return_exceptions(results, ...)                            \
    cede_impl_gather_given((results), CEDE_IMPL_ARGUMENTS(__VA_ARGS__),        \
                           CEDE_RETURN_EXCEPTIONS)
#define cede_gather_array(results, awaitables, count, flags)                   \
    cede_impl_gather((results), CEDE_IMPL_POINTERS(awaitables), (count),       \
                     (flags))

#endif /* !__cplusplus */

void cede_impl_gather(cede_value *results, void *const *awaitables,
                      size_t count, unsigned flags);

CEDE_IMPL_END
