/*
 * loop.h - the loop as the floors above it see it
 *
 * Knows: jobs, timers and watches, which are embedded in what they wake, so
 * that none of them allocates. Does not know: coroutines, tasks, futures; a
 * task's step is a job like any other.
 *
 * Everything here belongs to the thread that runs the loop, but for what says
 * otherwise. Nothing here raises but cede__loop_check.
 */
#pragma once

#include <errno.h>

#include "base/list.h"
#include "cede/debug.h"
#include "cede/loop.h"
#include "loop/clock.h"
#include "loop/current.h"
#include "loop/poller.h"
#include "loop/queue.h"
#include "loop/timer.h"
#include "loop/wakeup.h"
#include "value/context.h"
#include "value/text.h"

/* While callbacks are ready, I/O and the clock are looked at once per so many
   of them: a look costs as much as ten task switches. */
enum { CEDE__POLL_INTERVAL = 64 };

/* What a floor above wants to hear of a loop. Each may be NULL. */
typedef struct cede__loop_hooks {
    /* The loop is being closed; it still takes jobs, timers and watches. */
    void (*on_close)(cede_loop *loop);
    /* A job that was queued when the loop closed, or posted by a thread, and
       will not run. Not called for the callbacks of users. */
    void (*on_drop)(cede_loop *loop, cede__job *job);
    /* The loop is closed. */
    void (*on_closed)(const cede_loop *loop);
    /* One line on a future for a report: "<Task pending name='x' …>". */
    void (*describe)(const struct cede_future *future, char *line,
                     size_t size);
    /* Where a future runs that is a task, else NULL. */
    cede__context_place *(*place)(struct cede_future *future);
    /* The run has an end to wait for, and nothing can ever happen any more
       but what a thread does: true if the run was made to fail. */
    bool (*on_asleep)(cede_loop *loop);
    /* Whose job it is, for a report: a future or task (a new reference), or
       NULL; then what it calls, if that is known, else `call` stays. */
    struct cede_future *(*origin)(cede__job *job, const cede_impl_call **call);
} cede__loop_hooks;

struct cede_loop {
    cede_object head;

    /* What the hot paths touch. */
    cede__queue ready;   /* for the next iteration */
    cede__queue batch;   /* of this iteration, not run yet */
    unsigned since_poll; /* jobs run since the poller was asked */
    union {
        uint64_t special; /* any of these: no job goes on to the next by itself */
        struct {
            bool debug;       /* see watch.h */
            bool shuffling;   /* see shuffle.h; `lot` is its state */
            bool interrupted; /* leave at once: `failure`, `poll_error`, or a
                                 fork */
            bool stopping;    /* leave after this iteration */
            bool once;        /* this run is one iteration */
        };
    };
    bool running;        /* atomic: written by the thread that runs it */
    bool closed;         /* atomic: likewise */
    unsigned generation; /* see current.h */
    int32_t kept;        /* references; see cede__loop_keep */
    int64_t now;         /* the clock's last answer */
    cede__timers timers;
    cede_clock clock;
    cede_virtual_time time; /* of a simulated loop */
    int64_t slow_callback;  /* nanoseconds; see watch.h */
    uint64_t lot;

    const cede__poller_methods *poller_methods;
    void *poller;   /* NULL when closed */
    size_t watches; /* added by floors above */
    cede__wakeup wakeup;
    cede__queue discarded; /* cancelled timer handles, kept for one iteration */
    struct cede__readers *readers; /* see reader.c; NULL until needed */
    unsigned signals;              /* handlers in the table of signals */
    unsigned signals_aside;        /* ... whose callbacks wake no task */
    unsigned held;                 /* atomic: by threads at work for it */
    bool finite; /* this run has an end to wait for, and must come to it */
    cede__list node; /* among all open loops (current.h) */
    uint64_t random;               /* see random.c */

    cede_exception *failure; /* owned; raised again by run_forever */
    int poll_error;          /* negative errno; raised likewise */
    cede_exception_handler exception_handler;
    void *exception_argument;

    const cede__loop_hooks *hooks; /* atomic: any thread may be the first */
    void *upper; /* of whoever set the hooks */
};

/* The floor above has something to do with this loop. Any thread. */
static inline void cede__loop_hook(cede_loop *loop,
                                   const cede__loop_hooks *hooks)
{
    if (__atomic_load_n(&loop->hooks, __ATOMIC_RELAXED) != hooks)
        __atomic_store_n(&loop->hooks, hooks, __ATOMIC_RELAXED);
}

/* Never NULL: nobody is told if nobody asked. */
const cede__loop_hooks *cede__loop_hooks_of(const cede_loop *loop);

/* --- references --- */

/*
 * Every future holds the loop, and a counter that all threads may change costs
 * as much as half a future. So the thread that runs the loop counts what it
 * takes and gives up in `kept`; when the run ends the sum goes to the object's
 * counter, which stands CEDE__LOOP_RUNS higher meanwhile, so that what other
 * threads give up does not seem to be the last.
 */
enum { CEDE__LOOP_RUNS = 1 << 30 };

static inline cede_loop *cede__loop_keep(cede_loop *loop)
{
    if (CEDE_IMPL_UNLIKELY(cede__running_loop != loop))
        return cede_ref(loop);
    loop->kept++;
    return loop;
}

static inline void cede__loop_let_go(cede_loop *loop)
{
    if (CEDE_IMPL_LIKELY(cede__running_loop == loop))
        loop->kept--;
    else
        cede_unref(loop);
}

/* --- who may --- */

/* Is this the thread that runs the loop, or is the loop not running? */
static inline bool cede__loop_on_owner_thread(const cede_loop *loop)
{
    return cede__running_loop == loop ||
           !__atomic_load_n(&loop->running, __ATOMIC_RELAXED);
}

void cede__loop_refuse(const cede_loop *loop) CEDE_IMPL_COLD;

/* Raises RuntimeError when the loop is closed, of another process, or being
   run by another thread (L07, L17, decision 15). */
static inline void cede__loop_check(const cede_loop *loop)
{
    if (CEDE_IMPL_UNLIKELY(__atomic_load_n(&loop->closed, __ATOMIC_RELAXED) ||
                           loop->generation != cede__fork_generation ||
                           !cede__loop_on_owner_thread(loop)))
        cede__loop_refuse(loop);
}

/* The last of these alone, for what a closed loop can still do. */
static inline void cede__loop_check_thread(const cede_loop *loop)
{
    if (CEDE_IMPL_UNLIKELY(!cede__loop_on_owner_thread(loop)))
        cede__loop_refuse(loop);
}

/* The running loop. RuntimeError if none runs, raised at `where`; NULL: here. */
cede_loop *cede__loop_running_at(const cede_location *where);

/* The loop, or for NULL the running one, asked for at `where`. */
static inline cede_loop *cede__loop_or_running(cede_loop *loop,
                                               const cede_location *where)
{
    if (CEDE_IMPL_UNLIKELY(!loop))
        return cede__loop_running_at(where);
    cede_check_alive(loop);
    return loop;
}

/* Raises the RuntimeError that running the loop here and now would raise. */
void cede__loop_check_idle(const cede_loop *loop);

/* --- jobs --- */

/* Begins the next iteration inside a job, if there is nothing in it to do but
   to run what is ready. False: that is for the loop. */
bool cede__loop_turn(cede_loop *loop);

/* Runs the job in the next iteration. The job must not be queued. */
static inline void cede__loop_post(cede_loop *loop, cede__job *job)
{
    cede__queue_push(&loop->ready, job);
}

/* The same for one that is queued and loses its place: as long as the queue
   is, so for what is rare. */
static inline void cede__loop_post_again(cede_loop *loop, cede__job *job)
{
    if (!cede__queue_remove(&loop->batch, job))
        cede__queue_remove(&loop->ready, job);
    cede__loop_post(loop, job);
}

/*
 * For a job that can give way to the next one without returning to the loop,
 * as a task does that changes to another's stack. The job that is next: what
 * the loop would run now; NULL when the loop has to go on itself. Whoever has
 * got one either calls cede__loop_take and runs it, or returns.
 */
static inline cede__job *cede__loop_upcoming(cede_loop *loop)
{
    if (CEDE_IMPL_UNLIKELY(loop->special))
        return NULL;
    if (loop->batch.first == NULL && !cede__loop_turn(loop))
        return NULL;
    return loop->batch.first;
}

static inline void cede__loop_take(cede_loop *loop)
{
    loop->batch.first = loop->batch.first->next;
    loop->since_poll++;
}

/*
 * The same from any thread: 0, or -ESHUTDOWN when the loop is closed and
 * -ECHILD after a fork; then the job stays the caller's. The caller holds a
 * reference to the loop.
 */
int cede__loop_post_threadsafe(cede_loop *loop, cede__job *job);

/*
 * For a job that met a BaseException which ends run_forever (SystemExit,
 * KeyboardInterrupt): run_forever raises it when the job returns; the jobs
 * behind it stay queued (L11). Takes the reference.
 */
void cede__loop_fail(cede_loop *loop, cede_exception *exception);

/*
 * Hands a context to the exception handler. SystemExit and KeyboardInterrupt
 * raised by the handler go to cede__loop_fail.
 */
void cede__loop_report(cede_loop *loop,
                       const cede_exception_handler_context *context);

/* Appends "<Task pending name='x' …>", or what its class is called. */
void cede__loop_describe_future(const cede_loop *loop,
                                const struct cede_future *future,
                                cede__text *text);

/* --- time --- */

/* Asks the clock. Timers due by this answer fire in the next iteration. */
static inline int64_t cede__loop_now(cede_loop *loop)
{
    return loop->now = loop->clock.now(loop->clock.context);
}

/* 0 or -ENOMEM, which a timer with a slot of its own (cede__timers_reserve on
   &loop->timers) never gets. The timer must be stopped. */
static inline int cede__loop_timer_start(cede_loop *loop, cede__timer *timer,
                                         int64_t when)
{
    return cede__timers_start(&loop->timers, timer, when);
}

static inline void cede__loop_timer_stop(cede_loop *loop, cede__timer *timer)
{
    cede__timers_stop(&loop->timers, timer);
}

/* --- descriptors --- */

/* 0, or the poller's negative errno, or -ESHUTDOWN when the loop is closed. */
int cede__loop_watch_add(cede_loop *loop, cede__watch *watch);
/* After a change of the interest of a watch by level: likewise. */
int cede__loop_watch_modify(cede_loop *loop, cede__watch *watch);
/* Does nothing to a watch that is not added, or when the loop is closed. */
void cede__loop_watch_remove(cede_loop *loop, cede__watch *watch);

/* --- what is left to do --- */

/* Can anything wake this loop but a thread that does not hold it? Jobs, timers
   that will be due some day, watches, signal handlers, threads at work. */
bool cede__loop_pending(const cede_loop *loop);
