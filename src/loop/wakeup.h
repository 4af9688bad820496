/*
 * wakeup.h - how other threads, and signal handlers, reach a loop
 *
 * Knows: a queue under a lock and an event descriptor that the loop's poller
 * watches. Does not know: what the jobs do.
 *
 * Invariants: whenever the queue is not empty and the loop has not looked at
 * it, the descriptor is readable: a wake-up cannot be lost (L12). Jobs keep
 * the order of each posting thread. The descriptor is written to under the
 * lock, so it is not closed meanwhile.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "loop/poller.h"
#include "loop/queue.h"

typedef struct cede__wakeup {
    pthread_mutex_t lock;
    cede__queue queue; /* under the lock */
    bool open;         /* under the lock */
    bool pending;      /* atomic: the queue is not empty */
    int fd;
    cede__watch watch; /* of fd; added and forgotten by the loop */
} cede__wakeup;

/* 0, or a negative errno. */
int cede__wakeup_init(cede__wakeup *wakeup);

/* Refuses posts from now on. The jobs still queued are appended to `ret_rest`.
   Doing it twice is fine. */
void cede__wakeup_close(cede__wakeup *wakeup, cede__queue *ret_rest);

/* In a child, where a thread that is not there may have had the lock: makes it
   usable again and forgets the jobs, which may be half linked. */
void cede__wakeup_forked(cede__wakeup *wakeup);

/* After closing, when no thread can have the wakeup any more. */
void cede__wakeup_finish(cede__wakeup *wakeup);

/* Any thread: 0, or -ESHUTDOWN when closed; then the job stays the caller's. */
int cede__wakeup_post(cede__wakeup *wakeup, cede__job *job);

/* Any thread: the loop goes round once, if it is open. */
void cede__wakeup_nudge(cede__wakeup *wakeup);

/* Moves what has been posted behind what is in `queue`. The loop's thread. */
void cede__wakeup_take(cede__wakeup *wakeup, cede__queue *queue);

static inline bool cede__wakeup_pending(const cede__wakeup *wakeup)
{
    return __atomic_load_n(&wakeup->pending, __ATOMIC_RELAXED);
}
