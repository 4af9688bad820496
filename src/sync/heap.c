/*
 * Heaps. See heap.h. Equal items come out in the order in which Python's heapq
 * gives them: an item is taken by moving its smaller child up, and so on to the
 * bottom, and the last item then climbs from there.
 */
#include "sync/heap.h"

#include "cede/exception.h"
#include "cede/try.h"

static size_t parent_of(size_t index)
{
    return (index - 1) / 2;
}

/* --- comparing --- */

void cede__sync_heap_check(const cede__sync_heap *heap)
{
    if (heap->comparing)
        cede_raise(cede_RuntimeError,
                   "the queue is comparing items: what compares them must "
                   "neither suspend nor use the queue");
}

static void begin(cede__sync_heap *heap)
{
    cede__sync_heap_check(heap);
    heap->comparing = true;
}

static void end(void *heap)
{
    ((cede__sync_heap *)heap)->comparing = false;
}

static bool less(const cede__sync_heap *heap, cede_value a, cede_value b)
{
    return heap->less(a, b, heap->argument);
}

/* --- putting --- */

/* Where it belongs among the ancestors of a leaf. */
static size_t find_place(const cede__sync_heap *heap, cede_value value,
                         size_t leaf)
{
    const cede_value *items = heap->ring.places;
    size_t at = leaf;

    while (at > 0 && less(heap, value, items[parent_of(at)]))
        at = parent_of(at);
    return at;
}

void cede__sync_heap_push(cede__sync_heap *heap, cede_value value)
{
    cede_value *items = heap->ring.places;
    size_t at = heap->ring.count;
    size_t place;

    begin(heap);
    cede_defer (end, heap);
    place = find_place(heap, value, at);
    for (; at != place; at = parent_of(at))
        items[at] = items[parent_of(at)];
    items[place] = value;
    heap->ring.count++;
}

/* --- taking --- */

/* The way of smaller children down from the root. */
struct way {
    size_t at[8 * sizeof(size_t)];
    size_t length;
};

static size_t smaller_child(const cede__sync_heap *heap, size_t index,
                            size_t count)
{
    const cede_value *items = heap->ring.places;
    size_t left = 2 * index + 1;

    if (left + 1 < count && !less(heap, items[left], items[left + 1]))
        return left + 1;
    return left;
}

static void find_way(const cede__sync_heap *heap, size_t count,
                     struct way *way)
{
    size_t at = 0;

    way->length = 0;
    while (2 * at + 1 < count)
        way->at[way->length++] = at = smaller_child(heap, at, count);
}

/* How much of the way the last item leaves to the others, which move up by
   one: it climbs from the end. */
static size_t find_end(const cede__sync_heap *heap, cede_value last,
                       const struct way *way)
{
    size_t length = way->length;

    while (length > 0 &&
           less(heap, last, heap->ring.places[way->at[length - 1]]))
        length--;
    return length;
}

/* The root goes, the last item takes a place on the way. */
static void close_gap(cede__sync_heap *heap)
{
    cede_value *items = heap->ring.places;
    size_t count = heap->ring.count - 1;
    cede_value last = items[count];
    struct way way;
    size_t length, i, gap = 0;

    begin(heap);
    cede_defer (end, heap);
    find_way(heap, count, &way);
    length = find_end(heap, last, &way);
    for (i = 0; i < length; i++) {
        items[gap] = items[way.at[i]];
        gap = way.at[i];
    }
    items[gap] = last;
}

cede_value cede__sync_heap_pop(cede__sync_heap *heap)
{
    cede_value smallest = heap->ring.places[0];

    if (heap->ring.count > 1)
        close_gap(heap);
    cede__sync_ring_pop_back(&heap->ring); /* has moved, or is the root */
    return smallest;
}
