/*
 * What iterators that draw from others have in common: slots for the sources,
 * and closing.
 *
 * A source belongs to its combinator alone as long as nobody else took a
 * reference, and then a generator at the end of any row of combinators is
 * closed where the row is given up: by the loop that is left (cede_for), where
 * its clean-up may raise and suspend, else by the last cede_unref. Python: the
 * reference count of an itertools object; there all of it happens in the
 * destructor.
 */
#include "coro/iterator.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/itertools.h"

/* NULL: no memory. */
static cede__combinator *try_new(const cede_class *combinator_class,
                                 size_t count)
{
    size_t size = combinator_class->size + count * sizeof(void *);
    cede__combinator *combinator = cede__calloc(1, size);

    if (combinator) {
        combinator->head = (cede_object){combinator_class, 1, 0};
        combinator->sources =
            (void **)((char *)combinator + combinator_class->size);
        cede__object_born(&combinator->head, size);
    }
    return combinator;
}

/* Takes the source. */
static void put(cede__combinator *combinator, void *source)
{
    if (combinator)
        combinator->sources[combinator->count++] = source;
    else
        cede_unref(source);
}

void *cede__combinator_over(const cede_class *combinator_class, void *iterable)
{
    cede__combinator *combinator;

    cede__check_given(iterable);
    combinator = try_new(combinator_class, 1);
    put(combinator, iterable);
    if (!combinator)
        cede_raise(cede_MemoryError);
    cede__combinator_open(combinator);
    return combinator;
}

void cede__combinator_begin(cede_impl_defer *record,
                            const cede_class *combinator_class, size_t count)
{
    cede_impl_defer_push(record, cede_unref, try_new(combinator_class, count));
}

void cede_impl_source_put(cede_impl_defer *record, void *source)
{
    cede__check_given(source);
    put(record->argument, source);
}

void *cede__combinator_end(cede_impl_defer *record)
{
    record->flow->top = record->record.previous;
    record->record.state = 0;
    if (!record->argument)
        cede_raise(cede_MemoryError);
    return record->argument;
}

void cede__combinator_open(void *self)
{
    cede__combinator *combinator = self;
    cede__hold hold;

    cede__hold_push(&hold, combinator);
    for (size_t i = 0; i < combinator->count; i++) {
        void *source = combinator->sources[i];

        combinator->sources[i] = cede_iter(source);
        cede_unref(source);
    }
    cede__hold_pop(&hold);
}

bool cede__combinator_draw(cede__combinator *combinator, size_t slot,
                           cede_value *item)
{
    void *source = combinator->sources[slot];

    if (source && cede__iterator_next(source, item, combinator->where))
        return true;
    if (source)
        cede_value_unref(*item);
    *item = cede_none;
    return false;
}

/* All the sources are dropped, whatever dropping one raises; what the next one
   raises then has that as its context. */
static void close_sources(cede__combinator *combinator, size_t count)
{
    while (count > 0 && !combinator->sources[count - 1])
        count--;
    if (count == 0)
        return;
    if (count == 1) {
        cede__iterator_drop(&combinator->sources[0]);
        return;
    }
    cede_try {
        cede__iterator_drop(&combinator->sources[count - 1]);
    } cede_finally {
        close_sources(combinator, count - 1);
    } cede_end
}

void cede__combinator_close(void *self)
{
    cede__combinator *combinator = self;

    if (combinator->head.references == 1)
        close_sources(combinator, combinator->count);
}

void cede__combinator_destroy(void *self)
{
    cede__combinator *combinator = self;

    while (combinator->count > 0)
        cede_unref(combinator->sources[--combinator->count]);
}
