/*
 * memory.h - how much memory a process, or a stack, really has
 */
#pragma once

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stack/stack.h"

/* Of the process. The kernel counts per CPU and adds up now and then, so this
   is off by a few hundred. */
__attribute__((unused)) static size_t resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    size_t total = 0, resident = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%zu %zu", &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident;
}

/* Of a stack. Exact. */
__attribute__((unused)) static size_t stack_pages(const cede__stack *stack)
{
    static unsigned char pages[4096];
    size_t size = (size_t)(stack->high - stack->low);
    size_t count = size / (size_t)sysconf(_SC_PAGESIZE);
    size_t resident = 0;

    if (count > sizeof pages || mincore(stack->low, size, pages) < 0)
        return (size_t)-1;
    for (size_t i = 0; i < count; i++)
        resident += pages[i] & 1;
    return resident;
}
