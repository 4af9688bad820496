/*
 * test_shuffle.c - an order drawn by lot (rule Z18)
 */
#include "loop/shuffle.h"

#include "world.h"

enum { JOBS = 6 };

static void shuffled_order(uint64_t seed, char order[JOBS + 1])
{
    cede__job jobs[JOBS];
    cede__queue queue;
    int i = 0;

    cede__queue_init(&queue);
    for (int k = 0; k < JOBS; k++)
        cede__queue_push(&queue, &jobs[k]);
    cede__queue_shuffle(&queue, &seed);
    CHECK_PTR(*queue.last, NULL);
    while (!cede__queue_empty(&queue) && i < JOBS)
        order[i++] = (char)('0' + (cede__queue_pop(&queue) - jobs));
    order[i] = '\0';
    CHECK(cede__queue_empty(&queue));
}

TEST(Z18_every_job_is_there_once)
{
    for (uint64_t seed = 0; seed < 1000; seed++) {
        char order[JOBS + 1];
        unsigned seen = 0;

        shuffled_order(seed, order);
        for (const char *c = order; *c; c++)
            seen |= 1u << (*c - '0');
        CHECK_INT(seen, (1u << JOBS) - 1);
    }
}

TEST(Z18_the_same_seed_draws_the_same_order)
{
    char first[JOBS + 1], again[JOBS + 1], other[JOBS + 1];
    int different = 0;

    for (uint64_t seed = 0; seed < 100; seed++) {
        shuffled_order(seed, first);
        shuffled_order(seed, again);
        shuffled_order(seed + 1, other);
        CHECK_STR(again, first);
        different += strcmp(first, other) != 0;
    }
    CHECK(different > 90);
}

/* Each job in each place about as often: 7200 draws, 1200 expected, and five
   standard deviations are 158. */
TEST(Z18_every_order_is_as_likely)
{
    int counts[JOBS][JOBS] = {{0}};

    for (uint64_t seed = 0; seed < 7200; seed++) {
        char order[JOBS + 1];

        shuffled_order(seed * 1000003, order);
        for (int place = 0; place < JOBS; place++)
            counts[order[place] - '0'][place]++;
    }
    for (int job = 0; job < JOBS; job++)
        for (int place = 0; place < JOBS; place++)
            if (!CHECK(abs(counts[job][place] - 1200) < 158))
                printf("job %d in place %d: %d\n", job, place,
                       counts[job][place]);
}

TEST(short_queues_and_long_ones)
{
    enum { MANY = 5000 };
    static cede__job jobs[MANY];
    uint64_t state = 1;
    cede__queue queue;
    size_t count = 0;

    cede__queue_init(&queue);
    cede__queue_shuffle(&queue, &state);
    CHECK(cede__queue_empty(&queue));
    cede__queue_push(&queue, &jobs[0]);
    cede__queue_shuffle(&queue, &state);
    CHECK_PTR(cede__queue_pop(&queue), &jobs[0]);
    for (size_t i = 0; i < MANY; i++)
        cede__queue_push(&queue, &jobs[i]);
    cede__queue_shuffle(&queue, &state);
    while (!cede__queue_empty(&queue) && count <= MANY)
        count += cede__queue_pop(&queue) != NULL;
    CHECK_INT(count, MANY);
}

/* --- loops --- */

static void open_shuffled(uint64_t seed)
{
    cede_loop_options options = {.simulated = true, .shuffle = true,
                                 .seed = seed};

    world.log[0] = '\0';
    world.loop = cede_loop_new_with(&options);
}

static void b_later(void *unused)
{
    (void)unused;
    cede_loop_call_soon(world.loop, speak, "B");
    say("b");
}

static void run_four(void)
{
    cede_loop_call_soon(world.loop, speak, "a");
    cede_loop_call_soon(world.loop, b_later, NULL);
    cede_loop_call_soon(world.loop, speak, "c");
    cede_loop_call_later(world.loop, 1, speak, "timer");
    cede_loop_call_later(world.loop, 2, stop, NULL);
    cede_loop_run_forever(world.loop);
}

/* What is scheduled meanwhile waits for the next iteration, timers for their
   time. */
TEST(Z18_a_loop_shuffles_within_an_iteration, .torture = false)
{
    bool orders[6] = {false};
    static const char *const expected[6] = {"a b c", "a c b", "b a c",
                                            "b c a", "c a b", "c b a"};

    for (uint64_t seed = 0; seed < 60; seed++) {
        open_shuffled(seed);
        cede_defer (close_world, &world);
        run_four();
        CHECK_STR(world.log + 5, " B timer");
        for (int i = 0; i < 6; i++)
            orders[i] |= strncmp(world.log, expected[i], 5) == 0;
    }
    for (int i = 0; i < 6; i++)
        CHECK(orders[i]);
}

TEST(Z18_the_environment_names_the_seed, .torture = false, .shuffle = false)
{
    char first[64];
    int different = 0;

    for (int seed = 0; seed < 20; seed++) {
        char text[16];

        snprintf(text, sizeof text, "%d", seed);
        unsetenv("CEDE_SHUFFLE");
        open_shuffled((uint64_t)seed);
        run_four();
        close_world(&world);
        snprintf(first, sizeof first, "%s", world.log);
        world.log[0] = '\0';
        setenv("CEDE_SHUFFLE", text, 1);
        {
            OPEN_WORLD();
            run_four();
            CHECK_STR(world.log, first);
        }
        world.log[0] = '\0';
        unsetenv("CEDE_SHUFFLE");
        {
            OPEN_WORLD();
            run_four();
            CHECK_STR(world.log, "a b c B timer");
        }
        different += strcmp(first, world.log) != 0;
    }
    CHECK(different > 10);
}

TEST(a_seed_that_is_no_number_is_refused, .shuffle = false)
{
    setenv("CEDE_SHUFFLE", "dice", 1);
    CHECK_RAISES_WITH(
        cede_ValueError,
        "CEDE_SHUFFLE is \"dice\": a whole number of 64 bits is needed",
        open_world_with(NULL));
    setenv("CEDE_SHUFFLE", "", 1);
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("");
}

/* --- a simulated loop --- */

TEST(a_simulated_loop_has_a_clock_of_its_own)
{
    cede_loop_options options = {.simulated = true};

    world.loop = cede_loop_new_with(&options);
    cede_defer (close_world, &world);
    CHECK_FLOAT(cede_loop_time(world.loop), 0);
    cede_loop_call_later(world.loop, 86400, stop, NULL);
    cede_loop_run_forever(world.loop);
    CHECK_FLOAT(cede_loop_time(world.loop), 86400);
    cede_ref(world.loop);
    cede_defer (cede_unref, world.loop);
    cede_loop_close(world.loop);
    CHECK_FLOAT(cede_loop_time(world.loop), 86400);
}
