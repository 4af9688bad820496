/*
 * The allocator hook, its failures, and the count of live blocks.
 */
#include "harness/harness.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/fault.h"
#include "base/memory.h"

TEST(counts_live_blocks)
{
    size_t before = cede__memory_live();
    void *one = cede__malloc(10);
    void *two = cede__calloc(3, 5);

    CHECK(one && two);
    CHECK_INT(cede__memory_live() - before, one && two ? 2 : 0);
    cede__free(one);
    cede_free(two);
    cede__free(NULL);
    cede_free(NULL);
    CHECK_INT(cede__memory_live(), before);
}

TEST(size_zero_is_a_block, .torture = false)
{
    void *one = cede__malloc(0);
    void *two = cede__calloc(0, 8);
    void *three = cede__realloc(NULL, 0);

    CHECK(one && two && three);
    CHECK(one != two && two != three);
    three = cede__realloc(three, 0);
    CHECK(three != NULL);
    cede__free(one);
    cede__free(two);
    cede__free(three);
}

TEST(calloc_zeroes)
{
    /* So that the next block is likely to be a used one. */
    char *block = cede__malloc(1000);

    if (block)
        memset(block, 0xff, 1000);
    cede__free(block);
    block = cede__calloc(10, 100);
    REQUIRE(block);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(block[i], 0);
    cede__free(block);
}

TEST(calloc_refuses_what_does_not_fit)
{
    volatile size_t half = SIZE_MAX / 2;

    CHECK_PTR(cede__calloc(half, 3), NULL);
}

TEST(realloc_keeps_contents)
{
    char *block = cede__realloc(NULL, 6);
    char *larger;

    REQUIRE(block);
    memcpy(block, "hello", 6);
    larger = cede__realloc(block, 100000);
    if (CHECK(larger != NULL))
        block = larger;
    CHECK_STR(block, "hello");
    cede__free(block);
}

TEST(failed_realloc_keeps_the_block, .torture = false)
{
    char *block = cede__malloc(6);

    REQUIRE(block);
    memcpy(block, "hello", 6);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    CHECK_PTR(cede__realloc(block, 100), NULL);
    CHECK_STR(block, "hello");
    cede__free(block);
}

TEST(every_function_is_one_fault_point, .torture = false)
{
    void *kept;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 4);
    CHECK_PTR(cede__malloc(1), NULL);
    CHECK_PTR(cede__calloc(1, 1), NULL);
    CHECK_PTR(cede__realloc(NULL, 1), NULL);
    CHECK_PTR(cede__malloc(1), NULL);
    kept = cede__malloc(1);
    CHECK(kept != NULL);
    cede__free(kept);
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 5);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_ALLOCATION), 4);
}

/* ---- an allocator of the user's ----------------------------------------- */

struct tally {
    int allocated;
    int reallocated;
    int released;
    bool empty;
};

static void *tally_allocate(void *context, size_t size)
{
    struct tally *tally = context;
    void *block = tally->empty ? NULL : malloc(size);

    tally->allocated++;
    CHECK(size > 0);
    if (block)
        memset(block, 0xaa, size);
    return block;
}

static void *tally_reallocate(void *context, void *block, size_t size)
{
    struct tally *tally = context;

    tally->reallocated++;
    CHECK(block && size > 0);
    return tally->empty ? NULL : realloc(block, size);
}

static void tally_release(void *context, void *block)
{
    struct tally *tally = context;

    tally->released++;
    CHECK(block != NULL);
    free(block);
}

TEST(allocator_gets_every_call)
{
    struct tally tally = {0};
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           &tally};
    unsigned char *one, *two, *larger;

    CHECK_INT(cede_set_allocator(&mine), 0);
    memset(&mine, 0, sizeof mine); /* it was copied */
    one = cede__malloc(0);
    two = cede__calloc(2, 2);
    if (two)
        CHECK_INT(two[0] | two[1] | two[2] | two[3], 0);
    larger = cede__realloc(one, 10);
    if (larger)
        one = larger;
    CHECK_INT(tally.allocated, 2);
    CHECK_INT(tally.reallocated, 1);
    cede__free(one);
    cede__free(two);
    cede__free(NULL);
    CHECK_INT(tally.released, 2);

    CHECK_INT(cede_set_allocator(NULL), 0);
    cede__free(cede__malloc(1));
    CHECK_INT(tally.allocated, 2);
}

TEST(allocator_may_be_empty)
{
    struct tally tally = {.empty = true};
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           &tally};
    size_t before = cede__memory_live();

    CHECK_INT(cede_set_allocator(&mine), 0);
    CHECK_PTR(cede__malloc(1), NULL);
    CHECK_PTR(cede__calloc(1, 1), NULL);
    CHECK_PTR(cede__realloc(NULL, 1), NULL);
    CHECK_INT(cede__memory_live(), before);
    CHECK_INT(cede_set_allocator(NULL), 0);
}

TEST(allocator_cannot_change_under_a_block)
{
    struct tally tally = {0};
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           &tally};
    void *block = cede__malloc(1);

    REQUIRE(block);
    CHECK_INT(cede_set_allocator(&mine), -EBUSY);
    CHECK_INT(cede_set_allocator(NULL), -EBUSY);
    cede__free(block);
    CHECK_INT(tally.released, 0);
    CHECK_INT(cede_set_allocator(&mine), 0);
    CHECK_INT(cede_set_allocator(NULL), 0);
}

TEST(allocator_needs_all_functions)
{
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           NULL};

    mine.allocate = NULL;
    CHECK_INT(cede_set_allocator(&mine), -EINVAL);
    mine.allocate = tally_allocate;
    mine.reallocate = NULL;
    CHECK_INT(cede_set_allocator(&mine), -EINVAL);
    mine.reallocate = tally_reallocate;
    mine.release = NULL;
    CHECK_INT(cede_set_allocator(&mine), -EINVAL);
}

/* ---- threads ------------------------------------------------------------ */

enum { THREADS = 20, BLOCKS = 500 };

static void *allocate_some(void *arg)
{
    void **blocks = arg;

    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = cede__malloc(1);
    return NULL;
}

/* More threads than shards, and blocks freed by a thread of another one. */
TEST(count_holds_across_threads, .torture = false)
{
    static void *blocks[THREADS][BLOCKS];
    pthread_t threads[THREADS];
    size_t before = cede__memory_live();

    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, allocate_some, blocks[i]) ==
                0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(cede__memory_live() - before, THREADS * BLOCKS);
    for (int i = 0; i < THREADS; i++)
        for (int j = 0; j < BLOCKS; j++)
            cede__free(blocks[i][j]);
    CHECK_INT(cede__memory_live(), before);
}

/* ---- blocks that are kept ------------------------------------------------ */

/* Where somebody looks for uses after the end nothing is kept. */
static bool keeps(void)
{
    void *first = cede__block_new(48), *second;
    bool kept;

    if (first)
        cede__block_free(first, 48);
    second = cede__block_new(48);
    kept = first && first == second;
    if (second)
        cede__block_free(second, 48);
    return kept;
}

/* False: there was none. */
static bool use_block(void)
{
    void *block = cede__block_new(48);

    if (block)
        cede__block_free(block, 48);
    return block != NULL;
}

TEST(a_block_comes_back_for_its_size, .torture = false)
{
    size_t before = cede__memory_live();
    void *small, *large, *again;

    if (!keeps())
        SKIP("blocks are not kept here");
    small = cede__block_new(100);
    large = cede__block_new(200);
    CHECK_INT(cede__memory_live() - before, 2);
    memset(small, 1, 100);
    memset(large, 2, 200);
    cede__block_free(small, 100);
    CHECK_INT(cede__memory_live() - before, 1);
    again = cede__block_new(200);
    CHECK(again != small);
    cede__block_free(again, 200);
    again = cede__block_new(97); /* as many units */
    CHECK_PTR(again, small);
    cede__block_free(again, 97);
    cede__block_free(large, 200);
    CHECK_INT(cede__memory_live(), before);
}

TEST(a_block_is_a_fault_point, .torture = false)
{
    keeps();
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    CHECK(!use_block());
    CHECK(use_block());
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 2);
}

TEST(many_and_large_blocks_are_given_back)
{
    enum { COUNT = 600, SIZE = 1000, LARGE = 100000 };
    void *blocks[COUNT];
    void *large = cede__block_new(LARGE);

    if (large)
        cede__block_free(memset(large, 1, LARGE), LARGE);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < COUNT; i++)
            blocks[i] = cede__block_new(SIZE);
        for (int i = 0; i < COUNT; i++)
            if (blocks[i])
                cede__block_free(memset(blocks[i], 1, SIZE), SIZE);
    }
}

TEST(an_allocator_of_ones_own_gets_every_block)
{
    struct tally tally = {0};
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           &tally};
    int used;

    keeps(); /* one of malloc's is kept now */
    CHECK_INT(cede_set_allocator(&mine), 0);
    used = use_block();
    CHECK_INT(tally.allocated, used);
    CHECK_INT(tally.released, used);
    CHECK_INT(cede_set_allocator(NULL), 0);
    use_block();
    CHECK_INT(tally.released, tally.allocated);
}

static pthread_barrier_t meeting;

static void *keep_before_and_use_after(void *unused)
{
    (void)unused;
    keeps();
    pthread_barrier_wait(&meeting);
    pthread_barrier_wait(&meeting);
    use_block();
    return NULL;
}

/* What another thread keeps is malloc's still. */
TEST(an_allocator_of_ones_own_gets_other_threads_blocks, .torture = false)
{
    struct tally tally = {0};
    cede_allocator mine = {tally_allocate, tally_reallocate, tally_release,
                           &tally};
    pthread_t thread;

    pthread_barrier_init(&meeting, NULL, 2);
    REQUIRE(pthread_create(&thread, NULL, keep_before_and_use_after, NULL) ==
            0);
    pthread_barrier_wait(&meeting);
    CHECK_INT(cede_set_allocator(&mine), 0);
    pthread_barrier_wait(&meeting);
    pthread_join(thread, NULL);
    CHECK_INT(tally.allocated, 1);
    CHECK_INT(tally.released, 1);
    CHECK_INT(cede_set_allocator(NULL), 0);
    pthread_barrier_destroy(&meeting);
}

static void *use_two(void *kept)
{
    use_block();
    *(void **)kept = cede__malloc(1);
    return NULL;
}

/* More threads than have a counter of their own. */
TEST(threads_that_have_ended_are_counted, .torture = false)
{
    enum { ENDED = 40 };
    size_t before = cede__memory_live();
    void *kept[ENDED];
    pthread_t thread;

    for (int i = 0; i < ENDED; i++) {
        REQUIRE(pthread_create(&thread, NULL, use_two, &kept[i]) == 0);
        pthread_join(thread, NULL);
    }
    CHECK_INT(cede__memory_live() - before, ENDED);
    for (int i = 0; i < ENDED; i++)
        cede__free(kept[i]);
    CHECK_INT(cede__memory_live(), before);
}
