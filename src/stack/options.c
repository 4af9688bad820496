/*
 * options.c - sizes and guards asked for (see options.h)
 */
#include "stack/options.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Half a mebibyte of address space under ASan, whose frames are larger, a
   quarter of one otherwise; the guard takes 64 KiB of it. */
enum {
    KIB = 1024,
    SIZE_DEFAULT = (CEDE_IMPL_ASAN ? 448 : 192) * KIB,
    SIZE_MIN = 16 * KIB,
    SIZE_MAX_ALLOWED = 1024 * 1024 * KIB
};

static cede__stack_options options = {
    .size = SIZE_DEFAULT,
    .guard = CEDE_STACK_GUARD_AUTO,
    .map_budget = SIZE_MAX,
};
static bool frozen;
static pthread_once_t freezing = PTHREAD_ONCE_INIT;

static bool is_frozen(void)
{
    return __atomic_load_n(&frozen, __ATOMIC_ACQUIRE);
}

/* Not for a program with raised privileges: its user could take the guards
   away. */
static void read_environment(void)
{
    static const char *const names[] = {
        [CEDE_STACK_GUARD_MADVISE] = "madvise",
        [CEDE_STACK_GUARD_MPROTECT] = "mprotect",
        [CEDE_STACK_GUARD_CANARY] = "canary",
    };
    const char *wanted = secure_getenv("CEDE_STACK_GUARD");

    for (int i = CEDE_STACK_GUARD_MADVISE; i <= CEDE_STACK_GUARD_CANARY; i++)
        if (wanted != NULL && strcmp(wanted, names[i]) == 0)
            options.guard = (cede_stack_guard)i;
}

static void freeze(void)
{
    read_environment();
    __atomic_store_n(&frozen, true, __ATOMIC_RELEASE);
}

const cede__stack_options *cede__stack_options_freeze(void)
{
    pthread_once(&freezing, freeze);
    return &options;
}

void cede__stack_options_set_map_budget(size_t maps)
{
    if (!is_frozen())
        options.map_budget = maps;
}

int cede_stack_set_size(size_t bytes)
{
    if (bytes < SIZE_MIN || bytes > SIZE_MAX_ALLOWED)
        return -EINVAL;
    if (is_frozen())
        return -EBUSY;
    options.size = bytes;
    return 0;
}

size_t cede_stack_size(void)
{
    return options.size;
}

int cede_stack_set_guard(cede_stack_guard guard)
{
    if ((int)guard < CEDE_STACK_GUARD_AUTO || guard > CEDE_STACK_GUARD_CANARY)
        return -EINVAL;
    if (is_frozen())
        return -EBUSY;
    options.guard = guard;
    return 0;
}
