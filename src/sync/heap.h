/*
 * heap.h - the smallest of many values first
 *
 * Knows: a function that compares. Does not know: who waits for the values.
 *
 * Invariant: no item is less than the one at (its index - 1) / 2. A heap uses
 * its ring as an array. Items move only when all comparing is done, so when a
 * comparison raises the heap is as it was.
 */
#pragma once

#include "sync/ring.h"

typedef struct cede__sync_heap {
    cede__sync_ring ring;
    bool (*less)(cede_value a, cede_value b, void *argument);
    void *argument;
    bool comparing; /* less is running */
} cede__sync_heap;

/* There is room for it; takes the reference unless it raises. Raises what
   less raises. */
void cede__sync_heap_push(cede__sync_heap *heap, cede_value value);

/* There is one; with its reference. Raises what less raises. */
cede_value cede__sync_heap_pop(cede__sync_heap *heap);

/* Raises RuntimeError while less is running. */
void cede__sync_heap_check(const cede__sync_heap *heap);
