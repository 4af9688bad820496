/*
 * world.h - what the tests of tasks have in common
 *
 * A scenario is a coroutine function that runs on the virtual clock and says
 * what it sees; `expect` compares. Whatever a scenario or a test holds stands
 * in a cede_auto or under a cede_defer, so that a call that fails for want of
 * memory leaves nothing behind.
 */
#pragma once

#include "harness/harness.h"
#include "task/trace.h"

#include "cede/gather.h"
#include "cede/generator.h"
#include "cede/run.h"

#define WORLD_UNUSED __attribute__((unused))

/* The loop's time, in seconds; a scenario begins at 0. */
WORLD_UNUSED static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

/* Lets everything that is ready run, so many times. */
WORLD_UNUSED static void turns(int count)
{
    while (count-- > 0)
        cede_sleep(0);
}

/* --- holding; for cede_auto, which hands over the variable's address --- */

WORLD_UNUSED static void drop(void *variable)
{
    cede_unref(*(void **)variable);
}

WORLD_UNUSED static void drop_value(void *variable)
{
    cede_value_unref(*(cede_value *)variable);
}

WORLD_UNUSED static void shut(void *variable)
{
    cede_loop *loop = *(cede_loop **)variable;

    if (!loop)
        return;
    cede_loop_close(loop);
    cede_unref(loop);
}

/* Some tasks (or futures) that are given up together. */
struct crew {
    void *member[16];
    size_t count;
};

/* For cede_defer. */
WORLD_UNUSED static void dismiss(void *self)
{
    struct crew *crew = self;

    while (crew->count > 0)
        cede_unref(crew->member[--crew->count]);
}

/* The crew takes the reference; returns its newest member. */
WORLD_UNUSED static void *join(struct crew *crew, void *member)
{
    return crew->member[crew->count++] = member;
}

/* Waits for every member by gather. */
WORLD_UNUSED static void gather_crew(struct crew *crew, cede_value *results,
                                     unsigned flags)
{
    size_t i;

    for (i = 0; i < crew->count; i++)
        cede_ref(crew->member[i]);
    cede_gather_array(results, crew->member, crew->count, flags);
}

/* Some results that are given up together. */
struct results {
    cede_value at[16];
};

/* For cede_defer. */
WORLD_UNUSED static void drop_results(void *self)
{
    struct results *results = self;
    size_t i;

    for (i = 0; i < sizeof results->at / sizeof *results->at; i++)
        cede_value_unref(results->at[i]);
}

/*
 * What a task borrows must live as long as the task, also when the scenario
 * that started it fails meanwhile: kept until the loop is closed.
 */
static struct crew kept;

/* Takes the reference. */
WORLD_UNUSED static void *keep(void *object)
{
    return join(&kept, object);
}

/* --- running --- */

/* Runs the scenario and compares what it said. */
WORLD_UNUSED static void expect(cede_function scenario, const char *trace)
{
    cede_defer (dismiss, &kept);

    cede_value_unref(cede_run_simulated(scenario, NULL));
    CHECK_TRACE(said(), trace);
}

/* --- what is reported --- */

/* An exception handler: says the message and the exception's, if there is
   one. */
WORLD_UNUSED static void note(cede_loop *loop,
                              const cede_exception_handler_context *context,
                              void *argument)
{
    (void)loop;
    (void)argument;
    if (context->exception)
        say("%s: %s", context->message,
            cede_exception_message(context->exception));
    else
        say("%s", context->message);
}

WORLD_UNUSED static void note_reports(void)
{
    cede_loop_set_exception_handler(cede_get_running_loop(), note, NULL);
}

/* As an exception handler, where the reports are not what is tested. */
WORLD_UNUSED static void ignore(cede_loop *loop,
                                const cede_exception_handler_context *context,
                                void *argument)
{
    (void)loop, (void)context, (void)argument;
}

/* Begins the function as a task of a loop that is to be closed under it: so
   many rounds, and what the closing reports is ignored. */
WORLD_UNUSED static void begin(cede_loop *loop, cede_function function,
                               int rounds)
{
    cede_loop_set_exception_handler(loop, ignore, NULL);
    cede_unref(cede_loop_create_task(loop, function, NULL));
    while (rounds-- > 0)
        cede_loop_run_once(loop, 0);
}

/* --- common parts of scenarios --- */

WORLD_UNUSED static cede_value returns_nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

/* Raises ValueError, with the argument as its message. */
WORLD_UNUSED static cede_value fails(void *message)
{
    cede_raise(cede_ValueError, "%s", message ? (char *)message : "x");
}

/* Sleeps until it is cancelled, and says when. */
WORLD_UNUSED static cede_value lasts(void *name)
{
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("%s ends at %g", (char *)name, now());
    } cede_end
    return cede_none;
}

/* ... and raises ValueError then, with the argument as its message. */
WORLD_UNUSED static cede_value fails_when_cancelled(void *message)
{
    cede_try {
        cede_sleep(100);
    } cede_finally {
        cede_raise(cede_ValueError, "%s", (char *)message);
    } cede_end
    return cede_none;
}

/* ... and raises SystemExit then. */
WORLD_UNUSED static cede_value exits_when_cancelled(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_finally {
        cede_raise(cede_SystemExit);
    } cede_end
    return cede_none;
}

/* A generator: 0, 1, …, one a second; its clean-up takes a second, too. */
WORLD_UNUSED static cede_value each_second(void *arg)
{
    (void)arg;
    cede_try {
        for (int i = 0;; i++) {
            cede_sleep(1);
            cede_yield(i);
        }
    } cede_finally {
        cede_sleep(1);
        say("closed at %g", now());
    } cede_end
    return cede_none;
}

/* Waits for the future it is given; says what came of it. */
WORLD_UNUSED static cede_value waits_for(void *future)
{
    cede_try {
        cede_value value = cede_await(cede_ref((cede_future *)future));

        say("got %d", (int)cede_value_int(value));
    } cede_except (cede_CancelledError, e) {
        say("CancelledError %s %u", cede_exception_message(e),
            cede_task_cancelling(cede_current_task()));
        cede_reraise();
    } cede_end
    return cede_none;
}
