/* The shortest echo server; echo_server.c is the one with options. */
#include <cede.h>

static void echo(cede_stream *peer, void *arg)
{
    char buf[4096];

    (void)arg;
    for (size_t n; (n = cede_stream_read(peer, buf, sizeof buf)) > 0;)
        cede_stream_write(peer, buf, n); /* waits while the peer is slow */
}

static cede_value serve(void *port)
{
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", *(int *)port))
        cede_server_serve_forever(server);
    cede_end
    return cede_none;
}

int main(void)
{
    cede_run(serve, &(int){7777});
}
