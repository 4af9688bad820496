/*
 * Mistakes for cede-lint: functions that may raise, called back by C functions
 * that do not know exceptions.
 */
#include <search.h>

#include "lint/world.h"

static int compare(const void *a, const void *b)
{
    if (!*(const int *)a || !*(const int *)b)
        cede_raise(cede_ValueError, "zero");
    return *(const int *)a - *(const int *)b;
}

static void sorts(int *items, size_t count)
{
    qsort(items, count, sizeof *items, compare); /* lint: foreign */
}

static int number_of(const cede_value *value)
{
    return (int)cede_value_int(*value);
}

static int compare_values(const void *a, const void *b)
{
    return number_of(a) - number_of(b);
}

static void *finds(cede_value *key, cede_value *items, size_t count)
{
    return bsearch(key, items, count, sizeof *items,
                   &compare_values); /* lint: foreign */
}

static void at_the_end(void)
{
    cede_run(three, NULL);
}

static void registers(void)
{
    atexit(at_the_end); /* lint: foreign */
}

USE(sorts, finds, registers)
