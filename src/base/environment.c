/*
 * environment.c - asking it once (see environment.h)
 */
#include "base/environment.h"

#include <stdlib.h>
#include <string.h>

int cede__debug_answer = CEDE__DEBUG_UNASKED;

/* Threads that ask at once agree on the answer of the first. */
bool cede__debug_ask(void)
{
    int answer = __atomic_load_n(&cede__debug_answer, __ATOMIC_RELAXED);
    const char *debug;
    int found;

    if (answer != CEDE__DEBUG_UNASKED)
        return answer == CEDE__DEBUG_ON;
    debug = getenv("CEDE_DEBUG");
    found = debug && strcmp(debug, "1") == 0 ? CEDE__DEBUG_ON : CEDE__DEBUG_OFF;
    if (__atomic_compare_exchange_n(&cede__debug_answer, &answer, found, false,
                                    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return found == CEDE__DEBUG_ON;
    return answer == CEDE__DEBUG_ON;
}
