/*
 * Ranges: their numbers at all ends of an int64, iterating again and again,
 * indexing, and how they look. Expected values are CPython's.
 */
#include "value/said.h"

#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/print.h"
#include "cede/range.h"

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_value(v);
        say(" ");
    }
    say("|");
}

TEST(numbers_of_all_three_forms)
{
    say_all(cede_range(4));
    say_all(cede_range(2, 5));
    say_all(cede_range(0, 10, 3));
    say_all(cede_range(0, 9, 3));
    say_all(cede_range(5, 0, -2));
    say_all(cede_range(-1, -4, -1));
    CHECK_SAID("0 1 2 3 |2 3 4 |0 3 6 9 |0 3 6 |5 3 1 |-1 -2 -3 |");
}

TEST(empty_ones)
{
    say_all(cede_range(0));
    say_all(cede_range(-3));
    say_all(cede_range(5, 5));
    say_all(cede_range(5, 2));
    say_all(cede_range(2, 5, -1));
    CHECK_SAID("|||||");
}

TEST(step_zero_is_a_ValueError)
{
    SAY_RAISED(cede_unref(cede_range(1, 2, 0)));
    CHECK_SAID("ValueError: range() arg 3 must not be zero\n");
}

/* I01: an iterable, not an iterator: each loop starts anew. */
TEST(I01_each_loop_starts_anew)
{
    cede_range *range = cede_range(3);
    cede_defer (cede_unref, range);
    void *one = cede_iter(range);
    cede_defer (cede_unref, one);

    CHECK(one != range);
    CHECK_INT(cede_value_int(cede_next(one)), 0);
    say_all(cede_ref(range));
    say_all(cede_ref(range));
    say_all(cede_ref(one));
    say_all(cede_ref(one));
    SAY_RAISED(cede_next(range));
    CHECK_SAID("0 1 2 |0 1 2 |1 2 ||"
               "TypeError: 'range' object is not an iterator\n");
}

/* I10: loops over one range do not share a position. */
TEST(I10_loops_nest)
{
    cede_range *range = cede_range(2);
    cede_defer (cede_unref, range);

    cede_for (v, cede_ref(range))
        cede_for (w, cede_ref(range))
            say("%d%d ", (int)cede_value_int(v), (int)cede_value_int(w));
    CHECK_SAID("00 01 10 11 ");
}

/* I04 */
TEST(I04_its_iterator_stays_at_its_end)
{
    cede_range *range = cede_range(1);
    cede_defer (cede_unref, range);
    void *it = cede_iter(range);
    cede_defer (cede_unref, it);
    cede_value item;

    CHECK(cede_next_or_end(it, &item));
    for (int i = 0; i < 3; i++)
        CHECK(!cede_next_or_end(it, &item));
    CHECK_RAISES(cede_StopIteration, cede_next(it));
}

TEST(the_ends_of_int64)
{
    say_all(cede_range(INT64_MAX - 2, INT64_MAX));
    say_all(cede_range(INT64_MIN + 1, INT64_MIN, -1));
    say_all(cede_range(INT64_MIN, INT64_MAX, INT64_MAX));
    say_all(cede_range(INT64_MAX, INT64_MIN, INT64_MIN));
    CHECK_SAID("9223372036854775805 9223372036854775806 |"
               "-9223372036854775807 |"
               "-9223372036854775808 -1 9223372036854775806 |"
               "9223372036854775807 -1 |");
}

TEST(len)
{
    static const struct {
        int64_t start, stop, step;
        size_t length;
    } cases[] = {
        {0, 10, 1, 10},
        {0, 10, 3, 4},
        {0, 9, 3, 3},
        {10, 0, -3, 4},
        {9, 0, -3, 3},
        {0, 0, 1, 0},
        {5, 0, 1, 0},
        {INT64_MIN, INT64_MAX, 1, SIZE_MAX},
        {INT64_MAX, INT64_MIN, -1, SIZE_MAX},
        {INT64_MIN, INT64_MAX, 2, SIZE_MAX / 2 + 1},
        {INT64_MAX, INT64_MIN, INT64_MIN, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cede_range *range =
            cede_range(cases[i].start, cases[i].stop, cases[i].step);

        CHECK(cede_len(range) == cases[i].length);
        cede_unref(range);
    }
}

TEST(by_index)
{
    cede_range *range = cede_range(2, 11, 4); /* 2 6 10 */
    cede_defer (cede_unref, range);
    cede_range *all = cede_range(INT64_MIN, INT64_MAX);
    cede_defer (cede_unref, all);

    CHECK_INT(cede_value_int(cede_getitem(range, 0)), 2);
    CHECK_INT(cede_value_int(cede_getitem(range, 2)), 10);
    CHECK_INT(cede_value_int(cede_getitem(range, -1)), 10);
    CHECK_INT(cede_value_int(cede_getitem(range, -3)), 2);
    SAY_RAISED(cede_getitem(range, 3));
    SAY_RAISED(cede_getitem(range, -4));
    SAY_RAISED(cede_getitem(range, INT64_MIN));
    CHECK_INT(cede_value_int(cede_getitem(all, -1)), INT64_MAX - 1);
    CHECK_INT(cede_value_int(cede_getitem(all, INT64_MAX)), -1);
    CHECK_INT(cede_value_int(cede_getitem(all, INT64_MIN)), -1);
    CHECK_SAID("IndexError: range object index out of range\n"
               "IndexError: range object index out of range\n"
               "IndexError: range object index out of range\n");
}

static void say_repr(cede_range *range)
{
    cede_defer (cede_unref, range);
    say_value(cede_repr(range));
    say(" ");
}

TEST(how_they_look)
{
    say_repr(cede_range(3));
    say_repr(cede_range(2, 5));
    say_repr(cede_range(5, 0, -2));
    say_repr(cede_range(INT64_MIN, INT64_MIN, INT64_MIN));
    CHECK_SAID("range(0, 3) range(2, 5) range(5, 0, -2) "
               "range(-9223372036854775808, -9223372036854775808, "
               "-9223372036854775808) ");
}

struct numbers {
    int64_t start, stop, step;
};

static bool equal(struct numbers a, struct numbers b)
{
    cede_range *one = cede_range(a.start, a.stop, a.step);
    cede_defer (cede_unref, one);
    cede_range *other = cede_range(b.start, b.stop, b.step);
    cede_defer (cede_unref, other);

    return cede_value_equal(one, other);
}
#define EQUAL(a, b) equal((struct numbers)a, (struct numbers)b)
#define R(...)                                                                 \
    {                                                                          \
        __VA_ARGS__                                                            \
    }

TEST(equal_are_those_of_the_same_numbers)
{
    CHECK(EQUAL(R(0, 3, 1), R(0, 3, 1)));
    CHECK(EQUAL(R(0, 3, 2), R(0, 4, 2)));
    CHECK(EQUAL(R(0, 0, 1), R(7, 2, 1)));
    CHECK(EQUAL(R(1, 2, 1), R(1, 9, 9)));
    CHECK(!EQUAL(R(0, 3, 1), R(1, 3, 1)));
    CHECK(!EQUAL(R(0, 3, 1), R(1, 4, 1)));
    CHECK(!EQUAL(R(0, 4, 2), R(0, 2, 1)));
    CHECK(!EQUAL(R(0, 9, 4), R(0, 9, 3)));
}

TEST(other_objects_are_no_range)
{
    cede_range *range = cede_range(2);
    cede_defer (cede_unref, range);
    void *it = cede_iter(range);
    cede_defer (cede_unref, it);

    CHECK(!cede_value_equal(range, (cede_object *)it));
}
