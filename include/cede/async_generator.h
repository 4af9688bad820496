/*
 * Asynchronous generators: generators that await.
 *
 * There is no other kind of function for them: a generator whose code suspends
 * its task is one. Whoever resumes it waits with it; `cede_for` is `async for`,
 * cede_next is anext, cede_generator_send, …_throw and …_close are asend,
 * athrow and aclose. PEP 525; rules A01-A16.
 *
 *     static cede_value lines(void *stream)
 *     {
 *         while (…)
 *             cede_yield(cede_object(cede_stream_readline(stream)));
 *         return cede_none;
 *     }
 *
 *     cede_for (line, cede_generator(lines, stream))
 *         …                              other tasks run while it reads
 *
 * One task at a time may be inside a generator. Another one that resumes or
 * closes it meanwhile gets RuntimeError "anext(): asynchronous generator is
 * already running" (A03).
 *
 * The end. A generator that only a cede_for holds is closed where the loop is
 * left, and a clean-up that awaits is waited for there; one that others hold
 * stays as it is (close it, or put it into a cede_with by cede_aclosing). When
 * cede_unref gives up the last reference to a suspended generator, its
 * clean-up runs at once; if it wants to await, cede_unref returns, and a task of
 * the running loop finishes the clean-up (A02). That task's exception is
 * reported as any task's; cede_run waits for it and does not cancel it. Outside
 * a running loop the clean-up gets a RuntimeError where it wants to await.
 *
 * What still is suspended when its loop comes to its end, because somebody
 * holds it, is closed by cede_run.
 */
#pragma once

#include "cede/contextlib.h"
#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Closes all suspended generators that have awaited in this loop and are still
 * held by somebody, at the same time, and waits until they are closed, and for
 * the clean-ups that cede_unref left to the loop, before or meanwhile. What they
 * raise is told to the exception handler (A11). From then on a generator that
 * awaits in the loop for the first time is warned of on stderr (A12). cede_run
 * does this behind its main task; you need it only with a loop of your own.
 *
 * Borrows the loop, whose task must call it. Suspends; cancelled, it cancels
 * the closing. Raises CancelledError, MemoryError; RuntimeError outside a task
 * of the loop, so also in another thread. Python: loop.shutdown_asyncgens.
 */
void cede_loop_shutdown_asyncgens(cede_loop *loop);

CEDE_IMPL_END
