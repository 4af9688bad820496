/*
 * world.h - what the tests of threads have in common
 *
 * Threads wait for each other at gates and never for time. A gate that a thread
 * may be waiting at is opened by a cede_defer inside the block that joins the
 * thread, so that a call that fails for want of memory does not hang the test.
 */
#pragma once

#include "task/world.h"
#include "work/thread_pool.h"

#include "cede/concurrent_future.h"
#include "cede/executor.h"
#include "cede/list.h"
#include "cede/print.h"
#include "cede/thread.h"

#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

/* Closed until it is opened, then open for ever; or for so many who pass. */
struct gate {
    sem_t open;
    sem_t reached;
};

WORLD_UNUSED static void make_gate(struct gate *gate)
{
    sem_init(&gate->open, 0, 0);
    sem_init(&gate->reached, 0, 0);
}

WORLD_UNUSED static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        continue;
}

/* A thread's side: says that it is there and waits. */
WORLD_UNUSED static cede_value pass(void *gate)
{
    sem_post(&((struct gate *)gate)->reached);
    wait_for(&((struct gate *)gate)->open);
    return cede_none;
}

/* Until a thread is there. */
WORLD_UNUSED static void meet(struct gate *gate)
{
    wait_for(&gate->reached);
}

/* Once for each who is to pass. */
WORLD_UNUSED static void open_once(struct gate *gate)
{
    sem_post(&gate->open);
}

/* For cede_defer. */
WORLD_UNUSED static void open_wide(struct gate *gate)
{
    for (int i = 0; i < 64; i++)
        sem_post(&gate->open);
}

/* --- functions for threads --- */

WORLD_UNUSED static cede_value returns_int(void *number)
{
    return cede_int(*(const int *)number);
}

/* A list with a string and a list in it: what it counts is not atomic by
   itself. */
WORLD_UNUSED static cede_value returns_list(void *text)
{
    cede_list *inner = cede_list_of(text ? (const char *)text : "inner");
    cede_defer (cede_unref, inner);

    return cede_object(cede_list_of(cede_ref(inner), 7));
}

WORLD_UNUSED static cede_value raises_value_error(void *message)
{
    cede_raise(cede_ValueError, "%s", message ? (const char *)message : "x");
}

/* --- a loop in a thread of its own --- */

WORLD_UNUSED static cede_value runs_forever(void *loop)
{
    cede_loop_run_forever(loop);
    return cede_none;
}

/* For pthread_create; the loop is its argument. */
WORLD_UNUSED static void *loop_thread(void *loop)
{
    cede_unref(cede_catch(runs_forever, loop, NULL));
    /* Tasks that have begun here can be ended nowhere else. */
    cede_loop_close(loop);
    return NULL;
}

/* For cede_loop_call_soon_threadsafe. */
WORLD_UNUSED static void stop_loop(void *loop)
{
    cede_loop_stop(loop);
}

/* --- holding --- */

WORLD_UNUSED static void drop_exception(void *variable)
{
    cede_unref(*(cede_exception **)variable);
}

/* --- running --- */

/* For cede_defer. A pool that could not be waited for, for want of memory, has
   threads that end by themselves. */
WORLD_UNUSED static void join_threads(void *unused)
{
    (void)unused;
    cede__thread_pools_finish();
}

/* `expect` that leaves no thread behind, however the scenario ends. */
WORLD_UNUSED static void expect_threads(cede_function scenario,
                                        const char *trace)
{
    cede_defer (join_threads, NULL);

    expect(scenario, trace);
}
