/*
 * echo/st.c PORT BUFFER - State Threads
 *
 * Config: poll, since Debian builds it without epoll and select (its default)
 * ends at 1,024 connections; a thread of 64 KiB of stack for every connection,
 * buffer included. TCP_NODELAY.
 */
#include "listen.h"

#include <sys/types.h>

#include <st.h>

enum { STACK = 64 << 10 };

static size_t buffer_size = 4096;

static void *echo(void *arg)
{
    st_netfd_t peer = arg;
    char buffer[buffer_size];

    for (;;) {
        ssize_t got = st_read(peer, buffer, buffer_size, ST_UTIME_NO_TIMEOUT);

        if (got <= 0 || st_write(peer, buffer, (size_t)got,
                                 ST_UTIME_NO_TIMEOUT) != got)
            break;
    }
    st_netfd_close(peer);
    return NULL;
}

int main(int argc, char **argv)
{
    int fd = listen_on(argc > 1 ? argv[1] : "7777");
    st_netfd_t listener;

    if (argc > 2)
        buffer_size = (size_t)atol(argv[2]);
    /* ALT is epoll where that is built in, and else, silently, select. */
    st_set_eventsys(ST_EVENTSYS_POLL);
    if (st_init() < 0)
        fail("st_init");
    listener = st_netfd_open_socket(fd);
    for (;;) {
        st_netfd_t peer = st_accept(listener, NULL, NULL, ST_UTIME_NO_TIMEOUT);

        if (!peer)
            continue;
        set_nodelay(st_netfd_fileno(peer));
        if (!st_thread_create(echo, peer, 0,
                              STACK + (int)buffer_size - 4096))
            st_netfd_close(peer);
    }
}
