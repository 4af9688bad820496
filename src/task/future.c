/*
 * Futures: states, results, callbacks. See task/future.h.
 *
 * It knows the loop and jobs; it must not know how a task waits. Semantics:
 * asyncio.Future, rules F01-F15.
 */
#include "task/future.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "task/inspect.h"
#include "task/notice.h"
#include "value/context.h"
#include "value/exception.h"
#include "value/object.h"

#include <stdio.h>
#include <string.h>

/* A done callback: told by its job, which the future posts. */
typedef struct callback_record {
    cede__completion completion;
    cede__job job;
    cede_future *future; /* a reference once the job is posted */
    cede_done_callback callback;
    void *argument;
    const cede_impl_call *call;
    cede__context_place place;
} callback_record;

static void run_callback(cede__job *job);

/* The future's reference is not the record's before the job is posted. */
static void free_record(callback_record *record)
{
    cede__context_place_finish(&record->place);
    cede__free(record);
}

static void destroy(void *self)
{
    cede__future_finish(self, "Future");
}

static const cede_awaitable_methods future_awaitable = {.wait_at =
                                                            cede__await_future};

static const cede_object_methods look = {.repr = cede__future_repr};

const cede_class cede__future_class[1] = {{.name = "Future",
                                           .size = sizeof(cede_future),
                                           .destroy = destroy,
                                           .object = &look,
                                           .awaitable = &future_awaitable}};

bool cede__is_future(const void *object)
{
    return cede_isinstance(object, cede__future_class);
}

char *cede__copy_message(const char *message)
{
    size_t size = message ? strlen(message) + 1 : 0;
    char *copy = size ? cede__malloc(size) : NULL;

    return copy ? memcpy(copy, message, size) : NULL;
}

cede_exception *cede__cancelled_error(const char *message)
{
    return cede__exception_make(cede_CancelledError, message);
}

void cede__future_init(cede_future *future, cede_loop *loop)
{
    cede__loop_hook(loop, &cede__task_hooks);
    future->loop = cede__loop_keep(loop);
    cede__list_init(&future->completions);
    future->state = CEDE__FUTURE_PENDING;
}

cede_future *(cede_loop_create_future)(cede_loop *loop)
{
    return cede_impl_future_new(loop, NULL);
}

cede_future *cede_impl_future_new(cede_loop *loop, const cede_location *where)
{
    cede_future *future;

    if (!loop)
        loop = cede_get_running_loop();
    else
        cede_check_alive(loop);
    cede__loop_check(loop);
    future = cede_object_new(cede__future_class);
    cede__future_init(future, loop);
    future->created = where;
    return future;
}

static void report_unretrieved(cede_future *future, const char *what)
{
    char message[64];
    cede_exception_handler_context context = {
        .message = message,
        .exception = future->exception,
        .future = future,
    };

    snprintf(message, sizeof message, "%s exception was never retrieved", what);
    future->unretrieved = false;
    cede__loop_report(future->loop, &context);
}

void cede__future_finish(cede_future *future, const char *what)
{
    cede__list *link;

    if (future->unretrieved) {
        /* The handler may look at the future, even keep it for a while; it
           must not keep it for ever. */
        future->head.references = 1;
        report_unretrieved(future, what);
        future->head.references = 0;
    }
    while ((link = cede__list_pop_front(&future->completions)) != NULL)
        if (cede__list_entry(link, cede__completion, link)->job)
            free_record(
                cede__list_entry(link, callback_record, completion.link));
    cede_value_unref(future->result);
    cede_unref(future->exception);
    cede__free(future->cancel_message);
    if (CEDE_IMPL_UNLIKELY(future->awaited_by != NULL))
        cede__awaited_by_forget(future);
    cede__loop_let_go(future->loop);
}

void cede__future_subscribe(cede_future *future, cede__completion *completion,
                            cede__job *job)
{
    completion->job = job;
    completion->waiter = NULL;
    cede__list_push_back(&future->completions, &completion->link);
}

void cede__future_unsubscribe(cede__completion *completion)
{
    cede__list_remove(&completion->link);
}

static void tell(cede_future *future)
{
    cede__list *link;

    if (CEDE_IMPL_UNLIKELY(future->awaited_by != NULL))
        cede__awaited_by_forget(future);
    /* A notice may take others back on the way. */
    while ((link = cede__list_pop_front(&future->completions)) != NULL) {
        cede__completion *completion =
            cede__list_entry(link, cede__completion, link);
        cede__job *job = completion->job;

        if (!job) {
            cede__notice_tell(completion);
            continue;
        }
        if (job->run == run_callback)
            cede_ref(future); /* the record's, until it has run */
        else
            cede__listener_told(job);
        cede__loop_post(future->loop, job);
    }
}

bool cede__future_end_result(cede_future *future, cede_value value)
{
    if (future->state != CEDE__FUTURE_PENDING) {
        cede_value_unref(value);
        return false;
    }
    future->result = value;
    future->state = CEDE__FUTURE_FINISHED;
    tell(future);
    return true;
}

/* StopIteration inside a future could never be told from the end of whoever
   awaits it (F04, 3.13). */
static cede_exception *no_stop_iteration(cede_exception *exception)
{
    cede_exception *error;

    if (!cede_exception_is(exception, cede_StopIteration))
        return exception;
    error = cede__exception_make(
        cede_RuntimeError,
        "StopIteration interacts badly with generators and cannot be raised "
        "into a Future");
    cede_exception_set_cause(error, exception);
    cede__exception_set_context(error, exception);
    cede_unref(exception);
    return error;
}

bool cede__future_end_exception(cede_future *future, cede_exception *exception)
{
    if (future->state != CEDE__FUTURE_PENDING) {
        cede_unref(exception);
        return false;
    }
    future->exception = no_stop_iteration(exception);
    future->trace = future->exception->trace_count;
    future->state = CEDE__FUTURE_FINISHED;
    future->unretrieved = !future->silent;
    tell(future);
    return true;
}

bool cede__future_end_cancelled(cede_future *future, cede_exception *cancelled,
                                const char *message)
{
    if (future->state != CEDE__FUTURE_PENDING) {
        cede_unref(cancelled);
        return false;
    }
    future->exception = cancelled;
    if (message != future->cancel_message) {
        cede__free(future->cancel_message);
        future->cancel_message = cede__copy_message(message);
    }
    future->state = CEDE__FUTURE_CANCELLED;
    tell(future);
    return true;
}

bool cede__future_cancel(cede_future *future, const char *message)
{
    if (future->state != CEDE__FUTURE_PENDING) {
        future->unretrieved = false; /* who cancels does not care (CPython) */
        return false;
    }
    if (future->head.object_class == cede__task_class)
        return cede__task_request_cancel((cede_task *)future, message);
    if (future->head.object_class == cede__gather_class)
        return cede__gather_cancel(future, message);
    return cede__future_end_cancelled(future, NULL, message);
}

cede_exception *cede__future_take_exception(cede_future *future)
{
    cede_exception *exception = future->exception;

    future->unretrieved = false;
    if (future->state != CEDE__FUTURE_CANCELLED)
        return cede_ref(exception);
    future->exception = NULL; /* handed out once (T21) */
    return exception ? exception
                     : cede__cancelled_error(future->cancel_message);
}

/* Each who awaits adds to the traceback that the exception had when it came
   (CPython: with_traceback), or it would grow without end. */
static void cut_trace(cede_exception *exception, uint32_t count)
{
    if (exception->trace_count > count)
        exception->trace_count = count;
}

cede_value cede__future_outcome(cede_future *future, const cede_location *where)
{
    cede_exception *exception = cede__future_take_exception(future);

    if (exception) {
        if (future->state == CEDE__FUTURE_FINISHED)
            cut_trace(exception, future->trace);
        cede__raise(exception, where);
    }
    return cede_value_ref(future->result);
}

/* --- public --- */

void cede__check_future(const void *object)
{
    cede__check_given(object);
    if (!cede__is_future(object))
        cede_raise(cede_TypeError, "a future or a task is required, not '%s'",
                   cede__class_name(object));
}

bool cede_isfuture(const void *object)
{
    return cede__is_future(object);
}

bool cede_future_done(const cede_future *future)
{
    cede_check_alive(future);
    return future->state != CEDE__FUTURE_PENDING;
}

bool cede_future_cancelled(const cede_future *future)
{
    cede_check_alive(future);
    return future->state == CEDE__FUTURE_CANCELLED;
}

cede_value cede_future_result(cede_future *future)
{
    cede_check_alive(future);
    if (future->state == CEDE__FUTURE_PENDING)
        cede_raise(cede_InvalidStateError, "Result is not set.");
    return cede__future_outcome(future, NULL);
}

cede_exception *cede_future_exception(cede_future *future)
{
    cede_check_alive(future);
    if (future->state == CEDE__FUTURE_PENDING)
        cede_raise(cede_InvalidStateError, "Exception is not set.");
    if (future->state == CEDE__FUTURE_CANCELLED)
        cede__raise(cede__future_take_exception(future), NULL);
    future->unretrieved = false;
    return future->exception;
}

static void check_pending(cede_future *future, const char *operation)
{
    static const char *const names[] = {"PENDING", "CANCELLED", "FINISHED"};

    cede__check_future(future);
    if (future->head.object_class == cede__task_class)
        cede_raise(cede_RuntimeError, "Task does not support %s operation",
                   operation);
    if (future->state != CEDE__FUTURE_PENDING)
        cede_raise(cede_InvalidStateError, "invalid state: the future is %s",
                   names[future->state]);
    cede__loop_check(future->loop);
}

void cede_impl_future_set_result(cede_future *future, cede_value value)
{
    cede__hold hold;

    cede__hold_push(&hold, value.owned ? value.as.object : NULL);
    check_pending(future, "set_result");
    cede__hold_pop(&hold);
    cede__future_end_result(future, value);
}

void cede_impl_future_set_exception(cede_future *future,
                                    cede_exception *exception)
{
    cede__hold hold;

    cede__hold_push(&hold, exception);
    check_pending(future, "set_exception");
    cede__hold_pop(&hold);
    cede__future_end_exception(future, exception);
}

bool cede_future_cancel(cede_future *future, const char *message)
{
    cede__check_future(future);
    if (!cede_future_done(future))
        cede__loop_check(future->loop);
    return cede__future_cancel(future, message);
}

static void call_back(callback_record *record)
{
    record->callback(record->future, record->argument);
}

static cede_value call_caught(void *record)
{
    call_back(record);
    return cede_none;
}

/* Takes the reference to the error. */
static void callback_failed(cede_loop *loop, cede_future *future,
                            cede_exception *error)
{
    cede_exception_handler_context context = {
        .message = "Exception in callback",
        .exception = error,
        .future = future,
    };

    if (cede__ends_loop(error)) {
        cede__loop_fail(loop, error);
        return;
    }
    cede__loop_report(loop, &context);
    cede_unref(error);
}

bool cede__ends_loop(const cede_exception *exception)
{
    return cede_exception_is(exception, cede_SystemExit) ||
           cede_exception_is(exception, cede_KeyboardInterrupt);
}

static void run_callback(cede__job *job)
{
    callback_record *record =
        (callback_record *)((char *)job - offsetof(callback_record, job));
    cede_loop *loop = cede_ref(record->future->loop);
    cede__context_place *before = cede__context_here;
    cede_exception *error;

    cede__context_here = &record->place;
    error = cede_catch(call_caught, record, NULL);
    if (error)
        callback_failed(loop, record->future, error);
    cede__context_here = before;
    cede_unref(record->future);
    free_record(record);
    cede_unref(loop);
}

bool cede__callback_drop(cede__job *job)
{
    callback_record *record;

    if (job->run != run_callback)
        return false;
    record = (callback_record *)((char *)job - offsetof(callback_record, job));
    cede_unref(record->future);
    free_record(record);
    return true;
}

void cede__callback_origin(cede__job *job, const cede_impl_call **call)
{
    if (job->run == run_callback)
        *call = ((callback_record *)((char *)job -
                                     offsetof(callback_record, job)))
                    ->call;
}

/* In the context (borrowed), or if NULL in a copy of the current one. */
static void add_done_callback(cede_future *future, cede_context *context,
                              cede_done_callback callback, void *argument,
                              const cede_impl_call *call)
{
    callback_record *record;

    cede__check_future(future);
    cede__loop_check(future->loop);
    if (!callback)
        cede_raise(cede_TypeError, "a callback was expected, got NULL");
    record = cede__malloc(sizeof *record);
    if (!record)
        cede_raise(cede_MemoryError);
    *record = (callback_record){.job = {.run = run_callback},
                                .future = future,
                                .callback = callback,
                                .argument = argument,
                                .call = call};
    if (context)
        cede__context_place_set(&record->place, context);
    else
        record->place.context = cede__context_capture();
    cede__list_init(&record->completion.link);
    record->completion.job = &record->job;
    if (future->state != CEDE__FUTURE_PENDING) {
        cede_ref(future);
        cede__loop_post(future->loop, &record->job);
    } else {
        cede__future_subscribe(future, &record->completion, &record->job);
    }
}

void cede_impl_future_add_done_callback(cede_future *future,
                                        cede_done_callback callback,
                                        void *argument,
                                        const cede_impl_call *call)
{
    add_done_callback(future, NULL, callback, argument, call);
}

void (cede_future_add_done_callback)(cede_future *future,
                                     cede_done_callback callback,
                                     void *argument)
{
    add_done_callback(future, NULL, callback, argument, NULL);
}

void (cede_future_add_done_callback_in)(cede_future *future,
                                        cede_context *context,
                                        cede_done_callback callback,
                                        void *argument)
{
    cede_impl_future_add_done_callback_in(future, context, callback, argument,
                                          NULL);
}

void cede_impl_future_add_done_callback_in(cede_future *future,
                                           cede_context *context,
                                           cede_done_callback callback,
                                           void *argument,
                                           const cede_impl_call *call)
{
    cede__check_future(future);
    cede__check_given(context);
    if (!cede_isinstance(context, cede__context_class))
        cede_raise(cede_TypeError, "a context was expected");
    add_done_callback(future, context, callback, argument, call);
}

size_t cede_future_remove_done_callback(cede_future *future,
                                        cede_done_callback callback)
{
    cede__list *link, *next;
    size_t removed = 0;

    cede__check_future(future);
    if (!cede__loop_on_owner_thread(future->loop))
        cede__loop_refuse(future->loop);
    for (link = future->completions.next; link != &future->completions;
         link = next) {
        cede__completion *completion =
            cede__list_entry(link, cede__completion, link);
        callback_record *record;

        next = link->next;
        if (!completion->job || completion->job->run != run_callback)
            continue;
        record = (callback_record *)completion;
        if (record->callback != callback)
            continue;
        cede__list_remove(link);
        free_record(record);
        removed++;
    }
    return removed;
}
