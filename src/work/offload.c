/*
 * offload.c - blocking functions for a loop: run_in_executor, to_thread
 *
 * It knows executors and bonds; a task waits for a bond's target as for any
 * future, so cancelling it, by a task's cancel or a scope, is cancelling that.
 * Semantics: asyncio.loop.run_in_executor, asyncio.to_thread; for the limiter
 * anyio.to_thread.run_sync. Rules H05, H10, H11, C05, Z13.
 */
#include "work/desk.h"

#include "cede/debug.h"
#include "cede/iterator.h"
#include "work/share.h"
#include "work/work.h"

/* Hands the work to the executor and ties its future to the bond's target,
   which is returned with a reference of the caller's. */
static cede_future *start(cede__bond **bond, cede_executor *executor,
                          cede_work *work)
{
    cede_concurrent_future *source = cede__work_submit(executor, work);
    cede_future *target = cede_ref((*bond)->target);
    cede__bond *connected = *bond;

    *bond = NULL;
    cede__bond_connect(connected, source);
    return target;
}

cede_future *cede_impl_run_in_executor(cede_loop *loop, cede_executor *executor,
                                       cede_function function, void *argument,
                                       const void *copy, size_t size)
{
    cede__bond *bond;

    if (!loop)
        loop = cede_get_running_loop();
    bond = cede__bond_new(loop);
    cede_defer (cede__bond_drop, &bond);
    if (!executor)
        executor = cede__desk_executor(cede__desk_of(loop));
    return start(&bond, executor,
                 cede__work_new(function, argument, copy, size, NULL));
}

/* In a copy of this task's context. */
static cede_work *work_in_context(cede_function function, void *argument,
                                  const void *copy, size_t size)
{
    cede_context *context = cede_copy_context();
    cede_defer (cede_unref, context);

    cede__share_context(context);
    return cede__work_new(function, argument, copy, size, context);
}

cede_value cede_impl_to_thread(cede_function function,
                               const cede_to_thread_options *options,
                               const void *copy, size_t size)
{
    cede_loop *loop = cede_get_running_loop();
    cede_capacity_limiter *limiter = options->limiter;
    cede_executor *executor;
    cede__bond *bond;

    cede_check_suspend();
    if (!limiter)
        limiter = cede_default_thread_limiter();
    bond = cede__bond_new(loop);
    cede_defer (cede__bond_drop, &bond);
    cede_capacity_limiter_acquire_on_behalf_of(limiter, bond);
    cede__bond_has_token(bond, limiter);
    executor = cede__desk_executor(cede__desk_of(loop));
    return cede_await(
        start(&bond, executor,
              work_in_context(function, options->argument, copy, size)));
}
