/*
 * A loop's source of chance. Rule Z18: what is chosen by it can be repeated.
 */
#include "loop/world.h"

#include <stdlib.h>

TEST(Z18_the_same_numbers_in_every_run)
{
    uint64_t first[100];
    bool same = true;

    unsetenv("CEDE_SEED");
    {
        OPEN_WORLD();
        for (int i = 0; i < 100; i++)
            first[i] = cede_loop_random(world.loop);
    }
    {
        OPEN_WORLD();
        for (int i = 0; i < 100; i++)
            CHECK(cede_loop_random(world.loop) == first[i]);
        cede_loop_set_seed(world.loop, 1);
        for (int i = 0; i < 100; i++)
            same = cede_loop_random(world.loop) == first[i] && same;
        CHECK(!same);
        cede_loop_set_seed(world.loop, 0);
        CHECK(cede_loop_random(world.loop) == first[0]);
    }
}

/* The numbers of splitmix64 for the seed 1234567, as they are published. */
TEST(Z18_known_numbers)
{
    static const uint64_t known[] = {
        UINT64_C(6457827717110365317),  UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),  UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821),
    };

    OPEN_WORLD();
    cede_loop_set_seed(world.loop, 1234567);
    for (int i = 0; i < 5; i++)
        CHECK(cede_loop_random(world.loop) == known[i]);
}

static uint64_t first_with(const char *seed)
{
    setenv("CEDE_SEED", seed, true);
    OPEN_WORLD();
    return cede_loop_random(world.loop);
}

TEST(Z18_the_environment_gives_a_seed)
{
    uint64_t seven = first_with("7"), none = first_with("");

    CHECK(seven != none);
    CHECK(first_with("0x7") == seven);
    CHECK(first_with("0") == none);
    CHECK(first_with("18446744073709551615") != none);
    CHECK_RAISES(cede_ValueError, first_with("seven"));
    CHECK_RAISES(cede_ValueError, first_with("18446744073709551616"));
}

/* Each bit is set half of the time, give or take five standard deviations. */
TEST(Z18_every_bit_by_chance)
{
    int ones[64] = {0};

    unsetenv("CEDE_SEED");
    OPEN_WORLD();
    for (int i = 0; i < 10000; i++) {
        uint64_t bits = cede_loop_random(world.loop);

        for (int bit = 0; bit < 64; bit++)
            ones[bit] += bits >> bit & 1;
    }
    for (int bit = 0; bit < 64; bit++)
        CHECK(ones[bit] > 4750 && ones[bit] < 5250);
}
