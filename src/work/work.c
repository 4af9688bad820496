/*
 * work.c - making, running and ending one submitted call (see work.h)
 *
 * What the call was made with is given up in the thread that ran it before its
 * future is done: whoever waits for that may take the rest down. Semantics:
 * CPython's Lib/concurrent/futures/thread.py, _WorkItem; rules H01, H09.
 */
#include "work/work.h"

#include <string.h>

#include "base/memory.h"
#include "cede/debug.h"
#include "work/concurrent_future.h"

static void free_work(cede_work *work)
{
    cede_value_unref(work->item);
    cede_unref(work->context);
    cede__free(work);
}

void cede__work_drop(void *self)
{
    cede_work *work = self;

    if (!work)
        return;
    cede_unref(work->future);
    free_work(work);
}

cede_work *cede__work_new(cede_function function, void *argument,
                          const void *copy, size_t size, cede_context *context)
{
    cede_concurrent_future *future;
    cede_work *work;

    if (cede_impl_is_null(function))
        cede_raise(cede_TypeError, "a function was expected, got NULL");
    future = cede_concurrent_future_new();
    work = cede__calloc(1, sizeof *work + size);
    if (!work) {
        cede_unref(future);
        cede_raise(cede_MemoryError);
    }
    cede__list_init(&work->link);
    work->future = future;
    work->function = function;
    work->argument = copy ? memcpy(work->copy, copy, size) : argument;
    work->context = cede_ref(context);
    return work;
}

static cede_value no_function(void *unused)
{
    (void)unused;
    return cede_none;
}

cede_work *cede__work_of_item(cede_value (*of_item)(cede_value),
                              cede_value item)
{
    cede_value held = item;
    cede_defer (cede_value_clear, &held);
    cede_work *work;

    if (!of_item)
        cede_raise(cede_TypeError, "a function was expected, got NULL");
    work = cede__work_new(no_function, NULL, NULL, 0, NULL);
    if (item.owned)
        cede_share(item.as.object);
    work->function = NULL;
    work->of_item = of_item;
    work->item = item;
    held = cede_none;
    return work;
}

/* --- its end --- */

static cede_value call(void *self)
{
    const cede_work *work = self;

    if (!work->function)
        return work->of_item(work->item);
    if (work->context)
        return cede_context_run(work->context, work->function, work->argument);
    return cede_impl_call_function(work->function, work->argument);
}

void cede_work_run(cede_work *work)
{
    cede_concurrent_future *future = work->future;
    cede_value value = cede_none;
    cede_exception *exception;

    if (!cede__concurrent_future_begin(future)) {
        cede__work_drop(work);
        return;
    }
    exception = cede_catch(call, work, &value);
    free_work(work);
    cede__concurrent_future_complete(future, value, exception);
}

void cede_work_cancel(cede_work *work)
{
    cede_concurrent_future *future = work->future;

    free_work(work);
    cede__concurrent_future_end_cancelled(future);
}

void cede__work_fail(cede_work *work, cede_exception *exception)
{
    cede_concurrent_future *future = work->future;

    if (!cede__concurrent_future_begin(future)) {
        cede_unref(exception);
        cede__work_drop(work);
        return;
    }
    free_work(work);
    cede__concurrent_future_complete(future, cede_none, exception);
}
