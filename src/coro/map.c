/*
 * map: what a function makes of each item. It borrows the item to the function
 * and owns the result. A StopIteration of the function's is the caller's to
 * understand, as in Python, so the class is not marked as one that never raises
 * it. Semantics: map() in the Python library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

typedef struct map {
    cede__combinator base;
    cede_value (*function)(cede_value item);
} map;

static cede_value apply(cede_value (*function)(cede_value), cede_value drawn)
{
    cede__hold hold;
    cede_value made;

    if (!drawn.owned)
        return function(drawn);
    cede__hold_push(&hold, drawn.as.object);
    made = function(drawn);
    cede__hold_pop(&hold);
    cede_value_unref(drawn);
    return made;
}

static bool next(void *self, cede_value *item)
{
    map *mapped = self;
    cede_value drawn;

    if (!cede__combinator_draw(&mapped->base, 0, &drawn))
        return false;
    *item = apply(mapped->function, drawn);
    return true;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class map_class[1] = {{.name = "map",
                                         .size = sizeof(map),
                                         .flags = CEDE__CLASS_COMBINATOR,
                                         .destroy = cede__combinator_destroy,
                                         .iterator = &methods}};

void *cede_map(cede_value (*function)(cede_value item), void *iterable)
{
    map *mapped = cede__combinator_over(map_class, iterable);

    mapped->function = function;
    return mapped;
}
