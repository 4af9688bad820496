/*
 * Ranges: numbers from … to … by steps, made as they are asked for.
 *
 *     cede_for (i, cede_range(10))           0 1 … 9
 *     cede_for (i, cede_range(2, 10))        2 3 … 9
 *     cede_for (i, cede_range(10, 0, -3))    10 7 4 1
 *
 * Python: range(), "Ranges" in the library reference.
 */
#pragma once

#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

typedef struct cede_range cede_range;

cede_range *cede_impl_range_new(int64_t start, int64_t stop, int64_t step)
    CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_range(stop), cede_range(start, stop), cede_range(start, stop, step): a
 * new range of ints from start, 0 if left out, until before stop; one
 * reference. It is an iterable, not an iterator: each loop over it starts
 * anew. It is a sequence too (cede/sequence.h), and equal to a range of the
 * same numbers. Raises ValueError for step 0, MemoryError. Never suspends. Any
 * thread; one range belongs to one thread at a time.
 */
#define cede_range(...)                                                        \
    CEDE_IMPL_RANGE(__VA_ARGS__, cede_impl_range_3, cede_impl_range_2,         \
                    cede_impl_range_1, )                                       \
    (__VA_ARGS__)
#define CEDE_IMPL_RANGE(a, b, c, name, ...) name
#define cede_impl_range_1(stop) cede_impl_range_new(0, stop, 1)
#define cede_impl_range_2(start, stop) cede_impl_range_new(start, stop, 1)
#define cede_impl_range_3(start, stop, step)                                   \
    cede_impl_range_new(start, stop, step)

#endif /* !__cplusplus */

CEDE_IMPL_END
