/*
 * Tasks: creation, steps, end, cancellation. See task/task.h.
 *
 * It knows one task at a time; what tasks wait for is in park.c, await.c and
 * above. Semantics: asyncio.Task, rules T01-T32.
 */
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include <stdio.h>
#include <string.h>

static void destroy(void *self);
static const cede_awaitable_methods task_awaitable = {
    .wait_at = cede__await_future};

const cede_class cede__task_class[1] = {{.name = "Task",
                                         .base = cede__future_class,
                                         .size = sizeof(cede_task),
                                         .destroy = destroy,
                                         .awaitable = &task_awaitable}};

/* --- the loop's tasks --- */

/* NULL: no memory. */
static cede__tasks *tasks_of(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (tasks)
        return tasks;
    tasks = cede__malloc(sizeof *tasks);
    if (!tasks)
        return NULL;
    cede__list_init(&tasks->unfinished);
    tasks->count = 0;
    loop->hooks = &cede__task_hooks;
    loop->upper = tasks;
    return tasks;
}

size_t cede_loop_task_count(const cede_loop *loop)
{
    const cede__tasks *tasks;

    cede_check_alive(loop);
    tasks = loop->upper;
    return tasks ? tasks->count : 0;
}

/* --- creation --- */

/* A generator that runs in a task and waits: is it another task's? Then who
   asks is not inside it (G05, A03). */
static bool awaits_elsewhere(const cede_impl_coroutine *coroutine)
{
    const cede_impl_flow *flow = &coroutine->flow;
    const cede_impl_flow *outermost = flow;
    const cede_task *task = cede__task_now();

    for (; flow; flow = flow->outer) {
        if (CEDE_IMPL_COROUTINE_OF(flow) == cede__thread_main())
            break;
        outermost = flow;
    }
    return !task || CEDE_IMPL_COROUTINE_OF(outermost) != &task->coroutine;
}

/* Puts the argument's copy into the block or beside it. False: no memory. */
static bool copy_argument(cede_task *task, const void *copy, size_t size,
                          bool inside)
{
    void *place = inside ? task->argument : cede__malloc(size);

    if (!place)
        return false;
    memcpy(place, copy, size);
    task->coroutine.argument = place;
    task->argument_owned = !inside;
    return true;
}

/* NULL: no memory. */
static cede_task *make(cede_loop *loop, cede_function function, void *argument,
                       const void *copy, size_t size, const char *name,
                       const cede_location *where)
{
    enum { ARGUMENT_INLINE = 64 };
    bool inside = size <= ARGUMENT_INLINE;
    size_t block_size = sizeof(cede_task) + (inside ? size : 0);
    cede__tasks *tasks = tasks_of(loop);
    cede_task *task = tasks ? cede__calloc(1, block_size) : NULL;

    if (!task)
        return NULL;
    task->future.head = (cede_object){cede__task_class, 1, 0};
    cede__coroutine_init(&task->coroutine, function, argument, name,
                         CEDE_IMPL_NOT_A_GENERATOR);
    if (cede__timers_reserve(&loop->timers, &task->timer) != 0) {
        cede__free(task);
        return NULL;
    }
    if (copy && !copy_argument(task, copy, size, inside)) {
        cede__timers_unreserve(&loop->timers, &task->timer);
        cede__free(task);
        return NULL;
    }
    task->coroutine.created = where;
    cede__object_born_as(&task->future.head, block_size, name, where);
    cede__future_init(&task->future, loop);
    cede__list_push_back(&tasks->unfinished, &task->siblings);
    tasks->count++;
    return task;
}

cede_task *cede_impl_task_new(cede_loop *loop, cede_function function,
                              void *argument, const void *copy, size_t size,
                              const char *name, const cede_location *where)
{
    static uint64_t tasks_made;
    cede_task *task;

    if (!loop)
        loop = cede_get_running_loop();
    else
        cede_check_alive(loop);
    cede__loop_check(loop);
    if (!function)
        cede_raise(cede_TypeError, "a coroutine function was expected, "
                                   "got NULL");
    task = make(loop, function, argument, copy, size, name, where);
    if (!task)
        cede_raise(cede_MemoryError);
    __atomic_store_n(&cede__generator_awaits, awaits_elsewhere,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&cede__await_trap, cede__task_trap, __ATOMIC_RELAXED);
    task->number = __atomic_add_fetch(&tasks_made, 1, __ATOMIC_RELAXED);
    task->job.run = cede__task_step;
    task->active = &task->coroutine.flow;
    task->place = (cede__context_place){cede__context_capture(), task};
    cede__list_init(&task->completion.link);
    cede_wait_queue_init(&task->queue_link);
    cede_ref(task); /* the loop's, until the task is done */
    cede__task_schedule(task);
    return task;
}

static void destroy(void *self)
{
    cede_task *task = self;

    cede__future_finish(&task->future, "Task"); /* its report has the name */
    if (CEDE_IMPL_UNLIKELY(task->place.context != NULL))
        cede__context_place_finish(&task->place);
    if (task->argument_owned)
        cede__free(task->coroutine.argument);
    cede__free(task->name);
}

/* --- running --- */

void cede__task_schedule(cede_task *task)
{
    if (task->scheduled)
        return;
    task->scheduled = true;
    if (CEDE_IMPL_UNLIKELY(task->closing))
        return; /* close_task steps it */
    cede__loop_post(task->future.loop, &task->job);
}

/* The task is done: the loop gives it up. */
static void retire(cede_task *task)
{
    cede_loop *loop = task->future.loop;
    cede__tasks *tasks = loop->upper;

    cede__coroutine_drop_stack(&task->coroutine);
    cede__timers_unreserve(&loop->timers, &task->timer);
    cede__list_remove(&task->siblings);
    tasks->count--;
    cede__unref_shared(task);
}

/* No code of it will run again: what its frames own is given up, from the
   innermost generator it runs outwards. */
static void abandon_frames(cede_task *task)
{
    cede_impl_flow *flow = task->active;

    while (flow != &task->coroutine.flow) {
        cede_impl_flow *outer = flow->outer;

        cede__flow_abandon(flow, cede__abandon_defer);
        CEDE_IMPL_COROUTINE_OF(flow)->state = CEDE_IMPL_CLOSED;
        flow = outer;
    }
    cede__flow_abandon(flow, cede__abandon_defer);
}

void cede__task_abandon(cede_task *task)
{
    cede__future_unsubscribe(&task->completion);
    abandon_frames(task);
    task->coroutine.state = CEDE_IMPL_CLOSED;
    cede__future_end_cancelled(&task->future, NULL, NULL);
    retire(task);
}

static void report_leftover(cede_task *task)
{
    cede_exception_handler_context context = {
        .message = "unhandled exception during cede_run() shutdown",
        .exception = task->future.exception,
        .task = task,
    };

    task->future.unretrieved = false;
    cede__loop_report(task->future.loop, &context);
}

static void end_with_exception(cede_task *task, cede_exception *exception)
{
    cede_future *future = &task->future;

    if (cede_exception_is(exception, cede_CancelledError)) {
        cede__future_end_cancelled(future, exception, NULL);
        return;
    }
    if (cede__ends_loop(exception)) {
        cede__loop_fail(future->loop, cede_ref(exception));
        cede__future_end_exception(future, exception);
        future->unretrieved = false; /* the loop raises it (T20) */
        return;
    }
    cede__future_end_exception(future, exception);
    if (task->leftover && !task->closing)
        report_leftover(task);
}

static void end(cede_task *task, cede_value value, uintptr_t word)
{
    if (word != CEDE_IMPL_RETURNED) {
        end_with_exception(task, (cede_exception *)word);
    } else if (task->must_cancel) {
        /* It cancelled itself and returned: the value is lost (T06). */
        task->must_cancel = false;
        cede_value_unref(value);
        cede__future_end_cancelled(&task->future, NULL,
                                   task->future.cancel_message);
    } else {
        cede__future_end_result(&task->future, value);
    }
    retire(task);
}

/* A loop may be run by one thread after the other, but what has begun on one
   cannot go on on another: compilers keep addresses of thread-local variables
   in its frames. The job stays queued, and the run ends with an error. */
static void refuse_thread(cede_task *task)
{
    char text[128];

    snprintf(text, sizeof text,
             "Task %s belongs to another thread: only the thread that started "
             "it may run it",
             cede_task_get_name(task));
    cede__task_schedule(task);
    cede__loop_fail(task->future.loop,
                    cede__exception_make(cede_RuntimeError, text));
}

bool cede__task_is_foreign(const cede_task *task)
{
    return task->coroutine.stack &&
           task->coroutine.thread != cede__thread_main()->thread;
}

/* The first step. False: the task is done without having run. */
static bool start(cede_task *task)
{
    cede_exception *error;

    if (task->must_cancel || task->closing) { /* T02 */
        task->must_cancel = false;
        error = cede__cancelled_error(task->future.cancel_message);
    } else if (cede__coroutine_start(&task->coroutine)) {
        task->coroutine.state = CEDE_IMPL_RUNNING;
        return true;
    } else {
        error = cede__exception_make(cede_MemoryError, NULL);
    }
    task->coroutine.state = CEDE_IMPL_CLOSED;
    end(task, cede_none, (uintptr_t)error);
    return false;
}

void cede__task_step(cede__job *job)
{
    cede_task *task = (cede_task *)((char *)job - offsetof(cede_task, job));
    cede__context_place *before = cede__context_here;
    cede_impl_flow *here = cede_impl_flow_now();
    uintptr_t word = 0;
    cede_value value;

    task->scheduled = false;
    task->budget = 0;
    if (CEDE_IMPL_UNLIKELY(task->coroutine.state == CEDE_IMPL_CREATED)) {
        if (!start(task))
            return;
    } else if (CEDE_IMPL_UNLIKELY(task->coroutine.thread !=
                                  CEDE_IMPL_COROUTINE_OF(here)->thread)) {
        refuse_thread(task);
        return;
    }
    cede__context_here = &task->place;
    task->coroutine.flow.outer = here;
    cede_impl_current = task->active;
    value = cede_impl_transfer(
        &task->coroutine.slot, CEDE_IMPL_COROUTINE_OF(here),
        CEDE_IMPL_COROUTINE_OF(task->active), cede_none, &word);
    cede_impl_current = here;
    cede__context_here = before;
    if (task->coroutine.state == CEDE_IMPL_CLOSED)
        end(task, value, word);
}

/* --- cancellation --- */

static void keep_message(cede_task *task, const char *message)
{
    cede__free(task->future.cancel_message);
    task->future.cancel_message = cede__copy_message(message);
}

/* The task that this one awaits and that is not done, or NULL. */
static cede_task *awaited_task(const cede_task *task)
{
    cede_future *future = task->awaited;

    return future && !task->scheduled &&
                   future->head.object_class == cede__task_class &&
                   future->state == CEDE__FUTURE_PENDING
               ? (cede_task *)future
               : NULL;
}

/*
 * Counts a request on the task and on each that it awaits in turn, and returns
 * the last: a chain may be longer than a stack is deep. Tasks that await each
 * other in a circle never end; whoever cancels one must not go round with them
 * (`mark` is a place on the way, at distances of powers of two).
 */
static cede_task *count_requests(cede_task *task)
{
    const cede_task *mark = task;
    size_t steps = 0, limit = 1;

    for (;;) {
        cede_task *next = awaited_task(task);

        task->cancel_requests++;
        if (!next || next == mark)
            return task;
        task = next;
        if (++steps == limit) {
            mark = task;
            limit *= 2;
        }
    }
}

void cede__task_undo_wait(cede_task *task)
{
    if (task->scheduled || !task->abort ||
        !task->abort(task, task->abort_argument))
        return;
    task->undone = true;
    cede__task_schedule(task);
}

/* Does it await what can end only after itself, by way of others? */
static bool in_circle(const cede_task *task)
{
    return awaited_task(task) ||
           (task->awaited && cede__gather_is_cancelling(task->awaited));
}

/* Tasks of a circle wait for each other for ever: this one is taken out. */
static void break_circle(cede_task *task)
{
    cede__future_unsubscribe(&task->completion);
    task->undone = true;
    cede__task_schedule(task);
}

bool cede__task_request_cancel(cede_task *task, const char *message)
{
    bool circle;

    if (task->future.state != CEDE__FUTURE_PENDING) {
        task->future.unretrieved = false; /* as in cede__future_cancel */
        return false;
    }
    task = count_requests(task);
    circle = in_circle(task);
    /* What it awaits is cancelled, and its end wakes this task; a thing that
       is done already cannot be, and then this task gets the error itself. */
    if (task->awaited && !task->scheduled && !circle &&
        cede__future_cancel(task->awaited, message))
        return true;
    task->must_cancel = true;
    if (!task->undone) /* else the first one's is on its way (T05) */
        keep_message(task, message);
    if (circle)
        break_circle(task);
    else if (task->parked)
        cede__task_undo_wait(task);
    return true;
}

void cede__task_check_cancel(cede_task *task)
{
    if (CEDE_IMPL_UNLIKELY(task->closing))
        cede__raise(cede__exception_make(cede_GeneratorExit, NULL), NULL);
    if (CEDE_IMPL_LIKELY(!task->must_cancel))
        return;
    task->must_cancel = false;
    task->undone = false;
    cede__raise(cede__cancelled_error(task->future.cancel_message), NULL);
}

bool cede_task_cancel(cede_task *task, const char *message)
{
    cede_check_alive(task);
    if (!cede_task_done(task))
        cede__loop_check(task->future.loop);
    return cede__task_request_cancel(task, message);
}

unsigned cede_task_cancelling(const cede_task *task)
{
    cede_check_alive(task);
    return task->cancel_requests;
}

unsigned cede_task_uncancel(cede_task *task)
{
    cede_check_alive(task);
    if (task->cancel_requests > 0 && --task->cancel_requests == 0 &&
        !task->undone)
        task->must_cancel = false; /* D06 */
    return task->cancel_requests;
}

/* --- small things --- */

cede_future *cede_task_future(cede_task *task)
{
    cede_check_alive(task);
    return &task->future;
}

bool cede_task_done(const cede_task *task)
{
    return cede_future_done(&task->future);
}

bool cede_task_cancelled(const cede_task *task)
{
    return cede_future_cancelled(&task->future);
}

cede_value cede_task_result(cede_task *task)
{
    return cede_future_result(&task->future);
}

cede_exception *cede_task_exception(cede_task *task)
{
    return cede_future_exception(&task->future);
}

/* Made when somebody asks, and then kept: whoever has it may ask for others. */
const char *cede_task_get_name(const cede_task *task)
{
    static __thread char unkept[32];

    cede_check_alive(task);
    if (task->name)
        return task->name;
    snprintf(unkept, sizeof unkept, "Task-%llu",
             (unsigned long long)task->number);
    ((cede_task *)task)->name = cede__copy_message(unkept);
    return task->name ? task->name : unkept;
}

void cede_task_set_name(cede_task *task, const char *name)
{
    char *copy;

    cede_check_alive(task);
    copy = cede__copy_message(name);
    if (name && !copy)
        cede_raise(cede_MemoryError);
    cede__free(task->name);
    task->name = copy;
}

/* --- its context --- */

void cede_task_set_context(cede_task *task, cede_context *context)
{
    cede_check_alive(task);
    cede__check_given(context);
    cede__loop_check(task->future.loop);
    if (!cede_isinstance(context, cede__context_class))
        cede_raise(cede_TypeError, "a context was expected");
    if (task->coroutine.state != CEDE_IMPL_CREATED)
        cede_raise(cede_RuntimeError,
                   "a task that has begun stays in its context: set it before");
    cede__context_place_set(&task->place, context);
}

cede_context *cede_task_get_context(cede_task *task)
{
    cede_context *context;

    cede_check_alive(task);
    context = cede__context_place_base(&task->place);
    if (!context)
        cede_raise(cede_MemoryError);
    return context;
}

cede_task *cede_current_task(void)
{
    return cede__task_now();
}
