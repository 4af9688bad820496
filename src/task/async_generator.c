/*
 * Asynchronous generators and their loop: a generator that has awaited in a
 * task is one, and the loop knows it from then on. PEP 525 ("Finalization"),
 * asyncio's hooks; rules A02, A11, A12, R05.
 *
 * It knows which generators have awaited, and how one is closed by a task; it
 * must not know how generators switch. Invariant: a generator in the list is
 * alive; it leaves the list when it is freed, or when the loop is closed.
 */
#include "task/create.h"

#include "base/log.h"
#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/async_generator.h"
#include "cede/gather.h"

#include <stdio.h>

static cede_impl_coroutine *coroutine_of(cede_impl_link *link)
{
    return (cede_impl_coroutine *)((char *)link - offsetof(cede_impl_coroutine,
                                                           asynchronous));
}

/* --- which ones there are --- */

static void warn_late(const cede_impl_coroutine *generator)
{
    const cede_location *created = generator->created;

    cede__logf(CEDE_LOG_WARNING,
               "%s:%d: ResourceWarning: asynchronous generator '%s' was "
               "scheduled after cede_loop_shutdown_asyncgens()",
               created->file, created->line, generator->name);
}

static void note_one(cede__tasks *tasks, cede_impl_coroutine *coroutine)
{
    if (coroutine->asynchronous.next ||
        (coroutine->kind != CEDE_IMPL_KIND_GENERATOR &&
         coroutine->kind != CEDE_IMPL_KIND_MANAGER))
        return;
    if (tasks->asynchronous_shut)
        warn_late(coroutine);
    cede__asynchronous_enter(&tasks->asynchronous, coroutine);
}

void cede__asynchronous_note(cede_task *task, const cede_impl_flow *here)
{
    cede__tasks *tasks = task->future.loop->upper;

    for (; here != &task->coroutine.flow; here = here->outer)
        note_one(tasks, CEDE_IMPL_COROUTINE_OF(here));
}

void cede__asynchronous_forget(cede__tasks *tasks)
{
    while (tasks->asynchronous.next != &tasks->asynchronous)
        cede__asynchronous_leave(coroutine_of(tasks->asynchronous.next));
}

/* --- the tasks that close them --- */

/* One that has not begun. No factory is asked: it could not tell which of them
   has to begin at once. */
static cede_task *new_task(cede_loop *loop, cede_function function,
                           const cede_task_options *options,
                           const cede_impl_coroutine *closed)
{
    return cede__task_make_plainly(
        &(const cede__making){.function = function,
                              .argument = options->argument,
                              .coroutine_name = closed->name,
                              .where = closed->created,
                              .options = options},
        loop);
}

/* --- what cede_unref could not finish --- */

struct adoption {
    cede_generator *generator;
    cede_impl_flow *place;
    bool begun;
};

static cede_value finish_closing(void *given)
{
    struct adoption mine = *(struct adoption *)given;

    ((struct adoption *)given)->begun = true; /* `given` ends with the step */
    cede__closing_finish(mine.generator, mine.place);
    return cede_none;
}

/* The clean-up goes on at once, up to where it waits, so that nothing can
   cancel it before that. */
static cede_value adopt_now(void *given)
{
    const cede_impl_coroutine *closed =
        &((struct adoption *)given)->generator->coroutine;
    cede_task *task = new_task(
        cede_get_running_loop(), finish_closing,
        &(const cede_task_options){.argument = given, .eager_start = true},
        closed);
    bool begun;

    task->finishing = true;
    cede__task_begin(task);
    begun = ((struct adoption *)given)->begun;
    if (!begun)
        task->future.unretrieved = false; /* there was no stack */
    cede_unref(task);
    if (!begun)
        cede_raise(cede_MemoryError);
    return cede_none;
}

static cede_exception *adopt(cede_generator *generator, cede_impl_flow *place)
{
    return cede_catch(adopt_now, &(struct adoption){generator, place, false},
                      NULL);
}

static bool in_loop(void)
{
    return cede__running_loop != NULL;
}

const cede__closing_hooks cede__task_closing_hooks = {in_loop, adopt};

/* --- shutting down --- */

/* A suspended one that nobody delegates to: who closes the delegator closes
   the others. */
static bool is_open(const cede_impl_coroutine *coroutine)
{
    return coroutine->state == CEDE_IMPL_SUSPENDED && !coroutine->parent;
}

static cede_value close_it(void *generator)
{
    return cede_generator_close(generator);
}

/* The tasks that close generators, each with a reference. */
struct closers {
    cede_task **task;
    size_t count;
};

static void dismiss(void *self)
{
    struct closers *closers = self;

    while (closers->count > 0)
        cede_unref(closers->task[--closers->count]);
    cede__free(closers->task);
}

static void start_closer(struct closers *closers, cede_loop *loop,
                         cede_impl_coroutine *coroutine)
{
    cede_generator *generator =
        (cede_generator *)((char *)coroutine -
                           offsetof(cede_generator, coroutine));
    cede_task *task = new_task(
        loop, close_it, &(const cede_task_options){.argument = generator},
        coroutine);

    task->awaitable = cede_ref(generator);
    cede__task_begin(task);
    closers->task[closers->count++] = task;
}

static size_t count_open(const cede__tasks *tasks)
{
    cede_impl_link *link = tasks->asynchronous.next;
    size_t count = 0;

    for (; link != &tasks->asynchronous; link = link->next)
        count += is_open(coroutine_of(link));
    return count;
}

static void make_room(struct closers *closers, size_t count)
{
    closers->task = cede__calloc(count + 1, sizeof *closers->task);
    if (!closers->task)
        cede_raise(cede_MemoryError);
}

/* Those that finish what cede_unref could not; not who asks. */
static void add_finishing(struct closers *closers, const cede__tasks *tasks)
{
    cede__list_each(node, &tasks->unfinished) {
        cede_task *task = cede__list_entry(node, cede_task, siblings);

        if (task->finishing && task != cede__task_now())
            closers->task[closers->count++] = cede_ref(task);
    }
}

static void start_closers(struct closers *closers, cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;
    cede_impl_link *link;

    for (link = tasks->asynchronous.next; link != &tasks->asynchronous;
         link = link->next)
        if (is_open(coroutine_of(link)))
            start_closer(closers, loop, coroutine_of(link));
}

static void report(const cede_task *task)
{
    char message[160];
    cede_exception_handler_context context = {
        .message = message,
        .exception = task->future.exception,
        .future = (cede_future *)&task->future,
    };

    if (!cede_exception_is(context.exception, cede_Exception))
        return;
    snprintf(message, sizeof message,
             "an error occurred during closing of asynchronous generator "
             "<generator object %s>",
             task->coroutine.name);
    cede__loop_report(task->future.loop, &context);
}

static void wait_for(struct closers *closers)
{
    size_t i;

    for (i = 0; i < closers->count; i++)
        cede_ref(closers->task[i]);
    cede_gather_array(NULL, (void *const *)closers->task, closers->count,
                      CEDE_RETURN_EXCEPTIONS);
    for (i = 0; i < closers->count; i++)
        if (closers->task[i]->future.state == CEDE__FUTURE_FINISHED)
            report(closers->task[i]);
}

/* Closes those that are open, so many, and waits for those that are being
   closed already too. False: there was nothing to wait for. */
static bool close_some(cede_loop *loop, size_t open)
{
    const cede__tasks *tasks = loop->upper;
    struct closers closers = {NULL, 0};
    cede_defer (dismiss, &closers);

    make_room(&closers, tasks->count + open);
    add_finishing(&closers, tasks);
    if (open > 0)
        start_closers(&closers, loop);
    if (closers.count == 0)
        return false;
    wait_for(&closers);
    return true;
}

void cede_loop_shutdown_asyncgens(cede_loop *loop)
{
    cede_task *task = cede__task_to_suspend();
    cede__tasks *tasks;
    size_t open;

    cede_check_alive(loop);
    if (loop != task->future.loop)
        cede_raise(cede_RuntimeError,
                   "the generators of a loop are closed by a task of that "
                   "loop");
    tasks = loop->upper;
    tasks->asynchronous_shut = true;
    open = count_open(tasks);
    /* What is closed may give up others. */
    while (close_some(loop, open))
        open = 0;
}

static cede_value shut_down(void *loop)
{
    cede_loop_shutdown_asyncgens(loop);
    return cede_none;
}

void cede__asynchronous_shutdown(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (!tasks)
        return;
    tasks->asynchronous_shut = true;
    if (count_open(tasks) > 0)
        cede_loop_run_until_complete(
            loop, cede_loop_create_task(loop, shut_down, loop));
}
