/*
 * torture.c - cancelling and raising at the Nth suspension (see torture.h)
 *
 * An exception comes out of a wait by the way of a CancelledError: the wait is
 * undone, or if it does not let itself be undone ends when it ends. What is
 * awaited goes on, as when asyncio throws into a coroutine (T32).
 */
#include "task/torture.h"

#include "value/exception.h"

/* Nobody but a test sees one. */
static CEDE_EXCEPTION(TortureError, cede_Exception);

static __thread const cede_task *failing;

static void fail_wait(cede_task *task)
{
    if (task->closing)
        return; /* a GeneratorExit comes out already */
    failing = task;
    task->must_cancel = true;
    if (task->parked) {
        cede__task_undo_wait(task);
    } else if (task->awaited && !task->scheduled &&
               task->awaited->state == CEDE__FUTURE_PENDING) {
        cede__future_unsubscribe(&task->completion);
        task->undone = true;
        cede__task_schedule(task);
    }
}

void cede__torture_strike(cede_task *task)
{
    if (cede__fault(CEDE__FAULT_CANCEL))
        cede__task_request_cancel(task, "torture");
    if (cede__fault(CEDE__FAULT_RAISE))
        fail_wait(task);
}

cede_exception *cede__torture_error(const cede_task *task)
{
    if (failing != task)
        return NULL;
    failing = NULL;
    return cede__exception_make(TortureError, "torture");
}
