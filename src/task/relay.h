/*
 * relay.h - how control passes from one task to the next without the loop
 *
 * Knows: what the loop's step does to a task before it runs. Does not know:
 * why the one before makes way.
 *
 * A task that suspends or ends changes to the stack of the task that the loop
 * would step next. That saves the loop's stack on the way, and the returns on
 * either side find where they were called from in the order the CPU expects.
 *
 * Invariants: while a task runs its slot holds the loop's context, whoever
 * switched to it, and its flow's `outer` is the loop's; so both go along.
 */
#pragma once

#include "task/task.h"

/* The task whose step is next and can be made from here, taken out of the
   queue; NULL: back to the loop. `thread` is the number of this one. */
static inline cede_task *cede__relay_next(cede_loop *loop, uint32_t thread)
{
    cede__job *job = cede__loop_upcoming(loop);
    cede_task *next;

    if (!job || job->run != cede__task_step)
        return NULL;
    next = (cede_task *)((char *)job - offsetof(cede_task, job));
    if (CEDE_IMPL_UNLIKELY(next->coroutine.thread != thread) &&
        !(next->coroutine.state == CEDE_IMPL_CREATED &&
          cede__task_start_quietly(next)))
        return NULL;
    cede__loop_take(loop);
    next->scheduled = false;
    next->budget = 0;
    next->relays = true;
    return next;
}

/* Makes `next` the one that runs: all but the change of stacks. */
static inline void cede__relay_to(cede_task *next, cede_impl_flow *outer)
{
    next->coroutine.flow.outer = outer;
    cede__context_here = &next->place;
    cede_impl_current = next->active;
}
