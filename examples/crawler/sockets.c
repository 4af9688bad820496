/* sockets.c - see sockets.h */
#include "sockets.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cede.h>

#include "now.h"

/* An object, so that its last reference closes it. */
struct connection {
    cede_object head;
    int fd;
};

static void close_connection(void *self)
{
    struct connection *connection = self;

    if (connection->fd >= 0)
        close(connection->fd);
}

static CEDE_CLASS(Connection, struct connection, .destroy = close_connection);

/* --- waiting --- */

static const struct sockets *sockets_of(const struct network *network)
{
    return (const struct sockets *)network; /* its first member */
}

/* For poll: rounded up, or it would be called again and again at the end. */
static int milliseconds_left(const struct sockets *sockets)
{
    double left = (sockets->deadline - now()) * 1000;

    if (left <= 0)
        cede_raise(cede_TimeoutError);
    return left < 1e9 ? (int)left + 1 : 1000000000;
}

/* Waits until the socket is ready. Also looks at the clock if it already is: a
   server that never ends may never make anybody wait. */
static void wait_for(const struct sockets *sockets, int fd, short events)
{
    struct pollfd polled[] = {{fd, events, 0}, {sockets->stop, POLLIN, 0}};

    do {
        if (poll(polled, 2, milliseconds_left(sockets)) < 0 && errno != EINTR)
            cede_raise_errno(errno, NULL);
        if (polled[1].revents)
            cede_raise(cede_KeyboardInterrupt);
    } while (!polled[0].revents);
}

/* Before what cannot be told to stop. */
static void check_stop(const struct sockets *sockets)
{
    struct pollfd polled = {sockets->stop, POLLIN, 0};

    if (poll(&polled, 1, 0) > 0)
        cede_raise(cede_KeyboardInterrupt);
}

/* --- connecting --- */

static struct addrinfo *look_up(const char *host, int port)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char service[16];
    int error;

    snprintf(service, sizeof service, "%d", port);
    error = getaddrinfo(host, service, &wanted, &found);
    if (error == EAI_SYSTEM)
        cede_raise_errno(errno, NULL);
    if (error)
        cede_raise(cede_gaierror, "%s", gai_strerror(error));
    return found;
}

/* Returns 0 or an errno. */
static int try_address(const struct sockets *sockets,
                       struct connection *connection,
                       const struct addrinfo *address)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (connection->fd >= 0)
        close(connection->fd); /* of the address before */
    connection->fd = socket(address->ai_family,
                            SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->fd < 0)
        return errno;
    if (!connect(connection->fd, address->ai_addr, address->ai_addrlen))
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    wait_for(sockets, connection->fd, POLLOUT);
    getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

static void connect_to(const struct sockets *sockets,
                       struct connection *connection, const char *host,
                       int port)
{
    struct addrinfo *found = look_up(host, port);
    int error = 0;

    cede_defer (freeaddrinfo, found);
    for (struct addrinfo *address = found; address;
         address = address->ai_next) {
        error = try_address(sockets, connection, address);
        if (!error)
            return;
    }
    cede_raise_errno(error, NULL);
}

static void *open_socket(const struct network *network, const char *host,
                         int port)
{
    cede_own (connection, (struct connection *)cede_object_new(Connection));

    connection->fd = -1;
    check_stop(sockets_of(network));
    connect_to(sockets_of(network), connection, host, port);
    return cede_ref(connection);
}

/* --- writing and reading --- */

static void write_socket(const struct network *network, void *to,
                         const void *data, size_t size)
{
    const struct connection *connection = to;
    const char *rest = data;

    while (size > 0) {
        ssize_t count = send(connection->fd, rest, size, MSG_NOSIGNAL);

        if (count >= 0) {
            rest += count;
            size -= (size_t)count;
        } else if (errno == EAGAIN) {
            wait_for(sockets_of(network), connection->fd, POLLOUT);
        } else if (errno != EINTR) {
            cede_raise_errno(errno, NULL);
        }
    }
}

static size_t read_socket(const struct network *network, void *from,
                          void *buffer, size_t size)
{
    const struct connection *connection = from;

    for (;;) {
        ssize_t count;

        wait_for(sockets_of(network), connection->fd, POLLIN);
        count = recv(connection->fd, buffer, size, 0);
        if (count >= 0)
            return (size_t)count;
        if (errno != EAGAIN && errno != EINTR)
            cede_raise_errno(errno, NULL);
    }
}

struct sockets sockets_for(double seconds, int stop)
{
    return (struct sockets){
        .network = {open_socket, write_socket, read_socket},
        .deadline = now() + seconds,
        .stop = stop,
    };
}
