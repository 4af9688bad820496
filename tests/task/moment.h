/*
 * moment.h - one wait, and what cancels it at which moment
 *
 * A moment is a string of events, one letter each. Those that are the same for
 * every wait are here: c, the task is cancelled; s, the scope around its wait;
 * t, its time is over.
 */
#pragma once

#include "harness/harness.h"

#include "cede/cancel_scope.h"
#include "cede/task.h"
#include "cede/timeout.h"

#include <math.h>
#include <string.h>

enum outcome { WAITS, DONE, CANCELLED };

/* What a task waits under, and what came of it. */
struct waiter {
    cede_cancel_scope *scope; /* NULL: left, as the timeout */
    cede_timeout *timeout;
    enum outcome outcome;
};

static void leave_scopes(struct waiter *waiter)
{
    waiter->scope = NULL;
    waiter->timeout = NULL;
}

/* Inside the task: waits by `wait`. Its cancellation goes on; that of its scope
   and the end of its time do not. */
static void wait_in_scopes(struct waiter *waiter, cede_function wait,
                           void *argument)
{
    cede_cancel_scope (scope) {
        cede_timeout (timeout, INFINITY) {
            cede_defer (leave_scopes, waiter);
            waiter->scope = scope;
            waiter->timeout = timeout;
            cede_try {
                wait(argument);
                waiter->outcome = DONE;
            } cede_except (cede_CancelledError, e) {
                waiter->outcome = CANCELLED;
                cede_reraise();
            } cede_end
        } cede_end
    } cede_except (cede_TimeoutError, e) {
    } cede_end
}

/* False: it is another event. */
static bool cancelled_by(char event, const struct waiter *waiter,
                         cede_task *task)
{
    if (event == 'c')
        cede_task_cancel(task, NULL);
    else if (event == 's' && waiter->scope)
        cede_cancel_scope_cancel(waiter->scope);
    else if (event == 't' && waiter->timeout)
        cede_timeout_reschedule(waiter->timeout, -1);
    return strchr("cst", event) != NULL;
}

struct moment {
    const char *events;
    bool keeps; /* what it was woken for is its own (Z08) */
};

/* What comes of a wait that ends as `woken` when only its scope is cancelled
   after it was woken. */
static enum outcome expected_at(const struct moment *moment,
                                enum outcome woken)
{
    return moment->keeps ? woken : CANCELLED;
}
