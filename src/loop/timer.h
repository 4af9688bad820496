/*
 * timer.h - timers and the heap that knows which is due first
 *
 * Knows: deadlines. Does not know: the time, nor what happens when one has
 * come; it calls `fire`.
 *
 * Invariants: a 4-ary heap of (deadline, timer) pairs, so that comparing does
 * not touch the timers; each timer knows its place, so that cancelling costs
 * O(log n) too and leaves nothing behind (L21). Equal deadlines come in the
 * order they were started (L14). capacity >= count + reserved: starting a
 * timer that has a slot of its own cannot fail.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cede__timer {
    int64_t when;      /* nanoseconds of the loop's clock */
    uint64_t sequence; /* the timers' own: order among equals */
    uint32_t position; /* 1-based place in the heap; 0: not started */
    bool reserved;     /* has a slot of its own */
    /* The deadline has come; the timer is stopped by then. Must not raise. */
    void (*fire)(struct cede__timer *timer);
} cede__timer;

struct cede__timer_entry;

typedef struct cede__timers {
    struct cede__timer_entry *entries;
    void *block;       /* what `entries` lies in: see timer.c */
    uint32_t count;    /* started */
    uint32_t reserved; /* slots kept free for timers that have their own */
    uint32_t capacity;
    uint64_t sequence;
} cede__timers;

/* No memory is taken before the first timer. */
void cede__timers_init(cede__timers *timers);

/* Every timer still started is stopped and does not fire; none is started any
   more. Slots may still be given up. */
void cede__timers_finish(cede__timers *timers);

/* Makes the array longer: 0, or -ENOMEM. */
int cede__timers_grow(cede__timers *timers);

/* Room for one more that has no slot of its own yet: 0, or -ENOMEM. */
static inline int cede__timers_make_room(cede__timers *timers)
{
    return timers->count + timers->reserved < timers->capacity
               ? 0
               : cede__timers_grow(timers);
}

/* A slot of its own for a stopped timer: 0, or -ENOMEM. */
static inline int cede__timers_reserve(cede__timers *timers,
                                       cede__timer *timer)
{
    int rc = cede__timers_make_room(timers);

    if (rc < 0)
        return rc;
    timer->reserved = true;
    timers->reserved++;
    return 0;
}

/* Makes the array shorter if it can be. */
void cede__timers_shrink(cede__timers *timers);

/*
 * Starts a stopped timer: 0, or -ENOMEM, which one with a slot of its own
 * never gets.
 */
int cede__timers_start(cede__timers *timers, cede__timer *timer, int64_t when);

/* Does nothing to a timer that is not started. */
void cede__timers_stop(cede__timers *timers, cede__timer *timer);

/* Stops the timer if need be and gives its slot up. */
static inline void cede__timers_unreserve(cede__timers *timers,
                                          cede__timer *timer)
{
    if (timer->position != 0)
        cede__timers_stop(timers, timer);
    if (!timer->reserved)
        return;
    timer->reserved = false;
    timers->reserved--;
    cede__timers_shrink(timers);
}

/* The timer that is due first, still started; NULL when there is none. */
cede__timer *cede__timers_first(const cede__timers *timers);

static inline bool cede__timer_started(const cede__timer *timer)
{
    return timer->position != 0;
}
