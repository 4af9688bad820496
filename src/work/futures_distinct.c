/*
 * futures_distinct.c - who stands in an array twice (see futures.h)
 *
 * Futures are other threads' too, so they cannot be marked: their addresses are
 * sorted, and of equal ones the first in the array counts.
 */
#include "work/futures.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cede/try.h"

struct place {
    const cede_concurrent_future *future;
    size_t index;
};

static int compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    if (a->future != b->future)
        return (uintptr_t)a->future < (uintptr_t)b->future ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

size_t cede__futures_distinct(cede_concurrent_future *const *futures,
                              size_t count, bool *repeated)
{
    struct place *places;
    size_t distinct = 0;

    for (size_t i = 0; i < count; i++)
        cede__concurrent_future_check(futures[i]);
    if (count == 0)
        return 0;
    places = cede__calloc(count, sizeof *places);
    if (!places)
        cede_raise(cede_MemoryError);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){futures[i], i};
    qsort(places, count, sizeof *places, compare);
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && places[i].future == places[i - 1].future;

        repeated[places[i].index] = same;
        distinct += !same;
    }
    cede__free(places);
    return distinct;
}
