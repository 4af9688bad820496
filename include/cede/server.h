/*
 * Servers: a task for every connection.
 *
 *     static void echo(cede_stream *peer)
 *     {
 *         char buf[4096];
 *
 *         for (size_t n; (n = cede_stream_read(peer, buf, sizeof buf)) > 0;)
 *             cede_stream_write(peer, buf, n);
 *     }
 *
 *     cede_with (server, cede_start_server(echo, "127.0.0.1", 7777)) {
 *         cede_server_serve_forever(server);
 *     } cede_end
 *
 * Python counterpart: asyncio.start_server and asyncio.Server ("Streams" and
 * "Server Objects" in the library reference). Rules N02, N06, N07. All calls:
 * the loop's thread. Unless it says otherwise a call neither raises nor
 * suspends; what suspends raises CancelledError, and RuntimeError outside a
 * task.
 *
 * As a context manager a server is complete at the end of the block: it stops
 * listening, cancels the tasks of its connections, and waits until the last of
 * them is done, so that nothing of theirs outlives what they were lent. Being
 * cancelled meanwhile does not cut that short; the CancelledError is raised
 * when they are done. (asyncio since 3.12 waits for connections that nobody
 * ends, for ever.)
 */
#pragma once

#include "cede/impl/call.h"
#include "cede/stream.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_start_server(fn, host, port), …(fn, argument, host, port): listens on
 * host and port, accepts when it returns, and has fn(peer), or fn(peer,
 * argument), called in a task of its own for each connection, as
 * cede_client_connected says; one reference. The argument is a pointer to
 * anything or an integer, and the compiler checks the call (docs/decisions/
 * 0049). What it points to is borrowed: it must live as long as the
 * connections. host: a numeric address, a name, all of whose addresses are
 * used, or NULL for all addresses of this machine, IPv4 and IPv6. port 0: any
 * free one, the same for all addresses; ask cede_server_port. Suspends for one
 * iteration, and to look a name up; cancelled, it does not listen any more.
 *
 * Out of descriptors or memory it tells the loop's exception handler once
 * ("socket.accept() out of system resource"), goes on serving the connections
 * it has, and accepts again after a second or when one of them ends.
 *
 * Raises TypeError without a client_connected; OverflowError for a port that
 * is not 0-65535; ValueError for a limit that is none; gaierror; OSError
 * "[Errno 98] error while attempting to bind on address ('127.0.0.1', 7777):
 * address already in use" and its like; MemoryError; RuntimeError without a
 * running loop. Python: asyncio.start_server.
 *
 * These count their arguments. So a compound literal of several members, as an
 * argument or as options, stands in parentheses: (&(struct pair){1, 2}).
 */
#define cede_start_server(...)                                                 \
    CEDE_IMPL_SERVE_BY(__VA_ARGS__, CEDE_IMPL_SERVE_WITH, CEDE_IMPL_SERVE,     \
                       CEDE_IMPL_SERVE, CEDE_IMPL_SERVE, )                     \
    (NULL, __VA_ARGS__)

/* cede_start_server_with_options(fn, host, port, options), …(fn, argument,
   host, port, options): the same with options (borrowed; NULL: all zero);
   raises and suspends as that. */
#define cede_start_server_with_options(fn, ...)                                \
    CEDE_IMPL_SERVE_BY(__VA_ARGS__, CEDE_IMPL_SERVE_OPTIONS_WITH,              \
                       CEDE_IMPL_SERVE_OPTIONS, CEDE_IMPL_SERVE_OPTIONS,       \
                       CEDE_IMPL_SERVE_OPTIONS, )                              \
    (fn, __VA_ARGS__)

/* Four arguments have one more than three. */
#define CEDE_IMPL_SERVE_BY(a, b, c, d, name, ...) name
#define CEDE_IMPL_SERVE(options, fn, host, port)                               \
    cede_impl_start_server(CEDE_IMPL_CLIENT(fn, (fn)((cede_stream *)NULL)),    \
                           NULL, (host), (port), (options))
#define CEDE_IMPL_SERVE_WITH(options, fn, argument, host, port)                \
    cede_impl_start_server(                                                    \
        CEDE_IMPL_CLIENT(fn, (fn)((cede_stream *)NULL, (argument))),           \
        CEDE_IMPL_WORD(argument), (host), (port), (options))
#define CEDE_IMPL_SERVE_OPTIONS(fn, host, port, options)                       \
    CEDE_IMPL_SERVE(options, fn, host, port)
#define CEDE_IMPL_SERVE_OPTIONS_WITH(fn, argument, host, port, options)        \
    CEDE_IMPL_SERVE_WITH(options, fn, argument, host, port)

/* The function, if the call, which is not made, is one; what it returns is
   dropped. A floating point number would come in another register. */
#define CEDE_IMPL_CLIENT(fn, call)                                             \
    ((cede_client_connected)((uintptr_t)(fn) |                                 \
                             CEDE_IMPL_CLIENT_TAKES_A_WORD(fn) |               \
                             0 * sizeof(__typeof__(call) *)))
#define CEDE_IMPL_CLIENT_TAKES_A_WORD(fn)                                      \
    _Generic((fn),                                                             \
             void (*)(cede_stream *, double): CEDE_IMPL_MUST_TAKE_A_WORD,      \
             void (*)(cede_stream *, float): CEDE_IMPL_MUST_TAKE_A_WORD,       \
             default: (uintptr_t)0)

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * A server lives until it is closed and its last connection is done, whether
 * or not somebody holds a reference: cede_unref alone does not stop it. If its
 * loop ends first, as cede_run does it, its tasks are cancelled with all
 * others, and it closes.
 */
typedef struct cede_server cede_server;

/*
 * Is run in a task of its own for each connection. `peer` is the server's: it
 * is closed when the function is left, and valid until then; keep it with
 * cede_ref. What the function raises goes to the loop's exception handler
 * ("Unhandled exception in client_connected_cb"), the connection is closed and
 * the others go on.
 */
typedef void (*cede_client_connected)(cede_stream *peer, void *argument);

/* All zero is the default. */
typedef struct cede_server_options {
    /* Connections the kernel keeps until they are accepted; 0: 4096. */
    int backlog;
    /* The read limit of each stream in bytes; 0: CEDE_STREAM_LIMIT. */
    size_t limit;
    /* Other processes, or loops in other threads, may listen on the same port,
       and the kernel shares the connections out (SO_REUSEPORT). */
    bool reuse_port;
} cede_server_options;

cede_server *
cede_impl_start_server(cede_client_connected client_connected, void *argument,
                       const char *host, int port,
                       const cede_server_options *options) CEDE_IMPL_NEW;

/* The port it listens on, or did. Never raises. */
int cede_server_port(const cede_server *server);

/* Does it listen? Python: Server.is_serving. */
bool cede_server_is_serving(const cede_server *server);

/* How many connections it has: tasks that are not done. */
size_t cede_server_connections(const cede_server *server);

/*
 * Suspends until the task is cancelled; closes the server and raises the
 * CancelledError. cede_server_close makes it raise CancelledError too, as in
 * asyncio. The connections go on; leaving the server's block ends them. Raises
 * RuntimeError if the server is closed, or if another task is in here. Python:
 * Server.serve_forever.
 */
void cede_server_serve_forever(cede_server *server);

/*
 * Stops listening, at once; connections go on (N07), those the kernel had not
 * handed over are refused. Twice is fine. Never suspends, never raises.
 * Python: Server.close.
 */
void cede_server_close(cede_server *server);

/*
 * Cancels the task of each connection; its stream is closed when the task is
 * done. A task may catch the CancelledError to say goodbye. Never suspends.
 * Python: Server.close_clients (3.13), which closes the streams below their
 * tasks.
 */
void cede_server_close_clients(cede_server *server);

/*
 * Suspends until the server is closed, by whoever closes it, and the last of
 * its connections is done (3.12). Python: Server.wait_closed.
 */
void cede_server_wait_closed(cede_server *server);

CEDE_IMPL_END
