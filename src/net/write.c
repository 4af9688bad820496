/*
 * write.c - writing to a connection
 *
 * A write sends at once; what the kernel does not take is sent as it becomes
 * writable, from the caller's memory, by the task that wrote. Invariants: one
 * task at a time sends, and has its turn until its last byte is through or it
 * fails. Whoever leaves wakes the first in the queue. Nobody goes ahead of a
 * task that was woken and has not run yet, so the turns keep their order.
 *
 * Semantics: asyncio.StreamWriter.write, drain, write_eof; rules N02, N03,
 * N05.
 */
#include "net/stream.h"

#include <errno.h>

#include "base/system.h"

/* May this stream still send? */
static void check(const cede_stream *stream)
{
    if (CEDE_IMPL_UNLIKELY(cede__stream_closed(stream)))
        cede_raise(cede_ConnectionResetError, "Connection lost");
    if (CEDE_IMPL_UNLIKELY(stream->write_error))
        cede_raise_errno(stream->write_error, NULL);
    if (CEDE_IMPL_UNLIKELY(stream->torn))
        cede_raise(cede_RuntimeError,
                   "cannot write: a write was cancelled after part of its "
                   "data had been sent; close the stream");
}

/* How many bytes were sent, at least 1, or -EAGAIN. Raises OSError. */
static ssize_t transmit(cede_stream *stream, const char *data, size_t size)
{
    ssize_t sent = cede__sys_send(stream->fd, data, size, 0);

    if (CEDE_IMPL_LIKELY(sent > 0)) {
        if ((size_t)sent < size && stream->descriptor)
            cede_descriptor_exhausted(stream->descriptor, CEDE_WRITABLE);
        return sent;
    }
    if (sent == -EAGAIN)
        return sent;
    stream->write_error = (int)-sent;
    cede_raise_errno(stream->write_error, NULL);
}

/* Would the kernel say EAGAIN? Then it need not be asked. */
static bool exhausted(const cede_stream *stream)
{
    return stream->descriptor &&
           cede_descriptor_is_exhausted(stream->descriptor, CEDE_WRITABLE);
}

/* --- turns --- */

struct turn {
    cede_stream *stream;
    bool mine;
    bool sent; /* something, but not all */
};

static void leave(void *argument)
{
    struct turn *turn = argument;
    cede_stream *stream = turn->stream;

    if (turn->mine) {
        stream->writing = false;
        stream->torn |= turn->sent;
        cede_wait_queue_wake(&stream->writers);
    }
    cede_unref(stream);
}

static bool busy(const cede_stream *stream)
{
    return stream->writing || stream->queued > 0;
}

static void one_less(void *self)
{
    ((cede_stream *)self)->queued--;
}

static void queue_up(cede_stream *stream)
{
    stream->queued++;
    cede_defer (one_less, stream);

    do
        cede_wait_queue_park(&stream->writers, "write");
    while (stream->writing && !cede__stream_closed(stream));
}

/* The caller defers leave. Raises what check raises. */
static void enter(struct turn *turn)
{
    if (busy(turn->stream))
        queue_up(turn->stream);
    turn->mine = true;
    turn->stream->writing = true;
    check(turn->stream);
}

/* --- writing --- */

static void write_waiting(cede_stream *stream, const char *data, size_t size,
                          bool sent)
{
    struct turn turn = {.stream = cede_ref(stream)};
    cede_defer (leave, &turn);

    enter(&turn);
    turn.sent = sent;
    while (size > 0) {
        ssize_t part =
            exhausted(stream) ? -EAGAIN : transmit(stream, data, size);

        if (part > 0) {
            data += part;
            size -= (size_t)part;
            turn.sent = size > 0;
            if (size > 0)
                cede_consume_budget();
        } else {
            cede_descriptor_wait_writable(cede__stream_descriptor(stream));
        }
        if (size > 0)
            check(stream);
    }
}

void cede_stream_write(cede_stream *stream, const void *data, size_t size)
{
    ssize_t sent = 0;

    cede_check_alive(stream);
    cede_consume_budget();
    if (CEDE_IMPL_UNLIKELY(stream->eof_written))
        cede_raise(cede_RuntimeError, "Cannot call write() after write_eof()");
    check(stream);
    if (size == 0)
        return;
    if (!busy(stream)) {
        sent = transmit(stream, data, size);
        if (CEDE_IMPL_LIKELY(sent == (ssize_t)size))
            return;
        if (sent < 0)
            sent = 0;
    }
    write_waiting(stream, (const char *)data + sent, size - (size_t)sent,
                  sent > 0);
}

/* --- the end --- */

static void shut(cede_stream *stream)
{
    struct turn turn = {.stream = cede_ref(stream)};
    cede_defer (leave, &turn);

    enter(&turn);
    cede_check(cede__sys_shutdown(stream->fd, SHUT_WR));
}

static void take_back(void *argument)
{
    struct turn *turn = argument;

    if (turn->mine)
        turn->stream->eof_written = false;
    cede_unref(turn->stream);
}

void cede_impl_stream_write_text(cede_stream *stream, cede_value taken)
{
    cede_own (text, taken);

    cede_stream_write(stream, cede_value_str(text), cede_value_str_size(text));
}

void cede_stream_write_eof(cede_stream *stream)
{
    struct turn undo = {.mine = true};

    cede_check_alive(stream);
    cede_consume_budget();
    if (cede__stream_closed(stream) || stream->eof_written)
        return;
    undo.stream = cede_ref(stream); /* taken back behind the turn's end */
    stream->eof_written = true;
    cede_defer (take_back, &undo);
    shut(stream);
    undo.mine = false;
}
