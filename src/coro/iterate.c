/*
 * The iterator protocol from the caller's side: iter, next, and the record of
 * cede_for. Rules I01-I10, G19.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/exception.h"

#include "cede/generator.h"

static bool is_generator(const void *object)
{
    return cede_isinstance(object, cede_impl_generator_class);
}

static void raise_not_iterable(const cede_object *object) CEDE_IMPL_NORETURN;
static void raise_not_iterable(const cede_object *object)
{
    cede_raise(cede_TypeError, "'%s' object is not iterable",
               object ? object->object_class->name : "NULL");
}

void *cede_iter(void *iterable)
{
    cede_object *object = iterable;
    const cede_iterator_methods *methods;

    if (is_generator(object))
        return cede_ref(object);
    methods = object ? object->object_class->iterator : NULL;
    if (!methods || (!methods->iter && !methods->next))
        raise_not_iterable(object);
    if (!methods->iter)
        return cede_ref(object);
    object = methods->iter(object);
    if (!is_generator(object) &&
        (!object || !object->object_class->iterator ||
         !object->object_class->iterator->next)) {
        const char *name = object ? object->object_class->name : "NULL";

        cede_unref(object);
        cede_raise(cede_TypeError, "iter() returned non-iterator of type '%s'",
                   name);
    }
    return object;
}

void cede_impl_for_start(cede_impl_for_record *record, void *iterable)
{
    cede__hold hold;

    if (CEDE_IMPL_LIKELY(is_generator(iterable))) {
        record->iterator = iterable;
        record->methods = NULL;
        return;
    }
    cede__hold_push(&hold, iterable);
    record->iterator = cede_iter(iterable);
    cede__hold_pop(&hold);
    cede_unref(iterable);
    record->methods =
        is_generator(record->iterator)
            ? NULL
            : ((cede_object *)record->iterator)->object_class->iterator;
}

bool cede_impl_for_other(cede_impl_for_record *record)
{
    record->item = cede_none;
    return record->methods->next(record->iterator, &record->item);
}

/* The loop is left. A generator that only the loop held is closed here, where
   its clean-up may still raise and suspend. */
void cede_impl_for_end(void *self)
{
    cede_impl_for_record *record = self;
    cede_generator *generator = record->iterator;

    cede_value_unref(record->item);
    if (!record->methods && generator->head.references == 1 &&
        generator->coroutine.state == CEDE_IMPL_SUSPENDED) {
        cede__hold hold;

        cede__hold_push(&hold, generator);
        cede_value_unref(cede_generator_close(generator));
        cede__hold_pop(&hold);
    }
    cede_unref(generator);
}

bool cede_impl_next_or_end(void *iterator, cede_value *item,
                           const cede_location *where)
{
    cede_object *object = iterator;

    if (is_generator(object))
        return cede_impl_resume(iterator, cede_none, item, where);
    if (!object || !object->object_class->iterator ||
        !object->object_class->iterator->next)
        cede_raise(cede_TypeError, "'%s' object is not an iterator",
                   object ? object->object_class->name : "NULL");
    *item = cede_none;
    return object->object_class->iterator->next(iterator, item);
}

cede_value cede_impl_next_item(void *iterator, const cede_location *where)
{
    cede_exception *stop;
    cede_value item;

    if (cede_impl_next_or_end(iterator, &item, where))
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
