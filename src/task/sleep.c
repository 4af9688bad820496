/*
 * Sleeping, and parking until a time: a timer that lies in the task. Rule T23.
 *
 * When the timer fires it does not run the task but has the loop do so one
 * iteration later, after the callbacks that were due at the same time: that
 * is when asyncio's sleep comes back, because there a future stands between.
 * A cancel that comes in between ends that future at once, so the task then
 * goes on before those whose time was over before its own (T19).
 */
#include "task/task.h"

#include "flow/flow.h"

#include <math.h>

static cede_task *task_of(cede__timer *timer)
{
    return (cede_task *)((char *)timer - offsetof(cede_task, timer));
}

static void wake(cede__job *job)
{
    cede_task *task = (cede_task *)((char *)job - offsetof(cede_task, job));

    job->run = cede__task_step;
    if (task->undone)
        return; /* overtaken */
    task->scheduled = false;
    cede_unpark(task);
}

/* The job that is overtaken is still in the queue if a run was interrupted and
   lots are drawn: the task must not go on before. */
static void wake_cancelled(cede__job *job)
{
    cede_task *task =
        (cede_task *)((char *)job - offsetof(cede_task, overtaking));

    if (task->job.run == wake)
        cede__loop_post(task->future.loop, job);
    else
        cede__task_step(&task->job);
}

bool cede__is_sleep_job(const cede__job *job)
{
    return job->run == wake || job->run == wake_cancelled;
}

void cede__task_overtake(cede_task *task)
{
    if (!task->scheduled || task->undone || task->committed ||
        task->job.run != wake)
        return;
    task->undone = true;
    task->overtaking.run = wake_cancelled;
    cede__loop_post(task->future.loop, &task->overtaking);
}

static void fire(cede__timer *timer)
{
    cede_task *task = task_of(timer);

    task->job.run = wake;
    cede__task_schedule(task);
}

static bool abort_sleep(cede_task *task, void *argument)
{
    (void)argument;
    cede__loop_timer_stop(task->future.loop, &task->timer);
    return true;
}

static void stop_timer(void *self)
{
    cede_task *task = self;

    cede__loop_timer_stop(task->future.loop, &task->timer);
}

/* A cede_unpark from elsewhere does not end it. */
static void sleep_on(cede_task *task)
{
    cede_defer (stop_timer, task);

    do
        cede_park("sleep", abort_sleep, NULL);
    while (cede__timer_started(&task->timer));
}

void cede_sleep(double seconds)
{
    cede_task *task = cede__task_to_suspend();
    cede_loop *loop = task->future.loop;

    if (isnan(seconds))
        cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
    if (seconds <= 0) {
        cede__task_yield(task, "sleep(0)");
        return;
    }
    task->timer.fire = fire;
    cede_check(cede__loop_timer_start(
        loop, &task->timer,
        cede__deadline(cede__loop_now(loop), cede__nanoseconds(seconds))));
    sleep_on(task);
}

/* --- a park that ends at a time --- */

/* The same hop, so that who parks and who sleeps come back in the order of
   their timers. */
static void fire_late(cede__timer *timer)
{
    cede_task *task = task_of(timer);

    if (task->scheduled)
        return; /* something else came first */
    task->late = true;
    fire(timer);
}

bool cede_park_until(double when, const char *reason, cede_abort_function abort,
                     void *argument)
{
    cede_task *task = cede__task_to_suspend();
    int64_t deadline;

    if (isnan(when))
        cede_raise(cede_ValueError, "Invalid time: NaN (not a number)");
    deadline = cede__nanoseconds(when);
    task->late = false;
    task->timer.fire = fire_late;
    if (deadline != CEDE__NEVER)
        cede_check(
            cede__loop_timer_start(task->future.loop, &task->timer, deadline));
    {
        cede_defer (stop_timer, task);

        cede_park(reason, abort, argument);
    }
    return !task->late;
}
