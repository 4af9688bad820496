/*
 * walk.h - which calls a stack is in the middle of
 *
 * Knows: contexts, running or suspended, and how to follow their frames
 * outwards: by the tables for unwinding that compilers write (the C library's
 * backtrace), and where there is no such function by frame pointers. Does not
 * know: coroutines, nor the names of functions (base/symbol.h).
 *
 * Invariants: stacks are only read; a context that is not on its stack, from
 * low to high, has no frames. What has no tables ends the way early. Nothing
 * here allocates or fails; the C library loads its unwinder when it is first
 * asked for one.
 */
#pragma once

#include <stddef.h>

#include "cede/impl/switch.h"

/* The most that is stored in one go. */
enum { CEDE__WALK_MOST = 128 };

/*
 * Where each call returns to, the innermost first: stores at most `limit`
 * (and CEDE__WALK_MOST), returns how many. The first of a suspended context is
 * where it goes on. What begins a coroutine is left out.
 */
size_t cede__walk_suspended(const cede_impl_slot *slot, const char *low,
                            const char *high, void **ret_frames, size_t limit);

/* The same for who calls. */
size_t cede__walk_here(void **ret_frames, size_t limit);
