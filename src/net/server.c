/*
 * server.c - the life of a server and of its connections
 *
 * Binding is in listen.c, accepting in accept.c. See server.h. Semantics:
 * asyncio.start_server, asyncio.Server, the client_connected_cb of
 * StreamReaderProtocol; rules N02, N06, N07.
 */
#include "net/server.h"

#include "base/memory.h"
#include "base/system.h"
#include "net/listen.h"
#include "net/resolve.h"
#include "net/stream.h"

enum { DEFAULT_BACKLOG = 4096 };

typedef struct connection {
    cede__guest guest;
    cede__list node;
    cede_stream *peer;
} connection;

/* --- guests --- */

static void report(cede_loop *loop, const char *message,
                   cede_exception *exception)
{
    cede_exception_handler_context context = {.message = message,
                                              .exception = exception,
                                              .task = cede_current_task()};

    cede_loop_call_exception_handler(loop, &context);
}

static void finish(void *argument)
{
    cede__guest *guest = argument;

    cede_unref(guest->task);
    guest->task = NULL;
    guest->end(guest);
}

static void never_ran(cede_future *future, void *argument)
{
    (void)future;
    finish(argument);
}

static cede_value body(void *argument)
{
    cede__guest *guest = argument;
    cede_defer (finish, guest);

    guest->started = true;
    cede_future_remove_done_callback(cede_task_future(guest->task), never_ran);
    cede_try {
        guest->run(guest);
    } cede_except (cede_Exception, e) {
        report(guest->server->loop, guest->complaint, e);
    } cede_end
    return cede_none;
}

/* May end it at once. */
static void cancel(cede__guest *guest)
{
    if (!guest->task)
        return;
    cede_task_cancel(guest->task, NULL);
    if (guest->started)
        return;
    /* The loop may end before the callback's turn comes. */
    cede_future_remove_done_callback(cede_task_future(guest->task), never_ran);
    finish(guest);
}

static void abandon(void *argument)
{
    cede__guest *guest = argument;

    if (guest->task)
        cede_task_cancel(guest->task, NULL); /* it has not run: it never will */
    cede_unref(guest->task);
    guest->task = NULL;
}

void cede__guest_start(cede__guest *guest)
{
    cede_task *task;

    {
        cede_defer (abandon, guest);

        guest->task = cede_create_task(body, guest);
        cede_future_add_done_callback(cede_task_future(guest->task), never_ran,
                                      guest);
        task = guest->task;
        guest->task = NULL;
    }
    guest->task = task;
    if (guest->server->guests++ == 0)
        cede_ref(guest->server);
}

static bool is_over(const cede_server *server)
{
    return server->closed && server->guests == 0;
}

static void wake_waiters(cede_server *server)
{
    if (!is_over(server))
        return;
    while (cede_wait_queue_wake(&server->waiters))
        continue;
}

void cede__guest_left(cede_server *server)
{
    server->guests--;
    wake_waiters(server);
    if (server->guests == 0)
        cede_unref(server);
}

/* --- one connection --- */

CEDE_IMPL_CALLS_ANY static void run_connection(cede__guest *guest)
{
    connection *self = (connection *)guest;

    guest->server->client_connected(self->peer, guest->server->argument);
}

static void free_connection(connection *self)
{
    if (self->peer)
        cede_stream_close(self->peer);
    cede_unref(self->peer);
    cede__free(self);
}

static void end_connection(cede__guest *guest)
{
    connection *self = (connection *)guest;
    cede_server *server = guest->server;

    cede__list_remove(&self->node);
    server->connection_count--;
    free_connection(self);
    cede_wait_queue_wake(&server->paused);
    cede__guest_left(server);
}

/* A connection, or NULL once its server has it. */
static void drop_newcomer(void *argument)
{
    connection **self = argument;

    if (*self)
        free_connection(*self);
}

static void close_fd(void *fd)
{
    if (*(int *)fd >= 0)
        cede__sys_close(*(int *)fd);
}

static connection *new_connection(cede_server *server)
{
    connection *self = cede__calloc(1, sizeof *self);

    if (!self)
        cede_raise(cede_MemoryError);
    self->guest = (cede__guest){
        .server = server,
        .run = run_connection,
        .end = end_connection,
        .complaint = "Unhandled exception in client_connected_cb",
    };
    cede__list_init(&self->node);
    return self;
}

void cede__server_welcome(cede_server *server, int fd,
                          const cede__address *peer)
{
    connection *self = NULL;
    cede_defer (drop_newcomer, &self);
    cede_defer (close_fd, &fd);

    self = new_connection(server);
    self->peer = cede__stream_new();
    cede_stream_set_limit(self->peer, server->limit);
    cede__stream_open(self->peer, fd, peer);
    fd = -1;
    cede__guest_start(&self->guest);
    cede__list_push_back(&server->connections, &self->node);
    server->connection_count++;
    self = NULL;
}

/* --- listening --- */

static void close_listener(cede__listener *listener)
{
    if (listener->fd < 0)
        return;
    if (listener->descriptor)
        cede_descriptor_close(listener->descriptor);
    cede__sys_close(listener->fd);
    listener->fd = -1;
    cancel(&listener->guest);
}

/* However it came to an end, by cede_server_close, cancelled with all others,
   or by an error: this is no server any more. */
static void end_listener(cede__guest *guest)
{
    cede_server *server = guest->server;

    cede_server_close(server);
    cede__guest_left(server);
}

static void start_listener(cede__listener *listener)
{
    if (listener->fd < 0)
        return;
    listener->descriptor = cede_descriptor_new(listener->fd);
    cede__guest_start(&listener->guest);
}

/* --- a server --- */

static void destroy(void *self)
{
    cede_server *server = self;

    cede_server_close(server);
    for (size_t i = 0; i < server->listener_count; i++)
        cede_unref(server->listeners[i].descriptor);
    cede__free(server->listeners);
}

static cede_value wait_for_guests(void *self)
{
    cede_server *server = self;

    while (!is_over(server))
        cede_wait_queue_park(&server->waiters, "server: connections to end");
    return cede_none;
}

/* Waits for the guests whatever happens, so that what they were lent may go,
   unless the loop is being closed. Returns what came out of the wait meanwhile,
   or NULL; a cancelled scope says once what it has to say. */
static cede_exception *wait_in_any_case(cede_server *server)
{
    cede_exception *last = cede_catch(wait_for_guests, server, NULL);

    if (!last)
        return NULL;
    cede_shield_begin();
    cede_defer (cede_shield_end, NULL);
    while (!is_over(server) && !cede_exception_is(last, cede_GeneratorExit)) {
        cede_exception *error = cede_catch(wait_for_guests, server, NULL);

        if (error) {
            cede_unref(last);
            last = error;
        }
    }
    return last;
}

static bool leave(void *self, cede_exception *exception)
{
    cede_server *server = self;
    cede_exception *cancelled;

    (void)exception;
    cede_server_close(server);
    cede_server_close_clients(server);
    cancelled = wait_in_any_case(server);
    if (cancelled) {
        cede_defer (cede_unref, cancelled);

        cede_raise(cancelled);
    }
    return false;
}

static const cede_manager_methods manager = {.exit = leave};

static const cede_class server_class[1] = {{.name = "Server",
                                            .size = sizeof(cede_server),
                                            .destroy = destroy,
                                            .manager = &manager}};

static cede_server *new_server(cede_client_connected client_connected,
                               void *argument,
                               const cede_server_options *options)
{
    cede_loop *loop = cede_get_running_loop();
    cede_server *server = cede_object_new(server_class);

    server->loop = loop;
    server->client_connected = client_connected;
    server->argument = argument;
    server->limit =
        (uint32_t)(options->limit ? options->limit : CEDE_STREAM_LIMIT);
    cede__list_init(&server->connections);
    cede_wait_queue_init(&server->paused);
    cede_wait_queue_init(&server->waiters);
    return server;
}

/* NULL: every address of this machine. Free with cede__free. */
static cede__addresses *addresses_of(const char *host, int port)
{
    cede__addresses *list;

    if (host && *host)
        return cede__resolve(host, port);
    list = cede__calloc(1, sizeof *list + 2 * sizeof list->items[0]);
    if (!list)
        cede_raise(cede_MemoryError);
    list->count = 2;
    list->items[0] = cede__address_wildcard(AF_INET, port);
    list->items[1] = cede__address_wildcard(AF_INET6, port);
    return list;
}

static void open_listeners(cede_server *server,
                           const cede__addresses *addresses,
                           const cede_server_options *options)
{
    struct cede__listen_options how = {
        .backlog = options->backlog > 0 ? options->backlog : DEFAULT_BACKLOG,
        .reuse_port = options->reuse_port,
    };
    size_t count = addresses->count;
    int *fds = cede__calloc(count, sizeof *fds);
    cede_defer (cede__free, fds);

    server->listeners = cede__calloc(count, sizeof *server->listeners);
    if (!fds || !server->listeners)
        cede_raise(cede_MemoryError);
    cede__listen(addresses, &how, fds, &server->port);
    for (size_t i = 0; i < count; i++)
        server->listeners[i] = (cede__listener){
            .guest = {.server = server,
                      .run = cede__server_accept,
                      .end = end_listener,
                      .complaint = "Exception in the accepting task of a "
                                   "server"},
            .fd = fds[i],
        };
    server->listener_count = count;
}

/* A server that did not get as far as its caller. */
static void drop_server(void *argument)
{
    cede_server **server = argument;

    if (!*server)
        return;
    cede_server_close(*server);
    cede_unref(*server);
}

static void check_options(cede_client_connected client_connected, int port,
                          const cede_server_options *options)
{
    if (!client_connected)
        cede_raise(cede_TypeError, "client_connected is NULL: pass the "
                                   "function that serves a connection");
    cede__check_port(port);
    if (options->limit > (size_t)1 << 30)
        cede_raise(cede_ValueError, "limit must be at most 1 GiB, not %zu "
                                    "bytes",
                   options->limit);
}

cede_server *cede_impl_start_server(cede_client_connected client_connected,
                                    void *argument, const char *host, int port,
                                    const cede_server_options *options)
{
    static const cede_server_options all_zero;
    cede_server *unfinished = NULL, *server;
    cede__addresses *addresses;

    options = options ? options : &all_zero;
    check_options(client_connected, port, options);
    addresses = addresses_of(host, port);
    cede_defer (cede__free, addresses);
    cede_defer (drop_server, &unfinished);

    unfinished = server = new_server(client_connected, argument, options);
    open_listeners(server, addresses, options);
    for (size_t i = 0; i < server->listener_count; i++)
        start_listener(&server->listeners[i]);
    cede_sleep(0); /* as asyncio: now it accepts */
    unfinished = NULL;
    return server;
}

int cede_server_port(const cede_server *server)
{
    cede_check_alive(server);
    return server->port;
}

bool cede_server_is_serving(const cede_server *server)
{
    cede_check_alive(server);
    return !server->closed;
}

size_t cede_server_connections(const cede_server *server)
{
    cede_check_alive(server);
    return server->connection_count;
}

/* --- serving and ending --- */

static void stop_serving(void *self)
{
    cede_server *server = self;

    server->forever = NULL;
    cede_server_close(server);
    cede_unref(server);
}

void cede_server_serve_forever(cede_server *server)
{
    cede_future *forever;

    cede_check_alive(server);
    if (server->forever)
        cede_raise(cede_RuntimeError, "server is already being awaited on "
                                      "serve_forever()");
    if (server->closed)
        cede_raise(cede_RuntimeError, "server is closed");
    forever = cede_loop_create_future(server->loop);
    server->forever = forever;
    cede_ref(server);
    cede_defer (stop_serving, server);

    cede_await(forever);
}

void cede_server_close(cede_server *server)
{
    cede_check_alive(server);
    if (server->closed)
        return;
    server->closed = true;
    for (size_t i = 0; i < server->listener_count; i++)
        close_listener(&server->listeners[i]);
    if (server->forever)
        cede_future_cancel(server->forever, NULL);
    wake_waiters(server);
}

void cede_server_close_clients(cede_server *server)
{
    cede_check_alive(server);
    cede__list_each(node, &server->connections)
        cancel(&cede__list_entry(node, connection, node)->guest);
}

void cede_server_wait_closed(cede_server *server)
{
    cede_check_alive(server);
    if (is_over(server))
        return;
    cede_ref(server);
    cede_defer (cede_unref, server);

    wait_for_guests(server);
}
