/*
 * block.h - blocks that are made and given up all the time
 *
 * The thread that gives one up keeps it and hands it out again, which costs a
 * tenth of malloc and free. Knows: the calling thread's shelf, a list of idle
 * blocks for each size. Does not know: what the blocks are for.
 *
 * Invariants: what lies on a shelf is malloc's, counts as freed, and has a
 * bound. The size must be the same both times. With an allocator of the
 * program's, and where a sanitizer or memcheck looks for uses after the end,
 * these are cede__malloc and cede__free. A block is a fault point, as there.
 */
#pragma once

#include <stdint.h>

#include "base/fault.h"
#include "base/memory.h"
#include "base/thread_local.h"
#include "cede/impl/platform.h"

enum {
    CEDE__BLOCK_UNIT = 16, /* sizes are rounded up to this */
    CEDE__BLOCK_SIZES = 64 /* units of the largest block that is kept, and
                              one */
};

typedef struct cede__idle_block {
    struct cede__idle_block *next;
} cede__idle_block;

typedef struct cede__shelf {
    cede__idle_block *first[CEDE__BLOCK_SIZES];
    size_t room;  /* bytes it may take; 0 before the first block */
    bool watched; /* it will be emptied when the thread ends */
} cede__shelf;

extern CEDE_IMPL_THREAD_LOCAL cede__shelf cede__shelf_own
    __attribute__((visibility("hidden")));

/* May shelves be used? */
extern bool cede__shelf_allowed __attribute__((visibility("hidden")));

/* The allocator changes, while no block is alive: is the new one malloc? The
   calling thread's shelf is emptied. */
void cede__shelf_allow(bool is_malloc);

void *cede__block_new_slow(size_t size);
void cede__block_free_slow(void *block, size_t size);

static inline size_t cede__block_units(size_t size)
{
    return (size + CEDE__BLOCK_UNIT - 1) / CEDE__BLOCK_UNIT;
}

/* Takes the first block of a size that has one. */
static inline void *cede__shelf_take(cede__shelf *shelf, size_t units)
{
    cede__idle_block *block = shelf->first[units];

    shelf->first[units] = block->next;
    shelf->room += units * CEDE__BLOCK_UNIT;
    cede__memory_count(1);
    return block;
}

/* NULL: no memory. */
__attribute__((warn_unused_result)) static inline void *
cede__block_new(size_t size)
{
    size_t units = cede__block_units(size);
    cede__shelf *shelf = CEDE__THREAD_LOCAL(cede__shelf_own);

    if (CEDE_IMPL_UNLIKELY(units >= CEDE__BLOCK_SIZES || !shelf->first[units] ||
                           !cede__shelf_allowed ||
                           cede__fault_is_armed(CEDE__FAULT_ALLOCATION)))
        return cede__block_new_slow(size);
    return cede__shelf_take(shelf, units);
}

static inline void cede__block_free(void *block, size_t size)
{
    size_t units = cede__block_units(size);
    cede__shelf *shelf = CEDE__THREAD_LOCAL(cede__shelf_own);
    cede__idle_block *idle = block;

    if (CEDE_IMPL_UNLIKELY(units >= CEDE__BLOCK_SIZES ||
                           shelf->room < units * CEDE__BLOCK_UNIT ||
                           !cede__shelf_allowed)) {
        cede__block_free_slow(block, size);
        return;
    }
    idle->next = shelf->first[units];
    shelf->first[units] = idle;
    shelf->room -= units * CEDE__BLOCK_UNIT;
    cede__memory_count(-1);
}
