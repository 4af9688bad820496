/*
 * zip: a tuple of an item from each source, until the shortest ends. Sources
 * are asked from the first to the last, and those behind the one that ends are
 * not asked. Semantics: zip() in the Python library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"
#include "value/sequence.h"

static bool next(void *self, cede_value *item)
{
    cede__combinator *zip = self;
    struct cede_tuple *tuple = cede__tuple_try_new(zip->count);
    cede__hold hold;

    if (!tuple)
        cede_raise(cede_MemoryError);
    cede__hold_push(&hold, tuple);
    while (tuple->size < zip->count &&
           cede__combinator_draw(zip, tuple->size, &tuple->items[tuple->size]))
        tuple->size++;
    cede__hold_pop(&hold);
    if (tuple->size == zip->count && zip->count > 0) {
        *item = cede_object(tuple);
        return true;
    }
    cede_unref(tuple);
    return false;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class zip_class[1] = {
    {.name = "zip",
     .size = sizeof(cede__combinator),
     .flags = CEDE__CLASS_COMBINATOR | CEDE__CLASS_NEVER_STOPS,
     .destroy = cede__combinator_destroy,
     .iterator = &methods}};

void cede_impl_zip_begin(cede_impl_defer *record, size_t count)
{
    cede__combinator_begin(record, zip_class, count);
}

void *cede_impl_zip_end(cede_impl_defer *record)
{
    void *zip = cede__combinator_end(record);

    cede__combinator_open(zip);
    return zip;
}
