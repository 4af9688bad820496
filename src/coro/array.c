/*
 * Arrays of C as iterables: a pointer, a count, and how to read an element.
 *
 * It never writes to the elements and owns none of them. Semantics: iterating
 * over array.array in the Python library reference; rules I01, I04.
 */
#include "cede/array.h"

#include "flow/flow.h"
#include "value/object.h"

#include <string.h>

struct cede_array {
    cede_object head;
    const char *elements;
    size_t count;
    size_t size; /* of an element, in bytes */
    enum cede_impl_element element;
};

typedef struct array_iterator {
    cede_object head;
    cede_array *array; /* owned; NULL: at its end */
    size_t index;
} array_iterator;

/* The lowest `size` bytes of a number, on a little-endian machine or not. */
static uint64_t bits(const void *at, size_t size)
{
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    switch (size) {
    case 1:
        memcpy(&one, at, sizeof one);
        return one;
    case 2:
        memcpy(&two, at, sizeof two);
        return two;
    case 4:
        memcpy(&four, at, sizeof four);
        return four;
    default:
        memcpy(&eight, at, sizeof eight);
        return eight;
    }
}

static int64_t with_sign(uint64_t number, size_t size)
{
    unsigned unused = 64 - 8 * (unsigned)size;

    return (int64_t)(number << unused) >> unused;
}

static double real(const void *at, size_t size)
{
    float narrow;
    double wide;

    if (size == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

static cede_value string_or_none(const char *const *at)
{
    return *at ? cede_str(*at) : cede_none;
}

static cede_value element(const cede_array *array, size_t index)
{
    const void *at = array->elements + index * array->size;

    switch (array->element) {
    case CEDE_IMPL_ELEMENT_BOOL:
        return cede_bool(*(const bool *)at);
    case CEDE_IMPL_ELEMENT_SIGNED:
        return cede_int(with_sign(bits(at, array->size), array->size));
    case CEDE_IMPL_ELEMENT_UNSIGNED:
        return cede_int((int64_t)bits(at, array->size));
    case CEDE_IMPL_ELEMENT_REAL:
        return cede_float(real(at, array->size));
    case CEDE_IMPL_ELEMENT_STR:
        return string_or_none(at);
    case CEDE_IMPL_ELEMENT_POINTER:
        return cede_pointer(*(void *const *)at);
    case CEDE_IMPL_ELEMENT_VALUE:
        return cede_value_ref(*(const cede_value *)at);
    default:
        return cede_pointer(at);
    }
}

static void finish(array_iterator *iterator)
{
    cede_array *array = iterator->array;

    iterator->array = NULL;
    cede_unref(array);
}

static bool next(void *self, cede_value *item)
{
    array_iterator *iterator = self;

    if (!iterator->array)
        return false;
    if (iterator->index == iterator->array->count) {
        finish(iterator);
        return false;
    }
    *item = element(iterator->array, iterator->index++);
    return true;
}

static void destroy_iterator(void *self)
{
    finish(self);
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class iterator_class[1] = {{.name = "array_iterator",
                                              .size = sizeof(array_iterator),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .destroy = destroy_iterator,
                                              .iterator = &iterator_methods}};

static void *iter(void *self)
{
    array_iterator *iterator = cede_object_new(iterator_class);

    iterator->array = cede_ref((cede_array *)self);
    return iterator;
}

static size_t len(void *self)
{
    return ((cede_array *)self)->count;
}

static cede_value getitem(void *self, int64_t index)
{
    const cede_array *array = self;
    uint64_t at = (uint64_t)index + (index < 0 ? array->count : 0);

    if (at >= array->count)
        cede_raise(cede_IndexError, "array index out of range");
    return element(array, (size_t)at);
}

static const cede_iterator_methods array_methods = {.iter = iter};
static const cede_sequence_methods sequence_methods = {len, getitem};

static const cede_class array_class[1] = {{.name = "array",
                                           .size = sizeof(cede_array),
                                           .iterator = &array_methods,
                                           .sequence = &sequence_methods}};

cede_array *cede_impl_array_new(const void *elements, size_t count, size_t size,
                                enum cede_impl_element element)
{
    cede_array *array = cede_object_new(array_class);

    array->elements = elements;
    array->count = count;
    array->size = size;
    array->element = element;
    return array;
}
