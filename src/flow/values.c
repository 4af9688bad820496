/*
 * The constructors and accessors of floor "value" that raise: they stand here
 * because raising is this floor's.
 */
#include "flow/flow.h"

#include "value/exception.h"
#include "value/object.h"
#include "value/sequence.h"

#include <stdio.h>
#include <string.h>

void cede_impl_wrong_kind(cede_value value, enum cede_kind wanted)
{
    cede_raise(cede_TypeError, "expected %s, got %s", cede_kind_name(wanted),
               cede__value_class_name(value));
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

cede_value cede_str_format_v(const char *format, va_list arguments)
{
    va_list again;
    cede_value text;
    char *bytes;
    int size;

    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        cede_raise(cede_ValueError, "cede_str_format: printf cannot make it");
    if (!cede__str_try_new((size_t)size, &bytes, &text))
        cede_raise(cede_MemoryError);
    vsnprintf(bytes, (size_t)size + 1, format, arguments);
    return text;
}

cede_value cede_str_format(const char *format, ...)
{
    va_list arguments;
    cede_value text;

    va_start(arguments, format);
    text = cede_str_format_v(format, arguments);
    va_end(arguments);
    return text;
}

bool cede_value_truth(cede_value value)
{
    const cede_sequence_methods *methods;

    switch (cede_value_kind(value)) {
    case CEDE_NONE:
        return false;
    case CEDE_FLOAT:
        return value.as.real != 0;
    case CEDE_STR:
        return cede_value_str_size(value) > 0;
    case CEDE_OBJECT:
        methods = cede__sequence_methods(value.as.object);
        return methods && methods->len ? methods->len(value.as.object) > 0
                                       : value.as.object != NULL;
    case CEDE_POINTER:
        return value.as.pointer != NULL;
    default:
        return value.as.integer != 0;
    }
}

void *cede_object_new(const cede_class *object_class)
{
    void *object = cede__object_try_new(object_class);

    if (!object)
        cede_raise(cede_MemoryError);
    return object;
}

/* As if it were an object, so that what it holds is given up. */
static void destroy_fields(const cede_class *object_class, cede_object *fields)
{
    *fields = (cede_object){object_class, 1, 0};
    if (object_class->destroy && !(object_class->flags & CEDE_CLASS_OWN_MEMORY))
        object_class->destroy(fields);
}

void *cede_impl_object_with(const cede_class *object_class, void *fields,
                            size_t size)
{
    cede_object *object;

    if (size != object_class->size)
        cede_raise(cede_TypeError, "a '%s' object has %zu bytes, not %zu",
                   object_class->name, object_class->size, size);
    object = cede__object_try_new(object_class);
    if (!object) {
        destroy_fields(object_class, fields);
        cede_raise(cede_MemoryError);
    }
    memcpy(object + 1, (cede_object *)fields + 1, size - sizeof *object);
    return object;
}
