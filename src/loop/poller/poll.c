/*
 * poll.c - the poller of every POSIX system (see loop/poller.h, poll(2))
 *
 * Knows: the watches, in an array of no particular order, and beside it the
 * array poll() wants, filled in before each wait. poll() reports levels; what
 * a watch by edge has been told and has not used up is not asked for again,
 * which is what an edge looks like to its owner.
 *
 * Invariants: watches[i]->place == i. During a wait, the entries before `next`
 * have been reported; a removal then moves entries so that this stays true.
 */
#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "loop/poller.h"

enum { CAPACITY_MIN = 16 };

struct poller {
    cede__watch **watches;
    struct pollfd *descriptors;
    uint32_t count;
    uint32_t capacity;
};

static int poll_create(void **ret_poller)
{
    *ret_poller = cede__calloc(1, sizeof(struct poller));
    return *ret_poller == NULL ? -ENOMEM : 0;
}

static void poll_destroy(void *self)
{
    struct poller *poller = self;

    cede__free(poller->watches);
    cede__free(poller->descriptors);
    cede__free(poller);
}

static int poll_fd(const void *self)
{
    (void)self;
    return -1;
}

static int grow(struct poller *poller)
{
    uint32_t capacity = poller->capacity ? poller->capacity * 2 : CAPACITY_MIN;
    void *block =
        cede__realloc(poller->watches, capacity * sizeof *poller->watches);

    if (block == NULL)
        return -ENOMEM;
    poller->watches = block;
    block = cede__realloc(poller->descriptors,
                          capacity * sizeof *poller->descriptors);
    if (block == NULL)
        return -ENOMEM;
    poller->descriptors = block;
    poller->capacity = capacity;
    return 0;
}

/* What epoll refuses at once is refused here too, so that nobody learns of it
   only with the other poller: closed descriptors and being added twice. */
static int refuse(const struct poller *poller, int fd)
{
    struct pollfd probe = {.fd = fd};
    int rc;

    if (fd < 0)
        return -EBADF; /* poll() passes over them */
    rc = cede__sys_poll(&probe, 1, 0);
    if (rc < 0 && rc != -EINTR)
        return rc;
    if (rc > 0 && probe.revents & POLLNVAL)
        return -EBADF;
    for (uint32_t i = 0; i < poller->count; i++)
        if (poller->watches[i]->fd == fd)
            return -EEXIST;
    return 0;
}

static int poll_add(void *self, cede__watch *watch)
{
    struct poller *poller = self;
    int rc = refuse(poller, watch->fd);

    if (rc < 0)
        return rc;
    if (poller->count == poller->capacity && (rc = grow(poller)) < 0)
        return rc;
    watch->place = poller->count;
    poller->watches[poller->count] = watch;
    /* Not part of the wait that may be going on. */
    poller->descriptors[poller->count].revents = 0;
    poller->count++;
    return 0;
}

static int poll_modify(void *self, cede__watch *watch)
{
    (void)self;
    (void)watch;
    return 0;
}

/*
 * Inside a wait the last watch may be moved to a place that was reported
 * already: its events are then reported by the next wait, for levels stay.
 */
static void poll_remove(void *self, cede__watch *watch)
{
    struct poller *poller = self;
    uint32_t place = watch->place, last = --poller->count;

    poller->watches[place] = poller->watches[last];
    poller->descriptors[place] = poller->descriptors[last];
    poller->watches[place]->place = place;
}

static short wanted(const cede__watch *watch)
{
    unsigned missing = watch->interest != 0
                           ? watch->interest
                           : ~watch->ready & (CEDE__READABLE | CEDE__WRITABLE);

    return (short)((missing & CEDE__READABLE ? POLLIN : 0) |
                   (missing & CEDE__WRITABLE ? POLLOUT : 0));
}

/* A hang-up is reported asked or not: who has nothing to learn is left out. */
static void prepare(struct poller *poller)
{
    for (uint32_t i = 0; i < poller->count; i++) {
        const cede__watch *watch = poller->watches[i];
        short events = wanted(watch);

        poller->descriptors[i] = (struct pollfd){
            .fd = events != 0 ? watch->fd : -1,
            .events = (short)(events & POLLIN ? events | POLLRDHUP : events),
        };
    }
}

static unsigned meaning(short events)
{
    unsigned result = 0;

    if (events & (POLLIN | POLLPRI | POLLRDHUP | POLLHUP | POLLERR | POLLNVAL))
        result |= CEDE__READABLE;
    if (events & (POLLOUT | POLLHUP | POLLERR | POLLNVAL))
        result |= CEDE__WRITABLE;
    if (events & (POLLRDHUP | POLLHUP))
        result |= CEDE__HANGUP;
    if (events & (POLLERR | POLLNVAL))
        result |= CEDE__ERROR;
    return result;
}

/* By edge, what is known already is no news. */
static unsigned news(const cede__watch *watch, unsigned events)
{
    return watch->interest != 0 ? events : events & ~watch->ready;
}

static int poll_wait(void *self, int64_t timeout)
{
    struct poller *poller = self;
    int notified = 0, count;

    prepare(poller);
    count = cede__sys_poll(poller->descriptors, poller->count, timeout);
    if (count < 0)
        return count;
    for (uint32_t i = 0; count > 0 && i < poller->count; i++) {
        cede__watch *watch = poller->watches[i];
        short events = poller->descriptors[i].revents;

        if (events == 0)
            continue;
        count--;
        cede__watch_report(watch, news(watch, meaning(events)));
        notified++;
    }
    return notified;
}

const cede__poller_methods cede__poll_poller = {
    .name = "poll",
    .create = poll_create,
    .destroy = poll_destroy,
    .fd = poll_fd,
    .add = poll_add,
    .modify = poll_modify,
    .remove = poll_remove,
    .wait = poll_wait,
};
