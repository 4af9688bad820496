/*
 * CEDE_DEBUG=1: streams, servers and descriptors that are used after their
 * end.
 */
#include "net/pair.h"
#include "value/released.h"

#include "cede/lowlevel.h"

static void serve_nobody(cede_stream *peer, void *argument)
{
    (void)peer;
    (void)argument;
}

static void ask_server(cede_server *server)
{
    CHECK_RELEASED("Server", cede_server_port(server));
    CHECK_RELEASED("Server", cede_server_is_serving(server));
    CHECK_RELEASED("Server", cede_server_connections(server));
    CHECK_RELEASED("Server", cede_server_serve_forever(server));
    CHECK_RELEASED("Server", cede_server_close(server));
    CHECK_RELEASED("Server", cede_server_close_clients(server));
    CHECK_RELEASED("Server", cede_server_wait_closed(server));
}

static void read_stream(cede_stream *stream)
{
    char bytes[8];
    size_t size;

    CHECK_RELEASED("Stream", cede_stream_read(stream, bytes, 8));
    CHECK_RELEASED("Stream", cede_stream_read(stream, bytes, 0));
    CHECK_RELEASED("Stream", cede_stream_readexactly(stream, bytes, 8));
    CHECK_RELEASED("Stream", cede_stream_readexactly(stream, bytes, 0));
    CHECK_RELEASED("Stream", cede_stream_readuntil(stream, "\n", 1, &size));
    CHECK_RELEASED("Stream", cede_stream_readline(stream, &size));
    CHECK_RELEASED("Stream", cede_stream_next(stream, &size));
    CHECK_RELEASED("Stream", cede_value_unref(cede_stream_read_all(stream)));
    CHECK_RELEASED("Stream", cede_stream_at_eof(stream));
}

static void ask_stream(cede_stream *stream)
{
    CHECK_RELEASED("Stream", cede_stream_set_limit(stream, 8));
    CHECK_RELEASED("Stream", cede_stream_write(stream, "x", 1));
    CHECK_RELEASED("Stream", cede_stream_write(stream, "x", 0));
    CHECK_RELEASED("Stream", cede_stream_write_eof(stream));
    CHECK_RELEASED("Stream", cede_stream_close(stream));
    CHECK_RELEASED("Stream", cede_stream_is_closing(stream));
    CHECK_RELEASED("Stream", cede_stream_wait_closed(stream));
    CHECK_RELEASED("Stream", cede_stream_peername(stream));
    CHECK_RELEASED("Stream", cede_stream_sockname(stream));
    CHECK_RELEASED("Stream", cede_stream_peer_port(stream));
    CHECK_RELEASED("Stream", cede_stream_sock_port(stream));
    CHECK_RELEASED("Stream", cede_stream_set_nodelay(stream, true));
    CHECK_RELEASED("Stream", cede_stream_fileno(stream));
}

static cede_value use_them(void *unused)
{
    (void)unused;
    cede_with (server, cede_start_server(serve_nobody, NULL, "127.0.0.1", 0)) {
        cede_stream *stream =
            cede_open_connection("127.0.0.1", cede_server_port(server));

        gone(stream);
        read_stream(stream);
        ask_stream(stream);
    } cede_end
    return cede_none;
}

TEST(a_stream_is_not_used_after_its_release)
{
    debug();
    cede_run(use_them, NULL);
}

static cede_value use_server(void *unused)
{
    cede_server *server = NULL;

    (void)unused;
    cede_keep(server);
    cede_with (s, cede_start_server(serve_nobody, NULL, "127.0.0.1", 0))
        server = s;
    cede_end
    ask_server(server);
    return cede_none;
}

TEST(a_server_is_not_used_after_its_release)
{
    debug();
    cede_run(use_server, NULL);
}

static cede_value use_descriptor(void *unused)
{
    cede_descriptor *descriptor = gone(cede_descriptor_new(0));

    (void)unused;
    CHECK_RELEASED("descriptor", cede_descriptor_wait_readable(descriptor));
    CHECK_RELEASED("descriptor", cede_descriptor_wait_writable(descriptor));
    CHECK_RELEASED("descriptor", cede_descriptor_close(descriptor));
    return cede_none;
}

TEST(a_descriptor_is_not_used_after_its_release)
{
    debug();
    cede_run(use_descriptor, NULL);
}
