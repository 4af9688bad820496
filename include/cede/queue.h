/*
 * Queues: tasks hand items to tasks.
 *
 *     cede_queue_put(queue, cede_object(job));      waits while it is full
 *
 *     cede_value job = cede_queue_get(queue);       waits while it is empty
 *     …
 *     cede_value_unref(job);
 *     cede_queue_task_done(queue);                  for cede_queue_join
 *
 * Three kinds, made by three constructors: first in, first out; the smallest
 * first; last in, first out. Python counterpart: asyncio.Queue, PriorityQueue,
 * LifoQueue of 3.13. Rules Q01-Q08, D03.
 *
 * An item stays in the queue until the task that gets it runs, and is not in it
 * before the task that puts it runs, so a cancelled call lost nothing and left
 * nothing (Q03). A task that was woken may find that a call which did not have
 * to wait was faster; then it waits again, behind the others (Q04).
 *
 * Items are values: numbers, objects, strings. A reference that an item owns is
 * handed over to the queue and by it to who gets the item. Strings are borrowed
 * unless made by cede_str_copy: they must live until they are out again.
 *
 * A queue belongs to the loop of the first task that has to wait for it (P13,
 * as cede/lock.h says); all calls: one thread at a time, the loop's once it has
 * one; what wakes tasks raises RuntimeError in another. To another thread hand
 * items by cede_loop_call_soon_threadsafe. Unless it says otherwise a call
 * neither raises nor suspends.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A queue, of any of the three orders. */
typedef struct cede_queue cede_queue;

/*
 * Is a to come before b? Both are borrowed. Must be a strict order ("less
 * than"). May raise; must neither suspend nor use the queue, in which case the
 * queue raises RuntimeError.
 */
typedef bool (*cede_less_function)(cede_value a, cede_value b, void *argument);

/*
 * A queue without items, one reference; maxsize 0 or less means that it is
 * never full. A priority queue compares as cede_value_less: numbers, strings,
 * tuples of a number and whatever it is the priority of; or by a function of
 * yours, whose argument is borrowed for as long as the queue lives. Items that
 * are equal come out in no particular order: number them, as second item of a
 * tuple. Need no loop. Raise MemoryError, …_with TypeError for no function.
 * Python: asyncio.Queue(maxsize), PriorityQueue(maxsize), LifoQueue(maxsize).
 */
cede_queue *cede_queue_new(int64_t maxsize) CEDE_IMPL_NEW;
cede_queue *cede_lifo_queue_new(int64_t maxsize) CEDE_IMPL_NEW;
cede_queue *cede_priority_queue_new(int64_t maxsize) CEDE_IMPL_NEW;
cede_queue *cede_priority_queue_new_with(int64_t maxsize,
                                         cede_less_function less,
                                         void *argument) CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_queue_put(queue, item): waits until the queue is not full and puts the
 * item (boxed by cede_box) into it; wakes a task that waits to get one. The
 * reference the item owns is handed over, and given up when this raises. Does
 * not suspend if there is room. Raises CancelledError, and then the item is not
 * in the queue; QueueShutDown; TypeError for what cannot be compared (in a
 * priority queue) and what comparing raises, MemoryError; RuntimeError outside
 * a task. …_nowait(queue, item) raises QueueFull where the other would wait,
 * and never suspends. Python: await queue.put(item), queue.put_nowait(item).
 */
#define cede_queue_put(queue, ...)                                             \
    cede_impl_queue_put((queue), cede_box(__VA_ARGS__))
#define cede_queue_put_nowait(queue, ...)                                      \
    cede_impl_queue_put_nowait((queue), cede_box(__VA_ARGS__))
void cede_impl_queue_put(cede_queue *queue, cede_value item);
void cede_impl_queue_put_nowait(cede_queue *queue, cede_value item);

#endif /* !__cplusplus */

/*
 * Waits until there is an item, takes it out and returns it with the reference
 * it owns; wakes a task that waits to put one. Does not suspend if there is
 * one. Tasks that wait are served in the order in which they came (Q06).
 * Raises CancelledError, and then no item was taken; QueueShutDown when the
 * queue is shut down and empty; what comparing raises (then the queue is as it
 * was); RuntimeError outside a task. …_nowait raises QueueEmpty where the other
 * would wait, and never suspends. Python: await queue.get(),
 * queue.get_nowait().
 */
cede_value cede_queue_get(cede_queue *queue);
cede_value cede_queue_get_nowait(cede_queue *queue);

/*
 * For who got an item: the work on it is done. When that has been said of every
 * item that was put, those who wait in join go on (Q02); join returns at once
 * if it has. Borrow. task_done does not suspend and raises ValueError
 * "task_done() called too many times"; join raises CancelledError,
 * RuntimeError outside a task. Python: queue.task_done(), await queue.join().
 */
void cede_queue_task_done(cede_queue *queue);
void cede_queue_join(cede_queue *queue);

/*
 * No more items: from now on puts raise QueueShutDown, and gets do so once the
 * queue is empty; who waits hears of it. immediate: the items are given up and
 * count as done. Calling it again is fine. Borrows; does not suspend. Python
 * 3.13: queue.shutdown(immediate).
 */
void cede_queue_shutdown(cede_queue *queue, bool immediate);

/* How many items are in it; has it none; would a put wait; what it was made
   with. Never raise. Python: queue.qsize(), empty(), full(), maxsize. */
size_t cede_queue_qsize(const cede_queue *queue);
bool cede_queue_empty(const cede_queue *queue);
bool cede_queue_full(const cede_queue *queue);
int64_t cede_queue_maxsize(const cede_queue *queue);

CEDE_IMPL_END
