/*
 * http/cede.c PORT - cede, a task for every connection
 *
 * The shortest server that does what its peers do here; examples/http_hello.c
 * is a whole one.
 *
 * Config: nothing is tuned; TCP_NODELAY as ever.
 */
#define _GNU_SOURCE /* memmem */

#include <stdlib.h>

#include <cede.h>

#include "hello.h"
#include "limit.h"

static void converse(cede_stream *peer)
{
    struct hello_request request = {.keep_alive = true};
    char answer[HELLO_ANSWER];

    while (request.keep_alive) {
        size_t size;
        const char *head = cede_stream_readuntil(peer, "\r\n\r\n", 4, &size);

        if (!hello_parse(&request, head, size))
            return;
        cede_stream_write(peer, answer, hello_answer(answer, &request));
    }
}

static void greet(cede_stream *peer, void *arg)
{
    (void)arg;
    cede_try {
        converse(peer);
    } cede_except (cede_ConnectionError, e) {
        /* The client went away: nobody is left to tell. */
    } cede_except (cede_IncompleteReadError, e) {
        /* So it did, between requests as a rule. */
    } cede_end
}

static cede_value serve(void *port)
{
    cede_with (server, cede_start_server(greet, NULL, "127.0.0.1",
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
