/*
 * Runners: a loop, a context and SIGINT around several main tasks, and
 * cede_run, which is one used once. asyncio.Runner and asyncio.run; rules R01
 * to R05, C02, E16.
 *
 * It knows what a run needs around it and in which order that is taken down;
 * it must not know how tasks wait. The handler of SIGINT is there only while
 * the runner runs something, and put back only if it is still ours.
 */
#include "task/task.h"

#include "base/log.h"
#include "base/system.h"
#include "flow/flow.h"
#include "loop/signal.h"
#include "value/object.h"

#include "cede/run.h"

struct cede_runner {
    cede_object head;
    cede_runner_options options;
    cede_loop *loop;       /* owned; NULL before the first use */
    cede_context *context; /* owned, likewise */
    cede_task *main;       /* owned; NULL between runs */
    unsigned interrupts;   /* of this run */
    bool once; /* of cede_run: SIGINT is ours from the run to the end */
    bool closed;
};

/* --- SIGINT --- */

static void interrupted(void *self)
{
    cede_runner *runner = self;

    runner->interrupts++;
    if (runner->interrupts == 1 && runner->main &&
        cede_task_cancel(runner->main, NULL))
        return;
    cede_raise(cede_KeyboardInterrupt);
}

static void give_sigint_back(cede_runner *runner)
{
    cede__signal_remove_own(runner->loop, SIGINT, interrupted, runner);
}

/* Only where nobody has decided otherwise (R04). */
static void take_sigint(cede_runner *runner)
{
    struct sigaction now;

    runner->interrupts = 0;
    if (!cede__sys_is_main_thread())
        return;
    cede__sys_sigaction_get(SIGINT, &now);
    if (now.sa_flags & SA_SIGINFO || now.sa_handler != SIG_DFL)
        return;
    cede_loop_add_signal_handler(runner->loop, SIGINT, interrupted, runner);
    cede__signal_set_aside(runner->loop, SIGINT);
}

/* --- its loop --- */

static cede_loop *make_loop(const cede_runner_options *options)
{
    cede_loop_options made = {.clock = options->clock,
                              .simulated = options->simulated};

    if (!options->loop_factory)
        return cede_loop_new_with(&made);
    return options->loop_factory(options->loop_factory_argument);
}

static void set_up(cede_runner *runner)
{
    cede_context *context;
    cede__hold hold;

    cede_check_alive(runner);
    if (runner->closed)
        cede_raise(cede_RuntimeError, "Runner is closed");
    if (runner->loop)
        return;
    context = cede_copy_context();
    cede__hold_push(&hold, context);
    runner->loop = make_loop(&runner->options);
    if (!runner->loop)
        cede_raise(cede_TypeError, "a loop factory returned NULL");
    cede__hold_pop(&hold);
    runner->context = context;
    if (runner->options.debug != 0)
        cede_loop_set_debug(runner->loop, runner->options.debug > 0);
}

cede_loop *cede_runner_get_loop(cede_runner *runner)
{
    set_up(runner);
    return runner->loop;
}

/* --- a run --- */

static void end_run(void *self)
{
    cede_runner *runner = self;

    if (!runner->once)
        give_sigint_back(runner);
    cede_unref(runner->main);
    runner->main = NULL;
}

/* The CancelledError that the first SIGINT caused is what it stands for,
   unless others want the task's end too. */
static cede_value run_main(cede_runner *runner)
{
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

static void refuse_nested(const char *what)
{
    if (cede__running_loop)
        cede_raise(cede_RuntimeError,
                   "%s cannot be called from a running event loop: await the "
                   "function or create a task instead",
                   what);
}

/* A function, or if NULL what the options' argument is, which is borrowed. */
static cede_value run(cede_runner *runner, cede_function function,
                      const cede_task_options *options, const char *name,
                      const cede_location *where)
{
    cede_task_options mine = *options;

    cede_defer (end_run, runner);
    if (!mine.context)
        mine.context = runner->context;
    if (function) {
        runner->main = cede_impl_task_new(runner->loop, function, &mine, name,
                                          where);
    } else {
        mine.argument = cede_ref(mine.argument);
        runner->main = cede_impl_task_from(runner->loop, &mine, where);
    }
    return run_main(runner);
}

cede_value cede_impl_runner_run(cede_runner *runner, cede_function function,
                                const cede_task_options *options,
                                const char *name, const cede_location *where)
{
    refuse_nested("cede_runner_run()");
    if (cede_impl_is_null(function))
        cede_raise(cede_TypeError, "a coroutine function was expected, got "
                                   "NULL");
    set_up(runner);
    return run(runner, function, options, name, where);
}

cede_value cede_impl_runner_run_from(cede_runner *runner,
                                     const cede_task_options *options,
                                     const cede_location *where)
{
    void *awaitable = options->argument;
    cede__hold hold;
    cede_value result;

    cede__hold_push(&hold, awaitable);
    refuse_nested("cede_runner_run_from()");
    set_up(runner);
    result = run(runner, NULL, options, NULL, where);
    cede__hold_pop(&hold);
    cede_unref(awaitable);
    return result;
}

/* --- its end --- */

/* The handler of SIGINT goes with the loop, after the code of tasks that the
   loop ends. */
static void close_loop(void *self)
{
    cede_runner *runner = self;

    cede_loop_close(runner->loop);
    cede_unref(runner->loop);
    runner->loop = NULL;
    runner->closed = true;
}

static void shut_down(cede_runner *runner)
{
    cede_defer (close_loop, runner);

    take_sigint(runner);
    cede__tasks_cancel_all(runner->loop);
    cede__asynchronous_shutdown(runner->loop);
    cede__loop_shut_down(runner->loop);
}

/* In the child of a fork the loop is the parent's: it is only let go. */
static bool is_usable(const cede_loop *loop)
{
    return !cede_loop_is_closed(loop) &&
           loop->generation == cede__fork_generation;
}

void cede_runner_close(cede_runner *runner)
{
    cede_check_alive(runner);
    if (!runner->loop)
        return;
    if (!is_usable(runner->loop)) {
        close_loop(runner);
        return;
    }
    if (cede_loop_is_running(runner->loop))
        cede_raise(cede_RuntimeError, "a runner cannot be closed while its "
                                      "loop is running");
    refuse_nested("cede_runner_close()");
    shut_down(runner);
}

/* Whoever runs the loop right now has a reference, and it is closed with that
   one. */
static void abandon(cede_runner *runner)
{
    cede__log(CEDE_LOG_WARNING, "ResourceWarning: unclosed runner");
    if (cede_loop_is_running(runner->loop) && is_usable(runner->loop))
        cede_unref(runner->loop);
    else
        close_loop(runner);
}

static void destroy(void *self)
{
    cede_runner *runner = self;

    if (runner->loop)
        abandon(runner);
    cede_unref(runner->context);
}

static void enter(void *self)
{
    set_up(self);
}

static bool leave(void *self, cede_exception *exception)
{
    (void)exception;
    cede_runner_close(self);
    return false;
}

static const cede_manager_methods manager = {.enter = enter, .exit = leave};

static const cede_class runner_class[1] = {{.name = "Runner",
                                            .size = sizeof(cede_runner),
                                            .destroy = destroy,
                                            .manager = &manager}};

cede_runner *cede_impl_runner_new(const cede_runner_options *options)
{
    cede_runner *runner = cede_object_new(runner_class);

    runner->options = *options;
    return runner;
}

/* --- cede_run --- */

/* Cleaning up may raise: then the result goes nowhere. */
static void drop_result(void *result)
{
    cede_value_unref(*(cede_value *)result);
}

static void finish(void *runner)
{
    cede_defer (cede_unref, runner);
    cede_runner_close(runner);
}

static cede_value run_once(cede_function function,
                           const cede_runner_options *options,
                           const char *name, const cede_location *where)
{
    cede_value result = cede_none;
    cede_defer (drop_result, &result);

    {
        cede_runner *runner = cede_impl_runner_new(options);
        cede_defer (finish, runner);

        runner->once = true;
        set_up(runner);
        result = run(runner, function,
                     &(cede_task_options){.argument = options->argument}, name,
                     where);
    }
    return cede_value_ref(result);
}

cede_value cede_impl_run(cede_function function,
                         const cede_runner_options *options, const char *name,
                         const cede_location *where)
{
    refuse_nested("cede_run()");
    if (cede_impl_is_null(function))
        cede_raise(cede_TypeError, "a coroutine function was expected, got "
                                   "NULL");
    return run_once(function, options, name, where);
}

cede_value cede_impl_run_from(const cede_runner_options *options,
                              const cede_location *where)
{
    void *awaitable = options->argument;
    cede__hold hold;
    cede_value result;

    cede__hold_push(&hold, awaitable);
    refuse_nested("cede_run_from()");
    result = run_once(NULL, options, NULL, where);
    cede__hold_pop(&hold);
    cede_unref(awaitable);
    return result;
}
