/*
 * Futures: a result that is not there yet.
 *
 * Python counterpart: asyncio.Future (library reference, "Futures"; PEP 3156).
 * Rules F01-F15. A future belongs to one loop and its thread; nothing here may
 * be called from another thread. None of these calls suspends but cede_await.
 * What changes a pending future (set_result, set_exception, cancel, the
 * callbacks) raises RuntimeError when its loop is closed, when another thread
 * runs it, and in the child of a fork.
 */
#pragma once

#include "cede/coroutine.h"
#include "cede/loop.h"

/* Above the pragma: cede/impl/platform.h says why. */

/* The function below, with what it raises and returns: yours. Reports name the
   place where it is called. */
#define cede_loop_create_future(loop)                                          \
    cede_impl_future_new((loop), CEDE_IMPL_HERE)

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A result to come. Python: asyncio.Future. */
typedef struct cede_future cede_future;

/* Is called with the future and the argument given with it; may raise, which
   goes to the loop's exception handler (F08). */
typedef void (*cede_done_callback)(cede_future *future, void *argument);

/*
 * A pending future of the loop (of the running loop), one reference. Raises
 * MemoryError; RuntimeError if the loop is closed, if none runs. Python:
 * loop.create_future.
 */
cede_future *(cede_loop_create_future)(cede_loop *loop) CEDE_IMPL_NEW;
cede_future *cede_impl_future_new(cede_loop *loop, const cede_location *where)
    CEDE_IMPL_NEW;

/* Is the object (borrowed, may be NULL) a future or a task? Never raises.
   Python: asyncio.isfuture. */
bool cede_isfuture(const void *object);

/* Is it done: finished or cancelled? Was it cancelled? Never raise. Tasks are
   futures: a `cede_task *` may be passed through cede_task_future. */
bool cede_future_done(const cede_future *future);
bool cede_future_cancelled(const cede_future *future);

/*
 * Its result, with a reference of your own. Raises its exception, or
 * CancelledError; InvalidStateError while it is pending (F02).
 */
cede_value cede_future_result(cede_future *future);

/*
 * Its exception, borrowed, NULL if it has a result; then nobody reports it as
 * never retrieved. Raises CancelledError, InvalidStateError as above.
 */
cede_exception *cede_future_exception(cede_future *future);

#ifndef __cplusplus

/*
 * cede_future_set_result(future, value): finishes it; a reference the value
 * (boxed) owns is handed over. Those who await it run in the next iteration.
 * Raises InvalidStateError if it is done, and then gives the value up.
 */
#define cede_future_set_result(future, ...)                                    \
    cede_impl_future_set_result((future), cede_box(__VA_ARGS__))
void cede_impl_future_set_result(cede_future *future, cede_value value);

/*
 * cede_future_set_exception(future, e), …(future, cls), …(future, cls, format,
 * …): finishes it with the exception (borrowed; or a new one of the class).
 * StopIteration becomes the cause of a RuntimeError (F04, 3.13). Raises
 * InvalidStateError if it is done, TypeError for what is no exception.
 */
#define cede_future_set_exception(future, ...)                                 \
    cede_impl_future_set_exception((future), CEDE_IMPL_EXCEPTION(__VA_ARGS__))
void cede_impl_future_set_exception(cede_future *future,
                                    cede_exception *exception);

#endif /* !__cplusplus */

/*
 * Cancels it: true, or false if it was done; then an exception it has counts
 * as retrieved. Those who await it get a CancelledError with the message
 * (copied; NULL: none; F11).
 */
bool cede_future_cancel(cede_future *future, const char *message);

/*
 * Has the loop call callback(future, argument) once the future is done, never
 * at once (F01), in a copy of the context that is current now (C02); with …_in
 * in a context itself, which is borrowed (F13). Raises MemoryError; TypeError
 * for NULL, …_in also for what is no context. remove takes all registrations of
 * the callback back and returns how many there were (F03).
 */
void cede_future_add_done_callback(cede_future *future,
                                   cede_done_callback callback, void *argument);
#define cede_future_add_done_callback(future, callback, ...)                   \
    cede_impl_future_add_done_callback((future), (callback), (__VA_ARGS__),    \
                                       CEDE_IMPL_CALL(#callback))
void cede_impl_future_add_done_callback(cede_future *future,
                                        cede_done_callback callback,
                                        void *argument,
                                        const cede_impl_call *call);
void cede_future_add_done_callback_in(cede_future *future,
                                      cede_context *context,
                                      cede_done_callback callback,
                                      void *argument);
#define cede_future_add_done_callback_in(future, context, callback, ...)       \
    cede_impl_future_add_done_callback_in((future), (context), (callback),     \
                                          (__VA_ARGS__),                       \
                                          CEDE_IMPL_CALL(#callback))
void cede_impl_future_add_done_callback_in(cede_future *future,
                                           cede_context *context,
                                           cede_done_callback callback,
                                           void *argument,
                                           const cede_impl_call *call);
size_t cede_future_remove_done_callback(cede_future *future,
                                        cede_done_callback callback);

CEDE_IMPL_END
