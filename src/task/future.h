/*
 * Futures as this floor sees them.
 *
 * Invariants: `completions` holds what must be told when the future is done,
 * in the order it asked; each entry is embedded in whoever asked, so finishing
 * a future neither allocates nor fails. When the future is done the list is
 * empty: each entry's job has been posted to the loop.
 */
#pragma once

#include "base/list.h"
#include "cede/task.h"
#include "loop/loop.h"

enum cede__future_state {
    CEDE__FUTURE_PENDING,
    CEDE__FUTURE_CANCELLED,
    CEDE__FUTURE_FINISHED,
};

typedef struct cede__completion {
    cede__list link;     /* self-linked when in no list */
    cede__job *job;      /* NULL: part of a notice, which is told at once */
    cede_future *waiter; /* what waits by it, for people (inspect.h); borrowed;
                            NULL: nobody says */
} cede__completion;

struct cede_future {
    cede_object head;
    cede_loop *loop; /* a reference */
    cede__list completions;
    uint8_t state;
    bool unretrieved; /* has an exception nobody has seen */
    bool silent;      /* the exception that may come is for nobody (W06) */
    uint32_t trace;   /* entries of the exception's traceback at the end */
    cede_value result;
    /* FINISHED: the exception or NULL. CANCELLED: the CancelledError to hand
       out once (T21), or NULL. Owned. */
    cede_exception *exception;
    char *cancel_message;                /* owned; NULL: none */
    struct cede__awaited_by *awaited_by; /* owned; see graph.c */
    const cede_location *created; /* NULL: unknown */
};

/* Fills a zeroed future in; takes a reference to the loop. */
void cede__future_init(cede_future *future, cede_loop *loop);

/* Gives up what it holds, reporting an exception nobody has seen; `what` is
   "Future", "Task", "_GatheringFuture". */
void cede__future_finish(cede_future *future, const char *what);

/* The wait_at of futures and tasks. */
cede_value cede__await_future(void *self, const cede_location *where);

/* The same without taking the reference. */
cede_value cede__await_borrowed(cede_future *future);

/* Is the object a future, a task included? The latter raises TypeError. */
bool cede__is_future(const void *object);
void cede__check_future(const void *object);

/* Asks to have `job` posted when the future, which is pending, is done. The
   waiter may be set afterwards; it must live as long as the completion. */
void cede__future_subscribe(cede_future *future, cede__completion *completion,
                            cede__job *job);
void cede__future_unsubscribe(cede__completion *completion);

/* End it, if it is pending; false if it was not. set_result and set_exception
   take over what they are given; `cancelled`, the CancelledError to hand out
   first, and `message`, that of the others, may be NULL (T21). */
bool cede__future_end_result(cede_future *future, cede_value value);
bool cede__future_end_exception(cede_future *future, cede_exception *exception);
bool cede__future_end_cancelled(cede_future *future, cede_exception *cancelled,
                                const char *message);

/* Cancel as the class wants it: a task asks its coroutine, a gathering future
   its children. */
bool cede__future_cancel(cede_future *future, const char *message);

/* The outcome of a done future: a value with a reference of one's own, or
   raises. */
cede_value cede__future_outcome(cede_future *future,
                                const cede_location *where);

/* The exception of a done future without raising, with a reference of one's
   own, or NULL; counts as seen. A cancelled future's is its CancelledError. */
cede_exception *cede__future_take_exception(cede_future *future);

/* One line on a future or task: "<Task pending name='x' coro=<fn()>>". */
void cede__future_describe(const cede_future *future, char *line, size_t size);

/* Its repr, a task's too: the same, and what came out of it. */
cede_value cede__future_repr(void *self);

/* SystemExit and KeyboardInterrupt do not stay in the task or callback that
   raised them (L11, T20). */
bool cede__ends_loop(const cede_exception *exception);

/* A copy of a message, or NULL: then it is lost, which beats failing. */
char *cede__copy_message(const char *message);

/* A CancelledError with the message; never NULL. */
cede_exception *cede__cancelled_error(const char *message);

/* --- the loop's end (close.c) --- */

/* What the loop tells this floor. Set with the loop's first future. */
extern const cede__loop_hooks cede__task_hooks;

/* A completion's job is posted: a listener's owns a reference from now on
   (task/listener.h). */
void cede__listener_told(cede__job *job);

/* Is the job of this kind? Then it gives up what the job owns, without running
   it: the loop is closed. */
bool cede__callback_drop(cede__job *job);
bool cede__listener_drop(cede__job *job);
bool cede__timeout_drop(cede__job *job);

/* If the job is of a done callback, what it calls and who asked for it. */
void cede__callback_origin(cede__job *job, const cede_impl_call **call);

extern const cede_class cede__future_class[1];
extern const cede_class cede__task_class[1];
extern const cede_class cede__gather_class[1];

bool cede__task_request_cancel(cede_task *task, const char *message);
bool cede__gather_cancel(cede_future *future, const char *message);

/* Is it a gather whose children are being cancelled right now? */
bool cede__gather_is_cancelling(const cede_future *future);
