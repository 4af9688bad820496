/*
 * guard.c - three ways of guarding a stack (see guard.h)
 *
 * 1. A guard region: MADV_GUARD_INSTALL marks page table entries, so that any
 *    number of guards costs no mapping. Linux 6.13. An emulator may answer yes
 *    to advice it does not know (qemu-user does), hence the probe.
 * 2. mprotect, which splits a mapping in three. A process may have
 *    vm.max_map_count of them, 65530 unless set; guards leave a quarter of
 *    that to the rest of the program, whose mmap would fail otherwise.
 * 3. A canary: the guard is ordinary memory that nobody touched, so it reads
 *    as zeros; whatever else is read there when the stack is given back was
 *    written by an overflow. Reading maps the kernel's page of zeros, so a
 *    canary costs no memory and survives trimming, which a pattern of bytes
 *    would not.
 */
#include "stack/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/log.h"
#include "base/system.h"
#include "base/valgrind.h"
#include "stack/options.h"
#include "stack/overflow.h"
#include "stack/pages.h"

enum {
    SIZE = 64 * 1024,
    MAPS_PER_GUARD = 2,
    MAPS_DEFAULT = 65530, /* vm.max_map_count where /proc is not mounted */
    CANARY_SIZE = 1024    /* of the guard: what an overflow meets first */
};

static struct {
    bool probed;
    bool has_regions;
    bool has_budget;
    bool warned;
    size_t budget; /* mappings that guards may still cost */
    size_t counts[CEDE_STACK_GUARD_CANARY + 1];
} guards;

size_t cede__guard_size(void)
{
    size_t page = cede__pages_size();

    return page > SIZE ? page : SIZE;
}

size_t cede__guard_count(cede_stack_guard kind)
{
    return guards.counts[kind];
}

static void set_kind(cede__stack *stack, cede_stack_guard kind)
{
    stack->guard = kind;
    guards.counts[kind]++;
}

/* --- guard regions --- */

/* Nobody can read a guard, so populating one must fail. */
static bool probe_regions(void)
{
    size_t size = cede__pages_size();
    void *page;
    bool works;

    if (cede__sys_mmap(&page, NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS) < 0)
        return false;
    works = cede__sys_madvise(page, size, CEDE__PAGES_GUARD_INSTALL) >= 0 &&
            cede__sys_madvise(page, size, CEDE__PAGES_POPULATE_READ) ==
                -EFAULT;
    cede__sys_munmap(page, size);
    return works;
}

static bool has_regions(void)
{
    if (!guards.probed) {
        guards.has_regions = probe_regions();
        guards.probed = true;
    }
    return guards.has_regions;
}

/* At most CEDE__PAGES_BATCH stacks; returns how many, from the first on. */
static size_t install_batch(cede__stack *stacks, size_t count)
{
    struct iovec ranges[CEDE__PAGES_BATCH];
    size_t size = cede__guard_size();
    size_t done;

    for (size_t i = 0; i < count; i++)
        ranges[i] = (struct iovec){stacks[i].low - size, size};
    done = cede__pages_advise(ranges, count, CEDE__PAGES_GUARD_INSTALL);
    for (size_t i = 0; i < done; i++)
        set_kind(&stacks[i], CEDE_STACK_GUARD_MADVISE);
    return done;
}

static size_t install_regions(cede__stack *stacks, size_t count)
{
    size_t done = 0;

    while (done < count) {
        size_t batch = count - done;
        size_t made;

        if (batch > CEDE__PAGES_BATCH)
            batch = CEDE__PAGES_BATCH;
        made = install_batch(stacks + done, batch);
        done += made;
        if (made < batch)
            break;
    }
    return done;
}

/* --- mprotect --- */

static size_t max_map_count(void)
{
    char digits[24] = "";
    int fd = cede__sys_open("/proc/sys/vm/max_map_count", O_RDONLY, 0);
    ssize_t size;
    size_t count = 0;

    if (fd < 0)
        return MAPS_DEFAULT;
    size = cede__sys_read(fd, digits, sizeof digits - 1);
    cede__sys_close(fd);
    for (ssize_t i = 0; i < size && digits[i] >= '0' && digits[i] <= '9'; i++)
        count = count * 10 + (size_t)(digits[i] - '0');
    return count > 0 ? count : MAPS_DEFAULT;
}

static void read_budget(void)
{
    size_t budget = cede__stack_options_freeze()->map_budget;

    if (budget == SIZE_MAX) {
        budget = max_map_count();
        budget -= budget / 4;
    }
    guards.budget = budget;
    guards.has_budget = true;
}

static bool protect(cede__stack *stack)
{
    size_t size = cede__guard_size();

    if (!guards.has_budget)
        read_budget();
    if (guards.budget < MAPS_PER_GUARD ||
        cede__sys_mprotect(stack->low - size, size, PROT_NONE) < 0)
        return false;
    guards.budget -= MAPS_PER_GUARD;
    set_kind(stack, CEDE_STACK_GUARD_MPROTECT);
    return true;
}

/* --- canaries --- */

static void warn_once(size_t count)
{
    if (guards.warned)
        return;
    guards.warned = true;
    cede__logf(CEDE_LOG_WARNING,
               "cede: %zu stacks have no guard pages and are only checked "
               "when they are given back; raise vm.max_map_count",
               count);
}

/* The sum of all bits keeps the loop free of branches. The stack may belong to
   ASan's idea of something else, so it does not look. */
__attribute__((no_sanitize_address)) bool
cede__guard_intact(const cede__stack *stack)
{
    const uint64_t *word = (const uint64_t *)(void *)stack->low;
    uint64_t bits = 0;

    if (stack->guard != CEDE_STACK_GUARD_CANARY)
        return true;
    VALGRIND_DISABLE_ERROR_REPORTING; /* to it this is beyond the stack */
    for (size_t i = 1; i <= CANARY_SIZE / sizeof *word; i++)
        bits |= *(word - i);
    VALGRIND_ENABLE_ERROR_REPORTING;
    return bits == 0;
}

void cede__guard_check(const cede__stack *stack)
{
    if (CEDE_IMPL_UNLIKELY(!cede__guard_intact(stack)))
        cede__overflow_abort(stack);
}

/* --- all --- */

void cede__guard_install(cede__stack *stacks, size_t count)
{
    cede_stack_guard wanted = cede__stack_options_freeze()->guard;
    size_t done = 0;
    size_t without = 0;

    if (wanted <= CEDE_STACK_GUARD_MADVISE && has_regions())
        done = install_regions(stacks, count);
    for (; done < count; done++) {
        if (wanted <= CEDE_STACK_GUARD_MPROTECT && protect(&stacks[done]))
            continue;
        set_kind(&stacks[done], CEDE_STACK_GUARD_CANARY);
        without++;
    }
    if (without > 0 && wanted != CEDE_STACK_GUARD_CANARY)
        warn_once(without);
}

void cede__guard_forget(const cede__stack *stacks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        guards.counts[stacks[i].guard]--;
        if (stacks[i].guard == CEDE_STACK_GUARD_MPROTECT)
            guards.budget += MAPS_PER_GUARD;
    }
}
