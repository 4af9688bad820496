/*
 * Sequences: len, indexing, and the iterators of tuples and lists.
 *
 * An iterator asks its list for the size at every step and lets go of it at
 * the end, as CPython's (Objects/listobject.c, listiter_next); rules I03, I04;
 * "Emulating container types", data model 3.3.7.
 */
#include "flow/sequence.h"

#include "value/object.h"

#include "cede/try.h"

typedef struct iterator {
    cede_object head;
    cede_object *source; /* NULL: came to the end */
    size_t index;
} iterator;

size_t cede_len(void *object)
{
    const cede_sequence_methods *methods = cede__sequence_methods(object);

    if (!methods || !methods->len)
        cede_raise(cede_TypeError, "object of type '%s' has no len()",
                   cede__class_name(object));
    return methods->len(object);
}

cede_value cede_getitem(void *object, int64_t index)
{
    const cede_sequence_methods *methods = cede__sequence_methods(object);

    if (!methods || !methods->getitem)
        cede_raise(cede_TypeError, "'%s' object is not subscriptable",
                   cede__class_name(object));
    return methods->getitem(object, index);
}

size_t cede__sequence_place(int64_t index, size_t size, const char *message)
{
    if (index < 0)
        index += (int64_t)size;
    if (index < 0 || (uint64_t)index >= size)
        cede_raise(cede_IndexError, "%s", message);
    return (size_t)index;
}

/* ---- iterators ----------------------------------------------------------- */

static bool next(void *self, cede_value *item)
{
    iterator *it = self;
    cede_object *source = it->source;
    const cede_value *items;
    size_t size;

    if (!source)
        return false;
    cede__sequence_items(source, &items, &size);
    if (it->index < size) {
        *item = cede_value_ref(items[it->index++]);
        return true;
    }
    it->source = NULL;
    cede_unref(source);
    return false;
}

static void destroy(void *self)
{
    cede_unref(((iterator *)self)->source);
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class tuple_iterator_class[1] = {
    {.name = "tuple_iterator",
     .size = sizeof(iterator),
     .flags = CEDE__CLASS_NEVER_STOPS,
     .destroy = destroy,
     .iterator = &iterator_methods}};

static const cede_class list_iterator_class[1] = {
    {.name = "list_iterator",
     .size = sizeof(iterator),
     .flags = CEDE__CLASS_NEVER_STOPS,
     .destroy = destroy,
     .iterator = &iterator_methods}};

void *cede__items_iter(void *self)
{
    const cede_object *source = self;
    iterator *it = cede_object_new(source->object_class == cede__tuple_class
                                       ? tuple_iterator_class
                                       : list_iterator_class);

    it->source = cede_ref(self);
    return it;
}
