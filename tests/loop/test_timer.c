/*
 * test_timer.c - the heap of timers against a sorted model
 */
#include "loop/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/memory.h"
#include "cede/try.h"
#include "harness/harness.h"

enum { COUNT = 2000, ROUNDS = 60000 };

static cede__timers timers;
static cede__timer all[COUNT];

static void open_timers(void)
{
    memset(all, 0, sizeof all);
    cede__timers_init(&timers);
}

static uint64_t random_state = 42;

static uint64_t random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* The model: the started timer with the least (when, sequence). */
static cede__timer *model_first(void)
{
    cede__timer *first = NULL;

    for (int i = 0; i < COUNT; i++) {
        cede__timer *timer = &all[i];

        if (!cede__timer_started(timer))
            continue;
        if (first == NULL || timer->when < first->when ||
            (timer->when == first->when && timer->sequence < first->sequence))
            first = timer;
    }
    return first;
}

static bool start_all(int count)
{
    for (int i = 0; i < count; i++)
        if (cede__timers_start(&timers, &all[i],
                               (int64_t)(random_number() % 50)) < 0)
            return false;
    return true;
}

TEST(pops_in_order_of_deadline_and_start)
{
    int64_t last_when = -1;
    uint64_t last_sequence = 0;
    cede__timer *timer;

    open_timers();
    cede_defer (cede__timers_finish, &timers);
    if (!start_all(COUNT))
        return;
    for (int i = 0; i < COUNT; i++) {
        timer = cede__timers_first(&timers);
        REQUIRE(timer != NULL);
        /* L14: equal deadlines in the order they were started. */
        CHECK(timer->when > last_when ||
              (timer->when == last_when && timer->sequence > last_sequence));
        last_when = timer->when;
        last_sequence = timer->sequence;
        cede__timers_stop(&timers, timer);
    }
    CHECK_PTR(cede__timers_first(&timers), NULL);
    CHECK_INT(timers.count, 0);
}

TEST(agrees_with_a_model_under_random_use, .timeout = 60, .torture = false)
{
    open_timers();
    cede_defer (cede__timers_finish, &timers);
    for (int round = 0; round < ROUNDS; round++) {
        cede__timer *timer = &all[random_number() % COUNT];
        uint64_t range = round / 5000 % 2 ? 10 : 1000000;

        if (cede__timer_started(timer))
            cede__timers_stop(&timers, timer);
        else
            cede__timers_start(&timers, timer,
                               (int64_t)(random_number() % range));
        if (round % 16 == 0)
            CHECK_PTR(cede__timers_first(&timers), model_first());
        if (round % 7 == 0 && timers.count > 0)
            cede__timers_stop(&timers, cede__timers_first(&timers));
    }
    while (timers.count > 0) {
        CHECK_PTR(cede__timers_first(&timers), model_first());
        cede__timers_stop(&timers, cede__timers_first(&timers));
    }
}

TEST(extreme_deadlines_keep_their_order)
{
    static const int64_t whens[] = {INT64_MAX, 0, INT64_MIN, -1, 1};
    static const int order[] = {2, 3, 1, 4, 0};

    open_timers();
    cede_defer (cede__timers_finish, &timers);
    for (int i = 0; i < 5; i++)
        if (cede__timers_start(&timers, &all[i], whens[i]) < 0)
            return;
    for (int i = 0; i < 5; i++) {
        CHECK_PTR(cede__timers_first(&timers), &all[order[i]]);
        cede__timers_stop(&timers, cede__timers_first(&timers));
    }
}

/* The heap's end fills the place of a stopped timer; it may belong above the
   timers that were above that one. */
TEST(what_takes_a_stopped_timers_place_rises_as_well_as_sinks)
{
    static const int64_t whens[] = {0,   100, 1,   200, 300, 101,
                                    102, 103, 104, 2,   3};
    static const int order[] = {0, 2, 9, 10, 1, 5, 6, 8, 3, 4};

    open_timers();
    cede_defer (cede__timers_finish, &timers);
    for (int i = 0; i < 11; i++)
        if (cede__timers_start(&timers, &all[i], whens[i]) < 0)
            return;
    CHECK_INT(all[7].position, 8); /* below 100, as the end is below 1 */
    cede__timers_stop(&timers, &all[7]);
    for (int i = 0; i < 10; i++) {
        CHECK_PTR(cede__timers_first(&timers), &all[order[i]]);
        cede__timers_stop(&timers, cede__timers_first(&timers));
    }
    CHECK_INT(timers.count, 0);
}

/* L14, for every shape of the last family of children. */
TEST(L14_equal_among_siblings_and_across_levels)
{
    for (int count = 2; count <= 22; count++) {
        open_timers();
        cede_defer (cede__timers_finish, &timers);
        for (int i = 0; i < count; i++)
            if (cede__timers_start(&timers, &all[i], i % 3) < 0)
                return;
        for (int when = 0; when < 3; when++)
            for (int i = when; i < count; i += 3) {
                CHECK_PTR(cede__timers_first(&timers), &all[i]);
                cede__timers_stop(&timers, &all[i]);
            }
        CHECK_INT(timers.count, 0);
    }
}

TEST(stopping_twice_does_nothing)
{
    open_timers();
    cede_defer (cede__timers_finish, &timers);
    if (!start_all(2))
        return;
    cede__timers_stop(&timers, &all[0]);
    cede__timers_stop(&timers, &all[0]);
    CHECK_INT(timers.count, 1);
    CHECK(!cede__timer_started(&all[0]));
    CHECK_PTR(cede__timers_first(&timers), &all[1]);
}

TEST(a_reserved_slot_never_fails)
{
    open_timers();
    cede_defer (cede__timers_finish, &timers);
    for (int i = 0; i < 500; i++)
        if (cede__timers_reserve(&timers, &all[i]) < 0)
            return;
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1000000);
    for (int i = 0; i < 500; i++)
        CHECK_INT(cede__timers_start(&timers, &all[i], 500 - i), 0);
    for (int i = 0; i < 500; i++)
        cede__timers_stop(&timers, &all[i]);
    for (int i = 0; i < 500; i++)
        CHECK_INT(cede__timers_start(&timers, &all[i], i), 0);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    for (int i = 0; i < 500; i++)
        cede__timers_unreserve(&timers, &all[i]);
    CHECK_INT(timers.count, 0);
    CHECK_INT(timers.reserved, 0);
}

TEST(starting_without_memory_says_so_and_changes_nothing, .torture = false)
{
    int started = 0, rc = 0;

    open_timers();
    cede_defer (cede__timers_finish, &timers);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 2, 1);
    for (; rc == 0 && started < COUNT; started++)
        rc = cede__timers_start(&timers, &all[started], started + 1);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_INT(rc, -ENOMEM);
    CHECK(!cede__timer_started(&all[started - 1]));
    CHECK_INT(timers.count, started - 1);
    CHECK_INT(cede__timers_start(&timers, &all[started - 1], 0), 0);
    CHECK_PTR(cede__timers_first(&timers), &all[started - 1]);
}

TEST(L21_the_array_shrinks_again, .torture = false)
{
    open_timers();
    cede_defer (cede__timers_finish, &timers);
    CHECK(start_all(COUNT));
    CHECK(timers.capacity >= COUNT);
    for (int i = 0; i < COUNT - 1; i++)
        cede__timers_stop(&timers, &all[i]);
    CHECK(timers.capacity <= 256);
    CHECK_PTR(cede__timers_first(&timers), &all[COUNT - 1]);
}

TEST(L21_the_array_shrinks_when_slots_are_given_up, .torture = false)
{
    open_timers();
    cede_defer (cede__timers_finish, &timers);
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(cede__timers_reserve(&timers, &all[i]), 0);
    CHECK(timers.capacity >= COUNT);
    for (int i = 0; i < COUNT; i++)
        cede__timers_unreserve(&timers, &all[i]);
    CHECK(timers.capacity <= 256);
}

TEST(finishing_stops_all_and_slots_can_still_be_given_up)
{
    open_timers();
    if (cede__timers_reserve(&timers, &all[0]) == 0 &&
        cede__timers_reserve(&timers, &all[1]) == 0)
        cede__timers_start(&timers, &all[0], 1);
    cede__timers_finish(&timers);
    CHECK(!cede__timer_started(&all[0]));
    cede__timers_unreserve(&timers, &all[0]);
    cede__timers_unreserve(&timers, &all[1]);
    CHECK_INT(timers.count, 0);
}
