/* In one iteration: what was ready, then I/O, then timers that are due. */
#include <cede.h>

#include <sys/socket.h>
#include <unistd.h>

static cede_loop *loop;
static int pair[2];

static void print(void *text)
{
    cede_print((const char *)text);
}

static void stop(void *arg)
{
    (void)arg;
    cede_loop_stop(loop);
}

static void readable(void *arg)
{
    char buffer[10];

    (void)arg;
    cede_print("io");
    cede_check((int)read(pair[0], buffer, sizeof buffer));
    cede_loop_remove_reader(loop, pair[0]);
}

int main(void)
{
    loop = cede_loop_new_with(&(cede_loop_options){.simulated = true});
    cede_check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
    cede_check((int)write(pair[1], "x", 1));
    cede_loop_add_reader(loop, pair[0], readable, NULL);
    cede_loop_call_later(loop, 0, print, "timer 0");
    cede_loop_call_soon(loop, print, "soon");
    cede_loop_call_later(loop, 1, stop, NULL);
    cede_loop_run_forever(loop);
    close(pair[0]);
    close(pair[1]);
    cede_loop_close(loop);
    cede_unref(loop);
}
