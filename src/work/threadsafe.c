/*
 * threadsafe.c - coroutines that other threads ask a loop to run
 *
 * An errand is made by the thread that asks and belongs to the loop's thread
 * from then on, which ends it: when its task is done, or when the loop is
 * closed. Threads that cancel the future touch it under the future's lock only,
 * and do no more than post its call. The task's function leaves the result in
 * the errand and not in the task, so that it is handed over and nobody here
 * keeps a part of it. Semantics: asyncio.run_coroutine_threadsafe; rule H06.
 */
#include "work/concurrent_future.h"

#include "base/memory.h"
#include "cede/debug.h"
#include "cede/lowlevel.h"
#include "cede/thread.h"
#include "work/share.h"

struct errand {
    cede__listener listener; /* the future may be cancelled */
    cede_loop *loop;         /* the rest is owned, but for the argument */
    cede_concurrent_future *future;
    cede_function function; /* NULL: coroutine */
    void *argument;
    cede_coroutine *coroutine;
    cede_remote_call *begin;
    cede_remote_call *cancel;
    cede_remote_call *closed; /* never posted: the loop's end calls it */
    cede_task *task;
    cede_value value;
    bool running; /* the task's function has begun, and comes back to this */
    bool over;    /* whoever asked has his answer: free it then */
};

/* --- its end --- */

static void free_errand(struct errand *errand)
{
    errand->over = true;
    if (errand->running)
        return;
    if (errand->coroutine)
        cede_value_unref(cede_coroutine_close(errand->coroutine));
    cede_unref(errand->coroutine);
    cede_unref(errand->task);
    cede_unref(errand->begin);
    cede_unref(errand->cancel);
    cede_unref(errand->closed);
    cede_value_unref(errand->value);
    cede_unref(errand->loop);
    cede__free(errand);
}

/* Nobody will come back to it. */
static void part(struct errand *errand)
{
    cede__concurrent_future_unlisten(errand->future, &errand->listener);
    cede_remote_call_cancel(errand->cancel);
    cede_remote_call_cancel(errand->closed);
}

static void end_cancelled(struct errand *errand)
{
    cede_concurrent_future *future = errand->future;

    part(errand);
    free_errand(errand);
    cede__concurrent_future_end_cancelled(future);
}

/* Takes the exception's reference; without one the errand has the value. */
static void end(struct errand *errand, cede_exception *exception)
{
    cede_concurrent_future *future = errand->future;
    cede_value value = errand->value;

    errand->value = cede_none;
    part(errand);
    free_errand(errand);
    if (cede__concurrent_future_begin(future)) {
        cede__concurrent_future_complete(future, value, exception);
        return;
    }
    cede_value_unref(value);
    cede_unref(exception);
    cede_unref(future);
}

/* --- in the loop's thread --- */

static void task_done(cede_future *task, void *self)
{
    struct errand *errand = self;

    if (cede_future_cancelled(task))
        end_cancelled(errand);
    else
        end(errand, cede_ref(cede_future_exception(task)));
}

static void cancel_task(void *self, bool posted)
{
    struct errand *errand = self;

    if (posted && errand->task)
        cede_task_cancel(errand->task, NULL);
}

/* Its tasks have ended, and the callbacks that say so will not run. */
static void loop_closed(void *self, bool posted)
{
    (void)posted;
    end_cancelled(self);
}

static void stop_running(void *self)
{
    struct errand *errand = self;

    errand->running = false;
    if (errand->over)
        free_errand(errand);
}

static cede_value run_coroutine(void *self)
{
    struct errand *errand = self;
    cede_coroutine *coroutine = errand->coroutine;
    cede_defer (stop_running, errand);

    errand->running = true;
    errand->coroutine = NULL;
    errand->value = coroutine ? cede_await(coroutine)
                              : cede_impl_call_function(errand->function,
                                               errand->argument);
    return cede_none;
}

static cede_value start_task(void *self)
{
    struct errand *errand = self;

    cede_remote_call_expect(errand->closed);
    errand->task = cede_loop_create_task(errand->loop, run_coroutine, errand);
    cede_future_add_done_callback(cede_task_future(errand->task), task_done,
                                  errand);
    return cede_none;
}

static void begin(void *self, bool posted)
{
    struct errand *errand = self;
    cede_exception *error;

    if (!posted) {
        end_cancelled(errand);
        return;
    }
    error = cede_catch(start_task, errand, NULL);
    if (!error)
        return;
    /* It has not begun (T02), or it was started eagerly and goes on without
       anybody who would hear of it. */
    if (errand->task)
        cede_task_cancel(errand->task, NULL);
    end(errand, error);
}

/* --- in the thread that asks --- */

static void told(cede__listener *listener, cede_concurrent_future *future)
{
    (void)future;
    cede_remote_call_post(
        cede__list_entry(listener, struct errand, listener)->cancel);
}

static void drop_unposted(void *errand_pointer)
{
    struct errand *one = *(struct errand **)errand_pointer;

    if (!one)
        return;
    if (one->future)
        cede__concurrent_future_unlisten(one->future, &one->listener);
    cede_unref(one->future);
    free_errand(one);
}

static void share_current_context(void)
{
    cede_context *context = cede_copy_context();
    cede_defer (cede_unref, context);

    cede__share_context(context);
}

static void fill(struct errand *errand, cede_loop *loop)
{
    cede__list_init(&errand->listener.link);
    errand->listener.at_done = true;
    errand->listener.told = told;
    errand->loop = cede_ref(loop);
    share_current_context();
    errand->begin = cede_remote_call_new(loop, begin, errand);
    errand->cancel = cede_remote_call_new(loop, cancel_task, errand);
    errand->closed = cede_remote_call_new(loop, loop_closed, errand);
    errand->future = cede_concurrent_future_new();
    errand->future->loop = loop;
}

/* The loop's thread may end the errand before this returns. */
static bool post(struct errand *errand)
{
    cede_remote_call *call = cede_ref(errand->begin);
    bool posted = cede_remote_call_post(call);

    cede_unref(call);
    return posted;
}

/* Takes the coroutine's reference, also when it raises. */
static cede_concurrent_future *send(cede_coroutine *coroutine,
                                    cede_function function, void *argument,
                                    cede_loop *loop)
{
    struct errand *made = cede__calloc(1, sizeof *made);
    struct errand *held = made;
    cede_defer (drop_unposted, &held);
    cede_concurrent_future *future;

    if (!made) {
        cede_unref(coroutine);
        cede_raise(cede_MemoryError);
    }
    made->coroutine = coroutine;
    made->function = function;
    made->argument = argument;
    fill(made, loop);
    future = cede_ref(made->future);
    cede__concurrent_future_listen(made->future, &made->listener);
    if (post(made)) {
        held = NULL;
        return future;
    }
    cede_unref(future);
    cede_raise(cede_RuntimeError, "Event loop is closed");
}

static void check_loop(cede_loop *loop)
{
    if (!loop)
        cede_raise(cede_TypeError, "a loop is required, got NULL");
    cede_check_alive(loop);
}

cede_concurrent_future *
cede_impl_run_coroutine_threadsafe(cede_function function, void *argument,
                                   cede_loop *loop)
{
    if (cede_impl_is_null(function))
        cede_raise(cede_TypeError, "A coroutine object is required");
    check_loop(loop);
    return send(NULL, function, argument, loop);
}

static void give_up(void *variable)
{
    cede_unref(*(void **)variable);
}

cede_concurrent_future *cede_run_coroutine_threadsafe_from(void *coroutine,
                                                           cede_loop *loop)
{
    void *held = coroutine;
    cede_defer (give_up, &held);

    if (coroutine)
        cede_check_alive(coroutine);
    if (!cede_isinstance(coroutine, cede_impl_coroutine_class))
        cede_raise(cede_TypeError, "A coroutine object is required");
    check_loop(loop);
    held = NULL;
    return send(coroutine, NULL, NULL, loop);
}
