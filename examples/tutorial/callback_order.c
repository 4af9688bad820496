/*
 * In which order a loop calls: first in, first out; what a callback schedules
 * waits for the next iteration; timers come by their deadline, equal ones in
 * the order in which they were set; what was cancelled never comes. Time is
 * virtual.
 */
#include <cede.h>

#include <stdio.h>

static cede_loop *loop;

static void say(const char *text)
{
    printf("t=%g %s\n", cede_loop_time(loop), text);
}

static void first(void)
{
    say("first, and schedules fourth");
    cede_loop_call_soon(loop, say, "fourth: the next iteration");
}

static void fails(void)
{
    cede_raise(cede_ValueError, "nobody is above me to catch this");
}

static void report(cede_loop *of, const cede_exception_handler_context *context,
                   void *arg)
{
    (void)of;
    (void)arg;
    printf("handler: %s\n", cede_exception_message(context->exception));
}

static void stop(void)
{
    cede_loop_stop(loop);
    say("stop: what is ready still runs");
}

int main(void)
{
    cede_handle *never;

    loop = cede_loop_new_with(&(cede_loop_options){.simulated = true});
    cede_loop_set_exception_handler(loop, report, NULL);
    cede_loop_call_later(loop, 2, say, "timer of 2 s");
    cede_loop_call_later(loop, 1, say, "timer of 1 s");
    cede_loop_call_later(loop, 2, say, "another of 2 s, set later");
    never = cede_loop_call_later(loop, 1.5, say, "cancelled");
    cede_loop_call_later(loop, 3, stop);
    cede_loop_call_later(loop, 3, say, "timer of 3 s, behind stop");
    cede_loop_call_soon(loop, first);
    cede_loop_call_soon(loop, fails);
    cede_loop_call_soon(loop, say, "third: the loop goes on");
    cede_handle_cancel(never);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
