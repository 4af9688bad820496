/*
 * capacity_limiter.c - tokens and who has them
 *
 * Knows: parking and unparking. Must not know: what the tokens are for.
 *
 * Invariants: a loan is a block that is made before anything waits, so taking a
 * token cannot fail; it is in the queue, or in the table of borrowers, or its
 * task is on its way from one to the other. As many free tokens as there are
 * such tasks are promised to them, and nobody goes ahead of the queue. Whoever
 * leaves, with a token or without, wakes as many as there are tokens for.
 * Semantics: trio.CapacityLimiter; rule Z13.
 */
#include "cede/capacity_limiter.h"

#include <stdio.h>

#include "base/list.h"
#include "base/memory.h"
#include "cede/debug.h"
#include "cede/lowlevel.h"
#include "cede/try.h"

enum { FIRST_BUCKETS = 16 }; /* a power of two, as all later numbers of them */

typedef struct loan {
    cede__list link;   /* of the queue; self-linked when in no list */
    struct loan *next; /* of the bucket */
    cede_capacity_limiter *limiter; /* borrowed */
    const void *borrower;
    cede_task *task; /* that waits; borrowed: it runs under its caller */
    uint64_t number; /* of those who came to wait, its place in the queue */
    bool woken;
    bool taken;
} loan;

struct cede_capacity_limiter {
    cede_object head;
    int64_t total;
    int64_t borrowed;
    int64_t promised; /* free tokens of tasks that are woken and have not run */
    size_t waiting;   /* tasks in the queue */
    uint64_t came;    /* to wait, ever */
    cede__list queue;
    const cede_loop *loop; /* of those who wait; borrowed, only compared */
    loan **buckets;
    size_t bucket_count;
};

/* --- who has one --- */

static loan **bucket_of(const cede_capacity_limiter *limiter,
                        const void *borrower)
{
    uintptr_t key = (uintptr_t)borrower / 16;

    key ^= key >> 15;
    return &limiter->buckets[key & (limiter->bucket_count - 1)];
}

/* Where the pointer to it stands, or the NULL at the end. */
static loan **find(const cede_capacity_limiter *limiter, const void *borrower)
{
    loan **place = bucket_of(limiter, borrower);

    while (*place && (*place)->borrower != borrower)
        place = &(*place)->next;
    return place;
}

static void put(cede_capacity_limiter *limiter, loan *one)
{
    loan **bucket = bucket_of(limiter, one->borrower);

    one->next = *bucket;
    *bucket = one;
}

/* Without memory the rows grow longer. */
static void grow(cede_capacity_limiter *limiter)
{
    size_t before = limiter->bucket_count;
    loan **old = limiter->buckets;
    loan **all = cede__calloc(2 * before, sizeof(loan *));

    if (!all)
        return;
    limiter->buckets = all;
    limiter->bucket_count = 2 * before;
    for (size_t i = 0; i < before; i++)
        while (old[i]) {
            loan *one = old[i];

            old[i] = one->next;
            put(limiter, one);
        }
    cede__free(old);
}

static void take(cede_capacity_limiter *limiter, loan *one)
{
    if ((size_t)limiter->borrowed >= 2 * limiter->bucket_count)
        grow(limiter);
    one->taken = true;
    limiter->borrowed++;
    put(limiter, one);
}

/* --- its life --- */

static void enter(void *self)
{
    cede_capacity_limiter_acquire(self);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)exception;
    cede_capacity_limiter_release(self);
    return false;
}

static void destroy(void *self)
{
    cede_capacity_limiter *limiter = self;

    for (size_t i = 0; i < limiter->bucket_count; i++)
        while (limiter->buckets[i]) {
            loan *one = limiter->buckets[i];

            limiter->buckets[i] = one->next;
            cede__free(one);
        }
    cede__free(limiter->buckets);
}

static cede_value repr(void *self)
{
    const cede_capacity_limiter *limiter = self;
    char total[32] = "inf";

    if (limiter->total != CEDE_UNLIMITED_TOKENS)
        snprintf(total, sizeof total, "%" PRId64, limiter->total);
    return cede_str_format("<CapacityLimiter at %p, %" PRId64
                           "/%s with %zu waiting>",
                           self, limiter->borrowed, total, limiter->waiting);
}

static const cede_manager_methods manager = {.enter = enter,
                                             .exit = leave_block};
static const cede_object_methods object_methods = {.repr = repr};

static const cede_class limiter_class[1] = {
    {.name = "CapacityLimiter",
     .size = sizeof(cede_capacity_limiter),
     .destroy = destroy,
     .manager = &manager,
     .object = &object_methods}};

static void check_total(int64_t total_tokens)
{
    if (total_tokens < 1)
        cede_raise(cede_ValueError, "total_tokens must be >= 1");
}

cede_capacity_limiter *cede_capacity_limiter_new(int64_t total_tokens)
{
    cede_capacity_limiter *limiter;

    check_total(total_tokens);
    limiter = cede_object_new(limiter_class);
    limiter->total = total_tokens;
    cede__list_init(&limiter->queue);
    limiter->buckets = cede__calloc(FIRST_BUCKETS, sizeof(loan *));
    if (!limiter->buckets) {
        cede_unref(limiter);
        cede_raise(cede_MemoryError);
    }
    limiter->bucket_count = FIRST_BUCKETS;
    return limiter;
}

/* --- waiting --- */

/* Is there a token that is promised to nobody? */
static bool is_free(const cede_capacity_limiter *limiter)
{
    return limiter->borrowed < limiter->total - limiter->promised;
}

static bool wake_next(cede_capacity_limiter *limiter)
{
    cede__list *link =
        is_free(limiter) ? cede__list_pop_front(&limiter->queue) : NULL;
    loan *one;

    if (!link)
        return false;
    one = cede__list_entry(link, loan, link);
    one->woken = true;
    limiter->waiting--;
    limiter->promised++;
    cede_unpark(one->task);
    return true;
}

/* Before all who came later. */
static void enter_queue(loan *one)
{
    cede__list *queue = &one->limiter->queue;
    cede__list *before = queue->prev;

    while (before != queue &&
           cede__list_entry(before, loan, link)->number > one->number)
        before = before->prev;
    cede__list_push_front(before, &one->link);
    one->limiter->waiting++;
}

static void leave_queue(loan *one)
{
    if (cede__list_empty(&one->link))
        return;
    cede__list_remove(&one->link);
    one->limiter->waiting--;
}

static bool abort_wait(cede_task *task, void *one)
{
    (void)task;
    leave_queue(one);
    return true;
}

static void keep_promise(loan *one)
{
    one->limiter->promised -= one->woken;
    one->woken = false;
}

static void end_turn(void *self)
{
    loan *one = self;

    leave_queue(one);
    keep_promise(one);
    while (wake_next(one->limiter))
        continue;
}

/* Tasks of one loop alone wake each other. */
static void check_loop(cede_capacity_limiter *limiter)
{
    if (!limiter->loop)
        limiter->loop = cede_running_loop();
    else if (limiter->loop != cede_running_loop())
        cede_raise(cede_RuntimeError,
                   "this CapacityLimiter is bound to a different event loop");
}

static void refuse_second(const cede_capacity_limiter *limiter,
                          const void *borrower)
{
    if (*find(limiter, borrower))
        cede_raise(cede_RuntimeError,
                   "this borrower is already holding one of this "
                   "CapacityLimiter's tokens");
}

/* A task for which no token is left, because there are fewer now, goes back to
   its place in the queue. */
static void wait_for_turn(cede_capacity_limiter *limiter, loan *one)
{
    cede_check_suspend(); /* a clean-up goes on in another task */
    check_loop(limiter);
    cede_defer (cede_unref, cede_ref(limiter));
    cede_defer (end_turn, one);

    one->task = cede_current_task();
    one->number = limiter->came++;
    do {
        keep_promise(one);
        enter_queue(one);
        while (!one->woken)
            cede_park("capacity limiter", abort_wait, one);
    } while (limiter->borrowed >= limiter->total);
    refuse_second(limiter, one->borrower);
    take(limiter, one);
}

static bool must_wait(const cede_capacity_limiter *limiter)
{
    return !is_free(limiter) || !cede__list_empty(&limiter->queue);
}

/* --- borrowing --- */

static void give_up_loan(void *self)
{
    loan *one = self;

    if (!one->taken)
        cede__free(one);
}

static void acquire(cede_capacity_limiter *limiter, const void *borrower,
                    bool wait)
{
    loan *one;

    refuse_second(limiter, borrower);
    if (!wait && must_wait(limiter))
        cede_raise(cede_WouldBlock);
    one = cede__calloc(1, sizeof *one);
    if (!one)
        cede_raise(cede_MemoryError);
    cede_defer (give_up_loan, one);
    one->limiter = limiter;
    one->borrower = borrower;
    cede__list_init(&one->link);
    if (must_wait(limiter))
        wait_for_turn(limiter, one);
    else
        take(limiter, one);
}

void cede_capacity_limiter_acquire_on_behalf_of(cede_capacity_limiter *limiter,
                                                const void *borrower)
{
    cede_check_alive(limiter);
    cede_consume_budget();
    acquire(limiter, borrower, true);
}

void cede_capacity_limiter_acquire_on_behalf_of_nowait(
    cede_capacity_limiter *limiter, const void *borrower)
{
    cede_check_alive(limiter);
    acquire(limiter, borrower, false);
}

static cede_task *task_that_borrows(void)
{
    cede_task *task = cede_current_task();

    if (!task)
        cede_raise(cede_RuntimeError,
                   "no running task borrows here: name a borrower with "
                   "…_on_behalf_of");
    return task;
}

/* The task that will give it back, also in a clean-up. */
void cede_capacity_limiter_acquire(cede_capacity_limiter *limiter)
{
    cede_check_suspend();
    cede_capacity_limiter_acquire_on_behalf_of(limiter, task_that_borrows());
}

void cede_capacity_limiter_acquire_nowait(cede_capacity_limiter *limiter)
{
    cede_capacity_limiter_acquire_on_behalf_of_nowait(limiter,
                                                      task_that_borrows());
}

void cede_capacity_limiter_release_on_behalf_of(cede_capacity_limiter *limiter,
                                                const void *borrower)
{
    loan **place, *one;

    cede_check_alive(limiter);
    place = find(limiter, borrower);
    one = *place;
    if (!one)
        cede_raise(cede_RuntimeError,
                   "this borrower isn't holding any of this CapacityLimiter's "
                   "tokens");
    if (limiter->waiting > 0)
        check_loop(limiter);
    *place = one->next;
    cede__free(one);
    limiter->borrowed--;
    wake_next(limiter);
}

void cede_capacity_limiter_release(cede_capacity_limiter *limiter)
{
    cede_capacity_limiter_release_on_behalf_of(limiter, task_that_borrows());
}

/* --- questions --- */

int64_t cede_capacity_limiter_total_tokens(const cede_capacity_limiter *limiter)
{
    cede_check_alive(limiter);
    return limiter->total;
}

void cede_capacity_limiter_set_total_tokens(cede_capacity_limiter *limiter,
                                            int64_t total_tokens)
{
    cede_check_alive(limiter);
    check_total(total_tokens);
    if (limiter->waiting > 0)
        check_loop(limiter);
    limiter->total = total_tokens;
    while (wake_next(limiter))
        continue;
}

int64_t
cede_capacity_limiter_borrowed_tokens(const cede_capacity_limiter *limiter)
{
    cede_check_alive(limiter);
    return limiter->borrowed;
}

int64_t
cede_capacity_limiter_available_tokens(const cede_capacity_limiter *limiter)
{
    cede_check_alive(limiter);
    if (limiter->total == CEDE_UNLIMITED_TOKENS)
        return CEDE_UNLIMITED_TOKENS;
    return limiter->borrowed < limiter->total
               ? limiter->total - limiter->borrowed
               : 0;
}

cede_capacity_limiter_statistics
cede_capacity_limiter_get_statistics(const cede_capacity_limiter *limiter)
{
    cede_check_alive(limiter);
    return (cede_capacity_limiter_statistics){
        .borrowed_tokens = limiter->borrowed,
        .total_tokens = limiter->total,
        .tasks_waiting = limiter->waiting,
    };
}

bool cede_capacity_limiter_has_borrower(const cede_capacity_limiter *limiter,
                                        const void *borrower)
{
    cede_check_alive(limiter);
    return *find(limiter, borrower) != NULL;
}
