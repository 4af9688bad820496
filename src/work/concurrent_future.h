/*
 * concurrent_future.h - concurrent futures as this room sees them
 *
 * Knows: the future's lock and what it guards; listeners, which are embedded in
 * whoever waits, so that telling them neither allocates nor fails. Does not
 * know: who runs the work.
 *
 * Invariants: what is marked so is read and written under the lock; value and
 * exception no longer change once the future is finished. The lock of a future
 * comes before those of the listeners and of a loop's wake-up.
 */
#pragma once

#include <pthread.h>

#include "base/list.h"
#include "cede/concurrent_future.h"
#include "cede/loop.h"

enum cede__concurrent_state {
    CEDE__PENDING,
    CEDE__RUNNING,
    CEDE__CANCELLED, /* and its executor has not come to it */
    CEDE__CANCELLED_AND_NOTIFIED,
    CEDE__FINISHED,
};

typedef struct cede__listener {
    cede__list link; /* under the future's lock; self-linked when in no list */
    /* Told when the future is done, however; else not before its executor has
       come to it. */
    bool at_done;
    /* Called once, under the future's lock, out of the list by then: must be
       quick, and neither raise nor look at the future but for `state`. */
    void (*told)(struct cede__listener *listener,
                 cede_concurrent_future *future);
} cede__listener;

struct cede_concurrent_future {
    cede_object head;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    cede__list listeners;              /* under the lock */
    struct cede__done_call *callbacks; /* under the lock: first to last */
    struct cede__done_call **last;     /* likewise */
    unsigned sleepers;                 /* likewise: threads that wait */
    uint8_t state;                     /* likewise */
    bool usable; /* false: it could not be made */
    cede_value value;
    cede_exception *exception;
    /* Whose coroutine it stands for, or NULL. Borrowed, and only compared. */
    const cede_loop *loop;
};

extern const cede_class cede__concurrent_future_class[1];

/* Raises TypeError for what is no concurrent future. */
void cede__concurrent_future_check(const void *object);

/* Has somebody come to it, so that wait and as_completed count it? */
static inline bool cede__is_notified(uint8_t state)
{
    return state >= CEDE__CANCELLED_AND_NOTIFIED;
}

/* Says that its work begins. False: it must not, for the future is cancelled
   (and who waits has heard of it now) or ended by somebody who is not us. Never
   raises. */
bool cede__concurrent_future_begin(cede_concurrent_future *future);

/* Its work will not begin: whoever waits hears of it now, and not never. Takes
   the reference. Never raises. */
void cede__concurrent_future_end_cancelled(cede_concurrent_future *future);

/*
 * Ends the work of a running future with a value, or with an exception if it is
 * not NULL, whose references it takes; and takes the caller's reference to the
 * future. It gives that up while nobody else can have seen the result, so that
 * this thread is not the one that destroys what another uses; unless there are
 * callbacks, which get the future first.
 */
void cede__concurrent_future_complete(cede_concurrent_future *future,
                                      cede_value value,
                                      cede_exception *exception);

/* Tells the listener once it is time to, perhaps at once. */
void cede__concurrent_future_listen(cede_concurrent_future *future,
                                    cede__listener *listener);

/* From now on it is not told. */
void cede__concurrent_future_unlisten(cede_concurrent_future *future,
                                      cede__listener *listener);

/* "<Future at 0x… state=finished returned int>" */
void cede__concurrent_future_describe(cede_concurrent_future *future,
                                      char *text, size_t size);

/* The nanoseconds of cede__sys_monotonic when `timeout` seconds have passed,
   INT64_MAX: never. Raises ValueError for NaN. */
int64_t cede__work_deadline(double timeout);
