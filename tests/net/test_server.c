/*
 * Servers: echo, many connections, handlers that raise, closing, running out
 * of descriptors. Rules N02, N06, N07.
 */
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#include "net/pair.h"

#include "base/fault.h"

#include <sys/resource.h>

/* --- echo --- */

static void echo(cede_stream *peer, void *arg)
{
    char buf[4096];

    (void)arg;
    for (size_t n; (n = cede_stream_read(peer, buf, sizeof buf)) > 0;)
        cede_stream_write(peer, buf, n);
}

static void check_echo(cede_stream *stream, const char *text)
{
    char answer[64];
    size_t size = strlen(text);

    cede_stream_write(stream, text, size);
    cede_stream_readexactly(stream, answer, size);
    CHECK(is(answer, size, text));
}

static cede_value echo_once(void *arg)
{
    char byte;

    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        CHECK(cede_server_port(server) > 0);
        CHECK(cede_server_is_serving(server));
        cede_with (stream, cede_open_connection("127.0.0.1",
                                                cede_server_port(server))) {
            check_echo(stream, "hello");
            check_echo(stream, "world");
            CHECK_INT(cede_server_connections(server), 1);
            cede_stream_write_eof(stream);
            CHECK_INT(cede_stream_read(stream, &byte, 1), 0);
        } cede_end
    } cede_end
    return cede_none;
}

TEST(N02_echo)
{
    run(echo_once);
}

/* --- functions of their own types: decision 0049 --- */

static void greets(cede_stream *peer)
{
    cede_stream_write(peer, "hello", 5);
}

static void sends_bytes(cede_stream *peer, int count)
{
    while (count-- > 0)
        cede_stream_write(peer, "x", 1);
}

struct greeting {
    const char *text;
};

static cede_value greets_as_told(cede_stream *peer,
                                 const struct greeting *greeting)
{
    cede_stream_write(peer, greeting->text, strlen(greeting->text));
    return cede_none;
}

/* Takes the reference to the server, of which a client reads all. */
static void check_sends(cede_server *taken, const char *text)
{
    cede_with (server, taken) {
        cede_with (stream, cede_open_connection("127.0.0.1",
                                                cede_server_port(server))) {
            cede_own (all, cede_stream_read_all(stream));

            CHECK_STR(cede_value_str(all), text);
        } cede_end
    } cede_end
}

static void functions_of_their_own_types(void)
{
    const cede_server_options few = {.backlog = 1};
    struct greeting told = {"as told"};

    check_sends(cede_start_server(greets, "127.0.0.1", 0), "hello");
    check_sends(cede_start_server(sends_bytes, 3, "127.0.0.1", 0), "xxx");
    check_sends(cede_start_server(greets_as_told, &told, "127.0.0.1", 0),
                "as told");
    check_sends(cede_start_server_with_options(greets, "127.0.0.1", 0, &few),
                "hello");
    check_sends(
        cede_start_server_with_options(sends_bytes, 2, "127.0.0.1", 0, &few),
        "xx");
}

TEST(functions_have_their_own_types)
{
    cede_run(functions_of_their_own_types);
}

/* --- many --- */

struct client {
    int port;
    int number;
};

static cede_value client(void *argument)
{
    const struct client *self = argument;
    char text[32];

    snprintf(text, sizeof text, "client %d", self->number);
    cede_with (stream, cede_open_connection("127.0.0.1", self->port)) {
        check_echo(stream, text);
        spin();
        check_echo(stream, text);
    } cede_end
    return cede_none;
}

enum { MANY = 1000 };

static cede_value many(void *arg)
{
    static cede_task *tasks[MANY];

    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        for (int i = 0; i < MANY; i++) {
            struct client self = {cede_server_port(server), i};

            tasks[i] = cede_create_task_with(client, self);
        }
        for (int i = 0; i < MANY; i++)
            cede_await(tasks[i]);
    } cede_end
    return cede_none;
}

TEST(a_thousand_connections, .timeout = 60, .torture = false)
{
    run(many);
}

/* --- handlers that raise --- */

static char reports[1024];

static void note(cede_loop *loop, const cede_exception_handler_context *context,
                 void *arg)
{
    size_t used = strlen(reports);

    (void)loop;
    (void)arg;
    snprintf(reports + used, sizeof reports - used, "%s: %s;",
             context->message,
             context->exception ? cede_exception_name(context->exception)
                                : "-");
}

static void take_notes(void)
{
    reports[0] = '\0';
    cede_loop_set_exception_handler(cede_get_running_loop(), note, NULL);
}

static void raise_on_x(cede_stream *peer, void *arg)
{
    char byte;

    (void)arg;
    while (cede_stream_read(peer, &byte, 1) > 0) {
        if (byte == 'x')
            cede_raise(cede_LookupError, "x");
        cede_stream_write(peer, &byte, 1);
    }
}

static cede_value raising(void *arg)
{
    char byte;

    (void)arg;
    take_notes();
    cede_with (server, cede_start_server(raise_on_x, NULL, "127.0.0.1", 0)) {
        int port = cede_server_port(server);
        cede_stream *good = cede_open_connection("127.0.0.1", port);
        cede_defer (cede_unref, good);
        cede_stream *bad = cede_open_connection("127.0.0.1", port);
        cede_defer (cede_unref, bad);

        check_echo(good, "a");
        cede_stream_write(bad, "x", 1);
        CHECK_INT(cede_stream_read(bad, &byte, 1), 0);
        while (cede_server_connections(server) > 1)
            spin();
        CHECK_STR(reports,
                  "Unhandled exception in client_connected_cb: LookupError;");
        check_echo(good, "b");
    } cede_end
    return cede_none;
}

TEST(N06_a_handler_that_raises)
{
    run(raising);
}

/* --- closing --- */

static cede_value closing(void *arg)
{
    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        int port = cede_server_port(server);
        cede_stream *stream = cede_open_connection("127.0.0.1", port);
        cede_defer (cede_unref, stream);

        check_echo(stream, "before");
        cede_server_close(server);
        cede_server_close(server);
        CHECK(!cede_server_is_serving(server));
        CHECK_RAISES(cede_ConnectionRefusedError,
                     cede_unref(cede_open_connection("127.0.0.1", port)));
        check_echo(stream, "after"); /* N07 */
        CHECK_INT(cede_server_connections(server), 1);
        CHECK_ERROR(cede_RuntimeError, "server is closed",
                    cede_server_serve_forever(server));
    } cede_end
    return cede_none;
}

TEST(N07_connections_go_on_after_close)
{
    run(closing);
}

static cede_value waits_for_server(void *server)
{
    cede_server_wait_closed(server);
    CHECK_INT(cede_server_connections(server), 0);
    return cede_none;
}

static cede_value wait_closed(void *arg)
{
    cede_server *server = cede_start_server(echo, NULL, "127.0.0.1", 0);
    cede_defer (cede_unref, server);
    cede_stream *stream =
        cede_open_connection("127.0.0.1", cede_server_port(server));
    cede_defer (cede_unref, stream);

    (void)arg;
    check_echo(stream, "x");
    TASK(task, cede_create_task(waits_for_server, server));
    spin();
    CHECK(!cede_task_done(task));
    cede_server_close(server);
    for (int i = 0; i < 10; i++)
        spin();
    CHECK(!cede_task_done(task)); /* 3.12: the connection goes on */
    cede_stream_close(stream);
    AWAIT(task);
    cede_server_wait_closed(server);
    return cede_none;
}

TEST(N07_wait_closed_waits_for_connections)
{
    run(wait_closed);
}

static void drop_five(cede_stream **streams)
{
    for (int i = 0; i < 5; i++)
        cede_unref(streams[i]);
}

static cede_value close_clients(void *arg)
{
    char byte;

    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        cede_stream *streams[5] = {NULL};
        cede_defer (drop_five, streams);

        for (int i = 0; i < 5; i++) {
            streams[i] =
                cede_open_connection("127.0.0.1", cede_server_port(server));
            check_echo(streams[i], "x");
        }
        cede_server_close_clients(server);
        for (int i = 0; i < 5; i++)
            CHECK_INT(cede_stream_read(streams[i], &byte, 1), 0);
        while (cede_server_connections(server) > 0)
            spin();
        CHECK(cede_server_is_serving(server));
    } cede_end
    return cede_none;
}

TEST(close_clients)
{
    run(close_clients);
}

static void close_three(int *fds)
{
    for (int i = 0; i < 3; i++)
        raw_close(&fds[i]);
}

/* Connections whose tasks have not started when the server goes. */
static cede_value unstarted(void *arg)
{
    int fds[3] = {-1, -1, -1};
    cede_defer (close_three, fds);

    (void)arg;
    cede_server *server = cede_start_server(echo, NULL, "127.0.0.1", 0);
    cede_defer (cede_unref, server);
    for (int i = 0; i < 3; i++)
        fds[i] = raw_connect(cede_server_port(server));
    while (cede_server_connections(server) < 3 &&
           cede_server_is_serving(server))
        spin();
    cede_server_close(server);
    cede_server_close_clients(server);
    cede_server_wait_closed(server);
    return cede_none;
}

TEST(T02_connections_that_never_start)
{
    run(unstarted);
}

static int goodbyes;

static void says_goodbye(cede_stream *peer, void *arg)
{
    char byte;

    (void)arg;
    cede_try {
        cede_stream_read(peer, &byte, 1);
    } cede_finally {
        spin();
        cede_stream_write(peer, "bye", 3);
        goodbyes++;
    } cede_end
}

static void drop_stream(cede_stream **stream)
{
    cede_unref(*stream);
}

/* Leaving the block waits for what the handlers do at their end. */
static cede_value leaving(void *arg)
{
    cede_stream *stream = NULL;
    cede_defer (drop_stream, &stream);
    char bye[3];

    (void)arg;
    goodbyes = 0;
    cede_with (server, cede_start_server(says_goodbye, NULL, "127.0.0.1", 0)) {
        stream = cede_open_connection("127.0.0.1", cede_server_port(server));
        while (cede_server_connections(server) == 0)
            spin();
        spin();
    } cede_end
    CHECK_INT(goodbyes, 1);
    cede_stream_readexactly(stream, bye, 3);
    CHECK(is(bye, 3, "bye"));
    return cede_none;
}

TEST(leaving_the_block_waits_for_the_handlers, .shuffle = false)
{
    run(leaving);
}

static bool gate_open;

static void insists(cede_stream *peer, void *arg)
{
    (void)peer;
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_except (cede_CancelledError, e) {
        while (!gate_open)
            spin();
    } cede_end
    goodbyes++;
}

static cede_value serves_and_leaves(void *arg)
{
    (void)arg;
    cede_with (server, cede_start_server(insists, NULL, "127.0.0.1", 0)) {
        int fd = raw_connect(cede_server_port(server));
        cede_defer (raw_close, &fd);

        while (cede_server_connections(server) == 0)
            spin();
        spin();
    } cede_end
    return cede_none;
}

/* Being cancelled while it waits does not leave handlers behind. */
static cede_value cancelled_leaving(void *arg)
{
    TASK(task, cede_create_task(serves_and_leaves, NULL));

    (void)arg;
    goodbyes = 0;
    gate_open = false;
    for (int i = 0; i < 300; i++)
        spin();
    for (int i = 0; i < 3; i++) {
        cede_task_cancel(task, NULL);
        for (int j = 0; j < 10; j++)
            spin();
        CHECK(!cede_task_done(task));
    }
    gate_open = true;
    CHECK_CANCELLED(task);
    CHECK_INT(goodbyes, 1);
    return cede_none;
}

TEST(cancelled_while_it_waits_for_its_handlers, .shuffle = false)
{
    run(cancelled_leaving);
}

static cede_value serve(void *argument)
{
    int *port = argument;

    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        *port = cede_server_port(server);
        cede_server_serve_forever(server);
    } cede_end
    return cede_none;
}

static cede_value serve_cancelled(void *arg)
{
    int port = 0;
    TASK(task, cede_create_task(serve, &port));

    (void)arg;
    while (port == 0)
        spin();
    cede_stream *stream = cede_open_connection("127.0.0.1", port);
    cede_defer (cede_unref, stream);
    check_echo(stream, "x");
    CHECK(!cede_task_done(task));
    cede_task_cancel(task, NULL);
    CHECK_CANCELLED(task);
    CHECK_RAISES(cede_ConnectionRefusedError,
                 cede_unref(cede_open_connection("127.0.0.1", port)));
    return cede_none;
}

TEST(serve_forever_until_cancelled)
{
    run(serve_cancelled);
}

static cede_value serves(void *server)
{
    cede_server_serve_forever(server);
    return cede_none;
}

static cede_value serve_closed(void *arg)
{
    cede_server *server = cede_start_server(echo, NULL, "127.0.0.1", 0);
    cede_defer (cede_unref, server);
    TASK(task, cede_create_task(serves, server));

    (void)arg;
    spin();
    CHECK_ERROR(cede_RuntimeError,
                "server is already being awaited on serve_forever()",
                cede_server_serve_forever(server));
    cede_server_close(server);
    CHECK_CANCELLED(task);
    return cede_none;
}

/* Not tortured: without the first serve_forever the second does not end. */
TEST(close_ends_serve_forever, .shuffle = false, .torture = false)
{
    run(serve_closed);
}

static cede_value forgets_server(void *arg)
{
    cede_server *server = cede_start_server(echo, NULL, "127.0.0.1", 0);
    int port = cede_server_port(server);

    (void)arg;
    cede_unref(server);
    cede_stream *stream = cede_open_connection("127.0.0.1", port);
    cede_defer (cede_unref, stream);
    check_echo(stream, "x"); /* unref alone does not stop it */
    return cede_none;
}

TEST(a_server_nobody_closes_ends_with_its_loop)
{
    run(forgets_server);
}

static cede_value forgets_at_once(void *arg)
{
    (void)arg;
    cede_unref(cede_start_server(echo, NULL, "127.0.0.1", 0));
    return cede_none;
}

TEST(T02_a_server_that_never_accepts)
{
    run(forgets_at_once);
}

/* --- refusals --- */

static cede_value refused_server(void *arg)
{
    char message[160];
    int port, fd = raw_listen(&port);
    cede_defer (raw_close, &fd);
    cede_server_options huge = {.limit = SIZE_MAX};
    cede_client_connected nobody = NULL;

    (void)arg;
    snprintf(message, sizeof message,
             "[Errno 98] error while attempting to bind on address "
             "('127.0.0.1', %d): address already in use",
             port);
    CHECK_ERROR(cede_OSError, message,
                cede_unref(cede_start_server(echo, NULL, "127.0.0.1", port)));
    CHECK_RAISES(cede_OverflowError,
                 cede_unref(cede_start_server(echo, NULL, NULL, 65536)));
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_start_server(nobody, NULL, NULL, 0)));
    CHECK_RAISES(cede_ValueError,
                 cede_unref(cede_start_server_with_options(echo, NULL, NULL, 0,
                                                           &huge)));
    CHECK_RAISES(cede_OSError,
                 cede_unref(cede_start_server(echo, NULL, "192.0.2.1", 0)));
    return cede_none;
}

TEST(refused_servers)
{
    run(refused_server);
}

TEST(no_running_loop)
{
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_start_server(echo, NULL, NULL, 0)));
}

/* --- options --- */

static void limited(cede_stream *peer, void *arg)
{
    size_t size;

    (void)arg;
    CHECK_RAISES(cede_ValueError, cede_stream_readline(peer, &size));
    cede_stream_write(peer, "ok", 2);
}

static cede_value with_options(void *arg)
{
    cede_server_options options = {
        .backlog = 5, .limit = 10, .reuse_port = true};
    char ok[2];

    (void)arg;
    cede_with (server, cede_start_server_with_options(
                           limited, NULL, "127.0.0.1", 0, &options)) {
        cede_with (other, cede_start_server_with_options(
                              limited, NULL, "127.0.0.1",
                              cede_server_port(server), &options)) {
            cede_with (stream, cede_open_connection(
                                   "127.0.0.1", cede_server_port(server))) {
                cede_stream_write(stream, "more than ten bytes\n", 20);
                cede_stream_readexactly(stream, ok, 2);
                CHECK(is(ok, 2, "ok"));
            } cede_end
        } cede_end
    } cede_end
    return cede_none;
}

TEST(server_options)
{
    run(with_options);
}

/* --- out of descriptors --- */

static struct rlimit usual_limit;

static void limit_descriptors(int count)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &usual_limit);
    limit = usual_limit;
    limit.rlim_cur = (rlim_t)count;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void unlimit_descriptors(void)
{
    setrlimit(RLIMIT_NOFILE, &usual_limit);
}

static int highest_descriptor(void)
{
    int fd = dup(0);

    close(fd);
    return fd;
}

static cede_value exhausted(void *arg)
{
    int waiting[3];
    double before;

    (void)arg;
    take_notes();
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        int port = cede_server_port(server);
        cede_stream *served = cede_open_connection("127.0.0.1", port);

        check_echo(served, "served");
        for (int i = 0; i < 3; i++)
            waiting[i] = raw_connect(port);
        limit_descriptors(highest_descriptor());
        before = cede_loop_time(cede_get_running_loop());
        /* Three seconds of the loop's time: told once, tried again each. */
        cede_sleep(3.5);
        CHECK_STR(reports, "socket.accept() out of system resource: OSError;");
        CHECK(cede_loop_time(cede_get_running_loop()) - before < 4);
        check_echo(served, "still"); /* those it has are served */
        CHECK_INT(cede_server_connections(server), 1);
        /* One ends: there is room for one, at once. */
        cede_stream_close(served);
        cede_unref(served);
        while (cede_server_connections(server) > 0)
            spin();
        while (cede_server_connections(server) == 0)
            spin(); /* and so the clock stands still */
        unlimit_descriptors();
        cede_sleep(1.5);
        CHECK_INT(cede_server_connections(server), 3);
        for (int i = 0; i < 3; i++)
            raw_close(&waiting[i]);
    } cede_end
    return cede_none;
}

static bool under_valgrind(void)
{
#if __has_include(<valgrind/valgrind.h>)
    return RUNNING_ON_VALGRIND != 0;
#else
    return false;
#endif
}

TEST(out_of_descriptors, .shuffle = false, .torture = false)
{
    if (under_valgrind())
        SKIP("valgrind has a limit of its own and closes what is beyond");
    cede_value_unref(cede_run_simulated(exhausted, NULL));
}

/* Closing ends the pause. */
static cede_value closed_while_exhausted(void *arg)
{
    (void)arg;
    take_notes();
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        int fd = raw_connect(cede_server_port(server));
        cede_defer (raw_close, &fd);

        limit_descriptors(highest_descriptor());
        while (!*reports)
            spin();
    } cede_end
    unlimit_descriptors();
    return cede_none;
}

TEST(closed_while_out_of_descriptors, .torture = false)
{
    if (under_valgrind())
        SKIP("valgrind has a limit of its own and closes what is beyond");
    run(closed_while_exhausted);
}

/* A connection there is no memory for is closed, the next is served. */
static cede_value no_memory(void *arg)
{
    char byte;

    (void)arg;
    take_notes();
    for (int nth = 1; nth <= 4; nth++) {
        reports[0] = '\0';
        cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
            int port = cede_server_port(server);
            spin();
            int fd = raw_connect(port);
            cede_defer (raw_close, &fd);

            cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
            while (!*reports && cede_server_connections(server) == 0)
                spin();
            cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
            if (*reports) {
                CHECK_STR(reports,
                          "Error on transport creation for incoming "
                          "connection: MemoryError;");
                CHECK_INT(recv(fd, &byte, 1, 0), 0);
            }
            cede_with (next, cede_open_connection("127.0.0.1", port)) {
                check_echo(next, "next");
            } cede_end
        } cede_end
    }
    return cede_none;
}

TEST(no_memory_for_a_connection, .torture = false)
{
    run(no_memory);
}

/* --- a block whose wait is broken off --- */

static void disarm(enum cede__fault_kind *kind)
{
    cede__fault_arm(*kind, 0, 0);
}

static void slow_to_end(cede_stream *peer, void *ended)
{
    char byte;

    cede_try {
        cede_stream_read(peer, &byte, 1);
    } cede_finally {
        cede_shield_begin();
        cede_defer (cede_shield_end, NULL);

        cede_sleep(0);
        *(bool *)ended = true;
    } cede_end
}

static void leave_by_error(bool *ended)
{
    enum cede__fault_kind kind = CEDE__FAULT_RAISE;
    cede_defer (disarm, &kind);

    cede_with (server, cede_start_server(slow_to_end, ended, "127.0.0.1", 0)) {
        cede_with (client, cede_open_connection("127.0.0.1",
                                                cede_server_port(server))) {
            while (cede_server_connections(server) == 0)
                spin();
            cede_sleep(0); /* it reads */
            cede__fault_arm(kind, 1, 1);
        } cede_end
    } cede_end
}

static cede_value leave_in_any_case(void *arg)
{
    bool ended = false;

    (void)arg;
    CHECK_RAISES(cede_Exception, leave_by_error(&ended));
    CHECK(ended);
    return cede_none;
}

/* Whatever comes out of the wait at its end, the block ends after the tasks of
   the connections, for what they were lent. */
TEST(block_outlives_connections, .torture = false, .shuffle = false)
{
    run(leave_in_any_case);
}
