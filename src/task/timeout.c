/*
 * timeout: a context manager that cancels its task when the time is over and
 * tells its own CancelledError from others. asyncio.timeout, rules W17-W22,
 * W27, W28.
 *
 * Invariants: the timer, and the job it posts, lie in this object, which is on
 * the heap: the timer store and the queue must not know a task's stack. While
 * the job is queued it owns a reference.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "value/exception.h"

#include "cede/group.h"
#include "cede/print.h"
#include "cede/timeout.h"

#include <math.h>

enum state { CREATED, ENTERED, EXPIRING, EXPIRED, EXITED };

struct cede_timeout {
    cede_object head;
    uint8_t state;
    bool queued; /* the job is in the loop's queue */
    bool armed;  /* the job, when it runs, expires this */
    unsigned cancelling; /* of the task when the block was entered */
    int64_t when;        /* CEDE__NEVER */
    cede_task *task;     /* a reference while entered */
    cede__yield_ban ban;
    cede__timer timer;
    cede__job job;
};

static void expire(cede__job *job)
{
    cede_timeout *timeout =
        (cede_timeout *)((char *)job - offsetof(cede_timeout, job));

    timeout->queued = false;
    if (timeout->armed) {
        timeout->armed = false;
        timeout->state = EXPIRING;
        cede__task_request_cancel(timeout->task, NULL);
    }
    cede_unref(timeout);
}

bool cede__timeout_drop(cede__job *job)
{
    if (job->run != expire)
        return false;
    cede_unref((cede_timeout *)((char *)job - offsetof(cede_timeout, job)));
    return true;
}

static void post(cede_timeout *timeout)
{
    cede_loop *loop = timeout->task->future.loop;

    timeout->armed = true;
    if (timeout->queued) { /* for a deadline before: its turn is not ours */
        cede__loop_post_again(loop, &timeout->job);
        return;
    }
    timeout->queued = true;
    cede_ref(timeout);
    cede__loop_post(loop, &timeout->job);
}

static void fire(cede__timer *timer)
{
    post((cede_timeout *)((char *)timer - offsetof(cede_timeout, timer)));
}

static void disarm(cede_timeout *timeout)
{
    timeout->armed = false;
    cede__loop_timer_stop(timeout->task->future.loop, &timeout->timer);
}

static void schedule(cede_timeout *timeout, int64_t when)
{
    cede_loop *loop = timeout->task->future.loop;

    disarm(timeout);
    timeout->when = when;
    if (when == CEDE__NEVER)
        return;
    if (when <= cede__loop_now(loop))
        post(timeout);
    else
        cede_check(cede__loop_timer_start(loop, &timeout->timer, when));
}

static void enter(void *self)
{
    cede_timeout *timeout = self;
    cede_task *task;

    cede__task_settle();
    task = cede_current_task();
    if (timeout->state != CREATED)
        cede_raise(cede_RuntimeError, "Timeout has already been entered");
    if (!task)
        cede_raise(cede_RuntimeError,
                   "Timeout should be used inside a task");
    if (timeout->task != task) { /* it was here before, without memory */
        cede_unref(timeout->task);
        timeout->task = cede_ref(task);
    }
    timeout->cancelling = task->cancel_requests;
    schedule(timeout, timeout->when);
    timeout->state = ENTERED;
    cede__yield_ban_begin(&timeout->ban);
}

void cede__raise_timeout(cede_exception *cancelled)
{
    cede_exception *error = cede__exception_make(cede_TimeoutError, NULL);

    cede_exception_set_cause(error, cancelled);
    cede__raise(error, NULL);
}

/* Another exception passes: where our CancelledError stands in its context, or
   in that of a group's member, a TimeoutError is put before it (D10, 3.13). */
static void insert_timeout(cede_exception *exception)
{
    cede_exception *context, *error;

    while ((context = cede_exception_context(exception)) &&
           !cede_exception_is(context, cede_CancelledError))
        exception = context;
    if (!context)
        return;
    error = cede__exception_make(cede_TimeoutError, NULL);
    cede_exception_set_cause(error, context);
    cede__exception_set_context(error, context);
    cede__exception_set_context(exception, error);
    cede_unref(error);
}

static void insert_timeouts(cede_exception *exception)
{
    cede_exception *const *members;
    size_t count, i;

    insert_timeout(exception);
    if (!cede_exception_is(exception, cede_ExceptionGroup))
        return;
    members = cede_exception_group_exceptions(exception, &count);
    for (i = 0; i < count; i++)
        insert_timeout(members[i]);
}

static bool leave(void *self, cede_exception *exception)
{
    cede_timeout *timeout = self;
    cede_task *task = timeout->task;

    cede__yield_ban_end(&timeout->ban);
    disarm(timeout);
    if (timeout->state != EXPIRING) {
        timeout->state = EXITED;
        return false;
    }
    timeout->state = EXPIRED;
    /* Another cancel than ours is pending: that one wins (W18, W19). */
    if (cede_task_uncancel(task) > timeout->cancelling || !exception)
        return false;
    if (cede__cancelled_by_scope(exception)) /* of a scope around this one */
        return false;
    if (cede_exception_is(exception, cede_CancelledError))
        cede__raise_timeout(exception);
    insert_timeouts(exception);
    return false;
}

static void destroy(void *self)
{
    cede_timeout *timeout = self;

    if (timeout->task)
        disarm(timeout);
    cede_unref(timeout->task);
}

static const char *const state_names[] = {"created", "active", "expiring",
                                          "expired", "finished"};

static cede_value repr(void *self)
{
    const cede_timeout *timeout = self;
    cede_value when;

    if (timeout->state != ENTERED)
        return cede_str_format("<Timeout [%s]>", state_names[timeout->state]);
    if (timeout->when == CEDE__NEVER)
        return cede_str("<Timeout [active] when=None>");
    /* To milliseconds, and without libm, which programs need not link. */
    when = cede_float((double)((timeout->when + 500000) / 1000000) / 1000);
    return cede_str_join("", "<Timeout [active] when=", when, ">");
}

static const cede_manager_methods manager = {.enter = enter, .exit = leave};
static const cede_object_methods look = {.repr = repr};

static const cede_class timeout_class[1] = {{.name = "Timeout",
                                             .size = sizeof(cede_timeout),
                                             .destroy = destroy,
                                             .manager = &manager,
                                             .object = &look}};

static int64_t nanoseconds(double seconds)
{
    if (isnan(seconds))
        cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
    return isinf(seconds) && seconds > 0 ? CEDE__NEVER
                                         : cede__nanoseconds(seconds);
}

static cede_timeout *make(int64_t when)
{
    cede_timeout *timeout = cede_object_new(timeout_class);

    timeout->when = when;
    timeout->timer.fire = fire;
    timeout->job.run = expire;
    return timeout;
}

static cede_loop *loop_of_current(void)
{
    cede_task *task = cede_current_task();

    if (!task)
        cede_raise(cede_RuntimeError,
                   "Timeout should be used inside a task");
    return task->future.loop;
}

cede_timeout *cede_timeout_new(double seconds)
{
    int64_t delay = nanoseconds(seconds);
    int64_t now = cede__loop_now(loop_of_current());

    return make(delay == CEDE__NEVER ? delay : cede__deadline(now, delay));
}

cede_timeout *cede_timeout_new_at(double when)
{
    int64_t deadline = nanoseconds(when);

    loop_of_current();
    return make(deadline);
}

double cede_timeout_when(const cede_timeout *timeout)
{
    cede_check_alive(timeout);
    return timeout->when == CEDE__NEVER ? INFINITY
                                        : cede__seconds(timeout->when);
}

void cede_timeout_reschedule(cede_timeout *timeout, double when)
{
    cede_check_alive(timeout);
    if (timeout->state == CREATED)
        cede_raise(cede_RuntimeError, "Timeout has not been entered");
    if (timeout->state != ENTERED)
        cede_raise(cede_RuntimeError, "Cannot change state of %s Timeout",
                   state_names[timeout->state]);
    schedule(timeout, nanoseconds(when));
}

bool cede_timeout_expired(const cede_timeout *timeout)
{
    cede_check_alive(timeout);
    return timeout->state == EXPIRING || timeout->state == EXPIRED;
}
