/*
 * islice: some of the items of an iterable, by their numbers.
 *
 * Invariant: while it draws it is marked as ended, so an exception that passes
 * leaves it ended, as CPython does, and the iterable is closed with it, not in
 * the middle of the exception. Semantics: itertools.islice in the Python
 * library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

typedef struct islice {
    cede__combinator base;
    uint64_t drawn;  /* items so far */
    uint64_t wanted; /* number of the next item to give out */
    uint64_t stop;
    uint64_t step;
    bool ended;
} islice;

static bool draw(islice *slice, cede_value *item)
{
    slice->ended = true;
    if (!cede__combinator_draw(&slice->base, 0, item))
        return false;
    slice->ended = false;
    slice->drawn++;
    return true;
}

/* Draws up to the next item that is wanted. */
static bool draw_wanted(islice *slice, cede_value *item)
{
    while (slice->drawn < slice->wanted) {
        if (!draw(slice, item))
            return false;
        cede_value_unref(*item);
        *item = cede_none;
    }
    return slice->drawn < slice->stop && draw(slice, item);
}

static bool next(void *self, cede_value *item)
{
    islice *slice = self;

    if (slice->ended)
        return false;
    if (!draw_wanted(slice, item)) {
        slice->ended = true;
        cede__iterator_drop(&slice->base.sources[0]);
        return false;
    }
    slice->wanted += slice->step; /* at most 2^63 - 1 each */
    if (slice->wanted > slice->stop)
        slice->wanted = slice->stop;
    return true;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class islice_class[1] = {
    {.name = "itertools.islice",
     .size = sizeof(islice),
     .flags = CEDE__CLASS_COMBINATOR | CEDE__CLASS_NEVER_STOPS,
     .destroy = cede__combinator_destroy,
     .iterator = &methods}};

/* What is wrong with the numbers; NULL: nothing. */
static const char *complaint(int64_t start, int64_t stop, int64_t step)
{
    if (start < 0)
        return "Indices for islice() must be None or an integer: "
               "0 <= x <= sys.maxsize.";
    if (stop < 0)
        return "Stop argument for islice() must be None or an integer: "
               "0 <= x <= sys.maxsize.";
    if (step < 1)
        return "Step for islice() must be a positive integer or None.";
    return NULL;
}

void *cede_impl_islice(void *iterable, int64_t start, int64_t stop,
                       int64_t step)
{
    const char *wrong = complaint(start, stop, step);
    islice *slice;

    if (wrong) {
        cede_unref(iterable);
        cede_raise(cede_ValueError, "%s", wrong);
    }
    slice = cede__combinator_over(islice_class, iterable);
    slice->wanted = (uint64_t)start;
    slice->stop = stop == INT64_MAX ? UINT64_MAX : (uint64_t)stop;
    slice->step = (uint64_t)step;
    return slice;
}
