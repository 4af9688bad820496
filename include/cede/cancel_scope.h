/*
 * Cancel scopes: blocks that can be given up, and stay given up.
 *
 *     cede_move_on_after (scope, 2.5) {
 *         reply = ask_politely();         whatever suspends in here
 *     } cede_finally {
 *         if (cede_cancel_scope_cancelled_caught(scope))
 *             printf("no answer\n");
 *     } cede_end
 *
 * cede_task_cancel asks once; whoever catches the CancelledError has answered.
 * A cancelled scope asks again: everything in it that may suspend, and every
 * operation of the library that need not, raises CancelledError until the block
 * is left, in the task that entered it and in the tasks of nurseries opened
 * inside (cede/nursery.h). The error of a scope ends where its block ends. What
 * was cancelled has not happened: nothing is received, sent or taken (Z04); a
 * task that had been woken with something keeps it, and raises at its next
 * wait (Z08). A task that awaits a future or a task cancels that, once, and
 * waits for its end.
 *
 * A scope is entered once, by one task, and must not yield (RuntimeError).
 * Scopes nest with each other, with timeouts and with groups. All calls: the
 * loop's thread only; none suspends, and unless it says so none raises; but
 * what changes an entered scope raises RuntimeError in another thread and when
 * its loop is closed. What a block is called by, as `scope` above, is borrowed
 * until its statement ends.
 *
 * Counterpart: trio.CancelScope, anyio.CancelScope; asyncio has none. Rules
 * Z01 to Z05, Z07, Z08; docs/decisions/0021-cancel-scopes.md.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A scope, entered or not. A context manager. */
typedef struct cede_cancel_scope cede_cancel_scope;

/* All zero is the default. */
typedef struct cede_cancel_scope_options {
    bool shield; /* see cede_cancel_scope_set_shield */
} cede_cancel_scope_options;

#ifndef __cplusplus

/*
 * cede_cancel_scope (name) {…} cede_end: a scope around the block. Options may
 * follow the name: cede_cancel_scope (scope, .shield = true). Raises MemoryError;
 * RuntimeError outside a task.
 */
#define cede_cancel_scope(name, ...)                                           \
    cede_with (name, cede_cancel_scope_new(__VA_ARGS__))

/*
 * cede_move_on_after (name, seconds, …), cede_move_on_at (name, when, …): a
 * scope that is cancelled so many seconds from now, or at a time of the loop;
 * what has been cancelled ends at the block's end, and the program goes on. 0
 * or less: cancelled already, which the first wait shows. INFINITY: never.
 * Raises ValueError for NaN; MemoryError, RuntimeError as above. Counterpart:
 * trio.move_on_after, move_on_at.
 */
#define cede_move_on_after(name, ...)                                          \
    cede_with (name, cede_impl_scope_after(CEDE_IMPL_SCOPE_TIME(__VA_ARGS__)))
#define cede_move_on_at(name, ...)                                             \
    cede_with (name, cede_impl_scope_at(CEDE_IMPL_SCOPE_TIME(__VA_ARGS__)))

/* cede_fail_after (name, seconds, …), cede_fail_at (name, when, …): the same,
   and the block's end raises TimeoutError in place of the error it catches.
   Counterpart: trio.fail_after, fail_at. */
#define cede_fail_after(name, ...)                                             \
    cede_with (name, cede_impl_scope_fail_after(                               \
                         CEDE_IMPL_SCOPE_TIME(__VA_ARGS__)))
#define cede_fail_at(name, ...)                                                \
    cede_with (name,                                                           \
               cede_impl_scope_fail_at(CEDE_IMPL_SCOPE_TIME(__VA_ARGS__)))

/*
 * A scope that is not entered yet: one reference, for cede_with or
 * cede_exit_stack, or to be cancelled beforehand. Raises MemoryError.
 */
#define cede_cancel_scope_new(...)                                             \
    cede_impl_scope_new(&(const cede_cancel_scope_options){__VA_ARGS__})

/* The first is the time, others are options. */
typedef struct cede_impl_scope_time {
    double time;
    bool shield;
} cede_impl_scope_time;
#define CEDE_IMPL_SCOPE_TIME(...)                                              \
    (&(const cede_impl_scope_time){.time = __VA_ARGS__})

cede_cancel_scope *
cede_impl_scope_new(const cede_cancel_scope_options *options) CEDE_IMPL_NEW;
cede_cancel_scope *
cede_impl_scope_after(const cede_impl_scope_time *time) CEDE_IMPL_NEW;
cede_cancel_scope *
cede_impl_scope_at(const cede_impl_scope_time *time) CEDE_IMPL_NEW;
cede_cancel_scope *
cede_impl_scope_fail_after(const cede_impl_scope_time *time) CEDE_IMPL_NEW;
cede_cancel_scope *
cede_impl_scope_fail_at(const cede_impl_scope_time *time) CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/*
 * Cancels it, for good. Before it is entered: the block is entered, and its
 * first wait raises. Again, or after it has been left, does nothing.
 */
void cede_cancel_scope_cancel(cede_cancel_scope *scope);

/* Has it been cancelled, by a call or by its deadline? */
bool cede_cancel_scope_cancel_called(const cede_cancel_scope *scope);

/* Did its block end by its own CancelledError? False before the end; the place
   to ask is cede_else or cede_finally, where the name is still known. */
bool cede_cancel_scope_cancelled_caught(const cede_cancel_scope *scope);

/*
 * When it will be cancelled, in the loop's time; INFINITY: never. set moves it,
 * also into the past (cancelled now); a scope that is cancelled stays so.
 * Raises ValueError for NaN, MemoryError, and then the old deadline stands.
 */
double cede_cancel_scope_deadline(const cede_cancel_scope *scope);
void cede_cancel_scope_set_deadline(cede_cancel_scope *scope, double when);

/*
 * A shield hides the cancelled scopes around it, not its own cancel or deadline
 * (Z02): for clean-up that has to wait, best together with a deadline. Lifted,
 * the next wait raises, and one that stands is ended.
 */
bool cede_cancel_scope_shield(const cede_cancel_scope *scope);
void cede_cancel_scope_set_shield(cede_cancel_scope *scope, bool shield);

/*
 * The first deadline of the scopes around the current task, as far as no shield
 * hides them, in the loop's time; INFINITY: none; -INFINITY: one of them is
 * cancelled already (Z03). Outside a task INFINITY. Counterpart:
 * trio.current_effective_deadline.
 */
double cede_current_effective_deadline(void);

CEDE_IMPL_END
