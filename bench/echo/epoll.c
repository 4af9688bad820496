/*
 * echo/epoll.c PORT - the bare mechanism: epoll by hand
 *
 * What cede is measured against first, so it is the quickest that was found.
 *
 * Config: level triggered, one epoll_ctl per connection, one recv and one send
 * per request, one buffer for all, and no state for a connection unless its
 * peer is slow. TCP_NODELAY.
 */
#include "listen.h"

#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 512, FILES = 1 << 16 };

/* What a slow peer has not taken yet. */
struct rest {
    size_t start, size;
    char bytes[];
};

static struct rest *rests[FILES]; /* by descriptor */
static char buffer[65536];
static int epoll_fd;

static void watch(int operation, int fd, unsigned events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    if (epoll_ctl(epoll_fd, operation, fd, &event) < 0)
        fail("epoll_ctl");
}

static void drop(int fd)
{
    free(rests[fd]);
    rests[fd] = NULL;
    close(fd);
}

static void welcome(int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL,
                         SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        set_nodelay(fd);
        watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
}

/* Keeps what was not sent, and reads no more until it is. */
static void keep(int fd, const char *bytes, size_t size)
{
    struct rest *rest = malloc(sizeof *rest + size);

    if (!rest) {
        drop(fd);
        return;
    }
    *rest = (struct rest){.size = size};
    memcpy(rest->bytes, bytes, size);
    rests[fd] = rest;
    watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static void go_on(int fd)
{
    struct rest *rest = rests[fd];
    ssize_t sent = send(fd, rest->bytes + rest->start,
                        rest->size - rest->start, MSG_NOSIGNAL);

    if (sent < 0) {
        if (errno != EAGAIN)
            drop(fd);
        return;
    }
    rest->start += (size_t)sent;
    if (rest->start < rest->size)
        return;
    free(rest);
    rests[fd] = NULL;
    watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

static void echo(int fd)
{
    ssize_t got = recv(fd, buffer, sizeof buffer, 0), sent;

    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            drop(fd);
        return;
    }
    sent = send(fd, buffer, (size_t)got, MSG_NOSIGNAL);
    if (sent == got)
        return;
    if (sent < 0 && errno != EAGAIN)
        drop(fd);
    else
        keep(fd, buffer + (sent < 0 ? 0 : sent),
             (size_t)(got - (sent < 0 ? 0 : sent)));
}

int main(int argc, char **argv)
{
    static struct epoll_event events[EVENTS];
    int listener = listen_on(argc > 1 ? argv[1] : "7777");

    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, listener, EPOLLIN);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, EVENTS, -1);

        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;

            if (fd == listener)
                welcome(listener);
            else if (rests[fd])
                go_on(fd);
            else
                echo(fd);
        }
    }
}
