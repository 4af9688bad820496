/*
 * slab.c - mapping slabs and finding them again (see slab.h)
 *
 * The handler of SIGSEGV asks which slab an address is in while other threads
 * make and unmap slabs. So the table of slabs is a few arrays that are never
 * moved nor freed; an entry is valid when its length is not 0, and the length
 * is written last and cleared first. The handler may miss a slab that is just
 * being made, which no running stack is in, and never follows a bad pointer.
 */
#include "stack/slab.h"

#include <sys/mman.h>

#include "base/system.h"
#include "base/valgrind.h"
#include "stack/guard.h"
#include "stack/options.h"
#include "stack/pages.h"

enum { COLOURS = 16, COLOUR = 64 };

static size_t round_up(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

/* --- the table --- */

struct cede__slab_entry {
    uintptr_t base;
    size_t length; /* 0: free */
    struct cede__slab_entry *next_free;
};

typedef struct cede__slab_entry entry;

/* Chunk i has CHUNK << i entries: room for millions of slabs. */
enum { CHUNK = 64, CHUNKS = 16 };

static entry first_chunk[CHUNK];
static entry *chunks[CHUNKS];
static size_t chunk_count;
static entry *free_entries;

static size_t chunk_size(size_t i)
{
    return (size_t)CHUNK << i;
}

static void *make_chunk(size_t size)
{
    void *memory;

    if (chunk_count == 0)
        return first_chunk;
    if (chunk_count == CHUNKS ||
        cede__sys_mmap(&memory, NULL, size * sizeof(entry),
                       PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS) < 0)
        return NULL;
    return memory;
}

static bool add_chunk(void)
{
    size_t size = chunk_size(chunk_count);
    entry *chunk = make_chunk(size);

    if (chunk == NULL)
        return false;
    for (size_t i = size; i-- > 0; free_entries = &chunk[i])
        chunk[i].next_free = free_entries;
    __atomic_store_n(&chunks[chunk_count++], chunk, __ATOMIC_RELEASE);
    return true;
}

static void publish(cede__slab *slab)
{
    entry *slot = free_entries;

    free_entries = slot->next_free;
    slab->entry = slot;
    __atomic_store_n(&slot->base, (uintptr_t)slab, __ATOMIC_RELEASE);
    __atomic_store_n(&slot->length, slab->length, __ATOMIC_RELEASE);
}

static void withdraw(entry *slot)
{
    __atomic_store_n(&slot->length, 0, __ATOMIC_RELEASE);
    slot->next_free = free_entries;
    free_entries = slot;
}

static cede__slab *find_in_chunk(entry *chunk, size_t size, uintptr_t address)
{
    for (size_t i = 0; i < size; i++) {
        size_t length = __atomic_load_n(&chunk[i].length, __ATOMIC_ACQUIRE);
        uintptr_t base = __atomic_load_n(&chunk[i].base, __ATOMIC_ACQUIRE);

        if (length != 0 && address - base < length)
            return (cede__slab *)base;
    }
    return NULL;
}

static cede__slab *find_slab(uintptr_t address)
{
    for (size_t i = 0; i < CHUNKS; i++) {
        entry *chunk = __atomic_load_n(&chunks[i], __ATOMIC_ACQUIRE);
        cede__slab *slab;

        if (chunk == NULL)
            break;
        slab = find_in_chunk(chunk, chunk_size(i), address);
        if (slab != NULL)
            return slab;
    }
    return NULL;
}

/* The index is checked because length and base may be of two slabs that had
   the entry one after the other. */
cede__stack *cede__slab_find(const void *address)
{
    cede__slab *slab = find_slab((uintptr_t)address);
    size_t i;

    if (slab == NULL || (const char *)address < slab->first)
        return NULL;
    i = (size_t)((const char *)address - slab->first) / slab->stride;
    return i < slab->count ? &slab->stacks[i] : NULL;
}

/* --- slabs --- */

static size_t stride_of_stacks(void)
{
    size_t page = cede__pages_size();
    size_t frames = cede__stack_options_freeze()->size + COLOURS * COLOUR;
    size_t pages = (cede__guard_size() + round_up(frames, page)) / page;

    return (pages | 1) * page;
}

/* Neighbours get different colours, and so do those sixteen apart. */
static size_t colour(size_t i)
{
    return (i * 5 + i / COLOURS) % COLOURS * COLOUR;
}

static void init_stack(cede__slab *slab, size_t i)
{
    cede__stack *stack = &slab->stacks[i];

    stack->low = slab->first + i * slab->stride + cede__guard_size();
    stack->high = slab->first + (i + 1) * slab->stride;
    stack->top = stack->high - colour(i);
    stack->slab = slab;
    /* With the end itself: it is the first stack pointer of colour 0, which
       must not look like a place outside. */
    if (RUNNING_ON_VALGRIND)
        stack->registration = VALGRIND_STACK_REGISTER(stack->low, stack->high);
}

static void init_slab(cede__slab *slab, size_t count, size_t head,
                      size_t stride)
{
    cede__list_init(&slab->node);
    slab->count = count;
    slab->stride = stride;
    slab->length = head + count * stride;
    slab->first = (char *)slab + head;
    for (size_t i = 0; i < count; i++)
        init_stack(slab, i);
}

/* NULL: no such length of address space is free. */
static cede__slab *map_exactly(size_t count)
{
    size_t stride = stride_of_stacks();
    size_t head = round_up(sizeof(cede__slab) + count * sizeof(cede__stack),
                           cede__pages_size());
    size_t length = head + count * stride;
    void *memory;

    if (cede__sys_mmap(&memory, NULL, length, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
                           MAP_STACK) < 0)
        return NULL;
    /* Refused by kernels without huge pages, where it is not needed. */
    (void)cede__sys_madvise(memory, length, MADV_NOHUGEPAGE);
    init_slab(memory, count, head, stride);
    return memory;
}

cede__slab *cede__slab_map(size_t count)
{
    cede__slab *slab = NULL;

    if (free_entries == NULL && !add_chunk())
        return NULL;
    for (; count > 0 && slab == NULL; count /= 2)
        slab = map_exactly(count);
    if (slab == NULL)
        return NULL;
    cede__guard_install(slab->stacks, slab->count);
    publish(slab);
    return slab;
}

void cede__slab_unmap(cede__slab *slab)
{
    withdraw(slab->entry);
    cede__guard_forget(slab->stacks, slab->count);
    if (RUNNING_ON_VALGRIND)
        for (size_t i = 0; i < slab->count; i++)
            VALGRIND_STACK_DEREGISTER(slab->stacks[i].registration);
    cede__sys_munmap(slab, slab->length);
}
