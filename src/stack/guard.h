/*
 * guard.h - what lies below each stack and catches an overflow
 *
 * Knows: the three ways of guarding, which of them this kernel grants, and how
 * many stacks have which. Does not know: slabs, beyond that stacks come in
 * arrays.
 *
 * Invariants: a stack's guard is in place before anybody can take the stack,
 * and stays for as long as the stack is mapped; giving pages back does not
 * remove it. Everything but checking is done under the lock of the depot.
 */
#pragma once

#include "stack/stack.h"

/* Bytes of each guard: large enough that a frame compiled without
   -fstack-clash-protection is unlikely to step over it. */
size_t cede__guard_size(void);

/* Puts a guard below each of `count` stacks and says in each which kind. */
void cede__guard_install(cede__stack *stacks, size_t count);

/* Before the stacks are unmapped: they do not count any more. */
void cede__guard_forget(const cede__stack *stacks, size_t count);

/* Stacks of a kind. */
size_t cede__guard_count(cede_stack_guard kind);

/* False: the stack has overflowed into a canary. Any thread, at any time. */
bool cede__guard_intact(const cede__stack *stack);
