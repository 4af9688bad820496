/*
 * visited.h - objects a walk has been to
 *
 * Knows: addresses, in the order they were added, each once. Does not know:
 * what they are. The first few take no memory; a set that could not grow says
 * so, and the walk decides what that means.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CEDE__VISITED_INLINE = 16 };

typedef struct cede__visited {
    const void **items; /* inline_items, or a block of its own */
    uint32_t *places;   /* hash to index + 1; NULL: few enough to look at all */
    size_t count;
    size_t capacity;
    bool failed;
    const void *inline_items[CEDE__VISITED_INLINE];
} cede__visited;

void cede__visited_init(cede__visited *visited);
void cede__visited_clear(cede__visited *visited);

/* Adds one; false: it was there, or is NULL, or `failed` is set now. */
bool cede__visited_add(cede__visited *visited, const void *item);

bool cede__visited_has(const cede__visited *visited, const void *item);
