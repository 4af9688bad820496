/*
 * handle.h - one callback of the user, waiting for its turn
 *
 * Knows: a function, its argument, and the context it runs in (C02). Does not
 * know: why the turn came.
 *
 * Invariants: each way to be called (queued, timer started, entry in the
 * table of signals or descriptors) owns one reference. A handle is in one
 * queue at most. `loop` is NULL once nothing can call the handle any more, so
 * a handle may outlive its loop. Semantics: asyncio.Handle, TimerHandle.
 */
#pragma once

#include "cede/loop.h"
#include "loop/queue.h"
#include "loop/timer.h"
#include "value/context.h"
#include "value/text.h"

struct cede_handle {
    cede_object head;
    cede__job job;
    cede__timer timer;
    cede_loop *loop;
    cede_callback callback;
    void *argument;
    const cede_impl_call *call; /* where it was scheduled; NULL: unknown */
    cede__context_place place;
    bool cancelled;
    bool queued;
    bool timed;    /* of call_later and call_at */
    bool repeated; /* of a signal or a descriptor: may be queued again */
};

/* Raises MemoryError. */
cede_handle *cede__handle_new(cede_loop *loop, cede_callback callback,
                              void *argument, const cede_impl_call *call)
    CEDE_IMPL_USE_RESULT;

/* Appends "<TimerHandle when=2.5 tick()>", in debug mode with its place. */
void cede__handle_describe(const cede_handle *handle, bool debug,
                           cede__text *text);

/* Queues a repeated handle, unless it is queued already. */
void cede__handle_post(cede_handle *handle);

/* Cancels a repeated handle and gives its table's reference up. */
void cede__handle_retire(cede_handle *handle);

/* Is this the job, or the timer, of a handle? */
cede_handle *cede__handle_of_job(cede__job *job);
cede_handle *cede__handle_of_timer(cede__timer *timer);

/* The loop is closed: gives up what being queued or started owned. */
void cede__handle_drop(cede_handle *handle);
