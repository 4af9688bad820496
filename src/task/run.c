/*
 * Running a loop until something is done: run_until_complete, and the end of
 * what a runner leaves behind. Rules L06, L15, L25, R01.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

/* What leaves the loop by itself has done so already: the next run is not to be
   stopped. */
static void stop_loop(cede_future *future, void *loop)
{
    if (future->head.object_class == cede__task_class &&
        cede__ends_loop(future->exception))
        return;
    cede_loop_stop(loop);
}

static void remove_stop(void *future)
{
    cede_future_remove_done_callback(future, stop_loop);
}

static void end_finite(void *loop)
{
    ((cede_loop *)loop)->finite = false;
}

static void run_until_done(cede_loop *loop, cede_future *future)
{
    cede_future_add_done_callback(future, stop_loop, loop);
    cede_defer (remove_stop, future);
    loop->finite = true;
    cede_defer (end_finite, loop);
    cede_loop_run_forever(loop);
}

static cede_value run_until_complete(cede_loop *loop, cede_future *future)
{
    run_until_done(loop, future);
    if (!cede_future_done(future))
        cede_raise(cede_RuntimeError,
                   "Event loop stopped before Future completed.");
    return cede__future_outcome(future, NULL);
}

cede_value cede_loop_run_until_complete(cede_loop *loop, void *awaitable)
{
    cede_future *future;
    cede__hold hold;
    cede_value value;

    cede_check_alive(loop);
    cede__hold_push(&hold, awaitable);
    cede__loop_check_idle(loop); /* or a task would be made, and run (L08) */
    cede__hold_pop(&hold);
    future = cede_loop_ensure_future(loop, awaitable);
    if (future != awaitable) /* nobody else can know of it */
        ((cede_task *)future)->unmissed = true;
    cede__hold_push(&hold, future);
    value = run_until_complete(loop, future);
    cede__hold_pop(&hold);
    cede_unref(future);
    return value;
}

/* --- what is left when the main task is done --- */

/* Runs until the task is done, whatever it does. */
static cede_value finish_task(void *task)
{
    cede_loop *loop = ((cede_task *)task)->future.loop;

    run_until_done(loop, task);
    return cede_none;
}

static void cancel_leftover(cede_task *task)
{
    task->leftover = true;
    if (!task->finishing)
        cede__task_request_cancel(task, NULL);
}

/* Runs until all are done, or returns what cuts that short. A task that ends
   may start others: they are cancelled in their turn. */
static cede_exception *finish_all(cede__tasks *tasks)
{
    cede_exception *error = NULL;

    while (!error && !cede__list_empty(&tasks->unfinished)) {
        cede_task *task = cede_ref(cede__list_entry(tasks->unfinished.next,
                                                    cede_task, siblings));

        if (!task->leftover)
            cancel_leftover(task);
        error = cede_catch(finish_task, task, NULL);
        cede_unref(task);
    }
    return error;
}

static cede_value report(void *self)
{
    cede_task *task = self;
    cede_exception_handler_context context = {
        .message = "unhandled exception during cede_run() shutdown",
        .exception = task->future.exception,
        .task = task,
    };

    task->future.unretrieved = false;
    cede_loop_call_exception_handler(task->future.loop, &context);
    return cede_none;
}

/* All are done, or nobody waits for them any longer. Returns what the handler
   raises, `error` if there was one before. */
static cede_exception *report_failed(cede__tasks *tasks, cede_exception *error)
{
    cede__list *link;

    while ((link = cede__list_pop_front(&tasks->failed)) != NULL) {
        cede_task *task = cede__list_entry(link, cede_task, siblings);
        cede_exception *raised = cede_catch(report, task, NULL);

        if (error)
            cede_unref(raised);
        else
            error = raised;
        cede_unref(task);
    }
    return error;
}

void cede__tasks_cancel_all(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;
    cede_exception *error;

    if (!tasks)
        return;
    cede__list_each(link, &tasks->unfinished)
        cancel_leftover(cede__list_entry(link, cede_task, siblings));
    error = report_failed(tasks, finish_all(tasks));
    if (error)
        cede__throw(error); /* SystemExit, KeyboardInterrupt */
}
