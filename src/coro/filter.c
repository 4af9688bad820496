/*
 * filter: the items a predicate lets through. It borrows the item to the
 * predicate. Of a StopIteration it knows as little as map does. Semantics:
 * filter() in the Python library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

typedef struct filter {
    cede__combinator base;
    bool (*predicate)(cede_value item);
} filter;

static bool holds(bool (*predicate)(cede_value), cede_value drawn)
{
    cede__hold hold;
    bool it_does;

    if (!drawn.owned)
        return predicate(drawn);
    cede__hold_push(&hold, drawn.as.object);
    it_does = predicate(drawn);
    cede__hold_pop(&hold);
    return it_does;
}

static bool next(void *self, cede_value *item)
{
    filter *filtered = self;
    cede_value drawn;

    while (cede__combinator_draw(&filtered->base, 0, &drawn)) {
        if (holds(filtered->predicate, drawn)) {
            *item = drawn;
            return true;
        }
        cede_value_unref(drawn);
    }
    return false;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class filter_class[1] = {{.name = "filter",
                                            .size = sizeof(filter),
                                            .flags = CEDE__CLASS_COMBINATOR,
                                            .destroy = cede__combinator_destroy,
                                            .iterator = &methods}};

void *cede_filter(bool (*predicate)(cede_value item), void *iterable)
{
    filter *filtered = cede__combinator_over(filter_class, iterable);

    filtered->predicate = predicate ? predicate : cede_value_truth;
    return filtered;
}
