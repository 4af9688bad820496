/*
 * torture.h - what tests have happen where tasks suspend
 *
 * Knows: the Nth suspension of the process is told to fail (base/fault.h), in
 * one of two ways: the task is cancelled at that moment, as by
 * cede_task_cancel, or its wait is undone and a TortureError, a child of
 * Exception, comes out of it.
 * Does not know: what the task waits for.
 *
 * Invariants: a task that suspends has registered its wait completely, so
 * what happens here is what another task may do right afterwards. While
 * nothing is armed, a suspension costs a test of one byte.
 */
#pragma once

#include "base/fault.h"
#include "task/task.h"

void cede__torture_strike(cede_task *task) CEDE_IMPL_COLD;

/* For a task about to leave its stack. */
static inline void cede__torture_suspension(cede_task *task)
{
    if (CEDE_IMPL_UNLIKELY(__atomic_load_n(&cede__fault_at_suspensions,
                                           __ATOMIC_RELAXED)))
        cede__torture_strike(task);
}

/* The exception that takes the place of the task's CancelledError, or NULL. */
cede_exception *cede__torture_error(const cede_task *task);
