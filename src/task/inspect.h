/*
 * inspect.h - windows into tasks: what the parts of cede/inspect.h share
 *
 * Knows: names, frames, who waits for whom. Does not know: how that is laid
 * out.
 *
 * Invariants: looking changes nothing, and allocates nothing but for the tree,
 * which says so when it cannot. The loop's thread only.
 */
#pragma once

#include "base/symbol.h"
#include "task/task.h"

#include <stdio.h>

/* --- names (describe.c) --- */

enum { CEDE__LINE = 256 };

/* "Task-7" or its name, which is borrowed, without keeping it. */
const char *cede__task_label(const cede_task *task, char *buffer, size_t size);

/* "running", "ready to begin", "ready", "waiting: sleep until 3.500000". */
void cede__task_tell_state(const cede_task *task, char *line, size_t size);

/* Does it wait for a descriptor? Which? (descriptor.c) */
bool cede__descriptor_awaited(const cede_task *task, int *ret_fd);

/* Is it suspended, on a stack that nobody runs on? */
static inline bool cede__task_is_suspended(const cede_task *task)
{
    return task->suspended && task->coroutine.stack;
}

/* --- frames (frames.c) --- */

/* Of one coroutine that a task consists of: itself or a generator it runs. */
typedef struct cede__stretch {
    const cede_impl_coroutine *coroutine;
    size_t count; /* frames */
    void **frames; /* where calls return to, innermost first */
} cede__stretch;

/* Hands each stretch of the stack to `visit`, innermost first, until it says
   false. A task that is neither running nor suspended has none. */
typedef bool cede__visit_stretch(const cede__stretch *stretch, void *argument);
void cede__task_walk(const cede_task *task, cede__visit_stretch *visit,
                     void *argument);

/* Looks symbols up, and remembers some: a look reads a file. All zero at
   first; a few kilobytes. */
typedef struct cede__symbols {
    struct {
        const void *address;
        cede__symbol symbol;
    } known[32];
} cede__symbols;

const cede__symbol *cede__symbols_find(cede__symbols *symbols,
                                       const void *address);

/* "read_line (program+0x12f0)": of the call that returns there. */
void cede__frame_tell(cede__symbols *symbols, const void *frame, char *line,
                      size_t size);

/* --- who waits (waiters.c) --- */

/* A walk over those who wait for a future. */
typedef struct cede__waiters {
    const cede_future *future;
    cede__list *link;
    const struct cede__awaited_by *more;
} cede__waiters;

void cede__waiters_begin(cede__waiters *waiters, const cede_future *future);
/* Borrowed; NULL at the end. */
cede_future *cede__waiters_next(cede__waiters *waiters);

/* The future is done or gone: who was added by
   cede_future_add_to_awaited_by is given up. */
void cede__awaited_by_forget(cede_future *future);

/* --- the loop --- */

/* Nothing can happen any more: reports it and fails the run, unless the
   program did not ask to hear of that or a thread may be about to post
   (asleep.c). */
bool cede__tasks_asleep(cede_loop *loop);
