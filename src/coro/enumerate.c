/*
 * enumerate: tuples (number, item). Numbers are int64 and do not wrap around.
 * Semantics: enumerate() in the Python library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"
#include "value/sequence.h"

typedef struct enumeration {
    cede__combinator base;
    int64_t number; /* of the next item */
    bool overflow;  /* INT64_MAX has been used */
} enumeration;

static void count_up(enumeration *enumerated)
{
    enumerated->overflow = enumerated->number == INT64_MAX;
    if (!enumerated->overflow)
        enumerated->number++;
}

static bool next(void *self, cede_value *item)
{
    enumeration *enumerated = self;
    struct cede_tuple *tuple = cede__tuple_try_new(2);
    cede__hold hold;

    if (!tuple)
        cede_raise(cede_MemoryError);
    cede__hold_push(&hold, tuple);
    if (cede__combinator_draw(&enumerated->base, 0, &tuple->items[1])) {
        tuple->items[0] = cede_int(enumerated->number);
        tuple->size = 2;
        if (enumerated->overflow)
            cede_raise(cede_OverflowError,
                       "enumerate() has counted to INT64_MAX");
        count_up(enumerated);
    }
    cede__hold_pop(&hold);
    if (tuple->size == 0) {
        cede_unref(tuple);
        return false;
    }
    *item = cede_object(tuple);
    return true;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class enumerate_class[1] = {
    {.name = "enumerate",
     .size = sizeof(enumeration),
     .flags = CEDE__CLASS_COMBINATOR | CEDE__CLASS_NEVER_STOPS,
     .destroy = cede__combinator_destroy,
     .iterator = &methods}};

void *cede_impl_enumerate(void *iterable, int64_t start)
{
    enumeration *enumerated = cede__combinator_over(enumerate_class, iterable);

    enumerated->number = start;
    return enumerated;
}
