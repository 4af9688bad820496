/*
 * Memory of a program that ends soon: what cannot be had ends it at once.
 */
#pragma once

#include <stddef.h>

void *memory_new(size_t size); /* zeroed */
char *memory_copy(const char *text);

/* Room for one more item behind `count` items: the block, which may move. */
void *memory_grow(void *items, size_t count, size_t size);
