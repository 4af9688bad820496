/*
 * concurrent_future.c - one future: its states, who waits, who is called back
 * (see concurrent_future.h)
 *
 * Knows: mutexes and condition variables. Must not know: threads of its own,
 * loops but for their address. Semantics: CPython's
 * Lib/concurrent/futures/_base.py; rules H01, H02, H09.
 */
#include "work/concurrent_future.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/system.h"
#include "cede/debug.h"
#include "cede/print.h"
#include "cede/traceback.h"
#include "cede/try.h"

static CEDE_EXCEPTION(concurrent_Error, cede_Exception);

const cede_class cede_concurrent_CancelledError[1] = {
    {.name = "CancelledError",
     .base = concurrent_Error,
     .size = CEDE_IMPL_EXCEPTION_SIZE,
     .flags = CEDE_IMPL_EXCEPTION_FLAGS}};

const cede_class cede_concurrent_InvalidStateError[1] = {
    {.name = "InvalidStateError",
     .base = cede_InvalidStateError,
     .size = CEDE_IMPL_EXCEPTION_SIZE,
     .flags = CEDE_IMPL_EXCEPTION_FLAGS}};

/* A done callback of a user's. */
typedef struct cede__done_call {
    struct cede__done_call *next;
    cede_concurrent_done_callback callback;
    void *argument;
} done_call;

/* --- its life --- */

/* The future whose lock this thread has while it gives its reference up: see
   drop_locked. */
static __thread cede_concurrent_future *dropping;

static void free_calls(done_call *calls)
{
    while (calls) {
        done_call *next = calls->next;

        cede__free(calls);
        calls = next;
    }
}

static void destroy(void *self)
{
    cede_concurrent_future *future = self;

    if (!future->usable)
        return;
    /* Another thread may have given its reference up under the lock, and be on
       its way out of there. */
    if (dropping == future)
        dropping = NULL;
    else
        pthread_mutex_lock(&future->lock);
    pthread_mutex_unlock(&future->lock);
    pthread_cond_destroy(&future->ended);
    pthread_mutex_destroy(&future->lock);
    free_calls(future->callbacks);
    cede_value_unref(future->value);
    cede_unref(future->exception);
}

/* Gives a reference up and unlocks. If it was not the last one, the thread that
   has the last one waits in `destroy` until this one has unlocked. */
static void drop_locked(cede_concurrent_future *future)
{
    dropping = future;
    cede_unref(future);
    if (!dropping)
        return;
    dropping = NULL;
    pthread_mutex_unlock(&future->lock);
}

static cede_value repr(void *self)
{
    char text[160];

    cede__concurrent_future_describe(self, text, sizeof text);
    return cede_str_copy(text);
}

static const cede_object_methods object_methods = {.repr = repr};

const cede_class cede__concurrent_future_class[1] = {
    {.name = "Future",
     .size = sizeof(cede_concurrent_future),
     .flags = CEDE_CLASS_SHARED,
     .destroy = destroy,
     .object = &object_methods}};

cede_concurrent_future *cede_concurrent_future_new(void)
{
    cede_concurrent_future *future =
        cede_object_new(cede__concurrent_future_class);
    int rc = cede__sys_condition_init(&future->ended);

    future->usable = rc == 0;
    if (!future->usable) {
        cede_unref(future);
        cede_raise_errno(-rc, "making a future");
    }
    pthread_mutex_init(&future->lock, NULL);
    cede__list_init(&future->listeners);
    future->last = &future->callbacks;
    return future;
}

void cede__concurrent_future_check(const void *object)
{
    if (object)
        cede_check_alive(object);
    if (!cede_isinstance(object, cede__concurrent_future_class))
        cede_raise(cede_TypeError, "a concurrent future is required, not '%s'",
                   object ? cede_class_of(object)->name : "NULL");
}

/* --- being done --- */

static bool is_done(uint8_t state)
{
    return state >= CEDE__CANCELLED;
}

static uint8_t lock(cede_concurrent_future *future)
{
    pthread_mutex_lock(&future->lock);
    return future->state;
}

static void unlock(cede_concurrent_future *future)
{
    pthread_mutex_unlock(&future->lock);
}

static uint8_t state_of(const cede_concurrent_future *future)
{
    cede_concurrent_future *locked = (cede_concurrent_future *)future;
    uint8_t state;

    cede_check_alive(future);
    state = lock(locked);
    unlock(locked);
    return state;
}

/* Under the lock. */
static void tell(cede_concurrent_future *future)
{
    cede__list_each(link, &future->listeners) {
        cede__listener *listener = cede__list_entry(link, cede__listener, link);

        if (!listener->at_done && !cede__is_notified(future->state))
            continue;
        cede__list_remove(link);
        listener->told(listener, future);
    }
}

/* Under the lock: the callbacks are the caller's to call. */
static done_call *enter_state(cede_concurrent_future *future, uint8_t state)
{
    done_call *calls = future->callbacks;

    future->state = state;
    future->callbacks = NULL;
    future->last = &future->callbacks;
    if (future->sleepers > 0)
        pthread_cond_broadcast(&future->ended);
    tell(future);
    return calls;
}

struct calling {
    done_call *call;
    cede_concurrent_future *future;
};

static cede_value call_back(void *self)
{
    const struct calling *calling = self;

    calling->call->callback(calling->future, calling->call->argument);
    return cede_none;
}

static void report(cede_concurrent_future *future, cede_exception *error)
{
    char future_text[160], text[200];

    cede__concurrent_future_describe(future, future_text, sizeof future_text);
    snprintf(text, sizeof text, "calling callback for %s", future_text);
    cede_write_unraisable(error, text);
    cede_unref(error);
}

static void call_all(cede_concurrent_future *future, done_call *calls)
{
    for (const done_call *call = calls; call; call = call->next) {
        struct calling calling = {(done_call *)call, future};
        cede_exception *error = cede_catch(call_back, &calling, NULL);

        if (error)
            report(future, error);
    }
    free_calls(calls);
}

void cede__concurrent_future_complete(cede_concurrent_future *future,
                                      cede_value value,
                                      cede_exception *exception)
{
    done_call *calls;

    if (value.owned)
        cede_share(value.as.object);
    lock(future);
    future->value = value;
    future->exception = exception;
    calls = enter_state(future, CEDE__FINISHED);
    if (!calls) {
        drop_locked(future);
        return;
    }
    unlock(future);
    call_all(future, calls);
    cede_unref(future);
}

/* --- asking --- */

bool cede_concurrent_future_cancelled(const cede_concurrent_future *future)
{
    uint8_t state = state_of(future);

    return state == CEDE__CANCELLED || state == CEDE__CANCELLED_AND_NOTIFIED;
}

bool cede_concurrent_future_running(const cede_concurrent_future *future)
{
    return state_of(future) == CEDE__RUNNING;
}

bool cede_concurrent_future_done(const cede_concurrent_future *future)
{
    return is_done(state_of(future));
}

void cede__concurrent_future_describe(cede_concurrent_future *future,
                                      char *text, size_t size)
{
    static const char *const states[] = {"pending", "running", "cancelled",
                                         "cancelled", "finished"};
    uint8_t state = state_of(future);
    int length = snprintf(text, size, "<Future at %p state=%s",
                          (void *)future, states[state]);
    char *rest = text + length;
    size_t left = size - (size_t)length;

    if (state != CEDE__FINISHED)
        snprintf(rest, left, ">");
    else if (future->exception)
        snprintf(rest, left, " raised %s>",
                 cede_exception_name(future->exception));
    else
        snprintf(rest, left, " returned %s>", cede_type_name(future->value));
}

int64_t cede__work_deadline(double timeout)
{
    enum { SECOND = 1000000000 };
    int64_t now = cede__sys_monotonic();

    if (isnan(timeout))
        cede_raise(cede_ValueError, "Invalid timeout: NaN (not a number)");
    if (timeout <= 0)
        return now;
    if (timeout >= (double)(INT64_MAX - now) / SECOND)
        return INT64_MAX;
    return now + (int64_t)(timeout * SECOND);
}

/* Its work needs the loop that this thread runs. */
static void refuse_own_loop(const cede_concurrent_future *future,
                            double timeout)
{
    if (timeout > 0 && future->loop && cede_running_loop() == future->loop &&
        !is_done(state_of(future)))
        cede_raise(cede_RuntimeError,
                   "waiting here would stop the loop that has to run what is "
                   "waited for: await it with "
                   "cede_await(cede_wrap_future(future))");
}

/* Waits until it is done and returns the state, or raises. */
static uint8_t wait_until_done(cede_concurrent_future *future, double timeout)
{
    int64_t deadline;
    uint8_t state;
    int rc = 0;

    cede__concurrent_future_check(future);
    deadline = cede__work_deadline(timeout);
    refuse_own_loop(future, timeout);
    lock(future);
    while (!is_done(future->state) && rc == 0) {
        future->sleepers++;
        rc = cede__sys_condition_wait(&future->ended, &future->lock, deadline);
        future->sleepers--;
    }
    state = future->state;
    unlock(future);
    if (!is_done(state))
        cede_raise(cede_TimeoutError);
    if (state != CEDE__FINISHED)
        cede_raise(cede_concurrent_CancelledError);
    return state;
}

cede_value cede_impl_concurrent_future_result(cede_concurrent_future *future,
                                              double timeout)
{
    wait_until_done(future, timeout);
    if (future->exception)
        cede_raise(future->exception);
    return cede_value_ref(future->value);
}

cede_exception *
cede_impl_concurrent_future_exception(cede_concurrent_future *future,
                                      double timeout)
{
    wait_until_done(future, timeout);
    return future->exception;
}

/* --- changing --- */

bool cede_concurrent_future_cancel(cede_concurrent_future *future)
{
    done_call *calls = NULL;
    uint8_t state;

    cede__concurrent_future_check(future);
    state = lock(future);
    if (state == CEDE__PENDING)
        calls = enter_state(future, CEDE__CANCELLED);
    unlock(future);
    call_all(future, calls);
    return state != CEDE__RUNNING && state != CEDE__FINISHED;
}

bool cede_concurrent_future_set_running_or_notify_cancel(
    cede_concurrent_future *future)
{
    uint8_t state;

    cede__concurrent_future_check(future);
    state = lock(future);
    if (state == CEDE__PENDING) {
        future->state = CEDE__RUNNING;
    } else if (state == CEDE__CANCELLED) {
        future->state = CEDE__CANCELLED_AND_NOTIFIED;
        tell(future);
    }
    unlock(future);
    if (state != CEDE__PENDING && state != CEDE__CANCELLED)
        cede_raise(cede_RuntimeError, "Future in unexpected state");
    return state == CEDE__PENDING;
}

static cede_value begin(void *future)
{
    return cede_bool(
        cede_concurrent_future_set_running_or_notify_cancel(future));
}

bool cede__concurrent_future_begin(cede_concurrent_future *future)
{
    cede_value begun = cede_bool(false);

    cede_unref(cede_catch(begin, future, &begun));
    return cede_value_bool(begun);
}

void cede__concurrent_future_end_cancelled(cede_concurrent_future *future)
{
    cede_concurrent_future_cancel(future);
    cede__concurrent_future_begin(future);
    cede_unref(future);
}

static void refuse_done(cede_concurrent_future *future, uint8_t state)
{
    static const char *const names[] = {"PENDING", "RUNNING", "CANCELLED",
                                        "CANCELLED_AND_NOTIFIED", "FINISHED"};
    char text[160];

    if (!is_done(state))
        return;
    cede__concurrent_future_describe(future, text, sizeof text);
    cede_raise(cede_concurrent_InvalidStateError, "%s: %s", names[state], text);
}

/* Of a future that is not done; takes both references. */
static void finish(cede_concurrent_future *future, cede_value value,
                   cede_exception *exception)
{
    uint8_t state = lock(future);
    done_call *calls = NULL;

    if (!is_done(state)) {
        future->value = value;
        future->exception = exception;
        calls = enter_state(future, CEDE__FINISHED);
    }
    unlock(future);
    call_all(future, calls);
    if (!is_done(state))
        return;
    cede_value_unref(value);
    cede_unref(exception);
    refuse_done(future, state);
}

static void give_up_value(void *value)
{
    cede_value_clear(value);
}

void cede_impl_concurrent_future_set_result(cede_concurrent_future *future,
                                            cede_value value)
{
    cede_value held = value;
    cede_defer (give_up_value, &held);

    cede__concurrent_future_check(future);
    held = cede_none;
    if (value.owned)
        cede_share(value.as.object);
    finish(future, value, NULL);
}

void cede_concurrent_future_set_exception(cede_concurrent_future *future,
                                          cede_exception *exception)
{
    cede__concurrent_future_check(future);
    if (!cede_isinstance(exception, cede_BaseException))
        cede_raise(cede_TypeError, "set_exception needs an exception");
    finish(future, cede_none, cede_ref(exception));
}

/* --- who wants to know --- */

void cede_concurrent_future_add_done_callback(
    cede_concurrent_future *future, cede_concurrent_done_callback callback,
    void *argument)
{
    done_call *call;
    bool done;

    cede__concurrent_future_check(future);
    if (!callback)
        cede_raise(cede_TypeError, "a callback was expected, got NULL");
    call = cede__malloc(sizeof *call);
    if (!call)
        cede_raise(cede_MemoryError);
    *call = (done_call){.callback = callback, .argument = argument};
    done = is_done(lock(future));
    if (!done) {
        *future->last = call;
        future->last = &call->next;
    }
    unlock(future);
    if (done)
        call_all(future, call);
}

void cede__concurrent_future_listen(cede_concurrent_future *future,
                                    cede__listener *listener)
{
    uint8_t state = lock(future);

    cede__list_init(&listener->link);
    if (cede__is_notified(state) || (listener->at_done && is_done(state)))
        listener->told(listener, future);
    else
        cede__list_push_back(&future->listeners, &listener->link);
    unlock(future);
}

void cede__concurrent_future_unlisten(cede_concurrent_future *future,
                                      cede__listener *listener)
{
    lock(future);
    cede__list_remove(&listener->link);
    unlock(future);
}
