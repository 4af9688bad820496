/*
 * Semaphores: asyncio.Semaphore and BoundedSemaphore. Rules P08, P10, P13,
 * P14.
 *
 * Invariants: a unit stays in the semaphore until a task that runs takes it.
 * Some of the free units are promised to tasks that are woken and have not run
 * since; nobody else takes these, and as long as somebody waits nobody goes
 * ahead of the queue. Whoever leaves the queue, with a unit or without, wakes
 * as many as there are units for.
 */
#include "sync/bound.h"

#include <stdio.h>

#include "cede/semaphore.h"

struct cede_semaphore {
    cede__sync_bound bound;
    int64_t value;    /* free units */
    int64_t promised; /* of these, to tasks on their way */
    int64_t most;     /* what value may come to */
    cede_wait_queue waiters;
};

static bool wake_next(cede_semaphore *semaphore)
{
    if (semaphore->value <= semaphore->promised ||
        !cede_wait_queue_wake(&semaphore->waiters))
        return false;
    semaphore->promised++;
    return true;
}

/* --- taking units --- */

struct turn {
    cede_semaphore *semaphore;
    bool woken;
};

static void leave(void *self)
{
    struct turn *turn = self;
    cede_semaphore *semaphore = turn->semaphore;

    semaphore->bound.waiting--;
    semaphore->promised -= turn->woken;
    while (wake_next(semaphore))
        continue;
}

static void wait_for_turn(cede_semaphore *semaphore)
{
    struct turn turn = {semaphore, false};

    cede__sync_bind(&semaphore->bound);
    cede_defer (cede_unref, cede_ref(semaphore));
    cede_defer (leave, &turn);
    semaphore->bound.waiting++;
    cede_wait_queue_park_keep(&semaphore->waiters, "semaphore", &turn.woken);
    semaphore->value--;
}

bool cede_semaphore_locked(const cede_semaphore *semaphore)
{
    cede_check_alive(semaphore);
    return semaphore->value == 0 || semaphore->promised > 0 ||
           !cede_wait_queue_empty(&semaphore->waiters);
}

bool cede_semaphore_acquire(cede_semaphore *semaphore)
{
    cede_check_alive(semaphore);
    cede_consume_budget();
    if (cede_semaphore_locked(semaphore))
        wait_for_turn(semaphore);
    else
        semaphore->value--;
    return true;
}

void cede_semaphore_release(cede_semaphore *semaphore)
{
    cede__sync_check_waker(&semaphore->bound);
    if (semaphore->value >= semaphore->most)
        cede_raise(cede_ValueError, "%s released too many times",
                   cede_class_of(semaphore)->name);
    semaphore->value++;
    wake_next(semaphore);
}

/* --- their classes --- */

static void enter(void *self)
{
    cede_semaphore_acquire(self);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)exception;
    cede_semaphore_release(self);
    return false;
}

static cede_value repr(void *self)
{
    const cede_semaphore *semaphore = self;
    char state[48];

    if (cede_semaphore_locked(semaphore))
        return cede__sync_repr(&semaphore->bound, "locked");
    snprintf(state, sizeof state, "unlocked, value:%" PRId64,
             semaphore->value);
    return cede__sync_repr(&semaphore->bound, state);
}

static void destroy(void *self)
{
    cede__sync_unbind(self);
}

static const cede_manager_methods manager = {.enter = enter,
                                             .exit = leave_block};
static const cede_object_methods look = {.repr = repr};

static const cede_class semaphore_class[1] = {{.name = "Semaphore",
                                               .size = sizeof(cede_semaphore),
                                               .destroy = destroy,
                                               .manager = &manager,
                                               .object = &look}};
static const cede_class bounded_class[1] = {{.name = "BoundedSemaphore",
                                             .base = semaphore_class,
                                             .size = sizeof(cede_semaphore),
                                             .destroy = destroy,
                                             .manager = &manager,
                                             .object = &look}};

static cede_semaphore *make(const cede_class *semaphore_kind, int64_t value,
                            int64_t most)
{
    cede_semaphore *semaphore;

    if (value < 0)
        cede_raise(cede_ValueError, "Semaphore initial value must be >= 0");
    semaphore = cede_object_new(semaphore_kind);
    semaphore->value = value;
    semaphore->most = most;
    cede_wait_queue_init(&semaphore->waiters);
    return semaphore;
}

cede_semaphore *cede_semaphore_new(int64_t value)
{
    return make(semaphore_class, value, INT64_MAX);
}

cede_semaphore *cede_bounded_semaphore_new(int64_t value)
{
    return make(bounded_class, value, value);
}
