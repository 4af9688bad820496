/*
 * clock.h - seconds at the API, nanoseconds inside
 *
 * Knows: the conversion, which saturates: a delay of 1e300 seconds is a timer
 * that is never due. Does not know: loops.
 */
#pragma once

#include <math.h>
#include <stdint.h>

#include "cede/clock.h"

#define CEDE__SECOND INT64_C(1000000000)
/* A deadline that is none. */
#define CEDE__NEVER INT64_MAX

/* To the nearest; infinities and what does not fit become the end of the
   range. Not for NaN. */
static inline int64_t cede__nanoseconds(double seconds)
{
    double exact = seconds * 1e9;

    if (exact >= 0x1p63)
        return INT64_MAX;
    if (exact <= -0x1p63)
        return INT64_MIN;
    return (int64_t)(exact < 0 ? exact - 0.5 : exact + 0.5);
}

static inline double cede__seconds(int64_t nanoseconds)
{
    return (double)nanoseconds / 1e9;
}

/* The deadline `delay` from now, saturated. */
static inline int64_t cede__deadline(int64_t now, int64_t delay)
{
    int64_t when;

    if (__builtin_add_overflow(now, delay, &when))
        return delay < 0 ? INT64_MIN : CEDE__NEVER;
    return when;
}
