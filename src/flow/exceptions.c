/*
 * Exceptions as their users make and ask them, where that may raise; the rest
 * is in value/exception.c. Rules E11, E14, E15.
 */
#include "flow/flow.h"

#include "base/memory.h"
#include "value/exception.h"
#include "value/sequence.h"

#include <stdarg.h>

/* A TypeError or the MemoryError in the place of what was asked for is raised;
   gives up nothing else. */
static cede_exception *checked(cede_exception *exception,
                               const cede_class *exception_class)
{
    if (!exception_class || !cede_exception_is(exception, exception_class))
        cede__raise(exception, NULL);
    return exception;
}

cede_exception *cede_impl_exception_new(const cede_class *exception_class,
                                        const char *format, ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    return checked(exception, exception_class);
}

cede_exception *cede_impl_exception_with(const cede_class *exception_class,
                                         const void *payload, size_t size,
                                         const char *format, ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    checked(exception, exception_class);
    return checked(cede__exception_carry(exception, payload, size),
                   exception_class);
}

cede_exception *cede_impl_exception_from_args(const cede_class *exception_class,
                                              struct cede_tuple *args)
{
    return checked(cede__exception_from_args(exception_class, args),
                   exception_class);
}

cede_exception *cede_exception_from_tuple(const cede_class *exception_class,
                                          const void *args)
{
    const cede_object *object = args;

    if (!object || object->object_class != cede__tuple_class)
        cede_raise(cede_TypeError, "args must be a tuple, not %s",
                   object ? object->object_class->name : "NULL");
    cede_check_alive(object);
    return cede_impl_exception_from_args(exception_class,
                                         cede_ref((struct cede_tuple *)args));
}

struct cede_tuple *cede_exception_args(const cede_exception *exception)
{
    struct cede_tuple *args;

    cede_check_alive(exception);
    args = cede__exception_try_args(exception);
    if (!args)
        cede_raise(cede_MemoryError);
    return args;
}

void cede_exception_add_note(cede_exception *exception, const char *format, ...)
{
    cede_check_alive(exception);
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = cede__print_text(format, arguments);
    va_end(arguments);
    if (!cede__exception_try_note(exception, text))
        cede_raise(cede_MemoryError);
}

const char *cede_exception_note(const cede_exception *exception, size_t index)
{
    cede_check_alive(exception);
    if (index >= cede_exception_notes_count(exception))
        cede_raise(cede_IndexError, "note index out of range");
    return exception->notes->texts[index];
}
