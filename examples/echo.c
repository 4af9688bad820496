/* The shortest echo server; echo_server.c is the one with options. */
#include <cede.h>

static void echo(cede_stream *peer)
{
    char buf[4096];

    for (size_t n; (n = cede_stream_read(peer, buf, sizeof buf)) > 0;)
        cede_stream_write(peer, buf, n); /* waits while the peer is slow */
}

static void serve(int port)
{
    cede_with (server, cede_start_server(echo, "127.0.0.1", port))
        cede_server_serve_forever(server);
    cede_end
}

int main(void)
{
    cede_run(serve, 7777);
}
