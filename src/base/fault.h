/*
 * fault.h - makes the Nth allocation, system call or suspension fail
 *
 * Knows: how many fault points were passed and which of them must fail. Does
 * not know: what failing looks like; the caller of cede__fault returns NULL or
 * an errno that fits the call.
 *
 * Invariants: while a kind is disarmed, a fault point is one load and one
 * branch, and nothing is counted. Compiled in always: what is tested is what
 * is shipped. All functions may be called by any thread; the order in which
 * threads pass fault points is theirs.
 */
#pragma once

#include <stdbool.h>

enum cede__fault_kind {
    CEDE__FAULT_ALLOCATION,
    CEDE__FAULT_SYSTEM_CALL,
    CEDE__FAULT_CANCEL, /* a task suspends: cancel it (task/torture.h) */
    CEDE__FAULT_RAISE,  /* ... have its wait raise an exception */
    CEDE__FAULT_KINDS
};

/*
 * Makes the fault points nth .. nth + count - 1 of a kind fail, counted from
 * now, the next one being 1, and resets both counters. nth LONG_MAX only
 * counts; nth 0 disarms and keeps the counters for reading.
 */
void cede__fault_arm(enum cede__fault_kind kind, long nth, long count);

/* Fault points passed since the kind was armed. */
long cede__fault_seen(enum cede__fault_kind kind);

/* Of those, how many were told to fail. */
long cede__fault_injected(enum cede__fault_kind kind);

/* Counts a fault point of an armed kind; true when it must fail. */
bool cede__fault_pass(enum cede__fault_kind kind);

extern bool cede__fault_armed[CEDE__FAULT_KINDS]
    __attribute__((visibility("hidden")));

/* Is a kind armed that strikes where tasks suspend? */
extern bool cede__fault_at_suspensions __attribute__((visibility("hidden")));

static inline bool cede__fault_is_armed(enum cede__fault_kind kind)
{
    return __atomic_load_n(&cede__fault_armed[kind], __ATOMIC_RELAXED);
}

/* The fault point itself. true: this call must fail. */
static inline bool cede__fault(enum cede__fault_kind kind)
{
    if (__builtin_expect(cede__fault_is_armed(kind), 0))
        return cede__fault_pass(kind);
    return false;
}
