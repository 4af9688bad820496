/*
 * slab.h - address ranges cut into stacks
 *
 *     [slab, stacks[0..n)] [guard|stack 0] [guard|stack 1] ... [guard|stack n)
 *
 * Knows: where the stacks of a slab are, and which stack an address is in.
 * Does not know: which of them are in use; `resting` and `node` are the
 * depot's.
 *
 * Invariants: a slab is one mapping, made and unmapped whole. The stride from
 * one stack to the next is an odd number of pages, so that the same depth of
 * neighbouring stacks does not share a set of the TLB; tops are lowered by a
 * colour of 0 to 960 bytes, so that they do not share a set of the first-level
 * cache. About 3 KiB of frames then still fit the top page: an idle task
 * costs one. Huge pages are refused: one would cost a task as much as eight
 * stacks. Making and unmapping are done under the lock of the depot.
 */
#pragma once

#include "stack/stack.h"

typedef struct cede__slab {
    cede__list node;      /* among the depot's, while some of it rests there */
    cede__stack *resting; /* the stacks that do */
    size_t resting_count;
    size_t count;  /* stacks */
    size_t length; /* bytes of the mapping, which begins here */
    size_t stride;
    char *first; /* where the guard of the first stack begins */
    struct cede__slab_entry *entry;
    cede__stack stacks[];
} cede__slab;

/* At most `count` stacks, fewer when address space is short; NULL: none. */
cede__slab *cede__slab_map(size_t count);

/* Nobody has any of its stacks. */
void cede__slab_unmap(cede__slab *slab);

/* The stack whose stride, guard included, the address is in; NULL: none.
   Signal safe. */
cede__stack *cede__slab_find(const void *address);
