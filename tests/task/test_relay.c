/*
 * Tasks that change to the next one without returning to the loop: what runs
 * when must be what a loop that steps each of them would do. Rules L01, T18.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/loop.h"
#include "cede/print.h"

static cede_value says_twice(void *name)
{
    say("%s1", (const char *)name);
    cede_sleep(0);
    say("%s2", (const char *)name);
    return cede_none;
}

static void callback(void *name)
{
    say("%s", (const char *)name);
}

static cede_value mixed(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(says_twice, "a"));
    join(&crew, cede_create_task(says_twice, "b"));
    cede_sleep(0);
    say("|");
    cede_loop_call_soon(cede_get_running_loop(), callback, "x");
    join(&crew, cede_create_task(says_twice, "c"));
    cede_sleep(0);
    say("|");
    cede_sleep(0);
    return cede_none;
}

TEST(L01_tasks_and_callbacks_run_in_the_order_they_were_queued,
     .shuffle = false)
{
    expect(mixed, "a1;b1;|;a2;b2;x;c1;|;c2;");
}

/* --- who is current --- */

static cede_value knows_itself(void *name)
{
    for (int i = 0; i < 3; i++) {
        cede_sleep(0);
        if (strcmp(cede_task_get_name(cede_current_task()), name) != 0)
            say("%s is wrong", (const char *)name);
    }
    say("%s", (const char *)name);
    return cede_none;
}

static cede_value three(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(knows_itself, "p", .name = "p"));
    join(&crew, cede_create_task(knows_itself, "q", .name = "q"));
    join(&crew, cede_create_task(knows_itself, "r", .name = "r"));
    turns(5);
    return cede_none;
}

TEST(T18_each_task_is_the_current_one_when_it_goes_on, .shuffle = false)
{
    expect(three, "p;q;r;");
}

/* --- ends in the middle --- */

static cede_value returns_its_number(void *number)
{
    int turns_left = *(int *)number;

    while (turns_left-- > 0)
        cede_sleep(0);
    if (*(int *)number == 2)
        cede_raise(cede_ValueError, "two");
    return cede_int(*(int *)number);
}

static cede_value ends(void *arg)
{
    static int numbers[] = {3, 1, 2, 0};
    struct results results = {0};
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    int i;

    (void)arg;
    cede_defer (drop_results, &results);
    for (i = 0; i < 4; i++)
        join(&crew, cede_create_task(returns_its_number, &numbers[i]));
    gather_crew(&crew, results.at, CEDE_RETURN_EXCEPTIONS);
    for (i = 0; i < 4; i++) {
        cede_auto (cede_value, text, cede_value_clear) =
            cede_repr(results.at[i]);

        say("%s", cede_value_str(text));
    }
    return cede_none;
}

TEST(T18_each_end_is_that_of_the_task_that_ended, .shuffle = false)
{
    expect(ends, "3;1;ValueError('two');0;");
}

/* --- a generator that waits --- */

static cede_value slow_items(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_sleep(0);
        cede_yield(i);
    }
    return cede_none;
}

static cede_value draws(void *name)
{
    cede_for (item, cede_generator(slow_items, NULL))
        say("%s%d", (const char *)name, (int)cede_value_int(item));
    return cede_none;
}

static cede_value two_draw(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(draws, "a"));
    join(&crew, cede_create_task(draws, "b"));
    turns(5);
    return cede_none;
}

TEST(A01_generators_that_wait_take_turns, .shuffle = false)
{
    expect(two_draw, "a0;b0;a1;b1;");
}

/* --- eager ones go back to their creator --- */

static cede_value creates_eagerly(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(says_twice, "a"));
    cede_sleep(0);
    join(&crew, cede_create_task(says_twice, "e", .eager_start = true));
    say("created");
    turns(2);
    return cede_none;
}

TEST(D01_an_eager_task_that_waits_goes_back_to_its_creator, .shuffle = false)
{
    expect(creates_eagerly, "a1;e1;created;a2;e2;");
}

/* --- where the loop goes on itself --- */

/* Outlives who looks at it. */
static int spun[2];

static cede_value spins(void *count)
{
    *(int *)count = 0;
    for (;;) {
        cede_sleep(0);
        ++*(int *)count;
    }
    return cede_none;
}

TEST(L21_one_iteration_is_one_though_tasks_could_go_on, .shuffle = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    int i;

    join(&crew, cede_loop_create_task(loop, spins, &spun[0]));
    join(&crew, cede_loop_create_task(loop, spins, &spun[1]));
    for (i = 0; i < 5; i++)
        cede_loop_run_once(loop, 0);
    CHECK(spun[0] == 4);
    CHECK(spun[1] == 4);
    for (i = 0; i < 2; i++)
        cede_task_cancel(crew.member[i], NULL);
    cede_loop_run_once(loop, 0);
}

static cede_value stops(void *loop)
{
    cede_loop_stop(loop);
    cede_sleep(0);
    say("not reached");
    return cede_none;
}

TEST(L04_stop_ends_the_run_behind_this_iteration, .shuffle = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    spun[0] = -1;
    join(&crew, cede_loop_create_task(loop, stops, loop));
    join(&crew, cede_loop_create_task(loop, spins, &spun[0]));
    cede_loop_run_forever(loop);
    CHECK(spun[0] == 0);
    cede_task_cancel(crew.member[0], NULL);
    cede_task_cancel(crew.member[1], NULL);
    cede_loop_run_once(loop, 0);
    CHECK_STR(said(), "");
}

static cede_value spins_beside_a_timer(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(spins, &spun[0]));
    cede_loop_call_at(cede_get_running_loop(), 0, callback, "due");
    turns(2);
    say(spun[0] <= 2 ? "in time" : "late");
    cede_task_cancel(crew.member[0], NULL);
    cede_sleep(0);
    return cede_none;
}

TEST(L02_a_timer_that_is_due_fires_between_tasks_that_spin, .shuffle = false)
{
    expect(spins_beside_a_timer, "due;in time;");
}
