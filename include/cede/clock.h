/*
 * Clocks: what a loop asks for the time.
 *
 * Inside the runtime time is an int64_t of nanoseconds from a start that is
 * the clock's own business; at the API it is a double of seconds, as in
 * Python. Python counterpart: loop.time and time.monotonic; the virtual clock
 * is what trio.testing.MockClock does with autojump.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * A clock is a table that a loop copies. Its functions are called by the
 * thread that runs the loop; they must neither suspend nor raise.
 */
typedef struct cede_clock {
    /* The time in nanoseconds. Never goes back. */
    int64_t (*now)(void *context);
    /*
     * NULL for a clock that moves by itself. A clock with jump is virtual:
     * where the loop would wait for a deadline it looks for I/O without
     * waiting and, when there is none, calls jump with the deadline; from
     * then on now must return at least that. With neither a deadline nor
     * anything ready the loop waits for I/O as with any clock.
     */
    void (*jump)(void *context, int64_t to);
    /* Handed to both; must outlive the loop. */
    void *context;
    /* Nanoseconds. A timer due in less than this is due now (Python:
       loop._clock_resolution); 0 counts as 1. */
    int64_t resolution;
} cede_clock;

/*
 * The clock of a loop that is given none: CLOCK_MONOTONIC. Any thread; never
 * raises, never suspends. Python: time.monotonic.
 */
cede_clock cede_monotonic_clock(void);

/* The state of a virtual clock: yours, and to be kept as long as the loop. */
typedef struct cede_virtual_time {
    int64_t now; /* nanoseconds; may be set forward between callbacks */
} cede_virtual_time;

/*
 * A virtual clock that tells the time from *time: a day of waiting passes in
 * a moment, and in the same way every time. Borrows `time`, which the loop's
 * thread then uses. Any thread; never raises, never suspends.
 */
cede_clock cede_virtual_clock(cede_virtual_time *time);

CEDE_IMPL_END
