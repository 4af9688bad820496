/*
 * pool.c - the calling thread's idle stacks (see stack.h)
 *
 * A pool ages without a clock. Each stack that comes in gets the count of
 * releases as its stamp; the list is last in, first out, so stamps fall from
 * its head to its end. A review, once per window of releases, cuts off the
 * end: what was not used during two windows goes to the depot, without its
 * pages. The window is as many releases as the thread took stacks since the
 * last review, but no more than it has. So a program that takes and gives back
 * any number in turn, however often, uses each of them within a window and
 * never loses one: no system call, no page fault. A burst that does not come
 * again is forgotten after a few windows; and the window of a thread that only
 * gives back what others took shrinks, so that it does not hoard.
 */
#include "stack/stack.h"

#include <pthread.h>
#include <sys/mman.h>

#include "stack/depot.h"
#include "stack/guard.h"
#include "stack/overflow.h"
#include "stack/pages.h"

#if CEDE_IMPL_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum {
    BATCH = 16,        /* taken from the depot at once */
    KEEP = 16,         /* never given back because of age */
    WINDOW_MIN = 512,  /* releases */
    KEEP_PAGES = 4     /* of each that is kept when trimming */
};

CEDE_IMPL_THREAD_LOCAL cede__pool cede__pool_own
    __attribute__((visibility("hidden")));

static cede__list pools = CEDE__LIST_INIT(pools);
static pthread_once_t preparing = PTHREAD_ONCE_INIT;
static pthread_once_t reading = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static bool has_thread_end;

static size_t peek(const size_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void set_held(cede__pool *pool, size_t held)
{
    __atomic_store_n(&pool->held, held, __ATOMIC_RELAXED);
}

/* --- counting --- */

/* Modulo 2^64: a thread may have given back more than it took. */
static size_t idle_in(const cede__pool *pool)
{
    return peek(&pool->held) - (peek(&pool->acquired) - peek(&pool->released));
}

size_t cede__stack_live(void)
{
    const cede__pool *pool = cede__pool_here();
    size_t live = pool->acquired - pool->released;

    return (ptrdiff_t)live > 0 ? live : 0;
}

/* --- threads and forks --- */

static void end_thread(void *pool)
{
    (void)pool;
    cede__stack_pool_destroy();
}

/* The other threads are gone, and their pools with them. */
static void enter_child(void)
{
    cede__pool *own = cede__pool_here();

    cede__list_init(&pools);
    if (own->registered)
        cede__list_push_back(&pools, &own->node);
    cede__depot_unlock();
}

/* Without the key, which needs memory, the stacks of a thread that ends stay
   mapped; they are merely of no use any more. */
static void prepare(void)
{
    has_thread_end = pthread_key_create(&thread_end, end_thread) == 0;
    (void)pthread_atfork(cede__depot_lock, cede__depot_unlock, enter_child);
}

void cede__pool_enter(void)
{
    cede__pool *pool = cede__pool_here();

    if (pool->registered)
        return;
    pthread_once(&preparing, prepare);
    if (has_thread_end)
        (void)pthread_setspecific(thread_end, pool);
    cede__depot_lock();
    cede__list_push_back(&pools, &pool->node);
    cede__depot_unlock();
    pool->registered = true;
    pthread_once(&reading, cede__overflow_read_environment);
}

/* --- taking from the depot --- */

cede__stack *cede__pool_refill(void)
{
    cede__pool *pool = cede__pool_here();
    size_t count;

    cede__pool_enter();
    if (cede__overflow_is_reported())
        (void)cede__overflow_enter_thread(pool);
    pool->idle = cede__depot_take(BATCH, &count);
    for (cede__stack *stack = pool->idle; stack != NULL; stack = stack->next)
        stack->stamp = pool->released;
    set_held(pool, pool->held + count);
    return pool->idle;
}

/* --- giving back --- */

/* A refusal costs memory, nothing else. */
static void drop_pages(const struct iovec *ranges, size_t count)
{
    if (count > 0)
        (void)cede__pages_advise(ranges, count, MADV_DONTNEED);
}

/* Gives back all pages of a chain of stacks but the first ones from the top;
   returns how many stacks there are. */
static size_t drop_pages_below(const cede__stack *stack, size_t keep_bytes)
{
    struct iovec ranges[CEDE__PAGES_BATCH];
    size_t pending = 0;
    size_t count = 0;

    for (; stack != NULL; stack = stack->next, count++) {
        size_t size = (size_t)(stack->high - stack->low);

        if (size <= keep_bytes)
            continue;
        ranges[pending++] = (struct iovec){stack->low, size - keep_bytes};
        if (pending == CEDE__PAGES_BATCH) {
            drop_pages(ranges, pending);
            pending = 0;
        }
    }
    drop_pages(ranges, pending);
    return count;
}

/* Where the stacks begin that came in that many releases ago, the first few
   never being old. */
static cede__stack **find_old(cede__pool *pool, size_t age)
{
    cede__stack **place = &pool->idle;

    for (size_t i = 0; *place != NULL; i++, place = &(*place)->next)
        if (i >= KEEP && pool->released - (*place)->stamp >= age)
            break;
    return place;
}

static void retire(cede__pool *pool, cede__stack **place)
{
    cede__stack *stacks = *place;

    *place = NULL;
    if (stacks == NULL)
        return;
    set_held(pool, pool->held - drop_pages_below(stacks, 0));
    cede__depot_put(stacks);
}

static size_t max(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* It shrinks slowly: between two reviews there may have been nothing but the
   second half of a burst. */
static size_t next_window(const cede__pool *pool)
{
    size_t taken = pool->acquired - pool->acquired_before;
    size_t stacks = idle_in(pool) + cede__stack_live();

    return max(max(WINDOW_MIN, pool->window / 8 * 7), min(stacks, taken));
}

void cede__pool_review(void)
{
    cede__pool *pool = cede__pool_here();

    cede__pool_enter();
    if (cede__overflow_is_reported())
        (void)cede__overflow_enter_thread(pool);
    pool->window = next_window(pool);
    retire(pool, find_old(pool, 2 * pool->window));
    pool->acquired_before = pool->acquired;
    pool->review_at = pool->released + pool->window;
}

void cede__stack_trim(void)
{
    cede__pool *pool = cede__pool_here();

    retire(pool, find_old(pool, 0));
    (void)drop_pages_below(pool->idle, KEEP_PAGES * cede__pages_size());
    cede__depot_trim();
    pool->trimmed_at = pool->released;
}

bool cede__stack_is_trimmed(void)
{
    const cede__pool *pool = cede__pool_here();

    return pool->trimmed_at == pool->released;
}

void cede__stack_pool_destroy(void)
{
    cede__pool *pool = cede__pool_here();

    if (!pool->registered)
        return;
    retire(pool, &pool->idle);
    cede__overflow_leave_thread(pool);
    cede__depot_lock();
    cede__list_remove(&pool->node);
    cede__depot_unlock();
    pool->registered = false;
    pool->review_at = 0;
}

/* --- sanitizers --- */

/* Only the part that is poisoned is written: touching all of the shadow would
   cost 56 KiB per stack. */
void cede__stack_unpoison(const cede__stack *stack)
{
#if CEDE_IMPL_ASAN
    char *low = __asan_region_is_poisoned(
        stack->low, (size_t)(stack->high - stack->low));

    if (low != NULL)
        __asan_unpoison_memory_region(low, (size_t)(stack->high - low));
#else
    (void)stack;
#endif
}

/* --- statistics --- */

cede_stack_counts cede_stack_statistics(void)
{
    cede_stack_counts counts;
    cede__depot_counts depot;

    cede__depot_lock();
    depot = cede__depot_count();
    counts.idle = depot.resting;
    cede__list_each(node, &pools)
        counts.idle += idle_in(cede__list_entry(node, cede__pool, node));
    counts.live = depot.stacks - counts.idle;
    counts.mapped = depot.mapped;
    counts.guarded_by_madvise = cede__guard_count(CEDE_STACK_GUARD_MADVISE);
    counts.guarded_by_mprotect = cede__guard_count(CEDE_STACK_GUARD_MPROTECT);
    counts.guarded_by_canary = cede__guard_count(CEDE_STACK_GUARD_CANARY);
    cede__depot_unlock();
    return counts;
}
