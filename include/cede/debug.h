/*
 * Who owns what, who still uses what is gone, and who called what raised.
 *
 * A program that runs with CEDE_DEBUG=1 in its environment is told of mistakes
 * with references, and more of others, at the price of time and memory:
 *
 *  - Use after release: whatever takes an object raises RuntimeError "use after
 *    release: generator 'countdown', created at a.c:12 in main, was released
 *    …" for one whose last reference has been given up. cede_ref and
 *    cede_unref, which never raise, write that to stderr. The last 65,536
 *    objects (64 MiB) are known by this; sanitizers and valgrind see who reads
 *    their memory without asking.
 *  - Leaks: at the end of the process, after everything else, stderr gets a
 *    line for each place that made objects which nobody released. A loop that
 *    is closed tells of futures that somebody still refers to and that can
 *    never be done any more.
 *  - Callers: the traceback of what a function of cede's raised ends in a line
 *    "called in f (program+0x12f)", which is your code that called it.
 *
 * Places in functions are program+0x12f: `addr2line -fe program 0x12f` knows
 * their lines. Without CEDE_DEBUG=1 all of it costs a branch or two. Python
 * counterpart: its development mode (PYTHONDEVMODE=1), ResourceWarning.
 */
#pragma once

#include "cede/object.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Reports (cede/log.h) which objects are alive, the oldest first, and returns
 * how many. Only with CEDE_DEBUG=1, else 0. Never raises, never suspends. Any
 * thread. Python: gc.get_objects.
 */
size_t cede_print_objects(void);

/* A flag of cede_object. */
enum { CEDE_IMPL_OBJECT_RELEASED = 1 << 1 };

void cede_impl_use_after_release(const void *object)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;

/*
 * For functions of yours that take objects of yours: raises RuntimeError if the
 * object (not NULL, borrowed) was released, as far as CEDE_DEBUG=1 knows. One
 * test of a word. Never suspends. Threads: those that may hold a reference
 * (cede_ref).
 */
CEDE_IMPL_INLINE void cede_check_alive(const void *object)
{
    if (CEDE_IMPL_UNLIKELY(((const cede_object *)object)->flags &
                           CEDE_IMPL_OBJECT_RELEASED))
        cede_impl_use_after_release(object);
}

CEDE_IMPL_END
