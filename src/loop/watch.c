/*
 * watch.c - debug mode (see watch.h)
 */
#include "loop/watch.h"

#include "base/environment.h"
#include "cede/try.h"
#include "loop/handle.h"
#include "value/object.h"

#define SLOW_AT_FIRST (CEDE__SECOND / 10)

/* --- what a job is --- */

/* Of a job that is about to run and may be gone afterwards. */
typedef struct subject {
    cede_handle *handle; /* a reference, or NULL */
    void *future;        /* likewise: a task, mostly */
    const cede_impl_call *call;
} subject;

static void find_subject(const cede_loop *loop, cede__job *job,
                         subject *of)
{
    cede_handle *handle = cede__handle_of_job(job);

    of->handle = handle != NULL ? cede_ref(handle) : NULL;
    of->future = NULL;
    of->call = NULL;
    if (handle == NULL && cede__loop_hooks_of(loop)->origin != NULL)
        of->future = cede__loop_hooks_of(loop)->origin(job, &of->call);
}

static void forget_subject(subject *of)
{
    cede_unref(of->handle);
    cede_unref(of->future);
}

void cede__call_describe(const cede_impl_call *call, bool debug,
                         cede__text *text)
{
    if (call == NULL)
        return;
    cede__text_format(text, " %s()", call->callback);
    if (debug)
        cede__text_format(text, " created at %s:%d", call->where.file,
                          call->where.line);
}

static void describe(const cede_loop *loop, const subject *of,
                     cede__text *text)
{
    if (of->handle != NULL) {
        cede__handle_describe(of->handle, true, text);
    } else if (of->future != NULL) {
        cede__loop_describe_future(loop, of->future, text);
    } else {
        cede__text_string(text, "<Handle");
        cede__call_describe(of->call, true, text);
        cede__text_string(text, ">");
    }
}

/* --- slow ones --- */

static void report_slow(const cede_loop *loop, const subject *of,
                        int64_t took)
{
    cede__text text;

    cede__text_init(&text);
    cede__text_string(&text, "Executing ");
    describe(loop, of, &text);
    cede__text_format(&text, " took %.3f seconds", cede__seconds(took));
    cede__text_log(&text, CEDE_LOG_WARNING);
}

void cede__watch_run(cede_loop *loop, cede__job *job)
{
    subject of;
    int64_t begun, took;

    find_subject(loop, job, &of);
    begun = loop->clock.now(loop->clock.context);
    job->run(job);
    took = loop->clock.now(loop->clock.context) - begun;
    if (took >= loop->slow_callback && loop->debug)
        report_slow(loop, &of, took);
    forget_subject(&of);
}

/* --- the switches --- */

void cede__watch_init(cede_loop *loop, int debug)
{
    loop->slow_callback = SLOW_AT_FIRST;
    loop->debug = debug > 0 || (debug == 0 && cede__debugging());
}

void cede_loop_set_debug(cede_loop *loop, bool enabled)
{
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    loop->debug = enabled;
}

bool cede_loop_get_debug(const cede_loop *loop)
{
    cede_check_alive(loop);
    return loop->debug;
}

void cede_loop_set_slow_callback_duration(cede_loop *loop, double seconds)
{
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    if (!(seconds >= 0))
        cede_raise(cede_ValueError,
                   "a duration is 0 seconds or more, not %g", seconds);
    loop->slow_callback = cede__nanoseconds(seconds);
}

double cede_loop_get_slow_callback_duration(const cede_loop *loop)
{
    cede_check_alive(loop);
    return cede__seconds(loop->slow_callback);
}
