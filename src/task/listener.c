/*
 * Listeners: see task/listener.h.
 */
#include "task/listener.h"

#include "value/object.h"

#include <math.h>

static void run(cede__job *job)
{
    cede__listener *listener = cede__list_entry(job, cede__listener, job);
    void *owner = listener->owner;

    listener->heard(listener);
    cede_unref(owner);
}

void cede__listener_init(cede__listener *listener, void *owner,
                         void (*heard)(cede__listener *))
{
    *listener = (cede__listener){
        .job = {.run = run}, .owner = owner, .heard = heard};
    cede__list_init(&listener->completion.link);
}

static void post(cede__listener *listener, cede_loop *loop)
{
    cede_ref(listener->owner);
    cede__loop_post(loop, &listener->job);
}

void cede__listener_start(cede__listener *listener, cede_future *future)
{
    if (future->state != CEDE__FUTURE_PENDING) {
        post(listener, future->loop);
        return;
    }
    cede__future_subscribe(future, &listener->completion, &listener->job);
    if (listener->owner != future && cede__is_future(listener->owner))
        listener->completion.waiter = listener->owner;
}

void cede__listener_stop(cede__listener *listener)
{
    cede__future_unsubscribe(&listener->completion);
}

void cede__listener_told(cede__job *job)
{
    if (job->run == run)
        cede_ref(cede__list_entry(job, cede__listener, job)->owner);
}

bool cede__listener_drop(cede__job *job)
{
    if (job->run != run)
        return false;
    cede_unref(cede__list_entry(job, cede__listener, job)->owner);
    return true;
}

/* --- alarms --- */

static void fire(cede__timer *timer)
{
    cede__alarm *alarm = cede__list_entry(timer, cede__alarm, timer);

    post(&alarm->listener, alarm->loop);
}

void cede__alarm_init(cede__alarm *alarm, cede_loop *loop, void *owner,
                      void (*heard)(cede__listener *))
{
    cede__listener_init(&alarm->listener, owner, heard);
    alarm->timer = (cede__timer){.fire = fire};
    alarm->loop = loop;
}

void cede__alarm_start(cede__alarm *alarm, double seconds)
{
    int64_t delay;

    if (isnan(seconds))
        cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
    if (isinf(seconds) && seconds > 0)
        return;
    delay = cede__nanoseconds(seconds);
    cede_check(cede__loop_timer_start(
        alarm->loop, &alarm->timer,
        cede__deadline(cede__loop_now(alarm->loop), delay)));
}

void cede__alarm_stop(cede__alarm *alarm)
{
    cede__loop_timer_stop(alarm->loop, &alarm->timer);
}
