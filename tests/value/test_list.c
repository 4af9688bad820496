/*
 * Lists: making, changing, iterating while they change.
 */
#include "value/said.h"
#include "value/shown.h"

#include "base/memory.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/list.h"
#include "cede/tuple.h"

TEST(a_list_grows)
{
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);

    CHECK_INT(cede_list_size(list), 0);
    for (int i = 0; i < 1000; i++)
        cede_list_append(list, i);
    CHECK_INT(cede_list_size(list), 1000);
    CHECK_INT(cede_len(list), 1000);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(cede_value_int(cede_list_get(list, i)), i);
}

TEST(a_list_of_arguments)
{
    cede_list *list = cede_list_of(1, "a", 2.5, cede_str_copy("own"));
    cede_defer (cede_unref, list);
    cede_list *none = cede_list_of();
    cede_defer (cede_unref, none);
    cede_list *most =
        cede_list_of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    cede_defer (cede_unref, most);

    CHECK_REPR(list, "[1, 'a', 2.5, 'own']");
    CHECK_REPR(none, "[]");
    CHECK_INT(cede_list_size(most), 16);
    CHECK_INT(cede_value_int(cede_list_get(most, 15)), 16);
}

static cede_value raise_value(void)
{
    cede_raise(cede_ValueError, "no second");
}

/* The harness counts blocks. */
TEST(an_argument_that_raises_gives_up_those_before_it)
{
    CHECK_RAISED(cede_ValueError, "no second",
                 cede_unref(cede_list_of(cede_str_copy("one"), raise_value())));
}

/* S42 */
TEST(S42_indexes_as_python)
{
    cede_list *list = cede_list_of(1, 2, 3);
    cede_defer (cede_unref, list);

    CHECK_INT(cede_value_int(cede_getitem(list, 2)), 3);
    CHECK_INT(cede_value_int(cede_getitem(list, -1)), 3);
    CHECK_INT(cede_value_int(cede_list_get(list, -3)), 1);
    CHECK_RAISED(cede_IndexError, "list index out of range",
                 cede_list_get(list, 3));
    CHECK_RAISED(cede_IndexError, "list index out of range",
                 cede_list_get(list, -4));
    CHECK_RAISED(cede_IndexError, "list index out of range",
                 cede_getitem(list, INT64_MIN));
    CHECK_RAISED(cede_IndexError, "list index out of range",
                 cede_getitem(list, INT64_MAX));
}

TEST(set_replaces_and_gives_up_the_old_item)
{
    cede_list *list = cede_list_of(cede_str_copy("old"), 2);
    cede_defer (cede_unref, list);

    cede_list_set(list, 0, "new");
    cede_list_set(list, -1, cede_str_copy("last"));
    CHECK_REPR(list, "['new', 'last']");
    CHECK_RAISED(cede_IndexError, "list assignment index out of range",
                 cede_list_set(list, 2, cede_str_copy("given up")));
    CHECK_RAISED(cede_IndexError, "list assignment index out of range",
                 cede_list_set(list, -3, cede_str_copy("given up")));
    CHECK_REPR(list, "['new', 'last']");
}

TEST(pop_takes_an_item_out)
{
    cede_list *list = cede_list_of(1, cede_str_copy("two"), 3, 4);
    cede_defer (cede_unref, list);
    cede_value two = cede_list_pop(list, 1);
    cede_defer (cede_unref, two.as.object);

    CHECK_STR(cede_value_str(two), "two");
    CHECK_REPR(list, "[1, 3, 4]");
    CHECK_INT(cede_value_int(cede_list_pop(list, -1)), 4);
    CHECK_RAISED(cede_IndexError, "pop index out of range",
                 cede_list_pop(list, 2));
    CHECK_RAISED(cede_IndexError, "pop index out of range",
                 cede_list_pop(list, -3));
    CHECK_INT(cede_value_int(cede_list_pop(list, -2)), 1);
    CHECK_INT(cede_value_int(cede_list_pop(list, 0)), 3);
    CHECK_RAISED(cede_IndexError, "pop from empty list",
                 cede_list_pop(list, -1));
    cede_list_append(list, 5);
    CHECK_REPR(list, "[5]");
}

/* Says what it is compared with, and removes the item if told to. */
struct guest {
    cede_object head;
    cede_list *from; /* borrowed; NULL: it removes nothing */
};

static bool guest_eq(void *self, void *other)
{
    struct guest *guest = self;

    (void)other;
    say("eq ");
    if (guest->from)
        cede_value_unref(cede_list_pop(guest->from, 0));
    return guest->from != NULL;
}

static void guest_destroy(void *self)
{
    (void)self;
    say("~");
}

static const cede_object_methods guest_methods = {.eq = guest_eq};
static CEDE_CLASS(Guest, struct guest, .object = &guest_methods,
                  .destroy = guest_destroy);

/* test_list.py and list_tests.py: test_remove, in own words. */
TEST(remove_takes_the_first_that_is_equal)
{
    cede_list *list =
        cede_list_of(1, "two", 2.0, cede_str_copy("two"), 2, cede_none);
    cede_defer (cede_unref, list);

    cede_list_remove(list, 2);
    CHECK_REPR(list, "[1, 'two', 'two', 2, None]");
    cede_list_remove(list, "two");
    cede_list_remove(list, "two");
    cede_list_remove(list, cede_none);
    CHECK_REPR(list, "[1, 2]");
    CHECK_RAISED(cede_ValueError, "list.remove(x): x not in list",
                 cede_list_remove(list, "two"));
    CHECK_REPR(list, "[1, 2]");
}

TEST(remove_gives_the_item_up)
{
    struct guest *guest = cede_object_new(Guest);
    cede_list *list = cede_list_of(cede_object(guest), 2);
    cede_defer (cede_unref, list);

    cede_list_remove(list, 2);
    CHECK_SAID("");
    cede_list_remove(list, &guest->head); /* which is not asked about itself */
    CHECK_SAID("~");
    CHECK_INT(cede_list_size(list), 0);
}

/* As CPython: what was equal is gone already, and nothing else is removed. */
TEST(an_eq_may_change_the_list_that_remove_looks_at)
{
    struct guest *guest = cede_object_new(Guest);
    cede_list *list = cede_list_of(cede_object(guest));
    cede_defer (cede_unref, list);
    struct guest *asked = cede_object_new(Guest);
    cede_defer (cede_unref, asked);

    guest->from = list;
    cede_list_remove(list, &asked->head);
    CHECK_SAID("eq ~");
    CHECK_INT(cede_list_size(list), 0);
}

/* ---- iterating ----------------------------------------------------------- */

TEST(I01_a_list_gives_a_fresh_iterator_each_time)
{
    cede_list *list = cede_list_of(1, 2);
    cede_defer (cede_unref, list);
    void *one = cede_iter(list);
    cede_defer (cede_unref, one);
    void *other = cede_iter(list);
    cede_defer (cede_unref, other);

    CHECK_INT(cede_value_int(cede_next(one)), 1);
    CHECK_INT(cede_value_int(cede_next(one)), 2);
    CHECK_INT(cede_value_int(cede_next(other)), 1);
    CHECK_REPR((cede_object *)one, "<list_iterator object>");
}

/* I04: test_iter.py, test_sinkstate_list. */
TEST(I04_an_iterator_that_ended_stays_at_its_end)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);
    void *it = cede_iter(list);
    cede_defer (cede_unref, it);

    CHECK_INT(cede_value_int(cede_next(it)), 1);
    CHECK_RAISES(cede_StopIteration, cede_next(it));
    cede_list_append(list, 2);
    CHECK_RAISES(cede_StopIteration, cede_next(it));
    CHECK_INT(cede_value_int(cede_next_default(it, -1)), -1);
}

TEST(what_is_appended_before_the_end_is_iterated)
{
    cede_list *list = cede_list_of(1, 2, 3);
    cede_defer (cede_unref, list);

    cede_for (item, cede_ref(list)) {
        int64_t number = cede_value_int(item);

        say("%d ", (int)number);
        if (number < 3)
            cede_list_append(list, number + 10);
    }
    CHECK_SAID("1 2 3 11 12 ");
}

/* for x in l: l.remove(x) skips every other one, in Python too. */
TEST(what_is_taken_out_moves_the_rest_under_the_iterator)
{
    cede_list *list = cede_list_of(1, 2, 3, 4, 5);
    cede_defer (cede_unref, list);

    cede_for (item, cede_ref(list)) {
        say("%d ", (int)cede_value_int(item));
        cede_value_unref(cede_list_pop(list, 0));
    }
    CHECK_SAID("1 3 5 ");
    CHECK_REPR(list, "[4, 5]");
}

TEST(an_item_outlives_its_place_in_the_list)
{
    cede_list *list = cede_list_of(cede_str_copy("a"), cede_str_copy("b"));
    cede_defer (cede_unref, list);

    cede_for (item, cede_ref(list)) {
        while (cede_list_size(list))
            cede_value_unref(cede_list_pop(list, -1));
        say("%s", cede_value_str(item));
    }
    CHECK_SAID("a");
}

TEST(an_iterator_keeps_its_list)
{
    cede_list *list = cede_list_of(1, 2);
    void *it;

    {
        cede_defer (cede_unref, list);
        it = cede_iter(list);
    }
    cede_defer (cede_unref, it);
    CHECK_INT(((cede_object *)list)->references, 1);
    CHECK_INT(cede_value_int(cede_next(it)), 1);
}

/* ---- list(iterable) ------------------------------------------------------ */

static cede_value three(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(cede_str_copy("one"));
        cede_yield(2);
        cede_yield(3.5);
    } cede_finally {
        say("closed ");
    } cede_end
    return cede_none;
}

static cede_value two_then_raise(void *arg)
{
    (void)arg;
    cede_yield(cede_str_copy("one"));
    cede_yield(cede_str_copy("two"));
    cede_raise(cede_LookupError, "no third");
}

TEST(a_list_from_a_generator)
{
    cede_list *list = cede_list_from(cede_generator(three, NULL));
    cede_defer (cede_unref, list);

    CHECK_SAID("closed ");
    CHECK_REPR(list, "['one', 2, 3.5]");
}

TEST(a_list_from_a_list_is_another)
{
    cede_list *list = cede_list_of(1, cede_str_copy("x"));
    cede_defer (cede_unref, list);
    cede_list *copy = cede_list_from(cede_ref(list));
    cede_defer (cede_unref, copy);
    cede_list *of_tuple = cede_list_from(cede_tuple(1, 2));
    cede_defer (cede_unref, of_tuple);

    CHECK(copy != list);
    CHECK(cede_value_equal(list, copy));
    CHECK_REPR(of_tuple, "[1, 2]");
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

TEST(a_list_from_what_raises_is_given_up)
{
    CHECK_RAISED(
        cede_LookupError, "no third",
        cede_unref(cede_list_from(cede_generator(two_then_raise, NULL))));
    CHECK_RAISED(cede_TypeError, "'Plain' object is not iterable",
                 cede_unref(cede_list_from(cede_object_new(plain_class))));
}
