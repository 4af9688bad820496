/*
 * stack.h - the stacks that coroutines run on
 *
 * Knows: how big stacks are, how they are guarded, and how many there are.
 * Does not know: coroutines; a task that has not run yet owns no stack.
 *
 * Every stack has a guard of at least 64 KiB below it, so that code that runs
 * off its end dies at once. Compile with -fstack-clash-protection (cede.pc
 * says so): then no frame, however large, can step over the guard.
 *
 * Python has no counterpart: its generators keep their frames on the heap
 * (PEP 255) and its recursion limit (sys.setrecursionlimit) counts calls.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* What keeps a stack that overflows from writing into its neighbour. */
typedef enum cede_stack_guard {
    CEDE_STACK_GUARD_AUTO,     /* the first of the following that works */
    CEDE_STACK_GUARD_MADVISE,  /* a guard region: Linux 6.13, no limit */
    CEDE_STACK_GUARD_MPROTECT, /* while vm.max_map_count has room for them */
    CEDE_STACK_GUARD_CANARY,   /* found when the stack is given back: abort */
} cede_stack_guard;

/* How many stacks this process has. A snapshot; threads go on meanwhile. */
typedef struct cede_stack_counts {
    size_t live;   /* in use by coroutines */
    size_t idle;   /* mapped and waiting for one */
    size_t mapped; /* bytes of address space, touched or not */
    size_t guarded_by_madvise;
    size_t guarded_by_mprotect;
    size_t guarded_by_canary; /* that is: not guarded, only looked after */
} cede_stack_counts;

/*
 * Makes every stack big enough for `bytes` bytes of frames: 16 KiB to 1 GiB;
 * the guard comes on top. The default is 192 KiB, which fits any call of the C
 * library and costs nothing but address space: memory is taken page by page
 * as it is touched, and a task that waits rarely needs more than one.
 *
 * Returns 0, -EINVAL when `bytes` is out of range, or -EBUSY once a stack has
 * been made: all stacks of a process have one size. Never suspends, never
 * raises. Call it before other threads use cede.
 *
 * Python: threading.stack_size.
 */
int cede_stack_set_size(size_t bytes);

/* The bytes of frames that fit any stack. Any thread; never suspends or
   raises. */
size_t cede_stack_size(void);

/*
 * Asks for one kind of guard. The environment has the last word:
 * CEDE_STACK_GUARD=madvise, mprotect or canary. Where the kernel refuses the
 * kind asked for, a stack gets the next kind of the list, and when it gets a
 * canary unasked, a warning is written to stderr, once.
 *
 * Returns 0, -EINVAL for no such kind, or -EBUSY once a stack has been made.
 * Never suspends, never raises. Call it before other threads use cede.
 */
int cede_stack_set_guard(cede_stack_guard guard);

/* Counts the stacks of all threads. Any thread; never suspends or raises. */
cede_stack_counts cede_stack_statistics(void);

/*
 * From now on an overflow of a coroutine's stack says on stderr which
 * coroutine and which stack it was, before the process dies of SIGSEGV as it
 * would have anyway, core dump included. Installs a handler for SIGSEGV and
 * SIGBUS that passes every other fault on to the handler that was there
 * before, and gives the calling thread an alternate signal stack, if it has
 * none. Other threads get theirs when they take stacks from the process; one
 * that has all it needs may call this function itself. CEDE_DEBUG=1 in the
 * environment does the same at the first coroutine.
 *
 * Returns 0 or a negative errno; then nothing has changed. Calling it again
 * is harmless. Any thread; never suspends, never raises.
 *
 * Python: faulthandler.enable.
 */
int cede_report_stack_overflow(void);

CEDE_IMPL_END
