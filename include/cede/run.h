/*
 * Running a program: asyncio.run. Rules R01, R03, R04.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * cede_run(fn, argument): makes a loop, runs fn(argument) as its main task,
 * cancels what is left when that is done and waits for it, closes the loop;
 * returns what fn returned or raises what it raised (in main, what nobody
 * catches is printed and the program exits with status 1). On the main thread,
 * if SIGINT has its default effect, the first one cancels the main task and
 * becomes KeyboardInterrupt; a second one ends the loop at once. Raises
 * RuntimeError inside a running loop, and in a child that its task forked.
 * Any thread; does not suspend, but blocks until it is done.
 */
#define cede_run(function, argument)                                           \
    cede_impl_run((function), (argument), #function, CEDE_IMPL_HERE)
cede_value cede_impl_run(cede_function function, void *argument,
                         const char *name, const cede_location *where);

/*
 * The same on a virtual clock: whenever everything waits for time, time jumps
 * to the next deadline. A day passes in a moment, the same way every time.
 */
#define cede_run_simulated(function, argument)                                 \
    cede_impl_run_simulated((function), (argument), #function, CEDE_IMPL_HERE)
cede_value cede_impl_run_simulated(cede_function function, void *argument,
                                   const char *name,
                                   const cede_location *where);

CEDE_IMPL_END
