/*
 * wait_for: one thing, with a limit of time. asyncio.wait_for as of 3.12:
 * an await inside a timeout. Rules W10-W13, W23; D09.
 *
 * It must not know how a timeout tells its own CancelledError from others.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "value/exception.h"

#include "cede/timeout.h"
#include "cede/wait.h"

/* Takes the reference. */
static cede_value await_within(void *awaitable, double timeout)
{
    cede_defer (cede_unref, awaitable);
    cede_value value = cede_none;
    cede_keep(value);

    cede_timeout (deadline, timeout) {
        value = cede_await(cede_ref(awaitable));
    } cede_end
    return value;
}

/* Asks a future to stop, and waits until it has. What takes its time now is a
   clean-up: a scope that is being left waits for it too, and raises behind. */
static void cancel_and_wait(cede_future *future)
{
    void *const row[] = {future};

    cede__future_cancel(future, NULL);
    {
        cede_shield_begin();
        cede_defer (cede_shield_end, NULL);

        cede_wait(row, 1, INFINITY, CEDE_ALL_COMPLETED);
    }
    cede__checkpoint();
}

/* Of a future that was cancelled here and is done. */
static cede_value outcome_in_time(cede_future *future)
{
    cede_try {
        return cede__future_outcome(future, NULL);
    } cede_except (cede_CancelledError, e) {
        cede__raise_timeout(e);
    } cede_end
    return cede_none; /* not reached */
}

/* Takes the reference. No time is left: a coroutine never begins (W12). */
static cede_value await_at_once(void *awaitable)
{
    cede_future *future = cede_ensure_future(awaitable);
    cede_defer (cede_unref, future);

    if (future->state != CEDE__FUTURE_PENDING)
        return cede__future_outcome(future, NULL);
    cancel_and_wait(future);
    return outcome_in_time(future);
}

cede_value cede_wait_for(void *awaitable, double timeout)
{
    return timeout <= 0 ? await_at_once(awaitable)
                        : await_within(awaitable, timeout);
}
