/*
 * ring.h - values in a row that is used at both ends
 *
 * Knows: where they lie. Does not know: who waits for them, nor their order.
 *
 * Invariants: the capacity is 0 or a power of two; item i lies at
 * (first + i) & (capacity - 1). A row that is pushed and popped at its back
 * alone begins at place 0, so it is an array (heap.c). Nothing here raises.
 */
#pragma once

#include "cede/value.h"

typedef struct cede__sync_ring {
    cede_value *places;
    size_t capacity;
    size_t first;
    size_t count;
} cede__sync_ring;

/* Makes room for one more. False: no memory, and nothing has changed. */
bool cede__sync_ring_reserve(cede__sync_ring *ring);

/* There is room for it. Takes the reference. */
void cede__sync_ring_push(cede__sync_ring *ring, cede_value value);

/* There is one; with its reference. */
cede_value cede__sync_ring_pop_front(cede__sync_ring *ring);
cede_value cede__sync_ring_pop_back(cede__sync_ring *ring);

/* Borrowed. */
cede_value cede__sync_ring_at(const cede__sync_ring *ring, size_t index);

/* A ring that is empty gives its memory back. */
void cede__sync_ring_finish(cede__sync_ring *ring);
