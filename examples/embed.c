/*
 * A loop inside another. This program has an epoll loop of its own, as many
 * have that are older than their asyncio, and gives cede a turn whenever cede
 * has something to do: I/O shows on cede_loop_fd, time in cede_loop_timeout.
 */
#include <cede.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- cede's part: sequential code that waits where it likes --- */

static size_t receive(cede_descriptor *descriptor, int fd, char *text,
                      size_t size)
{
    ssize_t count;

    while ((count = recv(fd, text, size, 0)) < 0) {
        if (errno != EAGAIN)
            cede_raise_errno(errno, "recv");
        cede_descriptor_wait_readable(descriptor);
    }
    return (size_t)count;
}

static void answer(int fd)
{
    cede_own (descriptor, cede_descriptor_new(fd));
    char text[64], reply[128];
    size_t count;

    cede_defer (cede_descriptor_close, descriptor);
    while ((count = receive(descriptor, fd, text, sizeof text)) > 0) {
        int length = snprintf(reply, sizeof reply, "%.*s to you", (int)count,
                              text);

        cede_sleep(0.01);
        if (send(fd, reply, (size_t)length, 0) < 0)
            cede_raise_errno(errno, "send");
    }
}

/* --- the host's --- */

static const char *const greetings[] = {"good morning", "hello", "good night"};

static void watch(int host, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(host, EPOLL_CTL_ADD, fd, &event) < 0)
        cede_raise_errno(errno, "epoll_ctl");
}

/* Says the next greeting, or that there are no more. */
static void greet(int fd)
{
    static size_t next;

    if (next == sizeof greetings / sizeof *greetings)
        shutdown(fd, SHUT_WR);
    else if (dprintf(fd, "%s", greetings[next++]) < 0)
        cede_raise_errno(errno, "dprintf");
}

static void hear(int fd)
{
    char text[128];
    ssize_t count = recv(fd, text, sizeof text, 0);

    if (count <= 0)
        return;
    printf("%.*s\n", (int)count, text);
    greet(fd);
}

/* How long the host may wait before cede wants a turn, in milliseconds. */
static int patience(cede_loop *loop)
{
    double seconds = cede_loop_timeout(loop);

    return seconds > 1e6 ? -1 : (int)ceil(seconds * 1000);
}

int main(void)
{
    cede_loop *loop =
        cede_loop_new_with(&(cede_loop_options){.poller = "epoll"});
    int ends[2], host = epoll_create1(EPOLL_CLOEXEC);
    cede_task *task;

    if (host < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
        cede_raise_errno(errno, "socketpair");
    watch(host, ends[0]);
    watch(host, cede_loop_fd(loop));
    task = cede_loop_create_task(loop, answer, ends[1]);
    greet(ends[0]);
    while (!cede_task_done(task)) {
        struct epoll_event events[2];
        int count = epoll_wait(host, events, 2, patience(loop));

        for (int i = 0; i < count; i++)
            if (events[i].data.fd == ends[0])
                hear(ends[0]);
        cede_loop_run_once(loop, 0);
    }
    cede_task_result(task);
    cede_unref(task);
    cede_loop_close(loop);
    cede_unref(loop);
    close(ends[0]);
    close(ends[1]);
    close(host);
}
