/*
 * desk.c - the default executor and limiter of a loop (see desk.h)
 *
 * Semantics: asyncio.BaseEventLoop's _default_executor; rules L27, Z13.
 */
#include "work/desk.h"

#include "base/memory.h"
#include "cede/debug.h"
#include "cede/timeout.h"
#include "cede/traceback.h"
#include "work/work.h"

#include <math.h>
#include <stdio.h>

/* AnyIO's and Trio's number. */
enum { DEFAULT_TOKENS = 40 };

static const char desk_key[1];

/* --- its end --- */

static cede_value stop_taking(void *executor)
{
    cede_executor_shutdown(executor, false, false);
    return cede_none;
}

/* It finishes its work by itself. The executor may be a user's and raise. */
static void leave_alone(void *executor)
{
    cede_exception *error = cede_catch(stop_taking, executor, NULL);

    if (error)
        cede_write_unraisable(error, "shutting an executor down");
    cede_unref(error);
    cede_unref(executor);
}

/* The loop is being closed: nothing that the bonds still wait for will come. */
static void destroy(void *self)
{
    cede__desk *desk = self;

    cede__list_each(link, &desk->bonds) {
        cede__bond *bond = cede__list_entry(link, cede__bond, link);

        bond->expects_call = false;
        bond->expects_callback = false;
        cede__bond_drop(&bond);
    }
    if (desk->executor)
        leave_alone(desk->executor);
    cede_unref(desk->limiter);
}

static const cede_class desk_class[1] = {
    {.name = "desk", .size = sizeof(cede__desk), .destroy = destroy}};

/* --- shutting the default executor down --- */

static cede_value join(cede_value executor)
{
    cede_executor_shutdown(cede_value_object(executor), true, false);
    return cede_none;
}

/* Waiting blocks, so a thread does it. */
static cede_future *join_elsewhere(cede_loop *loop, cede_executor *helper,
                                   cede_executor *executor)
{
    cede__bond *bond = cede__bond_new(loop);
    cede_defer (cede__bond_drop, &bond);
    cede_future *target = bond->target;
    cede_concurrent_future *source = cede__work_submit(
        helper, cede__work_of_item(join, cede_object(cede_ref(executor))));
    cede__bond *connected = bond;

    bond = NULL;
    cede_ref(target);
    cede__bond_connect(connected, source);
    return target;
}

static void shut_down(cede_loop *loop, cede_executor *executor, double timeout)
{
    const cede_thread_pool_options options = {
        .max_workers = 1, .thread_name_prefix = "asyncio-shutdown"};
    cede_executor *helper = cede_thread_pool_executor_with(&options);
    cede_defer (cede_unref, helper);
    cede_future *joined = join_elsewhere(loop, helper, executor);
    cede_defer (cede_unref, joined);

    cede_timeout (deadline, timeout) {
        cede_await(cede_ref(joined));
        cede_executor_shutdown(helper, true, false);
    } cede_except (cede_TimeoutError) {
        if (!cede_timeout_expired(deadline))
            cede_reraise();
        fprintf(stderr,
                "RuntimeWarning: The executor did not finishing joining its "
                "threads within %g seconds.\n",
                timeout);
    } cede_end
}

void cede_loop_shutdown_default_executor(cede_loop *loop, double timeout)
{
    cede__desk *desk;
    cede_executor *executor;

    if (!loop)
        loop = cede_get_running_loop();
    desk = cede__desk_of(loop);
    executor = desk->executor;
    desk->executor = NULL;
    desk->shut_down = true;
    if (!executor)
        return;
    cede_defer (leave_alone, executor);
    shut_down(loop, executor, timeout);
}

struct ending {
    cede_loop *loop;
    double timeout;
};

static cede_value end_executor(void *argument)
{
    const struct ending *ending = argument;

    cede_loop_shutdown_default_executor(ending->loop, ending->timeout);
    return cede_none;
}

/* cede_run is at its end. */
static void end_desk(cede_loop *loop, void *self, double timeout)
{
    cede__desk *desk = self;
    struct ending ending = {loop, timeout};

    desk->shut_down = true;
    if (desk->executor)
        cede_loop_run_until_complete(
            loop, cede_loop_create_task(loop, end_executor, &ending));
}

/* --- asking --- */

cede__desk *cede__desk_of(cede_loop *loop)
{
    cede__desk *desk = cede_loop_attached(loop, desk_key);

    if (desk)
        return desk;
    desk = cede_object_new(desk_class);
    cede__list_init(&desk->bonds);
    cede_loop_attach(loop, desk_key, desk, end_desk);
    return desk;
}

cede_executor *cede__desk_executor(cede__desk *desk)
{
    const cede_thread_pool_options options = {.thread_name_prefix = "asyncio"};

    if (desk->shut_down)
        cede_raise(cede_RuntimeError, "Executor shutdown has been called");
    if (!desk->executor)
        desk->executor = cede_thread_pool_executor_with(&options);
    return desk->executor;
}

cede_capacity_limiter *cede__desk_limiter(cede__desk *desk)
{
    if (!desk->limiter)
        desk->limiter = cede_capacity_limiter_new(DEFAULT_TOKENS);
    return desk->limiter;
}

cede_capacity_limiter *cede_default_thread_limiter(void)
{
    return cede__desk_limiter(cede__desk_of(cede_get_running_loop()));
}

void cede_loop_set_default_executor(cede_loop *loop, cede_executor *executor)
{
    cede__desk *desk;
    cede_executor *before;

    cede__executor_check(executor);
    desk = cede__desk_of(loop ? loop : cede_get_running_loop());
    before = desk->executor;
    desk->executor = cede_ref(executor);
    cede_unref(before);
}
