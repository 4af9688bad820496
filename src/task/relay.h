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
#include "task/torture.h"

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

/*
 * Leaves the task's stack until its job runs. The caller has arranged that
 * somebody posts the job. Raises nothing. Always inline: after a change of
 * stacks each return is one that the CPU has not foreseen.
 */
static inline __attribute__((always_inline)) void
cede__task_suspend(cede_task *task)
{
    cede_impl_flow *here = cede_impl_current;
    cede_impl_flow *there = task->coroutine.flow.outer;
    cede_task *next;
    uintptr_t word = 0;

    if (here != &task->coroutine.flow)
        cede__asynchronous_note(task, here);
    cede__torture_suspension(task);
    task->since = task->future.loop->now;
    next = task->relays ? cede__relay_next(task->future.loop,
                                           task->coroutine.thread)
                        : NULL;
    if (CEDE_IMPL_UNLIKELY(next == task))
        return; /* nobody else was ready */
    task->active = here;
    task->suspended = true;
    if (next) {
        task->coroutine.flow.outer = NULL;
        cede__relay_to(next, there);
        there = next->active;
        /* The switch takes the next one's context from here, and the loop's
           goes to where it is expected. */
        cede__slot_swap(&task->coroutine.slot, &next->coroutine.slot);
    }
    cede_impl_transfer(&task->coroutine.slot, CEDE_IMPL_COROUTINE_OF(here),
                       CEDE_IMPL_COROUTINE_OF(there), cede_none, &word);
    task->suspended = false;
    /* Whoever came here has made `here` current again. */
}
