/*
 * Lists as their users see them; value/sequence.c has their memory. Python:
 * "Lists" and "Mutable Sequence Types" in the library reference; messages are
 * CPython's.
 */
#include "flow/sequence.h"

#include "flow/flow.h"
#include "value/object.h"

#include "cede/list.h"

#include <string.h>

cede_list *cede_list_new(void)
{
    return cede_object_new(cede__list_class);
}

/* The item is taken in any case. */
static bool append(cede_list *list, cede_value item)
{
    if (!cede__list_reserve(list, list->size + 1)) {
        cede_value_unref(item);
        return false;
    }
    list->items[list->size++] = item;
    return true;
}

/* Without memory the items are still taken, and given up; the end raises. */
void cede_impl_list_begin(cede_impl_defer *record)
{
    cede_impl_defer_push(record, cede_unref,
                         cede__object_try_new(cede__list_class));
}

void cede_impl_list_put(cede_impl_defer *record, cede_value item)
{
    cede_list *list = record->argument;

    if (!list) {
        cede_value_unref(item);
    } else if (!append(list, item)) {
        record->argument = NULL;
        cede_unref(list);
    }
}

cede_list *cede_impl_list_end(cede_impl_defer *record)
{
    record->flow->top = record->record.previous;
    record->record.state = 0;
    if (!record->argument)
        cede_raise(cede_MemoryError);
    return record->argument;
}

void cede_impl_list_append(cede_list *list, cede_value item)
{
    cede__check_alive_to_take(list, item);
    if (!append(list, item))
        cede_raise(cede_MemoryError);
}

size_t cede_list_size(const cede_list *list)
{
    cede_check_alive(list);
    return list->size;
}

cede_value cede_list_get(const cede_list *list, int64_t index)
{
    cede_check_alive(list);
    return list->items[cede__sequence_place(index, list->size,
                                            "list index out of range")];
}

/* What the old item's end runs may look at the list: it is in order then. */
void cede_impl_list_set(cede_list *list, int64_t index, cede_value item)
{
    cede_value old;

    cede__check_alive_to_take(list, item);
    if (index < 0)
        index += (int64_t)list->size;
    if (index < 0 || (uint64_t)index >= list->size) {
        cede_value_unref(item);
        cede_raise(cede_IndexError, "list assignment index out of range");
    }
    old = list->items[index];
    list->items[index] = item;
    cede_value_unref(old);
}

cede_value cede_list_pop(cede_list *list, int64_t index)
{
    cede_value item;
    size_t place;

    cede_check_alive(list);
    place = cede__sequence_place(index, list->size,
                                 list->size ? "pop index out of range"
                                            : "pop from empty list");
    item = list->items[place];
    list->size--;
    memmove(list->items + place, list->items + place + 1,
            (list->size - place) * sizeof item);
    return item;
}

static bool are_one_object(cede_value a, cede_value b)
{
    return a.kind == CEDE_OBJECT && b.kind == CEDE_OBJECT &&
           a.as.object == b.as.object;
}

/* The item is kept: what compares it may change the list. */
static bool equals_item(const cede_list *list, size_t place, cede_value value)
{
    cede_value item = list->items[place];
    cede__hold hold;
    bool equal;

    if (are_one_object(item, value))
        return true;
    cede_value_ref(item);
    cede__hold_push(&hold, item.owned ? item.as.object : NULL);
    equal = cede_impl_value_equal(item, value);
    cede__hold_pop(&hold);
    cede_value_unref(item);
    return equal;
}

void cede_impl_list_remove(cede_list *list, cede_value value)
{
    cede_check_alive(list);
    for (size_t place = 0; place < list->size; place++) {
        if (equals_item(list, place, value)) {
            if (place < list->size)
                cede_value_unref(cede_list_pop(list, (int64_t)place));
            return;
        }
    }
    cede_raise(cede_ValueError, "list.remove(x): x not in list");
}

static size_t len(void *self)
{
    return cede_list_size(self);
}

static cede_value getitem(void *self, int64_t index)
{
    return cede_value_ref(cede_list_get(self, index));
}

static const cede_iterator_methods iterator_methods = {.iter =
                                                           cede__items_iter};

static const cede_sequence_methods sequence_methods = {.len = len,
                                                       .getitem = getitem};

const cede_class cede__list_class[1] = {{.name = "list",
                                         .size = sizeof(cede_list),
                                         .flags = CEDE_CLASS_CONTAINER,
                                         .destroy = cede__list_destroy,
                                         .iterator = &iterator_methods,
                                         .sequence = &sequence_methods}};
