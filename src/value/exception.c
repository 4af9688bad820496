/*
 * Exceptions as objects: classes, fields, making and destroying them.
 *
 * It knows how an exception looks; raising and text are flow/'s. Semantics:
 * "Built-in Exceptions" of the Python library reference and Objects/
 * exceptions.c of CPython for what a constructor keeps; PEP 3151; rules E09,
 * E14, E15.
 */
#include "value/exception.h"

#include "base/memory.h"
#include "value/object.h"
#include "value/sequence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(cede_exception) <= CEDE_IMPL_EXCEPTION_SIZE,
               "users' exception classes reserve too little");

#define CLASS(class_name, base_class)                                          \
    .name = #class_name, .base = base_class, .size = sizeof(cede_exception),   \
    .flags = CEDE_IMPL_EXCEPTION_FLAGS, .destroy = cede_exception_destroy

static const cede_object_methods object_methods = {
    .str = cede__exception_str, .repr = cede__exception_repr};

const cede_class cede_BaseException[1] = {
    {CLASS(BaseException, NULL), .object = &object_methods}};

const cede_class cede_ExceptionGroup[1] = {
    {CLASS(ExceptionGroup, cede_BaseExceptionGroup),
     .second_base = cede_Exception}};

#define DEFINE(name, base)                                                     \
    const cede_class cede_##name[1] = {{CLASS(name, base)}};
CEDE_IMPL_EXCEPTION_CLASSES(DEFINE)

cede_exception cede__memory_error[1] = {
    {.head = {cede_MemoryError, 1, CEDE__OBJECT_IMMORTAL}}};

/* ---- the end ------------------------------------------------------------- */

static void free_said(cede__said *said)
{
    while (said) {
        cede__said *older = said->older;

        cede__free(said);
        said = older;
    }
}

static void free_members(cede__members *members)
{
    size_t i;

    if (!members)
        return;
    for (i = 0; i < members->count; i++)
        cede_unref(members->exceptions[i]);
    cede__free(members->message);
    cede__free(members);
}

/* What most exceptions do not have. */
static void destroy_extras(cede_exception *exception)
{
    cede_unref(exception->args);
    free_members(exception->members);
    free_said(exception->said);
    cede__notes_free(exception->notes);
    cede__free(exception->payload);
}

/* A program that goes wrong in a loop makes chains of any length, and a
   coroutine's stack is small: exceptions are CEDE_CLASS_CONTAINERs, so this
   does not recurse along them. */
void cede_exception_destroy(void *self)
{
    cede_exception *exception = self;

    if (exception->cause)
        cede_unref(exception->cause);
    if (exception->context)
        cede_unref(exception->context);
    cede_value_unref(exception->value);
    if (exception->args || exception->members || exception->said ||
        exception->notes || exception->payload)
        destroy_extras(exception);
    if (exception->message)
        cede__free(exception->message);
    if (exception->trace != exception->trace_inline)
        cede__free(exception->trace);
}

/* ---- the beginning ------------------------------------------------------- */

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

/* What these two are made with is their value as well; false: no memory. */
static bool carry_message(cede_exception *exception)
{
    if (!cede_exception_is(exception, cede_StopIteration) &&
        !cede_exception_is(exception, cede_SystemExit))
        return true;
    return cede__str_try_copy(exception->message, strlen(exception->message),
                              &exception->value);
}

/* Takes the message, NULL when there was no memory for it. */
static cede_exception *with_message(const cede_class *exception_class,
                                    char *message)
{
    cede_exception *exception = message ? blank(exception_class) : NULL;

    if (!exception) {
        cede__free(message);
        return cede__memory_error;
    }
    exception->message = message;
    if (!carry_message(exception)) {
        cede_unref(exception);
        return cede__memory_error;
    }
    return exception;
}

char *cede__copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = cede__malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

char *cede__print_text(const char *format, va_list arguments)
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
        return with_message(exception_class, cede__copy_text(message));
    exception = blank(exception_class);
    return exception ? exception : cede__memory_error;
}

/* The TypeError for a class of which nothing can be made; NULL: it can. */
static cede_exception *refused(const cede_class *exception_class)
{
    if (!cede__is_exception_class(exception_class))
        return cede__exception_make(
            cede_TypeError, "exceptions must derive from BaseException: use "
                            "CEDE_EXCEPTION to define a class");
    if (cede_issubclass(exception_class, cede_BaseExceptionGroup))
        return cede__exception_make(
            cede_TypeError, "BaseExceptionGroup.__new__() takes exactly 2 "
                            "arguments (1 given): use cede_exception_group");
    return NULL;
}

cede_exception *cede__exception_vnew(const cede_class *exception_class,
                                     const char *format, va_list arguments)
{
    cede_exception *error = refused(exception_class);

    if (error)
        return error;
    if (!format)
        return cede__exception_make(exception_class, NULL);
    return with_message(exception_class, cede__print_text(format, arguments));
}

cede_exception *cede__exception_carry(cede_exception *exception,
                                      const void *payload, size_t size)
{
    void *copy;

    if (exception == cede__memory_error)
        return exception;
    copy = cede__malloc(size);
    if (!copy) {
        cede_unref(exception);
        return cede__memory_error;
    }
    exception->payload = memcpy(copy, payload, size);
    return exception;
}

/* ---- args that mean something -------------------------------------------- */

/* OSError(errno, text, filename): the filename is no arg (E15). */
static void take_filename(cede_exception *exception, struct cede_tuple *args)
{
    if (args->size < 3 || args->size > 5)
        return;
    while (args->size > 3)
        cede_value_unref(args->items[--args->size]);
    exception->value = args->items[--args->size];
}

static void read_args(cede_exception *exception, struct cede_tuple *args)
{
    if (cede_exception_is(exception, cede_StopIteration)) {
        if (args->size > 0)
            exception->value = cede_value_ref(args->items[0]);
    } else if (cede_exception_is(exception, cede_SystemExit)) {
        if (args->size == 1)
            exception->value = cede_value_ref(args->items[0]);
        else if (args->size > 1)
            exception->value = cede_object(cede_ref(args));
    } else if (cede_exception_is(exception, cede_OSError)) {
        if (args->size > 1 && args->items[0].kind == CEDE_INT)
            exception->error = (int)args->items[0].as.integer;
        take_filename(exception, args);
    }
}

/* OSError itself is made by errno (PEP 3151). */
static const cede_class *class_of_args(const cede_class *exception_class,
                                       const struct cede_tuple *args)
{
    const cede_class *by_errno;

    if (exception_class != cede_OSError || args->size < 2 || args->size > 5 ||
        args->items[0].kind != CEDE_INT)
        return exception_class;
    by_errno = cede_errno_class((int)args->items[0].as.integer);
    return cede_issubclass(by_errno, cede_OSError) ? by_errno : exception_class;
}

/* Strings of the caller's need not live as long as the exception. */
static bool own_strings(struct cede_tuple *args)
{
    size_t i;

    for (i = 0; i < args->size; i++) {
        cede_value *item = &args->items[i];

        if (item->kind == CEDE_STR && !item->owned &&
            !cede__str_try_copy(item->as.string, strlen(item->as.string), item))
            return false;
    }
    return true;
}

cede_exception *cede__exception_from_args(const cede_class *exception_class,
                                          struct cede_tuple *args)
{
    cede_exception *error = refused(exception_class);
    cede_exception *exception = NULL;

    if (!error && own_strings(args))
        exception = blank(class_of_args(exception_class, args));
    if (!exception) {
        cede_unref(args);
        return error ? error : cede__memory_error;
    }
    read_args(exception, args);
    exception->args = args;
    return exception;
}

/* ---- OSError ------------------------------------------------------------- */

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
    char *detail = format ? cede__print_text(format, arguments) : NULL;
    char text[128];

    if (error_class == cede_MemoryError || (format && !detail)) {
        cede__free(detail);
        return cede__memory_error;
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
    if (exception != cede__memory_error) {
        exception->error = error;
        exception->from_errno = true;
    }
    return exception;
}

/* ---- asyncio's ----------------------------------------------------------- */

cede_exception *cede_incomplete_read_error(const void *partial, size_t size,
                                           size_t expected)
{
    cede_exception *exception;
    cede_value copy;
    char wanted[24] = "undefined";
    char text[96];

    if (!cede__str_try_copy(partial, size, &copy))
        return cede__memory_error;
    if (expected)
        snprintf(wanted, sizeof wanted, "%zu", expected);
    snprintf(text, sizeof text,
             "%zu bytes read on a total of %s expected bytes", size, wanted);
    exception = cede__exception_make(cede_IncompleteReadError, text);
    if (exception == cede__memory_error) {
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

    if (exception != cede__memory_error)
        exception->number = consumed;
    return exception;
}

/* ---- tracebacks ---------------------------------------------------------- */

bool cede__exception_reserve_trace(cede_exception *exception, uint32_t count)
{
    bool grown = exception->trace != exception->trace_inline;
    size_t bytes = 2 * (size_t)count * sizeof *exception->trace;
    const cede_location **trace;

    if (count <= exception->trace_capacity)
        return true;
    trace =
        grown ? cede__realloc(exception->trace, bytes) : cede__malloc(bytes);
    if (!trace)
        return false;
    if (!grown)
        memcpy(trace, exception->trace_inline,
               exception->trace_count * sizeof *exception->trace);
    exception->trace = trace;
    exception->trace_capacity = 2 * count;
    return true;
}

void cede__exception_cut_trace(cede_exception *exception, uint32_t count,
                               const void *inside)
{
    if (exception == cede__memory_error || exception->trace_count < count)
        return;
    exception->trace_count = count;
    exception->inside = inside;
}

bool cede__exception_copy_trace(cede_exception *to, const cede_exception *from)
{
    if (!cede__exception_reserve_trace(to, from->trace_count))
        return false;
    if (from->trace_count)
        memcpy(to->trace, from->trace, from->trace_count * sizeof *to->trace);
    to->trace_count = from->trace_count;
    to->inside = from->inside;
    return true;
}

/* ---- fields -------------------------------------------------------------- */

bool cede_exception_is(const cede_exception *exception,
                       const cede_class *exception_class)
{
    return cede_isinstance(exception, exception_class);
}

const char *cede_exception_name(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->head.object_class->name;
}

cede_value cede_exception_value(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->value;
}

void cede_exception_set_value(cede_exception *exception, cede_value value)
{
    cede_check_alive(exception);
    if (exception == cede__memory_error) {
        cede_value_unref(value);
        return;
    }
    cede_value_unref(exception->value);
    exception->value = value;
}

void *cede_exception_payload(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->payload;
}

int cede_exception_errno(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->error;
}

void cede_exception_set_errno(cede_exception *exception, int error)
{
    cede_check_alive(exception);
    if (exception != cede__memory_error)
        exception->error = error;
}

int cede_exception_exit_status(const cede_exception *exception)
{
    cede_check_alive(exception);
    if (exception->value.kind == CEDE_INT || exception->value.kind == CEDE_BOOL)
        return (int)exception->value.as.integer;
    return cede_is_none(exception->value) && !exception->message ? 0 : 1;
}

const void *cede_exception_partial(const cede_exception *exception,
                                   size_t *size)
{
    cede_check_alive(exception);
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
    cede_check_alive(exception);
    return exception->number;
}

size_t cede_exception_consumed(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->number;
}
