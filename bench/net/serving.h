/*
 * serving.h - what is known of the server under load: its CPU time, its memory
 *
 * CPU time is that of the whole process, ended threads included, from its own
 * clock (clock_getcpuclockid), to the nanosecond. How much of it was spent in
 * the kernel comes from /proc/PID/stat, whose ticks are 10 ms.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

struct cpu {
    uint64_t ns;
    uint64_t user_ticks, system_ticks;
};

static inline uint64_t read_clock(clockid_t clock)
{
    struct timespec time = {0};

    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline FILE *open_proc(pid_t pid, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return fopen(path, "re");
}

static inline bool cpu_of(pid_t pid, struct cpu *ret_cpu)
{
    unsigned long user = 0, system = 0;
    char line[1024], *rest;
    clockid_t clock;
    FILE *file;

    *ret_cpu = (struct cpu){0};
    if (clock_getcpuclockid(pid, &clock) != 0)
        return false;
    ret_cpu->ns = read_clock(clock);
    file = open_proc(pid, "stat");
    if (!file)
        return false;
    /* The name in the second field may hold anything. */
    if (fgets(line, sizeof line, file) && (rest = strrchr(line, ')')))
        sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system);
    fclose(file);
    ret_cpu->user_ticks = user;
    ret_cpu->system_ticks = system;
    return true;
}

/* The share of the CPU time between the two that was the user's, or -1. */
static inline double user_share(const struct cpu *from, const struct cpu *to)
{
    uint64_t user = to->user_ticks - from->user_ticks;
    uint64_t all = user + to->system_ticks - from->system_ticks;

    return all > 0 ? (double)user / (double)all : -1;
}

/* The value of a line of /proc/PID/status in bytes: "VmRSS", "VmPTE". */
static inline int64_t memory_of(pid_t pid, const char *name)
{
    FILE *file = open_proc(pid, "status");
    char line[256];
    long found = -1;

    if (!file)
        return -1;
    while (found < 0 && fgets(line, sizeof line, file))
        if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
            sscanf(line + strlen(name) + 1, "%ld", &found);
    fclose(file);
    return found < 0 ? -1 : (int64_t)found * 1024;
}
