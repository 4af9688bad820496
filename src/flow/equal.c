/*
 * Equality: Python's == for every value. Semantics: language reference 6.10.1;
 * numbers compare exactly, not after a rounding to double (float_richcompare);
 * items that are one object are equal without a look (PyObject_RichCompare's
 * shortcut for containers).
 */
#include "flow/walk.h"

#include "value/sequence.h"

#include <string.h>

typedef bool (*eq_method)(void *self, void *other);

static const cede_class comparison_class[1] = {{.name = "comparison",
                                                .base = cede__walk_class,
                                                .size = sizeof(cede__walk),
                                                .flags = CEDE_CLASS_OWN_MEMORY,
                                                .destroy = cede__walk_release}};

/* ---- values that hold no object ------------------------------------------ */

static bool is_number(cede_value value)
{
    return value.kind == CEDE_BOOL || value.kind == CEDE_INT ||
           value.kind == CEDE_FLOAT;
}

/* Without trunc, which would need libm where it is not inlined. */
static bool float_is_int(double real, int64_t integer)
{
    return real >= -0x1p63 && real < 0x1p63 &&
           real == (double)(int64_t)real && (int64_t)real == integer;
}

static bool numbers_equal(cede_value a, cede_value b)
{
    if (a.kind == CEDE_FLOAT && b.kind == CEDE_FLOAT)
        return a.as.real == b.as.real;
    if (a.kind == CEDE_FLOAT)
        return float_is_int(a.as.real, b.as.integer);
    if (b.kind == CEDE_FLOAT)
        return float_is_int(b.as.real, a.as.integer);
    return a.as.integer == b.as.integer;
}

static bool strings_equal(cede_value a, cede_value b)
{
    size_t size = cede_value_str_size(a);

    return size == cede_value_str_size(b) &&
           memcmp(cede_value_str(a), cede_value_str(b), size) == 0;
}

/* A NULL object is None. */
static bool is_nothing(cede_value value)
{
    return value.kind == CEDE_NONE ||
           (value.kind == CEDE_OBJECT && !value.as.object);
}

static bool is_object(cede_value value)
{
    return value.kind == CEDE_OBJECT && value.as.object;
}

static bool plain_equal(cede_value a, cede_value b)
{
    if (is_number(a) && is_number(b))
        return numbers_equal(a, b);
    if (is_nothing(a) || is_nothing(b))
        return is_nothing(a) && is_nothing(b);
    if (a.kind != b.kind)
        return false;
    if (a.kind == CEDE_STR)
        return strings_equal(a, b);
    return a.as.pointer == b.as.pointer;
}

/* ---- objects ------------------------------------------------------------- */

static eq_method find_eq(const cede_object *object)
{
    const cede_class *object_class = object->object_class;

    for (; object_class; object_class = object_class->base)
        if (object_class->object && object_class->object->eq)
            return object_class->object->eq;
    return NULL;
}

static bool objects_equal(cede__walk *walk, cede_object *a, cede_object *b)
{
    eq_method left = find_eq(a);
    eq_method right = find_eq(b);

    if (left || right)
        cede__walk_nest(walk);
    if (left && left(a, b))
        return true;
    if (right && right != left)
        return right(b, a);
    return !left && a == b;
}

/* Are they equal as far as can be said without a look inside? If they are
   containers, goes into them. */
static bool compare(cede__walk *walk, cede_value a, cede_value b)
{
    const cede_value *items;
    size_t a_size;
    size_t b_size;

    if (!is_object(a) || !is_object(b))
        return plain_equal(a, b);
    if (a.as.object->object_class != b.as.object->object_class ||
        !cede__sequence_items(a.as.object, &items, &a_size) ||
        !cede__sequence_items(b.as.object, &items, &b_size))
        return objects_equal(walk, a.as.object, b.as.object);
    if (a.as.object == b.as.object)
        return true;
    if (a_size != b_size)
        return false;
    cede__walk_enter(walk, a.as.object, b.as.object);
    return true;
}

static bool are_one_object(cede_value a, cede_value b)
{
    return is_object(a) && is_object(b) && a.as.object == b.as.object;
}

/* Compares the next two items of the innermost containers, or leaves them. The
   code that compares items may change a list. */
static bool step(cede__walk *walk)
{
    cede__level *level = &walk->levels[walk->depth - 1];
    const cede_value *a;
    const cede_value *b;
    size_t a_size;
    size_t b_size;
    size_t index = level->index++;
    bool equal;

    cede__sequence_items(level->a, &a, &a_size);
    cede__sequence_items(level->b, &b, &b_size);
    if (index >= a_size || index >= b_size) {
        cede__walk_leave(walk);
        return a_size == b_size;
    }
    if (are_one_object(a[index], b[index]))
        return true;
    cede__walk_hold(walk, a[index], b[index]);
    equal = compare(walk, walk->held[0], walk->held[1]);
    cede__walk_let_go(walk);
    return equal;
}

bool cede_impl_value_equal(cede_value a, cede_value b)
{
    cede__walk walk;
    bool equal;

    if (!is_object(a) || !is_object(b))
        return plain_equal(a, b);
    cede__walk_begin(&walk, comparison_class, "in comparison");
    equal = compare(&walk, a, b);
    while (equal && walk.depth > 0)
        equal = step(&walk);
    cede__walk_end(&walk);
    return equal;
}
