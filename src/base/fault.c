/*
 * fault.c - the countdown behind every fault point (see fault.h)
 */
#include "base/fault.h"

bool cede__fault_armed[CEDE__FAULT_KINDS];
bool cede__fault_at_suspensions;

static struct {
    long first; /* fails from here, 1-based ... */
    long count; /* ... this many times */
    long seen;
    long injected;
} plans[CEDE__FAULT_KINDS];

void cede__fault_arm(enum cede__fault_kind kind, long nth, long count)
{
    if (nth > 0) {
        __atomic_store_n(&plans[kind].first, nth, __ATOMIC_RELAXED);
        __atomic_store_n(&plans[kind].count, count, __ATOMIC_RELAXED);
        __atomic_store_n(&plans[kind].seen, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&plans[kind].injected, 0, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&cede__fault_armed[kind], nth > 0, __ATOMIC_RELAXED);
    __atomic_store_n(&cede__fault_at_suspensions,
                     cede__fault_is_armed(CEDE__FAULT_CANCEL) ||
                         cede__fault_is_armed(CEDE__FAULT_RAISE),
                     __ATOMIC_RELAXED);
}

long cede__fault_seen(enum cede__fault_kind kind)
{
    return __atomic_load_n(&plans[kind].seen, __ATOMIC_RELAXED);
}

long cede__fault_injected(enum cede__fault_kind kind)
{
    return __atomic_load_n(&plans[kind].injected, __ATOMIC_RELAXED);
}

bool cede__fault_pass(enum cede__fault_kind kind)
{
    long seen = __atomic_add_fetch(&plans[kind].seen, 1, __ATOMIC_RELAXED);
    long first = __atomic_load_n(&plans[kind].first, __ATOMIC_RELAXED);
    long count = __atomic_load_n(&plans[kind].count, __ATOMIC_RELAXED);

    /* A difference, because first + count may not fit. */
    if (seen < first || seen - first >= count)
        return false;
    __atomic_add_fetch(&plans[kind].injected, 1, __ATOMIC_RELAXED);
    return true;
}
