/*
 * Queues. Waits that are cancelled are in test_cancel_points.c too, the order
 * of priority queues in test_priority_queue.c.
 */
#include "task/world.h"

#include "cede/cancel_scope.h"
#include "cede/list.h"
#include "cede/print.h"
#include "cede/queue.h"

static cede_queue *queue;

static void new_queue(int64_t maxsize)
{
    queue = keep(cede_queue_new(maxsize));
}

static void say_queue(void)
{
    cede_value text = cede_repr(queue);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value gets(void *name)
{
    cede_try {
        int64_t item = cede_value_int(cede_queue_get(queue));

        say("%s %" PRId64, (char *)name, item);
    } cede_except (cede_QueueShutDown) {
        say("%s shut", (char *)name);
    } cede_end
    return cede_none;
}

static cede_value puts_5(void *name)
{
    cede_try {
        cede_queue_put(queue, 5);
        say("%s put", (char *)name);
    } cede_except (cede_QueueShutDown) {
        say("%s shut", (char *)name);
    } cede_end
    return cede_none;
}

static cede_task *getter(const char *name)
{
    return keep(cede_create_task(gets, (void *)name));
}

static cede_task *putter(const char *name)
{
    return keep(cede_create_task(puts_5, (void *)name));
}

/* --- full and empty --- */

static cede_value bounded(void *arg)
{
    (void)arg;
    new_queue(2);
    CHECK_INT(cede_queue_maxsize(queue), 2);
    CHECK(cede_queue_empty(queue));
    CHECK_RAISES(cede_QueueEmpty, cede_queue_get_nowait(queue));
    cede_queue_put_nowait(queue, 1);
    CHECK(!cede_queue_empty(queue) && !cede_queue_full(queue));
    cede_queue_put(queue, 2);
    CHECK(cede_queue_full(queue));
    CHECK_RAISES(cede_QueueFull, cede_queue_put_nowait(queue, 3));
    CHECK_INT(cede_queue_qsize(queue), 2);
    putter("a");
    cede_sleep(0);
    say_queue();
    gets("main");
    say_queue(); /* a inserts when it runs */
    cede_sleep(0);
    gets("main");
    gets("main");
    getter("b");
    cede_sleep(0);
    say_queue();
    cede_queue_put_nowait(queue, 6);
    cede_sleep(0);
    return cede_none;
}

TEST(Q01_put_waits_when_full_get_when_empty, .shuffle = false)
{
    expect(bounded, "<Queue maxsize=2 _queue=[1, 2] _putters[1] tasks=2>;"
                    "main 1;<Queue maxsize=2 _queue=[2] tasks=2>;a put;"
                    "main 2;main 5;<Queue maxsize=2 _getters[1] tasks=3>;"
                    "b 6;");
}

TEST(Q01_without_a_maxsize_it_is_never_full)
{
    cede_auto (cede_queue *, zero, drop) = cede_queue_new(0);
    cede_auto (cede_queue *, less, drop) = cede_queue_new(-3);

    for (int i = 0; i < 100; i++) {
        cede_queue_put_nowait(zero, i);
        cede_queue_put_nowait(less, i);
    }
    CHECK(!cede_queue_full(zero));
    CHECK(!cede_queue_full(less));
    for (int i = 0; i < 100; i++)
        CHECK_INT(cede_value_int(cede_queue_get(zero)), i);
}

/* The ring goes round while it grows. */
TEST(Q06_items_come_in_order_when_the_ring_grows)
{
    cede_auto (cede_queue *, ring, drop) = cede_queue_new(0);
    int put = 0;
    int got = 0;

    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 7; i++)
            cede_queue_put_nowait(ring, put++);
        for (int i = 0; i < 5; i++)
            CHECK_INT(cede_value_int(cede_queue_get_nowait(ring)), got++);
    }
    while (!cede_queue_empty(ring))
        CHECK_INT(cede_value_int(cede_queue_get_nowait(ring)), got++);
    CHECK_INT(got, put);
}

/* 3000 is more than an empty ring keeps. */
TEST(a_queue_that_was_big_works_again, .torture = false)
{
    cede_auto (cede_queue *, big, drop) = cede_queue_new(0);

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3000; i++)
            cede_queue_put_nowait(big, i);
        for (int i = 0; i < 3000; i++)
            CHECK_INT(cede_value_int(cede_queue_get_nowait(big)), i);
    }
}

TEST(Q05_lifo_gives_the_newest_first)
{
    cede_auto (cede_queue *, lifo, drop) = cede_lifo_queue_new(0);
    cede_value text;

    for (int i = 0; i < 3; i++)
        cede_queue_put_nowait(lifo, i);
    text = cede_repr(lifo);
    cede_defer (cede_value_clear, &text);
    CHECK_STR(cede_value_str(text),
              "<LifoQueue maxsize=0 _queue=[0, 1, 2] tasks=3>");
    for (int i = 2; i >= 0; i--)
        CHECK_INT(cede_value_int(cede_queue_get_nowait(lifo)), i);
}

/* --- who gets it --- */

static cede_value served_in_order(void *arg)
{
    (void)arg;
    new_queue(0);
    getter("a");
    getter("b");
    getter("c");
    cede_sleep(0);
    for (int i = 0; i < 3; i++)
        cede_queue_put_nowait(queue, i);
    cede_sleep(0);
    return cede_none;
}

TEST(Q06_getters_are_served_in_order, .shuffle = false)
{
    expect(served_in_order, "a 0;b 1;c 2;");
}

static cede_value putters_in_order(void *arg)
{
    (void)arg;
    new_queue(1);
    cede_queue_put_nowait(queue, 0);
    putter("a");
    putter("b");
    cede_sleep(0);
    for (int i = 0; i < 3; i++) {
        gets("main");
        cede_sleep(0);
    }
    return cede_none;
}

TEST(Q06_putters_are_served_in_order)
{
    expect(putters_in_order, "main 0;a put;main 5;b put;main 5;");
}

/* a is woken, but the item is gone when it runs: it waits again, behind b. */
static cede_value taken_away(void *arg)
{
    (void)arg;
    new_queue(0);
    getter("a");
    getter("b");
    cede_sleep(0);
    cede_queue_put_nowait(queue, 1);
    say("main %d", (int)cede_value_int(cede_queue_get_nowait(queue)));
    cede_sleep(0);
    cede_queue_put_nowait(queue, 2);
    cede_queue_put_nowait(queue, 3);
    cede_sleep(0);
    return cede_none;
}

TEST(Q04_who_is_woken_for_nothing_waits_again, .shuffle = false)
{
    expect(taken_away, "main 1;b 2;a 3;");
}

/* As above, and a is cancelled: nothing is there to pass on, and b keeps its
   place. */
static cede_value nothing_to_pass_on(void *arg)
{
    cede_task *a;

    (void)arg;
    new_queue(0);
    a = getter("a");
    getter("b");
    getter("c");
    cede_sleep(0);
    cede_queue_put_nowait(queue, 1);
    say("main %d", (int)cede_value_int(cede_queue_get_nowait(queue)));
    cede_task_cancel(a, NULL);
    turns(3);
    cede_queue_put_nowait(queue, 2);
    cede_queue_put_nowait(queue, 3);
    cede_sleep(0);
    return cede_none;
}

TEST(Q03_Q06_a_wakeup_for_nothing_is_not_passed_on, .shuffle = false)
{
    expect(nothing_to_pass_on, "main 1;b 2;c 3;");
}

/* Who is cancelled is out of the line at once. */
static cede_value out_of_line(void *arg)
{
    cede_task *a;

    (void)arg;
    new_queue(1);
    a = getter("a");
    getter("b");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    say_queue();
    cede_queue_put_nowait(queue, 1);
    cede_queue_put_nowait(queue = keep(cede_queue_new(1)), 1);
    turns(2);
    a = putter("c");
    putter("d");
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    say_queue();
    gets("main");
    turns(2);
    return cede_none;
}

TEST(Q07_cancelled_tasks_leave_the_lines, .shuffle = false)
{
    expect(out_of_line, "<Queue maxsize=1 _getters[1]>;b 1;"
                        "<Queue maxsize=1 _queue=[1] _putters[1] tasks=1>;"
                        "main 1;d put;");
}

static cede_value producer(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++)
        cede_queue_put(queue, i);
    return cede_none;
}

static cede_value consumer(void *arg)
{
    int64_t sum = 0;

    (void)arg;
    for (int i = 0; i < 5; i++)
        sum += cede_value_int(cede_queue_get(queue));
    say("%d", (int)sum);
    return cede_none;
}

static cede_value one_place(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    new_queue(1);
    join(&crew, cede_create_task(producer, NULL));
    join(&crew, cede_create_task(consumer, NULL));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(Q04_one_place_for_five_items)
{
    expect(one_place, "10;");
}

/* --- what was put is owned --- */

static int ended;

static void count_end(void *self)
{
    (void)self;
    ended++;
}

static CEDE_CLASS(thing, cede_object, .destroy = count_end);

static cede_value new_thing(void)
{
    return cede_object(cede_object_new(thing));
}

static cede_value puts_thing(void *arg)
{
    (void)arg;
    cede_queue_put(queue, new_thing());
    return cede_none;
}

static cede_value handing_over(void *arg)
{
    cede_task *a;

    (void)arg;
    ended = 0;
    new_queue(1);
    cede_queue_put_nowait(queue, new_thing());
    CHECK_RAISES(cede_QueueFull, cede_queue_put_nowait(queue, new_thing()));
    CHECK_INT(ended, 1);
    a = keep(cede_create_task(puts_thing, NULL));
    cede_sleep(0);
    cede_task_cancel(a, NULL);
    turns(2);
    CHECK_INT(ended, 2);
    cede_value_unref(cede_queue_get(queue));
    CHECK_INT(ended, 3);
    cede_queue_put(queue, new_thing());
    cede_queue_shutdown(queue, true);
    CHECK_INT(ended, 4);
    CHECK_RAISES(cede_QueueShutDown, cede_queue_put(queue, new_thing()));
    CHECK_INT(ended, 5);
    return cede_none;
}

TEST(Q03_an_item_that_was_not_put_is_given_up, .shuffle = false)
{
    expect(handing_over, "");
}

TEST(a_queue_gives_up_what_is_left_in_it)
{
    cede_auto (cede_queue *, rest, drop) = cede_queue_new(0);

    ended = 0;
    for (int i = 0; i < 3; i++)
        cede_queue_put_nowait(rest, new_thing());
    cede_unref(rest);
    rest = NULL;
    CHECK_INT(ended, 3);
}

/* A queue in a queue in a queue … ends without recursion. */
TEST(a_long_chain_of_queues, .torture = false)
{
    cede_queue *outer = cede_queue_new(0);

    for (int i = 0; i < 100000; i++) {
        cede_queue *next = cede_queue_new(0);

        cede_queue_put_nowait(next, outer);
        outer = next;
    }
    cede_unref(outer);
}

/* --- join --- */

static cede_value joins(void *name)
{
    cede_queue_join(queue);
    say("%s joined", (char *)name);
    return cede_none;
}

static cede_value joining(void *arg)
{
    (void)arg;
    new_queue(0);
    joins("at once");
    cede_queue_put_nowait(queue, 1);
    cede_queue_put_nowait(queue, 2);
    keep(cede_create_task(joins, "a"));
    keep(cede_create_task(joins, "b"));
    gets("main");
    gets("main");
    turns(2);
    say("empty");
    cede_queue_task_done(queue);
    turns(2);
    say("one left");
    cede_queue_task_done(queue);
    cede_queue_put_nowait(queue, 3); /* those who wait go on all the same */
    turns(2);
    cede_queue_task_done(queue);
    CHECK_RAISES(cede_ValueError, cede_queue_task_done(queue));
    return cede_none;
}

TEST(Q02_join_waits_for_what_was_put_to_be_done)
{
    expect(joining, "at once joined;main 1;main 2;empty;one left;a joined;"
                    "b joined;");
}

TEST(Q02_task_done_too_often)
{
    cede_auto (cede_queue *, unused, drop) = cede_queue_new(0);

    cede_try {
        cede_queue_task_done(unused);
        CHECK(false);
    } cede_except (cede_ValueError, e) {
        CHECK_STR(cede_exception_message(e),
                  "task_done() called too many times");
    } cede_end
}

/* --- shutdown --- */

static cede_value shut_with_items(void *arg)
{
    (void)arg;
    new_queue(1);
    cede_queue_put_nowait(queue, 1);
    putter("a");
    putter("b");
    keep(cede_create_task(joins, "j"));
    cede_sleep(0);
    cede_queue_shutdown(queue, false);
    cede_queue_shutdown(queue, false);
    turns(2);
    say_queue();
    CHECK_RAISES(cede_QueueShutDown, cede_queue_put_nowait(queue, 1));
    CHECK_RAISES(cede_QueueShutDown, cede_queue_put(queue, 1));
    gets("main");
    gets("main");
    CHECK_RAISES(cede_QueueShutDown, cede_queue_get_nowait(queue));
    turns(2);
    cede_queue_task_done(queue);
    turns(2);
    return cede_none;
}

TEST(Q08_D03_shutdown_drains)
{
    expect(shut_with_items,
           "a shut;b shut;<Queue maxsize=1 _queue=[1] tasks=1 shutdown>;"
           "main 1;main shut;j joined;");
}

static cede_value shut_at_once(void *arg)
{
    (void)arg;
    new_queue(2);
    cede_queue_put_nowait(queue, 1);
    cede_queue_put_nowait(queue, 2);
    putter("a");
    keep(cede_create_task(joins, "j"));
    cede_sleep(0);
    cede_queue_shutdown(queue, true);
    say_queue();
    turns(2);
    gets("main");
    cede_queue_shutdown(queue, true);
    return cede_none;
}

TEST(Q08_D03_shutdown_at_once_drops_the_items)
{
    expect(shut_at_once,
           "<Queue maxsize=2 shutdown>;j joined;a shut;main shut;");
}

static cede_value shut_while_empty(void *arg)
{
    (void)arg;
    new_queue(0);
    getter("a");
    getter("b");
    cede_sleep(0);
    cede_queue_shutdown(queue, false);
    turns(1);
    return cede_none;
}

TEST(Q08_D03_shutdown_wakes_who_waits_to_get)
{
    expect(shut_while_empty, "a shut;b shut;");
}

/* One item is out and not done: its join waits for that alone. */
static cede_value shut_with_one_out(void *arg)
{
    (void)arg;
    new_queue(0);
    cede_queue_put_nowait(queue, 1);
    cede_queue_put_nowait(queue, 2);
    gets("main");
    keep(cede_create_task(joins, "j"));
    cede_sleep(0);
    cede_queue_shutdown(queue, true);
    turns(2);
    say_queue();
    cede_queue_task_done(queue);
    turns(1);
    return cede_none;
}

TEST(Q08_shutdown_at_once_does_not_end_the_work_on_an_item)
{
    expect(shut_with_one_out,
           "main 1;<Queue maxsize=0 tasks=1 shutdown>;j joined;");
}

/* --- checkpoints, loops --- */

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    new_queue(0);
    cede_queue_put_nowait(queue, 1);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        gets("main");
    } cede_end
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        puts_5("main");
    } cede_end
    say_queue();
    return cede_none;
}

TEST(Z04_nothing_is_put_or_taken_in_a_cancelled_scope)
{
    expect(in_cancelled_scope, "<Queue maxsize=0 _queue=[1] tasks=1>;");
}

static cede_value greedy(void *arg)
{
    (void)arg;
    for (int i = 0; i < 150; i++) {
        cede_queue_put(queue, i);
        cede_queue_get(queue);
    }
    say("greedy done");
    return cede_none;
}

static cede_value modest(void *arg)
{
    (void)arg;
    say("modest");
    return cede_none;
}

static cede_value greedy_first(void *arg)
{
    (void)arg;
    new_queue(0);
    keep(cede_create_task(greedy, NULL));
    keep(cede_create_task(modest, NULL));
    turns(4);
    return cede_none;
}

TEST(Z17_who_never_waits_lets_others_run)
{
    expect(greedy_first, "modest;greedy done;");
}

static cede_value waits_and_ends(void *arg)
{
    (void)arg;
    getter("a");
    cede_sleep(0);
    return cede_none;
}

TEST(P13_a_queue_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    new_queue(0);
    cede_run_simulated(waits_and_ends, NULL);
    CHECK_RAISES(cede_RuntimeError, cede_run_simulated(gets, "b"));
    cede_queue_put_nowait(queue, 1);
    cede_run_simulated(gets, "b");
    CHECK_STR(said(), "b 1;");
}
