/*
 * Executors: who runs functions in other threads.
 *
 * A thread pool is one; what has the two functions of cede_executor_methods is
 * another. An executor is a context manager: leaving cede_with shuts it down
 * and waits for all its work, also when an exception passes (H08).
 *
 * The functions run in plain threads: they may block, raise, use whatever needs
 * no task, and run a loop of their own by cede_run; suspending (cede_sleep,
 * cede_await of what is pending, streams) raises RuntimeError, for there is no
 * task. To call into a loop they have cede_run_coroutine_threadsafe and
 * cede_loop_call_soon_threadsafe.
 *
 * References to executors are counted atomically, and any thread may call
 * anything here. Nothing here suspends; shutting down blocks its thread if it
 * waits. Nothing else is raised than what is said.
 * After a fork the child's copy of a pool has no threads: submit raises
 * RuntimeError there. At the end of the process (exit, or return from main) the
 * pools finish what they were given, as Python's do.
 *
 * Python counterpart: concurrent.futures.Executor, ThreadPoolExecutor. Rules
 * H01, H04, H07, H08.
 */
#pragma once

#include "cede/concurrent_future.h"
#include "cede/try.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_executor_submit(executor, fn, argument): has fn(argument) called in
 * another thread; returns its future, one reference. argument is borrowed: it
 * must live until fn has returned, whatever becomes of the future;
 * …_with(executor, fn, value) copies any object of C, and fn gets the copy's
 * address. What fn returns or raises, any BaseException, is the future's. Raises
 * MemoryError; RuntimeError "cannot schedule new futures after shutdown";
 * TypeError for NULL; what the executor raises.
 */
#define cede_executor_submit(executor, ...)                                    \
    cede_impl_executor_submit((executor), CEDE_IMPL_CALLING(__VA_ARGS__), NULL, 0)
#define cede_executor_submit_with(executor, function, ...)                     \
    cede_impl_executor_submit((executor),                                      \
                              CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__), \
                              NULL, CEDE_IMPL_COPY(__VA_ARGS__),               \
                              CEDE_IMPL_COPY_SIZE(__VA_ARGS__))

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* Who runs functions in other threads. A context manager. */
typedef struct cede_executor cede_executor;

/* A thread's initializer raised: the pool takes no more work, and what waited
   in it has this exception. Both are RuntimeErrors, a BrokenThreadPool is a
   BrokenExecutor. */
extern const cede_class cede_BrokenExecutor[1];
extern const cede_class cede_BrokenThreadPool[1];

#ifndef __cplusplus

cede_concurrent_future *cede_impl_executor_submit(cede_executor *executor,
                                                  cede_function function,
                                                  void *argument,
                                                  const void *copy,
                                                  size_t size) CEDE_IMPL_NEW;

/*
 * cede_executor_map(executor, fn, iterable), …(executor, fn, iterable,
 * timeout): an iterator over what fn makes of each item, in the order of the
 * items; the calls run side by side. All items are drawn and submitted here,
 * and shared (cede_share); fn borrows its item and returns a value of its own.
 * Takes your reference to the iterable, borrows the executor. Asking for the
 * next result waits for it, raises what fn raised for it, and TimeoutError when
 * `timeout` seconds have passed since the iterator was made; then, and when the
 * iterator is given up, what has not begun is cancelled (H04). Raises
 * TypeError for what is not iterable, what the iterable raises, and as submit.
 */
#define cede_executor_map(executor, function, ...)                             \
    cede_impl_executor_map((executor), (function), CEDE_IMPL_PAIR(__VA_ARGS__))
void *cede_impl_executor_map(cede_executor *executor,
                             cede_value (*function)(cede_value item),
                             void *iterable, double timeout) CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/*
 * No more work is taken. cancel_futures cancels what has not begun; without it
 * that will still be run. With `wait`, returns when all is done and the threads
 * have ended. Twice is fine. Raises RuntimeError for waiting in one of the
 * executor's own threads.
 */
void cede_executor_shutdown(cede_executor *executor, bool wait,
                            bool cancel_futures);

/* --- thread pools --- */

/* All zero is the default. */
typedef struct cede_thread_pool_options {
    /* 0: min(32, CPUs + 4). */
    int max_workers;
    /* Threads are called "<prefix>_0" and so on; copied. NULL:
       "ThreadPoolExecutor-0", then -1 and so on. */
    const char *thread_name_prefix;
    /* Is called by each thread before it takes work; what it returns is
       dropped. NULL: none. The argument is borrowed. */
    cede_function initializer;
    void *initializer_argument;
} cede_thread_pool_options;

/*
 * A pool of at most max_workers threads, one reference. A thread is started
 * when work is submitted and none is idle (H07). Raises ValueError for a number
 * that is 0 or less, MemoryError. If a thread cannot be started, the work is
 * left to those there are; if there are none, submit raises RuntimeError "can't
 * start new thread".
 *
 * Giving up the last reference without a shutdown waits for nothing: the
 * threads finish the work and end by themselves.
 */
cede_executor *cede_thread_pool_executor(int max_workers) CEDE_IMPL_NEW;

/* The same with options (borrowed; NULL: all zero); ValueError for a negative
   max_workers. */
cede_executor *
cede_thread_pool_executor_with(const cede_thread_pool_options *options)
    CEDE_IMPL_NEW;

/* The name of the calling thread: of a pool's thread as said above,
   "MainThread" of the one that runs main, else what the system knows. Borrowed
   until the thread ends. Python: threading.current_thread().name. */
const char *cede_thread_name(void);

/* --- executors of your own --- */

/* One call that has been submitted: a function, its argument, its future. */
typedef struct cede_work cede_work;

/*
 * What an executor does. submit has cede_work_run called for the work, once, in
 * whatever thread; if it raises, the work is not its. shutdown as
 * cede_executor_shutdown: what has not begun and is to be cancelled gets
 * cede_work_cancel in place of cede_work_run.
 */
typedef struct cede_executor_methods {
    void (*submit)(void *self, cede_work *work);
    void (*shutdown)(void *self, bool wait, bool cancel_futures);
} cede_executor_methods;

/*
 * Put it at the head of your struct, and set its methods in what makes one:
 *
 *     struct inline_executor { cede_executor executor; … };
 *     static CEDE_CLASS(InlineExecutor, struct inline_executor,
 *                       .base = cede_Executor, .flags = CEDE_CLASS_SHARED,
 *                       .manager = &cede_executor_manager);
 */
struct cede_executor {
    cede_object head;
    const cede_executor_methods *methods;
};

/* The class of executors of your own is derived from this one. Python:
   concurrent.futures.Executor. */
extern const cede_class cede_Executor[1];

/* Leaving cede_with: cede_executor_shutdown(self, true, false). */
extern const cede_manager_methods cede_executor_manager;

/*
 * End a work: call the function, unless its future was cancelled; cancel it.
 * Never raise. Any thread.
 */
void cede_work_run(cede_work *work);
void cede_work_cancel(cede_work *work);

CEDE_IMPL_END
