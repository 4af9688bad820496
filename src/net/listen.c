/*
 * listen.c - sockets that wait for connections (see listen.h)
 */
#include "net/listen.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/system.h"
#include "cede/try.h"
#include "net/error.h"

/* Ports the kernel picks for the first address that another program has on
   the second: tried again so many times. */
enum { MOST_TRIES = 32 };

struct listening {
    const cede__addresses *addresses;
    const struct cede__listen_options *options;
    int *fds;
    int port;
    const cede__address *refused; /* by bind; else NULL */
};

static void close_all(struct listening *listening)
{
    for (size_t i = 0; i < listening->addresses->count; i++) {
        if (listening->fds[i] >= 0)
            cede__sys_close(listening->fds[i]);
        listening->fds[i] = -1;
    }
}

static int set_options(int fd, int family, bool reuse_port)
{
    int one = 1;
    int rc = cede__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one,
                                  sizeof one);

    if (rc >= 0 && reuse_port)
        rc = cede__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one,
                                  sizeof one);
    /* IPv4 has a socket of its own. */
    if (rc >= 0 && family == AF_INET6)
        rc = cede__sys_setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one,
                                  sizeof one);
    return rc;
}

/* The port a socket was given, or a negative errno. */
static int port_of(int fd)
{
    cede__address address;
    socklen_t size = sizeof address;
    int rc = cede__sys_getsockname(fd, &address.any, &size);

    return rc < 0 ? rc : cede__address_port(&address);
}

/* Binds one address. 0 or more, also for a family that is not there, or
   -errno. */
static int bind_one(struct listening *listening, size_t i)
{
    cede__address address = listening->addresses->items[i];
    int family = address.any.sa_family;
    int fd = cede__sys_socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int rc;

    if (fd == -EAFNOSUPPORT)
        return 0;
    if (fd < 0)
        return fd;
    listening->fds[i] = fd;
    rc = set_options(fd, family, listening->options->reuse_port);
    if (rc < 0)
        return rc;
    cede__address_set_port(&address, listening->port);
    rc = cede__sys_bind(fd, &address.any, cede__address_size(&address));
    if (rc == -EADDRNOTAVAIL && listening->addresses->count > 1) {
        cede__sys_close(fd);
        listening->fds[i] = -1;
        return 0;
    }
    if (rc < 0) {
        listening->refused = &listening->addresses->items[i];
        return rc;
    }
    rc = port_of(fd);
    if (rc >= 0)
        listening->port = rc;
    return rc;
}

static int listen_one(struct listening *listening, size_t i)
{
    if (listening->fds[i] < 0)
        return 0;
    return cede__sys_listen(listening->fds[i], listening->options->backlog);
}

static int bind_all(struct listening *listening)
{
    int rc = 0;

    for (size_t i = 0; rc >= 0 && i < listening->addresses->count; i++)
        rc = bind_one(listening, i);
    for (size_t i = 0; rc >= 0 && i < listening->addresses->count; i++)
        rc = listen_one(listening, i);
    if (rc < 0)
        close_all(listening);
    return rc;
}

static bool nothing_open(const struct listening *listening)
{
    for (size_t i = 0; i < listening->addresses->count; i++)
        if (listening->fds[i] >= 0)
            return false;
    return true;
}

static void raise_nothing(const struct listening *listening)
    CEDE_IMPL_NORETURN;
static void raise_nothing(const struct listening *listening)
{
    char text[CEDE__ADDRESS_TEXT];

    cede__address_repr(&listening->addresses->items[0], text);
    cede_raise(cede_OSError, "could not bind on any address out of [%s, …]",
               text);
}

static void raise_error(const struct listening *listening, int error)
    CEDE_IMPL_NORETURN;
static void raise_error(const struct listening *listening, int error)
{
    char place[CEDE__ADDRESS_TEXT], reason[128];
    cede__address address;

    if (!listening->refused)
        cede_raise_errno(error, NULL);
    address = *listening->refused;
    cede__address_set_port(&address, listening->port);
    cede__address_repr(&address, place);
    snprintf(reason, sizeof reason, "%s", strerror(error));
    for (char *at = reason; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    cede_exception *exception = cede__os_error(
        error, "error while attempting to bind on address %s: %s", place,
        reason);
    cede_defer (cede_unref, exception);

    cede_raise(exception);
}

void cede__listen(const cede__addresses *addresses,
                  const struct cede__listen_options *options, int *ret_fds,
                  int *ret_port)
{
    int wanted = cede__address_port(&addresses->items[0]);
    struct listening listening = {addresses, options, ret_fds, wanted, NULL};
    int rc;

    for (size_t i = 0; i < addresses->count; i++)
        ret_fds[i] = -1;
    rc = bind_all(&listening);
    for (int tries = 1; rc == -EADDRINUSE && wanted == 0 && tries < MOST_TRIES;
         tries++) {
        listening.port = 0;
        listening.refused = NULL;
        rc = bind_all(&listening);
    }
    if (rc < 0)
        raise_error(&listening, -rc);
    if (nothing_open(&listening))
        raise_nothing(&listening);
    *ret_port = listening.port;
}
