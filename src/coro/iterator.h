/*
 * Iterators as this room uses them: asking one for its next item, closing one,
 * and the head of the iterators that draw from others (combinators).
 */
#pragma once

#include "cede/generator.h"

/* Has it next? Can cede_iter make one of it? Borrowed, NULL allowed. */
bool cede__is_iterator(const void *iterator);
bool cede__is_iterable(const void *iterable);

/*
 * next, send, throw of an iterator that cede_iter returned: true and *item, or
 * false at its end and *item is its value, the caller's either way. A
 * StopIteration that a user's class raises is its end (I02, Y13); whatever else
 * is raised goes on. `where` is the place of whoever iterates, for tracebacks.
 * Only classes that are not the runtime's own pay for the catching. send and
 * throw are for iterators that are no generators and have the method.
 */
bool cede__iterator_next(void *iterator, cede_value *item,
                         const cede_location *where);
bool cede__iterator_send(void *iterator, cede_value sent, cede_value *item,
                         const cede_location *where);
bool cede__iterator_throw(void *iterator, cede_exception *thrown,
                          cede_value *item, const cede_location *where);

/*
 * Before its holder gives an iterator up: closes a suspended generator, or what
 * a combinator draws from, if nobody else holds it. Here the clean-up may still
 * raise and suspend, which in cede_unref it may not.
 */
void cede__iterator_close(void *iterator);

/* Closes as above and gives up what a slot holds, which is NULL afterwards. */
void cede__iterator_drop(void **slot);

/* An iterator over what can only be indexed (I03). Borrows it. */
void *cede__iter_by_index(void *sequence);

/*
 * The head of a combinator. Its class has CEDE__CLASS_COMBINATOR; size is that
 * of the whole struct, a multiple of a pointer's, and the slots stand behind.
 */
typedef struct cede__combinator {
    cede_object head;
    /* Of whoever asked for the last item: it resumes the sources. */
    const cede_location *where;
    size_t count;   /* of slots in use */
    void **sources; /* owned; NULL: given up */
} cede__combinator;

/* A combinator over one iterable: takes its reference, also when it raises
   MemoryError, or what iter(iterable) does. */
void *cede__combinator_over(const cede_class *combinator_class, void *iterable)
    CEDE_IMPL_USE_RESULT;

/*
 * One over several, which are evaluated between begin and end: in this time
 * the record owns it. begin makes room for `count` slots; without memory it
 * makes nothing, and end raises MemoryError. end returns it with the sources
 * put in.
 */
void cede__combinator_begin(cede_impl_defer *record,
                            const cede_class *combinator_class, size_t count);
void *cede__combinator_end(cede_impl_defer *record) CEDE_IMPL_USE_RESULT;

/* Replaces each source by iter(source). What it raises gives the combinator
   up. */
void cede__combinator_open(void *combinator);

/* The next item from the source in a slot; false at its end, or when it has been
   given up, and then there is no value: a combinator has none of its own. */
bool cede__combinator_draw(cede__combinator *combinator, size_t slot,
                           cede_value *item);

/* For every combinator's class. close: what only it holds is closed, the last
   source first, if nobody else holds the combinator. */
void cede__combinator_close(void *combinator);
void cede__combinator_destroy(void *combinator);
