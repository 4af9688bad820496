/*
 * Threads and a loop: blocking functions for tasks, tasks for threads.
 *
 *     cede_value size = cede_to_thread(measure, path);   other tasks go on
 *
 * A task that waits for a thread can be cancelled, but a function that has
 * begun cannot be stopped: it is left to itself and its result dropped (H05). So
 * what it was given must live until it returns, whatever becomes of the task:
 * give the address of a local only where nothing can cancel you, else a copy
 * (…_with). What crosses threads: cede/concurrent_future.h.
 *
 * Python counterpart: asyncio.to_thread, loop.run_in_executor,
 * asyncio.wrap_future, asyncio.run_coroutine_threadsafe. Rules H05, H06, H10,
 * H11, F12, L27, C05, Z13. All calls: the loop's thread, save those that say
 * otherwise. Unless it says otherwise a call does not suspend.
 */
#pragma once

#include "cede/capacity_limiter.h"
#include "cede/coroutine.h"
#include "cede/executor.h"
#include "cede/task.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_loop_run_in_executor(loop, executor, fn, argument): has fn(argument)
 * called by the executor (borrowed; NULL: the loop's default one, which is made
 * when it is first needed) and returns a future of the loop, one reference.
 * loop NULL: the running one. …_with(loop, executor, fn, value) copies any
 * object of C, and fn gets the copy's address. The thread has its own context,
 * not ours (C05). Cancelling the future cancels the call if it has not begun;
 * else the thread goes on. A StopIteration becomes a RuntimeError (H10). Raises
 * RuntimeError "Executor shutdown has been called" for the default executor
 * after its shutdown, as cede_executor_submit, MemoryError.
 */
#define cede_loop_run_in_executor(loop, executor, ...)                         \
    cede_impl_run_in_executor((loop), (executor), CEDE_IMPL_CALLING(__VA_ARGS__), \
                              NULL, 0)
#define cede_loop_run_in_executor_with(loop, executor, function, ...)          \
    cede_impl_run_in_executor((loop), (executor),                              \
                              CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__), \
                              NULL, CEDE_IMPL_COPY(__VA_ARGS__),               \
                              CEDE_IMPL_COPY_SIZE(__VA_ARGS__))

/*
 * cede_run_coroutine_threadsafe(fn, argument, loop), …(fn, loop): has the loop,
 * which another thread runs, run fn(argument) as a task; returns its concurrent
 * future, one reference. The task runs in a copy of the calling thread's
 * context. Cancelling the future cancels the task, and a task that is
 * cancelled cancels the future; if the loop is closed first, the future is
 * cancelled. The argument must live until the future is done. Any thread, but
 * waiting for the result in the loop's own raises RuntimeError. Raises
 * TypeError "A coroutine object is required", RuntimeError "Event loop is
 * closed", MemoryError. Does not suspend.
 */
#define cede_run_coroutine_threadsafe(...)                                     \
    CEDE_IMPL_THREADSAFE_BY(__VA_ARGS__, CEDE_IMPL_THREADSAFE_WITH,            \
                            CEDE_IMPL_THREADSAFE, CEDE_IMPL_THREADSAFE, )      \
    (__VA_ARGS__)
#define CEDE_IMPL_THREADSAFE_BY(a, b, c, name, ...) name
#define CEDE_IMPL_THREADSAFE(function, loop)                                   \
    cede_impl_run_coroutine_threadsafe(CEDE_IMPL_CALLING(function), (loop))
#define CEDE_IMPL_THREADSAFE_WITH(function, argument, loop)                    \
    cede_impl_run_coroutine_threadsafe(CEDE_IMPL_CALLING(function, argument),  \
                                       (loop))

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* --- a thread's work for tasks --- */

#ifndef __cplusplus

/*
 * cede_to_thread(fn, argument), …(fn, argument, .limiter = l): calls
 * fn(argument) in a thread of the loop's default executor and suspends until it
 * returns; returns what it returns, raises what it raises. It runs in a copy of
 * the task's context: what it sets there the task does not see (H11). No more
 * calls run at a time than the limiter has tokens: by default 40 for each loop
 * (cede_default_thread_limiter). A token is held until the thread is done, also
 * when the task has been cancelled meanwhile. cede_to_thread_with(fn, value)
 * copies any object of C.
 *
 * Raises CancelledError: before the thread has begun, nothing has happened;
 * then it goes on by itself. RuntimeError outside a task, after the default
 * executor was shut down; MemoryError.
 */
#define cede_to_thread(...)                                                    \
    cede_impl_to_thread(CEDE_IMPL_CALLEE(__VA_ARGS__),                         \
                        (&(const cede_to_thread_options){                      \
                            CEDE_IMPL_OPTIONS(__VA_ARGS__)}),                  \
                        NULL, 0)
#define cede_to_thread_with(function, ...)                                     \
    cede_impl_to_thread(CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),       \
                        (&(const cede_to_thread_options){0}),                  \
                        CEDE_IMPL_COPY(__VA_ARGS__),                           \
                        CEDE_IMPL_COPY_SIZE(__VA_ARGS__))

#endif /* !__cplusplus */

/* What may stand behind the argument of cede_to_thread. */
typedef struct cede_to_thread_options {
    void *argument;
    cede_capacity_limiter *limiter; /* borrowed; NULL: the loop's default */
} cede_to_thread_options;

#ifndef __cplusplus

cede_value cede_impl_to_thread(cede_function function,
                               const cede_to_thread_options *options,
                               const void *copy, size_t size);
cede_future *cede_impl_run_in_executor(cede_loop *loop, cede_executor *executor,
                                       cede_function function, void *argument,
                                       const void *copy, size_t size)
    CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/* The running loop's limiter of cede_to_thread, borrowed: set its total_tokens
   to have more or fewer threads. Raises RuntimeError without a running loop,
   MemoryError. Trio: to_thread.current_default_thread_limiter. */
cede_capacity_limiter *cede_default_thread_limiter(void);

/*
 * Makes an executor (borrowed) the loop's default; the one before it is given
 * up, and goes on with its work. Raises TypeError for what is no executor.
 */
void cede_loop_set_default_executor(cede_loop *loop, cede_executor *executor);

/*
 * Shuts the default executor down and suspends until its threads have ended, at
 * most `timeout` seconds of the loop's clock (INFINITY: as long as it takes):
 * then a RuntimeWarning is written to stderr and the threads are left to end by
 * themselves (L27). Afterwards the loop has none any more. Raises RuntimeError
 * outside a task of this loop; CancelledError, and then no more work is taken
 * either. cede_run does it at its end, with 300 seconds.
 */
void cede_loop_shutdown_default_executor(cede_loop *loop, double timeout);

/*
 * A future of the loop (NULL: the running one), one reference, that ends as the
 * concurrent future (borrowed) does; cancelling it cancels that one, if it has
 * not begun. Raises TypeError for what is no concurrent future, RuntimeError
 * without a loop, MemoryError. F12.
 */
cede_future *cede_wrap_future(cede_concurrent_future *future) CEDE_IMPL_NEW;
cede_future *cede_loop_wrap_future(cede_loop *loop,
                                   cede_concurrent_future *future)
    CEDE_IMPL_NEW;

/* --- a task's work for threads --- */

#ifndef __cplusplus

cede_concurrent_future *
cede_impl_run_coroutine_threadsafe(cede_function function, void *argument,
                                   cede_loop *loop) CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/*
 * The same for a coroutine object that has not begun: takes your reference,
 * also when it raises. It will belong to the loop's thread. Any thread.
 */
cede_concurrent_future *
cede_run_coroutine_threadsafe_from(void *coroutine, cede_loop *loop)
    CEDE_IMPL_NEW;

CEDE_IMPL_END
