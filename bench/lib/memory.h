/*
 * Resident memory and page tables of this process, before and after.
 */
#pragma once

#include "bench.h"

struct memory {
    double resident, tables;
};

static inline struct memory memory_now(void)
{
    struct memory now = {bench_memory("VmRSS"), bench_memory("VmPTE")};

    return now;
}

static inline void memory_print(struct memory before, long count)
{
    struct memory now = memory_now();

    printf("bytes=%.1f tables=%.1f both=%.1f ops=%ld\n",
           (now.resident - before.resident) / (double)count,
           (now.tables - before.tables) / (double)count,
           (now.resident + now.tables - before.resident - before.tables) /
               (double)count,
           count);
    fflush(stdout);
}
