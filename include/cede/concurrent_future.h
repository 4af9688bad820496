/*
 * Concurrent futures: a result that another thread will have.
 *
 *     cede_with (pool, cede_thread_pool_executor(5)) {
 *         cede_concurrent_future *pages[N];
 *         for (int i = 0; i < N; i++)
 *             pages[i] = cede_executor_submit(pool, load_url, urls[i]);
 *         cede_for (f, cede_futures_as_completed(pages, N)) {
 *             cede_concurrent_future *page = cede_value_object(f);
 *             …                     cede_concurrent_future_result(page)
 *         }
 *     } cede_end
 *
 * They need no loop, and any thread may call anything here; references to them
 * are counted atomically. Nothing here suspends. What waits blocks its thread:
 * a task writes cede_await(cede_wrap_future(f)), cede/thread.h. Nothing else is
 * raised than what is said, but for TypeError if it is no concurrent future.
 *
 * What crosses threads: a result is handed over. The thread that completes the
 * future shares it (cede_share) and keeps nothing of it; who asks for the result
 * gets a reference of its own. So one thread may go on with it as if it had made
 * it; several may read it together, and change it one at a time. A generator
 * stays with the thread that first resumed it. An exception is one object for
 * all who ask: raising it writes to it, so let one thread raise it
 * (cede_concurrent_future_result) and others look (…_exception). With done
 * callbacks the completing thread has the future until the last one returns:
 * keep a reference of your own as long as you use objects found in its result.
 *
 * Python counterpart: concurrent.futures.Future, wait, as_completed. Rules
 * H01-H03, H09.
 */
#pragma once

#include "cede/exception.h"
#include "cede/iterator.h"
#include "cede/wait.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A result that another thread will have. */
typedef struct cede_concurrent_future cede_concurrent_future;

/*
 * concurrent.futures' own: other classes than asyncio's, so that the cancelled
 * job of a pool is not taken for the cancellation of the task that asks for its
 * result. CancelledError is an Exception; InvalidStateError derives from
 * cede_InvalidStateError.
 */
extern const cede_class cede_concurrent_CancelledError[1];
extern const cede_class cede_concurrent_InvalidStateError[1];

/* Is called with the future and the argument given with it; may raise. */
typedef void (*cede_concurrent_done_callback)(cede_concurrent_future *future,
                                              void *argument);

/*
 * A pending future, one reference, for those who run work by themselves;
 * executors make theirs. Raises MemoryError.
 */
cede_concurrent_future *cede_concurrent_future_new(void) CEDE_IMPL_NEW;

/* --- asking --- */

/* Is it cancelled; does its work run now; is it cancelled or finished? Never
   raise. */
bool cede_concurrent_future_cancelled(const cede_concurrent_future *future);
bool cede_concurrent_future_running(const cede_concurrent_future *future);
bool cede_concurrent_future_done(const cede_concurrent_future *future);

#ifndef __cplusplus

/*
 * cede_concurrent_future_result(future), cede_concurrent_future_result(future,
 * timeout): waits until it is done, at most `timeout` seconds (0 or less: not
 * at all; INFINITY: as long as it takes), and returns its result with a
 * reference of your own. Raises its exception; cede_concurrent_CancelledError
 * if it was cancelled; TimeoutError; ValueError for NaN; RuntimeError in the
 * thread of the loop whose coroutine it waits for, which could never run.
 */
#define cede_concurrent_future_result(future, ...)                             \
    cede_impl_concurrent_future_result(                                        \
        (future), CEDE_IMPL_TIMEOUT_OR_FOREVER(__VA_ARGS__))

/*
 * cede_concurrent_future_exception(future), …(future, timeout): the same for
 * its exception, which is returned and not raised: borrowed from the future,
 * NULL if it has a result. Raises as above but for that one.
 */
#define cede_concurrent_future_exception(future, ...)                          \
    cede_impl_concurrent_future_exception(                                     \
        (future), CEDE_IMPL_TIMEOUT_OR_FOREVER(__VA_ARGS__))

/* The first of `timeout, INFINITY`, or `INFINITY`. */
#define CEDE_IMPL_TIMEOUT_OR_FOREVER(...)                                      \
    (((const double[2]){__VA_ARGS__ __VA_OPT__(, ) __builtin_inf()})[0])

cede_value cede_impl_concurrent_future_result(cede_concurrent_future *future,
                                              double timeout);
cede_exception *
cede_impl_concurrent_future_exception(cede_concurrent_future *future,
                                      double timeout);

#endif /* !__cplusplus */

/*
 * Cancels it unless its work has begun: true, also if it was cancelled before;
 * false if it runs or is finished. Its callbacks are called here; those who
 * wait by cede_futures_wait or cede_futures_as_completed hear of it when the
 * executor comes to it (H01). Raises nothing, whatever the callbacks raise.
 */
bool cede_concurrent_future_cancel(cede_concurrent_future *future);

/*
 * Calls callback(future, argument) once it is done: in the thread that
 * completes or cancels it, in the order of the calls, or here and at once if it
 * is done. What a callback raises goes to the unraisable hook
 * (cede_set_unraisablehook) and is ignored. Raises MemoryError, TypeError for
 * NULL.
 */
void cede_concurrent_future_add_done_callback(
    cede_concurrent_future *future, cede_concurrent_done_callback callback,
    void *argument);

/* --- for those who run the work --- */

/*
 * Call it before the work begins: true, and the future is running; false, it
 * was cancelled, and who waits hears of it. Raises RuntimeError "Future in
 * unexpected state" if it runs, is finished or this has been said (H09).
 */
bool cede_concurrent_future_set_running_or_notify_cancel(
    cede_concurrent_future *future);

#ifndef __cplusplus

/*
 * cede_concurrent_future_set_result(future, value): finishes it; a reference
 * the value (boxed) owns is handed over. Raises
 * cede_concurrent_InvalidStateError if it is done, and then gives it up.
 */
#define cede_concurrent_future_set_result(future, ...)                         \
    cede_impl_concurrent_future_set_result((future), cede_box(__VA_ARGS__))
void cede_impl_concurrent_future_set_result(cede_concurrent_future *future,
                                            cede_value value);

#endif /* !__cplusplus */

/* Finishes it with an exception (borrowed). Raises as set_result, and TypeError
   for what is no exception. */
void cede_concurrent_future_set_exception(cede_concurrent_future *future,
                                          cede_exception *exception);

/* --- waiting for several --- */

/* How many different futures are done, and how many are not. */
typedef struct cede_futures_counts {
    size_t done;
    size_t not_done;
} cede_futures_counts;

/*
 * Waits for `count` futures (borrowed; the same one may stand there twice),
 * until `when` (cede/wait.h) says so or `timeout` seconds have passed, which is
 * no error. done[i], unless `done` is NULL, becomes whether futures[i] is done:
 * finished, or cancelled and its executor has come to it. Raises MemoryError,
 * TypeError for what is no concurrent future, ValueError for NaN and an unknown
 * `when`. Python: concurrent.futures.wait.
 */
cede_futures_counts
cede_futures_wait(cede_concurrent_future *const *futures, size_t count,
                  double timeout, enum cede_return_when when,
                  bool *done);

#ifndef __cplusplus

/*
 * cede_futures_as_completed(futures, count), …(futures, count, timeout): an
 * iterator over the futures, each once, in the order in which they are done;
 * those that are already come first. It takes your reference to each; the array
 * is not used afterwards. Asking for the next one waits; it raises TimeoutError "1
 * (of 3) futures unfinished" when `timeout` seconds have passed since the
 * iterator was made. One thread at a time. Raises as cede_futures_wait, and
 * then gives the references up.
 */
#define cede_futures_as_completed(futures, ...)                                \
    cede_impl_futures_as_completed((futures), CEDE_IMPL_PAIR(__VA_ARGS__))
#define CEDE_IMPL_PAIR(...)                                                    \
    CEDE_IMPL_PASTE(CEDE_IMPL_PAIR_, CEDE_IMPL_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define CEDE_IMPL_PAIR_1(count) (count), __builtin_inf()
#define CEDE_IMPL_PAIR_2(count, timeout) (count), (timeout)
void *cede_impl_futures_as_completed(cede_concurrent_future *const *futures,
                                     size_t count, double timeout)
    CEDE_IMPL_NEW;

#endif /* !__cplusplus */

CEDE_IMPL_END
