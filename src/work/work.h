/*
 * work.h - one call that has been submitted
 *
 * Knows: the function, what it is called with, the future that waits for it.
 * Does not know: in which thread it will be run.
 *
 * Invariant: a work is in one queue at most, and is ended once: by
 * cede_work_run, cede_work_cancel or cede__work_fail, which free it.
 */
#pragma once

#include "base/list.h"
#include "cede/context.h"
#include "cede/executor.h"

struct cede_work {
    cede__list link; /* of the executor's queue */
    cede_concurrent_future *future; /* a reference */
    cede_function function;         /* NULL: of_item */
    void *argument;
    cede_value (*of_item)(cede_value item);
    cede_value item;       /* owned, and shared */
    cede_context *context; /* owned; NULL: the thread's own */
    _Alignas(16) char copy[];
};

/* A work with a new future. Raises MemoryError. The context (may be NULL) is
   borrowed. */
cede_work *cede__work_new(cede_function function, void *argument,
                          const void *copy, size_t size, cede_context *context);

/* The same for an item, whose reference is taken, also on failure. */
cede_work *cede__work_of_item(cede_value (*of_item)(cede_value),
                              cede_value item);

/* Hands the work to the executor; returns its future, with a reference of the
   caller's. Raises what the executor raises, and then the work is given up. */
cede_concurrent_future *cede__work_submit(cede_executor *executor,
                                          cede_work *work) CEDE_IMPL_NEW;

/* Ends it without a call, with an exception, whose reference is taken. Never
   raises. */
void cede__work_fail(cede_work *work, cede_exception *exception);

/* Gives up one that was never submitted; NULL is allowed. */
void cede__work_drop(void *work);

/* Raises TypeError for what is no executor. */
void cede__executor_check(const void *object);
