/*
 * Values: kinds, boxing, reading, owned strings, references.
 */
#include "value/said.h"

#include <math.h>

#include "base/fault.h"
#include "base/memory.h"
#include "cede/exception.h"

enum colour { RED, GREEN = 7 };

TEST(a_value_is_two_words)
{
    CHECK_INT(sizeof(cede_value), 16);
}

TEST(none_is_a_value_of_its_own)
{
    CHECK(cede_is_none(cede_none));
    CHECK(cede_is_none(cede_value_none()));
    CHECK(!cede_is_none(cede_int(0)));
    CHECK(!cede_is_none(cede_bool(false)));
    CHECK(!cede_is_none(cede_pointer(NULL)));
    CHECK(!cede_is_none(cede_str("")));
    CHECK_INT(cede_value_kind(cede_none), CEDE_NONE);
}

TEST(kinds_have_names)
{
    CHECK_STR(cede_kind_name(CEDE_NONE), "None");
    CHECK_STR(cede_kind_name(CEDE_BOOL), "bool");
    CHECK_STR(cede_kind_name(CEDE_INT), "int");
    CHECK_STR(cede_kind_name(CEDE_FLOAT), "float");
    CHECK_STR(cede_kind_name(CEDE_STR), "str");
    CHECK_STR(cede_kind_name(CEDE_POINTER), "pointer");
    CHECK_STR(cede_kind_name(CEDE_OBJECT), "object");
    CHECK_STR(cede_kind_name((enum cede_kind)7), "unknown");
    CHECK_STR(cede_kind_name((enum cede_kind)-1), "unknown");
}

#define CHECK_BOXED_INT(expression, expected) \
    do { \
        cede_value boxed = cede_box(expression); \
        CHECK_INT(cede_value_kind(boxed), CEDE_INT); \
        CHECK_INT(cede_value_int(boxed), expected); \
    } while (0)

TEST(boxes_every_integer)
{
    const volatile int qualified = -4;
    struct {
        unsigned field : 3;
    } bits = {5};

    CHECK_BOXED_INT((char)'c', 'c');
    CHECK_BOXED_INT((signed char)-1, -1);
    CHECK_BOXED_INT((unsigned char)255, 255);
    CHECK_BOXED_INT((short)-2, -2);
    CHECK_BOXED_INT((unsigned short)65535, 65535);
    CHECK_BOXED_INT(-3, -3);
    CHECK_BOXED_INT(4000000000u, 4000000000);
    CHECK_BOXED_INT(-5L, -5);
    CHECK_BOXED_INT(6ul, 6);
    CHECK_BOXED_INT(-7LL, -7);
    CHECK_BOXED_INT(8ull, 8);
    CHECK_BOXED_INT(sizeof(int), 4);
    CHECK_BOXED_INT(INT64_MIN, INT64_MIN);
    CHECK_BOXED_INT(INT64_MAX, INT64_MAX);
    CHECK_BOXED_INT(UINT64_MAX, -1); /* 64 bits are all there are */
    CHECK_BOXED_INT(GREEN, 7);
    CHECK_BOXED_INT((enum colour)GREEN, 7);
    CHECK_BOXED_INT(qualified, -4);
    CHECK_BOXED_INT(bits.field + 0u, 5);
    CHECK_BOXED_INT(1 == 1, 1); /* C's own truth is an int */
}

/* What getenv and its like return when there is nothing. */
TEST(boxes_a_string_that_is_not_there_as_none)
{
    const char *constant = NULL;
    char *changeable = NULL;

    CHECK(cede_is_none(cede_box(constant)));
    CHECK(cede_is_none(cede_box(changeable)));
}

TEST(boxes_bool_float_and_strings)
{
    char array[] = "array";
    const char *constant = "constant";
    char *plain = array;

    CHECK_INT(cede_value_kind(cede_box((bool)1)), CEDE_BOOL);
    CHECK(cede_value_bool(cede_box((bool)1)));
    CHECK(!cede_value_bool(cede_box((bool)0)));
    CHECK_FLOAT(cede_value_float(cede_box(1.5)), 1.5);
    CHECK_FLOAT(cede_value_float(cede_box(0.25f)), 0.25);
    CHECK_INT(cede_value_kind(cede_box(2.0f)), CEDE_FLOAT);
    CHECK_STR(cede_value_str(cede_box("literal")), "literal");
    CHECK_PTR(cede_value_str(cede_box(array)), array);
    CHECK_PTR(cede_value_str(cede_box(constant)), constant);
    CHECK_PTR(cede_value_str(cede_box(plain)), array);
}

TEST(boxes_pointers_and_values)
{
    int number = 3;
    const double real = 1;
    struct node {
        struct node *next;
    } node = {&node};
    cede_value inner = cede_box(number);

    CHECK_PTR(cede_value_pointer(cede_box(&number)), &number);
    CHECK_PTR(cede_value_pointer(cede_box(&real)), &real);
    CHECK_PTR(cede_value_pointer(cede_box(node.next)), &node);
    CHECK_PTR(cede_value_pointer(cede_box((void *)NULL)), NULL);
    CHECK_INT(cede_value_int(cede_box(inner)), 3);
    CHECK(cede_is_none(cede_box(cede_none)));
    CHECK_INT(cede_value_int(cede_box(cede_box(4))), 4);
    /* A compound literal has commas of its own. */
    inner = cede_box((cede_value){CEDE_INT, 0, {.integer = 9}});
    CHECK_INT(cede_value_int(inner), 9);
}

TEST(boxing_evaluates_once)
{
    int count = 0;

    CHECK_INT(cede_value_int(cede_box(++count)), 1);
    CHECK_INT(count, 1);
}

TEST(int_and_bool_promote)
{
    CHECK_FLOAT(cede_value_float(cede_int(3)), 3.0);
    CHECK_FLOAT(cede_value_float(cede_bool(true)), 1.0);
    CHECK_INT(cede_value_int(cede_bool(true)), 1);
    CHECK_INT(cede_value_int(cede_bool(false)), 0);
    CHECK(isnan(cede_value_float(cede_float(NAN))));
    CHECK(signbit(cede_value_float(cede_float(-0.0))));
}

TEST(the_wrong_kind_is_a_TypeError)
{
    int number;

    SAY_RAISED(cede_value_int(cede_str("x")));
    SAY_RAISED(cede_value_int(cede_float(1)));
    SAY_RAISED(cede_value_int(cede_none));
    SAY_RAISED(cede_value_float(cede_none));
    SAY_RAISED(cede_value_float(cede_str("1")));
    SAY_RAISED(cede_value_bool(cede_int(1)));
    SAY_RAISED(cede_value_bool(cede_none));
    SAY_RAISED(cede_value_str(cede_int(1)));
    SAY_RAISED(cede_value_str(cede_pointer(&number)));
    SAY_RAISED(cede_value_pointer(cede_str("x")));
    SAY_RAISED(cede_value_pointer(cede_int(1)));
    SAY_RAISED(cede_value_object(cede_pointer(&number)));
    SAY_RAISED(cede_value_object(cede_none));
    SAY_RAISED(cede_value_str_size(cede_bool(true)));
    CHECK_SAID("TypeError: expected int, got str\n"
               "TypeError: expected int, got float\n"
               "TypeError: expected int, got None\n"
               "TypeError: expected float, got None\n"
               "TypeError: expected float, got str\n"
               "TypeError: expected bool, got int\n"
               "TypeError: expected bool, got None\n"
               "TypeError: expected str, got int\n"
               "TypeError: expected str, got pointer\n"
               "TypeError: expected pointer, got str\n"
               "TypeError: expected pointer, got int\n"
               "TypeError: expected object, got pointer\n"
               "TypeError: expected object, got None\n"
               "TypeError: expected str, got bool\n");
}

TEST(an_object_is_named_by_its_class)
{
    cede_value value =
        cede_object(cede_exception(cede_KeyError, "k")); /* an object */

    cede_defer(cede_unref, cede_value_object(value));
    SAY_RAISED(cede_value_int(value));
    SAY_RAISED(cede_value_str(value));
    SAY_RAISED(cede_value_pointer(value));
    SAY_RAISED(cede_value_int(cede_object(NULL)));
    CHECK_SAID("TypeError: expected int, got KeyError\n"
               "TypeError: expected str, got KeyError\n"
               "TypeError: expected pointer, got KeyError\n"
               "TypeError: expected int, got object\n");
}

TEST(a_copied_string_is_its_own)
{
    char text[] = "hello";
    cede_value copy = cede_str_copy(text);

    text[0] = 'J';
    CHECK_STR(cede_value_str(copy), "hello");
    CHECK_INT(cede_value_kind(copy), CEDE_STR);
    CHECK_INT(cede_value_str_size(copy), 5);
    CHECK_INT(cede_value_str_size(cede_str(text)), 5);
    cede_value_unref(copy);
}

TEST(copied_bytes_may_hold_nul)
{
    cede_value copy = cede_str_copy_n("a\0b", 3);
    const char *bytes = cede_value_str(copy);

    CHECK_INT(cede_value_str_size(copy), 3);
    CHECK_INT(memcmp(bytes, "a\0b", 4), 0);
    cede_value_unref(copy);

    copy = cede_str_copy_n(NULL, 0);
    CHECK_STR(cede_value_str(copy), "");
    CHECK_INT(cede_value_str_size(copy), 0);
    cede_value_unref(copy);
}

TEST(a_string_that_cannot_be_is_a_MemoryError)
{
    volatile size_t huge = SIZE_MAX - 4;

    CHECK_RAISES(cede_MemoryError,
                 cede_value_unref(cede_str_copy_n("x", huge)));
}

TEST(references_are_counted)
{
    cede_value one = cede_str_copy("kept");
    cede_value two = cede_value_ref(one);

    cede_value_unref(one);
    CHECK_STR(cede_value_str(two), "kept");
    cede_value_unref(two);

    /* Those that hold nothing do not mind. */
    cede_value_unref(cede_value_ref(cede_int(1)));
    cede_value_unref(cede_value_ref(cede_str("borrowed")));
    cede_value_unref(cede_value_ref(cede_object(NULL)));
    cede_value_unref(cede_none);
}

/* ---- objects of one's own ------------------------------------------------ */

struct counter {
    cede_object head;
    int count;
    int *destroyed;
};

static void destroy_counter(void *self)
{
    ++*((struct counter *)self)->destroyed;
}

static const cede_class counter_class[1] = {{
    .name = "Counter",
    .size = sizeof(struct counter),
    .destroy = destroy_counter,
}};
static CEDE_CLASS(Bare, cede_object);
static const cede_class child_class[1] = {{
    .name = "Child",
    .base = counter_class,
    .size = sizeof(struct counter),
    .flags = CEDE_CLASS_SHARED,
}};

TEST(an_object_is_zeroed_and_has_one_reference)
{
    struct counter *counter = cede_object_new(counter_class);
    struct counter *same;
    int destroyed = 0;

    CHECK_INT(counter->count, 0);
    counter->destroyed = &destroyed;
    same = cede_ref(counter);
    CHECK_PTR(same, counter);
    cede_unref(counter);
    CHECK_INT(destroyed, 0);
    cede_unref(same);
    CHECK_INT(destroyed, 1);
}

TEST(an_object_of_what_a_struct_holds)
{
    int destroyed = 0;
    struct counter *counter = cede_object_with(
        counter_class,
        (struct counter){.count = 3, .destroyed = &destroyed});

    CHECK(cede_isinstance(counter, counter_class));
    CHECK_INT(counter->count, 3);
    cede_unref(cede_ref(counter));
    CHECK_INT(destroyed, 0);
    cede_unref(counter);
    CHECK_INT(destroyed, 1);
}

TEST(an_object_of_a_struct_of_another_class)
{
    SAY_RAISED(cede_object_with(Bare, (struct counter){.count = 3}));
    CHECK_SAID("TypeError: a 'Bare' object has 16 bytes, not 32\n");
}

TEST(without_memory_for_the_object_its_parts_are_given_up, .torture = false)
{
    size_t before = cede__memory_live();
    volatile bool raised = false;
    int destroyed = 0;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    cede_try {
        cede_object_with(counter_class,
                         (struct counter){.destroyed = &destroyed});
    } cede_except (cede_MemoryError) {
        raised = true;
    } cede_end
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK(raised);
    CHECK_INT(destroyed, 1);
    CHECK_INT(cede__memory_live(), before);
}

TEST(null_is_no_object)
{
    CHECK_PTR(cede_ref((cede_object *)NULL), NULL);
    cede_unref(NULL);
    CHECK(!cede_isinstance(NULL, counter_class));
}

TEST(classes_derive)
{
    struct counter *child = cede_object_new(child_class);

    CHECK(cede_isinstance(child, child_class));
    CHECK(cede_isinstance(child, counter_class));
    CHECK(!cede_isinstance(child, cede_Exception));
    CHECK(cede_issubclass(child_class, child_class));
    CHECK(!cede_issubclass(counter_class, child_class));
    CHECK(!cede_issubclass(NULL, child_class));
    cede_unref(child);
}

TEST(isinstance_of_a_value)
{
    cede_own (key, cede_box(cede_exception(cede_KeyError, "k")));
    cede_own (text, cede_str_copy("text"));

    CHECK(cede_isinstance(key, cede_KeyError));
    CHECK(cede_isinstance(key, cede_LookupError));
    CHECK(!cede_isinstance(key, cede_ValueError));
    CHECK(cede_isinstance(cede_value_object(key), cede_LookupError));
    CHECK(!cede_isinstance(text, cede_BaseException));
    CHECK(!cede_isinstance(cede_int(5), cede_BaseException));
    CHECK(!cede_isinstance(cede_none, cede_BaseException));
    CHECK(!cede_isinstance(cede_pointer(&key), cede_BaseException));
}

TEST(a_value_keeps_its_object)
{
    struct counter *counter = cede_object_new(counter_class);
    cede_value value, second;
    int destroyed = 0;

    counter->destroyed = &destroyed;
    value = cede_object(counter); /* handed over */
    second = cede_value_ref(value);
    cede_value_unref(value);
    CHECK_INT(destroyed, 0);
    CHECK_PTR(cede_value_object(second), counter);
    cede_value_unref(second);
    CHECK_INT(destroyed, 1);
}
