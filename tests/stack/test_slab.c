/*
 * test_slab.c - how stacks lie in memory
 */
#include "harness/harness.h"

#include <limits.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fault.h"
#include "stack/depot.h"
#include "stack/guard.h"
#include "stack/run.h"
#include "stack/slab.h"
#include "stack/stack.h"

enum { COUNT = 64 };

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* With the lock, as everybody who maps slabs. */
static cede__slab *map_slab(size_t count)
{
    cede__slab *slab;

    cede__depot_lock();
    slab = cede__slab_map(count);
    cede__depot_unlock();
    return slab;
}

static void unmap_slab(cede__slab *slab)
{
    cede__depot_lock();
    cede__slab_unmap(slab);
    cede__depot_unlock();
}

TEST(stride_is_an_odd_number_of_pages)
{
    cede__slab *slab = map_slab(COUNT);

    REQUIRE(slab != NULL);
    CHECK_INT(slab->stride % page_size(), 0);
    CHECK_INT(slab->stride / page_size() % 2, 1);
    for (size_t i = 1; i < slab->count; i++)
        CHECK_INT(slab->stacks[i].high - slab->stacks[i - 1].high,
                  slab->stride);
    unmap_slab(slab);
}

TEST(stride_stays_odd_whatever_the_size)
{
    cede__slab *slab;

    CHECK_INT(cede_stack_set_size(100 * page_size()), 0);
    slab = map_slab(2);
    REQUIRE(slab != NULL);
    CHECK_INT(slab->stride / page_size() % 2, 1);
    CHECK(slab->stacks[1].top - slab->stacks[1].low >=
          (ptrdiff_t)(100 * page_size()));
    unmap_slab(slab);
}

TEST(guards_lie_between_neighbours)
{
    cede__slab *slab = map_slab(COUNT);

    REQUIRE(slab != NULL);
    CHECK(cede__guard_size() >= 64 * 1024);
    CHECK(slab->stacks[0].low - cede__guard_size() >=
          (char *)&slab->stacks[slab->count]);
    for (size_t i = 1; i < slab->count; i++)
        CHECK_PTR(slab->stacks[i].low - cede__guard_size(),
                  slab->stacks[i - 1].high);
    CHECK_PTR(slab->stacks[slab->count - 1].high, (char *)slab + slab->length);
    unmap_slab(slab);
}

TEST(tops_are_coloured_and_aligned)
{
    cede__slab *slab = map_slab(COUNT);
    bool seen[16] = {false};

    REQUIRE(slab != NULL && slab->count >= 16);
    for (size_t i = 0; i < slab->count; i++) {
        const cede__stack *stack = &slab->stacks[i];
        size_t lowered = (size_t)(stack->high - stack->top);

        CHECK_INT((uintptr_t)stack->top % 64, 0);
        CHECK_INT((uintptr_t)stack->high % page_size(), 0);
        CHECK(lowered < 1024);
        if (i < 16) {
            CHECK(!seen[lowered / 64]);
            seen[lowered / 64] = true;
        } else {
            CHECK(stack->top != slab->stacks[i - 16].top + 16 * slab->stride);
        }
    }
    unmap_slab(slab);
}

TEST(descriptors_are_cache_lines_of_their_own)
{
    CHECK_INT(sizeof(cede__stack) % 64, 0);
    CHECK_INT(_Alignof(cede__stack), 64);
}

TEST(find_knows_every_address)
{
    cede__slab *slab = map_slab(3);
    int local;

    REQUIRE(slab != NULL && slab->count == 3);
    for (size_t i = 0; i < 3; i++) {
        cede__stack *stack = &slab->stacks[i];

        CHECK_PTR(cede__slab_find(stack->high - 1), stack);
        CHECK_PTR(cede__slab_find(stack->low), stack);
        CHECK_PTR(cede__slab_find(stack->low - 1), stack);
        CHECK_PTR(cede__slab_find(stack->low - cede__guard_size()), stack);
    }
    CHECK_PTR(cede__slab_find(slab), NULL);
    CHECK_PTR(cede__slab_find(slab->first - 1), NULL);
    CHECK_PTR(cede__slab_find(&local), NULL);
    CHECK_PTR(cede__slab_find(NULL), NULL);
    unmap_slab(slab);
}

TEST(find_knows_slabs_of_all_chunks_and_forgets_them)
{
    enum { SLABS = 300 }; /* more than the first two chunks of the table */
    static cede__slab *slabs[SLABS];
    size_t made = 0;

    cede_stack_set_size(16 * 1024);
    while (made < SLABS && (slabs[made] = map_slab(1)) != NULL)
        made++;
    CHECK_INT(made, SLABS);
    for (size_t i = 0; i < made; i++)
        CHECK_PTR(cede__slab_find(slabs[i]->first), &slabs[i]->stacks[0]);
    for (size_t i = 0; i < made; i += 2) {
        char *address = slabs[i]->first;

        unmap_slab(slabs[i]);
        CHECK_PTR(cede__slab_find(address), NULL);
    }
    for (size_t i = 1; i < made; i += 2) {
        CHECK_PTR(cede__slab_find(slabs[i]->first), &slabs[i]->stacks[0]);
        unmap_slab(slabs[i]);
    }
}

/* The free entries of the table are used again: after the first slab, each
   costs the same few calls. */
TEST(table_does_not_grow_when_slabs_come_and_go, .torture = false)
{
    enum { ROUNDS = 200 };
    long calls;

    cede_stack_set_size(16 * 1024);
    unmap_slab(map_slab(1));
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 0);
    unmap_slab(map_slab(1));
    calls = cede__fault_seen(CEDE__FAULT_SYSTEM_CALL);
    CHECK(calls > 0);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 0);
    for (int i = 0; i < ROUNDS; i++)
        unmap_slab(map_slab(1));
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), ROUNDS * calls);
}

/* The address space is short: half as many stacks are better than none. */
TEST(slab_shrinks_to_what_fits, .torture = false)
{
    struct rlimit64 limit;
    cede__slab *slab;

    if (CEDE_IMPL_ASAN || CEDE_IMPL_TSAN || RUN_UNDER_VALGRIND)
        SKIP("sanitizers and valgrind need the address space");
    if (harness_emulated())
        SKIP("qemu keeps the limit of the address space to itself");
    slab = map_slab(1);
    REQUIRE(slab != NULL);
    limit.rlim_cur = limit.rlim_max = 40 * slab->stride + (64 << 20);
    unmap_slab(slab);
    REQUIRE(prlimit64(0, RLIMIT_AS, &limit, NULL) == 0);
    slab = map_slab(1024);
    REQUIRE(slab != NULL);
    CHECK(slab->count < 1024);
    CHECK(slab->count >= 16);
    unmap_slab(slab);
}

TEST(no_address_space_is_no_slab, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, LONG_MAX);
    CHECK_PTR(map_slab(64), NULL);
    CHECK_PTR(cede__stack_acquire(), NULL);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    CHECK_INT(cede__stack_live(), 0);
    CHECK_INT(cede_stack_statistics().mapped, 0);
}
