/*
 * Tasks: coroutines that the loop runs.
 *
 * A task runs a function (of any type cede/generator.h names) on a stack of its
 * own and suspends wherever something it calls must wait: await is a function
 * call. A task is a future: its result is what fn returns. The loop owns every
 * task that is not done, so nothing vanishes (T30). Python counterpart:
 * asyncio.Task. Rules T01-T32. All calls: the loop's thread only; none of them
 * suspends but cede_sleep. Unless it says otherwise none raises.
 */
#pragma once

#include "cede/future.h"
#include "cede/list.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_create_task(fn, argument, …): a task of the running loop that calls
 * fn(argument) from the next iteration on (T01); returns one reference, which
 * cede_await, cede_gather or cede_unref takes. argument is borrowed and must
 * live as long as the task; …_with(fn, value) copies any object of C into the
 * task, and fn gets the copy's address. Behind the argument may stand options,
 * the members of cede_task_options; then argument is a pointer, NULL for a
 * function without a parameter, and an integer is cast:
 *
 *     cede_create_task(fetch, &url, .name = "fetch", .eager_start = true)
 *
 * Raises RuntimeError without a running loop, MemoryError. Python:
 * asyncio.create_task(coro, name=, context=, eager_start=).
 */
#define cede_create_task(...) cede_loop_create_task(NULL, __VA_ARGS__)
#define cede_create_task_with(function, ...)                                   \
    cede_impl_task_new_with(NULL,                                              \
                            CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),   \
                            CEDE_IMPL_COPY(__VA_ARGS__),                       \
                            CEDE_IMPL_COPY_SIZE(__VA_ARGS__), #function,       \
                            CEDE_IMPL_HERE)

/*
 * cede_create_task_from(coroutine, …): a task that runs a coroutine object
 * (cede/coroutine.h); takes your reference, also when it raises. The same
 * options. Raises TypeError for anything else, for which there is
 * cede_ensure_future; RuntimeError for a coroutine that has been awaited comes
 * out of the task (T24). Cancelled before it has begun, the coroutine never
 * runs and is not reported (T02). Python: asyncio.create_task(coro).
 */
#define cede_create_task_from(...)                                             \
    cede_impl_task_from(NULL, CEDE_IMPL_TASK_OPTIONS(__VA_ARGS__),             \
                        CEDE_IMPL_HERE)

/* cede_loop_create_task(loop, fn, argument, …), …_from(loop, coroutine, …): the
   same on a loop that need not run yet, one reference. Raise RuntimeError
   if it is closed, else as those above. Python: loop.create_task. */
#define cede_loop_create_task(loop, ...)                                       \
    cede_impl_task_new((loop), CEDE_IMPL_TASK_CALL(__VA_ARGS__), CEDE_IMPL_HERE)
#define cede_loop_create_task_from(loop, ...)                                  \
    cede_impl_task_from((loop), CEDE_IMPL_TASK_OPTIONS(__VA_ARGS__),           \
                        CEDE_IMPL_HERE)

/* The function, its argument with the options behind it, its name. */
#define CEDE_IMPL_TASK_CALL(...)                                               \
    CEDE_IMPL_CALLEE(__VA_ARGS__),                                             \
        (&(const cede_task_options){CEDE_IMPL_OPTIONS(__VA_ARGS__)}),          \
        CEDE_IMPL_NAME(__VA_ARGS__)

/* The first is the argument, others are named. */
#define CEDE_IMPL_TASK_OPTIONS(...)                                            \
    (&(const cede_task_options){.argument = __VA_ARGS__})

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A task: a future that runs. */
typedef struct cede_task cede_task;

/* How a task is to be; all zero is the default. */
typedef struct cede_task_options {
    void *argument;        /* what its function gets */
    const char *name;      /* copied; NULL: "Task-1" and so on (T17) */
    cede_context *context; /* borrowed; it runs in this one itself, NULL: in a
                              copy of the current one (T25) */
    bool eager_start;      /* runs at once, inside create_task, up to where it
                              first waits (D01, D02); in a running loop only */
} cede_task_options;

#ifndef __cplusplus

cede_task *cede_impl_task_new(cede_loop *loop, cede_function function,
                              const cede_task_options *options,
                              const char *coroutine_name,
                              const cede_location *where)
    CEDE_IMPL_NEW;
cede_task *cede_impl_task_new_with(cede_loop *loop, cede_function function,
                                   const void *copy, size_t size,
                                   const char *coroutine_name,
                                   const cede_location *where)
    CEDE_IMPL_NEW;
cede_task *cede_impl_task_from(cede_loop *loop,
                               const cede_task_options *options,
                               const cede_location *where)
    CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/* The task as the future it is: the same object, borrowed. */
cede_future *cede_task_future(cede_task *task);

/*
 * A future for whatever can be awaited, of the running loop (of the loop):
 * takes a reference and returns one. A future or a task is returned as it is,
 * anything else is awaited by a new task. Raises TypeError for what cannot be
 * awaited; ValueError for a future of another loop; RuntimeError without a
 * running loop; MemoryError. Rule T26. Python: asyncio.ensure_future.
 */
cede_future *cede_ensure_future(void *awaitable) CEDE_IMPL_NEW;
cede_future *cede_loop_ensure_future(cede_loop *loop, void *awaitable)
    CEDE_IMPL_NEW;

/* What cede_create_task_from was given, borrowed; NULL if the task was made
   from a function. Python: Task.get_coro. */
void *cede_task_get_coro(const cede_task *task);

/* --- factories --- */

/*
 * A task to be, as a factory is given it: borrowed for the time of the call. A
 * factory may read all of it, and may have a copy made whose options it has
 * changed.
 */
typedef struct cede_task_recipe {
    cede_loop *loop;
    cede_function function; /* NULL: it awaits `awaitable` */
    void *awaitable;        /* borrowed, or NULL */
    const char *function_name;
    cede_task_options options;
    const cede_location *where; /* the call of cede_create_task */
    const void *copy;           /* what …_with copies into the task */
    size_t copy_size;
} cede_task_recipe;

/*
 * Returns one reference to a task of cede_task_make, which begins, an eager one
 * at once, when the factory has returned. May raise, which goes to whoever
 * creates the task; must not suspend.
 */
typedef cede_task *(*cede_task_factory)(cede_loop *loop,
                                        const cede_task_recipe *recipe,
                                        void *argument);

/*
 * Has every task of the loop made by `factory`, whichever call of cede's
 * creates it (L26), save for those in which the loop closes generators
 * (cede/async_generator.h); NULL: by the runtime alone. `argument` is yours.
 * Raises MemoryError. Python: loop.set_task_factory, loop.get_task_factory.
 */
void cede_loop_set_task_factory(cede_loop *loop, cede_task_factory factory,
                                void *argument);
cede_task_factory cede_loop_get_task_factory(const cede_loop *loop);

/* For factories: makes the task, one reference. Raises as cede_create_task;
   TypeError for a recipe that lacks something. Python: asyncio.Task(). */
cede_task *cede_task_make(const cede_task_recipe *recipe) CEDE_IMPL_NEW;

/* A factory for tasks that start at once when their loop runs (D01). Returns
   one reference, raises as cede_task_make. Python: asyncio.eager_task_factory.
   */
cede_task *cede_eager_task_factory(cede_loop *loop,
                                   const cede_task_recipe *recipe,
                                   void *argument) CEDE_IMPL_NEW;

/*
 * Asks the task to stop: CancelledError is raised where it waits, in the next
 * iteration (T03); what it awaits is cancelled first (T10). A task that has
 * not started never runs (T02). False if it was done (T27). message (copied)
 * may be NULL. The task may catch it and go on (T04).
 */
bool cede_task_cancel(cede_task *task, const char *message);

/*
 * How many cancels are pending; takes one back and returns how many are left:
 * at 0 one that has not been delivered is dropped (T12, D06), unless what the
 * task waits for has been given up for it already.
 */
unsigned cede_task_cancelling(const cede_task *task);
unsigned cede_task_uncancel(cede_task *task);

/* As cede_future_done and cede_future_cancelled. */
bool cede_task_done(const cede_task *task);
bool cede_task_cancelled(const cede_task *task);

/* As cede_future_result and cede_future_exception: raise what these raise, and
   return what is yours and what is borrowed. */
cede_value cede_task_result(cede_task *task);
cede_exception *cede_task_exception(cede_task *task);

/* Its name, borrowed: "Task-1" and so on unless set (T17). set_name copies;
   raises MemoryError. */
const char *cede_task_get_name(const cede_task *task);
void cede_task_set_name(cede_task *task, const char *name);

/*
 * The context the task runs in, borrowed: by default a copy of the one that was
 * current when it was created (C01, T25). set_context makes it run in another
 * (borrowed), that one itself and no copy: what the task sets is seen there.
 * Raises TypeError if it is no context; RuntimeError for a task that has begun;
 * get_context MemoryError. Python: create_task(…, context=context),
 * Task.get_context.
 */
void cede_task_set_context(cede_task *task, cede_context *context);
cede_context *cede_task_get_context(cede_task *task);

/* The task that runs now, borrowed, or NULL: in a plain callback, outside a
   loop (T29). */
cede_task *cede_current_task(void);

/* How many tasks of the loop are not done: len(asyncio.all_tasks(loop)). */
size_t cede_loop_task_count(const cede_loop *loop);

/*
 * The tasks of the loop (NULL: of the running one) that are not done, oldest
 * first: a new list, one reference. Raises MemoryError, RuntimeError without a
 * running loop. Python: asyncio.all_tasks.
 */
cede_list *cede_all_tasks(cede_loop *loop) CEDE_IMPL_NEW;

/*
 * Suspends the current task for some seconds; 0 or less: lets everything that
 * is ready run once (T23). Raises CancelledError; ValueError for NaN;
 * RuntimeError outside a task. asyncio.sleep.
 */
void cede_sleep(double seconds);

/*
 * Runs the loop until the awaitable (a future or task of it, or what
 * cede_ensure_future makes one of) is done; takes your reference, returns its
 * result, yours, or raises its exception. Blocks. Raises RuntimeError "Event
 * loop stopped before Future completed." (L06), and in a running loop, where
 * nothing of the awaitable begins.
 */
cede_value cede_loop_run_until_complete(cede_loop *loop, void *awaitable);

CEDE_IMPL_END
