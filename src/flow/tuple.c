/*
 * Tuples as their users see them; value/sequence.c has their memory. Python:
 * "Tuples" in the library reference; messages are CPython's.
 */
#include "flow/sequence.h"

#include "cede/debug.h"
#include "cede/tuple.h"
#include "cede/try.h"

#include <string.h>

/* Without memory the items are still taken, and given up; the end raises. */
void cede_impl_tuple_begin(cede_impl_defer *record, size_t size)
{
    cede_impl_defer_push(record, cede_unref, cede__tuple_try_new(size));
}

void cede_impl_tuple_put(cede_impl_defer *record, cede_value item)
{
    cede_tuple *tuple = record->argument;

    if (tuple)
        tuple->items[tuple->size++] = item;
    else
        cede_value_unref(item);
}

cede_tuple *cede_impl_tuple_end(cede_impl_defer *record)
{
    record->flow->top = record->record.previous;
    record->record.state = 0;
    if (!record->argument)
        cede_raise(cede_MemoryError);
    return record->argument;
}

cede_tuple *cede_tuple_new(const cede_value *items, size_t size)
{
    cede_tuple *tuple = cede__tuple_try_new(size);

    if (!tuple) {
        while (size > 0)
            cede_value_unref(items[--size]);
        cede_raise(cede_MemoryError);
    }
    if (size)
        memcpy(tuple->items, items, size * sizeof *items);
    tuple->size = size;
    return tuple;
}

size_t cede_tuple_size(const cede_tuple *tuple)
{
    cede_check_alive(tuple);
    return tuple->size;
}

cede_value cede_tuple_get(const cede_tuple *tuple, int64_t index)
{
    cede_check_alive(tuple);
    return tuple->items[cede__sequence_place(index, tuple->size,
                                             "tuple index out of range")];
}

static size_t len(void *self)
{
    return cede_tuple_size(self);
}

static cede_value getitem(void *self, int64_t index)
{
    return cede_value_ref(cede_tuple_get(self, index));
}

static const cede_iterator_methods iterator_methods = {.iter =
                                                           cede__items_iter};

static const cede_sequence_methods sequence_methods = {.len = len,
                                                       .getitem = getitem};

const cede_class cede__tuple_class[1] = {{.name = "tuple",
                                          .size = sizeof(cede_tuple),
                                          .flags = CEDE_CLASS_CONTAINER,
                                          .destroy = cede__tuple_destroy,
                                          .iterator = &iterator_methods,
                                          .sequence = &sequence_methods}};
