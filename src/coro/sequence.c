/*
 * Iterators over what can only be indexed, forwards and backwards.
 *
 * Knows the sequence methods of a class and nothing of any one sequence.
 * Invariant: an iterator that has come to its end has given its sequence up,
 * so it stays there though the sequence may grow. Semantics: iter(), reversed()
 * and "object.__getitem__" in the Python references; rules I03, I04.
 */
#include "value/sequence.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/itertools.h"

typedef struct sequence_iterator {
    cede_object head;
    void *sequence; /* owned; NULL: at its end */
    int64_t index;  /* of the next item */
    int64_t step;   /* 1 or -1 */
} sequence_iterator;

static void finish(sequence_iterator *iterator)
{
    void *sequence = iterator->sequence;

    iterator->sequence = NULL;
    cede_unref(sequence);
}

/* The item at the iterator's index, or false: there is none. Both exceptions
   mean so; anything else goes on, and the next call asks again. getitem may
   itself bring the iterator to its end, so the sequence is held. */
static bool get(const sequence_iterator *iterator, cede_value *item)
{
    void *sequence = cede_ref(iterator->sequence);
    volatile bool found = false;
    cede_defer (cede_unref, sequence);

    cede_try {
        cede_impl_frame_.where = NULL; /* no place of its own in a traceback */
        *item = cede__sequence_methods(sequence)->getitem(sequence,
                                                          iterator->index);
        found = true;
    } cede_except (cede_IndexError, e) {
    } cede_except (cede_StopIteration, e) {
    } cede_end
    return found;
}

static bool next(void *self, cede_value *item)
{
    sequence_iterator *iterator = self;

    if (!iterator->sequence)
        return false;
    if (iterator->index < 0 || !get(iterator, item)) {
        finish(iterator);
        return false;
    }
    if (iterator->index < INT64_MAX)
        iterator->index += iterator->step;
    return true;
}

static void destroy(void *self)
{
    finish(self);
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class iterator_class[1] = {{.name = "iterator",
                                              .size = sizeof(sequence_iterator),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .destroy = destroy,
                                              .iterator = &iterator_methods}};

static const cede_class reversed_class[1] = {{.name = "reversed",
                                              .size = sizeof(sequence_iterator),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .destroy = destroy,
                                              .iterator = &iterator_methods}};

void *cede__iter_by_index(void *sequence)
{
    sequence_iterator *iterator = cede_object_new(iterator_class);

    iterator->sequence = cede_ref(sequence);
    iterator->step = 1;
    return iterator;
}

void *cede_reversed(void *sequence)
{
    const cede_sequence_methods *methods = cede__sequence_methods(sequence);
    sequence_iterator *iterator;
    cede__hold hold;

    cede__check_given(sequence);
    cede__hold_push(&hold, sequence);
    if (!methods || !methods->len || !methods->getitem)
        cede_raise(cede_TypeError, "'%s' object is not reversible",
                   cede__class_name(sequence));
    iterator = cede_object_new(reversed_class);
    cede__hold_pop(&hold);
    iterator->sequence = sequence;
    iterator->step = -1;
    iterator->index = (int64_t)methods->len(sequence) - 1;
    return iterator;
}
