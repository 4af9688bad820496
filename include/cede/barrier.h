/*
 * Barriers: tasks wait for each other until so many are there.
 *
 * Python counterpart: asyncio.Barrier. Rules P09, P12, P13. A barrier belongs
 * to the loop of the first task that has to wait at it (P13, as cede/lock.h
 * says); all calls: one thread at a time, the loop's once it has one; what
 * wakes tasks raises RuntimeError in another. Unless it says otherwise a call
 * neither raises nor suspends.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A context manager too: cede_with waits at its beginning; write
   cede_ref(barrier), for cede_with takes a reference. */
typedef struct cede_barrier cede_barrier;

/* A barrier for so many tasks, one reference. Needs no loop. Raises ValueError
   "parties must be > 0", MemoryError. Python: asyncio.Barrier(parties). */
cede_barrier *cede_barrier_new(int64_t parties) CEDE_IMPL_NEW;

/*
 * Waits until as many tasks have come as there are parties, and returns an
 * index, a different one for each of them, from 0 on in the order in which
 * they came; the last does not suspend. Then the barrier can be used again:
 * who comes before the others have left waits for that first. Borrows.
 *
 * Raises CancelledError: if the barrier was not full yet, the others wait for
 * one more (P12); BrokenBarrierError when it is reset or aborted meanwhile,
 * and at once when it is broken; RuntimeError outside a task. Python: await
 * barrier.wait().
 */
size_t cede_barrier_wait(cede_barrier *barrier);

/*
 * reset: makes it new, and BrokenBarrierError is raised in those who wait.
 * abort: breaks it for those who wait and for all to come until it is reset.
 * Borrow; do not suspend (in Python they are coroutines, which never wait
 * either). Python: await barrier.reset(), await barrier.abort().
 */
void cede_barrier_reset(cede_barrier *barrier);
void cede_barrier_abort(cede_barrier *barrier);

/* How many tasks it is for; how many wait for more to come; is it broken? Never
   raise. Python: barrier.parties, n_waiting, broken. */
size_t cede_barrier_parties(const cede_barrier *barrier);
size_t cede_barrier_n_waiting(const cede_barrier *barrier);
bool cede_barrier_broken(const cede_barrier *barrier);

CEDE_IMPL_END
