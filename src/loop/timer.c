/*
 * timer.c - the heap of timers (see timer.h)
 *
 * The four children of a place are compared in one go, so they lie in one
 * cache line: children start at index 4i + 1, hence entry 0 lies 16 bytes
 * before a line's start.
 */
#include "loop/timer.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"

enum { ARITY = 4, LINE = 64, CAPACITY_MIN = 19, SHRINK_ABOVE = 256 };

struct cede__timer_entry {
    int64_t when;
    cede__timer *timer;
};

typedef struct cede__timer_entry entry;

void cede__timers_init(cede__timers *timers)
{
    memset(timers, 0, sizeof *timers);
}

void cede__timers_finish(cede__timers *timers)
{
    for (uint32_t i = 0; i < timers->count; i++)
        timers->entries[i].timer->position = 0;
    cede__free(timers->block);
    timers->block = NULL;
    timers->entries = NULL;
    timers->count = timers->capacity = 0;
}

/* --- the array --- */

static int resize(cede__timers *timers, uint32_t capacity)
{
    char *block = cede__malloc((size_t)capacity * sizeof(entry) + 2 * LINE);
    uintptr_t line;
    entry *entries;

    if (block == NULL)
        return -ENOMEM;
    line = ((uintptr_t)block + LINE) & ~(uintptr_t)(LINE - 1);
    entries = (entry *)(line + LINE - sizeof(entry));
    if (timers->count > 0)
        memcpy(entries, timers->entries, timers->count * sizeof(entry));
    cede__free(timers->block);
    timers->block = block;
    timers->entries = entries;
    timers->capacity = capacity;
    return 0;
}

int cede__timers_grow(cede__timers *timers)
{
    uint32_t capacity = timers->capacity;

    if (capacity >= UINT32_MAX / 2)
        return -ENOMEM;
    return resize(timers, capacity == 0 ? CAPACITY_MIN : capacity * 2);
}

/* A failure leaves the array as big as it was, which is no harm. */
void cede__timers_shrink(cede__timers *timers)
{
    if (timers->capacity > SHRINK_ABOVE &&
        timers->count + timers->reserved < timers->capacity / 8)
        (void)resize(timers, timers->capacity / 4);
}

/* --- the heap --- */

static inline bool before(entry a, entry b)
{
    if (a.when != b.when)
        return a.when < b.when;
    return a.timer->sequence < b.timer->sequence;
}

static inline void place(entry *entries, uint32_t index, entry moved)
{
    entries[index] = moved;
    moved.timer->position = index + 1;
}

static void sift_up(entry *entries, uint32_t index, entry moved)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / ARITY;

        if (!before(moved, entries[parent]))
            break;
        place(entries, index, entries[parent]);
        index = parent;
    }
    place(entries, index, moved);
}

/* Which of two comes first. Whether it is this one or that is a toss that no
   CPU can predict, so no branch depends on it; that they are equal it can. */
static inline const entry *earlier(const entry *a, const entry *b)
{
    uintptr_t difference = (uintptr_t)a ^ (uintptr_t)b;

    if (CEDE_IMPL_UNLIKELY(a->when == b->when))
        return before(*b, *a) ? b : a;
    difference &= -(uintptr_t)(b->when < a->when);
    return (const entry *)((uintptr_t)a ^ difference);
}

static const entry *earliest(const entry *first, const entry *end)
{
    for (const entry *other = first + 1; other < end; other++)
        first = earlier(first, other);
    return first;
}

/* Fills a hole from below, and returns where it has come out: among the leaves,
   where what the heap's end held nearly always belongs, so that asking on the
   way whether it does would be in vain. */
static uint32_t sink(entry *entries, uint32_t count, uint32_t hole)
{
    for (;;) {
        /* 64 bits: four times an index of 32 bits. */
        uint64_t first = (uint64_t)hole * ARITY + 1;
        const entry *child;

        if (CEDE_IMPL_UNLIKELY(first >= count))
            return hole;
        child = entries + first;
        if (CEDE_IMPL_LIKELY(count - first >= ARITY))
            child = earlier(earlier(child, child + 1),
                            earlier(child + 2, child + 3));
        else
            child = earliest(child, entries + count);
        place(entries, hole, *child);
        hole = (uint32_t)(child - entries);
    }
}

/* --- timers --- */

int cede__timers_start(cede__timers *timers, cede__timer *timer, int64_t when)
{
    if (timer->reserved) {
        timers->reserved--;
    } else {
        int rc = cede__timers_make_room(timers);

        if (rc < 0)
            return rc;
    }
    timer->when = when;
    timer->sequence = timers->sequence++;
    sift_up(timers->entries, timers->count++, (entry){when, timer});
    return 0;
}

void cede__timers_stop(cede__timers *timers, cede__timer *timer)
{
    entry *entries = timers->entries;
    uint32_t index = timer->position - 1;
    entry last;

    if (timer->position == 0)
        return;
    timer->position = 0;
    last = entries[--timers->count];
    if (index < timers->count)
        sift_up(entries, sink(entries, timers->count, index), last);
    if (timer->reserved)
        timers->reserved++;
    else
        cede__timers_shrink(timers);
}

cede__timer *cede__timers_first(const cede__timers *timers)
{
    return timers->count > 0 ? timers->entries[0].timer : NULL;
}
