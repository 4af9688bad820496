/* Sets of addresses: an array in order, and open addressing over it. */
#include "value/visited.h"

#include "base/memory.h"

#include <string.h>

void cede__visited_init(cede__visited *visited)
{
    visited->items = visited->inline_items;
    visited->places = NULL;
    visited->count = 0;
    visited->capacity = CEDE__VISITED_INLINE;
    visited->failed = false;
}

void cede__visited_clear(cede__visited *visited)
{
    if (visited->items != visited->inline_items)
        cede__free(visited->items);
    cede__free(visited->places);
    cede__visited_init(visited);
}

/* Where an item is or would be; there are twice as many places as items. */
static uint32_t *place_of(const cede__visited *visited, const void *item)
{
    size_t mask = 2 * visited->capacity - 1;
    size_t i = (size_t)((uint64_t)((uintptr_t)item >> 4) *
                            UINT64_C(0x9e3779b97f4a7c15) >>
                        32);

    while (visited->places[i & mask] &&
           visited->items[visited->places[i & mask] - 1] != item)
        i++;
    return &visited->places[i & mask];
}

bool cede__visited_has(const cede__visited *visited, const void *item)
{
    size_t i;

    if (visited->places)
        return *place_of(visited, item) != 0;
    for (i = 0; i < visited->count; i++)
        if (visited->items[i] == item)
            return true;
    return false;
}

static bool grow(cede__visited *visited)
{
    size_t capacity = 4 * visited->capacity;
    bool is_inline = visited->items == visited->inline_items;
    const void **items;
    uint32_t *places;
    size_t i;

    if (capacity > UINT32_MAX / 2)
        return false;
    places = cede__calloc(2 * capacity, sizeof *places);
    if (!places)
        return false;
    items = cede__realloc(is_inline ? NULL : (void *)visited->items,
                          capacity * sizeof *items);
    if (!items) {
        cede__free(places);
        return false;
    }
    if (is_inline)
        memcpy(items, visited->inline_items, sizeof visited->inline_items);
    cede__free(visited->places);
    visited->items = items;
    visited->places = places;
    visited->capacity = capacity;
    for (i = 0; i < visited->count; i++)
        *place_of(visited, items[i]) = (uint32_t)i + 1;
    return true;
}

bool cede__visited_add(cede__visited *visited, const void *item)
{
    if (!item || visited->failed || cede__visited_has(visited, item))
        return false;
    if (visited->count == visited->capacity && !grow(visited)) {
        visited->failed = true;
        return false;
    }
    visited->items[visited->count++] = item;
    if (visited->places)
        *place_of(visited, item) = (uint32_t)visited->count;
    return true;
}
