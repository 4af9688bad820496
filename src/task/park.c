/*
 * Parking: how a task leaves its stack and comes back. cede/lowlevel.h.
 *
 * It knows the task that runs and why it stops; it must not know what it waits
 * for. Rules P02, Q03, T19, Z17.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "task/relay.h"

static void refuse_foreign(const cede_location *where) CEDE_IMPL_COLD;
static void refuse_foreign(const cede_location *where)
{
    cede_raise(cede_RuntimeError,
               "cannot suspend inside cede_foreign (%s:%d in %s): frames that "
               "know nothing of cede are on the stack; wait before or after "
               "the block",
               where->file, where->line, where->function);
}

cede_task *cede__task_to_suspend_slow(void)
{
    cede_task *task;

    cede__task_settle();
    task = cede__task_now();
    if (CEDE_IMPL_LIKELY(task != NULL)) {
        if (CEDE_IMPL_UNLIKELY(task->place.foreign != NULL))
            refuse_foreign(task->place.foreign);
        return task;
    }
    if (!cede__closing_now || !cede__closing_is_here(NULL))
        cede_raise(cede_RuntimeError,
                   "no running task: only code that runs in a task, below "
                   "cede_run or cede_create_task, may suspend");
    cede__closing_leave(); /* a callback gave the generator up */
    return cede__task_now();
}

void cede_check_suspend(void)
{
    cede__task_to_suspend();
}

/* Always inline, for the reason that cede__task_suspend is. */
static inline __attribute__((always_inline)) void
park(cede_task *task, const char *reason, cede_abort_function abort,
     void *argument)
{
    task->parked = true;
    task->abort = abort;
    task->abort_argument = argument;
    task->reason = reason;
    /* A cancel that came while the task ran undoes the wait at once. */
    if (CEDE_IMPL_UNLIKELY(task->disturbed) &&
        (task->must_cancel || task->level || task->closing))
        cede__task_undo_wait(task);
    cede__task_suspend(task);
    task->parked = false;
    task->abort = NULL;
    task->reason = NULL;
    if (CEDE_IMPL_UNLIKELY(task->committed))
        task->committed = false; /* a cancel has to wait */
    else if (CEDE_IMPL_UNLIKELY(task->disturbed))
        cede__task_check_cancel(task);
}

void cede_park(const char *reason, cede_abort_function abort, void *argument)
{
    park(cede__task_to_suspend(), reason, abort, argument);
}

void cede_unpark(cede_task *task)
{
    cede_check_alive(task);
    if (task->parked)
        cede__task_schedule(task);
}

void cede_unpark_committed(cede_task *task)
{
    cede_check_alive(task);
    if (!task->parked)
        return;
    task->committed = true;
    cede__task_schedule(task);
}

void *cede_wait_space(void)
{
    return cede__task_to_suspend()->wait_space;
}

/* --- sleep(0) and the budget --- */

static void raise_disturbance(cede_task *task) CEDE_IMPL_COLD;
static void raise_disturbance(cede_task *task)
{
    cede__task_check_cancel(task);
    if (task->level)
        cede__task_raise_level(task);
}

void cede__task_yield(cede_task *task, const char *reason)
{
    task->reason = reason;
    cede__task_schedule(task);
    cede__task_suspend(task);
    task->reason = NULL;
    if (CEDE_IMPL_UNLIKELY(task->disturbed))
        raise_disturbance(task);
}

/* As many operations in a row as Tokio lets a task complete. */
enum { BUDGET = 128 };

void cede_consume_budget(void)
{
    cede_task *task;

    cede__checkpoint();
    task = cede__task_now();
    if (CEDE_IMPL_LIKELY(!task || ++task->budget < BUDGET))
        return;
    task->budget = 0;
    if (!cede__closing_now && !task->place.foreign)
        cede__task_yield(task, "budget used up");
}

/* --- wait queues --- */

void cede_wait_queue_init(cede_wait_queue *queue)
{
    queue->previous = queue;
    queue->next = queue;
}

bool cede_wait_queue_empty(const cede_wait_queue *queue)
{
    return queue->next == queue;
}

static void unlink_waiter(cede_wait_queue *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
    cede_wait_queue_init(link);
}

static bool abort_wait(cede_task *task, void *argument)
{
    (void)argument;
    unlink_waiter(&task->queue_link);
    return true;
}

/* Leaves the queue on every way out, and says what came of it. */
struct waiting {
    cede_task *task;
    bool *woken;
};

static void stop_waiting(void *argument)
{
    struct waiting *waiting = argument;
    cede_task *task = waiting->task;

    unlink_waiter(&task->queue_link);
    *waiting->woken = task->woken;
    task->woken = false;
}

static inline __attribute__((always_inline)) void
park_keep(cede_wait_queue *queue, const char *reason, bool *ret_woken)
{
    cede_task *task = cede__task_to_suspend();
    cede_wait_queue *link = &task->queue_link;
    struct waiting waiting = {task, ret_woken};
    cede_defer (stop_waiting, &waiting);

    link->previous = queue->previous;
    link->next = queue;
    queue->previous->next = link;
    queue->previous = link;
    task->woken = false;
    do
        park(task, reason, abort_wait, NULL);
    while (!task->woken);
}

void cede_wait_queue_park_keep(cede_wait_queue *queue, const char *reason,
                               bool *ret_woken)
{
    park_keep(queue, reason, ret_woken);
}

/* Hands a wake-up on that came before an exception. */
struct passing {
    cede_wait_queue *queue;
    bool woken;
    bool done;
};

static void pass_on(void *argument)
{
    struct passing *passing = argument;

    if (passing->woken && !passing->done)
        cede_wait_queue_wake(passing->queue);
}

void cede_wait_queue_park(cede_wait_queue *queue, const char *reason)
{
    struct passing passing = {.queue = queue};
    cede_defer (pass_on, &passing);

    park_keep(queue, reason, &passing.woken);
    passing.done = true;
}

bool cede_wait_queue_wake(cede_wait_queue *queue)
{
    cede_task *task;

    if (cede_wait_queue_empty(queue))
        return false;
    task = (cede_task *)((char *)queue->next - offsetof(cede_task, queue_link));
    unlink_waiter(&task->queue_link);
    task->woken = true;
    cede_unpark(task);
    return true;
}

size_t cede_wait_queue_length(const cede_wait_queue *queue)
{
    const cede_wait_queue *link;
    size_t length = 0;

    for (link = queue->next; link != queue; link = link->next)
        length++;
    return length;
}

void cede_check_thread(const cede_loop *loop)
{
    if (CEDE_IMPL_UNLIKELY(!cede__loop_on_owner_thread(loop)))
        cede__loop_refuse(loop);
}
