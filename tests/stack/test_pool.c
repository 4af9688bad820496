/*
 * test_pool.c - stacks are used again, and given back when they are not
 */
#include "harness/harness.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "stack/memory.h"
#include "stack/run.h"
#include "stack/stack.h"

enum { MANY = 4000 };

static cede__stack *many[MANY];

/* Every stack's first page is written to. */
static bool acquire_many(int count)
{
    for (int i = 0; i < count; i++) {
        many[i] = cede__stack_acquire();
        if (!CHECK(many[i] != NULL)) {
            while (i-- > 0)
                cede__stack_release(many[i]);
            return false;
        }
        many[i]->top[-1] = 1;
    }
    return true;
}

static void release_many(int count)
{
    for (int i = 0; i < count; i++)
        cede__stack_release(many[i]);
}

static void ping_pong(int count, int rounds)
{
    while (rounds-- > 0 && acquire_many(count))
        release_many(count);
}

/* --- taking and giving back --- */

TEST(stacks_are_different)
{
    REQUIRE(acquire_many(100));
    for (int i = 0; i < 100; i++)
        for (int j = 0; j < i; j++)
            CHECK(many[i]->low >= many[j]->high ||
                  many[j]->low >= many[i]->high);
    release_many(100);
}

TEST(last_in_is_first_out)
{
    REQUIRE(acquire_many(40));
    cede__stack_release(many[7]);
    cede__stack_release(many[30]);
    cede__stack_release(many[2]);
    CHECK_PTR(cede__stack_acquire(), many[2]);
    CHECK_PTR(cede__stack_acquire(), many[30]);
    CHECK_PTR(cede__stack_acquire(), many[7]);
    release_many(40);
    CHECK_PTR(cede__stack_acquire(), many[39]);
    cede__stack_release(many[39]);
}

TEST(idle_stacks_have_no_owner)
{
    cede__stack *stack = cede__stack_acquire();

    REQUIRE(stack != NULL);
    CHECK_PTR(stack->owner, NULL);
    stack->owner = stack;
    cede__stack_release(stack);
    CHECK_PTR(stack->owner, NULL);
}

TEST(live_and_idle_are_counted)
{
    cede_stack_counts counts;

    REQUIRE(acquire_many(50));
    CHECK_INT(cede__stack_live(), 50);
    counts = cede_stack_statistics();
    CHECK_INT(counts.live, 50);
    CHECK(counts.mapped >= (counts.live + counts.idle) * cede_stack_size());
    CHECK_INT(counts.guarded_by_madvise + counts.guarded_by_mprotect +
                  counts.guarded_by_canary,
              counts.live + counts.idle);
    release_many(30);
    CHECK_INT(cede__stack_live(), 20);
    CHECK_INT(cede_stack_statistics().live, 20);
    CHECK_INT(cede_stack_statistics().idle, counts.idle + 30);
    for (int i = 30; i < 50; i++)
        cede__stack_release(many[i]);
    CHECK_INT(cede__stack_live(), 0);
    CHECK_INT(cede_stack_statistics().live, 0);
}

/* An idle task costs one page: its colour and 3 KiB of frames fit. */
TEST(three_kibibytes_of_frames_fit_one_page)
{
    REQUIRE(acquire_many(64));
    for (int i = 0; i < 64; i++) {
        memset(many[i]->top - 3 * 1024, 1, 3 * 1024);
        CHECK_INT(stack_pages(many[i]), 1);
    }
    release_many(64);
}

/* --- the warm path --- */

/* The harness counts faults itself when it tortures. */
TEST(warm_path_makes_no_system_call, .torture = false)
{
    cede__stack *stack = cede__stack_acquire();

    REQUIRE(stack != NULL);
    cede__stack_release(stack);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 0);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, LONG_MAX, 0);
    for (int i = 0; i < 100000; i++) {
        CHECK_PTR(cede__stack_acquire(), stack);
        cede__stack_release(stack);
    }
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 0);
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 0);
}

TEST(ping_pong_of_any_number_makes_no_system_call, .torture = false)
{
    static const int sizes[] = {17, 500, 1000, 1025, 3000, MANY};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ping_pong(sizes[i], 3);
        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 0);
        ping_pong(sizes[i], 20);
        CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 0);
    }
}

/* With little things going on between the large ones. */
TEST(uneven_ping_pong_makes_no_system_call, .torture = false)
{
    for (int round = 0; round < 20; round++) {
        if (round == 5)
            cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 0);
        ping_pong(2000, 1);
        for (int i = 0; i < 700; i++)
            cede__stack_release(cede__stack_acquire());
    }
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 0);
}

/* --- giving memory back --- */

TEST(trimming_lowers_resident_memory)
{
    size_t before, full;

    before = resident_pages();
    REQUIRE(acquire_many(MANY));
    full = resident_pages();
    CHECK(full > before + MANY / 2);
    release_many(MANY);
    cede__stack_trim();
    CHECK(resident_pages() < full - MANY / 2);
}

TEST(trimming_unmaps_what_is_idle)
{
    size_t full;

    REQUIRE(acquire_many(MANY));
    full = cede_stack_statistics().mapped;
    for (int i = MANY; i-- > 0;)
        cede__stack_release(many[i]);
    cede__stack_trim();
    CHECK(cede_stack_statistics().mapped < full / 10);
    cede__stack_pool_destroy();
    cede__stack_trim();
    CHECK_INT(cede_stack_statistics().mapped, 0);
    CHECK_INT(cede_stack_statistics().idle, 0);
}

TEST(trimming_spares_what_is_live)
{
    REQUIRE(acquire_many(300));
    for (int i = 0; i < 300; i += 2)
        cede__stack_release(many[i]);
    cede__stack_trim();
    for (int i = 1; i < 300; i += 2) {
        CHECK_INT(many[i]->top[-1], 1);
        cede__stack_release(many[i]);
    }
}

TEST(trimming_takes_the_depths_of_deep_stacks)
{
    cede__stack *stack = cede__stack_acquire();

    REQUIRE(stack != NULL);
    memset(stack->low, 1, (size_t)(stack->top - stack->low));
    CHECK(stack_pages(stack) > 40);
    cede__stack_release(stack);
    cede__stack_trim();
    CHECK_PTR(cede__stack_acquire(), stack);
    CHECK_INT(stack_pages(stack), 4);
    CHECK_INT(stack->top[-1], 1);
    cede__stack_release(stack);
}

TEST(trimming_nothing_is_harmless)
{
    cede__stack_trim();
    cede__stack_pool_destroy();
    cede__stack_trim();
    CHECK_INT(cede_stack_statistics().mapped, 0);
}

TEST(trimmed_stacks_are_used_again)
{
    size_t mapped;

    REQUIRE(acquire_many(200));
    mapped = cede_stack_statistics().mapped;
    /* One of each slab stays, so no slab goes. */
    for (int i = 0; i < 200; i++)
        if (i % 16 != 0)
            cede__stack_release(many[i]);
    cede__stack_trim();
    CHECK_INT(cede_stack_statistics().mapped, mapped);
    for (int i = 0; i < 200; i++)
        if (i % 16 != 0)
            REQUIRE((many[i] = cede__stack_acquire()) != NULL);
    CHECK_INT(cede_stack_statistics().mapped, mapped);
    release_many(200);
}

/* Their slabs stay mapped, because one stack of each is live. */
TEST(trimmed_stacks_keep_no_pages_where_slabs_stay)
{
    size_t live = 0, idle = 0;

    REQUIRE(acquire_many(200));
    for (int i = 0; i < 200; i++)
        if (i % 16 != 0)
            cede__stack_release(many[i]);
    cede__stack_trim();
    for (int i = 0; i < 200; i++)
        *(i % 16 == 0 ? &live : &idle) += stack_pages(many[i]);
    CHECK_INT(live, 13);
    CHECK_INT(idle, 16); /* the few that stay in the pool, a page each */
    for (int i = 0; i < 200; i += 16)
        cede__stack_release(many[i]);
}

/* No call asks for it, and no clock runs: use is what ages the others. */
TEST(burst_is_forgotten_by_itself)
{
    size_t full;

    REQUIRE(acquire_many(MANY));
    release_many(MANY);
    full = resident_pages();
    for (int i = 0; i < 10 * MANY; i++)
        cede__stack_release(cede__stack_acquire());
    CHECK(resident_pages() < full - MANY / 2);
    CHECK(cede_stack_statistics().idle < MANY / 4);
}

/* --- threads --- */

static void *release_all(void *count)
{
    release_many(*(int *)count);
    return NULL;
}

static void *acquire_all(void *count)
{
    for (int i = 0; i < *(int *)count; i++) {
        many[i] = cede__stack_acquire();
        if (many[i] == NULL)
            return count;
    }
    return NULL;
}

static void *use_some(void *count)
{
    cede__stack *stacks[64];

    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < *(int *)count; i++) {
            stacks[i] = cede__stack_acquire();
            if (stacks[i] == NULL)
                return NULL;
            CHECK_PTR(stacks[i]->owner, NULL);
            stacks[i]->owner = &stacks[i];
            memset(stacks[i]->top - 256, round, 256);
        }
        for (int i = 0; i < *(int *)count; i++) {
            CHECK_PTR(stacks[i]->owner, &stacks[i]);
            CHECK_INT(stacks[i]->top[-1], (char)round);
            cede__stack_release(stacks[i]);
        }
        if (round % 50 == 49)
            cede__stack_trim();
    }
    return NULL;
}

static void *run_thread(void *(*function)(void *), int *count)
{
    pthread_t thread;
    void *result = count;

    if (CHECK_INT(pthread_create(&thread, NULL, function, count), 0))
        pthread_join(thread, &result);
    return result;
}

TEST(threads_do_not_share_stacks)
{
    int counts[4] = {3, 64, 20, 33};
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        REQUIRE(pthread_create(&threads[i], NULL, use_some, &counts[i]) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(cede_stack_statistics().live, 0);
}

TEST(thread_that_ends_leaves_its_stacks_to_others)
{
    int count = 16;
    cede__stack *stack;
    size_t mapped;

    run_thread(use_some, &count);
    mapped = cede_stack_statistics().mapped;
    CHECK(mapped > 0);
    stack = cede__stack_acquire();
    REQUIRE(stack != NULL);
    CHECK_INT(cede_stack_statistics().mapped, mapped);
    cede__stack_release(stack);
}

TEST(threads_that_come_and_go_do_not_pile_up_stacks)
{
    int count = 40;
    size_t mapped = 0;

    for (int i = 0; i < 20; i++) {
        run_thread(use_some, &count);
        if (i == 3)
            mapped = cede_stack_statistics().mapped;
    }
    CHECK_INT(cede_stack_statistics().mapped, mapped);
}

TEST(stack_may_be_released_by_another_thread)
{
    int count = 100;

    REQUIRE(run_thread(acquire_all, &count) == NULL);
    CHECK_INT(cede_stack_statistics().live, 100);
    for (int i = 0; i < 100; i++)
        memset(many[i]->top - 64, 1, 64);
    release_many(100);
    CHECK_INT(cede__stack_live(), 0);
    CHECK_INT(cede_stack_statistics().live, 0);
    CHECK_PTR(cede__stack_acquire(), many[99]);
    cede__stack_release(many[99]);
}

TEST(stack_outlives_the_thread_that_took_it)
{
    int count = 100;

    REQUIRE(acquire_many(count));
    run_thread(release_all, &count);
    CHECK_INT(cede_stack_statistics().live, 0);
    /* As far as this thread can tell. */
    CHECK_INT(cede__stack_live(), 100);
    harness_ignore_leaks();
}

/* One thread takes, another gives back: neither the pool of the second nor
   the process grows with the number of stacks that went through. */
static void *produce(void *unused)
{
    (void)unused;
    for (int i = 0; i < 500; i++)
        if ((many[i] = cede__stack_acquire()) == NULL)
            return many;
    return NULL;
}

TEST(thread_that_only_releases_does_not_hoard)
{
    for (int i = 0; i < 40; i++) {
        REQUIRE(run_thread(produce, NULL) == NULL);
        release_many(500);
    }
    CHECK(cede_stack_statistics().idle < 4000);
}

/* --- fork --- */

static void use_in_child(void *unused)
{
    cede_stack_counts counts = cede_stack_statistics();

    (void)unused;
    CHECK_INT(counts.live, 10);
    cede__stack_release(many[9]);
    many[9] = cede__stack_acquire();
    CHECK(many[9] != NULL && many[9]->top[-1] == 1);
    REQUIRE(acquire_many(300));
    release_many(300);
    cede__stack_trim();
}

TEST(child_goes_on_with_its_copy)
{
    char output[4096];
    int status;

    REQUIRE(acquire_many(10));
    status = harness_fork(use_in_child, NULL, output, sizeof output);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_STR(output, "");
    CHECK_INT(cede_stack_statistics().live, 10);
    release_many(10);
}

/* --- failing calls --- */

/* Whichever call fails, an acquired stack is good, and none is lost. */
TEST(each_system_call_may_fail, .torture = false)
{
    for (long nth = 1; nth < 60; nth++) {
        int got = 0;

        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, nth, 1);
        for (int i = 0; i < 100; i++) {
            many[got] = cede__stack_acquire();
            if (many[got] == NULL)
                continue;
            memset(many[got]->low, 1, 64);
            many[got++]->top[-1] = 1;
        }
        CHECK(got >= 99);
        release_many(got);
        cede__stack_trim();
        cede__stack_pool_destroy();
        cede__stack_trim();
        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
        CHECK_INT(cede_stack_statistics().mapped, 0);
    }
}
