/*
 * What becomes of this floor when its loop is closed: tasks are ended first,
 * then whatever is still queued is dropped. Rule T14.
 *
 * Python's collector would close the coroutines of such tasks some day: here
 * each gets GeneratorExit where it waits, so that its finally clauses run, and
 * the newest is the first, as what a task lends to those it starts is on its
 * own stack (decision 0051). One that insists on waiting is run on with a
 * GeneratorExit at each attempt, and given up after so many, as is at once one
 * that began on another thread. Tasks that are made meanwhile never run. In the
 * child of a fork the tasks are the parent's, and none of their code is run.
 */
#include "task/children.h"

#include "base/environment.h"
#include "base/memory.h"
#include "task/inspect.h"
#include "value/debug.h"

enum { MOST_ATTEMPTS = 100 };

static void report_pending(cede_task *task)
{
    cede_exception_handler_context context = {
        .message = "Task was destroyed but it is pending!",
        .task = task,
    };

    cede__loop_report(task->future.loop, &context);
}

/* GeneratorExit is how a closed task ends; other exceptions are news. */
static void forget_exit(cede_task *task)
{
    if (cede_exception_is(task->future.exception, cede_GeneratorExit))
        task->future.unretrieved = false;
}

static void close_task(cede_task *task)
{
    int attempt;

    if (!task->unmissed)
        report_pending(task);
    task->closing = true;
    task->job.run = cede__task_step;
    if (task->parked)
        cede__task_undo_wait(task);
    for (attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        if (task->future.state != CEDE__FUTURE_PENDING ||
            cede__task_is_foreign(task))
            break;
        cede__future_unsubscribe(&task->completion);
        cede__task_step_apart(task);
    }
    if (task->future.state == CEDE__FUTURE_PENDING)
        cede__task_abandon(task);
    forget_exit(task);
}

/* Jobs of tasks leave the queue: close_task steps the tasks itself, and they
   may be freed before the loop drops what is queued. */
static void withdraw_jobs(cede_loop *loop)
{
    cede__queue all = loop->ready;

    if (cede__queue_empty(&all))
        return;
    cede__queue_init(&loop->ready);
    while (all.first) {
        cede__job *job = all.first;

        all.first = job->next;
        if (job->run != cede__task_step && !cede__is_sleep_job(job))
            cede__queue_push(&loop->ready, job);
    }
}

/* What one task does at its end may post the jobs of others. */
static void close_tasks(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (!tasks || loop->generation != cede__fork_generation)
        return;
    while (!cede__list_empty(&tasks->unfinished)) {
        cede_task *task = cede_ref(cede__list_entry(tasks->unfinished.prev,
                                                    cede_task, siblings));

        withdraw_jobs(loop);
        close_task(task);
        cede_unref(task);
    }
    withdraw_jobs(loop);
    cede__asynchronous_forget(tasks);
    cede__remotes_close(tasks);
    cede__attachments_close(tasks);
    loop->upper = NULL;
    cede__free(tasks);
}

static void drop(cede_loop *loop, cede__job *job)
{
    (void)loop;
    if (!cede__callback_drop(job) && !cede__listener_drop(job) &&
        !cede__children_drop(job) && !cede__remote_drop(job))
        cede__timeout_drop(job);
}

/* Another thread's objects must not be looked at. */
static bool is_pending_on(const cede__life *life, const void *loop)
{
    const cede_future *future = (const cede_future *)life->object;

    return pthread_equal(life->thread, pthread_self()) &&
           cede_issubclass(life->object_class, cede__future_class) &&
           future->loop == loop && future->state == CEDE__FUTURE_PENDING;
}

/* Who still refers to a future of the loop will never see its end. One that is
   done may be kept for its result; if nobody gives it up, the end of the
   process tells. */
static void tell_stranded(const cede_loop *loop)
{
    if (cede__debugging())
        cede__debug_survey(is_pending_on, loop,
                           "is pending for ever: its loop is closed",
                           "are pending for ever: their loop is closed");
}

static cede__context_place *place(cede_future *future)
{
    return future->head.object_class == cede__task_class
               ? &((cede_task *)future)->place
               : NULL;
}

static cede_future *origin(cede__job *job, const cede_impl_call **call)
{
    if (job->run == cede__task_step)
        return cede_ref(&((cede_task *)((char *)job - offsetof(cede_task, job)))
                             ->future);
    cede__callback_origin(job, call);
    return NULL;
}

const cede__loop_hooks cede__task_hooks = {.on_close = close_tasks,
                                           .on_drop = drop,
                                           .on_closed = tell_stranded,
                                           .describe = cede__future_describe,
                                           .place = place,
                                           .on_asleep = cede__tasks_asleep,
                                           .origin = origin};
