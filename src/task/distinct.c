/*
 * Pointers that stand in a row twice: see task/distinct.h. A table of indices
 * with open addressing, at most half full.
 */
#include "task/distinct.h"

#include "base/memory.h"

enum { SHORT_ROW = 8 };

bool cede__distinct_begin(cede__distinct *distinct, void *const *row,
                          size_t count)
{
    uint32_t slots = 2 * SHORT_ROW;

    *distinct = (cede__distinct){.row = row};
    if (count <= SHORT_ROW)
        return true;
    if (count > UINT32_MAX / 4)
        return false;
    while (slots < 2 * count)
        slots *= 2;
    distinct->mask = slots - 1;
    distinct->slots = cede__calloc(slots, sizeof *distinct->slots);
    return distinct->slots != NULL;
}

/* Fibonacci hashing: addresses of a slab differ in the middle bits. */
static uint32_t place_of(const void *pointer)
{
    return (uint32_t)((uint64_t)(uintptr_t)pointer * 0x9E3779B97F4A7C15u >> 32);
}

static size_t search(const cede__distinct *distinct, size_t index)
{
    size_t i = 0;

    while (distinct->row[i] != distinct->row[index])
        i++;
    return i;
}

size_t cede__distinct_first(cede__distinct *distinct, size_t index)
{
    const void *pointer = distinct->row[index];
    uint32_t slot;

    if (!distinct->slots)
        return search(distinct, index);
    slot = place_of(pointer) & distinct->mask;
    while (distinct->slots[slot] != 0) {
        size_t found = distinct->slots[slot] - 1;

        if (distinct->row[found] == pointer)
            return found;
        slot = (slot + 1) & distinct->mask;
    }
    distinct->slots[slot] = (uint32_t)index + 1;
    return index;
}

void cede__distinct_end(cede__distinct *distinct)
{
    cede__free(distinct->slots);
}
