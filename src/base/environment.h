/*
 * environment.h - what the environment asks of every program
 *
 * Knows: CEDE_DEBUG=1, the wish for checks that cost time and memory: stack
 * overflows and objects used after their end are reported, and at the end the
 * objects that nobody released. Does not know: any of these checks.
 *
 * Invariants: the environment is asked once, when somebody first wants to
 * know; the answer stays. Any thread may ask. Python: PYTHONDEVMODE.
 */
#pragma once

#include <stdbool.h>

enum cede__debug_answer {
    CEDE__DEBUG_OFF,
    CEDE__DEBUG_ON,
    CEDE__DEBUG_UNASKED,
};

extern int cede__debug_answer __attribute__((visibility("hidden")));

/* Asks the environment, or says what it said. */
bool cede__debug_ask(void);

/* Must one ask? For hot paths: false for good once the answer is no. */
static inline bool cede__debug_perhaps(void)
{
    return __builtin_expect(
        __atomic_load_n(&cede__debug_answer, __ATOMIC_RELAXED) !=
            CEDE__DEBUG_OFF,
        0);
}

/* Does the program run with CEDE_DEBUG=1? */
static inline bool cede__debugging(void)
{
    return cede__debug_perhaps() && cede__debug_ask();
}
