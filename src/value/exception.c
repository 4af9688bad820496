/*
 * Exceptions as objects: classes, fields, chains.
 *
 * It knows how an exception looks; raising is flow/'s, printing is format.c's.
 * Semantics: "Built-in Exceptions" of the Python library reference, PEP 3134,
 * PEP 3151; rules E08, E09, E15.
 */
#include "value/exception.h"

#include "base/memory.h"
#include "value/object.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(cede_exception) <= CEDE_IMPL_EXCEPTION_SIZE,
               "users' exception classes reserve too little");

#define DEFINE(name, base)                                                     \
    const cede_class cede_##name[1] = {                                        \
        {#name, base, sizeof(cede_exception),                                  \
         CEDE_CLASS_SHARED | CEDE_CLASS_EXCEPTION,                             \
         cede_impl_exception_destroy, NULL, NULL, NULL}};
CEDE_IMPL_EXCEPTION_CLASSES(DEFINE)

static cede_exception memory_error = {
    .head = {cede_MemoryError, 1, CEDE__OBJECT_IMMORTAL}};

/* Gives up one link of a chain. If nobody else holds it, it is put before the
   exceptions that are about to go. */
static void doom(cede_exception *link, cede_exception **doomed)
{
    if (!link)
        return;
    if (link->head.object_class->destroy != cede_impl_exception_destroy) {
        cede_unref(link); /* a class that adds to what we know */
    } else if (cede__object_drop(link)) {
        link->doomed = *doomed;
        *doomed = link;
    }
}

/* What belongs to one exception, its chains excepted. */
static void destroy_own(cede_exception *exception)
{
    cede__free(exception->message);
    cede_value_unref(exception->value);
    if (exception->trace != exception->trace_inline)
        cede__free(exception->trace);
}

/* A program that goes wrong in a loop makes chains of any length, and a
   coroutine's stack is small: no recursion along them. */
void cede_impl_exception_destroy(void *self)
{
    cede_exception *exception = self;
    cede_exception *doomed = NULL;

    doom(exception->cause, &doomed);
    doom(exception->context, &doomed);
    destroy_own(exception);
    while ((exception = doomed)) {
        doomed = exception->doomed;
        doom(exception->cause, &doomed);
        doom(exception->context, &doomed);
        destroy_own(exception);
        cede__free(exception);
    }
}

/* An exception without a message, or NULL. */
static cede_exception *blank(const cede_class *exception_class)
{
    cede_exception *exception = cede__object_try_new(exception_class);

    if (exception) {
        exception->trace = exception->trace_inline;
        exception->trace_capacity = CEDE__TRACE_INLINE;
    }
    return exception;
}

static cede_exception *with_message(const cede_class *exception_class,
                                    char *message)
{
    cede_exception *exception = message ? blank(exception_class) : NULL;

    if (!exception) {
        cede__free(message);
        return &memory_error;
    }
    exception->message = message;
    return exception;
}

static char *copy_string(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = cede__malloc(size);

    return copy ? memcpy(copy, string, size) : NULL;
}

static CEDE_IMPL_FORMAT(1, 0) char *vformat(const char *format,
                                            va_list arguments)
{
    va_list again;
    char *text;
    int size;

    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = size < 0 ? NULL : cede__malloc((size_t)size + 1);
    if (text)
        vsnprintf(text, (size_t)size + 1, format, arguments);
    return text;
}

cede_exception *cede__exception_make(const cede_class *exception_class,
                                     const char *message)
{
    cede_exception *exception;

    if (message)
        return with_message(exception_class, copy_string(message));
    exception = blank(exception_class);
    return exception ? exception : &memory_error;
}

cede_exception *cede__exception_vnew(const cede_class *exception_class,
                                     const char *format, va_list arguments)
{
    if (!exception_class || !(exception_class->flags & CEDE_CLASS_EXCEPTION))
        return cede__exception_make(
            cede_TypeError, "exceptions must derive from BaseException: use "
                            "CEDE_EXCEPTION to define a class");
    if (!format)
        return cede__exception_make(exception_class, NULL);
    return with_message(exception_class, vformat(format, arguments));
}

const cede_class *cede_errno_class(int error)
{
    switch (error) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
        return cede_BlockingIOError;
    case ECHILD:
        return cede_ChildProcessError;
    case EPIPE:
    case ESHUTDOWN:
        return cede_BrokenPipeError;
    case ECONNABORTED:
        return cede_ConnectionAbortedError;
    case ECONNREFUSED:
        return cede_ConnectionRefusedError;
    case ECONNRESET:
        return cede_ConnectionResetError;
    case EEXIST:
        return cede_FileExistsError;
    case ENOENT:
        return cede_FileNotFoundError;
    case EINTR:
        return cede_InterruptedError;
    case EISDIR:
        return cede_IsADirectoryError;
    case ENOTDIR:
        return cede_NotADirectoryError;
    case EACCES:
    case EPERM:
        return cede_PermissionError;
    case ESRCH:
        return cede_ProcessLookupError;
    case ETIMEDOUT:
        return cede_TimeoutError;
    case ENOMEM:
        return cede_MemoryError;
    default:
        return cede_OSError;
    }
}

cede_exception *cede__exception_from_errno(int error, const char *format,
                                           va_list arguments)
{
    const cede_class *error_class = cede_errno_class(error);
    cede_exception *exception;
    char *detail = format ? vformat(format, arguments) : NULL;
    char text[128];

    if (error_class == cede_MemoryError || (format && !detail)) {
        cede__free(detail);
        return &memory_error;
    }
    snprintf(text, sizeof text, "[Errno %d] %s", error, strerror(error));
    if (detail) {
        size_t size = strlen(text) + strlen(detail) + sizeof ": ";
        char *whole = cede__malloc(size);

        if (whole)
            snprintf(whole, size, "%s: %s", text, detail);
        cede__free(detail);
        exception = with_message(error_class, whole);
    } else {
        exception = cede__exception_make(error_class, text);
    }
    if (exception != &memory_error)
        exception->error = error;
    return exception;
}

cede_exception *cede_incomplete_read_error(const void *partial, size_t size,
                                           size_t expected)
{
    cede_exception *exception;
    cede_value copy;
    char wanted[24] = "undefined";
    char text[96];

    if (!cede__str_try_copy(partial, size, &copy))
        return &memory_error;
    if (expected)
        snprintf(wanted, sizeof wanted, "%zu", expected);
    snprintf(text, sizeof text, "%zu bytes read on a total of %s expected bytes",
             size, wanted);
    exception = cede__exception_make(cede_IncompleteReadError, text);
    if (exception == &memory_error) {
        cede_value_unref(copy);
    } else {
        exception->value = copy;
        exception->number = expected;
    }
    return exception;
}

cede_exception *cede_limit_overrun_error(const char *message, size_t consumed)
{
    cede_exception *exception =
        cede__exception_make(cede_LimitOverrunError, message);

    if (exception != &memory_error)
        exception->number = consumed;
    return exception;
}

void cede__exception_trace(cede_exception *exception,
                           const cede_location *where)
{
    uint32_t count = exception->trace_count;

    if (!where || exception == &memory_error)
        return;
    if (count && exception->trace[count - 1]->function == where->function)
        return; /* the same frame: Python has one line for it */
    if (count == exception->trace_capacity) {
        size_t bytes = 2 * count * sizeof *exception->trace;
        bool grown = exception->trace != exception->trace_inline;
        const cede_location **trace =
            grown ? cede__realloc(exception->trace, bytes)
                  : cede__malloc(bytes);

        if (!trace)
            return; /* a shorter traceback is better than another error */
        if (!grown)
            memcpy(trace, exception->trace_inline,
                   count * sizeof *exception->trace);
        exception->trace = trace;
        exception->trace_capacity = 2 * count;
    }
    exception->trace[exception->trace_count++] = where;
}

void cede__exception_set_context(cede_exception *exception,
                                 cede_exception *context)
{
    cede_exception *link;

    if (!context || context == exception || exception == &memory_error)
        return;
    /* If the exception is somewhere in the chain already, the chain ends
       before it. A chain has no cycle, because each was built here. */
    for (link = context; link->context; link = link->context) {
        if (link->context == exception) {
            cede_unref(link->context);
            link->context = NULL;
            break;
        }
    }
    cede_ref(context);
    cede_unref(exception->context);
    exception->context = context;
}

bool cede_exception_is(const cede_exception *exception,
                       const cede_class *exception_class)
{
    return cede_isinstance(exception, exception_class);
}

const char *cede_exception_message(const cede_exception *exception)
{
    return exception->message ? exception->message : "";
}

const char *cede_exception_name(const cede_exception *exception)
{
    return exception->head.object_class->name;
}

cede_exception *cede_exception_cause(const cede_exception *exception)
{
    return exception->cause;
}

cede_exception *cede_exception_context(const cede_exception *exception)
{
    return exception->context;
}

bool cede_exception_suppress_context(const cede_exception *exception)
{
    return exception->suppress_context;
}

void cede_exception_set_cause(cede_exception *exception, cede_exception *cause)
{
    if (exception == &memory_error || cause == exception)
        return;
    cede_ref(cause);
    cede_unref(exception->cause);
    exception->cause = cause;
    exception->suppress_context = true;
}

cede_value cede_exception_value(const cede_exception *exception)
{
    return exception->value;
}

void cede_exception_set_value(cede_exception *exception, cede_value value)
{
    if (exception == &memory_error) {
        cede_value_unref(value);
        return;
    }
    cede_value_unref(exception->value);
    exception->value = value;
}

int cede_exception_errno(const cede_exception *exception)
{
    return exception->error;
}

void cede_exception_set_errno(cede_exception *exception, int error)
{
    if (exception != &memory_error)
        exception->error = error;
}

int cede_exception_exit_status(const cede_exception *exception)
{
    if (exception->value.kind == CEDE_INT)
        return (int)exception->value.as.integer;
    return cede_is_none(exception->value) && !exception->message ? 0 : 1;
}

const void *cede_exception_partial(const cede_exception *exception,
                                   size_t *size)
{
    if (!cede_exception_is(exception, cede_IncompleteReadError) ||
        exception->value.kind != CEDE_STR) {
        *size = 0;
        return "";
    }
    *size = cede_value_str_size(exception->value);
    return cede_value_str(exception->value);
}

size_t cede_exception_expected(const cede_exception *exception)
{
    return exception->number;
}

size_t cede_exception_consumed(const cede_exception *exception)
{
    return exception->number;
}
