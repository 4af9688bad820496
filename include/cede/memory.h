/*
 * memory.h - where cede's memory comes from
 *
 * Knows: the three functions that every allocation of the runtime goes
 * through. Does not know: stacks, which are mapped, not allocated.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * The source of memory. Each function gets `context` first. `allocate` and
 * `reallocate` return blocks aligned for any type, or NULL when there is no
 * memory; a failed `reallocate` leaves the old block as it was. Sizes are in
 * bytes and never 0; `block` is never NULL. Every thread that uses cede calls
 * them, so they must be safe for that, and they must neither suspend nor
 * raise.
 */
typedef struct cede_allocator {
    void *(*allocate)(void *context, size_t size);
    void *(*reallocate)(void *context, void *block, size_t size);
    void (*release)(void *context, void *block);
    void *context;
} cede_allocator;

/*
 * Makes every later allocation of the runtime come from `allocator`, which is
 * copied; NULL goes back to malloc. `context` stays the caller's and must
 * outlive every block.
 *
 * Returns 0, -EBUSY when blocks are alive (they could not be given back to
 * where they came from), or -EINVAL when a function is missing. Never
 * suspends, never raises. Call it before other threads use cede.
 *
 * Python: PyMem_SetAllocator (C API, Memory Management).
 */
int cede_set_allocator(const cede_allocator *allocator);

/*
 * Gives back a block that a cede function handed over with the words "free
 * with cede_free". NULL is allowed. Any thread; never suspends, never raises.
 *
 * Python: PyMem_Free (C API, Memory Management).
 */
void cede_free(void *block);

CEDE_IMPL_END
