/*
 * stream.c - the life of a connection, and who is at its ends
 *
 * Reading is in read.c, writing in write.c, connecting in connect.c. See
 * stream.h. Semantics: asyncio.StreamWriter.close, wait_closed,
 * get_extra_info; the transports of PEP 3156.
 */
#include "net/stream.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"

static void destroy(void *self)
{
    cede_stream *stream = self;

    cede_stream_close(stream);
    cede_unref(stream->descriptor);
    cede__buffer_give(stream->buffer);
    cede__free(stream->peername);
    cede__free(stream->sockname);
    cede__buffers_leave();
}

static bool leave(void *self, cede_exception *exception)
{
    (void)exception;
    cede_stream_close(self);
    return false;
}

static const cede_manager_methods manager = {.exit = leave};

static const cede_class stream_class[1] = {{.name = "Stream",
                                            .size = sizeof(cede_stream),
                                            .destroy = destroy,
                                            .manager = &manager}};

cede_stream *cede__stream_new(void)
{
    cede_stream *stream = cede_object_new(stream_class);

    cede__buffers_enter();
    stream->fd = -1;
    stream->limit = CEDE_STREAM_LIMIT;
    cede_wait_queue_init(&stream->writers);
    cede_wait_queue_init(&stream->closers);
    return stream;
}

void cede__stream_open(cede_stream *stream, int fd, const cede__address *peer)
{
    int one = 1;

    stream->fd = fd;
    stream->peer = *peer;
    /* Only speed depends on it. */
    (void)cede__sys_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

cede_descriptor *cede__stream_descriptor(cede_stream *stream)
{
    if (CEDE_IMPL_UNLIKELY(!stream->descriptor))
        stream->descriptor = cede_descriptor_new(stream->fd);
    return stream->descriptor;
}

void cede_stream_set_limit(cede_stream *stream, size_t limit)
{
    cede_check_alive(stream);
    if (limit == 0)
        cede_raise(cede_ValueError, "Limit cannot be <= 0");
    if (limit > (size_t)1 << 30)
        cede_raise(cede_ValueError,
                   "limit must be at most 1 GiB, not %zu bytes: read big "
                   "things in pieces, with cede_stream_next",
                   limit);
    stream->limit = (uint32_t)limit;
}

/* --- closing --- */

/*
 * Linux answers close(2) on a socket with unread data by a reset, and the
 * reset makes the other side lose what was sent to it last. So what has
 * arrived is thrown away before; what is still on its way is not waited for.
 */
static void discard_unread(cede_stream *stream, int fd)
{
    size_t most = 2 * (size_t)stream->limit;
    cede__buffer *buffer;
    ssize_t got = 1;

    if (stream->ended || stream->read_error)
        return;
    buffer = cede__buffer_take();
    for (size_t total = 0; buffer && got > 0 && total < most;
         total += (size_t)got)
        got = cede__sys_recv(fd, buffer->bytes, buffer->capacity, 0);
    cede__buffer_give(buffer);
}

void cede_stream_close(cede_stream *stream)
{
    int fd;

    cede_check_alive(stream);
    fd = stream->fd;
    if (fd < 0)
        return;
    stream->fd = -1;
    if (stream->descriptor)
        cede_descriptor_close(stream->descriptor);
    discard_unread(stream, fd);
    cede__sys_close(fd);
    while (cede_wait_queue_wake(&stream->writers))
        continue;
    while (cede_wait_queue_wake(&stream->closers))
        continue;
}

bool cede_stream_is_closing(const cede_stream *stream)
{
    cede_check_alive(stream);
    return cede__stream_closed(stream);
}

void cede_stream_wait_closed(cede_stream *stream)
{
    cede_check_alive(stream);
    if (cede__stream_closed(stream))
        return;
    cede_ref(stream);
    cede_defer (cede_unref, stream);

    while (!cede__stream_closed(stream))
        cede_wait_queue_park(&stream->closers, "wait_closed");
}

/* --- who is there --- */

/* The text of an address, kept in *place. */
static const char *name_of(const cede__address *address, char **place)
{
    char text[CEDE__ADDRESS_TEXT];
    size_t size;

    cede__address_text(address, text);
    size = strlen(text) + 1;
    *place = cede__malloc(size);
    if (!*place)
        cede_raise(cede_MemoryError);
    return memcpy(*place, text, size);
}

/* False if the stream has no socket, or the kernel does not say. */
static bool own_address(const cede_stream *stream, cede__address *ret_address)
{
    socklen_t size = sizeof *ret_address;

    return !cede__stream_closed(stream) &&
           cede__sys_getsockname(stream->fd, &ret_address->any, &size) >= 0;
}

const char *cede_stream_peername(cede_stream *stream)
{
    cede_check_alive(stream);
    return stream->peername ? stream->peername
                            : name_of(&stream->peer, &stream->peername);
}

const char *cede_stream_sockname(cede_stream *stream)
{
    cede__address address;

    cede_check_alive(stream);
    if (stream->sockname)
        return stream->sockname;
    return own_address(stream, &address) ? name_of(&address, &stream->sockname)
                                         : "";
}

int cede_stream_peer_port(const cede_stream *stream)
{
    cede_check_alive(stream);
    return cede__address_port(&stream->peer);
}

int cede_stream_sock_port(const cede_stream *stream)
{
    cede__address address;

    cede_check_alive(stream);
    return own_address(stream, &address) ? cede__address_port(&address) : 0;
}

int cede_stream_fileno(const cede_stream *stream)
{
    cede_check_alive(stream);
    return stream->fd;
}

void cede_stream_set_nodelay(cede_stream *stream, bool nodelay)
{
    int value = nodelay;

    cede_check_alive(stream);
    if (cede__stream_closed(stream))
        cede_raise(cede_ConnectionResetError, "Connection lost");
    cede_check(cede__sys_setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY,
                                    &value, sizeof value));
}
