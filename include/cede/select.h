/*
 * Select: wait for several operations at once, and do exactly one of them.
 *
 *     cede_value item;
 *     cede_select_case cases[] = {
 *         cede_case_receive(receiver, &item),
 *         cede_case_send(sender, value),
 *         cede_case_future(task),
 *         cede_case_after(1.5),
 *         cede_case_readable(descriptor),
 *     };
 *
 *     switch (cede_select(cases, 5)) {
 *     case 0:
 *         …
 *     }
 *
 * If several can happen, one is chosen by chance, each as likely as the others
 * (from the loop's source of chance, so that a run can be repeated: CEDE_SEED),
 * or with cede_select_biased the first in the order of the cases. The others
 * are untouched: nothing is received, sent, cancelled or read for them, and
 * time passes no further than for everybody. A select that raises has done
 * nothing at all.
 *
 * Cases borrow: what stands in them must live until the select returns, and a
 * value to send stays yours whatever happens; the channel takes a reference of
 * its own. An array of cases can be used again, in a loop for example; times of
 * cede_case_after begin anew.
 *
 * As in Go, a channel whose other side is closed is ready: receiving gives
 * None, sending does nothing, and `ended` of the case is true. To go on without
 * it make the case cede_case_never(); an end, future or descriptor that is NULL
 * does the same.
 *
 * Python counterpart: none; Go's select statement, Tokio's select!. Rules Z04,
 * Z14, Z17. All calls: the loop's thread. Making a case neither raises nor
 * suspends.
 */
#pragma once

#include "cede/channel.h"
#include "cede/future.h"
#include "cede/lowlevel.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

enum cede_impl_select_kind {
    CEDE_IMPL_SELECT_NEVER,
    CEDE_IMPL_SELECT_RECEIVE,
    CEDE_IMPL_SELECT_SEND,
    CEDE_IMPL_SELECT_FUTURE,
    CEDE_IMPL_SELECT_AFTER,
    CEDE_IMPL_SELECT_AT,
    CEDE_IMPL_SELECT_READABLE,
    CEDE_IMPL_SELECT_WRITABLE,
};

/* One thing that may happen. Made by the functions below; only `ended` is
   yours to read, of the case that was chosen. */
typedef struct cede_select_case {
    uint32_t kind;
    bool ended; /* the channel's other side is closed */
    void *object;
    union {
        cede_value *item;
        cede_value value;
        double seconds;
    } as;
} cede_select_case;

#ifndef __cplusplus

/* Never happens. */
CEDE_IMPL_INLINE cede_select_case cede_case_never(void)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_NEVER};
}

/*
 * Receives: stores the value, yours to unref, in *item when the select returns
 * (NULL: it is dropped); None at the end of the channel.
 */
CEDE_IMPL_INLINE cede_select_case
cede_case_receive(cede_receive_channel *receiver, cede_value *item)
{
    return (cede_select_case){
        .kind = CEDE_IMPL_SELECT_RECEIVE, .object = receiver, .as.item = item};
}

/* cede_case_send(sender, value): sends the value, boxed and borrowed. */
#define cede_case_send(sender, ...)                                            \
    cede_impl_case_send((sender), cede_box(__VA_ARGS__))
CEDE_IMPL_INLINE cede_select_case cede_impl_case_send(cede_send_channel *sender,
                                                      cede_value value)
{
    return (cede_select_case){
        .kind = CEDE_IMPL_SELECT_SEND, .object = sender, .as.value = value};
}

/* A future or task is done, however it ended: ask cede_future_result. */
CEDE_IMPL_INLINE cede_select_case cede_case_future(void *future)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_FUTURE,
                              .object = future};
}

/* So many seconds have passed since the select began: 0 or less at once,
   INFINITY never. */
CEDE_IMPL_INLINE cede_select_case cede_case_after(double seconds)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_AFTER,
                              .as.seconds = seconds};
}

/* The loop's time (cede_loop_time) is `when` or later; INFINITY: never. */
CEDE_IMPL_INLINE cede_select_case cede_case_at(double when)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_AT, .as.seconds = when};
}

/* A read from the descriptor would not say EAGAIN now; or it was closed.
   Nothing is read: make your call and see. */
CEDE_IMPL_INLINE cede_select_case
cede_case_readable(cede_descriptor *descriptor)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_READABLE,
                              .object = descriptor};
}

/* The same of a write. */
CEDE_IMPL_INLINE cede_select_case
cede_case_writable(cede_descriptor *descriptor)
{
    return (cede_select_case){.kind = CEDE_IMPL_SELECT_WRITABLE,
                              .object = descriptor};
}

#endif /* !__cplusplus */

/*
 * Waits until one of `count` cases can happen, does it, and returns its index.
 * Suspends if none can at once. Raises CancelledError; ClosedResourceError for
 * an end that is itself closed, also while it waits; RuntimeError if every case
 * is disabled and it would wait for ever, for things of a different loop, and
 * if it would have to wait outside a task; ValueError for a time that is not a
 * number; TypeError for a future that is none; OSError if the poller refuses a
 * descriptor; MemoryError.
 */
int cede_select(cede_select_case *cases, size_t count);

/* cede_select, but of several that can happen the first. Raises and suspends as
   that. */
int cede_select_biased(cede_select_case *cases, size_t count);

/* The same two without waiting: -1 if none can happen now. They let other tasks
   run now and then (Z17), so they too may suspend and raise CancelledError. */
int cede_select_or_default(cede_select_case *cases, size_t count);
int cede_select_biased_or_default(cede_select_case *cases, size_t count);

CEDE_IMPL_END
