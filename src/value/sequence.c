/*
 * Tuples and lists: memory, items, the end. Python: PyTuple_New, list_resize;
 * "Sequence Types", library reference.
 */
#include "value/sequence.h"

#include "base/memory.h"
#include "value/object.h"

struct cede_tuple *cede__tuple_try_new(size_t size)
{
    struct cede_tuple *tuple = NULL;

    if (size <= (SIZE_MAX / 2 - sizeof *tuple) / sizeof *tuple->items)
        tuple = cede__malloc(sizeof *tuple + size * sizeof *tuple->items);
    if (tuple) {
        tuple->head = (cede_object){cede__tuple_class, 1, 0};
        tuple->size = 0;
        cede__object_born(&tuple->head,
                          sizeof *tuple + size * sizeof *tuple->items);
    }
    return tuple;
}

/* A list grows by an eighth and a little, as CPython's. */
bool cede__list_reserve(struct cede_list *list, size_t capacity)
{
    size_t room = capacity + capacity / 8 + 6;
    cede_value *items;

    if (capacity <= list->capacity)
        return true;
    if (capacity > SIZE_MAX / 4 / sizeof *items)
        return false;
    items = cede__realloc(list->items, room * sizeof *items);
    if (!items)
        return false;
    list->items = items;
    list->capacity = room;
    return true;
}

/* From the last item to the first, as CPython: what their ends run, prints. */
void cede__tuple_destroy(void *self)
{
    struct cede_tuple *tuple = self;

    while (tuple->size > 0)
        cede_value_unref(tuple->items[--tuple->size]);
}

void cede__list_destroy(void *self)
{
    struct cede_list *list = self;

    while (list->size > 0)
        cede_value_unref(list->items[--list->size]);
    cede__free(list->items);
}

bool cede__sequence_items(const void *object, const cede_value **items,
                          size_t *size)
{
    const cede_class *object_class =
        ((const cede_object *)object)->object_class;

    if (object_class == cede__tuple_class) {
        *size = ((const struct cede_tuple *)object)->size;
        *items = ((const struct cede_tuple *)object)->items;
        return true;
    }
    if (object_class == cede__list_class) {
        *size = ((const struct cede_list *)object)->size;
        *items = ((const struct cede_list *)object)->items;
        return true;
    }
    *size = 0;
    *items = NULL;
    return false;
}

const cede_sequence_methods *cede__sequence_methods(const void *object)
{
    const cede_object *head = object;
    const cede_class *object_class = head ? head->object_class : NULL;

    while (object_class && !object_class->sequence)
        object_class = object_class->base;
    return object_class ? object_class->sequence : NULL;
}
