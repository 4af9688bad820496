/*
 * Connecting: numeric addresses, names, IPv6, refusals, cancellation. Rule
 * N02.
 */
#include "net/pair.h"

#include "base/memory.h"
#include "net/resolve.h"

#include <errno.h>
#include <sched.h>

/* A port of 127.0.0.1 that nobody listens on: bound, and then let go. */
static int dead_port(void)
{
    int port, fd = raw_listen(&port);

    close(fd);
    return port;
}

/*
 * Runs a scenario that leaves lookups to themselves and waits until they have
 * given back what they hold.
 */
static void run_and_settle(cede_function body)
{
    size_t before = cede__memory_live();
    cede_exception *error = cede_catch(body, NULL, NULL);

    CHECK_PTR(error, NULL);
    cede_unref(error);
    while (cede__memory_live() > before)
        sched_yield();
}

/* --- refusals --- */

static cede_value refused(void *arg)
{
    char message[128];
    int port = dead_port();

    (void)arg;
    snprintf(message, sizeof message,
             "[Errno 111] Connect call failed ('127.0.0.1', %d)", port);
    CHECK_ERROR(cede_ConnectionRefusedError, message,
                cede_unref(cede_open_connection("127.0.0.1", port)));
    cede_try {
        cede_unref(cede_open_connection("127.0.0.1", port));
    } cede_except (cede_OSError, e) {
        CHECK_INT(cede_exception_errno(e), ECONNREFUSED);
    } cede_end
    return cede_none;
}

TEST(N02_refused)
{
    run(refused);
}

static cede_value bad_arguments(void *arg)
{
    (void)arg;
    CHECK_ERROR(cede_OverflowError, "port must be 0-65535, not 65536",
                cede_unref(cede_open_connection("127.0.0.1", 65536)));
    CHECK_ERROR(cede_OverflowError, "port must be 0-65535, not -1",
                cede_unref(cede_open_connection("127.0.0.1", -1)));
    CHECK_RAISES(cede_ValueError, cede_unref(cede_open_connection(NULL, 80)));
    CHECK_RAISES(cede_ValueError, cede_unref(cede_open_connection("", 80)));
    return cede_none;
}

TEST(bad_arguments)
{
    run(bad_arguments);
}

static cede_value unresolvable(void *arg)
{
    (void)arg;
    cede_try {
        cede_timeout (deadline, 8) {
            CHECK_ERROR(
                cede_gaierror, "[Errno -2] Name or service not known",
                cede_unref(cede_open_connection("no-such-host.invalid", 80)));
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        harness_skip("the resolver does not answer");
    } cede_end
    return cede_none;
}

TEST(unresolvable_name, .torture = false)
{
    run(unresolvable);
}

/* --- names --- */

static void ignore(cede_stream *peer, void *arg)
{
    char byte;

    (void)arg;
    cede_stream_read(peer, &byte, 1);
}

static cede_value localhost(void *arg)
{
    (void)arg;
    cede_with (server, cede_start_server(ignore, NULL, NULL, 0)) {
        cede_with (stream, cede_open_connection("localhost",
                                                cede_server_port(server))) {
            CHECK_INT(cede_stream_peer_port(stream), cede_server_port(server));
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value run_localhost(void *arg)
{
    return cede_run(localhost, arg);
}

TEST(localhost_by_name)
{
    run_and_settle(run_localhost);
}

static cede_value resolve_localhost(void *arg)
{
    (void)arg;
    cede__free(cede__resolve("localhost", 80));
    return cede_none;
}

/* The thread of a lookup nobody waits for gives back what it holds. */
static cede_value cancelled_lookup(void *arg)
{
    (void)arg;
    for (int turns = 0; turns < 4; turns++) {
        TASK(task, cede_create_task(resolve_localhost, NULL));

        for (int i = 0; i < turns; i++)
            spin();
        cede_task_cancel(task, NULL);
        cede_try {
            AWAIT(task);
        } cede_except (cede_CancelledError, e) {
        } cede_end
    }
    return cede_none;
}

static cede_value run_cancelled_lookup(void *arg)
{
    return cede_run(cancelled_lookup, arg);
}

TEST(a_cancelled_lookup)
{
    run_and_settle(run_cancelled_lookup);
}

static cede_value numeric(void *arg)
{
    cede__addresses *list;

    (void)arg;
    list = cede__resolve("::1", 7);
    CHECK_INT(list->count, 1);
    CHECK_INT(list->items[0].any.sa_family, AF_INET6);
    cede__free(list);
    list = cede__resolve("10.1.2.3", 7);
    CHECK_INT(list->items[0].any.sa_family, AF_INET);
    CHECK_INT(cede__address_port(&list->items[0]), 7);
    cede__free(list);
    return cede_none;
}

TEST(numeric_addresses_need_no_lookup)
{
    run(numeric);
}

static void check_texts(const char *host, const char *text, const char *repr)
{
    cede__address address;
    char buffer[CEDE__ADDRESS_TEXT];

    CHECK(cede__address_parse(&address, host, 5000));
    cede__address_text(&address, buffer);
    CHECK_STR(buffer, text);
    cede__address_repr(&address, buffer);
    CHECK_STR(buffer, repr);
}

TEST(addresses_as_text)
{
    cede__address address;

    check_texts("127.0.0.1", "127.0.0.1:5000", "('127.0.0.1', 5000)");
    check_texts("::1", "[::1]:5000", "('::1', 5000, 0, 0)");
    check_texts("2001:DB8::0:1", "[2001:db8::1]:5000",
                "('2001:db8::1', 5000, 0, 0)");
    CHECK(cede__address_parse(&address, "fe80::1", 80));
    address.v6.sin6_scope_id = 3;
    char buffer[CEDE__ADDRESS_TEXT];
    cede__address_text(&address, buffer);
    CHECK_STR(buffer, "[fe80::1%3]:80");
    CHECK(!cede__address_parse(&address, "1.2.3", 80));
    CHECK(!cede__address_parse(&address, "localhost", 80));
    CHECK(!cede__address_parse(&address, "[::1]", 80));
    CHECK(!cede__address_parse(&address, "", 80));
}

/* --- IPv6 --- */

static bool have_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool have = fd >= 0 && bind(fd, (struct sockaddr *)&address,
                                sizeof address) == 0;

    raw_close(&fd);
    return have;
}

static void echo(cede_stream *peer, void *arg)
{
    const void *view;
    size_t size;

    (void)arg;
    while ((view = cede_stream_next(peer, &size)) != NULL)
        cede_stream_write(peer, view, size);
}

static cede_value ipv6(void *arg)
{
    char expected[32], answer[4];

    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, "::1", 0)) {
        cede_with (stream,
                   cede_open_connection("::1", cede_server_port(server))) {
            snprintf(expected, sizeof expected, "[::1]:%d",
                     cede_server_port(server));
            CHECK_STR(cede_stream_peername(stream), expected);
            CHECK_CONTAINS(cede_stream_sockname(stream), "[::1]:");
            cede_stream_write(stream, "ping", 4);
            cede_stream_readexactly(stream, answer, 4);
            CHECK(is(answer, 4, "ping"));
        } cede_end
        char message[128];

        snprintf(message, sizeof message,
                 "[Errno 98] error while attempting to bind on address "
                 "('::1', %d, 0, 0): address already in use",
                 cede_server_port(server));
        CHECK_ERROR(cede_OSError, message,
                    cede_unref(cede_start_server(echo, NULL, "::1",
                                                 cede_server_port(server))));
    } cede_end
    return cede_none;
}

TEST(N02_echo_over_ipv6)
{
    if (!have_ipv6())
        SKIP("no ::1");
    run(ipv6);
}

static cede_value both_families(void *arg)
{
    (void)arg;
    cede_with (server, cede_start_server(echo, NULL, NULL, 0)) {
        int port = cede_server_port(server);

        cede_unref(cede_open_connection("127.0.0.1", port));
        cede_unref(cede_open_connection("::1", port));
    } cede_end
    return cede_none;
}

TEST(all_addresses_on_one_port)
{
    if (!have_ipv6())
        SKIP("no ::1");
    run(both_families);
}

/* --- cancellation --- */

static cede_value connects(void *argument)
{
    cede_unref(cede_open_connection("127.0.0.1", *(int *)argument));
    return cede_none;
}

/*
 * A listening socket whose queue is full answers nothing, so that a connection
 * to it stays under way. The caller closes what is in fds.
 */
static int full_queue(int *fds, int count)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(fds[0], (struct sockaddr *)&address, sizeof address);
    listen(fds[0], 0);
    getsockname(fds[0], (struct sockaddr *)&address, &size);
    for (int i = 1; i < count; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                        0);
        (void)!connect(fds[i], (struct sockaddr *)&address, sizeof address);
    }
    return ntohs(address.sin_port);
}

enum { QUEUE = 5 };

static void close_queue(void *fds)
{
    for (int i = 0; i < QUEUE; i++)
        raw_close((int *)fds + i);
}

/* Cancelled before it starts, as it starts, and while the kernel connects: the
   harness looks for the socket afterwards. */
static cede_value cancelled_connect(void *arg)
{
    int fds[QUEUE];
    cede_defer (close_queue, fds);
    int port = full_queue(fds, QUEUE);

    (void)arg;
    for (int turns = 0; turns < 3; turns++) {
        TASK(task, cede_create_task_with(connects, port));

        for (int i = 0; i < turns; i++)
            spin();
        CHECK(!cede_task_done(task));
        cede_task_cancel(task, NULL);
        CHECK_CANCELLED(task);
    }
    return cede_none;
}

TEST(a_cancelled_connect_closes_its_socket)
{
    run(cancelled_connect);
}

static cede_value timed_connect(void *arg)
{
    int fds[QUEUE];
    cede_defer (close_queue, fds);
    int port = full_queue(fds, QUEUE);

    (void)arg;
    CHECK_RAISES(cede_TimeoutError, {
        cede_timeout (deadline, 2.5) {
            cede_unref(cede_open_connection("127.0.0.1", port));
        } cede_end
    });
    return cede_none;
}

TEST(a_connect_in_a_timeout)
{
    cede_value_unref(cede_run_simulated(timed_connect, NULL));
}

/* --- a loop that ends over a connection --- */

static cede_value leaves_tasks(void *argument)
{
    cede_unref(cede_create_task_with(connects, *(int *)argument));
    cede_unref(cede_create_task(resolve_localhost, NULL));
    cede_sleep(0);
    return cede_none;
}

static cede_value run_and_leave(void *arg)
{
    int fds[QUEUE];
    cede_defer (close_queue, fds);
    int port = full_queue(fds, QUEUE);

    (void)arg;
    return cede_run(leaves_tasks, &port);
}

TEST(a_program_that_ends_while_connecting)
{
    run_and_settle(run_and_leave);
}

/* The loop is closed over them by hand. */
static cede_value close_loop_over_them(void *arg)
{
    int fds[QUEUE];
    cede_defer (close_queue, fds);
    int port = full_queue(fds, QUEUE);
    cede_loop *loop = cede_loop_new();
    cede_defer (cede_unref, loop);
    cede_defer (cede_loop_close, loop);

    (void)arg;
    cede_unref(cede_loop_create_task(loop, connects, &port));
    cede_unref(cede_loop_create_task(loop, resolve_localhost, NULL));
    cede_loop_run_once(loop, 0);
    cede_loop_run_once(loop, 0);
    return cede_none;
}

TEST(a_loop_closed_while_connecting)
{
    run_and_settle(close_loop_over_them);
}
