/*
 * options.h - what the program and its environment want of stacks
 *
 * Knows: wishes. Does not know: what the kernel makes of them.
 *
 * Invariants: frozen by the first attempt to make stacks, and the same for
 * all stacks from then on; the environment is read at that moment.
 */
#pragma once

#include <stddef.h>

#include "cede/stack.h"

typedef struct cede__stack_options {
    size_t size; /* bytes of frames */
    cede_stack_guard guard;
    size_t map_budget; /* mappings that guards may cost; SIZE_MAX: ask /proc */
} cede__stack_options;

/* The options, not to change any more. Any thread. */
const cede__stack_options *cede__stack_options_freeze(void);

/* For tests: what guards by mprotect may cost, before the first stack. */
void cede__stack_options_set_map_budget(size_t maps);
