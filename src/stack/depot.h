/*
 * depot.h - the idle stacks that belong to no thread
 *
 * Knows: all slabs, and which of their stacks rest here. Does not know: how
 * threads use stacks. It decides when slabs are made and unmapped.
 *
 * Invariants: everything of this process that threads share is behind one
 * lock: the depot, the table of slabs (for writing), the guards, and the list
 * of pools. It is taken once per batch of stacks. Whoever puts stacks here
 * has given their pages back. In a child made by fork the lock is free and
 * the depot whole; what was in use by other threads stays so for ever.
 */
#pragma once

#include "stack/stack.h"

/* Around what the invariants name. Nothing between them calls user code. */
void cede__depot_lock(void);
void cede__depot_unlock(void);

/* At most `count` stacks, linked; how many is stored. NULL: no memory. */
cede__stack *cede__depot_take(size_t count, size_t *ret_count);

/* A chain of stacks comes to rest; unmaps slabs if far too many do. */
void cede__depot_put(cede__stack *stacks);

/* Unmaps every slab of which nothing is in use. */
void cede__depot_trim(void);

/* Under the lock: all stacks, those that rest here, bytes of slabs. */
typedef struct cede__depot_counts {
    size_t stacks;
    size_t resting;
    size_t mapped;
} cede__depot_counts;

cede__depot_counts cede__depot_count(void);
