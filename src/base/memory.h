/*
 * memory.h - every allocation of the runtime
 *
 * Knows: the allocator in use and how many blocks are alive. Does not know:
 * what the blocks are for, nor exceptions: NULL means no memory, and the
 * caller decides what to raise.
 *
 * Invariants: each allocating function is a fault point (base/fault.h), passed
 * before anything is touched; a block goes back to the allocator it came from,
 * because that cannot change while one is alive. Any thread may call, and a
 * block may be freed by another thread than the one that allocated it.
 */
#pragma once

#include <stdint.h>

#include "cede/impl/platform.h"
#include "cede/memory.h"

/* Size 0 gives a block of its own too, so NULL always means no memory. */
__attribute__((malloc, alloc_size(1), warn_unused_result)) void *
cede__malloc(size_t size);

/* Zeroed; NULL also when count * size does not fit. */
__attribute__((malloc, alloc_size(1, 2), warn_unused_result)) void *
cede__calloc(size_t count, size_t size);

/* NULL leaves the old block alive. Block NULL allocates. */
__attribute__((alloc_size(2), warn_unused_result)) void *
cede__realloc(void *block, size_t size);

void cede__free(void *block);

/* Sets bytes to zero by the C library's memset, which for some hundred of them
   is faster than the string instruction that compilers put in its place. */
void cede__zero(void *block, size_t size);

/* Blocks allocated and not freed, by all threads: the tests' leak check. */
size_t cede__memory_live(void);

/* The calling thread's part of that count, which nobody else writes to; NULL
   before its first allocation, and for threads that share one. */
extern CEDE_IMPL_THREAD_LOCAL intptr_t *cede__memory_part
    __attribute__((visibility("hidden")));

void cede__memory_count_slow(intptr_t change);

/* So many blocks begin to live (or end). For base/ alone. */
static inline void cede__memory_count(intptr_t change)
{
    intptr_t *live = cede__memory_part;

    if (CEDE_IMPL_UNLIKELY(live == NULL))
        cede__memory_count_slow(change);
    else
        __atomic_store_n(live, *live + change, __ATOMIC_RELAXED);
}

/*
 * What value/debug.c needs: blocks that stay where they are for a while after
 * their end, and records about them. A retired block counts as freed; it goes
 * back to its allocator by cede__memory_give_back, at the latest when
 * cede__memory_drain (if set) is called, before the allocator changes.
 */
void cede__memory_retire(void *block);
void cede__memory_give_back(void *block);
extern void (*cede__memory_drain)(void);

/* The C library's, neither counted nor a fault point: what watches a program
   must not change what it does. */
__attribute__((malloc, alloc_size(1), warn_unused_result)) void *
cede__malloc_aside(size_t size);
void cede__free_aside(void *block);
