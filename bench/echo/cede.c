/*
 * echo/cede.c PORT - cede, as examples/echo_server.c writes it
 *
 * A task for every connection, with a stack of its own that has a guard.
 *
 * Config: nothing is tuned; TCP_NODELAY as ever.
 */
#include <stdlib.h>

#include <cede.h>

#include "limit.h"

static void echo(cede_stream *peer, void *arg)
{
    (void)arg;
    cede_try {
        const void *data;
        size_t size;

        while ((data = cede_stream_next(peer, &size)) != NULL)
            cede_stream_write(peer, data, size);
    } cede_except (cede_ConnectionError, e) {
        /* The client went away: nobody is left to tell. */
    } cede_end
}

static cede_value serve(void *port)
{
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1",
                                         *(int *)port))
        cede_server_serve_forever(server);
    cede_end
    return cede_none;
}

int main(int argc, char **argv)
{
    raise_limit();
    cede_run(serve, &(int){argc > 1 ? atoi(argv[1]) : 7777});
}
