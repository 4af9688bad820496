/*
 * Channels as this room sees them: what a select needs of them.
 *
 * A task that wants to send or receive and cannot is in the queue of its side
 * by a waiter. It lies in the task's wait space, or in the block of a select,
 * which has one for each of its cases. When its turn comes the waiter leaves
 * the queue and is told how (`outcome`), and the task is woken:
 *
 *   PROMISED  buffered channels: an item or a place is kept for it. The item
 *             stays in the buffer, the value with its sender, until the task
 *             runs; if it is cancelled the promise goes to the next.
 *   DONE      capacity 0: the value has changed hands. No cancel undoes that.
 *   ENDED     the other side is closed
 *   CLOSED    its own end is closed
 *
 * Invariants: while somebody waits to receive no item is free, while somebody
 * waits to send no place is: what is not promised. A waiter that waits has a
 * reference to its end.
 */
#pragma once

#include "base/list.h"
#include "cede/channel.h"
#include "cede/debug.h"
#include "cede/lowlevel.h"

typedef enum cede__outcome {
    CEDE__WAITING,
    CEDE__PROMISED,
    CEDE__DONE,
    CEDE__ENDED,
    CEDE__CLOSED,
} cede__outcome;

enum cede__side { CEDE__SEND, CEDE__RECEIVE };

typedef struct cede__channel cede__channel;

/* What both kinds of end are. */
typedef struct cede__end {
    cede_object head;
    cede__channel *channel;
    size_t waiters; /* in the queue, by this end */
    uint8_t side;
    bool closed;
} cede__end;

typedef struct cede__waiter {
    cede__list link; /* in the channel's queue */
    cede_task *task;
    cede__end *end; /* a reference while it is entered */
    /* What it offers, or has been given. What a select offers is borrowed: it
       gets a reference when it changes hands. */
    cede_value value;
    /* The block of a select is told that this is the one; NULL if there is
       none. */
    void (*settled)(struct cede__waiter *waiter);
    uint8_t outcome;
    bool value_borrowed;
} cede__waiter;

/* For every call that takes an end. Raises RuntimeError if it was released, or
   if another thread runs the loop of those who wait. */
void cede__channel_check(const cede__end *end);

/* What would come of an attempt now: WAITING, DONE, ENDED or CLOSED. */
cede__outcome cede__channel_look(const cede__end *end);

/* Makes it: sends *value, or receives into it. Raises MemoryError, and then
   nothing was sent. */
cede__outcome cede__channel_try(cede__end *end, cede_value *value);

/*
 * Begins to wait: the waiter, filled in but for link, end and outcome, goes to
 * the end of the queue. Raises RuntimeError if the channel belongs to another
 * loop.
 */
void cede__channel_enter(cede__waiter *waiter, cede__end *end);

/* Leaves the queue, if it is still there. */
void cede__channel_withdraw(cede__waiter *waiter);

/*
 * The task runs again: takes what it was promised, and says what came of it:
 * DONE (a receiver's value is in *item), ENDED or CLOSED. Raises MemoryError,
 * and then the promise stands.
 */
cede__outcome cede__channel_finish(cede__waiter *waiter, cede_value *item);

/* On every way out: leaves the queue and passes on a promise that was not
   taken. Does nothing for a waiter that is all zero. */
void cede__channel_leave(void *waiter);

/* The ClosedResourceError of an end. */
void cede__channel_raise_closed(const cede__end *end) CEDE_IMPL_NORETURN;
