/*
 * Coroutine objects, and await.
 *
 * In cede any function may await: await is a call. A coroutine object is for
 * handing a call around before it is made: it is a function and its argument,
 * runs when it is awaited, and can be awaited once. It is Python's coroutine
 * (PEP 492; "Coroutine Objects" in the data model): four states, send, throw
 * and close for whoever drives it by hand, no iteration. One that is given up
 * without having run is reported: somebody forgot to await it.
 *
 * Unless it says otherwise a call here borrows and neither raises nor suspends.
 * A coroutine object is for any thread until it has begun, and then for the one
 * it began in; awaiting is for the thread of what is awaited.
 */
#pragma once

#include "cede/generator.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_await(x): waits until x is done and returns its result, with a reference
 * of your own; raises its exception. Takes your reference. x may be
 *  - a task or a future: suspends the current task unless it is done (F06).
 *    Every awaiter gets the same exception object (F07, T08). Cancelling the
 *    task cancels what it awaits (T10). RuntimeError outside a task, for the
 *    task itself (T09), for a future of another loop (F09).
 *  - a coroutine object: runs it, here and now, until it ends; other tasks run
 *    only if something in it suspends. RuntimeError "cannot reuse already
 *    awaited coroutine".
 *  - a generator marked by cede_types_coroutine.
 *  - any object whose class has cede_awaitable_methods.
 * What a marked generator, or the iterator of await_, yields goes to whoever
 * drives the coroutine by cede_coroutine_send; in a task, none lets the other
 * tasks run once and anything else is RuntimeError (T16). TypeError for what
 * cannot be awaited. Python: await, PEP 492.
 */
#define cede_await(awaitable)                                                  \
    cede_impl_await((awaitable), CEDE_IMPL_HERE)

/*
 * cede_coroutine(fn, argument): a coroutine object, one reference; fn is not
 * called before it is awaited. argument is borrowed: it must live as long as
 * the coroutine. Raises MemoryError. Never suspends. Python: calling a function
 * defined by `async def`.
 */
#define cede_coroutine(...)                                                    \
    cede_impl_coroutine_new(CEDE_IMPL_CALLING(__VA_ARGS__), NULL, 0,           \
                            CEDE_IMPL_NAME(__VA_ARGS__), CEDE_IMPL_HERE)

/* cede_coroutine_with(fn, value): the same with a copy of `value`, any object
   of C that wants no more alignment than max_align_t; fn gets the copy's
   address. Raises MemoryError. */
#define cede_coroutine_with(function, ...)                                     \
    cede_impl_coroutine_new(CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),   \
                            NULL, CEDE_IMPL_COPY(__VA_ARGS__),                 \
                            CEDE_IMPL_COPY_SIZE(__VA_ARGS__), #function,       \
                            CEDE_IMPL_HERE)

#pragma GCC system_header

CEDE_IMPL_BEGIN

#ifndef __cplusplus

cede_coroutine *cede_impl_coroutine_new(cede_function function, void *argument,
                                        const void *copy, size_t size,
                                        const char *name,
                                        const cede_location *where)
    CEDE_IMPL_NEW;

/*
 * cede_coroutine_send(coroutine, value): drives it by hand to the next value
 * that something it awaits yields, and returns that, yours; none starts it.
 * Suspends where what it awaits makes a task wait. Raises
 * StopIteration with its return value when it ends; RuntimeError if it has
 * ended before; else as cede_generator_send. Python: coroutine.send.
 */
#define cede_coroutine_send(coroutine, ...)                                    \
    CEDE_IMPL_CHECKED(coroutine, cede_impl_coroutine_send)                     \
    ((coroutine), cede_box(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_coroutine_send(cede_coroutine *coroutine, cede_value value,
                                    const cede_location *where);
cede_value cede_impl_coroutine_send_checked(void *object, cede_value value,
                                            const cede_location *where);

/* cede_coroutine_throw(coroutine, e): as cede_generator_throw: raises and
   suspends as that, and what it returns is yours. Python: coroutine.throw. */
#define cede_coroutine_throw(coroutine, ...)                                   \
    CEDE_IMPL_CHECKED(coroutine, cede_impl_coroutine_throw)                    \
    ((coroutine), CEDE_IMPL_EXCEPTION(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_coroutine_throw(cede_coroutine *coroutine,
                                     cede_exception *exception,
                                     const cede_location *where);
cede_value cede_impl_coroutine_throw_checked(void *object,
                                             cede_exception *exception,
                                             const cede_location *where);

/* As cede_generator_close: raises and suspends as that, and what it returns is
   yours; one that never ran is not reported afterwards. Python:
   coroutine.close.
 */
cede_value cede_coroutine_close(cede_coroutine *coroutine);

/* What it awaits now, borrowed, or NULL. Python: coroutine.cr_await. */
void *cede_coroutine_await(const cede_coroutine *coroutine);

/* What a coroutine object does now. Python: inspect.getcoroutinestate. */
enum cede_coroutine_state {
    CEDE_CORO_CREATED = CEDE_GEN_CREATED,
    CEDE_CORO_SUSPENDED = CEDE_GEN_SUSPENDED,
    CEDE_CORO_RUNNING = CEDE_GEN_RUNNING,
    CEDE_CORO_CLOSED = CEDE_GEN_CLOSED,
};
enum cede_coroutine_state
cede_getcoroutinestate(const cede_coroutine *coroutine);

/* "CORO_CREATED" and so on. */
const char *cede_coroutine_state_name(enum cede_coroutine_state state);

/* Is it a coroutine object; does cede_await take it? Borrowed, NULL allowed.
   Python: inspect.iscoroutine, inspect.isawaitable. */
bool cede_iscoroutine(const void *object);
bool cede_isawaitable(const void *object);

/*
 * Marks a generator as awaitable and returns it: the same reference. What it
 * yields is what a coroutine that awaits it yields. It may yield from
 * coroutines. Python: types.coroutine.
 */
cede_generator *cede_types_coroutine(cede_generator *generator);

#endif /* !__cplusplus */

CEDE_IMPL_END
