/*
 * Running a program: asyncio.run. Rules R01, R03, R04.
 */
#pragma once

#include "cede/runner.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * cede_run(fn, argument, …): makes a loop, runs fn(argument) as its main task,
 * cancels what is left when that is done and waits for it, closes the loop;
 * returns what fn returned, yours, or raises what it raised (in main, what
 * nobody catches is printed and the program exits with status 1). It is a
 * cede_runner that is used once (cede/runner.h says what becomes of SIGINT).
 * Behind the argument may stand options, the members of cede_runner_options:
 *
 *     cede_run(serve, &config, .debug = true);
 *
 * Raises RuntimeError inside a running loop, and in a child that its task
 * forked; what making a loop raises. Any thread; does not suspend, but blocks
 * until it is done. Python: asyncio.run(main, debug=, loop_factory=).
 */
#define cede_run(...)                                                          \
    cede_impl_run(CEDE_IMPL_CALLEE(__VA_ARGS__),                               \
                  (&(const cede_runner_options){                               \
                      CEDE_IMPL_OPTIONS(__VA_ARGS__)}),                        \
                  CEDE_IMPL_NAME(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_run(cede_function function,
                         const cede_runner_options *options, const char *name,
                         const cede_location *where);

/*
 * cede_run_from(awaitable, …): the same with a coroutine object, or anything
 * else that can be awaited; takes your reference, and what it returns is yours.
 * Raises TypeError for what cannot be awaited, else as cede_run. Any thread;
 * does not suspend. Python: asyncio.run(coro).
 */
#define cede_run_from(...)                                                     \
    cede_impl_run_from(CEDE_IMPL_RUN_OPTIONS(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_run_from(const cede_runner_options *options,
                              const cede_location *where);

/*
 * cede_run_simulated(fn, argument, …): cede_run on a virtual clock: whenever
 * everything waits for time, time jumps to the next deadline. A day passes in a
 * moment, the same way every time. What it returns is yours; raises as
 * cede_run; any thread; does not suspend. Python has none; Trio's MockClock
 * with autojump.
 */
#define cede_run_simulated(...)                                                \
    cede_impl_run(CEDE_IMPL_CALLEE(__VA_ARGS__),                               \
                  (&(const cede_runner_options){                               \
                      CEDE_IMPL_OPTIONS(__VA_ARGS__), .simulated = true}),     \
                  CEDE_IMPL_NAME(__VA_ARGS__), CEDE_IMPL_HERE)

/* The first is the argument, others are named. */
#define CEDE_IMPL_RUN_OPTIONS(...)                                             \
    (&(const cede_runner_options){.argument = __VA_ARGS__})

CEDE_IMPL_END
