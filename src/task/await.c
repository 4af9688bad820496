/*
 * await: waiting for a future. Rules F06-F10, T08-T11, T18, T19.
 *
 * The task's completion stands in the future's list; the future's end posts
 * the task's job, so the awaiter runs one iteration later and in order (T18).
 */
#include "task/task.h"

#include "flow/flow.h"
#include "task/relay.h"
#include "value/exception.h"

#include "cede/print.h"

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

/* As a gather does, which is not cancelled but has a CancelledError (W03). */
static bool ended_cancelled(const cede_future *future)
{
    return future->state == CEDE__FUTURE_CANCELLED ||
           (future->exception &&
            cede_exception_is(future->exception, cede_CancelledError));
}

/* The future is done, or the wait was undone. */
static void look_for_cancel(cede_task *task, cede_future *future)
{
    bool by_scope = task->asked_by_scope;
    bool cancelled = ended_cancelled(future);

    task->asked = task->asked_by_scope = false;
    /* Of two cancels the first is the one that comes (T05): the future has
       it. */
    if (task->must_cancel && !task->undone && !by_scope && cancelled)
        task->must_cancel = false;
    cede__task_check_cancel(task);
    if (!by_scope || !cancelled)
        return;
    cede_unref(cede__future_take_exception(future));
    cede__task_raise_level(task);
}

/* Suspends until the future, which is pending, is done. Always inline, as the
   change of stacks in it. */
static inline __attribute__((always_inline)) void
wait_for(cede_task *task, cede_future *future)
{
    check_awaitable(task, future);
    cede__future_subscribe(future, &task->completion, &task->job);
    task->completion.waiter = &task->future;
    task->awaited = future;
    task->reason = "await";
    /* A cancel that came while the task ran reaches what it awaits (T06). */
    if (CEDE_IMPL_UNLIKELY(task->disturbed) &&
        (task->must_cancel || task->level))
        cede__task_cancel_awaited(task);
    cede__task_suspend(task);
    task->awaited = NULL;
    task->reason = NULL;
    /* Who awaits a task that only the loop holds: it is gone when it is done. */
    cede_check_alive(future);
    if (CEDE_IMPL_UNLIKELY(task->disturbed || task->asked) &&
        (task->must_cancel || task->undone || task->asked || task->closing))
        look_for_cancel(task, future);
}

static inline __attribute__((always_inline)) cede_value
wait_for_outcome(cede_future *future, const cede_location *where)
{
    if (CEDE_IMPL_LIKELY(future->state == CEDE__FUTURE_PENDING))
        wait_for(cede__task_to_suspend(), future);
    else
        cede__checkpoint();
    return cede__future_outcome(future, where);
}

cede_value cede__await_future(void *self, const cede_location *where)
{
    cede__hold hold;
    cede_value value;

    cede__hold_push(&hold, self);
    value = wait_for_outcome(self, where);
    cede__hold_pop(&hold);
    cede_unref(self);
    return value;
}

cede_value cede__await_borrowed(cede_future *future)
{
    return wait_for_outcome(future, NULL);
}

static cede_value let_others_run(void *argument)
{
    (void)argument;
    cede_sleep(0);
    return cede_none;
}

/* What is wrong with what was yielded, in asyncio's words. */
static void raise_bad_yield(const cede_value *value) CEDE_IMPL_NORETURN;
static void raise_bad_yield(const cede_value *value)
{
    cede_task *task = cede__task_now();
    void *object =
        cede_value_kind(*value) == CEDE_OBJECT ? value->as.pointer : NULL;
    cede_auto (cede_value, text, cede_value_clear) = cede_repr(*value);

    if (cede__is_future(object))
        cede_raise(cede_RuntimeError,
                   "yield was used instead of yield from in task %s with %s",
                   cede_task_get_name(task), cede_value_str(text));
    if (cede_isinstance(object, cede_impl_generator_class))
        cede_raise(cede_RuntimeError,
                   "yield was used instead of yield from for generator in task "
                   "%s with %s",
                   cede_task_get_name(task), cede_value_str(text));
    cede_raise(cede_RuntimeError, "Task got bad yield: %s",
               cede_value_str(text));
}

static cede_value refuse_yield(void *value)
{
    raise_bad_yield(value);
}

/* As asyncio's Task: None is "once around", anything else is a mistake
   (T16). */
cede_exception *cede__task_trap(cede_value value)
{
    cede_exception *error;

    if (cede_is_none(value))
        return cede_catch(let_others_run, NULL, NULL);
    error = cede_catch(refuse_yield, &value, NULL);
    cede_value_unref(value);
    return error;
}
