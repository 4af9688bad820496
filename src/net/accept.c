/*
 * accept.c - taking connections from a listening socket
 *
 * Accepts until the kernel says EAGAIN, then waits for the next edge; the
 * budget of every operation lets others run in between. Does not know: what
 * becomes of a connection. Semantics: BaseSelectorEventLoop's
 * _accept_connection; rules N02, N06.
 */
#include <errno.h>
#include <string.h>

#include "base/system.h"
#include "net/error.h"
#include "net/server.h"

/* Seconds until accepting is tried again: asyncio's ACCEPT_RETRY_DELAY. */
static const double retry_delay = 1.0;

static void report(cede_server *server, const char *message,
                   cede_exception *exception)
{
    cede_exception_handler_context context = {.message = message,
                                              .exception = exception};

    cede_loop_call_exception_handler(server->loop, &context);
}

/* --- without resources --- */

static void resume(void *argument)
{
    cede_server *server = argument;

    while (cede_wait_queue_wake(&server->paused))
        continue;
}

static void drop_handle(void *argument)
{
    cede_handle *handle = argument;

    cede_handle_cancel(handle);
    cede_unref(handle);
}

/* NULL: not even for a timer is there memory. */
static cede_handle *start_timer(cede_server *server)
{
    cede_handle *volatile handle = NULL;

    cede_try {
        handle = cede_ref(cede_loop_call_later(server->loop, retry_delay,
                                               resume, server));
    } cede_except (cede_MemoryError, e) {
        handle = NULL;
    } cede_end
    return handle;
}

/* Until the delay is over or a connection ends. */
static void wait_for_resources(cede_server *server)
{
    cede_handle *handle = start_timer(server);

    if (!handle) {
        cede_sleep(retry_delay);
        return;
    }
    cede_defer (drop_handle, handle);
    cede_wait_queue_park(&server->paused, "accept: out of resources");
}

struct exhaustion {
    cede_server *server;
    int error;
};

static cede_value complain(void *argument)
{
    const struct exhaustion *exhaustion = argument;
    cede_exception *exception = cede__os_error(
        exhaustion->error, "%s", strerror(exhaustion->error));
    cede_defer (cede_unref, exception);

    report(exhaustion->server, "socket.accept() out of system resource",
           exception);
    return cede_none;
}

/* Raises only what is to end the loop: there may be no memory to complain. */
static void complain_once(cede_server *server, int error)
{
    struct exhaustion exhaustion = {server, error};
    cede_exception *failure;

    if (server->exhausted)
        return;
    server->exhausted = true;
    failure = cede_catch(complain, &exhaustion, NULL);
    if (failure) {
        cede_defer (cede_unref, failure);

        if (!cede_exception_is(failure, cede_Exception))
            cede_raise(failure);
    }
}

/* --- one connection --- */

struct arrival {
    cede_server *server;
    int fd;
    cede__address peer;
};

static cede_value welcome(void *argument)
{
    struct arrival *arrival = argument;

    cede__server_welcome(arrival->server, arrival->fd, &arrival->peer);
    return cede_none;
}

/* A connection that there is no memory for costs that connection only. */
static void take(struct arrival *arrival)
{
    cede_exception *error = cede_catch(welcome, arrival, NULL);

    if (!error)
        return;
    cede_defer (cede_unref, error);
    if (!cede_exception_is(error, cede_Exception))
        cede_raise(error);
    report(arrival->server,
           "Error on transport creation for incoming connection", error);
}

/* What says that the socket itself is of no use any more. Other errors belong
   to the connection that was to be accepted (accept(2), "Error handling"). */
static bool is_fatal(int error)
{
    return error == EBADF || error == EINVAL || error == ENOTSOCK ||
           error == EFAULT;
}

static bool is_exhaustion(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS ||
           error == ENOMEM;
}

static void accept_one(cede__listener *listener)
{
    struct arrival arrival = {.server = listener->guest.server};
    socklen_t size = sizeof arrival.peer;

    arrival.fd = cede__sys_accept(listener->fd, &arrival.peer.any, &size,
                                  SOCK_NONBLOCK);
    if (arrival.fd >= 0) {
        arrival.server->exhausted = false;
        take(&arrival);
    } else if (arrival.fd == -EAGAIN) {
        cede_descriptor_wait_readable(listener->descriptor);
    } else if (is_exhaustion(-arrival.fd)) {
        complain_once(arrival.server, -arrival.fd);
        wait_for_resources(arrival.server);
    } else if (is_fatal(-arrival.fd)) {
        cede_raise_errno(-arrival.fd, "accept");
    }
}

void cede__server_accept(cede__guest *guest)
{
    cede__listener *listener = (cede__listener *)guest;

    while (listener->fd >= 0) {
        cede_consume_budget();
        if (listener->fd >= 0)
            accept_one(listener);
    }
}
