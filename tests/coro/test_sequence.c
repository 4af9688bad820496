/*
 * Objects that can only be indexed: iterating over them (I03), backwards too.
 * Ported from CPython's test_iter.py and test_enumerate.py, in own words.
 */
#include "value/said.h"

#include "cede/exception.h"
#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/range.h"

/* Items are their index, up to `end`; there it raises `how`. */
struct squares {
    cede_object head;
    int end;
    const cede_class *how;
    int asked;
};

static cede_value squares_getitem(void *self, int64_t index)
{
    struct squares *squares = self;

    squares->asked++;
    if (index >= squares->end)
        cede_raise(squares->how, "at %d", (int)index);
    return cede_int(index * index);
}

static size_t squares_len(void *self)
{
    return (size_t)((struct squares *)self)->end;
}

static void say_destroyed(void *self)
{
    (void)self;
    say("~");
}

static const cede_sequence_methods only_getitem = {.getitem = squares_getitem};
static const cede_sequence_methods with_len = {squares_len, squares_getitem};
static const cede_sequence_methods only_len = {.len = squares_len};

static const cede_class squares_class[1] = {{.name = "Squares",
                                             .size = sizeof(struct squares),
                                             .destroy = say_destroyed,
                                             .sequence = &only_getitem}};
static const cede_class long_class[1] = {{.name = "Long",
                                          .size = sizeof(struct squares),
                                          .destroy = say_destroyed,
                                          .sequence = &with_len}};
static const cede_class len_class[1] = {
    {.name = "Len", .size = sizeof(struct squares), .sequence = &only_len}};
/* A derived class has its base's methods. */
static const cede_class derived_class[1] = {
    {.name = "Derived", .base = squares_class, .size = sizeof(struct squares)}};

static struct squares *make(const cede_class *class, int end)
{
    struct squares *squares = cede_object_new(class);

    squares->end = end;
    squares->how = cede_IndexError;
    return squares;
}

static struct squares *make_raising(int end, const cede_class *how)
{
    struct squares *squares = make(squares_class, end);

    squares->how = how;
    return squares;
}

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_value(v);
        say(" ");
    }
}

TEST(I03_from_index_0_until_IndexError)
{
    say_all(make(squares_class, 4));
    say_all(make(squares_class, 0));
    say_all(make(derived_class, 2));
    CHECK_SAID("0 1 4 9 ~~0 1 ");
}

TEST(I03_StopIteration_ends_it_too)
{
    say_all(make_raising(3, cede_StopIteration));
    CHECK_SAID("0 1 4 ~");
}

CEDE_EXCEPTION(BadIndex, cede_IndexError);

TEST(I03_derived_classes_of_them_too)
{
    say_all(make_raising(2, BadIndex));
    CHECK_SAID("0 1 ~");
}

TEST(I03_other_errors_propagate)
{
    SAY_RAISED(say_all(make_raising(2, cede_RuntimeError)));
    SAY_RAISED(say_all(make_raising(1, cede_LookupError)));
    CHECK_SAID("0 1 ~RuntimeError: at 2\n0 ~LookupError: at 1\n");
}

/* len is not asked: the items go on until there is none. */
TEST(I03_len_has_no_say)
{
    struct squares *squares = make(long_class, 1);

    cede_for (v, squares) {
        say_value(v);
        say(" ");
        squares->end = 3;
    }
    CHECK_SAID("0 1 4 ~");
}

TEST(I03_iter_and_next)
{
    struct squares *squares = make(squares_class, 1);
    cede_defer (cede_unref, squares);
    void *one = cede_iter(squares);
    cede_defer (cede_unref, one);
    void *two = cede_iter(squares);
    cede_defer (cede_unref, two);

    CHECK(one != two);
    CHECK_INT(cede_value_int(cede_next(one)), 0);
    CHECK_INT(cede_value_int(cede_next(two)), 0);
    SAY_RAISED(cede_next(one));
    SAY_RAISED(cede_next(squares));
    CHECK_SAID("StopIteration: \n"
               "TypeError: 'Squares' object is not an iterator\n");
}

/* I04: its end lets go of the sequence, and what grows is not looked at. */
TEST(I04_the_end_is_the_end_though_it_grows)
{
    struct squares *squares = make(squares_class, 1);
    void *it;
    int asked;
    cede_value item;

    {
        cede_defer (cede_unref, squares);
        it = cede_iter(squares);
        cede_defer (cede_unref, it);
        CHECK(cede_next_or_end(it, &item));
        CHECK(!cede_next_or_end(it, &item));
        squares->end = 5;
        asked = squares->asked;
        CHECK(!cede_next_or_end(it, &item));
        CHECK_INT(cede_value_int(cede_next_default(it, 7)), 7);
        CHECK_INT(squares->asked, asked);
    }
    CHECK_SAID("~");
}

/* As CPython's ABC says of a class with __getitem__ alone. */
TEST(I03_what_can_be_indexed_is_no_Iterable)
{
    struct squares *squares = make_raising(1, cede_IndexError);
    cede_defer (cede_unref, squares);
    void *it = cede_iter(squares);
    cede_defer (cede_unref, it);

    CHECK(!cede_isiterable(squares));
    CHECK(!cede_isiterator(squares));
    CHECK(cede_isiterable(it));
    CHECK(cede_isiterator(it));
}

/* An error is not the end: the same index is asked for again. */
TEST(an_error_is_not_the_end)
{
    struct squares *squares = make_raising(1, cede_RuntimeError);
    cede_defer (cede_unref, squares);
    void *it = cede_iter(squares);
    cede_defer (cede_unref, it);

    CHECK_INT(cede_value_int(cede_next(it)), 0);
    CHECK_RAISES(cede_RuntimeError, cede_next(it));
    squares->end = 5;
    CHECK_INT(cede_value_int(cede_next(it)), 1);
}

/* ---- one that uses its own iterator -------------------------------------- */

struct nested {
    cede_object head;
    void *iterator; /* borrowed */
    int depth;
};

/* At index 1 it brings its iterator to the end by itself, which gives the last
   reference to the sequence up while this function runs on it. */
static cede_value nested_getitem(void *self, int64_t index)
{
    struct nested *nested = self;
    cede_value item;

    if (index > 0 && nested->depth++ > 0)
        cede_raise(cede_IndexError);
    if (index > 0) {
        CHECK(!cede_next_or_end(nested->iterator, &item));
        say("%d ", nested->depth);
    }
    return cede_int(index);
}

static const cede_sequence_methods nested_methods = {.getitem = nested_getitem};
static const cede_class nested_class[1] = {{.name = "Nested",
                                            .size = sizeof(struct nested),
                                            .destroy = say_destroyed,
                                            .sequence = &nested_methods}};

TEST(a_sequence_is_held_while_it_is_asked)
{
    struct nested *nested = cede_object_new(nested_class);
    void *it = NULL;
    cede_value item;

    {
        cede_defer (cede_unref, nested);
        nested->iterator = it = cede_iter(nested);
    }
    cede_defer (cede_unref, it);
    CHECK_INT(cede_value_int(cede_next(it)), 0);
    CHECK_INT(cede_value_int(cede_next(it)), 1);
    CHECK(!cede_next_or_end(it, &item));
    CHECK_SAID("2 ~");
}

/* ---- backwards ----------------------------------------------------------- */

TEST(reversed)
{
    say_all(cede_reversed(make(long_class, 4)));
    say_all(cede_reversed(make(long_class, 0)));
    say_all(cede_reversed(cede_range(3)));
    CHECK_SAID("9 4 1 0 ~~2 1 0 ");
}

TEST(reversed_is_an_iterator_that_stays_at_its_end)
{
    struct squares *squares = make(long_class, 1);
    void *it;
    cede_value item;

    it = cede_reversed(squares);
    cede_defer (cede_unref, it);
    void *same = cede_iter(it);
    CHECK_PTR(same, it);
    cede_unref(same);
    CHECK(cede_next_or_end(it, &item));
    CHECK(!cede_next_or_end(it, &item));
    CHECK_SAID("~");
    CHECK(!cede_next_or_end(it, &item));
}

TEST(reversed_ends_where_the_sequence_has_shrunk)
{
    struct squares *squares = make(long_class, 3);
    void *it = cede_reversed(squares);
    cede_defer (cede_unref, it);
    cede_value item;

    CHECK_INT(cede_value_int(cede_next(it)), 4);
    squares->end = 1;
    CHECK(!cede_next_or_end(it, &item));
    CHECK(!cede_next_or_end(it, &item));
    CHECK_SAID("~");
}

TEST(what_cannot_be_reversed)
{
    SAY_RAISED(cede_unref(cede_reversed(make(squares_class, 1))));
    SAY_RAISED(cede_unref(cede_reversed(make(len_class, 1))));
    SAY_RAISED(cede_unref(cede_reversed(NULL)));
    SAY_RAISED(say_all(make(len_class, 1)));
    CHECK_SAID("~TypeError: 'Squares' object is not reversible\n"
               "TypeError: 'Len' object is not reversible\n"
               "TypeError: 'NULL' object is not reversible\n"
               "TypeError: 'Len' object is not iterable\n");
}
