/*
 * report.c - exceptions nobody caught
 *
 * Knows: the handler the user set and the one that writes to stderr. Must not
 * know: how exceptions are printed.
 *
 * Semantics: asyncio, BaseEventLoop.call_exception_handler and
 * default_exception_handler (L09, L10); the handler runs in the context of the
 * task or callback it is told of (3.12).
 */
#include <stdio.h>
#include <string.h>

#include "flow/flow.h"
#include "loop/handle.h"
#include "loop/loop.h"
#include "value/text.h"

#include "cede/print.h"

struct report {
    cede_loop *loop;
    const cede_exception_handler_context *context;
};

static cede_value call_handler(void *argument)
{
    struct report *report = argument;
    cede_loop *loop = report->loop;

    loop->exception_handler(loop, report->context, loop->exception_argument);
    return cede_none;
}

/* Where what the report is about runs or ran, or NULL. */
static cede__context_place *
place_of(const cede_loop *loop, const cede_exception_handler_context *context)
{
    struct cede_future *future = context->task
                                     ? (struct cede_future *)context->task
                                     : context->future;

    if (future != NULL && cede__loop_hooks_of(loop)->place != NULL)
        return cede__loop_hooks_of(loop)->place(future);
    return context->handle != NULL ? &context->handle->place : NULL;
}

/* Where there is no memory for that, or where the context is in use, the
   handler runs in the one that is current. */
static cede_exception *call_in_context(struct report *report)
{
    cede__context_place *here = cede__context_place_now();
    cede__context_place *theirs = place_of(report->loop, report->context);
    cede_context *context =
        theirs != NULL && theirs != here ? cede__context_place_base(theirs)
                                         : NULL;
    bool entered = context != NULL && cede__context_enter(context);
    cede_exception *exception = cede_catch(call_handler, report, NULL);

    if (entered)
        cede__context_leave(here, context);
    return exception;
}

static void report_handler_failure(struct report *report,
                                   cede_exception *exception)
{
    cede_loop_default_exception_handler(
        report->loop, &(cede_exception_handler_context){
                          .message = "Unhandled error in exception handler",
                          .exception = exception,
                          .context = report->context,
                      });
}

/* The SystemExit or KeyboardInterrupt that must leave, or NULL. */
static cede_exception *
report_to_handler(cede_loop *loop,
                  const cede_exception_handler_context *context)
{
    struct report report = {loop, context};
    cede_exception *exception;

    if (loop->exception_handler == NULL) {
        cede_loop_default_exception_handler(loop, context);
        return NULL;
    }
    exception = call_in_context(&report);
    if (exception == NULL || cede_exception_is(exception, cede_SystemExit) ||
        cede_exception_is(exception, cede_KeyboardInterrupt))
        return exception;
    report_handler_failure(&report, exception);
    cede_unref(exception);
    return NULL;
}

void cede__loop_report(cede_loop *loop,
                       const cede_exception_handler_context *context)
{
    cede_exception *exception = report_to_handler(loop, context);

    if (exception != NULL)
        cede__loop_fail(loop, exception);
}

void cede_loop_call_exception_handler(
    cede_loop *loop, const cede_exception_handler_context *context)
{
    cede_exception *exception;

    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    exception = report_to_handler(loop, context);
    if (exception != NULL)
        cede__throw(exception);
}

void cede_loop_set_exception_handler(cede_loop *loop,
                                     cede_exception_handler handler,
                                     void *argument)
{
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    loop->exception_handler = handler;
    loop->exception_argument = argument;
}

cede_exception_handler cede_loop_get_exception_handler(const cede_loop *loop)
{
    cede_check_alive(loop);
    return loop->exception_handler;
}

/* --- the default handler --- */

/* Futures are of a floor above, which may say more of them than their class. */
void cede__loop_describe_future(const cede_loop *loop,
                                const struct cede_future *future,
                                cede__text *text)
{
    const cede_object *head = (const void *)future;
    char line[512];

    snprintf(line, sizeof line, "<%s>", head->object_class->name);
    if (cede__loop_hooks_of(loop)->describe != NULL)
        cede__loop_hooks_of(loop)->describe(future, line, sizeof line);
    cede__text_string(text, line);
}

static void write_future(cede__text *text, const cede_loop *loop,
                         const char *key, const struct cede_future *future)
{
    cede__text_format(text, "\n%s: ", key);
    cede__loop_describe_future(loop, future, text);
}

static cede_value repr_of(void *exception)
{
    return cede_repr((cede_exception *)exception);
}

/* The name of the class where its repr raises. */
static void write_repr(cede__text *text, cede_exception *exception)
{
    cede_value repr = cede_none;
    cede_exception *error = cede_catch(repr_of, exception, &repr);

    cede__text_string(text, error != NULL ? cede_exception_name(exception)
                                          : cede_value_str(repr));
    cede_unref(error);
    cede_value_unref(repr);
}

/* What a handler that failed had been given, as Python shows a dict. */
static void write_original(cede__text *text, const cede_loop *loop,
                           const cede_exception_handler_context *original)
{
    const char *message = original->message ? original->message : "";

    cede__text_string(text, "\ncontext: {'message': ");
    cede__text_quoted(text, message, strlen(message));
    if (original->exception != NULL) {
        cede__text_string(text, ", 'exception': ");
        write_repr(text, original->exception);
    }
    if (original->future != NULL) {
        cede__text_string(text, ", 'future': ");
        cede__loop_describe_future(loop, original->future, text);
    }
    if (original->handle != NULL) {
        cede__text_string(text, ", 'handle': ");
        cede__handle_describe(original->handle, loop->debug, text);
    }
    if (original->task != NULL) {
        cede__text_string(text, ", 'task': ");
        cede__loop_describe_future(
            loop, (const struct cede_future *)original->task, text);
    }
    cede__text_string(text, "}");
}

/* The keys in the order of their names, as asyncio has them. */
static void write_context(cede__text *text, const cede_loop *loop,
                          const cede_exception_handler_context *context)
{
    const char *message = context->message;

    cede__text_string(text, message ? message
                                    : "Unhandled exception in event loop");
    if (context->context != NULL)
        write_original(text, loop, context->context);
    if (context->future != NULL)
        write_future(text, loop, "future", context->future);
    if (context->handle != NULL) {
        cede__text_string(text, "\nhandle: ");
        cede__handle_describe(context->handle, loop->debug, text);
    }
    if (context->task != NULL)
        write_future(text, loop, "task",
                     (const struct cede_future *)context->task);
}

void cede_loop_default_exception_handler(
    cede_loop *loop, const cede_exception_handler_context *context)
{
    cede__text text;

    cede_check_alive(loop);
    cede__text_init(&text);
    write_context(&text, loop, context);
    if (context->exception == NULL) {
        cede__text_log(&text, CEDE_LOG_ERROR);
        return;
    }
    cede__log_exception(CEDE_LOG_ERROR, cede__text_end(&text),
                        context->exception);
    cede__text_clear(&text);
}
