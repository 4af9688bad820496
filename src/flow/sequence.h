/* What tuples and lists have in common, beyond their memory. */
#pragma once

#include "value/sequence.h"

/* The place an index means, a negative one from the end. Raises IndexError. */
size_t cede__sequence_place(int64_t index, size_t size, const char *message);

/* The iter of a tuple's and a list's class. */
void *cede__items_iter(void *self);
