/*
 * The three phases of the works on timers, for the programs in C. What is due
 * is awaited asleep, and not timed.
 */
#pragma once

#include "bench.h"

/* Deadlines lie between BASE and BASE + 1 s: nothing is due while a slow
   program still inserts. With few timers that need not be long. */
static inline double timers_base(long count)
{
    return count > 100000 ? 2 : 0.1;
}

static inline double timers_span(long count)
{
    return count > 100000 ? 1 : 0.1;
}

static inline void timers_sleep_until(double when)
{
    struct timespec until = {(time_t)(when / 1e9),
                             (long)(when - (double)(time_t)(when / 1e9) * 1e9)};

    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

struct timers {
    double insert[BENCH_SLICES], cancel[BENCH_SLICES], expire[BENCH_SLICES];
};

static inline double timers_lap(double *begin, long ops)
{
    double now = bench_clock(CLOCK_MONOTONIC);
    double ns = (now - *begin) / (double)ops;

    *begin = now;
    return ns;
}

static inline void timers_run(struct bench *bench,
                              void (*insert)(long i, double delay),
                              void (*cancel)(long i),
                              void (*expire)(long count))
{
    long count = bench->ops;
    double base = timers_base(count), span = timers_span(count);
    double *delays = (double *)malloc((size_t)count * sizeof *delays);
    struct timers all;
    uint64_t seed = 1;
    long i;
    int slice;

    for (slice = 0; slice < bench->slices; slice++) {
        double begin;

        for (i = 0; i < count; i++)
            delays[i] = base + span * bench_random(&seed) / 4294967296.0;
        begin = bench_clock(CLOCK_MONOTONIC);
        for (i = 0; i < count; i++)
            insert(i, delays[i]);
        all.insert[slice] = timers_lap(&begin, count);
        for (i = 0; i < count; i += 2)
            cancel(i);
        all.cancel[slice] = timers_lap(&begin, (count + 1) / 2);
        timers_sleep_until(begin + (base + span) * 1e9 + 2e6);
        begin = bench_clock(CLOCK_MONOTONIC);
        expire(count / 2);
        all.expire[slice] = timers_lap(&begin, count / 2);
    }
    free(delays);
    {
        double a = bench_median(all.insert, slice);
        double b = bench_median(all.cancel, slice);
        double c = bench_median(all.expire, slice);

        printf("ns_per_op=%.2f insert=%.2f cancel=%.2f expire=%.2f ops=%ld\n",
               a + b + c, a, b, c, count);
    }
}
