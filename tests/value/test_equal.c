/*
 * Equality and truth. What is expected is what CPython says of == and bool().
 */
#include "value/said.h"
#include "value/shown.h"

#include <math.h>

#include "base/memory.h"
#include "cede/generator.h"
#include "cede/list.h"
#include "cede/tuple.h"

/* ---- plain values -------------------------------------------------------- */

TEST(numbers_compare_by_value)
{
    CHECK(cede_value_equal(1, 1));
    CHECK(!cede_value_equal(1, 2));
    CHECK(cede_value_equal(1, 1.0));
    CHECK(cede_value_equal(1.0, 1));
    CHECK(cede_value_equal(1, (bool)1));
    CHECK(cede_value_equal((bool)1, 1.0));
    CHECK(cede_value_equal((bool)0, 0));
    CHECK(!cede_value_equal((bool)1, 2));
    CHECK(!cede_value_equal(1, 1.5));
    CHECK(cede_value_equal(0.0, -0.0));
    CHECK(cede_value_equal(0, -0.0));
    CHECK(cede_value_equal(INFINITY, INFINITY));
    CHECK(!cede_value_equal(INFINITY, -INFINITY));
    CHECK(!cede_value_equal(NAN, NAN));
    CHECK(!cede_value_equal(NAN, 0));
}

/* Without a rounding: 2**53 + 1 is no double. */
TEST(ints_and_floats_compare_exactly)
{
    CHECK(cede_value_equal((INT64_C(1) << 53), 0x1p53));
    CHECK(!cede_value_equal((INT64_C(1) << 53) + 1, 0x1p53));
    CHECK(!cede_value_equal(0x1p53, (INT64_C(1) << 53) + 1));
    CHECK(cede_value_equal(INT64_MIN, -0x1p63));
    CHECK(!cede_value_equal(INT64_MAX, 0x1p63));
    CHECK(!cede_value_equal(INT64_MIN, -0x1p64));
    CHECK(!cede_value_equal(INT64_MIN, -INFINITY));
    CHECK(!cede_value_equal(INT64_MAX, INFINITY));
    CHECK(!cede_value_equal(INT64_MIN, NAN));
}

TEST(strings_compare_by_their_bytes)
{
    cede_value owned = cede_str_copy("abc");
    cede_defer (cede_unref, owned.as.object);
    cede_value with_nul = cede_str_copy_n("a\0b", 3);
    cede_defer (cede_unref, with_nul.as.object);
    cede_value another = cede_str_copy_n("a\0c", 3);
    cede_defer (cede_unref, another.as.object);

    CHECK(cede_value_equal("abc", owned));
    CHECK(cede_value_equal(owned, owned));
    CHECK(!cede_value_equal("abc", "abd"));
    CHECK(!cede_value_equal("abc", "ab"));
    CHECK(!cede_value_equal("a", with_nul));
    CHECK(!cede_value_equal(with_nul, another));
    CHECK(cede_value_equal(with_nul, with_nul));
    CHECK(!cede_value_equal("1", 1));
    CHECK(!cede_value_equal("", cede_none));
}

TEST(none_is_none_alone)
{
    CHECK(cede_value_equal(cede_none, cede_none));
    CHECK(cede_value_equal(cede_none, (cede_tuple *)NULL));
    CHECK(cede_value_equal((cede_list *)NULL, cede_none));
    CHECK(!cede_value_equal(cede_none, 0));
    CHECK(!cede_value_equal(cede_none, (bool)0));
    CHECK(!cede_value_equal(cede_none, (void *)NULL));
}

TEST(pointers_compare_by_address)
{
    int x[2];

    CHECK(cede_value_equal(&x[0], &x[0]));
    CHECK(!cede_value_equal(&x[0], &x[1]));
    CHECK(!cede_value_equal((void *)NULL, 0));
}

/* ---- tuples and lists ---------------------------------------------------- */

static bool equal_given_up(void *a, void *b)
{
    cede_defer (cede_unref, a);
    cede_defer (cede_unref, b);

    return cede_value_equal((cede_object *)a, (cede_object *)b);
}

/* Two expressions that make objects, made and given up. */
#define CHECK_PAIR(expected, left, right)                                      \
    do {                                                                       \
        void *left_ = (left);                                                  \
        cede_defer (cede_unref, left_);                                         \
        void *right_ = (right);                                                \
        CHECK_INT(equal_given_up(cede_ref(left_), right_), expected);          \
    } while (0)

TEST(tuples_and_lists_compare_item_by_item)
{
    CHECK_PAIR(true, cede_tuple(), cede_tuple());
    CHECK_PAIR(true, cede_tuple(1, "a", 2.0), cede_tuple(1.0, "a", 2));
    CHECK_PAIR(false, cede_tuple(1, 2), cede_tuple(1, 3));
    CHECK_PAIR(false, cede_tuple(1, 2), cede_tuple(1, 2, 3));
    CHECK_PAIR(false, cede_tuple(1, 2, 3), cede_tuple(1, 2));
    CHECK_PAIR(true, cede_list_of(1, 2), cede_list_of(1, 2));
    CHECK_PAIR(false, cede_list_of(1, 2), cede_list_of(2, 1));
    CHECK_PAIR(false, cede_list_of(1, 2), cede_tuple(1, 2));
    CHECK_PAIR(false, cede_tuple(), cede_list());
    CHECK_PAIR(false, cede_tuple(NAN), cede_tuple(NAN));
}

TEST(nested_ones_compare_inside)
{
    CHECK_PAIR(true, cede_tuple(cede_object(cede_list_of(1, cede_none)), "x"),
               cede_tuple(cede_object(cede_list_of(1, cede_none)), "x"));
    CHECK_PAIR(false, cede_tuple(cede_object(cede_list_of(1, 2)), "x"),
               cede_tuple(cede_object(cede_list_of(1, 3)), "x"));
    CHECK_PAIR(false, cede_tuple(cede_object(cede_list_of(1, 2)), "x"),
               cede_tuple(cede_object(cede_list_of(1, 2)), "y"));
    CHECK_PAIR(false, cede_tuple(cede_object(cede_list_of(1))),
               cede_tuple(cede_object(cede_tuple(1))));
    CHECK_PAIR(false, cede_tuple(cede_object(cede_tuple())), cede_tuple(1));
}

TEST(a_list_is_equal_to_itself_whatever_it_holds)
{
    cede_list *list = cede_list_of(NAN);
    cede_defer (cede_unref, list);

    CHECK(cede_value_equal(list, list));
    CHECK(!cede_value_equal(list, cede_none));
    CHECK(!cede_value_equal(1, list));
}

static void empty_list(void *list)
{
    while (cede_list_size(list))
        cede_value_unref(cede_list_pop(list, -1));
}

static cede_value compare_endless(void *arg)
{
    cede_list *a = cede_list();
    cede_defer (cede_unref, a);
    cede_defer (empty_list, a);
    cede_list *b = cede_list();
    cede_defer (cede_unref, b);
    cede_defer (empty_list, b);

    (void)arg;
    cede_list_append(a, cede_object(cede_ref(a)));
    cede_list_append(b, cede_object(cede_ref(b)));
    CHECK(cede_value_equal(a, a));
    CHECK_RAISED(cede_RecursionError,
                 "maximum recursion depth exceeded in comparison",
                 cede_value_equal(a, b));
    return cede_none;
}

TEST(lists_that_hold_themselves_are_not_compared_for_ever)
{
    compare_endless(NULL);
    cede_for (v, cede_generator(compare_endless, NULL))
        cede_value_unref(v);
}

/* ---- objects ------------------------------------------------------------- */

struct point {
    cede_object head;
    int x;
    cede_list *list; /* borrowed */
};

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(struct point)}};

static bool point_eq(void *self, void *other);
static bool near_eq(void *self, void *other);

static const cede_object_methods point_methods = {.eq = point_eq};
static const cede_class point_class[1] = {
    {.name = "Point", .size = sizeof(struct point), .object = &point_methods}};
static const cede_object_methods named = {.eq = NULL};
static const cede_class derived_class[1] = {{.name = "Derived",
                                             .base = point_class,
                                             .size = sizeof(struct point),
                                             .object = &named}};
static const cede_object_methods near_methods = {.eq = near_eq};
static const cede_class near_class[1] = {
    {.name = "Near", .size = sizeof(struct point), .object = &near_methods}};

static bool point_eq(void *self, void *other)
{
    say("eq ");
    return cede_isinstance(other, point_class) &&
           ((struct point *)self)->x == ((struct point *)other)->x;
}

/* Knows points too. */
static bool near_eq(void *self, void *other)
{
    struct point *a = self;
    struct point *b = other;

    say("near ");
    return (cede_isinstance(other, near_class) ||
            cede_isinstance(other, point_class)) &&
           a->x - b->x < 2 && b->x - a->x < 2;
}

static struct point *point(const cede_class *point_kind, int x)
{
    struct point *made = cede_object_new(point_kind);

    made->x = x;
    return made;
}

TEST(objects_compare_by_identity_unless_their_class_says_otherwise)
{
    struct point *plain = point(plain_class, 1);
    cede_defer (cede_unref, plain);

    CHECK(cede_value_equal(&plain->head, &plain->head));
    CHECK_PAIR(false, point(plain_class, 1), point(plain_class, 1));
    CHECK_SAID("");
    CHECK_PAIR(true, point(point_class, 1), point(point_class, 1));
    CHECK_SAID("eq ");
    CHECK_PAIR(false, point(point_class, 1), point(point_class, 2));
    CHECK_PAIR(true, point(point_class, 1), point(derived_class, 1));
    CHECK_PAIR(true, point(derived_class, 1), point(point_class, 1));
    CHECK_SAID("eq eq eq ");
}

/* Python: the reflected __eq__ when the first returns NotImplemented. */
TEST(the_other_class_is_asked_too)
{
    CHECK_PAIR(true, point(point_class, 1), point(near_class, 2));
    CHECK_SAID("eq near ");
    CHECK_PAIR(true, point(near_class, 1), point(point_class, 2));
    CHECK_SAID("near ");
    CHECK_PAIR(false, point(plain_class, 1), point(near_class, 1));
    CHECK_SAID("near ");
}

static bool never(void *self, void *other)
{
    (void)self;
    (void)other;
    return false;
}

static const cede_object_methods never_methods = {.eq = never};
static const cede_class never_class[1] = {
    {.name = "Never", .size = sizeof(struct point), .object = &never_methods}};

/* As float('nan') in Python. */
TEST(an_object_may_differ_from_itself_but_not_in_a_tuple)
{
    struct point *odd = point(never_class, 1);
    cede_defer (cede_unref, odd);
    cede_tuple *one = cede_tuple(cede_object(cede_ref(odd)));
    cede_defer (cede_unref, one);
    cede_tuple *other = cede_tuple(cede_object(cede_ref(odd)));
    cede_defer (cede_unref, other);

    CHECK(!cede_value_equal(&odd->head, &odd->head));
    CHECK(cede_value_equal(one, other));
}

static bool raise_eq(void *self, void *other)
{
    (void)self;
    (void)other;
    cede_raise(cede_LookupError, "not comparable");
}

static const cede_object_methods raising = {.eq = raise_eq};
static const cede_class raising_class[1] = {
    {.name = "Raising", .size = sizeof(struct point), .object = &raising}};

TEST(what_an_eq_raises_comes_out)
{
    struct point *item = point(raising_class, 1);
    cede_defer (cede_unref, item);
    struct point *other = point(raising_class, 1);
    cede_defer (cede_unref, other);
    cede_list *left =
        cede_list_of(1, cede_object(cede_tuple(cede_object(cede_ref(item)))));
    cede_defer (cede_unref, left);
    cede_list *right =
        cede_list_of(1, cede_object(cede_tuple(cede_object(cede_ref(other)))));
    cede_defer (cede_unref, right);

    CHECK_RAISED(cede_LookupError, "not comparable",
                 cede_value_equal(left, right));
}

static bool empties(void *self, void *other)
{
    (void)other;
    empty_list(((struct point *)self)->list);
    return true;
}

static const cede_object_methods emptying = {.eq = empties};
static const cede_class emptying_class[1] = {
    {.name = "Emptying", .size = sizeof(struct point), .object = &emptying}};

TEST(a_list_may_change_while_it_is_compared)
{
    struct point *item = point(emptying_class, 1);
    cede_list *list = cede_list_of(cede_object(item), 2);
    cede_defer (cede_unref, list);
    cede_list *other = cede_list_of(cede_object(point(plain_class, 1)), 2);
    cede_defer (cede_unref, other);

    item->list = list;
    CHECK(!cede_value_equal(list, other));
    CHECK_INT(cede_list_size(list), 0);
}

static bool says_list(void *self, void *other)
{
    cede_value text = cede_repr(((struct point *)self)->list);
    cede_defer (cede_unref, text.as.object);

    (void)other;
    say("%s ", cede_value_str(text));
    return true;
}

static cede_value repr_of_x(void *self)
{
    return cede_str_format("x=%d", ((struct point *)self)->x);
}

static const cede_object_methods saying = {.eq = says_list, .repr = repr_of_x};
static const cede_class saying_class[1] = {
    {.name = "Saying", .size = sizeof(struct point), .object = &saying}};

/* To be compared is not to be shown: no [...]. */
TEST(a_list_can_be_shown_while_it_is_compared)
{
    struct point *item = point(saying_class, 1);
    cede_list *list = cede_list_of(cede_object(item), 2);
    cede_defer (cede_unref, list);
    cede_list *other = cede_list_of(cede_object(point(plain_class, 1)), 2);
    cede_defer (cede_unref, other);

    item->list = list;
    CHECK(cede_value_equal(list, other));
    CHECK_SAID("[x=1, 2] ");
}

static bool endless_eq(void *self, void *other)
{
    return cede_value_equal((cede_object *)self, (cede_object *)other);
}

static const cede_object_methods endless = {.eq = endless_eq};
static const cede_class endless_class[1] = {
    {.name = "Endless", .size = sizeof(struct point), .object = &endless}};

TEST(an_eq_that_calls_itself_is_stopped_before_the_stack_ends)
{
    struct point *left = point(endless_class, 1);
    cede_defer (cede_unref, left);
    struct point *right = point(endless_class, 2);
    cede_defer (cede_unref, right);

    CHECK_RAISED(cede_RecursionError,
                 "maximum recursion depth exceeded in comparison",
                 cede_value_equal(&left->head, &right->head));
}

/* ---- truth --------------------------------------------------------------- */

static bool truth_given_up(void *object)
{
    cede_defer (cede_unref, object);

    return cede_value_truth(cede_object(object));
}

TEST(none_zero_and_what_is_empty_is_false)
{
    cede_value empty = cede_str_copy("");
    cede_defer (cede_unref, empty.as.object);
    cede_value nul = cede_str_copy_n("\0", 1);
    cede_defer (cede_unref, nul.as.object);
    int x;

    CHECK(!cede_value_truth(cede_none));
    CHECK(!cede_value_truth(cede_bool(false)));
    CHECK(!cede_value_truth(cede_int(0)));
    CHECK(!cede_value_truth(cede_float(0.0)));
    CHECK(!cede_value_truth(cede_float(-0.0)));
    CHECK(!cede_value_truth(cede_str("")));
    CHECK(!cede_value_truth(empty));
    CHECK(!cede_value_truth(cede_pointer(NULL)));
    CHECK(!cede_value_truth(cede_object(NULL)));
    CHECK(cede_value_truth(cede_bool(true)));
    CHECK(cede_value_truth(cede_int(-1)));
    CHECK(cede_value_truth(cede_int(INT64_C(1) << 32)));
    CHECK(cede_value_truth(cede_float(0.5)));
    CHECK(cede_value_truth(cede_float(NAN)));
    CHECK(cede_value_truth(cede_str("False")));
    CHECK(cede_value_truth(nul));
    CHECK(cede_value_truth(cede_pointer(&x)));
    CHECK(!truth_given_up(cede_tuple()));
    CHECK(!truth_given_up(cede_list()));
    CHECK(truth_given_up(cede_tuple(0)));
    CHECK(truth_given_up(cede_list_of(cede_none)));
    CHECK(truth_given_up(point(plain_class, 0)));
}
