/*
 * What the C and C++ programs of the bench share: their command line, the
 * clock, and the line of result.
 *
 *     PROGRAM CASE OPS [WARM [SLICES]]
 *
 * runs WARM operations untimed, then SLICES times OPS operations, and prints
 *
 *     ns_per_op=12.3 cpu_ns_per_op=12.2 ops=1000000
 *
 * where the times are the median of the slices: one that was interrupted does
 * not count. Time is CLOCK_MONOTONIC's; CPU is the process'. Who runs the
 * program pins it to a core.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_SLICES 32

struct bench {
    const char *name; /* the case */
    long size;        /* the case as a number, 0 if it is none */
    long ops;         /* of a slice */
    long warm;
    int slices;
    int done; /* slices timed so far */
    double begin, cpu_begin;
    double ns[BENCH_SLICES], cpu_ns[BENCH_SLICES];
};

static inline double bench_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Keeps a value from being computed away. */
#define bench_use(value) __asm__ volatile("" : : "g"(value) : "memory")

static inline struct bench bench_open(int argc, char **argv)
{
    struct bench bench;

    memset(&bench, 0, sizeof bench);
    bench.name = argc > 1 ? argv[1] : "-";
    bench.size = atol(bench.name);
    bench.ops = argc > 2 ? atol(argv[2]) : 1000;
    bench.warm = argc > 3 ? atol(argv[3]) : bench.ops / 10;
    bench.slices = argc > 4 ? atoi(argv[4]) : 1;
    if (bench.ops < 1 || bench.warm < 0 || bench.slices < 1 ||
        bench.slices > BENCH_SLICES) {
        fprintf(stderr, "usage: %s CASE OPS [WARM [SLICES]]\n", argv[0]);
        exit(2);
    }
    return bench;
}

static inline int bench_is(const struct bench *bench, const char *name)
{
    return strcmp(bench->name, name) == 0;
}

/* Around what is timed; a program that times only a part of a slice calls them
   by itself. */
static inline void bench_begin(struct bench *bench)
{
    bench->cpu_begin = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
    bench->begin = bench_clock(CLOCK_MONOTONIC);
}

static inline void bench_end(struct bench *bench, long ops)
{
    double end = bench_clock(CLOCK_MONOTONIC);
    double cpu_end = bench_clock(CLOCK_PROCESS_CPUTIME_ID);

    bench->ns[bench->done] = (end - bench->begin) / (double)ops;
    bench->cpu_ns[bench->done++] =
        (cpu_end - bench->cpu_begin) / (double)ops;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double bench_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, bench_compare);
    return count % 2 ? values[count / 2]
                     : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static inline void bench_print(struct bench *bench)
{
    printf("ns_per_op=%.4f cpu_ns_per_op=%.4f ops=%ld\n",
           bench_median(bench->ns, bench->done),
           bench_median(bench->cpu_ns, bench->done), bench->ops);
}

/* The whole of it, for a program that is one function. It does some operations
   and returns how many: at least as many as asked. */
static inline void bench_run(struct bench *bench,
                             long (*run)(struct bench *bench, long ops))
{
    int i;

    if (bench->warm)
        run(bench, bench->warm);
    for (i = 0; i < bench->slices; i++) {
        long ops;

        bench_begin(bench);
        ops = run(bench, bench->ops);
        bench_end(bench, ops);
    }
}

/* The same for a function that times what counts by bench_begin and bench_end,
   once per call. */
static inline void bench_run_own(struct bench *bench,
                                 void (*run)(struct bench *bench, long ops))
{
    int i;

    if (bench->warm)
        run(bench, bench->warm);
    bench->done = 0;
    for (i = 0; i < bench->slices; i++)
        run(bench, bench->ops);
}

/* Numbers that are the same in every run: a linear congruence's upper half. */
static inline uint32_t bench_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* /proc/self/status: VmRSS, VmHWM, VmPTE …, in bytes; 0 if it is not there. */
static inline double bench_memory(const char *field)
{
    char line[256];
    double kib = 0;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, field, strlen(field)) &&
            line[strlen(field)] == ':')
            kib = atof(line + strlen(field) + 1);
    if (status)
        fclose(status);
    return kib * 1024;
}

/* For a program that does all of its work once: what it took, in all, and the
   peak of its memory. Fails if not everything was done. */
static inline void bench_print_whole(struct bench *bench, long done)
{
    if (done != bench->ops) {
        fprintf(stderr, "%ld of %ld done\n", done, bench->ops);
        exit(1);
    }
    printf("wall=%.0f cpu=%.0f peak=%.0f ops=%ld\n", bench->ns[0],
           bench->cpu_ns[0], bench_memory("VmHWM"), done);
    fflush(stdout);
}
