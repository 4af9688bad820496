/*
 * A server that adds up the numbers it is sent, one per line, and its clients,
 * in one program. Each connection has a task, and a sum, of its own.
 */
#include <cede.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* One connection: the averager of chapter 3, with a socket in place of send. */
static void add_up(cede_stream *peer, void *arg)
{
    const char *line;
    char text[32];
    size_t size;
    long sum = 0;

    (void)arg;
    while ((line = cede_stream_readline(peer, &size)) != NULL) {
        sum += strtol(line, NULL, 10); /* ends at the "\n" */
        cede_stream_write(peer, text,
                          (size_t)snprintf(text, sizeof text, "%ld\n", sum));
    }
}

struct client {
    int port;
    int step; /* sends step, 2 * step, 3 * step */
};

static cede_value ask(const struct client *me)
{
    char text[32];
    int64_t answer = 0;
    size_t size;

    cede_keep(answer);
    cede_with (server, cede_open_connection("127.0.0.1", me->port)) {
        for (int i = 1; i <= 3; i++) {
            int length = snprintf(text, sizeof text, "%d\n", i * me->step);

            cede_stream_write(server, text, (size_t)length);
            answer = strtol(cede_stream_readline(server, &size), NULL, 10);
        }
    } cede_end
    return cede_int(answer);
}

static void both_sides(void)
{
    cede_value sums[3];

    cede_with (server, cede_start_server(add_up, NULL, "127.0.0.1", 0)) {
        int port = cede_server_port(server);

        cede_gather(sums,
                    cede_create_task_with(ask, ((struct client){port, 1})),
                    cede_create_task_with(ask, ((struct client){port, 10})),
                    cede_create_task_with(ask, ((struct client){port, 100})));
        for (int i = 0; i < 3; i++)
            printf("%" PRId64 "\n", cede_value_int(sums[i]));
    } cede_end
}

int main(void)
{
    cede_run(both_sides);
}
