/*
 * http/epoll.c PORT - the bare mechanism: epoll by hand
 *
 * Config: as echo/epoll.c: level triggered, one epoll_ctl per connection, one
 * buffer for all; a connection has memory of its own only while a request of
 * its is incomplete. An answer that the kernel does not take at once, which a
 * client that reads never causes, ends the connection. TCP_NODELAY.
 */
#include "listen.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "hello.h"

enum { EVENTS = 512, FILES = 1 << 16, ROOM = 65536 };

struct part {
    size_t size;
    char bytes[];
};

static struct part *parts[FILES]; /* of a request, by descriptor */
static char input[HELLO_MOST + ROOM], output[ROOM];
static int epoll_fd;

static void watch(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("epoll_ctl");
}

static void forget(int fd)
{
    free(parts[fd]);
    parts[fd] = NULL;
}

static void drop(int fd)
{
    forget(fd);
    close(fd);
}

static void welcome(int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL,
                         SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        set_nodelay(fd);
        watch(fd);
    }
}

/* Keeps the beginning of a request for the next time. */
static void keep(int fd, const char *bytes, size_t size)
{
    parts[fd] = malloc(sizeof *parts[fd] + size);
    if (!parts[fd])
        fail("malloc");
    parts[fd]->size = size;
    memcpy(parts[fd]->bytes, bytes, size);
}

static void greet(int fd)
{
    size_t held = 0, used = 0;
    bool last;
    ssize_t got;
    long made;

    if (parts[fd]) {
        held = parts[fd]->size;
        memcpy(input, parts[fd]->bytes, held);
        forget(fd);
    }
    /* Answers to this much fit into the output. */
    got = recv(fd, input + held, HELLO_MOST, 0);
    if (got <= 0) {
        drop(fd);
        return;
    }
    held += (size_t)got;
    made = hello_converse(input, held, output, sizeof output, &used, &last);
    if (made < 0 ||
        (made > 0 &&
         send(fd, output, (size_t)made, MSG_NOSIGNAL) != made) ||
        last) {
        drop(fd);
        return;
    }
    if (used < held)
        keep(fd, input + used, held - used);
}

int main(int argc, char **argv)
{
    static struct epoll_event events[EVENTS];
    int listener = listen_on(argc > 1 ? argv[1] : "7777");

    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    watch(listener);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, EVENTS, -1);

        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;

            if (fd == listener)
                welcome(listener);
            else
                greet(fd);
        }
    }
}
