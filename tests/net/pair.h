/*
 * pair.h - a stream and, at its other end, a plain descriptor that the test
 * holds, so that it decides what arrives when
 *
 * Everything runs over loopback in one process. Nothing here sleeps: a task
 * that has to see something happen lets the others run until it has.
 */
#pragma once

#include "harness/harness.h"

#include "cede/lowlevel.h"
#include "cede/run.h"
#include "cede/server.h"
#include "cede/stream.h"
#include "cede/timeout.h"
#include "net/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define UNUSED_HELPER __attribute__((unused))

struct pair {
    cede_stream *stream;
    int raw; /* the other end, blocking; -1: closed */
};

/* A socket that listens on a free port of 127.0.0.1. */
UNUSED_HELPER static int raw_listen(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, 128) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        perror("raw_listen");
        abort();
    }
    *port = ntohs(address.sin_port);
    return fd;
}

UNUSED_HELPER static void raw_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* With SO_LINGER 0 the other side gets a reset. */
UNUSED_HELPER static void raw_reset(int *fd)
{
    struct linger linger = {1, 0};

    setsockopt(*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    raw_close(fd);
}

/* A blocking connection to a server of this process. */
UNUSED_HELPER static int raw_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

UNUSED_HELPER static void pair_close(struct pair *pair)
{
    cede_unref(pair->stream);
    pair->stream = NULL;
    raw_close(&pair->raw);
}

/*
 * Lets the others run once. What a task waits for may never come when a fault
 * was injected: then the wait ends with an exception.
 */
UNUSED_HELPER static void spin(void)
{
    static unsigned long turns;

    if (harness_torturing() && ++turns > 100000)
        cede_raise(cede_AssertionError, "it never happened");
    cede_sleep(0);
}

/* --- tasks of a test --- */

static cede_value await_one(void *task)
{
    cede_value_unref(cede_await(cede_ref((cede_task *)task)));
    return cede_none;
}

/* A task that lives no longer than the block that made it: what it points to
   is on that block's stack. */
UNUSED_HELPER static void end_task(cede_task **task)
{
    while (*task && !cede_task_done(*task)) {
        cede_exception *error;

        cede_task_cancel(*task, NULL);
        error = cede_catch(await_one, *task, NULL);
        cede_unref(error);
    }
    if (*task && !cede_task_cancelled(*task))
        cede_task_exception(*task);
    cede_unref(*task);
    *task = NULL;
}

#define TASK(name, ...) \
    cede_task *name = NULL; \
    cede_defer (end_task, &name); \
    name = (__VA_ARGS__)

enum { TASKS = 8 };

UNUSED_HELPER static void end_tasks(cede_task **tasks)
{
    for (int i = 0; i < TASKS; i++)
        end_task(&tasks[i]);
}

#define TASKS(name) \
    cede_task *name[TASKS] = {NULL}; \
    cede_defer (end_tasks, name)

#define AWAIT(task) cede_await(cede_ref(task))

/* --- both ends --- */

/* The caller defers pair_close before. */
UNUSED_HELPER static void pair_open(struct pair *pair)
{
    int port, listening = raw_listen(&port);
    cede_defer (raw_close, &listening);

    pair->stream = cede_open_connection("127.0.0.1", port);
    pair->raw = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    CHECK(pair->raw >= 0);
}

#define PAIR(name) \
    struct pair name = {NULL, -1}; \
    cede_defer (pair_close, &name); \
    pair_open(&name)

UNUSED_HELPER static void raw_send(int fd, const void *bytes, size_t size)
{
    CHECK_INT(send(fd, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
}

#define SEND(pair, text) raw_send((pair).raw, text, strlen(text))

/* How much the stream has in the kernel. */
UNUSED_HELPER static int arrived(const cede_stream *stream)
{
    int count = 0;

    if (stream->fd >= 0)
        ioctl(stream->fd, FIONREAD, &count);
    return count;
}

UNUSED_HELPER static void until_arrived(const cede_stream *stream, int count)
{
    while (arrived(stream) < count)
        spin();
}

UNUSED_HELPER static void until_reading(const cede_stream *stream)
{
    while (!stream->reading)
        spin();
}

UNUSED_HELPER static void until_writing(const cede_stream *stream)
{
    while (!stream->writing)
        spin();
}

/* A peer that sends byte by byte, each only when the one before has been
   read, and then, or when it fails, ends its side. */
struct dribble {
    struct pair *pair;
    const char *bytes;
    size_t size;
};

UNUSED_HELPER static void raw_end(int *fd)
{
    shutdown(*fd, SHUT_WR);
}

UNUSED_HELPER static cede_value dribble(void *argument)
{
    const struct dribble *all = argument;
    cede_defer (raw_end, &all->pair->raw);

    for (size_t i = 0; i < all->size; i++) {
        until_reading(all->pair->stream);
        raw_send(all->pair->raw, all->bytes + i, 1);
        until_arrived(all->pair->stream, 1);
        while (arrived(all->pair->stream) > 0)
            spin();
    }
    return cede_none;
}

UNUSED_HELPER static cede_task *start_dribble(struct pair *pair,
                                              const char *bytes)
{
    struct dribble all = {pair, bytes, strlen(bytes)};

    return cede_create_task_with(dribble, all);
}

/* Compares a view. */
UNUSED_HELPER static bool is(const void *view, size_t size, const char *text)
{
    return view != NULL && size == strlen(text) &&
           memcmp(view, text, size) == 0;
}

UNUSED_HELPER static void run(cede_value (*scenario)(void *))
{
    cede_value_unref(cede_run(scenario, NULL));
}

/* The task is to end cancelled. */
#define CHECK_CANCELLED(task) CHECK_RAISES(cede_CancelledError, AWAIT(task))

/* The statement must raise class with a message. */
#define CHECK_ERROR(class, message, statement) \
    do { \
        volatile bool raised_ = false; \
        cede_try { \
            statement; \
        } cede_except (class, error_) { \
            raised_ = true; \
            CHECK_STR(cede_exception_message(error_), message); \
        } cede_end \
        CHECK(raised_); \
    } while (0)

/* Fills what the kernel holds between the two ends, from the stream's side, so
   that the next write waits. Returns how much that was. */
UNUSED_HELPER static size_t fill_kernel(cede_stream *stream)
{
    static const char zeros[65536];
    size_t total = 0;

    for (int quiet = 0; quiet < 100;) {
        ssize_t sent = send(stream->fd, zeros, sizeof zeros,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent > 0) {
            total += (size_t)sent;
            quiet = 0;
        } else {
            quiet++;
            spin();
        }
    }
    return total;
}

/*
 * Fixes what the kernel holds between the two ends, so that a write of a
 * megabyte has to wait. Not smaller than a segment of loopback (64 KiB), or
 * TCP waits for its timers.
 */
UNUSED_HELPER static void small_buffers(const struct pair *pair)
{
    int size = 128 * 1024;

    setsockopt(pair->stream->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(pair->raw, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}
