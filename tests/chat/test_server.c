/*
 * The whole server in one process: it listens, is full, gets its signals and
 * says goodbye, with every fault and cancellation the harness has.
 */
#include "scene.h"

#include <signal.h>

#include "server.h"

static const struct options standard = {
    .host = "127.0.0.1",
    .max_clients = 1,
    .backlog_lines = 100,
    .line_bytes = 1024,
    .farewell = 1, /* for who was hit by a fault; others hang up */
};

struct act {
    const struct options *options;
    int said[2]; /* a pipe: what the server says on standard output */
    int output;  /* the standard output there was */
    bool listened, ended;
};

/* --- standard output, which says the port --- */

static void give_output_back(struct act *act)
{
    fflush(stdout);
    if (act->output >= 0)
        dup2(act->output, STDOUT_FILENO);
    raw_close(&act->output);
    raw_close(&act->said[0]);
    raw_close(&act->said[1]);
}

static void take_output(struct act *act)
{
    fflush(stdout);
    if (pipe2(act->said, O_CLOEXEC) < 0)
        cede_raise_errno(errno, "pipe");
    act->output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(act->said[1], STDOUT_FILENO);
}

/* Waits until the server listens; 0 if it has ended instead. */
static int port_of(struct act *act)
{
    char text[64] = "";
    int size = 0, port = 0;

    while (!act->ended && size == 0) {
        ioctl(act->said[0], FIONREAD, &size);
        spin();
    }
    if (size > 0 && read(act->said[0], text, sizeof text - 1) > 0)
        sscanf(text, "listening on 127.0.0.1:%d", &port);
    return port;
}

/* --- the play --- */

static void note_end(struct act *act)
{
    act->ended = true;
}

static void serve(struct act *act)
{
    cede_defer (note_end, act);

    act->listened = server_run(act->options);
}

/* The server handles it, unless it has ended. */
static void send_signal(struct act *act)
{
    if (!act->ended)
        kill(getpid(), SIGTERM);
}

static void visit(struct act *act)
{
    int port = port_of(act);
    cede_defer (send_signal, act);

    if (!port)
        return;
    cede_own (ada, cede_open_connection("127.0.0.1", port));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    cede_own (bob, cede_open_connection("127.0.0.1", port));
    hears(bob, "* the chat is full: try again later");
    hears_end(bob);
    cede_stream_close(bob);
    says(ada, "/who\n");
    hears(ada, "* in #lobby: guest1");
    send_signal(act);
    hears(ada, "* the chat ends: goodbye");
    hears_end(ada);
}

static void play(struct act *act)
{
    act->said[0] = act->said[1] = act->output = -1;
    cede_defer (give_output_back, act);
    take_output(act);

    cede_nursery (tasks) {
        cede_nursery_start_soon(tasks, serve, act);
        visit(act);
    } cede_end
}

/* Ada's connection is closed by then, so nobody waits for the farewell; Bob's
   is not heard of any more; the second signal hurries all that. */
TEST(a_day_of_a_server)
{
    struct act act = {.options = &standard};

    cede_run(play, &act);
    CHECK(act.listened);
    CHECK(act.ended);
}

/* --- a port that is taken --- */

static void listen_in_vain(void)
{
    struct options options = standard;
    int port, listening = raw_listen(&port);
    cede_defer (raw_close, &listening);

    options.port = port;
    CHECK(!server_run(&options));
}

static void be_refused(void *unused)
{
    (void)unused;
    cede_run(listen_in_vain);
}

TEST(a_port_that_is_taken)
{
    char said[256];

    harness_capture(be_refused, NULL, said, sizeof said);
    CHECK_CONTAINS(said, "chat: cannot listen: [Errno 98] ");
    CHECK_CONTAINS(said, "address already in use\n");
}
