/*
 * Barriers: asyncio.Barrier. Rules P09, P12, P13.
 *
 * Invariants: `count` tasks are inside: they have arrived and not left. While
 * the barrier fills they wait; when it is full it drains: they leave, and who
 * arrives waits outside until the last one has left. Nobody is outside while
 * somebody inside still has to be woken, so one queue serves both; every wake
 * is one of all, so none has to be passed on.
 *
 * asyncio's lock inside is not needed: no task is suspended half-way.
 */
#include "sync/bound.h"

#include "cede/barrier.h"

enum state {
    FILLING,
    DRAINING,  /* full: those inside leave with an index */
    RESETTING, /* those inside leave with BrokenBarrierError */
    BROKEN,
};

struct cede_barrier {
    cede__sync_bound bound;
    enum state state;
    size_t parties;
    size_t count;
    size_t left; /* how many of those that filled it are out again */
    cede_wait_queue waiters;
};

static void wake_all(cede_barrier *barrier)
{
    while (cede_wait_queue_wake(&barrier->waiters))
        continue;
}

/* --- waiting --- */

static void park(cede_barrier *barrier)
{
    bool woken;

    cede__sync_bind(&barrier->bound);
    cede_wait_queue_park_keep(&barrier->waiters, "barrier", &woken);
}

/* Until those before have left. */
static void wait_outside(cede_barrier *barrier)
{
    while (barrier->state == DRAINING || barrier->state == RESETTING)
        park(barrier);
    if (barrier->state == BROKEN)
        cede_raise(cede_BrokenBarrierError, "Barrier aborted");
}

struct party {
    cede_barrier *barrier;
    bool last;
    size_t index;
};

/* On every way out. Who is cancelled on the way out takes an index along. */
static void leave(void *self)
{
    struct party *party = self;
    cede_barrier *barrier = party->barrier;

    party->index = party->last ? barrier->parties - 1 : barrier->left++;
    if (--barrier->count > 0)
        return;
    if (barrier->state != BROKEN)
        barrier->state = FILLING;
    wake_all(barrier);
}

static void wait_inside(struct party *party)
{
    cede_barrier *barrier = party->barrier;
    cede_defer (leave, party);

    if (++barrier->count == barrier->parties) {
        party->last = true;
        barrier->left = 0;
        barrier->state = DRAINING;
        wake_all(barrier);
        return;
    }
    while (barrier->state == FILLING)
        park(barrier);
    if (barrier->state != DRAINING)
        cede_raise(cede_BrokenBarrierError, "Abort or reset of barrier");
}

size_t cede_barrier_wait(cede_barrier *barrier)
{
    struct party party = {.barrier = barrier};

    cede_check_alive(barrier);
    cede_consume_budget();
    cede_defer (cede_unref, cede_ref(barrier));

    wait_outside(barrier);
    wait_inside(&party);
    return party.index;
}

/* --- breaking and mending --- */

void cede_barrier_reset(cede_barrier *barrier)
{
    cede__sync_check_waker(&barrier->bound);
    barrier->state = barrier->count > 0 ? RESETTING : FILLING;
    wake_all(barrier);
}

void cede_barrier_abort(cede_barrier *barrier)
{
    cede__sync_check_waker(&barrier->bound);
    barrier->state = BROKEN;
    wake_all(barrier);
}

/* --- asking --- */

size_t cede_barrier_parties(const cede_barrier *barrier)
{
    cede_check_alive(barrier);
    return barrier->parties;
}

size_t cede_barrier_n_waiting(const cede_barrier *barrier)
{
    cede_check_alive(barrier);
    return barrier->state == FILLING ? barrier->count : 0;
}

bool cede_barrier_broken(const cede_barrier *barrier)
{
    cede_check_alive(barrier);
    return barrier->state == BROKEN;
}

/* --- its class --- */

static void enter(void *self)
{
    cede_barrier_wait(self);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)self;
    (void)exception;
    return false;
}

static cede_value repr(void *self)
{
    static const char *const names[] = {"filling", "draining", "resetting"};
    const cede_barrier *barrier = self;

    if (barrier->state == BROKEN)
        return cede_str_format("<%s [broken]>", cede_class_of(self)->name);
    return cede_str_format("<%s [%s, waiters:%zu/%zu]>",
                           cede_class_of(self)->name, names[barrier->state],
                           cede_barrier_n_waiting(barrier), barrier->parties);
}

static void destroy(void *self)
{
    cede__sync_unbind(self);
}

static const cede_manager_methods manager = {.enter = enter,
                                             .exit = leave_block};
static const cede_object_methods look = {.repr = repr};

static const cede_class barrier_class[1] = {{.name = "Barrier",
                                             .size = sizeof(cede_barrier),
                                             .destroy = destroy,
                                             .manager = &manager,
                                             .object = &look}};

cede_barrier *cede_barrier_new(int64_t parties)
{
    cede_barrier *barrier;

    if (parties < 1)
        cede_raise(cede_ValueError, "parties must be > 0");
    barrier = cede_object_new(barrier_class);
    barrier->parties = (size_t)parties;
    cede_wait_queue_init(&barrier->waiters);
    return barrier;
}
