/*
 * Unpacking: rule I07. Expected messages are CPython's.
 */
#include "value/said.h"

#include "cede/array.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/range.h"

static void give_up(cede_value *value)
{
    cede_value_unref(*value);
}

/* Counts how often it was asked, and may raise instead of ending. */
struct counter {
    cede_object head;
    int asked;
    int end;
    bool raises;
};

static bool counter_next(void *self, cede_value *item)
{
    struct counter *counter = self;

    if (counter->asked++ >= counter->end) {
        if (counter->raises)
            cede_raise(cede_RuntimeError, "asked %d", counter->asked);
        return false;
    }
    *item = cede_str_copy("item");
    return true;
}

static const cede_iterator_methods counter_methods = {.next = counter_next};
static const cede_class counter_class[1] = {{.name = "Counter",
                                             .size = sizeof(struct counter),
                                             .iterator = &counter_methods}};
static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

static struct counter *count_to(int end)
{
    struct counter *counter = cede_object_new(counter_class);

    counter->end = end;
    return counter;
}

TEST(I07_as_many_items_as_targets)
{
    cede_value a, b, c;

    cede_unpack(cede_range(3), &a, &b, &c);
    CHECK_INT(cede_value_int(a), 0);
    CHECK_INT(cede_value_int(b), 1);
    CHECK_INT(cede_value_int(c), 2);
    cede_unpack(cede_range(7, 8), &a);
    CHECK_INT(cede_value_int(a), 7);
}

TEST(I07_too_many_and_too_few)
{
    cede_value a, b, c;

    SAY_RAISED(cede_unpack(cede_range(3), &a, &b));
    SAY_RAISED(cede_unpack(cede_range(100), &a));
    SAY_RAISED(cede_unpack(cede_range(2), &a, &b, &c));
    SAY_RAISED(cede_unpack(cede_range(0), &a));
    CHECK_SAID("ValueError: too many values to unpack (expected 2)\n"
               "ValueError: too many values to unpack (expected 1)\n"
               "ValueError: not enough values to unpack (expected 3, got 2)\n"
               "ValueError: not enough values to unpack (expected 1, got 0)\n");
}

/* One more next than there are targets, whether it fits or not; one less if
   there are too few items. */
TEST(I07_exactly_one_extra_next)
{
    static const int ends[] = {5, 3, 2, 1};
    static const int asked[] = {3, 3, 3, 2};

    for (int i = 0; i < 4; i++) {
        struct counter *counter = count_to(ends[i]);
        cede_value a = cede_none, b = cede_none;
        cede_defer (cede_unref, counter);
        cede_defer (give_up, &a);
        cede_defer (give_up, &b);

        cede_try {
            cede_unpack(cede_ref(counter), &a, &b);
            CHECK_INT(counter->end, 2);
        } cede_except (cede_ValueError, e) {
            CHECK(counter->end != 2);
        } cede_end
        CHECK_INT(counter->asked, asked[i]);
    }
}

/* The items are given up (the harness counts), the targets are None. */
TEST(I07_targets_are_None_when_it_fails)
{
    struct counter *counter;
    cede_value a = cede_int(1), b = cede_int(2);

    CHECK_RAISES(cede_ValueError, cede_unpack(count_to(1), &a, &b));
    CHECK(cede_is_none(a) && cede_is_none(b));
    a = b = cede_int(1);
    CHECK_RAISES(cede_ValueError, cede_unpack(count_to(3), &a, &b));
    CHECK(cede_is_none(a) && cede_is_none(b));
    a = b = cede_int(1);
    counter = count_to(1);
    counter->raises = true;
    SAY_RAISED(cede_unpack(counter, &a, &b));
    CHECK(cede_is_none(a) && cede_is_none(b));
    a = cede_int(1);
    SAY_RAISED(cede_unpack(cede_object_new(plain_class), &a));
    CHECK(cede_is_none(a));
    CHECK_SAID("RuntimeError: asked 2\n"
               "TypeError: cannot unpack non-iterable Plain object\n");
}

TEST(I07_what_cannot_be_iterated)
{
    cede_value a;

    SAY_RAISED(cede_unpack(cede_object_new(plain_class), &a));
    SAY_RAISED(cede_unpack(NULL, &a));
    CHECK_SAID("TypeError: cannot unpack non-iterable Plain object\n"
               "TypeError: cannot unpack non-iterable NULL object\n");
}

TEST(targets_own_their_items)
{
    cede_value a = cede_none, b = cede_none;
    cede_defer (give_up, &a);
    cede_defer (give_up, &b);

    cede_unpack(count_to(2), &a, &b);
    CHECK_STR(cede_value_str(a), "item");
    CHECK_STR(cede_value_str(b), "item");
}

static cede_value letters(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield("a");
        cede_yield("b");
        cede_yield("c");
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

/* A generator that is unpacked by nobody else's hand is closed at once. */
TEST(I07_a_generator_with_more_is_closed)
{
    cede_value a, b, c;
    cede_generator *g;

    SAY_RAISED(cede_unpack(cede_generator(letters, NULL), &a, &b));
    cede_unpack(cede_generator(letters, NULL), &a, &b, &c);
    say_value(c);
    say("\n");
    g = cede_generator(letters, NULL);
    cede_defer (cede_unref, g);
    SAY_RAISED(cede_unpack(cede_ref(g), &a));
    say_value(cede_next(g));
    say("\n");
    cede_generator_close(g);
    CHECK_SAID("finally ValueError: too many values to unpack (expected 2)\n"
               "finally c\n"
               "ValueError: too many values to unpack (expected 1)\n"
               "c\nfinally ");
}

TEST(the_same_target_twice)
{
    cede_value a = cede_none;
    cede_defer (give_up, &a);
    const char *words[] = {"one", "two"};

    cede_unpack(cede_array(words, 2), &a, &a);
    CHECK_STR(cede_value_str(a), "two");
}

TEST(as_many_as_sixteen)
{
    cede_value v[16];

    cede_unpack(cede_range(16), &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
                &v[7], &v[8], &v[9], &v[10], &v[11], &v[12], &v[13], &v[14],
                &v[15]);
    for (int i = 0; i < 16; i++)
        CHECK_INT(cede_value_int(v[i]), i);
}

static cede_value unpacks(void *iterator)
{
    cede_value a = cede_none, b = cede_none;
    cede_defer (give_up, &a);
    cede_defer (give_up, &b);

    cede_unpack(cede_ref((cede_object *)iterator), &a, &b);
    return cede_none;
}

struct yielding {
    cede_object head;
};

static bool yielding_next(void *self, cede_value *item)
{
    (void)self;
    *item = cede_yield("asked");
    return true;
}

static const cede_iterator_methods yielding_methods = {.next = yielding_next};
static const cede_class yielding_class[1] = {{.name = "Yielding",
                                              .size = sizeof(struct yielding),
                                              .iterator = &yielding_methods}};

/* A generator that is closed in the middle of it leaves nothing behind. */
TEST(closed_while_unpacking)
{
    struct yielding *iterator = cede_object_new(yielding_class);
    cede_defer (cede_unref, iterator);
    cede_generator *g = cede_generator(unpacks, iterator);
    cede_defer (cede_unref, g);

    say_value(cede_next(g));
    say_value(cede_generator_send(g, cede_str_copy("one")));
    cede_generator_close(g);
    CHECK_SAID("askedasked");
}
