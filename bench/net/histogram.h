/*
 * histogram.h - latencies, counted without allocating
 *
 * A value falls into one of 64 parts of its power of two, so a percentile is
 * right to 1.6 %. Unit: nanoseconds. What takes over 68 seconds counts as 68.
 */
#pragma once

#include <stdint.h>

enum { HISTOGRAM_PARTS = 64, HISTOGRAM_POWERS = 31 };

struct histogram {
    uint32_t counts[HISTOGRAM_POWERS * HISTOGRAM_PARTS];
    uint64_t total;
    uint64_t max;
};

static inline unsigned histogram_slot(uint64_t value)
{
    unsigned power = 0, slot;

    if (value >= HISTOGRAM_PARTS)
        power = 57 - (unsigned)__builtin_clzll(value);
    slot = power * HISTOGRAM_PARTS + (unsigned)(value >> power);
    return slot < HISTOGRAM_POWERS * HISTOGRAM_PARTS
               ? slot
               : HISTOGRAM_POWERS * HISTOGRAM_PARTS - 1;
}

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->counts[histogram_slot(value)]++;
    histogram->total++;
    if (value > histogram->max)
        histogram->max = value;
}

/* The value that `share` of all (0 to 1) do not exceed. */
static inline uint64_t histogram_at(const struct histogram *histogram,
                                    double share)
{
    uint64_t rank = (uint64_t)(share * (double)histogram->total), seen = 0;
    unsigned slot;

    for (slot = 0; slot < HISTOGRAM_POWERS * HISTOGRAM_PARTS - 1; slot++) {
        seen += histogram->counts[slot];
        if (seen > rank)
            break;
    }
    if (slot < 2 * HISTOGRAM_PARTS)
        return slot;
    /* slot = power * 64 + part, where part is 64 to 127 */
    return (uint64_t)(slot % HISTOGRAM_PARTS + HISTOGRAM_PARTS)
           << (slot / HISTOGRAM_PARTS - 1);
}
