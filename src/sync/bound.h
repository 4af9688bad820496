/*
 * bound.h - what the objects of this room have in common
 *
 * Knows: to which loop an object belongs, and how many tasks wait for it. Does
 * not know: what they wait for, nor in which order they get it.
 *
 * Invariants: an object belongs to no loop until a task first has to wait for
 * it, and to that one from then on (P13); as long as nobody waits any loop,
 * and code outside of loops, may use it. Whoever waits holds a reference to
 * the object.
 */
#pragma once

#include "cede/debug.h"
#include "cede/lowlevel.h"
#include "cede/print.h"
#include "cede/try.h"

typedef struct cede__sync_bound {
    cede_object head;
    cede_loop *loop; /* owned; NULL: of none yet */
    size_t waiting;  /* in a wait, those among them that are woken already */
} cede__sync_bound;

/* The current task has to wait: the object is its loop's. Raises RuntimeError
   if it is another's, and where a task may not suspend. */
void cede__sync_bind(cede__sync_bound *bound);

/* For its destroy. */
void cede__sync_unbind(cede__sync_bound *bound);

/* At the beginning of whatever wakes: raises RuntimeError on a wrong thread. */
static inline void cede__sync_check_waker(const cede__sync_bound *bound)
{
    cede_check_alive(bound);
    if (bound->loop)
        cede_check_thread(bound->loop);
}

/* "<Lock [locked, waiters:2]>": its class and state, and who waits. Raises
   MemoryError. */
cede_value cede__sync_repr(const cede__sync_bound *bound, const char *state);
