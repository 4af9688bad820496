/*
 * Running: run_until_complete, and cede_run, which makes a loop for one
 * program and cleans up behind it. asyncio.run and Runner; rules L06, L15,
 * L25, R01, R03, R04, E16.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "loop/signal.h"

#include "cede/run.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

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
    cede__loop_check(loop);
    cede__hold_pop(&hold);
    future = cede_loop_ensure_future(loop, awaitable);
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

/* Its exception is reported when it ends (R01). */
static void cancel_leftover(cede_task *task)
{
    task->leftover = true;
    if (!task->finishing)
        cede__task_request_cancel(task, NULL);
}

void cede__tasks_cancel_all(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (!tasks)
        return;
    cede__list_each(link, &tasks->unfinished)
        cancel_leftover(cede__list_entry(link, cede_task, siblings));
    /* A task that ends may start others: they are cancelled in their turn. */
    while (!cede__list_empty(&tasks->unfinished)) {
        cede_task *task = cede_ref(cede__list_entry(tasks->unfinished.next,
                                                    cede_task, siblings));
        cede_exception *error;

        if (!task->leftover)
            cancel_leftover(task);
        error = cede_catch(finish_task, task, NULL);
        cede_unref(task);
        if (error)
            cede__throw(error); /* SystemExit, KeyboardInterrupt */
    }
    cede__asynchronous_shutdown(loop);
}

/* --- SIGINT --- */

struct runner {
    cede_loop *loop;
    cede_task *main;
    cede_value result; /* of the main task, until it is handed out */
    unsigned interrupts;
    bool handles_sigint;
};

static void interrupted(void *self)
{
    struct runner *runner = self;

    runner->interrupts++;
    if (runner->interrupts == 1 && !cede_task_done(runner->main)) {
        cede__task_request_cancel(runner->main, NULL);
        return;
    }
    cede_raise(cede_KeyboardInterrupt);
}

/* Only where nobody has decided otherwise (R04). */
static void take_sigint(struct runner *runner)
{
    struct sigaction now;

    if (syscall(SYS_gettid) != getpid() ||
        sigaction(SIGINT, NULL, &now) != 0 || now.sa_flags & SA_SIGINFO ||
        now.sa_handler != SIG_DFL)
        return;
    cede_loop_add_signal_handler(runner->loop, SIGINT, interrupted, runner);
    cede__signal_set_aside(runner->loop, SIGINT);
    runner->handles_sigint = true;
}

/* --- cede_run --- */

static cede_value run_main(void *self)
{
    struct runner *runner = self;
    cede_value result = cede_none;

    cede_keep(result);
    cede_try {
        take_sigint(runner);
        result = cede_loop_run_until_complete(runner->loop,
                                              cede_ref(runner->main));
    } cede_except (cede_CancelledError, e) {
        if (runner->interrupts > 0 && cede_task_uncancel(runner->main) == 0)
            cede_raise(cede_KeyboardInterrupt);
        cede_reraise();
    } cede_end
    return result;
}

static void finish(void *self)
{
    struct runner *runner = self;

    if (runner->main)
        cede__tasks_cancel_all(runner->loop);
}

static void release(void *self)
{
    struct runner *runner = self;

    cede_unref(runner->main);
    cede_loop_close(runner->loop);
    cede_unref(runner->loop);
}

/* Cleaning up may raise: then the result goes nowhere. */
static void drop_result(void *self)
{
    cede_value_unref(((struct runner *)self)->result);
}

static cede_value run_on(cede_loop *loop, cede_function function,
                         void *argument, const char *name,
                         const cede_location *where)
{
    struct runner runner = {.loop = loop};
    cede_defer (drop_result, &runner);

    {
        cede_defer (release, &runner);
        cede_defer (finish, &runner);

        runner.main =
            cede_impl_task_new(loop, function,
                               &(const cede_task_options){.argument = argument},
                               name, where);
        runner.result = run_main(&runner);
    }
    return cede_value_ref(runner.result);
}

static void refuse_nested(void)
{
    if (cede__running_loop)
        cede_raise(cede_RuntimeError,
                   "cede_run() cannot be called from a running event loop: "
                   "await the function or create a task instead");
}

cede_value cede_impl_run(cede_function function, void *argument,
                         const char *name, const cede_location *where)
{
    refuse_nested();
    return run_on(cede_loop_new(), function, argument, name, where);
}

cede_value cede_impl_run_simulated(cede_function function, void *argument,
                                   const char *name,
                                   const cede_location *where)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_loop_options options = {.clock = &clock};

    refuse_nested();
    return run_on(cede_loop_new_with(&options), function, argument, name,
                  where);
}
