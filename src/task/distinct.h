/*
 * Which of many pointers stand in a row more than once: what Python's waits
 * ask a set or a dict. W05.
 *
 * Knows: addresses. Invariants: the row is the caller's and stays as it is
 * from begin to end; a short one takes no memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cede__distinct {
    void *const *row;
    uint32_t *slots; /* index + 1; 0: free. NULL for a short row */
    uint32_t mask;
} cede__distinct;

/* False: no memory. */
bool cede__distinct_begin(cede__distinct *distinct, void *const *row,
                          size_t count);

/* Where the pointer at `index` stands first. Ask for 0, 1, 2, … in turn. */
size_t cede__distinct_first(cede__distinct *distinct, size_t index);

void cede__distinct_end(cede__distinct *distinct);
