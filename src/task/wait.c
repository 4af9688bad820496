/*
 * wait: until some of many are done. asyncio.wait, rules W07-W09.
 *
 * The task awaits a future of its own, the waiter, which lies in one block
 * with the children and the alarm; whichever hears first that the wait is over
 * ends it. So a wait is over one iteration later than what ends it (T18), and
 * a cancel ends the waiter and touches no child (W09).
 */
#include "task/row.h"
#include "task/task.h"

#include "base/memory.h"
#include "coro/coroutine.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/wait.h"

struct waiting {
    cede_future waiter;
    cede__alarm alarm;
    enum cede_return_when until;
    size_t count;
    size_t left; /* that are not known to be done */
    cede__place children[];
};

static void destroy(void *self)
{
    struct waiting *waiting = self;

    cede__alarm_stop(&waiting->alarm);
    cede__row_release(waiting->children, waiting->count);
    cede__future_finish(&waiting->waiter, "Future");
}

static const cede_class waiting_class[1] = {{.name = "Future",
                                             .base = cede__future_class,
                                             .size = sizeof(struct waiting),
                                             .destroy = destroy}};

static void release(struct waiting *waiting)
{
    cede__future_end_result(&waiting->waiter, cede_none);
}

/* Who waits for it has seen it (CPython). */
static bool has_failed(cede_future *child)
{
    child->unretrieved = false;
    return child->state == CEDE__FUTURE_FINISHED && child->exception;
}

static void child_done(cede__listener *listener)
{
    struct waiting *waiting = listener->owner;

    waiting->left--;
    if (waiting->left == 0 || waiting->until == CEDE_FIRST_COMPLETED ||
        (waiting->until == CEDE_FIRST_EXCEPTION &&
         has_failed(cede__place_of(listener)->future)))
        release(waiting);
}

static void time_over(cede__listener *listener)
{
    release(listener->owner);
}

/* --- what is asked for --- */

static void check_future(const void *object)
{
    cede__check_given(object);
    if (cede_isinstance(object, cede_impl_coroutine_class))
        cede_raise(cede_TypeError, "Passing coroutines is forbidden, use tasks "
                                   "explicitly.");
    if (!cede__is_future(object))
        cede_raise(cede_TypeError, "wait needs tasks and futures, not '%s'",
                   cede__class_name(object));
}

static void check_arguments(const cede__row *row, enum cede_return_when until)
{
    size_t i;

    if (row->count == 0)
        cede_raise(cede_ValueError, "Set of Tasks/Futures is empty.");
    if ((unsigned)until > CEDE_ALL_COMPLETED)
        cede_raise(cede_ValueError, "Invalid return_when value: %d",
                   (int)until);
    for (i = 0; i < row->count; i++)
        check_future(row->items[i]);
}

static void check_loop(const cede__row *row, const cede_loop *loop)
{
    size_t i;

    for (i = 0; i < row->count; i++)
        if (((const cede_future *)row->items[i])->loop != loop)
            cede_raise(cede_ValueError, "The future belongs to a different "
                                        "loop than the one that waits");
}

/* --- waiting --- */

static struct waiting *make(cede_loop *loop, size_t count)
{
    size_t size = sizeof(struct waiting) + count * sizeof(cede__place);
    struct waiting *waiting = cede__calloc(1, size);

    if (!waiting)
        cede_raise(cede_MemoryError);
    waiting->waiter.head = (cede_object){waiting_class, 1, 0};
    cede__object_born(&waiting->waiter.head, size);
    cede__future_init(&waiting->waiter, loop);
    cede__alarm_init(&waiting->alarm, loop, waiting, time_over);
    waiting->count = waiting->left = count;
    return waiting;
}

/* One that stands there twice is heard of twice. */
static void listen(struct waiting *waiting, const cede__row *row)
{
    size_t i;

    for (i = 0; i < waiting->count; i++) {
        cede__place *child = &waiting->children[i];

        child->future = cede_ref((cede_future *)row->items[i]);
        cede__listener_init(&child->listener, waiting, child_done);
        cede__listener_start(&child->listener, child->future);
    }
}

/* What the row looked like is in the children: the caller's array may be on a
   stack, and is not looked at again before the task runs. */
static size_t sort(const struct waiting *waiting, void **futures)
{
    size_t done = 0, i;

    for (i = 0; i < waiting->count; i++)
        if (waiting->children[i].future->state != CEDE__FUTURE_PENDING) {
            if (futures)
                futures[done] = waiting->children[i].future;
            done++;
        }
    if (!futures)
        return done;
    futures += done;
    for (i = 0; i < waiting->count; i++)
        if (waiting->children[i].future->state == CEDE__FUTURE_PENDING)
            *futures++ = waiting->children[i].future;
    return done;
}

static size_t wait_for_row(const cede__row *row, double timeout,
                           enum cede_return_when until, void **sorted)
{
    cede_task *task;
    struct waiting *waiting;
    cede__hold hold;
    size_t done;

    check_arguments(row, until);
    task = cede__task_to_suspend();
    check_loop(row, task->future.loop);
    waiting = make(task->future.loop, row->count);
    cede__hold_push(&hold, waiting);
    waiting->until = until;
    cede__alarm_start(&waiting->alarm, timeout);
    listen(waiting, row);
    cede_value_unref(cede__await_borrowed(&waiting->waiter));
    done = sort(waiting, sorted);
    cede__hold_pop(&hold);
    cede_unref(waiting);
    return done;
}

size_t cede_impl_wait(void *const *futures, size_t count, double timeout,
                      enum cede_return_when return_when)
{
    cede__row row = {futures, count};

    return wait_for_row(&row, timeout, return_when, NULL);
}

size_t cede_impl_wait_split(void **futures, size_t count, double timeout,
                            enum cede_return_when return_when)
{
    cede__row row = {futures, count};

    return wait_for_row(&row, timeout, return_when, futures);
}
