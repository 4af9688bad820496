/*
 * The children of a group or a nursery: tasks, and what became of them.
 *
 * Invariants: `running` holds those whose end has not been told yet, oldest
 * first; `failed` those that were kept for their exception, in the order of
 * their ends. Each entry is a block of its own, made before its task, so that
 * an end can always be told and an exception always be kept. An entry owns a
 * reference to its task and to the owner: the object the children stand in
 * outlives them.
 */
#pragma once

#include "task/create.h"
#include "task/future.h"

struct cede__children;

typedef struct cede__child {
    cede__list link;
    cede__completion completion;
    cede__job job;
    struct cede__children *children;
    cede_task *task;       /* owned; NULL: not attached yet */
    cede_exception *error; /* owned; what it raised, none if cancelled */
    void *extra;           /* an object of the owner's; owned */
} cede__child;

typedef struct cede__children {
    void *owner;
    cede__list running;
    cede__list failed;
    size_t running_count;
    size_t failed_count;
    cede_task *waiter; /* parked until none runs; NULL: nobody */
    /* A child has ended: in the loop, an iteration later. True: it is kept
       among the failed. */
    bool (*ended)(void *owner, cede__child *child);
} cede__children;

void cede__children_init(cede__children *children, void *owner,
                         bool (*ended)(void *owner, cede__child *child));

/* Gives up the failed ones; none runs any more. */
void cede__children_finish(cede__children *children);

/*
 * Makes a task and puts it among the running; returns it, borrowed. `prepare`
 * (NULL: nothing to do) is called before it begins; extra (borrowed) may be
 * NULL. Raises as cede__task_make does; it takes the making's awaitable over in
 * any case.
 */
cede_task *cede__children_add(cede__children *children,
                              const cede__making *made, void *extra,
                              void (*prepare)(void *owner,
                                              cede__child *child));

/* Asks all that run to stop, as cede_task_cancel does. */
void cede__children_cancel(cede__children *children);

/* Parks the current task until none runs. Returns what ended the wait, one
   reference, and then some may still run: a CancelledError, or what a test has
   come out of it; or NULL. Raises GeneratorExit, when the loop is being
   closed. */
cede_exception *cede__children_wait(cede__children *children,
                                    const char *reason);

/* A group of the errors of the failed, and behind them of `last` (borrowed;
   NULL: none): one reference. Raises MemoryError. */
cede_exception *cede__children_group(const cede__children *children,
                                     cede_exception *last,
                                     const char *message);

/* Who waits for the child whose end it tells: a task at the end of its group's
   block. NULL: nobody, or it is no child's. */
cede_future *cede__children_waiter(const cede__completion *completion);

/* Is the job that of a child's end? Then it is given up. (close.c) */
bool cede__children_drop(cede__job *job);
