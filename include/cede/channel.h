/*
 * Channels: values from task to task, in order and bounded.
 *
 *     cede_send_channel *sender;
 *     cede_receive_channel *receiver;
 *
 *     cede_channel_open(16, &sender, &receiver);
 *     …
 *     cede_with (tx, sender) {                    in one task
 *         cede_send_channel_send(tx, 1);
 *     } cede_end
 *     …
 *     cede_for (item, receiver)                   in another
 *         use(item);
 *
 * A channel has two ends. Each can be cloned, so that several tasks hold one
 * of their own: when the last send channel is closed, receivers take what is
 * buffered and then see the end of the channel; when the last receive channel
 * is closed, senders are told that nobody listens, and what is buffered is
 * given up. An end is closed by its close, by leaving its cede_with, and when
 * its last reference goes; a task that waits at an end keeps it meanwhile.
 *
 * Up to `capacity` values are buffered. With capacity 0 two tasks meet: a send
 * returns when a receiver has the value.
 *
 * Those who wait are served in the order in which they came, on both sides,
 * and nobody gets ahead of them. A send or receive that is cancelled did not
 * happen: nothing is lost, nothing is there twice, and a task that was woken
 * and is cancelled before it ran wakes the next. One that is cancelled after
 * two tasks have met has met: its call returns, and the CancelledError is
 * raised where it suspends next.
 *
 * Python counterpart: trio.open_memory_channel, anyio's memory object streams;
 * rules Z04, Z09, Z17. Everything here is for the thread of the loop; a
 * channel belongs to the loop on which somebody first waits for it (another:
 * RuntimeError). What does not say that it suspends never does.
 */
#pragma once

#include "cede/iterator.h"
#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* The ends. References belong to the loop's thread. */
typedef struct cede_send_channel cede_send_channel;
typedef struct cede_receive_channel cede_receive_channel;

/* A capacity that no sender ever waits for: be sure that somebody receives. */
#define CEDE_UNBOUNDED INT64_MAX

/*
 * Opens a channel that buffers up to `capacity` values and stores a reference
 * to each end. The buffer grows with what is in it. Raises ValueError for a
 * negative capacity, MemoryError; then nothing is stored. Python:
 * trio.open_memory_channel(max_buffer_size).
 */
void cede_channel_open(int64_t capacity, cede_send_channel **sender,
                       cede_receive_channel **receiver);

/* --- sending --- */

#ifndef __cplusplus

/*
 * cede_send_channel_send(sender, value): sends a value (boxed by cede_box); a
 * reference it owns is handed over, and given up if the call raises. Suspends
 * while the buffer is full; with capacity 0 until a receiver comes, if none
 * waits. Raises BrokenResourceError when no receive channel is open,
 * ClosedResourceError when this one is not, both also while it waits;
 * CancelledError, and then nothing was sent; MemoryError; RuntimeError if it
 * would have to wait outside a task. Python: MemorySendChannel.send.
 */
#define cede_send_channel_send(sender, ...)                                    \
    cede_impl_send_channel_send((sender), cede_box(__VA_ARGS__))

/* cede_send_channel_send_nowait(sender, value): the same without waiting:
   raises WouldBlock, and but for CancelledError as that. Python:
   MemorySendChannel.send_nowait. */
#define cede_send_channel_send_nowait(sender, ...)                             \
    cede_impl_send_channel_send_nowait((sender), cede_box(__VA_ARGS__))

void cede_impl_send_channel_send(cede_send_channel *sender, cede_value value);
void cede_impl_send_channel_send_nowait(cede_send_channel *sender,
                                        cede_value value);

#endif /* !__cplusplus */

/* --- receiving --- */

/*
 * The next value, yours to unref. Suspends until there is one. Raises
 * EndOfChannel when every send channel is closed and nothing is buffered,
 * ClosedResourceError when this end is closed, both also while it waits;
 * CancelledError, and then nothing was received; RuntimeError if it would have
 * to wait outside a task. Python: MemoryReceiveChannel.receive.
 *
 * A receive channel is an iterator too: cede_for (item, cede_ref(receiver))
 * ends where receive would raise EndOfChannel.
 */
cede_value cede_receive_channel_receive(cede_receive_channel *receiver)
    CEDE_IMPL_USE_RESULT;

/* The same without waiting, yours to unref: raises WouldBlock, and but for
   CancelledError as that. Python: MemoryReceiveChannel.receive_nowait. */
cede_value cede_receive_channel_receive_nowait(cede_receive_channel *receiver)
    CEDE_IMPL_USE_RESULT;

/* --- ends --- */

/* Another end of the same channel and kind, open, one reference. Raises
   ClosedResourceError, MemoryError. Python: clone. */
cede_send_channel *
cede_send_channel_clone(cede_send_channel *sender) CEDE_IMPL_NEW;
cede_receive_channel *
cede_receive_channel_clone(cede_receive_channel *receiver) CEDE_IMPL_NEW;

/*
 * Closes this end, not its clones; whoever waits at it gets
 * ClosedResourceError. Twice is fine. Never raises. Your reference stays.
 * Python: close.
 */
void cede_send_channel_close(cede_send_channel *sender);
void cede_receive_channel_close(cede_receive_channel *receiver);

/* --- looking --- */

/* The names are Trio's. */
typedef struct cede_channel_statistics {
    size_t current_buffer_used;
    int64_t max_buffer_size; /* the capacity */
    size_t open_send_channels;
    size_t open_receive_channels;
    size_t tasks_waiting_send;
    size_t tasks_waiting_receive;
} cede_channel_statistics;

/* What the channel holds now; of a closed end too. Never raise. Python:
   statistics. */
cede_channel_statistics
cede_send_channel_statistics(const cede_send_channel *sender);
cede_channel_statistics
cede_receive_channel_statistics(const cede_receive_channel *receiver);

CEDE_IMPL_END
