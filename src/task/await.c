/*
 * await: waiting for a future. Rules F06-F10, T08-T11, T18, T19.
 *
 * The task's completion stands in the future's list; the future's end posts
 * the task's job, so the awaiter runs one iteration later and in order (T18).
 */
#include "task/task.h"

#include "flow/flow.h"

static void check_awaitable(cede_task *task, cede_future *future)
{
    if (future == &task->future)
        cede_raise(cede_RuntimeError, "Task cannot await on itself: %s",
                   cede_task_get_name(task));
    if (future->loop != task->future.loop)
        cede_raise(cede_RuntimeError,
                   "Task %s got a Future attached to a different loop",
                   cede_task_get_name(task));
}

/* Suspends until the future, which is pending, is done. */
static void wait_for(cede_task *task, cede_future *future)
{
    check_awaitable(task, future);
    cede__future_subscribe(future, &task->completion, &task->job);
    task->awaited = future;
    task->reason = "await";
    /* A cancel that came while the task ran reaches what it awaits (T06). */
    if (CEDE_IMPL_UNLIKELY(task->must_cancel) &&
        cede__future_cancel(future, task->future.cancel_message))
        task->must_cancel = false;
    cede__task_suspend(task);
    task->awaited = NULL;
    task->reason = NULL;
    /* Of two cancels the first is the one that comes (T05): the future has
       it. */
    if (CEDE_IMPL_UNLIKELY(task->must_cancel) && !task->undone &&
        cede_future_cancelled(future))
        task->must_cancel = false;
    cede__task_check_cancel(task);
}

cede_value cede__await_future(cede_future *future, const cede_location *where)
{
    if (!cede_future_done(future))
        wait_for(cede__task_to_suspend(), future);
    return cede__future_outcome(future, where);
}

static cede_value await_object(cede_object *object, const cede_location *where)
{
    if (cede__is_future(object))
        return cede__await_future((cede_future *)object, where);
    if (!object || !object->object_class->awaitable)
        cede_raise(cede_TypeError,
                   "object %s can't be used in 'await' expression",
                   object ? object->object_class->name : "NULL");
    return object->object_class->awaitable->wait(object);
}

cede_value cede_impl_await(void *awaitable, const cede_location *where)
{
    cede__hold hold;
    cede_value value;

    cede__hold_push(&hold, awaitable);
    value = await_object(awaitable, where);
    cede__hold_pop(&hold);
    cede_unref(awaitable);
    return value;
}
