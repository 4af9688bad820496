/*
 * poller.h - the seam behind which the kernel says what is ready
 *
 * Knows: descriptors being watched. Does not know: who waits for them, nor
 * time but as a longest wait. One file per poller; each ends in its table.
 *
 * Two ways to watch. By edge (interest 0): the descriptor is registered once
 * and for both directions; what is reported stays in `ready` until the owner
 * takes it out, which it does when a call said EAGAIN, and then the next
 * change is reported. By level (interest not 0): what the interest names is
 * reported at every wait as long as it lasts; `ready` is not used.
 *
 * Invariants: a watch belongs to its owner, lies still while it is added, and
 * may be freed as soon as it is removed, also from inside a notification.
 * Remove it before closing the descriptor: epoll follows the open file, not
 * the number, and a copy in another process would keep it alive.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum cede__event {
    CEDE__READABLE = 1 << 0,
    CEDE__WRITABLE = 1 << 1,
    /* The peer will send no more; with WRITABLE: it takes no more either. */
    CEDE__HANGUP = 1 << 2,
    /* SO_ERROR has something to say. Comes with READABLE and WRITABLE, so
       that whoever waits makes his call and gets the error from it. */
    CEDE__ERROR = 1 << 3,
    /* Urgent data: reads stop before it, so a short one is not the last. A
       poller that reports levels may leave it out. */
    CEDE__URGENT = 1 << 4,
};

typedef struct cede__watch {
    int fd;
    unsigned interest; /* CEDE__READABLE | CEDE__WRITABLE, or 0: by edge */
    unsigned ready;    /* by edge: what has been reported and not used up */
    bool added;        /* the loop's own */
    uint32_t place;    /* the poller's own */
    /*
     * `events` are ready. Runs between callbacks, so it may post jobs, add and
     * remove watches, but must neither raise nor run code of the user.
     */
    void (*notify)(struct cede__watch *watch, unsigned events);
} cede__watch;

typedef struct cede__poller_methods {
    const char *name;
    /* 0 with the poller in *ret_poller, or a negative errno. */
    int (*create)(void **ret_poller);
    /* Watches still added are forgotten. */
    void (*destroy)(void *poller);
    /* A descriptor that is readable when wait would find something, or -1. */
    int (*fd)(const void *poller);
    /* 0, or a negative errno: -EEXIST (added already by another watch), -EPERM
       (a file that is always ready), -EBADF, -ENOMEM, -ENOSPC. */
    int (*add)(void *poller, cede__watch *watch);
    /* The interest of a watch by level has changed. */
    int (*modify)(void *poller, cede__watch *watch);
    void (*remove)(void *poller, cede__watch *watch);
    /*
     * Waits at most `timeout` nanoseconds (negative: for ever) and notifies.
     * How many watches were notified, or a negative errno; -EINTR is none.
     */
    int (*wait)(void *poller, int64_t timeout);
} cede__poller_methods;

extern const cede__poller_methods cede__epoll_poller;
extern const cede__poller_methods cede__poll_poller;

/* What every poller does with an event. */
static inline void cede__watch_report(cede__watch *watch, unsigned events)
{
    if (watch->interest == 0)
        watch->ready |= events;
    watch->notify(watch, events);
}
