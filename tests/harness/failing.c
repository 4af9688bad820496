/*
 * Tests that must fail, each in its own way. Not run by itself: test_harness
 * runs it and reads what the harness says.
 */
#include "harness/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/memory.h"

static void *volatile lost;

TEST(passes)
{
    CHECK(true);
}

TEST(skips)
{
    SKIP("not today");
}

TEST(failed_checks_go_on)
{
    printf("printed before\n");
    CHECK(1 > 2);
    CHECK_INT(2 + 2, 5);
    CHECK_FLOAT(0.5, 0.25);
    CHECK_STR("here", "there");
    CHECK_STR(NULL, "there");
    CHECK_CONTAINS("haystack", "needle");
    CHECK_PTR(NULL, &lost);
    printf("printed after\n");
}

TEST(fails_after_a_fault_of_its_own, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    CHECK_PTR(cede__malloc(10), &lost);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
}

TEST(leaks_memory)
{
    lost = cede__malloc(10);
    lost = NULL;
}

TEST(leaks_memory_of_malloc)
{
    lost = malloc(10);
    lost = NULL;
}

TEST(leaks_on_purpose)
{
    lost = cede__malloc(10);
    harness_ignore_leaks();
}

TEST(leaks_a_descriptor)
{
    CHECK(open("/dev/null", O_RDONLY) >= 0);
}

TEST(closes_a_descriptor)
{
    close(0);
}

TEST(crashes)
{
    printf("printed before\n");
    raise(SIGSEGV);
}

TEST(aborts)
{
    abort();
}

TEST(exits)
{
    exit(0);
}

TEST(hangs, .timeout = 0.05)
{
    for (;;)
        pause();
}

/* A time limit ends grandchildren too: the pipe's end tells. */
TEST(hangs_with_a_child, .timeout = 0.05)
{
    fork();
    for (;;)
        pause();
}

TEST(overruns_a_buffer)
{
    volatile char *buffer = malloc(8);
    volatile int index = 8;

    buffer[index] = 1;
    free((void *)buffer);
}

TEST(raises)
{
    cede_raise(cede_ValueError, "nobody catches %s", "this");
}

TEST(does_not_raise_what_it_should)
{
    CHECK_RAISES(cede_ValueError, cede_raise(cede_ValueError, "right"));
    CHECK_RAISES(cede_ValueError, (void)0);
}

/* ---- for --torture allocation ------------------------------------------- */

TEST(torture_handles_it)
{
    void *one = cede__malloc(1);
    void *two = one ? cede__malloc(1) : NULL;

    CHECK(one && two);
    cede__free(two);
    cede__free(one);
}

TEST(torture_leaks)
{
    void *one = cede__malloc(1);
    void *two = cede__malloc(1);

    if (!two)
        return;
    cede__free(one);
    cede__free(two);
}

TEST(torture_crashes)
{
    char *volatile one = cede__malloc(1);

    *one = 1;
    cede__free(one);
}

TEST(torture_hangs, .timeout = 0.05)
{
    void *one = cede__malloc(1);

    while (!one)
        pause();
    cede__free(one);
}

TEST(torture_has_many_points)
{
    for (int i = 0; i < 100; i++)
        cede__free(cede__malloc(1));
}

TEST(torture_excused, .torture = false)
{
    char *volatile one = cede__malloc(1);

    *one = 1;
    cede__free(one);
}

/* ---- for the other kinds: what task/ does where a task suspends --------- */

TEST(torture_leaks_when_cancelled)
{
    for (int i = 0; i < 3; i++)
        if (cede__fault(CEDE__FAULT_CANCEL) && i == 1)
            lost = cede__malloc(1);
}

TEST(torture_crashes_when_it_raises)
{
    for (int i = 0; i < 3; i++)
        if (cede__fault(CEDE__FAULT_RAISE) && i == 2)
            abort();
}

/* --- the order of callbacks --- */

static int seed(void)
{
    const char *text = getenv("CEDE_SHUFFLE");

    return text ? atoi(text) : 0;
}

TEST(fails_with_seed_3)
{
    CHECK(harness_shuffling() == (seed() != 0));
    CHECK(seed() != 3);
}

TEST(leans_on_the_order, .shuffle = false)
{
    CHECK_TRACE("b a c", "a b c");
}

TEST(traces_of_words)
{
    CHECK_TRACE("b 1\na", "b 1\na");
    CHECK_TRACE("b a a", "a b a");
    CHECK_TRACE("b 1;a 2;", "a 2;b 1;");
}

TEST(traces_of_other_words)
{
    CHECK_TRACE("a a b", "a b b");
    CHECK_TRACE("a b", "a b b");
    CHECK_TRACE("b 2;a 1;", "a 2;b 1;");
}
