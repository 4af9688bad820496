/*
 * desk.h - what this room keeps with a loop
 *
 * Knows: the loop's default executor and limiter; bonds, each of which ties a
 * future of the loop to a concurrent one. Does not know: what runs in threads.
 *
 * Everything here belongs to the loop's thread but for the listener of a bond,
 * which is told under the concurrent future's lock and does no more than post
 * the bond's remote call. So a bond may be freed by the loop's thread once it
 * has had that lock.
 */
#pragma once

#include "base/list.h"
#include "cede/lowlevel.h"
#include "cede/thread.h"
#include "work/concurrent_future.h"

typedef struct cede__desk {
    cede_object head;
    cede__list bonds;
    cede_executor *executor; /* owned; NULL: not made yet */
    bool shut_down;          /* there shall be no default executor */
    cede_capacity_limiter *limiter; /* owned; NULL: not made yet */
} cede__desk;

/* The loop's desk, borrowed: it lives until the loop is closed. Raises
   MemoryError, RuntimeError if the loop is closed or another thread's. */
cede__desk *cede__desk_of(cede_loop *loop);

/* The default executor, borrowed. Raises as cede_loop_run_in_executor. */
cede_executor *cede__desk_executor(cede__desk *desk);

cede_capacity_limiter *cede__desk_limiter(cede__desk *desk);

typedef struct cede__bond {
    cede__list link; /* of the desk's */
    cede_loop *loop; /* borrowed: it has the desk */
    cede__listener listener;
    /* Owned; NULL: none, or it is done. The bond holds the loop as long. */
    cede_concurrent_future *source;
    cede_future *target;            /* owned */
    cede_remote_call *call;         /* owned */
    cede_capacity_limiter *limiter; /* owned: the bond has a token of it */
    bool expects_call;
    bool expects_callback; /* of target */
} cede__bond;

/* A bond with a pending target and no source. Raises MemoryError and the
   loop's refusals. */
cede__bond *cede__bond_new(cede_loop *loop);

/* From now on the bond frees itself. Takes the source's reference. */
void cede__bond_connect(cede__bond *bond, cede_concurrent_future *source);

/* For cede_defer, with the address of the pointer: frees a bond that was never
   connected; NULL is one that was. */
void cede__bond_drop(void *bond_pointer);

/* The end of the bond's thread gives the token back that the bond has
   borrowed. Borrows the limiter. */
void cede__bond_has_token(cede__bond *bond, cede_capacity_limiter *limiter);
