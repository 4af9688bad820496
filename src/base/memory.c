/*
 * memory.c - the allocator hook and the count of live blocks (see memory.h)
 */
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/valgrind.h"

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

/* The thread's own; NULL until its first allocation, and for those that share
   one. Initial-exec: one load. */
static __thread intptr_t *own_shard
    __attribute__((tls_model("initial-exec")));

static void count_without_own(intptr_t change)
    __attribute__((cold, noinline));
static void count_without_own(intptr_t change)
{
    static unsigned next_shard;
    unsigned shard = __atomic_load_n(&next_shard, __ATOMIC_RELAXED);

    while (shard < SHARED && !__atomic_compare_exchange_n(
                                 &next_shard, &shard, shard + 1, false,
                                 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    if (shard < SHARED)
        own_shard = &shards[shard].live;
    __atomic_fetch_add(&shards[shard].live, change, __ATOMIC_RELAXED);
}

static inline void count_live(intptr_t change)
{
    intptr_t *live = own_shard;

    if (__builtin_expect(live == NULL, 0))
        count_without_own(change);
    else
        __atomic_store_n(live, *live + change, __ATOMIC_RELAXED);
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
        count_live(1);
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
    count_live(-1);
}

void cede__zero(void *block, size_t size)
{
    memset(block, 0, size);
}

/* --- the shelf: a list of idle blocks for each size --- */

enum {
    UNIT = 16,        /* sizes are rounded up to this */
    SIZES = 64,       /* units of the largest block that is kept, and one */
    SHELF = 256 << 10 /* bytes a thread keeps at most */
};

struct idle {
    struct idle *next;
};

static __thread struct {
    struct idle *first[SIZES];
    size_t bytes;
    bool watched; /* it will be emptied when the thread ends */
} shelf __attribute__((tls_model("initial-exec")));

static pthread_key_t thread_end;
static bool has_thread_end;

static void empty_shelf(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < SIZES; i++) {
        struct idle *block;

        while ((block = shelf.first[i]) != NULL) {
            shelf.first[i] = block->next;
            free(block);
        }
    }
    shelf.bytes = 0;
    shelf.watched = false;
}

static void prepare_shelves(void)
{
    has_thread_end = pthread_key_create(&thread_end, empty_shelf) == 0;
}

/* The main thread ends with the process. */
__attribute__((destructor(103))) static void end_process(void)
{
    empty_shelf(NULL);
}

/* memcheck, which answers this request, is to see each block's end. */
static bool is_checked(void)
{
    return VALGRIND_MAKE_MEM_DEFINED(&shelf, sizeof shelf) != 0;
}

/* Blocks put back behind the thread's end, by another key's destructor, bring
   this one back. */
static bool watch_shelf(void) __attribute__((cold, noinline));
static bool watch_shelf(void)
{
    static pthread_once_t preparing = PTHREAD_ONCE_INIT;

    if (is_checked())
        return false;
    pthread_once(&preparing, prepare_shelves);
    shelf.watched =
        has_thread_end && pthread_setspecific(thread_end, &shelf) == 0;
    return shelf.watched;
}

static bool may_keep(void)
{
    return !(CEDE_IMPL_ASAN || CEDE_IMPL_TSAN) &&
           allocator.allocate == malloc_allocate;
}

void *cede__block_new(size_t size)
{
    size_t units = (size + UNIT - 1) / UNIT;
    struct idle *block;

    if (units >= SIZES || !may_keep())
        return cede__malloc(size);
    if (cede__fault(CEDE__FAULT_ALLOCATION))
        return NULL;
    block = shelf.first[units];
    if (block == NULL)
        return counted(malloc(units * UNIT));
    shelf.first[units] = block->next;
    shelf.bytes -= units * UNIT;
    return counted(block);
}

void cede__block_free(void *block, size_t size)
{
    size_t units = (size + UNIT - 1) / UNIT;
    struct idle *idle = block;

    if (units >= SIZES || shelf.bytes >= SHELF || !may_keep() ||
        (!shelf.watched && !watch_shelf())) {
        cede__free(block);
        return;
    }
    idle->next = shelf.first[units];
    shelf.first[units] = idle;
    shelf.bytes += units * UNIT;
    count_live(-1);
}

void (*cede__memory_drain)(void);

void cede__memory_retire(void *block)
{
    (void)block;
    count_live(-1);
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
    empty_shelf(NULL);
    allocator = *wanted;
    return 0;
}
