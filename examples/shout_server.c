/*
 * shout_server PORT [SECONDS]: sends each line back in capitals. A client that
 * is silent for SECONDS (30), or whose line is too long, is told so and
 * dropped; SIGINT and SIGTERM say goodbye to all. examples/libuv/ has the same
 * server in callbacks, and docs/coming-from-callbacks.md compares the two.
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cede.h>

#include "arguments.h"

enum { LINE_LIMIT = 1024 };

struct service {
    long port;
    long patience;        /* seconds that a client may be silent */
    cede_future *stopped; /* done when a signal has come */
};

/* One line, of which the stream lends a view; NULL at the end. */
static const char *next_line(cede_stream *peer, double patience, size_t *size)
{
    cede_timeout (silence, patience) {
        return cede_stream_readline(peer, size);
    } cede_end
    return NULL;
}

/* Last words, for who still listens. */
static void farewell(cede_stream *peer, const char *words)
{
    cede_timeout (patience, 1) {
        cede_stream_write(peer, words, strlen(words));
    } cede_except (cede_Exception) {
        /* Gone, or stuck in the middle of a line. */
    } cede_end
}

/* One client, from connect to disconnect, in a task of its own. */
static void shout(cede_stream *peer, const struct service *service)
{
    char capitals[LINE_LIMIT + 1];
    const char *line;
    size_t size;

    cede_try {
        while ((line = next_line(peer, (double)service->patience, &size))) {
            for (size_t i = 0; i < size; i++)
                capitals[i] = (char)toupper((unsigned char)line[i]);
            cede_stream_write(peer, capitals, size);
        }
    } cede_except (cede_TimeoutError) {
        farewell(peer, "too slow\n");
    } cede_except (cede_ValueError) {
        farewell(peer, "too long\n");
    } cede_except (cede_CancelledError) {
        farewell(peer, "goodbye\n");
        cede_reraise();
    } cede_except (cede_ConnectionError) {
        /* The client went away: nobody is left to tell. */
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
    cede_server_options options = {.limit = LINE_LIMIT};

    service->stopped = cede_loop_create_future(loop);
    cede_loop_add_signal_handler(loop, SIGINT, stop, service);
    cede_loop_add_signal_handler(loop, SIGTERM, stop, service);
    cede_with (server,
               cede_start_server_with_options(shout, service, "127.0.0.1",
                                              (int)service->port, &options)) {
        printf("listening on 127.0.0.1:%d\n", cede_server_port(server));
        fflush(stdout);
        cede_await(cede_ref(service->stopped));
    } cede_end /* says goodbye to every client, and waits for that */
}

int main(int argc, char **argv)
{
    struct service service = {.patience = 30};

    if (argc == 2 && !strcmp(argv[1], "--help")) {
        puts("usage: shout_server PORT [SECONDS]    PORT 0: any that is free");
        return 0;
    }
    if (argc < 2 || argc > 3 ||
        !parse_number(argv[1], 0, 65535, &service.port) ||
        (argc == 3 && !parse_number(argv[2], 0, 86400, &service.patience))) {
        fputs("usage: shout_server PORT [SECONDS]\n", stderr);
        return 2;
    }
    cede_run(serve, &service);
    cede_unref(service.stopped); /* the handlers are gone with the loop */
}
