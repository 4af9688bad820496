/*
 * The countdown that makes the Nth fault point fail.
 */
#include "harness/harness.h"

#include <limits.h>
#include <pthread.h>

#include "base/fault.h"

/* The outcomes of the next points, as text: '.' passes, 'x' fails. */
static const char *pass_points(enum cede__fault_kind kind, int points)
{
    static char text[64];

    for (int i = 0; i < points; i++)
        text[i] = cede__fault(kind) ? 'x' : '.';
    text[points] = '\0';
    return text;
}

TEST(disarmed_passes_and_counts_nothing, .torture = false)
{
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 5), ".....");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 0);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_ALLOCATION), 0);
}

TEST(fails_from_the_nth_on, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 3, 2);
    CHECK_STR(pass_points(CEDE__FAULT_SYSTEM_CALL, 7), "..xx...");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 7);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_SYSTEM_CALL), 2);
}

TEST(fails_for_ever, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 2, LONG_MAX);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 5), ".xxxx");
}

TEST(counts_without_failing, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, LONG_MAX, 1);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 4), "....");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 4);
}

TEST(kinds_are_apart, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    CHECK_STR(pass_points(CEDE__FAULT_SYSTEM_CALL, 2), "..");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 0);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 2), "x.");
}

TEST(arming_again_starts_again, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 2, 1);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 1), ".");
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 2, 1);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 3), ".x.");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 3);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_ALLOCATION), 1);
}

TEST(disarming_keeps_the_counters, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 9);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 2), "xx");
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_STR(pass_points(CEDE__FAULT_ALLOCATION, 2), "..");
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 2);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_ALLOCATION), 2);
}

enum { THREADS = 4, POINTS = 10000 };

static void *pass_many(void *arg)
{
    for (int i = 0; i < POINTS; i++)
        *(int *)arg += cede__fault(CEDE__FAULT_ALLOCATION);
    return NULL;
}

TEST(threads_share_one_count, .torture = false)
{
    pthread_t threads[THREADS];
    int failed[THREADS] = {0}, sum = 0;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 5000, 100);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, pass_many, &failed[i]) == 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum += failed[i];
    }
    CHECK_INT(sum, 100);
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), THREADS * POINTS);
}
