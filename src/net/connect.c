/*
 * connect.c - making a connection
 *
 * Knows: one attempt per address, one after another. Does not know: what is
 * sent later. Semantics: asyncio.open_connection, loop.create_connection
 * (without its happy eyeballs, RFC 8305); rule N02.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "net/error.h"
#include "net/resolve.h"
#include "net/stream.h"

struct attempts {
    cede__addresses *addresses;
    size_t made;
    cede_exception **errors; /* of those made, each owned */
    cede_stream *stream;     /* of the one that is being made; owned */
};

static void release(void *argument)
{
    struct attempts *attempts = argument;

    for (size_t i = 0; attempts->errors && i < attempts->made; i++)
        cede_unref(attempts->errors[i]);
    cede__free(attempts->errors);
    cede__free(attempts->addresses);
    cede_unref(attempts->stream);
}

/* The kernel is making the connection: waits until it has, or has failed. */
static void finish_connecting(cede_stream *stream, const cede__address *address)
{
    char text[CEDE__ADDRESS_TEXT];
    int error = 0;
    socklen_t size = sizeof error;

    cede_descriptor_wait_writable(cede__stream_descriptor(stream));
    if (cede__stream_closed(stream))
        cede_raise(cede_ConnectionResetError, "Connection lost");
    cede_check(cede__sys_getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error,
                                    &size));
    if (error == 0)
        return;
    cede__address_repr(address, text);
    cede__raise_taken(cede__os_error(error, "Connect call failed %s", text));
}

static cede_value attempt(void *argument)
{
    struct attempts *attempts = argument;
    const cede__address *address = &attempts->addresses->items[attempts->made];
    int fd = cede_check(cede__sys_socket(address->any.sa_family,
                                         SOCK_STREAM | SOCK_NONBLOCK, 0));
    int rc;

    cede__stream_open(attempts->stream, fd, address);
    rc = cede__sys_connect(fd, &address->any, cede__address_size(address));
    if (rc == -EINPROGRESS)
        finish_connecting(attempts->stream, address);
    else
        cede_check(rc);
    return cede_none;
}

/* "Multiple exceptions: a, b", or the first if all say the same. */
static void raise_errors(const struct attempts *attempts) CEDE_IMPL_NORETURN;
static void raise_errors(const struct attempts *attempts)
{
    const char *first = cede_exception_message(attempts->errors[0]);
    char text[1024];
    size_t length = 0;
    bool same = true;

    for (size_t i = 0; i < attempts->made; i++) {
        const char *message = cede_exception_message(attempts->errors[i]);

        same = same && strcmp(message, first) == 0;
        if (length < sizeof text)
            length += (size_t)snprintf(text + length, sizeof text - length,
                                       "%s%s", i > 0 ? ", " : "", message);
    }
    if (same)
        cede_raise(attempts->errors[0]);
    cede_raise(cede_OSError, "Multiple exceptions: %s", text);
}

cede_stream *cede_open_connection(const char *host, int port)
{
    struct attempts attempts = {0};
    cede_defer (release, &attempts);

    cede__check_port(port);
    if (!host || !*host)
        cede_raise(cede_ValueError,
                   "no host to connect to: pass a name or an address, such as "
                   "\"localhost\"");
    attempts.addresses = cede__resolve(host, port);
    attempts.errors =
        cede__calloc(attempts.addresses->count, sizeof *attempts.errors);
    if (!attempts.errors)
        cede_raise(cede_MemoryError);
    while (attempts.made < attempts.addresses->count) {
        cede_stream *stream = attempts.stream = cede__stream_new();
        cede_exception *error = cede_catch(attempt, &attempts, NULL);

        attempts.stream = NULL;
        if (!error)
            return stream;
        cede_unref(stream);
        if (!cede_exception_is(error, cede_OSError))
            cede__raise_taken(error);
        attempts.errors[attempts.made++] = error;
    }
    raise_errors(&attempts);
}
