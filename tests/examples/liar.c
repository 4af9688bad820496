/*
 * liar LIE: an echo server that lies to its clients, so that a test can see
 * them notice. It listens on any port, prints which, and runs until SIGTERM.
 *
 *   truth   every byte comes back
 *   flip    one bit of each 1000th byte comes back wrong
 *   short   the connection ends after 1000 bytes
 *   more    one more byte comes behind the last reply
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <cede.h>

enum { PERIOD = 1000 };

static const char *lie;

static void lie_to(cede_stream *peer)
{
    char data[512];
    size_t size, total = 0;

    while ((size = cede_stream_read(peer, data, sizeof data)) > 0) {
        for (size_t i = 0; i < size; i++)
            if (++total % PERIOD == 0 && !strcmp(lie, "flip"))
                data[i] ^= 1;
        if (total >= PERIOD && !strcmp(lie, "short"))
            return;
        cede_stream_write(peer, data, size);
    }
    if (!strcmp(lie, "more"))
        cede_stream_write(peer, "!", 1);
}

static void echo(cede_stream *peer, void *arg)
{
    (void)arg;
    cede_try {
        lie_to(peer);
    } cede_except (cede_ConnectionError, e) {
        /* The client noticed. */
    } cede_end
}

static void stop(void *task)
{
    cede_task_cancel(task, NULL);
}

static cede_value serve(void *arg)
{
    cede_task *main_task = cede_ref(cede_current_task());

    (void)arg;
    cede_defer (cede_unref, main_task);
    cede_loop_add_signal_handler(cede_get_running_loop(), SIGTERM, stop,
                                 main_task);
    cede_with (server, cede_start_server(echo, NULL, "127.0.0.1", 0)) {
        printf("listening on 127.0.0.1:%d\n", cede_server_port(server));
        fflush(stdout);
        cede_server_serve_forever(server);
    } cede_except (cede_CancelledError, e) {
        /* as SIGTERM wants it */
    } cede_finally {
        cede_loop_remove_signal_handler(cede_get_running_loop(), SIGTERM);
    } cede_end
    return cede_none;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    lie = argv[1];
    cede_run(serve, NULL);
}
