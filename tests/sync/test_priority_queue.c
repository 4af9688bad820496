/*
 * Priority queues: the order of their items, and comparing that goes wrong.
 * What is expected of equal items comes from CPython's heapq.
 */
#include "task/world.h"

#include <stdlib.h>

#include "cede/list.h"
#include "cede/print.h"
#include "cede/queue.h"
#include "cede/tuple.h"

static cede_queue *queue;

static void say_all(void)
{
    while (!cede_queue_empty(queue)) {
        cede_value item = cede_queue_get_nowait(queue);
        cede_defer (cede_value_clear, &item);
        cede_value text = cede_repr(item);
        cede_defer (cede_value_clear, &text);

        say("%s", cede_value_str(text));
    }
}

static void new_queue(void)
{
    queue = keep(cede_priority_queue_new(0));
}

/* --- order --- */

TEST(Q05_the_smallest_comes_first)
{
    cede_defer (dismiss, &kept);

    new_queue();
    cede_queue_put_nowait(queue, 3);
    cede_queue_put_nowait(queue, 1.5);
    cede_queue_put_nowait(queue, 2);
    cede_queue_put_nowait(queue, -1);
    cede_queue_put_nowait(queue, (bool)1);
    say_all();
    CHECK_STR(said(), "-1;True;1.5;2;3;");
}

/* Ties in the first items are decided by the second ones. */
TEST(Q05_tuples_are_compared_item_by_item)
{
    cede_defer (dismiss, &kept);

    new_queue();
    cede_queue_put_nowait(queue, cede_tuple(2, "b"));
    cede_queue_put_nowait(queue, cede_tuple(1, "z"));
    cede_queue_put_nowait(queue, cede_tuple(2, "a"));
    cede_queue_put_nowait(queue, cede_tuple(2));
    say_all();
    CHECK_STR(said(), "(1, 'z');(2,);(2, 'a');(2, 'b');");
}

enum { MANY = 500 };

/* Against sorting, with puts and gets mixed. */
TEST(Q05_many_items_in_any_order, .torture = false)
{
    cede_defer (dismiss, &kept);
    unsigned seed = 7;
    int64_t last = -1;

    new_queue();
    for (int i = 0; i < MANY; i++) {
        seed = seed * 1103515245 + 12345;
        cede_queue_put_nowait(queue, (seed >> 16) % 100);
    }
    for (int i = 0; i < MANY / 2; i++)
        last = cede_value_int(cede_queue_get_nowait(queue));
    for (int i = 0; i < MANY; i++) {
        seed = seed * 1103515245 + 12345;
        cede_queue_put_nowait(queue, last + (seed >> 16) % 100);
    }
    CHECK_INT(cede_queue_qsize(queue), MANY / 2 + MANY);
    while (!cede_queue_empty(queue)) {
        int64_t next = cede_value_int(cede_queue_get_nowait(queue));

        CHECK(next >= last);
        last = next;
    }
}

static int comparisons;

static bool by_tens(cede_value a, cede_value b, void *tens)
{
    comparisons++;
    return cede_value_int(a) / *(int *)tens < cede_value_int(b) / *(int *)tens;
}

/* Items whose tens are equal come out as CPython 3.13 gives objects with such
   an __lt__, which is not the order in which they came. */
TEST(Q05_equal_items_as_in_heapq)
{
    static int tens = 10;
    cede_defer (dismiss, &kept);

    queue = keep(cede_priority_queue_new_with(0, by_tens, &tens));
    comparisons = 0;
    for (int i = 0; i < 10; i++)
        cede_queue_put_nowait(queue, (i * 7) % 30);
    say_all();
    CHECK_STR(said(), "0;5;7;3;12;14;19;28;21;26;");
    CHECK_INT(comparisons, 30);
}

/* --- comparing goes wrong --- */

static void refused(cede_value item, const char *message)
{
    cede_try {
        cede_queue_put_nowait(queue, item);
        CHECK(false);
    } cede_except (cede_TypeError, e) {
        CHECK_STR(cede_exception_message(e), message);
    } cede_end
}

static CEDE_CLASS(Job, cede_object);

/* And the queue is as it was: Python's keeps the item. */
TEST(Q05_what_cannot_be_compared)
{
    cede_defer (dismiss, &kept);

    new_queue();
    cede_queue_put_nowait(queue,
                          cede_tuple(1, cede_object(cede_object_new(Job))));
    refused(cede_str("a"),
            "'<' not supported between instances of 'str' and 'tuple'");
    refused(cede_none,
            "'<' not supported between instances of 'NoneType' and 'tuple'");
    refused(cede_object(
                cede_tuple(1, cede_object(cede_object_new(Job)))),
            "'<' not supported between instances of 'Job' and 'Job'");
    refused(cede_object(cede_list()),
            "'<' not supported between instances of 'list' and 'tuple'");
    CHECK_INT(cede_queue_qsize(queue), 1);
    cede_queue_put_nowait(queue, cede_tuple(0, 1));
    CHECK_INT(cede_queue_qsize(queue), 2);
    cede_value_unref(cede_queue_get_nowait(queue));
    cede_value_unref(cede_queue_get_nowait(queue));
    cede_queue_task_done(queue);
    cede_queue_task_done(queue);
    CHECK_RAISES(cede_ValueError, cede_queue_task_done(queue));
}

static int fail_after;

static bool fails_some_day(cede_value a, cede_value b, void *unused)
{
    (void)unused;
    if (fail_after-- == 0)
        cede_raise(cede_KeyError, "x");
    return cede_value_int(a) < cede_value_int(b);
}

/* Whichever comparison fails, nothing is lost and the order stays. */
TEST(Q05_a_comparison_that_fails_changes_nothing, .torture = false)
{
    cede_defer (dismiss, &kept);

    for (int failing = 0; failing < 12; failing++) {
        int64_t last = -1;

        queue = cede_priority_queue_new_with(0, fails_some_day, NULL);
        cede_defer (cede_unref, queue);
        fail_after = -1;
        for (int i = 0; i < 20; i++)
            cede_queue_put_nowait(queue, (i * 7) % 20);
        fail_after = failing;
        cede_try {
            if (failing % 2)
                cede_queue_put_nowait(queue, -failing);
            else
                CHECK_INT(cede_value_int(cede_queue_get_nowait(queue)), 0);
            /* It took fewer comparisons. */
            CHECK(fail_after >= 0);
            fail_after = -1;
            if (failing % 2)
                cede_queue_get_nowait(queue);
            else
                cede_queue_put_nowait(queue, 0);
        } cede_except (cede_KeyError) {
            fail_after = -1;
        } cede_end
        CHECK_INT(cede_queue_qsize(queue), 20);
        for (int i = 0; i < 20; i++) {
            int64_t next = cede_value_int(cede_queue_get_nowait(queue));

            CHECK_INT(next, last + 1);
            last = next;
        }
    }
}

static bool uses_the_queue(cede_value a, cede_value b, void *unused)
{
    (void)unused;
    cede_queue_get_nowait(queue);
    return cede_value_int(a) < cede_value_int(b);
}

static bool suspends(cede_value a, cede_value b, void *unused)
{
    (void)unused;
    cede_sleep(0);
    return cede_value_int(a) < cede_value_int(b);
}

static cede_value puts_meanwhile(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, cede_queue_put(queue, 5));
    CHECK_RAISES(cede_RuntimeError, cede_queue_get(queue));
    CHECK_RAISES(cede_RuntimeError, cede_queue_shutdown(queue, true));
    say("refused");
    return cede_none;
}

static cede_value comparing_badly(void *arg)
{
    (void)arg;
    queue = keep(cede_priority_queue_new_with(0, uses_the_queue, NULL));
    cede_queue_put_nowait(queue, 1);
    CHECK_RAISES(cede_RuntimeError, cede_queue_put_nowait(queue, 2));
    CHECK_INT(cede_queue_qsize(queue), 1);

    queue = keep(cede_priority_queue_new_with(0, suspends, NULL));
    cede_queue_put_nowait(queue, 1);
    keep(cede_create_task(puts_meanwhile, NULL));
    cede_queue_put(queue, 2);
    CHECK_INT(cede_queue_qsize(queue), 2);
    return cede_none;
}

TEST(a_comparison_must_not_use_the_queue, .shuffle = false)
{
    expect(comparing_badly, "refused;");
}

TEST(a_priority_queue_without_a_function)
{
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_priority_queue_new_with(0, NULL, NULL)));
}

/* --- waiting --- */

static cede_value gets(void *name)
{
    say("%s %d", (char *)name, (int)cede_value_int(cede_queue_get(queue)));
    return cede_none;
}

/* The smallest is found when the getter runs, not when it was woken. */
static cede_value smaller_comes_later(void *arg)
{
    (void)arg;
    new_queue();
    keep(cede_create_task(gets, "a"));
    keep(cede_create_task(gets, "b"));
    cede_sleep(0);
    cede_queue_put_nowait(queue, 2);
    cede_queue_put_nowait(queue, 1);
    cede_sleep(0);
    return cede_none;
}

TEST(Q05_Q06_getters_in_order_get_the_smallest, .shuffle = false)
{
    expect(smaller_comes_later, "a 1;b 2;");
}

static bool raises_once(cede_value a, cede_value b, void *unused)
{
    (void)unused;
    if (fail_after-- == 0)
        cede_raise(cede_KeyError, "x");
    return cede_value_int(a) < cede_value_int(b);
}

static cede_value gets_or_fails(void *name)
{
    cede_try {
        gets(name);
    } cede_except (cede_KeyError) {
        say("%s failed", (char *)name);
    } cede_end
    return cede_none;
}

/* a was woken, and comparing fails for it: b gets an item all the same. */
static cede_value fails_in_getter(void *arg)
{
    (void)arg;
    queue = keep(cede_priority_queue_new_with(0, raises_once, NULL));
    fail_after = -1;
    keep(cede_create_task(gets_or_fails, "a"));
    keep(cede_create_task(gets_or_fails, "b"));
    cede_sleep(0);
    for (int i = 3; i > 0; i--)
        cede_queue_put_nowait(queue, i);
    cede_queue_get_nowait(queue);
    cede_queue_put_nowait(queue, 9);
    fail_after = 0;
    turns(3);
    say("%zu", cede_queue_qsize(queue));
    return cede_none;
}

TEST(Q03_a_failed_get_passes_its_wakeup_on, .shuffle = false)
{
    expect(fails_in_getter, "a failed;b 2;2;");
}
