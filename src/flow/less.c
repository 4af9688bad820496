/*
 * Order: Python's < for every value that has one. Semantics: language
 * reference 6.10.1; numbers compare exactly, not after a rounding to double;
 * strings in UTF-8 have the order of their characters byte by byte.
 *
 * Tuples and lists are as their first items that are not equal, so going into
 * them is a loop, not recursion.
 */
#include "flow/flow.h"

#include "value/sequence.h"

#include "cede/print.h"
#include "cede/try.h"

#include <string.h>

/* ---- values that hold no others ------------------------------------------ */

static bool is_number(cede_value value)
{
    return value.kind == CEDE_BOOL || value.kind == CEDE_INT ||
           value.kind == CEDE_FLOAT;
}

static bool int_less_float(int64_t integer, double real)
{
    int64_t whole;

    if (!(real >= -0x1p63)) /* nan too */
        return false;
    if (real >= 0x1p63)
        return true;
    whole = (int64_t)real; /* towards 0 */
    return integer < whole || (integer == whole && real > (double)whole);
}

static bool float_less_int(double real, int64_t integer)
{
    int64_t whole;

    if (!(real < 0x1p63))
        return false;
    if (real < -0x1p63)
        return true;
    whole = (int64_t)real;
    return whole < integer || (whole == integer && real < (double)whole);
}

static bool number_less(cede_value a, cede_value b)
{
    if (a.kind == CEDE_FLOAT && b.kind == CEDE_FLOAT)
        return a.as.real < b.as.real;
    if (a.kind == CEDE_FLOAT)
        return float_less_int(a.as.real, b.as.integer);
    if (b.kind == CEDE_FLOAT)
        return int_less_float(a.as.integer, b.as.real);
    return a.as.integer < b.as.integer;
}

static bool string_less(cede_value a, cede_value b)
{
    size_t a_size = cede_value_str_size(a);
    size_t b_size = cede_value_str_size(b);
    int order = memcmp(cede_value_str(a), cede_value_str(b),
                       a_size < b_size ? a_size : b_size);

    return order < 0 || (order == 0 && a_size < b_size);
}

/* Numbers, strings, or TypeError. */
static bool plain_less(cede_value a, cede_value b)
{
    if (is_number(a) && is_number(b))
        return number_less(a, b);
    if (a.kind == CEDE_STR && b.kind == CEDE_STR)
        return string_less(a, b);
    cede_raise(cede_TypeError,
               "'<' not supported between instances of '%s' and '%s'",
               cede_type_name(a), cede_type_name(b));
}

/* ---- tuples and lists ---------------------------------------------------- */

static bool is_object(cede_value value)
{
    return value.kind == CEDE_OBJECT && value.as.object;
}

static bool are_sequences(cede_value a, cede_value b)
{
    const cede_value *items;
    size_t size;

    return is_object(a) && is_object(b) &&
           a.as.object->object_class == b.as.object->object_class &&
           cede__sequence_items(a.as.object, &items, &size);
}

/* Where the walk is. The items are held: an eq may change the list they are
   in. */
struct place {
    cede_value a, b;     /* owned, but for the outermost */
    cede_value item_a;   /* owned */
    cede_value item_b;   /* owned */
    bool a_ends, b_ends; /* no item there */
};

static void release(void *self)
{
    struct place *place = self;

    cede_value_clear(&place->a);
    cede_value_clear(&place->b);
    cede_value_clear(&place->item_a);
    cede_value_clear(&place->item_b);
}

static cede_value borrowed(cede_value value)
{
    value.owned = 0;
    return value;
}

/* The two items at an index. False: one of the sequences has none. */
static bool look(struct place *place, size_t index)
{
    const cede_value *a;
    const cede_value *b;
    size_t a_size;
    size_t b_size;
    cede_value old_a = place->item_a;
    cede_value old_b = place->item_b;

    cede__sequence_items(place->a.as.object, &a, &a_size);
    cede__sequence_items(place->b.as.object, &b, &b_size);
    place->a_ends = index >= a_size;
    place->b_ends = index >= b_size;
    if (place->a_ends || place->b_ends)
        return false;
    place->item_a = cede_value_ref(a[index]);
    place->item_b = cede_value_ref(b[index]);
    cede_value_unref(old_a); /* last: its end may change the list */
    cede_value_unref(old_b);
    return true;
}

static bool items_equal(const struct place *place)
{
    cede_value a = place->item_a;
    cede_value b = place->item_b;

    return (is_object(a) && is_object(b) && a.as.object == b.as.object) ||
           cede_impl_value_equal(a, b);
}

/* Goes to the first items that differ. False: there are none. */
static bool find_difference(struct place *place)
{
    size_t index = 0;

    while (look(place, index++))
        if (!items_equal(place))
            return true;
    return false;
}

static void go_in(struct place *place)
{
    cede_value_clear(&place->a);
    cede_value_clear(&place->b);
    place->a = place->item_a;
    place->b = place->item_b;
    place->item_a = place->item_b = cede_none;
}

static bool sequence_less(cede_value a, cede_value b)
{
    struct place place = {borrowed(a), borrowed(b), cede_none, cede_none,
                          false, false};
    cede_defer (release, &place);

    do {
        if (!find_difference(&place))
            return place.a_ends && !place.b_ends;
        go_in(&place);
    } while (are_sequences(place.a, place.b));
    return plain_less(place.a, place.b);
}

bool cede_impl_value_less(cede_value a, cede_value b)
{
    return are_sequences(a, b) ? sequence_less(a, b) : plain_less(a, b);
}
