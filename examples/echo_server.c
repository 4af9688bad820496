/*
 * echo_server PORT [HOST]: sends back whatever it is sent, to thousands of
 * clients at once, on one thread. SIGINT and SIGTERM end it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <cede.h>

#include "arguments.h"
#include "limits.h"

struct service {
    const char *host;
    long port;            /* 0: any that is free */
    cede_future *stopped; /* done when a signal has come */
};

/* One client, from connect to disconnect, in a task of its own. */
static void echo(cede_stream *peer)
{
    cede_try {
        const void *data;
        size_t size;

        /* next waits for bytes and lends them; write waits for a slow peer. */
        while ((data = cede_stream_next(peer, &size)) != NULL)
            cede_stream_write(peer, data, size);
    } cede_except (cede_ConnectionError, e) {
        /* The client went away in the middle: nobody is left to tell. */
    } cede_end
}

static void stop(struct service *service)
{
    if (!cede_future_done(service->stopped))
        cede_future_set_result(service->stopped, cede_none);
}

static void serve(struct service *service)
{
    cede_loop *loop = cede_get_running_loop();

    service->stopped = cede_loop_create_future(loop);
    cede_loop_add_signal_handler(loop, SIGINT, stop, service);
    cede_loop_add_signal_handler(loop, SIGTERM, stop, service);
    cede_with (server, cede_start_server(echo, service->host,
                                         (int)service->port)) {
        printf("listening on %s:%d\n", service->host,
               cede_server_port(server));
        fflush(stdout);
        cede_await(cede_ref(service->stopped));
    } cede_end /* closes the server and every connection */
}

int main(int argc, char **argv)
{
    struct service service = {.host = argc == 3 ? argv[2] : "127.0.0.1"};

    if (argc == 2 && !strcmp(argv[1], "--help")) {
        puts("usage: echo_server PORT [HOST]    PORT 0: any that is free");
        return 0;
    }
    if (argc < 2 || argc > 3 ||
        !parse_number(argv[1], 0, 65535, &service.port)) {
        fputs("usage: echo_server PORT [HOST]\n", stderr);
        return 2;
    }
    raise_open_file_limit();
    cede_run(serve, &service);
    cede_unref(service.stopped); /* the handlers are gone with the loop */
}
