/*
 * Exceptions nobody will receive: at the end of a program, of a thread, or of
 * an object. Python: sys.excepthook, threading.excepthook, sys.unraisablehook,
 * and handle_system_exit of CPython's Python/pythonrun.c. Rules E16, E17, G15.
 */
#include "flow/flow.h"

#include "cede/traceback.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef void unraisablehook(cede_exception *exception, const char *doing,
                            void *argument);

typedef struct unraisable {
    cede_exception *exception;
    const char *doing;
} unraisable;

static unraisablehook *users_hook;
static void *users_argument;

void cede_set_unraisablehook(unraisablehook *hook, void *argument)
{
    users_hook = hook;
    users_argument = argument;
}

static void log_unraisable(cede_exception *exception, const char *doing)
{
    char head[256];

    snprintf(head, sizeof head, "Exception ignored in: %s", doing);
    cede__log_exception(CEDE_LOG_ERROR, head, exception);
}

static cede_value call_hook(void *argument)
{
    const unraisable *u = argument;

    users_hook(u->exception, u->doing, users_argument);
    return cede_none;
}

void cede__report_unraisable(cede_exception *exception, const char *doing)
{
    unraisable u = {exception, doing};
    cede_exception *error;

    if (!users_hook) {
        log_unraisable(exception, doing);
    } else if ((error = cede_catch(call_hook, &u, NULL))) {
        log_unraisable(error, "the unraisable hook");
        log_unraisable(exception, doing);
        cede_unref(error);
    }
    cede_unref(exception);
}

void cede_write_unraisable(cede_exception *exception, const char *doing)
{
    cede_check_alive(exception);
    cede__report_unraisable(cede_ref(exception), doing);
}

void cede__report_thread(cede_exception *exception)
{
    char name[64] = "", head[96];

    if (!cede_exception_is(exception, cede_SystemExit)) {
        pthread_getname_np(pthread_self(), name, sizeof name);
        snprintf(head, sizeof head, "Exception in thread %s:", name);
        cede__log_exception(CEDE_LOG_ERROR, head, exception);
    }
    cede_unref(exception);
}

/* What SystemExit was given in the place of a status. */
static void print_reason(const cede_exception *exception)
{
    const char *volatile reason = NULL;

    cede_try {
        reason = cede_exception_message(exception);
    } cede_except (cede_BaseException, e) {
    } cede_end
    if (reason)
        fprintf(stderr, "%s\n", reason);
}

/* A status, or None, ends a program silently; anything else is said. */
static int system_exit(const cede_exception *exception)
{
    cede_value value = cede_exception_value(exception);
    int status = cede_exception_exit_status(exception);

    if (status != 0 && value.kind != CEDE_INT && value.kind != CEDE_BOOL)
        print_reason(exception);
    return status;
}

void cede__exit_uncaught(cede_exception *exception)
{
    int status = 1;

    fflush(stdout);
    if (cede_exception_is(exception, cede_SystemExit)) {
        status = system_exit(exception);
    } else {
        cede__log_exception(CEDE_LOG_CRITICAL, NULL, exception);
        if (cede_exception_is(exception, cede_KeyboardInterrupt))
            status = 130;
    }
    cede_unref(exception);
    exit(status);
}
