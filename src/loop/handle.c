/*
 * handle.c - scheduling, running and cancelling callbacks (see handle.h)
 */
#include "loop/handle.h"

#include "base/memory.h"
#include "cede/try.h"
#include "loop/watch.h"
#include "value/object.h"

static void handle_destroy(void *self)
{
    cede_handle *handle = self;

    if (CEDE_IMPL_UNLIKELY(handle->place.context != NULL))
        cede__context_place_finish(&handle->place);
}

static const cede_class handle_class = {
    .name = "Handle",
    .size = sizeof(struct cede_handle),
    .destroy = handle_destroy,
};

static const cede_class timer_handle_class = {
    .name = "TimerHandle",
    .base = &handle_class,
    .size = sizeof(struct cede_handle),
    .destroy = handle_destroy,
};

/* --- running --- */

static cede_value call(void *argument)
{
    cede_handle *handle = argument;

    handle->callback(handle->argument);
    return cede_none;
}

/* Takes the reference to the exception. Out of the way of callbacks that raise
   nothing. */
static __attribute__((cold, noinline)) void
report(cede_loop *loop, cede_handle *handle, cede_exception *exception)
{
    if (cede_exception_is(exception, cede_SystemExit) ||
        cede_exception_is(exception, cede_KeyboardInterrupt)) {
        cede__loop_fail(loop, exception);
        return;
    }
    cede__loop_report(loop, &(cede_exception_handler_context){
                                .message = "Exception in callback",
                                .exception = exception,
                                .handle = handle,
                            });
    cede_unref(exception);
}

/* In its own context; what is reported belongs to it too, as since 3.12. */
static void call_in_place(cede_loop *loop, cede_handle *handle)
{
    cede__context_place *before = cede__context_here;
    cede_exception *exception;

    cede__context_here = &handle->place;
    exception = cede_catch(call, handle, NULL);
    if (CEDE_IMPL_UNLIKELY(exception != NULL))
        report(loop, handle, exception);
    cede__context_here = before;
}

/* The queue's reference is given up after the call: a callback may cancel the
   handle it was called by. */
static void handle_run(cede__job *job)
{
    cede_handle *handle = cede__list_entry(job, cede_handle, job);
    cede_loop *loop = handle->loop;

    handle->queued = false;
    if (!handle->cancelled)
        call_in_place(loop, handle);
    if (!handle->repeated)
        handle->loop = NULL;
    cede_unref(handle);
}

static void handle_fire(cede__timer *timer)
{
    cede_handle *handle = cede__list_entry(timer, cede_handle, timer);

    handle->queued = true;
    cede__loop_post(handle->loop, &handle->job);
}

/* --- life --- */

static cede_handle *try_new(cede_loop *loop, cede_callback callback,
                            void *argument, const cede_impl_call *call,
                            const cede_class *class)
{
    /* Not zeroed by calloc, which in glibc passes the thread's cache by. */
    cede_handle *handle = cede__malloc(sizeof *handle);

    if (handle == NULL)
        return NULL;
    *handle = (cede_handle){
        .head = {class, 1, 0},
        .job.run = handle_run,
        .timer.fire = handle_fire,
        .loop = loop,
        .callback = callback,
        .argument = argument,
        .call = call,
        .place.context = cede__context_capture(),
    };
    cede__object_born(&handle->head, sizeof *handle);
    return handle;
}

static cede_handle *new_of(cede_loop *loop, cede_callback callback,
                           void *argument, const cede_impl_call *call,
                           const cede_class *class)
{
    cede_handle *handle;

    if (callback == NULL)
        cede_raise(cede_TypeError, "a callback object was expected, got NULL");
    handle = try_new(loop, callback, argument, call, class);
    if (handle == NULL)
        cede_raise(cede_MemoryError);
    return handle;
}

cede_handle *cede__handle_new(cede_loop *loop, cede_callback callback,
                              void *argument, const cede_impl_call *call)
{
    return new_of(loop, callback, argument, call, &handle_class);
}

void cede__handle_post(cede_handle *handle)
{
    if (handle->queued)
        return;
    handle->queued = true;
    cede__loop_post(handle->loop, &cede_ref(handle)->job);
}

void cede__handle_retire(cede_handle *handle)
{
    handle->cancelled = true;
    handle->repeated = false;
    if (!handle->queued)
        handle->loop = NULL;
    cede_unref(handle);
}

cede_handle *cede__handle_of_job(cede__job *job)
{
    if (job->run != handle_run)
        return NULL;
    return cede__list_entry(job, cede_handle, job);
}

cede_handle *cede__handle_of_timer(cede__timer *timer)
{
    if (timer->fire != handle_fire)
        return NULL;
    return cede__list_entry(timer, cede_handle, timer);
}

void cede__handle_drop(cede_handle *handle)
{
    handle->queued = false;
    handle->loop = NULL;
    cede_unref(handle);
}

/* --- scheduling --- */

cede_handle *cede_impl_loop_call_soon(cede_loop *loop, cede_callback callback,
                                      void *argument,
                                      const cede_impl_call *call)
{
    cede_handle *handle;

    loop = cede__loop_or_running(loop, call ? &call->where : NULL);
    cede__loop_check(loop);
    handle = cede__handle_new(loop, callback, argument, call);
    /* What this thread sent the other way before must run before. */
    if (CEDE_IMPL_UNLIKELY(cede__wakeup_pending(&loop->wakeup)))
        cede__wakeup_take(&loop->wakeup, &loop->ready);
    handle->queued = true;
    cede__loop_post(loop, &handle->job);
    return handle;
}

void cede_impl_loop_call_soon_threadsafe(cede_loop *loop,
                                         cede_callback callback,
                                         void *argument,
                                         const cede_impl_call *call)
{
    cede_handle *handle;

    cede_check_alive(loop);
    handle = cede__handle_new(loop, callback, argument, call);
    handle->queued = true;
    if (cede__loop_post_threadsafe(loop, &handle->job) == 0)
        return;
    cede_unref(handle);
    cede__loop_refuse(loop);
}

static cede_handle *call_at(cede_loop *loop, int64_t when,
                            cede_callback callback, void *argument,
                            const cede_impl_call *call)
{
    cede_handle *handle =
        new_of(loop, callback, argument, call, &timer_handle_class);

    handle->timed = true;
    if (cede__loop_timer_start(loop, &handle->timer, when) < 0) {
        cede_unref(handle);
        cede_raise(cede_MemoryError);
    }
    return handle;
}

cede_handle *cede_impl_loop_call_at(cede_loop *loop, double when,
                                    cede_callback callback, void *argument,
                                    const cede_impl_call *call)
{
    loop = cede__loop_or_running(loop, call ? &call->where : NULL);
    cede__loop_check(loop);
    if (isnan(when))
        cede_raise(cede_ValueError, "Invalid time: NaN (not a number)");
    return call_at(loop, cede__nanoseconds(when), callback, argument, call);
}

cede_handle *cede_impl_loop_call_later(cede_loop *loop, double delay,
                                       cede_callback callback, void *argument,
                                       const cede_impl_call *call)
{
    int64_t when;

    loop = cede__loop_or_running(loop, call ? &call->where : NULL);
    cede__loop_check(loop);
    if (isnan(delay))
        cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
    when = cede__deadline(cede__loop_now(loop), cede__nanoseconds(delay));
    return call_at(loop, when, callback, argument, call);
}

/* For those who take the address of these or are written in C++: without the
   place of the call. */

cede_handle *(cede_loop_call_soon)(cede_loop *loop, cede_callback callback,
                                   void *argument)
{
    return cede_impl_loop_call_soon(loop, callback, argument, NULL);
}

void (cede_loop_call_soon_threadsafe)(cede_loop *loop, cede_callback callback,
                                      void *argument)
{
    cede_impl_loop_call_soon_threadsafe(loop, callback, argument, NULL);
}

cede_handle *(cede_loop_call_at)(cede_loop *loop, double when,
                                 cede_callback callback, void *argument)
{
    return cede_impl_loop_call_at(loop, when, callback, argument, NULL);
}

cede_handle *(cede_loop_call_later)(cede_loop *loop, double delay,
                                    cede_callback callback, void *argument)
{
    return cede_impl_loop_call_later(loop, delay, callback, argument, NULL);
}

void cede_handle_set_context(cede_handle *handle, cede_context *context)
{
    cede_check_alive(handle);
    cede__check_given(context);
    if (handle->loop != NULL)
        cede__loop_check(handle->loop);
    if (!cede_isinstance(context, cede__context_class))
        cede_raise(cede_TypeError, "a context was expected");
    if (cede__context_here == &handle->place)
        cede_raise(cede_RuntimeError,
                   "a callback that runs stays in its context: set it before");
    cede__context_place_set(&handle->place, context);
}

/* --- cancelling --- */

/*
 * A timer's handle leaves the heap at once, but not the world: whoever
 * cancelled it may still look at it. The loop gives it up before the next
 * iteration.
 */
static void discard(cede_loop *loop, cede_handle *handle)
{
    cede__loop_timer_stop(loop, &handle->timer);
    handle->loop = NULL;
    cede__queue_push(&loop->discarded, &handle->job);
}

void cede_handle_cancel(cede_handle *handle)
{
    cede_loop *loop;

    cede_check_alive(handle);
    loop = handle->loop;
    if (loop != NULL)
        cede__loop_check(loop);
    handle->cancelled = true;
    if (loop != NULL && cede__timer_started(&handle->timer))
        discard(loop, handle);
}

bool cede_handle_cancelled(const cede_handle *handle)
{
    cede_check_alive(handle);
    return handle->cancelled;
}

void cede__handle_describe(const cede_handle *handle, bool debug,
                           cede__text *text)
{
    cede__text_format(text, "<%s%s", handle->head.object_class->name,
                      handle->cancelled ? " cancelled" : "");
    if (handle->timed)
        cede__text_format(text, " when=%g", cede_handle_when(handle));
    cede__call_describe(handle->call, debug, text);
    cede__text_string(text, ">");
}

double cede_handle_when(const cede_handle *handle)
{
    cede_check_alive(handle);
    return handle->timed ? cede__seconds(handle->timer.when) : 0;
}
