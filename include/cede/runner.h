/*
 * Runners: several programs, one after the other, on one loop.
 *
 *     cede_with (runner, cede_runner_new(.debug = true)) {
 *         cede_value_unref(cede_runner_run(runner, prepare, &config));
 *         cede_value_unref(cede_runner_run(runner, serve, &config));
 *     } cede_end
 *
 * A runner makes its loop when it is first needed, runs functions as main
 * tasks of it, all in one context (what one sets the next one sees), and at
 * its end cancels what is left and closes the loop. As a context manager it is
 * closed at the end of the block. Python counterpart: asyncio.Runner; rules
 * R01 to R05.
 *
 * SIGINT, while something runs on the main thread, and only where the signal
 * had its default effect: the first one cancels the main task, whose finally
 * clauses run, and becomes KeyboardInterrupt when the task ends by that; a
 * task that goes on and returns has swallowed it. A second one ends the run at
 * once with KeyboardInterrupt, and so does the first one while a runner is
 * being closed. A signal handler of yours is left alone.
 *
 * A runner belongs to the thread that first uses it. Nothing here suspends,
 * but run and close block.
 */
#pragma once

#include "cede/task.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_runner_new(…): a runner with options, one reference. Last reference: a
 * runner that was not closed closes its loop with a warning; what is left then
 * gets GeneratorExit where it waits. Raises MemoryError. Any thread. Python:
 * asyncio.Runner(debug=, loop_factory=).
 */
#define cede_runner_new(...)                                                   \
    cede_impl_runner_new(                                                      \
        &(const cede_runner_options){.argument = NULL, __VA_ARGS__})

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A loop to be, and what runs on it. A context manager. */
typedef struct cede_runner cede_runner;

/* All zero is the default. */
typedef struct cede_runner_options {
    void *argument; /* of cede_run's function; of runners not used */
    int debug; /* the loop's debug mode; 1: on, -1: off, 0: as it is made */
    bool simulated;          /* on a virtual clock that begins at 0 */
    const cede_clock *clock; /* else on this one; NULL: the monotonic clock */
    /* Makes the loop (one reference, handed over) in place of cede_loop_new;
       then only `debug` counts of the above. May raise. */
    cede_loop *(*loop_factory)(void *argument);
    void *loop_factory_argument;
} cede_runner_options;

#ifndef __cplusplus

cede_runner *cede_impl_runner_new(const cede_runner_options *options)
    CEDE_IMPL_NEW;

/*
 * cede_runner_run(runner, fn, argument, …): runs fn(argument) as the main
 * task; returns what it returned or raises what it raised. Options behind the
 * argument are those of cede_create_task; without .context it runs in the
 * runner's own context. Tasks it leaves behind stay where they are until the
 * next run, or the end (L15).
 *
 * Raises RuntimeError "Runner is closed"; RuntimeError inside a running loop;
 * TypeError for a NULL function; KeyboardInterrupt as said above; what making
 * a loop raises. Python: Runner.run.
 */
#define cede_runner_run(runner, ...)                                           \
    cede_impl_runner_run((runner), CEDE_IMPL_TASK_CALL(__VA_ARGS__),           \
                         CEDE_IMPL_HERE)
cede_value cede_impl_runner_run(cede_runner *runner, cede_function function,
                                const cede_task_options *options,
                                const char *name, const cede_location *where);

/* cede_runner_run_from(runner, awaitable, …): the same with a coroutine object
   or whatever can be awaited; takes your reference, also when it raises. Raises
   as cede_runner_run; TypeError for what cannot be awaited. */
#define cede_runner_run_from(runner, ...)                                      \
    cede_impl_runner_run_from((runner), CEDE_IMPL_TASK_OPTIONS(__VA_ARGS__),   \
                              CEDE_IMPL_HERE)
cede_value cede_impl_runner_run_from(cede_runner *runner,
                                     const cede_task_options *options,
                                     const cede_location *where);

#endif /* !__cplusplus */

/* Its loop, borrowed, made if need be. Raises RuntimeError "Runner is closed",
   and what making a loop raises. Python: Runner.get_loop. */
cede_loop *cede_runner_get_loop(cede_runner *runner);

/*
 * Cancels the tasks that are left and waits until they are done, reporting
 * what they raise, then closes the loop. Closing twice is fine; one that has
 * not been used stays usable. Raises RuntimeError while its loop runs, and the
 * SystemExit or KeyboardInterrupt of what is left, when the loop is closed.
 * Python: Runner.close.
 */
void cede_runner_close(cede_runner *runner);

CEDE_IMPL_END
