/* add_reader replaces the reader a descriptor had; remove says if there was
   one. */
#include <cede.h>

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static cede_loop *loop;
static int pair[2];

static void print(void *text)
{
    cede_print((const char *)text);
}

static void receive(void *arg)
{
    char byte;

    (void)arg;
    cede_check((int)read(pair[0], &byte, 1));
    printf("new b'%c'\n", byte);
    cede_loop_stop(loop);
}

int main(void)
{
    bool removed[2];

    loop = cede_loop_new();
    cede_check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    cede_loop_add_reader(loop, pair[0], print, "old");
    cede_loop_add_reader(loop, pair[0], receive, NULL);
    cede_check((int)write(pair[1], "z", 1));
    cede_loop_run_forever(loop);
    for (int i = 0; i < 2; i++)
        removed[i] = cede_loop_remove_reader(loop, pair[0]);
    cede_print(removed[0], removed[1]);
    close(pair[0]);
    close(pair[1]);
    cede_loop_close(loop);
    cede_unref(loop);
}
