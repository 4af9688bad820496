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

static void pause_accepting(cede_server *server, int error)
{
    if (!server->exhausted) {
        cede_exception *exception =
            cede__os_error(error, "%s", strerror(error));
        cede_defer (cede_unref, exception);

        server->exhausted = true;
        report(server, "socket.accept() out of system resource", exception);
    }
    wait_for_resources(server);
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
    struct arrival arrival = {.server = listener->server};
    socklen_t size = sizeof arrival.peer;

    arrival.fd = cede__sys_accept(listener->fd, &arrival.peer.any, &size,
                                  SOCK_NONBLOCK);
    if (arrival.fd >= 0) {
        listener->server->exhausted = false;
        take(&arrival);
    } else if (arrival.fd == -EAGAIN) {
        cede_descriptor_wait_readable(listener->descriptor);
    } else if (is_exhaustion(-arrival.fd)) {
        pause_accepting(listener->server, -arrival.fd);
    } else if (is_fatal(-arrival.fd)) {
        cede_raise_errno(-arrival.fd, "accept");
    }
}

cede_value cede__server_accept(void *argument)
{
    cede__listener *listener = argument;

    while (listener->fd >= 0) {
        cede_consume_budget();
        if (listener->fd >= 0)
            accept_one(listener);
    }
    return cede_none;
}
