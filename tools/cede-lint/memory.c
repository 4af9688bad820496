/*
 * Memory. Arrays double in size whenever their count is a power of two, so that
 * nobody has to remember how much room there is.
 */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 8 };

static void *or_end(void *block)
{
    if (block)
        return block;
    fputs("cede-lint: out of memory\n", stderr);
    exit(2);
}

void *memory_new(size_t size)
{
    return or_end(calloc(1, size));
}

char *memory_copy(const char *text)
{
    return or_end(strdup(text));
}

void *memory_grow(void *items, size_t count, size_t size)
{
    if (count == 0)
        return or_end(realloc(items, FIRST_ROOM * size));
    if (count < FIRST_ROOM || (count & (count - 1)) != 0)
        return items;
    return or_end(realloc(items, 2 * count * size));
}
