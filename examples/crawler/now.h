/* now.h - seconds of a clock that nobody sets */
#pragma once

#include <cede.h>

static inline double now(void)
{
    const cede_clock clock = cede_monotonic_clock();

    return (double)clock.now(clock.context) / 1e9;
}
