/*
 * Cancelling a task: how a request reaches it, and where it comes out.
 *
 * Two ways (decision 0021). cede_task_cancel is an edge: the request waits in
 * must_cancel, or goes down to what the task awaits, and is raised once. A
 * cancelled scope is a level: each wait that begins or stands under it is
 * undone and raises. Both undo waits by the same abort function.
 *
 * It knows that a task waits, for a future or parked; not what for. Rules
 * T02-T06, T10-T12, T21, T27, D06; Z01, Z04, Z07, Z08.
 */
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "task/scope.h"
#include "task/torture.h"
#include "value/exception.h"

/* The message may be the one it has: a circle of tasks brings it back. */
static void keep_message(cede_task *task, const char *message)
{
    char *copy = cede__copy_message(message);

    cede__free(task->future.cancel_message);
    task->future.cancel_message = copy;
}

/* --- tasks that await each other --- */

/* The task that this one awaits and that is not done, or NULL. */
static cede_task *awaited_task(const cede_task *task)
{
    cede_future *future = task->awaited;

    return future && !task->scheduled &&
                   future->head.object_class == cede__task_class &&
                   future->state == CEDE__FUTURE_PENDING
               ? (cede_task *)future
               : NULL;
}

/*
 * Counts a request on the task and on each that it awaits in turn, and returns
 * the last: a chain may be longer than a stack is deep. Tasks that await each
 * other in a circle never end; whoever cancels one must not go round with them
 * (`mark` is a place on the way, at distances of powers of two).
 */
static cede_task *count_requests(cede_task *task)
{
    const cede_task *mark = task;
    size_t steps = 0, limit = 1;

    for (;;) {
        cede_task *next = awaited_task(task);

        task->cancel_requests++;
        if (!next || next == mark)
            return task;
        task->asked = true;
        task->asked_by_scope = false;
        task = next;
        if (++steps == limit) {
            mark = task;
            limit *= 2;
        }
    }
}

/* Does it await what can end only after itself, by way of others? */
static bool in_circle(const cede_task *task)
{
    return awaited_task(task) ||
           (task->awaited && cede__gather_is_cancelling(task->awaited));
}

/* Tasks of a circle wait for each other for ever: this one is taken out. */
static void break_circle(cede_task *task)
{
    cede__future_unsubscribe(&task->completion);
    task->undone = true;
    cede__task_schedule(task);
}

/* --- the edge --- */

void cede__task_undo_wait(cede_task *task)
{
    if (task->scheduled || !task->abort ||
        !task->abort(task, task->abort_argument))
        return;
    task->undone = true;
    cede__task_schedule(task);
}

/* Passes the request on to what it awaits, whose end wakes the task; what is
   done already cannot be cancelled. */
static bool pass_on(cede_task *task, const char *message)
{
    if (!task->awaited || task->scheduled ||
        !cede__future_cancel(task->awaited, message))
        return false;
    task->asked = true;
    task->asked_by_scope = false;
    return true;
}

bool cede__task_request_cancel(cede_task *task, const char *message)
{
    bool circle;

    if (task->future.state != CEDE__FUTURE_PENDING) {
        task->future.unretrieved = false; /* as in cede__future_cancel */
        return false;
    }
    task = count_requests(task);
    circle = in_circle(task);
    if (!circle && pass_on(task, message))
        return true;
    if (!task->must_cancel || !task->undone) /* or the first is on its way */
        keep_message(task, message);         /* (T05) */
    task->must_cancel = true;
    if (circle) {
        break_circle(task);
    } else if (task->parked) {
        cede__task_undo_wait(task);
        cede__task_overtake(task);
    }
    return true;
}

bool cede_task_cancel(cede_task *task, const char *message)
{
    cede_check_alive(task);
    if (!cede_task_done(task))
        cede__loop_check(task->future.loop);
    return cede__task_request_cancel(task, message);
}

unsigned cede_task_cancelling(const cede_task *task)
{
    cede_check_alive(task);
    return task->cancel_requests;
}

unsigned cede_task_uncancel(cede_task *task)
{
    cede_check_alive(task);
    if (task->cancel_requests > 0 && --task->cancel_requests == 0 &&
        !task->undone)
        task->must_cancel = false; /* D06 */
    return task->cancel_requests;
}

/* --- the level --- */

/* Once, as an edge: a task that is awaited has its own clean-up to do, and will
   be awaited to its end. */
static void cancel_awaited_for_scope(cede_task *task)
{
    if (!task->asked)
        task->asked = task->asked_by_scope =
            cede__future_cancel(task->awaited, NULL);
}

void cede__task_set_level(cede_task *task, bool level)
{
    task->level = level;
    if (!level || task->scheduled)
        return;
    if (task->awaited)
        cancel_awaited_for_scope(task);
    else if (task->parked)
        cede__task_undo_wait(task);
}

void cede__task_raise_level(cede_task *task)
{
    task->undone = false;
    cede__raise(cede__scope_cancelled_error(task->scope), NULL);
}

/* --- where the task runs into it --- */

void cede__task_cancel_awaited(cede_task *task)
{
    if (task->must_cancel && pass_on(task, task->future.cancel_message))
        task->must_cancel = task->undone; /* of a circle it is the one left */
    if (task->level)
        cancel_awaited_for_scope(task);
}

void cede__task_check_cancel(cede_task *task)
{
    cede_exception *error;

    if (CEDE_IMPL_UNLIKELY(task->closing))
        cede__raise(cede__exception_make(cede_GeneratorExit, NULL), NULL);
    if (CEDE_IMPL_LIKELY(!task->must_cancel && !task->undone))
        return;
    if (!task->must_cancel)
        cede__task_raise_level(task);
    task->must_cancel = false;
    task->undone = false;
    error = cede__torture_error(task);
    if (CEDE_IMPL_LIKELY(!error))
        error = cede__cancelled_error(task->future.cancel_message);
    cede__raise(error, NULL);
}
