/*
 * Listeners: how an object hears of futures, and of time.
 *
 * What asyncio does with done callbacks and call_later of its own, done with
 * parts of the object that wants to know, so that nothing is allocated while
 * it waits. `heard` runs as a callback of the loop would: one iteration after
 * the future's end, in the order of registration; when the time has come, in
 * the same iteration as the callbacks of other timers.
 *
 * Invariants: a listener is idle, listening (it stands in a future's list) or
 * queued (its job is in the loop's queue). Queued, it owns a reference to its
 * owner, given up when `heard` has returned or the loop is closed. An owner
 * that is destroyed is therefore in no queue; it stops what still listens.
 */
#pragma once

#include "task/future.h"

typedef struct cede__listener {
    cede__completion completion;
    cede__job job;
    void *owner; /* borrowed; a reference while the job is queued */
    /* Must neither raise nor suspend. */
    void (*heard)(struct cede__listener *listener);
} cede__listener;

void cede__listener_init(cede__listener *listener, void *owner,
                         void (*heard)(cede__listener *));

/* Asks to hear of the future's end; if it is done, in the next iteration. */
void cede__listener_start(cede__listener *listener, cede_future *future);

/* No longer. One that is queued is heard all the same. */
void cede__listener_stop(cede__listener *listener);

static inline bool cede__listener_listens(const cede__listener *listener)
{
    return !cede__list_empty(&listener->completion.link);
}

/* --- a listener for a time --- */

typedef struct cede__alarm {
    cede__listener listener;
    cede__timer timer;
    cede_loop *loop; /* the owner's */
} cede__alarm;

/* `loop` is borrowed, and must live as long as the alarm. */
void cede__alarm_init(cede__alarm *alarm, cede_loop *loop, void *owner,
                      void (*heard)(cede__listener *));

/* Goes off so many seconds from now, INFINITY: never. Raises ValueError for
   NaN, MemoryError. */
void cede__alarm_start(cede__alarm *alarm, double seconds);
void cede__alarm_stop(cede__alarm *alarm);
