/*
 * read.c - reading from a connection
 *
 * Each call first takes what the buffer holds, then asks the kernel, and waits
 * when that says EAGAIN, or when it would: last time it gave less than there
 * was room for, and nothing has been reported since. Invariant: at every point
 * where the task may be suspended or an exception may pass, all bytes that were
 * received and not returned are in the stream's buffer, in order. read_large,
 * which receives into the caller's memory, puts them there when it fails.
 *
 * Semantics: asyncio.StreamReader; rules N01, N04.
 */
#include "net/stream.h"

#include <errno.h>
#include <string.h>

#include "base/system.h"
#include "net/error.h"

/* From here on readexactly receives into the caller's memory: a copy costs
   less than a system call, until then. */
enum { LARGE = 4096 };

/* --- one step --- */

static void begin(cede_stream *stream, const char *function)
{
    cede__buffer *buffer;

    cede_check_alive(stream);
    cede_consume_budget();
    buffer = stream->buffer;
    if (CEDE_IMPL_UNLIKELY(stream->reading))
        cede_raise(cede_RuntimeError,
                   "%s() called while another coroutine is already waiting "
                   "for incoming data",
                   function);
    if (CEDE_IMPL_UNLIKELY(stream->read_error))
        cede_raise_errno(stream->read_error, NULL);
    if (buffer && buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
}

/* Would the kernel say EAGAIN? Then it need not be asked. */
static bool exhausted(const cede_stream *stream)
{
    return stream->descriptor && !stream->ended &&
           cede_descriptor_is_exhausted(stream->descriptor, CEDE_READABLE);
}

/* Asks the kernel: how many bytes were received, 0 at the end, or -EAGAIN.
   Raises OSError. */
static ssize_t ask(cede_stream *stream, void *place, size_t size)
{
    ssize_t got;

    if (stream->ended || cede__stream_closed(stream))
        return 0;
    got = cede__sys_recv(stream->fd, place, size, 0);
    if (CEDE_IMPL_LIKELY(got > 0)) {
        if ((size_t)got < size && stream->descriptor)
            cede_descriptor_exhausted(stream->descriptor, CEDE_READABLE);
        return got;
    }
    if (got == -EAGAIN)
        return got;
    if (got == 0) {
        stream->ended = true;
        return 0;
    }
    stream->read_error = (int)-got;
    cede_raise_errno(stream->read_error, NULL);
}

/* The same, but asks only if there may be something. */
static ssize_t receive(cede_stream *stream, void *place, size_t size)
{
    return exhausted(stream) ? -EAGAIN : ask(stream, place, size);
}

/* Everything that waits is between these two; stop is deferred. */
static void start_waiting(cede_stream *stream)
{
    cede_ref(stream);
    stream->reading = true;
}

static void stop_waiting(void *self)
{
    cede_stream *stream = self;

    stream->reading = false;
    cede_unref(stream);
}

/* After -EAGAIN and nothing else. */
static void wait_readable(cede_stream *stream)
{
    if (stream->buffer && cede__buffer_size(stream->buffer) == 0) {
        cede__buffer_give(stream->buffer);
        stream->buffer = NULL;
    }
    cede_descriptor_wait_readable(cede__stream_descriptor(stream));
}

/* Receives into the buffer, which then holds at most `most` bytes, until there
   is something: true; or the stream ends: false. */
static bool fill(cede_stream *stream, size_t most)
{
    for (;; wait_readable(stream)) {
        size_t room;
        ssize_t got;

        if (exhausted(stream))
            continue; /* and wait without a buffer */
        room = cede__buffer_room(&stream->buffer, most);
        if (room == 0)
            cede_raise(cede_MemoryError);
        got = ask(stream, stream->buffer->bytes + stream->buffer->end, room);
        if (got >= 0) {
            stream->buffer->end += (size_t)got;
            return got > 0;
        }
    }
}

/* Once more in the same call, which begin has counted as one. */
static bool fill_again(cede_stream *stream, size_t most)
{
    cede_consume_budget();
    return fill(stream, most);
}

/* The first `size` bytes of the buffer leave it; they stay where they are
   until the buffer is next filled. */
static char *take(cede_stream *stream, size_t size)
{
    char *bytes = stream->buffer->bytes + stream->buffer->start;

    stream->buffer->start += size;
    return bytes;
}

static size_t twice_limit(const cede_stream *stream)
{
    return 2 * (size_t)stream->limit;
}

/* The stream ended too early: all there is leaves it. */
static void raise_incomplete(cede_stream *stream, size_t expected)
    CEDE_IMPL_NORETURN;
static void raise_incomplete(cede_stream *stream, size_t expected)
{
    size_t held = cede__buffer_size(stream->buffer);
    const char *bytes =
        held > 0 ? stream->buffer->bytes + stream->buffer->start : "";
    cede_exception *exception =
        cede_incomplete_read_error(bytes, held, expected);

    if (held > 0)
        take(stream, held);
    cede__raise_taken(exception);
}

/* --- some bytes --- */

static size_t read_waiting(cede_stream *stream, void *buffer, size_t size)
{
    ssize_t got;

    start_waiting(stream);
    cede_defer (stop_waiting, stream);

    do {
        wait_readable(stream);
        got = receive(stream, buffer, size);
    } while (got == -EAGAIN);
    return (size_t)got;
}

size_t cede_stream_read(cede_stream *stream, void *buffer, size_t size)
{
    size_t held;
    ssize_t got;

    begin(stream, "read");
    held = cede__buffer_size(stream->buffer);
    if (held > 0) {
        size_t part = size < held ? size : held;

        memcpy(buffer, take(stream, part), part);
        return part;
    }
    if (size == 0)
        return 0;
    got = receive(stream, buffer, size);
    return got != -EAGAIN ? (size_t)got : read_waiting(stream, buffer, size);
}

static bool fill_waiting(cede_stream *stream, size_t most)
{
    start_waiting(stream);
    cede_defer (stop_waiting, stream);

    return fill(stream, most);
}

const void *cede_stream_next(cede_stream *stream, size_t *size)
{
    *size = 0;
    begin(stream, "next");
    if (cede__buffer_size(stream->buffer) == 0 &&
        !fill_waiting(stream, twice_limit(stream)))
        return NULL;
    *size = cede__buffer_size(stream->buffer);
    return take(stream, *size);
}

/* --- so many bytes --- */

static void read_small(cede_stream *stream, char *buffer, size_t size)
{
    size_t most = twice_limit(stream) > size ? twice_limit(stream) : size;
    bool more;

    start_waiting(stream);
    cede_defer (stop_waiting, stream);

    more = fill(stream, most);
    while (more && cede__buffer_size(stream->buffer) < size)
        more = fill_again(stream, most);
    if (!more)
        raise_incomplete(stream, size);
    memcpy(buffer, take(stream, size), size);
}

struct large {
    cede_stream *stream;
    char *bytes;
    size_t have;
    bool done; /* what was received is the caller's */
};

/*
 * What a read that failed had got goes back to where the next read finds it.
 * Without memory for it the stream is broken: a gap that nobody hears of
 * would be worse.
 */
static void settle(void *argument)
{
    struct large *large = argument;
    cede_stream *stream = large->stream;

    if (!large->done && large->have > 0 &&
        !cede__buffer_unread(&stream->buffer, large->bytes, large->have))
        stream->read_error = ENOMEM;
}

static void read_large(cede_stream *stream, char *buffer, size_t size)
{
    struct large large = {stream, buffer, 0, false};

    start_waiting(stream);
    cede_defer (stop_waiting, stream);
    cede_defer (settle, &large);

    large.have = cede__buffer_size(stream->buffer);
    if (large.have > 0)
        memcpy(buffer, take(stream, large.have), large.have);
    while (large.have < size) {
        ssize_t got;

        cede_consume_budget();
        got = receive(stream, buffer + large.have, size - large.have);
        if (got > 0) {
            large.have += (size_t)got;
        } else if (got == -EAGAIN) {
            wait_readable(stream);
        } else {
            large.done = true;
            cede__raise_taken(
                cede_incomplete_read_error(buffer, large.have, size));
        }
    }
    large.done = true;
}

void cede_stream_readexactly(cede_stream *stream, void *buffer, size_t size)
{
    if (size > SIZE_MAX / 2)
        cede_raise(cede_ValueError,
                   "readexactly size can not be less than zero");
    begin(stream, "readexactly");
    if (size <= cede__buffer_size(stream->buffer)) {
        if (size > 0)
            memcpy(buffer, take(stream, size), size);
    } else if (size <= LARGE) {
        read_small(stream, buffer, size);
    } else {
        read_large(stream, buffer, size);
    }
}

cede_value cede_stream_read_all(cede_stream *stream)
{
    size_t held;
    cede_value whole;
    bool more;

    begin(stream, "read");
    start_waiting(stream);
    cede_defer (stop_waiting, stream);

    more = fill(stream, SIZE_MAX / 4);
    while (more)
        more = fill_again(stream, SIZE_MAX / 4);
    held = cede__buffer_size(stream->buffer);
    whole = cede_str_copy_n(
        held > 0 ? stream->buffer->bytes + stream->buffer->start : "", held);
    if (held > 0)
        take(stream, held);
    return whole;
}

/* --- up to a separator --- */

enum outcome {
    FOUND,         /* `size` bytes, separator included */
    FOUND_TOO_FAR, /* `size` bytes before the separator */
    NOT_FOUND,     /* beyond the limit; `size` bytes looked at */
    ENDED,         /* the stream ended before */
};

struct search {
    cede_stream *stream;
    const void *separator;
    size_t separator_size;
    size_t looked_at; /* bytes that cannot start the separator */
    size_t size;
};

/* Looks at what the buffer holds. False: more is needed. */
static bool look(struct search *search, enum outcome *ret_outcome)
{
    const cede__buffer *buffer = search->stream->buffer;
    size_t held = cede__buffer_size(buffer);
    size_t limit = search->stream->limit;
    const char *start, *found;

    if (held < search->looked_at + search->separator_size)
        return false;
    start = buffer->bytes + buffer->start;
    found = memmem(start + search->looked_at, held - search->looked_at,
                   search->separator, search->separator_size);
    if (found) {
        search->size = (size_t)(found - start);
        *ret_outcome = search->size > limit ? FOUND_TOO_FAR : FOUND;
        if (*ret_outcome == FOUND)
            search->size += search->separator_size;
        return true;
    }
    search->looked_at = held + 1 - search->separator_size;
    search->size = search->looked_at;
    *ret_outcome = NOT_FOUND;
    return search->looked_at > limit;
}

static enum outcome look_waiting(struct search *search)
{
    cede_stream *stream = search->stream;
    size_t least = stream->limit + search->separator_size;
    size_t most = twice_limit(stream) > least ? twice_limit(stream) : least;
    enum outcome outcome = ENDED;
    bool more;

    start_waiting(stream);
    cede_defer (stop_waiting, stream);

    more = fill(stream, most);
    while (more && !look(search, &outcome))
        more = fill_again(stream, most);
    return more ? outcome : ENDED;
}

static enum outcome find(struct search *search)
{
    enum outcome outcome;

    begin(search->stream, "readuntil");
    return look(search, &outcome) ? outcome : look_waiting(search);
}

static const char *const too_long[] = {
    [FOUND_TOO_FAR] = "Separator is found, but chunk is longer than limit",
    [NOT_FOUND] = "Separator is not found, and chunk exceed the limit",
};

const char *cede_stream_readuntil(cede_stream *stream, const void *separator,
                                  size_t separator_size, size_t *size)
{
    struct search search = {stream, separator, separator_size, 0, 0};
    enum outcome outcome;

    *size = 0;
    if (separator_size == 0)
        cede_raise(cede_ValueError,
                   "Separator should be at least one-byte string");
    outcome = find(&search);
    if (outcome == ENDED)
        raise_incomplete(stream, 0);
    if (outcome != FOUND)
        cede__raise_taken(
            cede_limit_overrun_error(too_long[outcome], search.size));
    *size = search.size;
    return take(stream, search.size);
}

const char *cede_stream_readline(cede_stream *stream, size_t *size)
{
    struct search search = {stream, "\n", 1, 0, 0};
    enum outcome outcome;

    *size = 0;
    outcome = find(&search);
    switch (outcome) {
    case FOUND_TOO_FAR:
        take(stream, search.size + 1);
        cede_raise(cede_ValueError, "%s", too_long[outcome]);
    case NOT_FOUND:
        take(stream, cede__buffer_size(stream->buffer));
        cede_raise(cede_ValueError, "%s", too_long[outcome]);
    case ENDED:
        *size = cede__buffer_size(stream->buffer);
        return *size > 0 ? take(stream, *size) : NULL;
    default:
        *size = search.size;
        return take(stream, search.size);
    }
}

/* --- the end --- */

/* The kernel forgets an error when it has told it, so it is kept here. */
bool cede_stream_at_eof(cede_stream *stream)
{
    char byte;
    ssize_t got;

    cede_check_alive(stream);
    if (cede__buffer_size(stream->buffer) > 0)
        return false;
    if (stream->ended || cede__stream_closed(stream))
        return true;
    if (stream->read_error)
        return false;
    got = cede__sys_recv(stream->fd, &byte, 1, MSG_PEEK);
    if (got == 0)
        stream->ended = true;
    else if (got < 0 && got != -EAGAIN)
        stream->read_error = (int)-got;
    return stream->ended;
}
