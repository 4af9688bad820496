/*
 * The constructors and accessors of floor "value" that raise: they stand here
 * because raising is this floor's.
 */
#include "flow/flow.h"

#include "value/exception.h"
#include "value/object.h"

#include <string.h>

void cede_impl_wrong_kind(cede_value value, enum cede_kind wanted)
{
    const char *found = value.kind == CEDE_OBJECT && value.as.object
                            ? value.as.object->object_class->name
                            : cede_kind_name(value.kind);

    cede_raise(cede_TypeError, "expected %s, got %s", cede_kind_name(wanted),
               found);
}

cede_value cede_str_copy_n(const void *bytes, size_t size)
{
    cede_value copy;

    if (!cede__str_try_copy(bytes, size, &copy))
        cede_raise(cede_MemoryError);
    return copy;
}

cede_value cede_str_copy(const char *string)
{
    return cede_str_copy_n(string, strlen(string));
}

void *cede_object_new(const cede_class *object_class)
{
    void *object = cede__object_try_new(object_class);

    if (!object)
        cede_raise(cede_MemoryError);
    return object;
}

cede_exception *cede_impl_exception_new(const cede_class *exception_class,
                                        const char *format, ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    /* A TypeError or the MemoryError instead of what was asked for. */
    if (exception->head.object_class != exception_class)
        cede__raise(exception, NULL);
    return exception;
}
