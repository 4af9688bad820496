/*
 * overflow.h - telling which coroutine ran off its stack
 *
 * Knows: faults, and the stack an address belongs to. Does not know: what
 * becomes of other faults; they are the previous handler's.
 *
 * Invariants: no signal disposition is changed unless the program or its
 * environment asked. The handler takes no lock, allocates nothing, and writes
 * one message with one call.
 */
#pragma once

#include "stack/stack.h"

/* Is the handler installed? */
bool cede__overflow_is_reported(void);

/* CEDE_DEBUG=1 asks for reports. */
void cede__overflow_read_environment(void);

/* An alternate signal stack for the calling thread, whose pool this is: a
   handler cannot run on the stack that is full. 0 or a negative errno. */
int cede__overflow_enter_thread(cede__pool *pool);
void cede__overflow_leave_thread(cede__pool *pool);

/* The stack's canary was written to: says so and aborts. */
CEDE_IMPL_NORETURN CEDE_IMPL_COLD void
cede__overflow_abort(const cede__stack *stack);
