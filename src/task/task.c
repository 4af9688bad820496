/*
 * Tasks: steps and end. See task/task.h.
 *
 * It knows one task at a time; what tasks wait for is in park.c, await.c and
 * above, how they are asked to stop in cancel.c. Semantics: asyncio.Task,
 * rules T01-T32.
 */
#include "task/task.h"

#include "base/block.h"
#include "base/memory.h"
#include "flow/flow.h"
#include "task/create.h"
#include "task/relay.h"
#include "task/scope.h"
#include "value/exception.h"
#include "value/object.h"

#include <stdio.h>

static void destroy(void *self);
static const cede_awaitable_methods task_awaitable = {
    .wait_at = cede__await_future};

const cede_class cede__task_class[1] = {{.name = "Task",
                                         .base = cede__future_class,
                                         .size = sizeof(cede_task),
                                         .flags = CEDE_CLASS_OWN_MEMORY,
                                         .destroy = destroy,
                                         .awaitable = &task_awaitable}};

static void destroy(void *self)
{
    cede_task *task = self;

    cede__future_finish(&task->future, "Task"); /* its report has the name */
    if (CEDE_IMPL_UNLIKELY(task->place.context != NULL))
        cede__context_place_finish(&task->place);
    if (task->argument_owned)
        cede__free(task->coroutine.argument);
    if (CEDE_IMPL_UNLIKELY(task->name != NULL))
        cede__free(task->name);
    if (CEDE_IMPL_UNLIKELY(task->awaitable != NULL))
        cede_unref(task->awaitable);
    if (CEDE_IMPL_UNLIKELY(task->future.head.flags & CEDE__OBJECT_WATCHED))
        cede__object_free(&task->future.head);
    else
        cede__block_free(task, task->block_size);
}

/* --- running --- */

/* Has it raised what nobody hears of, for the program is over (R01)? */
static bool has_failed(const cede_task *task)
{
    return task->future.state == CEDE__FUTURE_FINISHED &&
           task->future.exception && !task->closing &&
           !cede__ends_loop(task->future.exception);
}

/* The task is done: the loop gives it up. */
static void retire(cede_task *task)
{
    cede_loop *loop = task->future.loop;
    cede__tasks *tasks = loop->upper;

    if (CEDE_IMPL_UNLIKELY(task->awaitable != NULL))
        cede__excuse(task->awaitable);
    if (CEDE_IMPL_UNLIKELY(task->scope != NULL))
        cede__scope_move_task(task, NULL);
    cede__coroutine_drop_stack(&task->coroutine);
    cede__timers_unreserve(&loop->timers, &task->timer);
    cede__list_remove(&task->siblings);
    tasks->count--;
    if (CEDE_IMPL_UNLIKELY(task->leftover) && has_failed(task))
        cede__list_push_back(&tasks->failed, &task->siblings);
    else
        cede__unref_shared(task);
}

/* No code of it will run again: what its frames own is given up, from the
   innermost generator it runs outwards. */
static void abandon_frames(cede_task *task)
{
    cede_impl_flow *flow = task->active;

    while (flow != &task->coroutine.flow) {
        cede_impl_flow *outer = flow->outer;

        cede__flow_abandon(flow, cede__abandon_defer);
        CEDE_IMPL_COROUTINE_OF(flow)->state = CEDE_IMPL_CLOSED;
        flow = outer;
    }
    cede__flow_abandon(flow, cede__abandon_defer);
}

void cede__task_abandon(cede_task *task)
{
    cede__future_unsubscribe(&task->completion);
    abandon_frames(task);
    task->coroutine.state = CEDE_IMPL_CLOSED;
    cede__future_end_cancelled(&task->future, NULL, NULL);
    retire(task);
}

static void end_with_exception(cede_task *task, cede_exception *exception)
{
    cede_future *future = &task->future;

    if (cede_exception_is(exception, cede_CancelledError)) {
        cede__future_end_cancelled(future, exception, NULL);
        return;
    }
    if (cede__ends_loop(exception)) {
        cede__loop_fail(future->loop, cede_ref(exception));
        cede__future_end_exception(future, exception);
        future->unretrieved = false; /* the loop raises it (T20) */
        return;
    }
    cede__future_end_exception(future, exception);
}

static void end(cede_task *task, cede_value value, uintptr_t word)
{
    if (word != CEDE_IMPL_RETURNED) {
        end_with_exception(task, (cede_exception *)word);
    } else if (task->must_cancel) {
        /* It cancelled itself and returned: the value is lost (T06). */
        task->must_cancel = false;
        cede_value_unref(value);
        cede__future_end_cancelled(&task->future, NULL,
                                   task->future.cancel_message);
    } else {
        cede__future_end_result(&task->future, value);
    }
    retire(task);
}

/* A loop may be run by one thread after the other, but what has begun on one
   cannot go on on another: compilers keep addresses of thread-local variables
   in its frames. The job stays queued, and the run ends with an error. */
static void refuse_thread(cede_task *task)
{
    char text[128];

    snprintf(text, sizeof text,
             "Task %s belongs to another thread: only the thread that started "
             "it may run it",
             cede_task_get_name(task));
    cede__task_schedule(task);
    cede__loop_fail(task->future.loop,
                    cede__exception_make(cede_RuntimeError, text));
}

bool cede__task_is_foreign(const cede_task *task)
{
    return task->coroutine.stack &&
           task->coroutine.thread != cede__thread_main()->thread;
}

bool cede__task_start_quietly(cede_task *task)
{
    if (task->disturbed || !cede__coroutine_start(&task->coroutine))
        return false;
    task->coroutine.state = CEDE_IMPL_RUNNING;
    return true;
}

/* The first step. False: the task is done without having run. */
static bool start(cede_task *task)
{
    cede_exception *error;

    if (task->must_cancel || task->closing) { /* T02 */
        task->must_cancel = false;
        error = cede__cancelled_error(task->future.cancel_message);
    } else if (cede__coroutine_start(&task->coroutine)) {
        task->coroutine.state = CEDE_IMPL_RUNNING;
        return true;
    } else {
        error = cede__exception_make(cede_MemoryError, NULL);
    }
    task->coroutine.state = CEDE_IMPL_CLOSED;
    end(task, cede_none, (uintptr_t)error);
    return false;
}

/*
 * Goes to the task, and comes back when it, or another that took over from it
 * (relay.h), suspends or ends. The place says which one that is.
 */
static void step(cede_task *task, bool relays)
{
    cede__context_place *before = cede__context_here;
    cede_impl_flow *here = cede_impl_flow_now();
    uintptr_t word = 0;
    cede_value value;

    task->scheduled = false;
    task->budget = 0;
    task->relays = relays;
    if (CEDE_IMPL_UNLIKELY(task->coroutine.state == CEDE_IMPL_CREATED)) {
        if (!start(task))
            return;
    } else if (CEDE_IMPL_UNLIKELY(task->coroutine.thread !=
                                  CEDE_IMPL_COROUTINE_OF(here)->thread)) {
        refuse_thread(task);
        return;
    }
    ((cede__tasks *)task->future.loop->upper)->outside = before;
    cede__context_here = &task->place;
    task->coroutine.flow.outer = here;
    cede_impl_current = task->active;
    value = cede_impl_transfer(
        &task->coroutine.slot, CEDE_IMPL_COROUTINE_OF(here),
        CEDE_IMPL_COROUTINE_OF(task->active), cede_none, &word);
    if (word == CEDE_IMPL_LEFT)
        return; /* it has ended (cede__task_returned) */
    task = cede__context_here->task;
    cede_impl_current = here;
    cede__context_here = before;
    task->coroutine.flow.outer = NULL; /* `here` may end before the next step */
    if (task->coroutine.state == CEDE_IMPL_CLOSED)
        end(task, value, word);
}

#if CEDE_IMPL_SWITCH_INLINE

/*
 * A task whose function has returned ends on its own stack, as if the loop had
 * done it, and relays. Its block may be freed and its stack in the pool by
 * then, which is safe as long as nobody writes there: the stack is the first
 * that is taken, and whoever begins on it does so by the switch that leaves it.
 * Whatever has to be looked into goes to the loop instead: exceptions, cancels,
 * sanitizers, which want to hear of stacks, and a switch that prepares stacks
 * by writing to them.
 */
void cede__task_returned(cede_impl_coroutine *coroutine, cede_value value)
{
    cede_task *task = (cede_task *)((char *)coroutine -
                                    offsetof(cede_task, coroutine));
    cede_loop *loop = task->future.loop;
    cede_impl_flow *outside = coroutine->flow.outer;
    uint32_t thread = coroutine->thread;
    cede_impl_slot slot = coroutine->slot; /* the loop */
    uintptr_t word = CEDE_IMPL_LEFT;
    cede_task *next;

    if (!task->relays || task->disturbed || loop->debug)
        return;
    coroutine->state = CEDE_IMPL_CLOSED;
    coroutine->flow.outer = NULL;
    cede_impl_current = outside;
    cede__context_here = ((cede__tasks *)loop->upper)->outside;
    end(task, value, CEDE_IMPL_RETURNED);
    next = cede__relay_next(loop, thread);
    if (next) {
        cede__relay_to(next, outside);
        cede__slot_swap(&slot, &next->coroutine.slot);
        word = 0;
    }
    cede_impl_transfer(&slot, NULL, NULL, cede_none, &word);
    __builtin_unreachable();
}

#else

void cede__task_returned(cede_impl_coroutine *coroutine, cede_value value)
{
    (void)coroutine;
    (void)value;
}

#endif

void cede__task_step(cede__job *job)
{
    step((cede_task *)((char *)job - offsetof(cede_task, job)), true);
}

void cede__task_step_apart(cede_task *task)
{
    step(task, false);
}

/* --- small things --- */

cede_future *cede_task_future(cede_task *task)
{
    cede_check_alive(task);
    return &task->future;
}

bool cede_task_done(const cede_task *task)
{
    return cede_future_done(&task->future);
}

bool cede_task_cancelled(const cede_task *task)
{
    return cede_future_cancelled(&task->future);
}

cede_value cede_task_result(cede_task *task)
{
    return cede_future_result(&task->future);
}

cede_exception *cede_task_exception(cede_task *task)
{
    return cede_future_exception(&task->future);
}

/* Made when somebody asks, and then kept: whoever has it may ask for others. */
const char *cede_task_get_name(const cede_task *task)
{
    static __thread char unkept[32];

    cede_check_alive(task);
    if (task->name)
        return task->name;
    snprintf(unkept, sizeof unkept, "Task-%llu",
             (unsigned long long)task->number);
    ((cede_task *)task)->name = cede__copy_message(unkept);
    return task->name ? task->name : unkept;
}

void cede_task_set_name(cede_task *task, const char *name)
{
    char *copy;

    cede_check_alive(task);
    copy = cede__copy_message(name);
    if (name && !copy)
        cede_raise(cede_MemoryError);
    cede__free(task->name);
    task->name = copy;
}

/* --- its context --- */

void cede_task_set_context(cede_task *task, cede_context *context)
{
    cede_check_alive(task);
    cede__check_given(context);
    cede__loop_check(task->future.loop);
    if (!cede_isinstance(context, cede__context_class))
        cede_raise(cede_TypeError, "a context was expected");
    if (task->coroutine.state != CEDE_IMPL_CREATED)
        cede_raise(cede_RuntimeError,
                   "a task that has begun stays in its context: set it before");
    cede__context_place_set(&task->place, context);
}

cede_context *cede_task_get_context(cede_task *task)
{
    cede_context *context;

    cede_check_alive(task);
    context = cede__context_place_base(&task->place);
    if (!context)
        cede_raise(cede_MemoryError);
    return context;
}

cede_task *cede_current_task(void)
{
    return cede__task_now();
}
