/*
 * executor.c - what all executors have in common
 *
 * It knows the two functions of an executor's table; it must not know threads.
 * Semantics: concurrent.futures.Executor; rules H01, H08.
 */
#include "cede/executor.h"

#include "cede/debug.h"
#include "work/work.h"

const cede_class cede_BrokenExecutor[1] = {
    {.name = "BrokenExecutor",
     .base = cede_RuntimeError,
     .size = CEDE_IMPL_EXCEPTION_SIZE,
     .flags = CEDE_IMPL_EXCEPTION_FLAGS}};

const cede_class cede_BrokenThreadPool[1] = {
    {.name = "BrokenThreadPool",
     .base = cede_BrokenExecutor,
     .size = CEDE_IMPL_EXCEPTION_SIZE,
     .flags = CEDE_IMPL_EXCEPTION_FLAGS}};

void cede__executor_check(const void *object)
{
    const cede_executor *executor = object;

    if (object)
        cede_check_alive(object);
    if (!cede_isinstance(object, cede_Executor))
        cede_raise(cede_TypeError, "an executor is required, not '%s'",
                   object ? cede_class_of(object)->name : "NULL");
    if (!executor->methods)
        cede_raise(cede_TypeError, "'%s' executor has no methods: set them "
                                   "where you make it",
                   cede_class_of(object)->name);
}

cede_concurrent_future *cede__work_submit(cede_executor *executor,
                                          cede_work *work)
{
    cede_concurrent_future *future = cede_ref(work->future);

    cede_try {
        cede__executor_check(executor);
        executor->methods->submit(executor, work);
    } cede_except (cede_BaseException) {
        cede__work_drop(work);
        cede_unref(future);
        cede_reraise();
    } cede_end
    return future;
}

cede_concurrent_future *cede_impl_executor_submit(cede_executor *executor,
                                                  cede_function function,
                                                  void *argument,
                                                  const void *copy, size_t size)
{
    cede__executor_check(executor);
    return cede__work_submit(
        executor, cede__work_new(function, argument, copy, size, NULL));
}

void cede_executor_shutdown(cede_executor *executor, bool wait,
                            bool cancel_futures)
{
    cede__executor_check(executor);
    executor->methods->shutdown(executor, wait, cancel_futures);
}

static bool leave(void *self, cede_exception *exception)
{
    (void)exception;
    cede_executor_shutdown(self, true, false);
    return false;
}

const cede_manager_methods cede_executor_manager = {.exit = leave};

const cede_class cede_Executor[1] = {{.name = "Executor",
                                      .size = sizeof(cede_executor),
                                      .flags = CEDE_CLASS_SHARED,
                                      .manager = &cede_executor_manager}};
