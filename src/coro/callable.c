/*
 * iter(callable, sentinel): calls a function until it returns the sentinel.
 *
 * Invariant: function is NULL from the moment the end has been seen, so it is
 * never called again (I04, I05). Semantics: iter() with two arguments in the
 * Python library reference.
 */
#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/generator.h"
#include "cede/iterator.h"

typedef struct callable {
    cede_object head;
    cede_function function; /* NULL: at its end */
    void *argument;
    cede_value sentinel; /* owned */
} callable;

static void finish(callable *iterator)
{
    cede_value sentinel = iterator->sentinel;

    iterator->function = NULL;
    iterator->sentinel = cede_none;
    cede_value_unref(sentinel);
}

/* False: the function raised StopIteration, which ends the iterator as well. */
static bool call(callable *iterator, cede_value *value)
{
    volatile bool returned = false;

    cede_try {
        cede_impl_frame_.where = NULL; /* no place of its own in a traceback */
        *value = cede_impl_call_function(iterator->function,
                                         iterator->argument);
        returned = true;
    } cede_except (cede_StopIteration, e) {
    } cede_end
    return returned;
}

static cede_object *owned_object(cede_value value)
{
    return value.owned ? value.as.object : NULL;
}

/* Both are held: comparing objects may run a user's code. */
static bool is_sentinel(const callable *iterator, cede_value item)
{
    cede_value sentinel = cede_value_ref(iterator->sentinel);
    cede__hold hold_sentinel, hold_item;
    bool equal;

    cede__hold_push(&hold_sentinel, owned_object(sentinel));
    cede__hold_push(&hold_item, owned_object(item));
    equal = cede_impl_value_equal(sentinel, item);
    cede__hold_pop(&hold_item);
    cede__hold_pop(&hold_sentinel);
    cede_value_unref(sentinel);
    return equal;
}

static bool next(void *self, cede_value *item)
{
    callable *iterator = self;
    cede_value value = cede_none;

    if (!iterator->function)
        return false;
    /* The function may use the iterator, and bring it to its end. */
    if (call(iterator, &value) && iterator->function &&
        !is_sentinel(iterator, value)) {
        *item = value;
        return true;
    }
    cede_value_unref(value);
    finish(iterator);
    return false;
}

static void destroy(void *self)
{
    finish(self);
}

static const cede_iterator_methods methods = {.next = next};

static const cede_class callable_class[1] = {{.name = "callable_iterator",
                                              .size = sizeof(callable),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .destroy = destroy,
                                              .iterator = &methods}};

void *cede_impl_iter_callable(cede_function function, void *argument,
                              cede_value sentinel)
{
    callable *iterator;
    cede__hold hold;

    cede__hold_push(&hold, owned_object(sentinel));
    iterator = cede_object_new(callable_class);
    cede__hold_pop(&hold);
    iterator->function = function;
    iterator->argument = argument;
    iterator->sentinel = sentinel;
    return iterator;
}
