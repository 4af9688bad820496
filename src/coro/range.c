/*
 * Ranges and their iterators.
 *
 * Invariant: every number of a range fits an int64, but how many there are may
 * need all 64 bits, and the way from one end to the other too; so distances are
 * unsigned, and start + i * step wraps around to the right number. Semantics:
 * "Ranges" in the Python library reference; rules I01, I04.
 */
#include "cede/range.h"

#include "flow/flow.h"
#include "value/object.h"

#include <inttypes.h>
#include <stdio.h>

struct cede_range {
    cede_object head;
    int64_t start;
    int64_t stop;
    int64_t step;
    uint64_t length;
};

typedef struct range_iterator {
    cede_object head;
    int64_t next;
    int64_t step;
    uint64_t left;
} range_iterator;

static int64_t number(const cede_range *range, uint64_t index)
{
    return (int64_t)((uint64_t)range->start + index * (uint64_t)range->step);
}

/* How many steps lead from low to before high. */
static uint64_t steps(int64_t low, int64_t high, uint64_t step)
{
    return low < high ? ((uint64_t)high - (uint64_t)low - 1) / step + 1 : 0;
}

static uint64_t length_of(int64_t start, int64_t stop, int64_t step)
{
    return step > 0 ? steps(start, stop, (uint64_t)step)
                    : steps(stop, start, 0 - (uint64_t)step);
}

static bool next(void *self, cede_value *item)
{
    range_iterator *iterator = self;

    if (iterator->left == 0)
        return false;
    iterator->left--;
    *item = cede_int(iterator->next);
    iterator->next =
        (int64_t)((uint64_t)iterator->next + (uint64_t)iterator->step);
    return true;
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class iterator_class[1] = {{.name = "range_iterator",
                                              .size = sizeof(range_iterator),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .iterator = &iterator_methods}};

static void *iter(void *self)
{
    const cede_range *range = self;
    range_iterator *iterator = cede_object_new(iterator_class);

    iterator->next = range->start;
    iterator->step = range->step;
    iterator->left = range->length;
    return iterator;
}

static size_t len(void *self)
{
    return (size_t)((cede_range *)self)->length;
}

static cede_value getitem(void *self, int64_t index)
{
    const cede_range *range = self;
    uint64_t at = (uint64_t)index + (index < 0 ? range->length : 0);

    if (index < 0 ? 0 - (uint64_t)index > range->length : at >= range->length)
        cede_raise(cede_IndexError, "range object index out of range");
    return cede_int(number(range, at));
}

static cede_value repr(void *self)
{
    const cede_range *range = self;
    char text[sizeof "range(, , )" + 3 * 20];

    if (range->step == 1)
        snprintf(text, sizeof text, "range(%" PRId64 ", %" PRId64 ")",
                 range->start, range->stop);
    else
        snprintf(text, sizeof text,
                 "range(%" PRId64 ", %" PRId64 ", %" PRId64 ")", range->start,
                 range->stop, range->step);
    return cede_str_copy(text);
}

static const cede_iterator_methods range_methods = {.iter = iter};
static const cede_sequence_methods sequence_methods = {len, getitem};

static bool eq(void *self, void *other);

static const cede_object_methods object_methods = {.repr = repr, .eq = eq};

static const cede_class range_class[1] = {{.name = "range",
                                           .size = sizeof(cede_range),
                                           .iterator = &range_methods,
                                           .object = &object_methods,
                                           .sequence = &sequence_methods}};

/* The same numbers, however they were written. */
static bool eq(void *self, void *other)
{
    const cede_range *a = self, *b = other;

    if (!cede_isinstance(other, range_class) || a->length != b->length)
        return false;
    return a->length == 0 ||
           (a->start == b->start && (a->length == 1 || a->step == b->step));
}

cede_range *cede_impl_range_new(int64_t start, int64_t stop, int64_t step)
{
    cede_range *range;

    if (step == 0)
        cede_raise(cede_ValueError, "range() arg 3 must not be zero");
    range = cede_object_new(range_class);
    range->start = start;
    range->stop = stop;
    range->step = step;
    range->length = length_of(start, stop, step);
    return range;
}
