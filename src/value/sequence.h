/*
 * sequence.h - tuples and lists in memory
 *
 * Knows: their layout, and how to make and destroy them. Does not know: how
 * they are read and changed by users (flow/tuple.c, flow/list.c), for that
 * raises.
 *
 * Invariants: items[0] to items[size - 1] are values, each with a reference of
 * its own; a list's items are NULL while its capacity is 0. A tuple's items
 * stay as they are until it is destroyed, so it may be read anywhere.
 */
#pragma once

#include "cede/value.h"

struct cede_tuple {
    cede_object head;
    size_t size;
    cede_value items[];
};

struct cede_list {
    cede_object head;
    size_t size;
    size_t capacity;
    cede_value *items; /* a block of its own */
};

extern const cede_class cede__tuple_class[1];
extern const cede_class cede__list_class[1];

/* With room for `size` items, and none in it yet: size is 0. NULL: no memory.
   tuple->size is the caller's to count up. */
struct cede_tuple *cede__tuple_try_new(size_t size);

/* Makes room for `capacity` items at least. False: no memory. */
bool cede__list_reserve(struct cede_list *list, size_t capacity);

/* Their classes' destroy. */
void cede__tuple_destroy(void *self);
void cede__list_destroy(void *self);

/* The items of a tuple or list as they are now; false for other objects. The
   array is the object's, and a list's moves when it grows. */
bool cede__sequence_items(const void *object, const cede_value **items,
                          size_t *size);

/* The sequence methods of the object's class or the nearest base that has
   some; NULL if none has. */
const cede_sequence_methods *cede__sequence_methods(const void *object);
