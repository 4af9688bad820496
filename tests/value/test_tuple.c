/*
 * Tuples: making, reading, iterating, destroying.
 */
#include "value/said.h"
#include "value/shown.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/list.h"
#include "cede/tuple.h"

TEST(a_tuple_boxes_its_arguments)
{
    cede_tuple *tuple = cede_tuple(1, "a", 2.5, (bool)1, cede_none);
    cede_defer (cede_unref, tuple);

    CHECK_INT(cede_tuple_size(tuple), 5);
    CHECK_INT(cede_value_int(cede_tuple_get(tuple, 0)), 1);
    CHECK_STR(cede_value_str(cede_tuple_get(tuple, 1)), "a");
    CHECK_FLOAT(cede_value_float(cede_tuple_get(tuple, 2)), 2.5);
    CHECK(cede_value_bool(cede_tuple_get(tuple, 3)));
    CHECK(cede_is_none(cede_tuple_get(tuple, 4)));
}

TEST(a_tuple_has_none_to_sixteen_items)
{
    cede_tuple *none = cede_tuple();
    cede_defer (cede_unref, none);
    cede_tuple *most =
        cede_tuple(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    cede_defer (cede_unref, most);

    CHECK_INT(cede_tuple_size(none), 0);
    CHECK_INT(cede_tuple_size(most), 16);
    for (int i = 0; i < 16; i++)
        CHECK_INT(cede_value_int(cede_tuple_get(most, i)), i + 1);
}

static cede_value say_number(int number)
{
    say("%d ", number);
    return cede_int(number);
}

TEST(arguments_are_evaluated_once_from_left_to_right)
{
    cede_unref(cede_tuple(say_number(1), say_number(2), say_number(3)));
    CHECK_SAID("1 2 3 ");
}

TEST(tuples_in_tuples)
{
    cede_tuple *tuple =
        cede_tuple(cede_object(cede_tuple(1, cede_object(cede_tuple()))),
                   cede_object(cede_tuple("x")));
    cede_defer (cede_unref, tuple);

    CHECK_REPR(tuple, "((1, ()), ('x',))");
}

static cede_value raise_value(void)
{
    cede_raise(cede_ValueError, "no third");
}

/* What the first two hold is given up: the harness counts blocks. */
TEST(an_argument_that_raises_gives_up_those_before_it)
{
    CHECK_RAISED(
        cede_ValueError, "no third",
        cede_unref(cede_tuple(cede_str_copy("one"),
                              cede_object(cede_tuple(cede_str_copy("two"))),
                              raise_value(), say_number(4))));
    CHECK_SAID("");
}

static cede_value yield_within(void *arg)
{
    (void)arg;
    cede_tuple *tuple =
        cede_tuple(cede_str_copy("held"), cede_yield(1), cede_yield(2));

    return cede_object(tuple);
}

TEST(an_argument_may_suspend_and_never_come_back)
{
    cede_generator *whole = cede_generator(yield_within, NULL);
    cede_defer (cede_unref, whole);
    cede_generator *closed = cede_generator(yield_within, NULL);
    cede_defer (cede_unref, closed);
    cede_value item;

    CHECK_INT(cede_value_int(cede_next(whole)), 1);
    CHECK_INT(cede_value_int(cede_next(closed)), 1);
    CHECK_INT(cede_value_int(cede_generator_send(whole, "x")), 2);
    CHECK(!cede_next_or_end(whole, &item));
    cede_defer (cede_unref, item.as.object);
    CHECK_REPR(item, "('held', 'x', None)");
}

static int return_within(void)
{
    cede_unref(cede_tuple(cede_str_copy("one"), ({
                              if (said_size == 0)
                                  return 7;
                              cede_int(2);
                          })));
    return 0;
}

TEST(an_argument_may_leave_the_function)
{
    CHECK_INT(return_within(), 7);
    /* The chain of records is as it was: */
    CHECK_RAISED(cede_ValueError, "no third", raise_value());
}

TEST(a_tuple_of_an_array)
{
    cede_value items[3] = {cede_str_copy("a"), cede_int(2), cede_none};
    cede_tuple *tuple = cede_tuple_new(items, 3);
    cede_defer (cede_unref, tuple);
    cede_tuple *none = cede_tuple_new(NULL, 0);
    cede_defer (cede_unref, none);

    CHECK_REPR(tuple, "('a', 2, None)");
    CHECK_REPR(none, "()");
}

TEST(a_tuple_of_more_than_fits_is_a_memory_error)
{
    volatile size_t most = SIZE_MAX / 8;

    CHECK_RAISES(cede_MemoryError, {
        cede_impl_defer record;

        cede_impl_tuple_begin(&record, most);
        cede_impl_tuple_put(&record, cede_str_copy("given up"));
        cede_unref(cede_impl_tuple_end(&record));
    });
}

/* S42 */
TEST(S42_index_is_getitem)
{
    cede_tuple *tuple = cede_tuple(1, 2, 3);
    cede_defer (cede_unref, tuple);
    cede_value last = cede_getitem(tuple, 2);

    CHECK_INT(cede_value_int(last), 3);
    CHECK_INT(cede_value_int(cede_getitem(tuple, -3)), 1);
    CHECK_INT(cede_len(tuple), 3);
}

TEST(a_negative_index_counts_from_the_end)
{
    cede_tuple *tuple = cede_tuple(1, 2, 3);
    cede_defer (cede_unref, tuple);
    cede_tuple *none = cede_tuple();
    cede_defer (cede_unref, none);

    CHECK_INT(cede_value_int(cede_tuple_get(tuple, -1)), 3);
    CHECK_INT(cede_value_int(cede_tuple_get(tuple, -3)), 1);
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(tuple, -4));
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(tuple, 3));
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(tuple, INT64_MIN));
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(tuple, INT64_MAX));
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(none, 0));
    CHECK_RAISED(cede_IndexError, "tuple index out of range",
                 cede_tuple_get(none, -1));
}

TEST(getitem_gives_a_reference_of_its_own)
{
    cede_tuple *tuple = cede_tuple(cede_str_copy("item"));
    cede_value item = cede_getitem(tuple, 0);
    cede_defer (cede_unref, item.as.object);

    cede_unref(tuple);
    CHECK_STR(cede_value_str(item), "item");
}

/* ---- other objects ------------------------------------------------------- */

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

static cede_value square(void *self, int64_t index)
{
    (void)self;
    return cede_int(index * index);
}

static const cede_sequence_methods squares = {.getitem = square};
static const cede_class squares_class[1] = {
    {.name = "Squares", .size = sizeof(cede_object), .sequence = &squares}};
static const cede_class derived_class[1] = {
    {.name = "Derived", .base = squares_class, .size = sizeof(cede_object)}};

TEST(S42_a_class_of_ones_own_has_its_getitem)
{
    void *object = cede_object_new(derived_class);
    cede_defer (cede_unref, object);

    CHECK_INT(cede_value_int(cede_getitem(object, 7)), 49);
    CHECK_INT(cede_value_int(cede_getitem(object, -3)), 9); /* its business */
    CHECK_RAISED(cede_TypeError, "object of type 'Derived' has no len()",
                 cede_len(object));
}

TEST(what_is_no_sequence_says_so)
{
    void *object = cede_object_new(plain_class);
    cede_defer (cede_unref, object);

    CHECK_RAISED(cede_TypeError, "object of type 'Plain' has no len()",
                 cede_len(object));
    CHECK_RAISED(cede_TypeError, "'Plain' object is not subscriptable",
                 cede_getitem(object, 0));
    CHECK_RAISED(cede_TypeError, "object of type 'NULL' has no len()",
                 cede_len(NULL));
    CHECK_RAISED(cede_TypeError, "'NULL' object is not subscriptable",
                 cede_getitem(NULL, 0));
}

/* ---- iterating ----------------------------------------------------------- */

TEST(I01_a_tuple_gives_a_fresh_iterator_each_time)
{
    cede_tuple *tuple = cede_tuple("a", "b");
    cede_defer (cede_unref, tuple);
    void *one = cede_iter(tuple);
    cede_defer (cede_unref, one);
    void *other = cede_iter(tuple);
    cede_defer (cede_unref, other);
    void *same = cede_iter(one);
    cede_defer (cede_unref, same);

    CHECK(one != other);
    CHECK_PTR(same, one);
    CHECK_STR(cede_value_str(cede_next(one)), "a");
    CHECK_STR(cede_value_str(cede_next(one)), "b");
    CHECK_STR(cede_value_str(cede_next(other)), "a");
    CHECK_RAISES(cede_StopIteration, cede_next(one));
    CHECK_RAISES(cede_StopIteration, cede_next(one));
    CHECK_REPR((cede_object *)one, "<tuple_iterator object>");
}

TEST(a_loop_takes_the_tuple_and_the_iterator_keeps_it)
{
    cede_for (item, cede_tuple(cede_str_copy("a"), 2))
        say_value(cede_value_ref(item));
    CHECK_SAID("a2");
}

/* ---- destroying ---------------------------------------------------------- */

struct noisy {
    cede_object head;
    int number;
};

static void say_gone(void *self)
{
    say("~%d ", ((struct noisy *)self)->number);
}

static const cede_class noisy_class[1] = {
    {.name = "Noisy", .size = sizeof(struct noisy), .destroy = say_gone}};

static cede_value noisy(int number)
{
    struct noisy *object = cede_object_new(noisy_class);

    object->number = number;
    return cede_object(object);
}

/* As CPython's tuple and list do. */
TEST(items_go_from_the_last_to_the_first)
{
    cede_unref(cede_tuple(noisy(1), noisy(2), noisy(3)));
    cede_unref(cede_list_of(noisy(4), noisy(5)));
    CHECK_SAID("~3 ~2 ~1 ~5 ~4 ");
}

enum container { TUPLES, LISTS, ALL_KINDS };

struct depth {
    enum container kind;
    int depth;
};

/* One in another, so deep that recursion would end any stack. */
static cede_value nest(struct depth wanted)
{
    cede_value value = noisy(7);

    for (int i = 0; i < wanted.depth; i++) {
        int kind = wanted.kind == ALL_KINDS ? i % 3 : (int)wanted.kind;
        cede_exception *e;

        if (kind == TUPLES) {
            value = cede_object(cede_tuple(i, value, cede_none));
        } else if (kind == LISTS) {
            value = cede_object(cede_list_of(value));
        } else {
            e = cede_exception(cede_ValueError, NULL);
            cede_exception_set_value(e, value);
            value = cede_object(e);
        }
    }
    return value;
}

static cede_value drop_deep(void *arg)
{
    cede_value_unref(nest(*(struct depth *)arg));
    say("gone ");
    return cede_none;
}

/* On the thread's stack and on a coroutine's; all of it before cede_unref
   returns. */
static void check_drops(struct depth wanted)
{
    drop_deep(&wanted);
    cede_for (v, cede_generator_with(drop_deep, wanted))
        cede_value_unref(v);
    CHECK_SAID("~7 gone ~7 gone ");
}

TEST(a_million_tuples_in_each_other_are_destroyed, .torture = false,
     .timeout = 60)
{
    check_drops((struct depth){TUPLES, 1000000});
}

TEST(a_million_lists_in_each_other_are_destroyed, .torture = false,
     .timeout = 60)
{
    check_drops((struct depth){LISTS, 1000000});
}

TEST(a_million_of_all_kinds_in_each_other_are_destroyed, .torture = false,
     .timeout = 60)
{
    check_drops((struct depth){ALL_KINDS, 1000000});
}

static cede_value drop_when_closed(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_unref(cede_tuple(cede_object(cede_tuple(noisy(1)))));
        say("then ");
    } cede_end
    return cede_none;
}

/* A generator that a tuple holds is closed; what its finally clause gives up
   is gone when it goes on. */
TEST(destroying_within_destroying_is_not_put_off)
{
    cede_generator *generator = cede_generator(drop_when_closed, NULL);
    cede_tuple *tuple = cede_tuple(cede_object(generator), noisy(0));
    volatile bool yielded = false;

    cede_try {
        cede_next(generator);
        yielded = true;
    } cede_finally {
        cede_unref(tuple);
    } cede_end
    if (yielded)
        CHECK_SAID("~0 ~1 then ");
}
