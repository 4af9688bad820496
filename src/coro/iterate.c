/*
 * The iterator protocol from the caller's side: iter, next, and the record of
 * cede_for. Rules I01-I10, G19.
 *
 * A user's class may say its end in two ways, by returning false and by raising
 * StopIteration; from here on there is one. Generators never raise it (PEP
 * 479), and the runtime's own iterators are marked, so neither pays for that.
 */
#include "coro/coroutine.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"
#include "value/sequence.h"

#include "cede/generator.h"

/* Nearly all are of the class itself. */
static inline bool is_generator(const void *object)
{
    const cede_object *head = object;

    return head && (CEDE_IMPL_LIKELY(head->object_class ==
                                     cede_impl_generator_class) ||
                    cede_isinstance(head, cede_impl_generator_class));
}

bool cede__is_iterator(const void *iterator)
{
    const cede_object *object = iterator;

    return is_generator(object) || (object && object->object_class->iterator &&
                                    object->object_class->iterator->next);
}

static bool has_iter(const cede_object *object)
{
    return cede__is_iterator(object) ||
           (object && object->object_class->iterator &&
            object->object_class->iterator->iter);
}

bool cede__is_iterable(const void *iterable)
{
    const cede_sequence_methods *sequence = cede__sequence_methods(iterable);

    return has_iter(iterable) || (sequence && sequence->getitem);
}

bool cede_isiterator(const void *object)
{
    if (object)
        cede_check_alive((const cede_object *)object);
    return cede__is_iterator(object);
}

bool cede_isiterable(const void *object)
{
    if (object)
        cede_check_alive((const cede_object *)object);
    return has_iter(object);
}

/* What iter() of a class returned, which is now the caller's. */
static void *check_iterator(cede_object *iterator)
{
    const char *name = cede__class_name(iterator);

    if (cede__is_iterator(iterator))
        return iterator;
    cede_unref(iterator);
    cede_raise(cede_TypeError, "iter() returned non-iterator of type '%s'",
               name);
}

void *cede_iter(void *iterable)
{
    cede_object *object = iterable;
    const cede_class *its = object ? object->object_class : NULL;
    const cede_sequence_methods *sequence;

    if (is_generator(object))
        return cede_ref(object);
    if (its && its->iterator && its->iterator->iter)
        return check_iterator(its->iterator->iter(object));
    if (cede__is_iterator(object))
        return cede_ref(object);
    sequence = cede__sequence_methods(object);
    if (sequence && sequence->getitem)
        return cede__iter_by_index(object);
    cede_raise(cede_TypeError, "'%s' object is not iterable",
               cede__class_name(object));
}

/* ---- the end, in both ways of saying it ---------------------------------- */

/* What is asked of an iterator: thrown, else sent, else next. */
typedef struct request {
    cede_exception *thrown;
    cede_value sent;
} request;

static bool take_step(void *iterator, const request *asked, cede_value *item)
{
    const cede_iterator_methods *methods =
        ((cede_object *)iterator)->object_class->iterator;

    if (asked->thrown)
        return methods->throw_(iterator, asked->thrown, item);
    if (!cede_is_none(asked->sent))
        return methods->send(iterator, asked->sent, item);
    return methods->next(iterator, item);
}

static bool step_or_stop(void *iterator, const request *asked, cede_value *item,
                         const cede_location *where)
{
    volatile bool more = false;

    cede_try {
        cede_impl_frame_.where = where; /* not this place: who iterates */
        more = take_step(iterator, asked, item);
    } cede_except (cede_StopIteration, stop) {
        *item = cede_value_ref(cede_exception_value(stop));
    } cede_end
    return more;
}

/* Of an iterator that is no generator. */
static bool step_other(void *iterator, const request *asked, cede_value *item,
                       const cede_location *where)
{
    const cede_class *its = ((cede_object *)iterator)->object_class;

    *item = cede_none;
    if (its->flags & CEDE__CLASS_COMBINATOR)
        ((cede__combinator *)iterator)->where = where;
    return its->flags & CEDE__CLASS_NEVER_STOPS
               ? take_step(iterator, asked, item)
               : step_or_stop(iterator, asked, item, where);
}

bool cede__iterator_next(void *iterator, cede_value *item,
                         const cede_location *where)
{
    if (is_generator(iterator))
        return cede_impl_resume(iterator, cede_none, item, where);
    return step_other(iterator, &(request){.sent = cede_none}, item, where);
}

bool cede__iterator_send(void *iterator, cede_value sent, cede_value *item,
                         const cede_location *where)
{
    return step_other(iterator, &(request){.sent = sent}, item, where);
}

bool cede__iterator_throw(void *iterator, cede_exception *thrown,
                          cede_value *item, const cede_location *where)
{
    return step_other(iterator, &(request){thrown, cede_none}, item, where);
}

/* ---- giving an iterator up ----------------------------------------------- */

static bool is_combinator(const cede_object *object)
{
    return object->object_class->flags & CEDE__CLASS_COMBINATOR;
}

/* Suspended, and whoever asks is the only one who knows it. */
static bool needs_closing(const cede_generator *generator)
{
    return generator->head.references == 1 &&
           generator->coroutine.state == CEDE_IMPL_SUSPENDED;
}

void cede__iterator_close(void *iterator)
{
    cede_object *object = iterator;

    if (is_combinator(object))
        object->object_class->iterator->close(object);
    else if (is_generator(object) && needs_closing(iterator))
        cede_value_unref(cede_generator_close(iterator));
}

void cede__iterator_drop(void **slot)
{
    void *iterator = *slot;
    cede__hold hold;

    *slot = NULL;
    if (!iterator)
        return;
    cede__hold_push(&hold, iterator);
    cede__iterator_close(iterator);
    cede__hold_pop(&hold);
    cede_unref(iterator);
}

/* ---- cede_for ------------------------------------------------------------ */

static void start_other(cede_impl_for_record *record, void *iterable)
    __attribute__((noinline));
static void start_other(cede_impl_for_record *record, void *iterable)
{
    cede__hold hold;

    cede__check_given(iterable);
    cede__hold_push(&hold, iterable);
    record->iterator = cede_iter(iterable);
    cede__hold_pop(&hold);
    cede_unref(iterable);
    record->methods =
        is_generator(record->iterator)
            ? NULL
            : ((cede_object *)record->iterator)->object_class->iterator;
}

void cede_impl_for_start(cede_impl_for_record *record, void *iterable)
{
    if (CEDE_IMPL_UNLIKELY(!is_generator(iterable))) {
        start_other(record, iterable);
        return;
    }
    record->iterator = iterable;
    record->methods = NULL;
}

bool cede_impl_for_other(cede_impl_for_record *record)
{
    return step_other(record->iterator, &(request){.sent = cede_none},
                      &record->item, record->where);
}

/* The loop is left. A generator that only the loop held, itself or through
   combinators, is closed here, where its clean-up may still raise and
   suspend. */
void cede_impl_for_end(void *self)
{
    cede_impl_for_record *record = self;

    cede_value_unref(record->item);
    if (CEDE_IMPL_LIKELY(!record->methods &&
                         cede__generator_is_spent(record->iterator)))
        cede__generator_free(record->iterator);
    else if (record->methods ? is_combinator(record->iterator)
                             : needs_closing(record->iterator))
        cede__iterator_drop(&record->iterator);
    else
        cede_unref(record->iterator);
}

/* ---- next ---------------------------------------------------------------- */

static void check_is_iterator(const cede_object *object)
{
    if (!cede__is_iterator(object))
        cede_raise(cede_TypeError, "'%s' object is not an iterator",
                   cede__class_name(object));
}

bool cede_impl_next_or_end(void *iterator, cede_value *item,
                           const cede_location *where)
{
    check_is_iterator(iterator);
    return cede__iterator_next(iterator, item, where);
}

/* The StopIteration of a user's class is not caught, but goes on. */
cede_value cede_impl_next_item(void *iterator, const cede_location *where)
{
    cede_exception *stop;
    cede_value item = cede_none;
    bool more;

    check_is_iterator(iterator);
    if (is_generator(iterator)) {
        more = cede_impl_resume(iterator, cede_none, &item, where);
    } else {
        if (is_combinator(iterator))
            ((cede__combinator *)iterator)->where = where;
        more = take_step(iterator, &(request){.sent = cede_none}, &item);
    }
    if (more)
        return item;
    stop = cede__exception_make(cede_StopIteration, NULL);
    cede_exception_set_value(stop, item);
    cede__raise(stop, where);
}

cede_value cede_impl_next_default(void *iterator, cede_value fallback,
                                  const cede_location *where)
{
    cede__hold hold;
    cede_value item;

    cede__hold_push(&hold, fallback.owned ? fallback.as.object : NULL);
    if (cede_impl_next_or_end(iterator, &item, where)) {
        cede__hold_pop(&hold);
        cede_value_unref(fallback);
        return item;
    }
    cede__hold_pop(&hold);
    cede_value_unref(item);
    return fallback;
}
