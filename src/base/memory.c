/*
 * memory.c - the allocator hook and the count of live blocks (see memory.h)
 */
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/fault.h"

static void *malloc_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void *malloc_reallocate(void *context, void *block, size_t size)
{
    (void)context;
    return realloc(block, size);
}

static void malloc_release(void *context, void *block)
{
    (void)context;
    free(block);
}

static const cede_allocator malloc_allocator = {
    malloc_allocate,
    malloc_reallocate,
    malloc_release,
    NULL,
};

static cede_allocator allocator = {
    malloc_allocate,
    malloc_reallocate,
    malloc_release,
    NULL,
};

/*
 * One counter would be the one cache line that all threads write to, so the
 * count is the sum over a few. The first threads have one each, for good,
 * which nobody else writes to; all that come later share the last one. A
 * single one may be negative: a block is counted out where it is freed.
 */
enum { SHARDS = 32, SHARED = SHARDS - 1 };

static struct {
    _Alignas(64) intptr_t live;
} shards[SHARDS];

CEDE_IMPL_THREAD_LOCAL intptr_t *cede__memory_part
    __attribute__((visibility("hidden")));

void cede__memory_count_slow(intptr_t change)
{
    static unsigned next_shard;
    unsigned shard = __atomic_load_n(&next_shard, __ATOMIC_RELAXED);

    while (shard < SHARED && !__atomic_compare_exchange_n(
                                 &next_shard, &shard, shard + 1, false,
                                 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    if (shard < SHARED)
        cede__memory_part = &shards[shard].live;
    __atomic_fetch_add(&shards[shard].live, change, __ATOMIC_RELAXED);
}

size_t cede__memory_live(void)
{
    intptr_t live = 0;

    for (int i = 0; i < SHARDS; i++)
        live += __atomic_load_n(&shards[i].live, __ATOMIC_RELAXED);
    return live > 0 ? (size_t)live : 0;
}

static void *counted(void *block)
{
    if (block)
        cede__memory_count(1);
    return block;
}

void *cede__malloc(size_t size)
{
    if (cede__fault(CEDE__FAULT_ALLOCATION))
        return NULL;
    return counted(allocator.allocate(allocator.context, size ? size : 1));
}

void *cede__calloc(size_t count, size_t size)
{
    enum { SMALL = 1024 };
    size_t total;
    void *block;

    if (cede__fault(CEDE__FAULT_ALLOCATION))
        return NULL;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    if (total == 0)
        total = 1;
    /* Fresh pages are zero already, which only calloc itself knows; but for
       small blocks it passes by the C library's own cache. */
    if (total > SMALL && allocator.allocate == malloc_allocate)
        return counted(calloc(1, total));
    block = allocator.allocate(allocator.context, total);
    if (block)
        memset(block, 0, total);
    return counted(block);
}

void *cede__realloc(void *block, size_t size)
{
    if (!block)
        return cede__malloc(size);
    if (cede__fault(CEDE__FAULT_ALLOCATION))
        return NULL;
    return allocator.reallocate(allocator.context, block, size ? size : 1);
}

void cede__free(void *block)
{
    if (!block)
        return;
    allocator.release(allocator.context, block);
    cede__memory_count(-1);
}

void cede__zero(void *block, size_t size)
{
    memset(block, 0, size);
}

void (*cede__memory_drain)(void);

void cede__memory_retire(void *block)
{
    (void)block;
    cede__memory_count(-1);
}

void cede__memory_give_back(void *block)
{
    allocator.release(allocator.context, block);
}

void *cede__malloc_aside(size_t size)
{
    return malloc(size);
}

void cede__free_aside(void *block)
{
    free(block);
}

void cede_free(void *block)
{
    cede__free(block);
}

int cede_set_allocator(const cede_allocator *wanted)
{
    if (!wanted)
        wanted = &malloc_allocator;
    if (!wanted->allocate || !wanted->reallocate || !wanted->release)
        return -EINVAL;
    if (cede__memory_live() > 0)
        return -EBUSY;
    if (cede__memory_drain)
        cede__memory_drain();
    cede__shelf_allow(wanted->allocate == malloc_allocate);
    allocator = *wanted;
    return 0;
}
