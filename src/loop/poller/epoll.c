/*
 * epoll.c - the poller of Linux (see loop/poller.h, epoll(7))
 *
 * Knows: one epoll instance and the batch of events fetched last. A watch that
 * is removed is taken out of what is left of the batch, because the batch
 * holds its address.
 */
#include <errno.h>
#include <sys/epoll.h>

#include "base/memory.h"
#include "base/system.h"
#include "loop/poller.h"

/* More than this many ready descriptors are fetched by the next wait. */
enum { BATCH = 256 };

struct poller {
    int fd;
    int next; /* of the batch: events[next .. count) are not reported yet */
    int count;
    struct epoll_event events[BATCH];
};

static int epoll_create_poller(void **ret_poller)
{
    struct poller *poller = cede__malloc(sizeof *poller);

    if (poller == NULL)
        return -ENOMEM;
    poller->next = poller->count = 0;
    poller->fd = cede__sys_epoll_create();
    if (poller->fd < 0) {
        int error = poller->fd;

        cede__free(poller);
        return error;
    }
    *ret_poller = poller;
    return 0;
}

static void epoll_destroy(void *self)
{
    struct poller *poller = self;

    cede__sys_close(poller->fd);
    cede__free(poller);
}

static int epoll_fd(const void *self)
{
    return ((const struct poller *)self)->fd;
}

static struct epoll_event wanted(cede__watch *watch)
{
    uint32_t events = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET;

    if (watch->interest != 0)
        events = (watch->interest & CEDE__READABLE ? EPOLLIN : 0) |
                 (watch->interest & CEDE__WRITABLE ? EPOLLOUT : 0);
    return (struct epoll_event){.events = events, .data.ptr = watch};
}

static int epoll_add(void *self, cede__watch *watch)
{
    struct epoll_event event = wanted(watch);

    return cede__sys_epoll_ctl(((struct poller *)self)->fd, EPOLL_CTL_ADD,
                               watch->fd, &event);
}

static int epoll_modify(void *self, cede__watch *watch)
{
    struct epoll_event event = wanted(watch);

    return cede__sys_epoll_ctl(((struct poller *)self)->fd, EPOLL_CTL_MOD,
                               watch->fd, &event);
}

/* The error of a descriptor closed too early is of no use to anybody. */
static void epoll_remove(void *self, cede__watch *watch)
{
    struct poller *poller = self;

    cede__sys_epoll_ctl(poller->fd, EPOLL_CTL_DEL, watch->fd, NULL);
    for (int i = poller->next; i < poller->count; i++)
        if (poller->events[i].data.ptr == watch)
            poller->events[i].data.ptr = NULL;
}

static unsigned meaning(uint32_t events)
{
    unsigned result = 0;

    if (events & (EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        result |= CEDE__READABLE;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
        result |= CEDE__WRITABLE;
    if (events & (EPOLLRDHUP | EPOLLHUP))
        result |= CEDE__HANGUP;
    if (events & EPOLLERR)
        result |= CEDE__ERROR;
    if (events & EPOLLPRI)
        result |= CEDE__URGENT;
    return result;
}

static int epoll_wait_events(void *self, int64_t timeout)
{
    struct poller *poller = self;
    int notified = 0;
    int count =
        cede__sys_epoll_wait(poller->fd, poller->events, BATCH, timeout);

    if (count < 0)
        return count;
    poller->count = count;
    for (poller->next = 0; poller->next < poller->count;) {
        struct epoll_event *event = &poller->events[poller->next++];

        if (event->data.ptr == NULL)
            continue;
        cede__watch_report(event->data.ptr, meaning(event->events));
        notified++;
    }
    return notified;
}

const cede__poller_methods cede__epoll_poller = {
    .name = "epoll",
    .create = epoll_create_poller,
    .destroy = epoll_destroy,
    .fd = epoll_fd,
    .add = epoll_add,
    .modify = epoll_modify,
    .remove = epoll_remove,
    .wait = epoll_wait_events,
};
