/*
 * Taking many as they come: asyncio.as_completed. Rules W16, W26; D04.
 *
 *     cede_task *tasks[N];
 *     …
 *     cede_for (t, cede_as_completed(tasks, N, INFINITY)) {
 *         cede_task *task = cede_value_object(t);      done, one of yours
 *
 *         printf("%s\n", cede_task_get_name(task));
 *     }
 *
 * All calls: the loop's thread only. Making one of these iterators never
 * suspends.
 */
#pragma once

#include "cede/gather.h"
#include "cede/iterator.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_as_completed(awaitables, count, timeout): an iterator, one reference,
 * that gives each of an array of tasks and futures when it is done, in the
 * order in which they end: asking for the next one waits for it. Of coroutine
 * objects and other awaitables it gives the tasks it has made. One that stands
 * there twice comes once. Takes your reference to each, also when it raises,
 * and hands it to who iterates.
 *
 * After `timeout` seconds (INFINITY: never) from now asking for one that has
 * not come raises TimeoutError, for each that is left; then the iterator is at
 * its end. Nothing is cancelled by that, nor by giving the iterator up. If the
 * task is cancelled while it waits, nothing is lost: whoever asks next gets
 * what has come. Several tasks may ask; they get theirs in the order in which
 * they asked.
 *
 * Raises TypeError for what cannot be awaited; ValueError for futures of
 * another loop, for NaN; RuntimeError without a running loop; MemoryError; then
 * tasks it has made for others never begin. Iterating suspends and raises
 * CancelledError. Python: async for x in asyncio.as_completed(aws, timeout=…).
 */
#define cede_as_completed(awaitables, count, timeout)                          \
    cede_impl_as_completed(CEDE_IMPL_POINTERS(awaitables), (count), (timeout), \
                           false)

/*
 * The same as Python's plain for, one reference: an iterator that gives an
 * awaitable for each of them at once, without waiting; the first that is
 * awaited brings the result of the first that ends, or raises its exception, or
 * TimeoutError, and so on. Each can be awaited once (RuntimeError): cancelled
 * meanwhile, again. Only awaiting them suspends. Raises as cede_as_completed.
 * Python: for awaitable in asyncio.as_completed(aws, timeout=…).
 *
 *     cede_for (next, cede_as_completed_awaitables(tasks, N, 2.0))
 *         cede_print(cede_temp(
 *             cede_await(cede_ref(cede_value_object(next)))));
 */
#define cede_as_completed_awaitables(awaitables, count, timeout)               \
    cede_impl_as_completed(CEDE_IMPL_POINTERS(awaitables), (count), (timeout), \
                           true)

#pragma GCC system_header

#include <math.h> /* INFINITY: no timeout */

CEDE_IMPL_BEGIN

void *cede_impl_as_completed(void *const *awaitables, size_t count,
                             double timeout, bool results) CEDE_IMPL_NEW;

CEDE_IMPL_END
