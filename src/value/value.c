/*
 * Values: names of kinds, and strings with a copy of their own. What raises is
 * in flow/values.c.
 */
#include "value/object.h"

#include "base/memory.h"

#include <string.h>

/* An owned string: the value's object, the bytes behind it. */
typedef struct string_object {
    cede_object head;
    size_t size;
    char bytes[];
} string_object;

static const cede_class string_class[1] = {
    {.name = "str", .size = sizeof(string_object), .flags = CEDE_CLASS_SHARED}};

const char *cede_kind_name(enum cede_kind kind)
{
    static const char *const names[] = {"None", "bool",    "int",   "float",
                                        "str",  "pointer", "object"};

    return (unsigned)kind < sizeof names / sizeof *names ? names[kind]
                                                         : "unknown";
}

const char *cede__value_class_name(cede_value value)
{
    return value.kind == CEDE_OBJECT && value.as.object
               ? value.as.object->object_class->name
               : cede_kind_name((enum cede_kind)value.kind);
}

const char *cede_impl_value_str(cede_value value)
{
    if (value.kind != CEDE_STR)
        cede_impl_wrong_kind(value, CEDE_STR);
    if (!value.owned)
        return value.as.string;
    cede_check_alive(value.as.object);
    return ((string_object *)value.as.object)->bytes;
}

size_t cede_value_str_size(cede_value value)
{
    const char *string = cede_impl_value_str(value);

    return value.owned ? ((string_object *)value.as.object)->size
                       : strlen(string);
}

bool cede__str_try_new(size_t size, char **bytes, cede_value *value)
{
    string_object *string =
        size < SIZE_MAX / 2 ? cede__malloc(sizeof *string + size + 1) : NULL;

    if (!string)
        return false;
    string->head = (cede_object){string_class, 1, 0};
    string->size = size;
    string->bytes[size] = '\0';
    cede__object_born(&string->head, sizeof *string + size + 1);
    *bytes = string->bytes;
    *value = (cede_value){CEDE_STR, 1, {.object = &string->head}};
    return true;
}

bool cede__str_try_copy(const void *bytes, size_t size, cede_value *copy)
{
    char *room;

    if (!cede__str_try_new(size, &room, copy))
        return false;
    if (size)
        memcpy(room, bytes, size);
    return true;
}
