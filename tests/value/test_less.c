/*
 * Order. What is expected is what CPython says of <.
 */
#include "harness/harness.h"

#include <math.h>

#include "cede/list.h"
#include "cede/print.h"
#include "cede/tuple.h"

static void release(void *value)
{
    cede_value_unref(*(cede_value *)value);
}

static void check_order(cede_value a, cede_value b, bool less)
{
    CHECK_INT(cede_value_less(a, b), less);
    CHECK(!cede_value_less(b, a));
}

static void check_refused(cede_value a, cede_value b, const char *types)
{
    cede_try {
        cede_value_less(a, b);
        CHECK(false);
    } cede_except (cede_TypeError, e) {
        CHECK_CONTAINS(cede_exception_message(e),
                       "'<' not supported between instances of ");
        CHECK_CONTAINS(cede_exception_message(e), types);
    } cede_end
}

/* Each makes its values, which may fail, and gives them up. */
#define WITH(x, y, call, ...)                                                  \
    do {                                                                       \
        cede_auto (cede_value, left, release) = cede_box(x);                   \
        cede_auto (cede_value, right, release) = cede_box(y);                  \
        call(left, right, __VA_ARGS__);                                        \
    } while (0)
/* a < b, and not b < a. */
#define IN_ORDER(a, b) WITH(a, b, check_order, true)
/* Neither is less. */
#define ALIKE(a, b) WITH(a, b, check_order, false)
#define REFUSED(a, b, types) WITH(a, b, check_refused, types)

TEST(numbers_are_ordered_by_value)
{
    IN_ORDER(cede_int(1), cede_int(2));
    IN_ORDER(cede_int(1), cede_float(1.5));
    IN_ORDER(cede_float(1.5), cede_int(2));
    IN_ORDER(cede_float(-1.5), cede_int(-1));
    IN_ORDER(cede_int(-2), cede_float(-1.5));
    IN_ORDER(cede_bool(false), cede_bool(true));
    IN_ORDER(cede_bool(true), cede_float(1.5));
    IN_ORDER(cede_float(-INFINITY), cede_float(INFINITY));
    ALIKE(cede_int(1), cede_float(1.0));
    ALIKE(cede_float(0.0), cede_float(-0.0));
    ALIKE(cede_bool(true), cede_int(1));
    ALIKE(cede_float(NAN), cede_float(1.0));
    ALIKE(cede_float(NAN), cede_int(1));
}

/* Without a rounding: 2**53 + 1 is no double. */
TEST(ints_and_floats_are_ordered_exactly)
{
    ALIKE(cede_int(INT64_C(1) << 53), cede_float(0x1p53));
    IN_ORDER(cede_float(0x1p53), cede_int((INT64_C(1) << 53) + 1));
    IN_ORDER(cede_int(INT64_MAX), cede_float(0x1p63));
    ALIKE(cede_int(INT64_MIN), cede_float(-0x1p63));
    IN_ORDER(cede_float(-0x1p64), cede_int(INT64_MIN));
    IN_ORDER(cede_float(-INFINITY), cede_int(INT64_MIN));
    IN_ORDER(cede_int(INT64_MAX), cede_float(INFINITY));
}

TEST(strings_are_ordered_by_their_characters)
{
    IN_ORDER(cede_str(""), cede_str("a"));
    IN_ORDER(cede_str("a"), cede_str("aa"));
    IN_ORDER(cede_str("Z"), cede_str("a"));
    IN_ORDER(cede_str("z"), cede_str("\xc3\xa9"));                /* é */
    IN_ORDER(cede_str("\xef\xbd\x9e"), cede_str("\xf0\x9f\x98\x80")); /* 😀 */
    IN_ORDER(cede_str("a"), cede_str_copy_n("a\0b", 3));
    ALIKE(cede_str("abc"), cede_str_copy("abc"));
}

TEST(tuples_are_ordered_by_their_first_difference)
{
    IN_ORDER(cede_tuple(), cede_tuple(1));
    IN_ORDER(cede_tuple(1), cede_tuple(1, 0));
    IN_ORDER(cede_tuple(1, 9), cede_tuple(2, 0));
    IN_ORDER(cede_tuple(1, "a"), cede_tuple(1.0, "b"));
    ALIKE(cede_tuple(1, 2), cede_tuple(1, 2.0));
    IN_ORDER(cede_tuple(cede_tuple(1, 2)), cede_tuple(cede_tuple(1, 3)));
    /* What is equal is not asked for its order. */
    IN_ORDER(cede_tuple(cede_none, 1), cede_tuple(cede_none, 2));
}

TEST(lists_are_ordered_like_tuples)
{
    IN_ORDER(cede_list_of(1, 2), cede_list_of(1, 3));
    IN_ORDER(cede_list_of(1), cede_list_of(1, 3));
    ALIKE(cede_list_of(1), cede_list_of(1));
    IN_ORDER(cede_list_of(cede_list_of(1)), cede_list_of(cede_list_of(2)));
}

static CEDE_CLASS(thing, cede_object);

static cede_object *new_thing(void)
{
    return cede_object_new(thing);
}

TEST(what_has_no_order)
{
    int x;

    REFUSED(1, "a", "'int' and 'str'");
    REFUSED(cede_none, 1, "'NoneType' and 'int'");
    REFUSED(cede_none, cede_none, "'NoneType' and 'NoneType'");
    REFUSED(&x, &x, "'pointer' and 'pointer'");
    REFUSED(new_thing(), new_thing(), "'thing' and 'thing'");
    REFUSED(cede_tuple(1, new_thing()), cede_tuple(1, new_thing()),
            "'thing' and 'thing'");
    REFUSED(cede_tuple(1), cede_list_of(1), "'tuple' and 'list'");
    REFUSED(cede_tuple(1, "a"), cede_tuple(1, 2), "'str' and 'int'");
}

/* One object twice is equal to itself without a question. */
TEST(an_object_is_not_compared_with_itself)
{
    cede_auto (cede_value, same, release) = cede_box(new_thing());

    IN_ORDER(cede_tuple(cede_value_ref(same), 1),
             cede_tuple(cede_value_ref(same), 2));
}

/* ---- lists that change while they are compared --------------------------- */

static cede_list *changing;

static bool empties(void *self, void *other)
{
    while (changing && cede_list_size(changing) > 0)
        cede_value_unref(cede_list_pop(changing, -1));
    return self == other;
}

static const cede_object_methods emptying = {.eq = empties};
static CEDE_CLASS(vandal, cede_object, .object = &emptying);

static cede_object *new_vandal(void)
{
    return cede_object_new(vandal);
}

static void drop_changing(void *unused)
{
    (void)unused;
    cede_unref(changing);
    changing = NULL;
}

TEST(the_items_live_while_they_are_compared)
{
    cede_auto (cede_value, other, release) = cede_none;

    changing = cede_list();
    cede_defer (drop_changing, NULL);
    cede_list_append(changing, new_vandal());
    other = cede_box(cede_list_of(new_vandal()));
    CHECK_RAISES(cede_TypeError,
                 cede_impl_value_less(cede_impl_value_borrowed(changing),
                                      other));
    CHECK_INT(cede_list_size(changing), 0);
}

static cede_value nested(int value, int depth)
{
    cede_value nest = cede_int(value);

    while (depth-- > 0)
        nest = cede_object(cede_tuple(nest));
    return nest;
}

/* Nesting costs no stack of the order; equality before it has a limit. */
TEST(a_deep_nest, .torture = false)
{
    IN_ORDER(nested(1, 900), nested(2, 900));
    CHECK_RAISES(cede_RecursionError,
                 IN_ORDER(nested(1, 3000), nested(2, 3000)));
}
