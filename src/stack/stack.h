/*
 * stack.h - what the rooms above may do with stacks: take one, give one back
 *
 * Knows: the descriptor of a stack and the calling thread's pool of idle
 * ones. Does not know: who runs on a stack; `owner` is a word for the report
 * of an overflow.
 *
 * Invariants: taking and giving back a stack asks neither the kernel nor
 * another thread while the pool has one and its review is not due. What was
 * given back last is taken first: its pages and cache lines are warm. A stack
 * may be given back by another thread than the one that took it; it stays
 * with that one. Descriptors lie beside the stacks, not on them, so that an
 * idle stack owns no page. No allocation is made here, only mappings.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/thread_local.h"
#include "cede/stack.h"

struct cede__slab;

typedef struct cede__stack {
    struct cede__stack *next; /* in the list of idle stacks it is in */
    char *top;                /* frames start below; 64-byte aligned */
    char *low;                /* the lowest byte; below it is the guard */
    char *high;               /* the end of the page below `top` */
    void *owner;              /* the taker's to set; NULL again when idle */
    struct cede__slab *slab;
    size_t stamp;          /* its pool's count of releases when it came in */
    unsigned registration; /* valgrind's */
    uint8_t guard;         /* a cede_stack_guard, never AUTO */
} __attribute__((aligned(64))) cede__stack;

/*
 * One per thread. The counters only grow; other threads read them for the
 * statistics, so they are written atomically, which costs nothing.
 */
typedef struct cede__pool {
    cede__stack *idle;
    size_t acquired;
    size_t released;
    size_t review_at;       /* `released` at which to look for surplus */
    size_t window;          /* releases from one review to the next */
    size_t acquired_before; /* `acquired` at the last one */
    size_t held;            /* taken from the depot, less put there */
    size_t trimmed_at;      /* `released` at the last cede__stack_trim */
    cede__list node;        /* among the pools of all threads */
    bool registered;        /* ... it is */
    bool signal_checked;    /* the thread has an alternate signal stack, */
    void *signal_stack;     /* ... made here, unless NULL */
} cede__pool;

extern CEDE_IMPL_THREAD_LOCAL cede__pool cede__pool_own
    __attribute__((visibility("hidden")));

static inline cede__pool *cede__pool_here(void)
{
    return CEDE__THREAD_LOCAL(cede__pool_own);
}

/* The name of an owner for messages, set by coro/, by every thread to the same
   (atomically). Called in a handler of SIGSEGV: it may read memory and no
   more. NULL means no name. */
extern const char *(*cede__stack_owner_name)(const void *owner);

/* --- the paths that are rarely taken --- */

/* The calling thread's pool becomes known to the process. */
void cede__pool_enter(void);
/* The first of a new batch of idle stacks, NULL: out of memory. */
cede__stack *cede__pool_refill(void);
/* Gives back what has been idle for long; says when to look again. */
void cede__pool_review(void);
/* Aborts, with a message, when the stack has grown into its canary. */
void cede__guard_check(const cede__stack *stack);
/* For ASan: frames that were left without returning stay poisoned. */
void cede__stack_unpoison(const cede__stack *stack);

/* --- the interface --- */

static inline size_t cede__pool_increment(size_t *counter)
{
    size_t count = __atomic_load_n(counter, __ATOMIC_RELAXED) + 1;

    __atomic_store_n(counter, count, __ATOMIC_RELAXED);
    return count;
}

/* A stack with frames of nobody, from `top` down to `low`. NULL: no memory. */
static inline cede__stack *cede__stack_acquire(void)
{
    cede__pool *pool = cede__pool_here();
    cede__stack *stack = pool->idle;

    if (CEDE_IMPL_UNLIKELY(stack == NULL)) {
        stack = cede__pool_refill();
        if (stack == NULL)
            return NULL;
    }
    pool->idle = stack->next;
    cede__pool_increment(&pool->acquired);
    return stack;
}

/* Nobody runs on the stack any more. Its owner is still asked for its name if
   the stack turns out to have overflowed, so it must be alive. */
static inline void cede__stack_release(cede__stack *stack)
{
    cede__pool *pool = cede__pool_here();

    if (CEDE_IMPL_UNLIKELY(stack->guard == CEDE_STACK_GUARD_CANARY))
        cede__guard_check(stack);
    if (CEDE_IMPL_ASAN)
        cede__stack_unpoison(stack);
    stack->owner = NULL;
    stack->next = pool->idle;
    pool->idle = stack;
    stack->stamp = cede__pool_increment(&pool->released);
    if (CEDE_IMPL_UNLIKELY(stack->stamp >= pool->review_at))
        cede__pool_review();
}

/* Stacks taken by this thread and not given back by it. */
size_t cede__stack_live(void);

/*
 * Gives memory back now: of the calling thread's idle stacks, all but a few
 * go back to the process, those few keep only their first pages, and what
 * rests unused in the process is unmapped. For a loop that has nothing to do.
 */
void cede__stack_trim(void);

/* Has the thread released no stack since cede__stack_trim? */
bool cede__stack_is_trimmed(void);

/*
 * The calling thread will hardly take stacks again; it may. Done by itself at
 * the end of every thread but the main one.
 */
void cede__stack_pool_destroy(void);
