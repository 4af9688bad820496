/*
 * Tasks: a future and a coroutine in one block, and how it waits.
 *
 * A task that is not done is in one of three conditions:
 *   scheduled  `job` is in the loop's queue (or a timer's hop is on its way)
 *   waiting    it waits for `awaited`, or is parked with `abort`
 *   running    it is cede__task_now()
 *
 * Invariants: the loop owns one reference until the task is done. A task that
 * has not run owns no stack. What it waits with (the completion, the timer, the
 * link in a wait queue) lies in this block, so that waiting cannot fail and no
 * address on the task's stack is known to anybody while it is suspended.
 */
#pragma once

#include "cede/cancel_scope.h"
#include "cede/lowlevel.h"
#include "cede/task.h"
#include "coro/coroutine.h"
#include "task/future.h"
#include "value/context.h"

struct cede_task {
    cede_future future;
    cede__job job;
    bool scheduled;
    bool suspended; /* has left its stack and not come back yet */
    bool parked; /* waiting in cede_park */
    bool woken;  /* by a wait queue, and has not run since */
    bool committed; /* what it waits for has happened: no cancel undoes it */
    bool late; /* the time of cede_park_until came first */
    bool asked;    /* what it awaits has been cancelled because of it */
    bool asked_by_scope; /* ... because of a scope */
    bool finishing; /* runs what cede_unref could not: not to be cancelled when
                       the main task is done */
    bool leftover; /* cancelled by cede_run because the main task is done */
    bool eager; /* starts when it is begun */
    bool relays; /* the loop runs it: it may make way for the next task */
    bool unmissed; /* if it is pending at the loop's end nobody is told */
    bool argument_owned;
    union {
        uint32_t disturbed; /* any of these, as one test before and behind a
                               wait */
        struct {
            bool must_cancel;
            bool level;   /* a scope around it is cancelled: checkpoints raise */
            bool undone;  /* its wait has been undone for either: it cannot go
                             on */
            bool closing; /* the loop is being closed: GeneratorExit where it
                             waits */
        };
    };
    uint16_t budget;
    uint16_t block_size; /* in bytes */
    uint16_t shields; /* cede_shield_begin without cede_shield_end */
    unsigned cancel_requests;
    cede_impl_flow *active; /* where it goes on: it, or a generator it runs */
    cede__context_place place; /* its context */
    cede_impl_coroutine coroutine;

    cede__completion completion;
    cede_future *awaited; /* borrowed: who awaits holds it */
    cede_abort_function abort;
    void *abort_argument;
    const char *reason;
    int64_t since; /* when it was suspended, by the loop's clock */
    cede__timer timer;
    union {
        cede_wait_queue queue_link;
        cede__job overtaking; /* while it sleeps: task/sleep.c */
    };
    _Alignas(16) char wait_space[CEDE_WAIT_SPACE];

    cede_cancel_scope *scope; /* the innermost around it; owned; see scope.h */
    cede__list scope_link;    /* among the scope's tasks */
    struct cede__start *start; /* of a nursery's start, until it has started */

    cede__list siblings; /* the loop's tasks that are not done */
    uint64_t number;     /* of "Task-N" */
    char *name;          /* owned; NULL: from the number */
    void *awaitable;     /* owned; what it was made to await, or NULL */
    _Alignas(16) char argument[];
};

/* The task that runs now, or NULL. */
static inline cede_task *cede__task_now(void)
{
    const cede__context_place *place = cede__context_here;

    return place ? place->task : NULL;
}

/* What the loop remembers of its tasks (loop->upper). */
typedef struct cede__tasks {
    cede__list unfinished;
    size_t count;
    cede__context_place *outside; /* current where the loop runs */
    cede_impl_link asynchronous; /* generators that have awaited here */
    bool asynchronous_shut;      /* no more are expected (A12) */
    cede__list failed; /* of those that were left over: owned, in the order of
                          their ends, until they are reported (run.c) */
    cede_task_factory factory; /* NULL: there is none; see factory.c */
    void *factory_argument;
    cede_task *unbegun;
    bool asking;
    cede__list remotes;     /* remote calls that are expected (remote.c) */
    cede__list attachments; /* of floors above (attachment.c) */
} cede__tasks;

/* Made when they are needed. NULL: no memory. */
cede__tasks *cede__tasks_of(cede_loop *loop);

/* The loop is being closed: tells those who wait for remote calls that none
   will come; gives up what is attached. */
void cede__remotes_close(cede__tasks *tasks);
void cede__attachments_close(cede__tasks *tasks);

/* Is it the job of a remote call? Then it is told that it will not run. */
bool cede__remote_drop(cede__job *job);

/* What is attached to the loop is asked to end while the loop can still be
   run: when its tasks are done. */
void cede__loop_shut_down(cede_loop *loop);

/* For what binds itself to the current task: a clean-up that cede_unref runs
   gets a task of its own first (coro/release.c). */
static inline void cede__task_settle(void)
{
    const cede_task *task;

    if (CEDE_IMPL_LIKELY(!cede__closing_now))
        return;
    task = cede__task_now();
    if (task && cede__closing_is_here(&task->coroutine.flow))
        cede__closing_leave();
}

/* The task suspends at `here`, in generators that it runs: the loop has them
   from now on. */
void cede__asynchronous_note(cede_task *task, const cede_impl_flow *here);

/* Closes those of a loop that does not run, and runs it until that is done,
   reporting what they raise (A11, R05). */
void cede__asynchronous_shutdown(cede_loop *loop);

/* The loop is being closed. */
void cede__asynchronous_forget(cede__tasks *tasks);

/* Makes a task that has not begun ready for its first step; false, with nothing
   changed, where that would be its last: it is cancelled, or no memory. */
bool cede__task_start_quietly(cede_task *task);

/* A step that the loop does not make: of an eager task, or at the loop's end.
   Returns when the task has suspended or ended. */
void cede__task_step_apart(cede_task *task);

/* For cede__coroutine_returned. */
void cede__task_returned(cede_impl_coroutine *coroutine, cede_value value);

/* For cede__closing_hooked. */
extern const cede__closing_hooks cede__task_closing_hooks;

cede_task *cede__task_to_suspend_slow(void) CEDE_IMPL_COLD;

/* The current task; RuntimeError if there is none or it must not suspend. */
static inline cede_task *cede__task_to_suspend(void)
{
    cede_task *task = cede__task_now();

    if (CEDE_IMPL_LIKELY(task && !task->place.foreign && !cede__closing_now))
        return task;
    return cede__task_to_suspend_slow();
}

/* Queues the job, once. */
static inline void cede__task_schedule(cede_task *task)
{
    if (task->scheduled)
        return;
    task->scheduled = true;
    if (CEDE_IMPL_LIKELY(!task->closing)) /* else close_task steps it */
        cede__loop_post(task->future.loop, &task->job);
}

/* Lets everything that is ready run once; raises a CancelledError. */
void cede__task_yield(cede_task *task, const char *reason);

/* What a task does with what a coroutine yields that it awaits
   (coro/await.c). */
cede_exception *cede__task_trap(cede_value value);

/* Undoes the wait of a parked task that is about to be cancelled, if it lets
   itself be undone; then the task is on its way. */
void cede__task_undo_wait(cede_task *task);

/* Raises the CancelledError that is due behind a wait, if one is. */
void cede__task_check_cancel(cede_task *task);

/* Raises that of the scope that is cancelled around it. */
void cede__task_raise_level(cede_task *task) CEDE_IMPL_NORETURN;

/* Is it the CancelledError of a scope? */
bool cede__cancelled_by_scope(const cede_exception *exception);

/* Raises the TimeoutError that a CancelledError (borrowed) is to be from here
   on; that is its cause. (timeout.c) */
void cede__raise_timeout(cede_exception *cancelled) CEDE_IMPL_NORETURN;

/* What need not wait raises if a scope around it is cancelled (Z01). */
static inline void cede__checkpoint(void)
{
    cede_task *task = cede__task_now();

    if (CEDE_IMPL_LIKELY(!task || !task->level))
        return;
    cede__task_settle();
    task = cede__task_now();
    if (task->level)
        cede__task_raise_level(task);
}

/* Whether a scope around it is cancelled has changed. Where it waits it is
   woken, if it lets itself be; what it awaits is cancelled once. */
void cede__task_set_level(cede_task *task, bool level);

/* It is about to await, and must be cancelled or has a cancelled scope around
   it: then what it awaits is. */
void cede__task_cancel_awaited(cede_task *task);

/* The job: runs the task until it suspends again. Called by a task or callback
   itself, it runs the task there (D01). */
void cede__task_step(cede__job *job);

/* Has it begun on another thread? */
bool cede__task_is_foreign(const cede_task *task);

/* Ends a suspended task that cannot be run to its end, without running it. */
void cede__task_abandon(cede_task *task);

/* Is it the job of a task whose sleep is over and that runs next? */
bool cede__is_sleep_job(const cede__job *job);

/* A cancel of a task whose time is over, but whose job has not run since: it
   goes on from where the cancel stands in the line. */
void cede__task_overtake(cede_task *task);

/* Cancels all unfinished tasks of a loop and runs it until they are done,
   reporting what they raise (R01). */
void cede__tasks_cancel_all(cede_loop *loop);
