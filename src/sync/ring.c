/*
 * Rows of values. See ring.h. They grow by doubling; a big one that runs empty
 * gives its memory back, which costs less than its items did.
 */
#include "sync/ring.h"

#include "base/memory.h"

enum { SMALLEST = 8, KEPT = 1024 };

static cede_value *place(const cede__sync_ring *ring, size_t index)
{
    return &ring->places[(ring->first + index) & (ring->capacity - 1)];
}

bool cede__sync_ring_reserve(cede__sync_ring *ring)
{
    size_t capacity = ring->capacity ? 2 * ring->capacity : SMALLEST;
    cede_value *places;
    size_t i;

    if (ring->count < ring->capacity)
        return true;
    places = cede__calloc(capacity, sizeof *places);
    if (!places)
        return false;
    for (i = 0; i < ring->count; i++)
        places[i] = *place(ring, i);
    cede__free(ring->places);
    ring->places = places;
    ring->capacity = capacity;
    ring->first = 0;
    return true;
}

void cede__sync_ring_push(cede__sync_ring *ring, cede_value value)
{
    *place(ring, ring->count++) = value;
}

static void took_one(cede__sync_ring *ring)
{
    if (--ring->count > 0)
        return;
    ring->first = 0;
    if (ring->capacity > KEPT)
        cede__sync_ring_finish(ring);
}

cede_value cede__sync_ring_pop_front(cede__sync_ring *ring)
{
    cede_value value = *place(ring, 0);

    ring->first = (ring->first + 1) & (ring->capacity - 1);
    took_one(ring);
    return value;
}

cede_value cede__sync_ring_pop_back(cede__sync_ring *ring)
{
    cede_value value = *place(ring, ring->count - 1);

    took_one(ring);
    return value;
}

cede_value cede__sync_ring_at(const cede__sync_ring *ring, size_t index)
{
    return *place(ring, index);
}

void cede__sync_ring_finish(cede__sync_ring *ring)
{
    cede__free(ring->places);
    *ring = (cede__sync_ring){0};
}
