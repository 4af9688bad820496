/*
 * Making tasks: of functions, of coroutine objects, of anything that can be
 * awaited. asyncio.create_task, ensure_future, all_tasks; rules T01, T17, T25,
 * T26, D01, D02.
 *
 * It knows what a task consists of, and what the loop remembers of its tasks.
 * Who asks a factory for them is in factory.c.
 */
#include "task/create.h"

#include "base/block.h"
#include "base/memory.h"
#include "base/single.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/print.h"

#include <string.h>

static const cede_impl_flow *outermost(const cede_impl_flow *flow)
{
    while (flow->outer)
        flow = flow->outer;
    return flow;
}

/* A generator that runs: does it wait in a task that does not? Then who asks
   is not inside it (G05, A03). */
static bool awaits_elsewhere(const cede_impl_coroutine *coroutine)
{
    const cede_impl_flow *flow = &coroutine->flow;
    const cede_task *task = cede__task_now();
    const cede_impl_flow *end = task ? &task->coroutine.flow
                                     : outermost(cede_impl_flow_now());

    while (flow && flow != end)
        flow = flow->outer;
    return !flow;
}

/* What coroutines ask of tasks, which are above them: set with each loop's
   first task, before anybody can ask. */
static void hook_coroutines(void)
{
    __atomic_store_n(&cede__generator_awaits, awaits_elsewhere,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&cede__await_trap, cede__task_trap, __ATOMIC_RELAXED);
    __atomic_store_n(&cede__closing_hooked, &cede__task_closing_hooks,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&cede__coroutine_returned, cede__task_returned,
                     __ATOMIC_RELAXED);
}

cede__tasks *cede__tasks_of(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (tasks)
        return tasks;
    tasks = cede__malloc(sizeof *tasks);
    if (!tasks)
        return NULL;
    *tasks = (cede__tasks){.count = 0};
    cede__list_init(&tasks->unfinished);
    tasks->asynchronous =
        (cede_impl_link){&tasks->asynchronous, &tasks->asynchronous};
    cede__list_init(&tasks->failed);
    cede__list_init(&tasks->remotes);
    cede__list_init(&tasks->attachments);
    hook_coroutines();
    cede__loop_hook(loop, &cede__task_hooks);
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

static void append_tasks(cede_list *list, const cede__tasks *tasks)
{
    cede__list_each(link, &tasks->unfinished)
        cede_list_append(list, cede_object(cede_ref(cede__list_entry(
                                   link, cede_task, siblings))));
}

cede_list *cede_all_tasks(cede_loop *loop)
{
    cede_list *list;
    cede__hold hold;

    if (!loop)
        loop = cede_get_running_loop();
    else
        cede_check_alive(loop);
    list = cede_list();
    if (!loop->upper)
        return list;
    cede__hold_push(&hold, list);
    append_tasks(list, loop->upper);
    cede__hold_pop(&hold);
    return list;
}

/* --- a block --- */

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
static cede_task *make(const cede__making *made, cede_loop *loop)
{
    enum { ARGUMENT_INLINE = 64 };
    bool inside = made->size <= ARGUMENT_INLINE;
    size_t block_size = sizeof(cede_task) + (inside ? made->size : 0);
    cede__tasks *tasks = cede__tasks_of(loop);
    cede_task *task = tasks ? cede__block_new(block_size) : NULL;

    if (!task)
        return NULL;
    cede__zero(task, sizeof *task);
    task->future.head = (cede_object){cede__task_class, 1, 0};
    task->block_size = (uint16_t)block_size;
    cede__coroutine_fill(&task->coroutine, made->function, made->argument,
                         made->coroutine_name, CEDE_IMPL_NOT_A_GENERATOR);
    if (cede__timers_reserve(&loop->timers, &task->timer) != 0) {
        cede__block_free(task, block_size);
        return NULL;
    }
    if (made->copy && !copy_argument(task, made->copy, made->size, inside)) {
        cede__timers_unreserve(&loop->timers, &task->timer);
        cede__block_free(task, block_size);
        return NULL;
    }
    task->coroutine.kind = CEDE_IMPL_KIND_TASK;
    task->coroutine.created = made->where;
    cede__object_born_as(&task->future.head, block_size, made->coroutine_name,
                         made->where);
    cede__future_init(&task->future, loop);
    task->future.created = made->where;
    cede__list_push_back(&tasks->unfinished, &task->siblings);
    tasks->count++;
    return task;
}

static uint64_t next_number(void)
{
    static uint64_t tasks_made;

    if (cede__single_threaded())
        return ++tasks_made;
    return __atomic_add_fetch(&tasks_made, 1, __ATOMIC_RELAXED);
}

/* What cannot fail. */
static void furnish(cede_task *task)
{
    task->number = next_number();
    task->job.run = cede__task_step;
    task->active = &task->coroutine.flow;
    task->place = (cede__context_place){
        .context = cede__context_capture(), .task = task};
    cede__list_init(&task->completion.link);
    cede_wait_queue_init(&task->queue_link);
    cede_ref(task); /* the loop's, until the task is done */
}

static void check_options(const cede_loop *loop,
                          const cede_task_options *options)
{
    if (options->context) {
        cede_check_alive(options->context);
        if (!cede_isinstance(options->context, cede__context_class))
            cede_raise(cede_TypeError, "a context was expected");
    }
    if (options->eager_start && loop != cede__running_loop)
        cede_raise(cede_RuntimeError,
                   "an eager task starts at once, in a running loop: create it "
                   "there, or without eager_start");
}

/* It has not begun, and never will. */
static void set_name(cede_task *task, const char *name)
{
    task->name = cede__copy_message(name);
    if (task->name)
        return;
    cede__task_abandon(task);
    cede_unref(task);
    cede_raise(cede_MemoryError);
}

cede_task *cede__task_make_plainly(const cede__making *made, cede_loop *loop)
{
    const cede_task_options *options = made->options;
    cede_task *task;

    cede__loop_check(loop);
    check_options(loop, options);
    task = make(made, loop);
    if (!task)
        cede_raise(cede_MemoryError);
    furnish(task);
    if (options->name)
        set_name(task, options->name);
    if (options->context)
        cede__context_place_set(&task->place, options->context);
    task->eager = options->eager_start;
    task->awaitable = made->awaitable;
    return task;
}

cede_task *cede__task_make(const cede__making *made)
{
    cede_loop *loop = cede__loop_or_running(made->loop, made->where);

    if (cede_impl_is_null(made->function))
        cede_raise(cede_TypeError, "a coroutine function was expected, "
                                   "got NULL");
    if (CEDE_IMPL_UNLIKELY(cede__has_task_factory(loop)))
        return cede__ask_task_factory(made, loop);
    return cede__task_make_plainly(made, loop);
}

void cede__task_begin(cede_task *task)
{
    if (CEDE_IMPL_UNLIKELY(task->eager) &&
        task->coroutine.state == CEDE_IMPL_CREATED && !task->scheduled)
        cede__task_step_apart(task);
    else if (task->coroutine.state == CEDE_IMPL_CREATED)
        cede__task_schedule(task);
}

/* --- of functions --- */

cede_task *cede_impl_task_new(cede_loop *loop, cede_function function,
                              const cede_task_options *options,
                              const char *name, const cede_location *where)
{
    cede_task *task =
        cede__task_make(&(const cede__making){.loop = loop,
                                              .function = function,
                                              .argument = options->argument,
                                              .coroutine_name = name,
                                              .where = where,
                                              .options = options});

    cede__task_begin(task);
    return task;
}

const cede_task_options cede__task_defaults;

cede_task *cede_impl_task_new_with(cede_loop *loop, cede_function function,
                                   const void *copy, size_t size,
                                   const char *name, const cede_location *where)
{
    cede_task *task =
        cede__task_make(&(const cede__making){.loop = loop,
                                              .function = function,
                                              .copy = copy,
                                              .size = size,
                                              .coroutine_name = name,
                                              .where = where,
                                              .options = &cede__task_defaults});

    cede__task_begin(task);
    return task;
}

/* --- of what can be awaited --- */

/* The task holds the reference as long as it lives. */
cede_value cede__await_it(void *awaitable)
{
    return cede_await(cede_ref(awaitable));
}

static void check_awaitable(void *object)
{
    cede__check_given(object);
    if (!cede_isawaitable(object))
        cede_raise(cede_TypeError, "An asyncio.Future, a coroutine or an "
                                   "awaitable is required");
}

/* create_task makes no task of what awaits in its own way: that is for
   ensure_future (T17, T26). */
static void check_coroutine(void *object)
{
    if (cede_isinstance(object, cede_impl_coroutine_class))
        return;
    cede__check_given(object);
    cede_auto (cede_value, text, cede_value_clear) =
        cede_repr((cede_object *)object);
    cede_raise(cede_TypeError, "a coroutine was expected, got %s",
               cede_value_str(text));
}

static const char *name_of(const void *awaitable)
{
    return cede_isinstance(awaitable, cede_impl_coroutine_class) ||
                   cede_isinstance(awaitable, cede_impl_generator_class)
               ? cede_generator_name(awaitable)
               : cede__class_name(awaitable);
}

cede__making cede__making_of_awaitable(cede_loop *loop,
                                       const cede_task_options *options,
                                       const cede_location *where)
{
    void *awaitable = options->argument;

    return (cede__making){.loop = loop,
                          .function = cede__await_it,
                          .argument = awaitable,
                          .awaitable = awaitable,
                          .coroutine_name = name_of(awaitable),
                          .where = where,
                          .options = options};
}

void cede__excuse(void *awaitable)
{
    cede_coroutine *coroutine = awaitable;

    if (cede_isinstance(coroutine, cede_impl_coroutine_class) &&
        cede_getcoroutinestate(coroutine) == CEDE_CORO_CREATED)
        cede_value_unref(cede_coroutine_close(coroutine));
}

struct offer {
    void *awaitable; /* NULL: it has been taken */
};

static void withdraw(void *self)
{
    struct offer *offer = self;

    if (!offer->awaitable)
        return;
    cede__excuse(offer->awaitable);
    cede_unref(offer->awaitable);
}

cede__making cede__making_offered(void (*check)(const void *owner),
                                  const void *owner,
                                  const cede_task_options *options,
                                  const cede_location *where)
{
    struct offer offer = {options->argument};
    cede_defer (withdraw, &offer);
    cede__making made;

    check(owner);
    check_coroutine(offer.awaitable);
    made = cede__making_of_awaitable(NULL, options, where);
    offer.awaitable = NULL;
    return made;
}

/* A task that awaits options->argument, which `check` is to approve of. */
static cede_task *task_awaiting(cede_loop *loop,
                                const cede_task_options *options,
                                void (*check)(void *object),
                                const cede_location *where)
{
    cede__making made;
    cede__hold hold;
    cede_task *task;

    cede__hold_push(&hold, options->argument);
    check(options->argument);
    made = cede__making_of_awaitable(loop, options, where);
    task = cede__task_make(&made);
    cede__hold_pop(&hold);
    cede__task_begin(task);
    return task;
}

cede_task *cede_impl_task_from(cede_loop *loop,
                               const cede_task_options *options,
                               const cede_location *where)
{
    return task_awaiting(loop, options, check_coroutine, where);
}

void *cede_task_get_coro(const cede_task *task)
{
    cede_check_alive(task);
    return task->awaitable;
}

/* --- ensure_future --- */

static void check_loop(const cede_future *future, const cede_loop *loop)
{
    if (loop && future->loop != loop)
        cede_raise(cede_ValueError, "The future belongs to a different loop "
                                    "than the one specified as the loop "
                                    "argument");
}

cede_future *cede_loop_ensure_future(cede_loop *loop, void *awaitable)
{
    cede__hold hold;

    if (!cede__is_future(awaitable))
        return (cede_future *)task_awaiting(
            loop, &(const cede_task_options){.argument = awaitable},
            check_awaitable, CEDE_IMPL_HERE);
    cede__check_given(awaitable);
    cede__hold_push(&hold, awaitable);
    check_loop(awaitable, loop);
    cede__hold_pop(&hold);
    return awaitable;
}

cede_future *cede_ensure_future(void *awaitable)
{
    return cede_loop_ensure_future(NULL, awaitable);
}
