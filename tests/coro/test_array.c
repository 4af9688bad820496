/*
 * Arrays of C as iterables, of every type that is boxed and of one that is
 * not; and the characters of strings, good UTF-8 and bad.
 */
#include "value/said.h"

#include "cede/array.h"
#include "cede/iterator.h"

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_value(cede_value_ref(v));
        say(" ");
    }
    say("|");
}

#define SAY_ARRAY(type, ...)                                                   \
    do {                                                                       \
        const type elements_[] = {__VA_ARGS__};                                \
        say_all(cede_array(elements_, sizeof elements_ / sizeof(type)));       \
    } while (0)

TEST(integers)
{
    SAY_ARRAY(signed char, -128, 127);
    SAY_ARRAY(unsigned char, 0, 255);
    SAY_ARRAY(char, 'a', 'b');
    SAY_ARRAY(short, -32768, 32767);
    SAY_ARRAY(unsigned short, 65535);
    SAY_ARRAY(int, -2147483647 - 1, 2147483647);
    SAY_ARRAY(unsigned, 4294967295u);
    SAY_ARRAY(long, -1, 1);
    SAY_ARRAY(unsigned long, 1, 2);
    SAY_ARRAY(long long, -1, INT64_MAX);
    SAY_ARRAY(unsigned long long, INT64_MAX);
    CHECK_SAID("-128 127 |0 255 |97 98 |-32768 32767 |65535 |"
               "-2147483648 2147483647 |4294967295 |-1 1 |1 2 |"
               "-1 9223372036854775807 |9223372036854775807 |");
}

TEST(the_other_scalars)
{
    SAY_ARRAY(bool, true, false);
    SAY_ARRAY(float, 0.5f, -2);
    SAY_ARRAY(double, 2.25, 1e300);
    SAY_ARRAY(char *const, "one", NULL, "two");
    SAY_ARRAY(void *const, NULL);
    CHECK_SAID("True False |0.5 -2 |2.25 1e+300 |one None two |<pointer> |");
}

TEST(pointers_and_addresses)
{
    struct point {
        int x, y;
    } points[] = {{1, 2}, {3, 4}};
    int number = 7;
    void *pointers[] = {&number, points};
    int sum = 0;
    cede_keep(sum);

    cede_for (v, cede_array(pointers, 1))
        CHECK_PTR(cede_value_pointer(v), &number);
    cede_for (v, cede_array(points, 2))
        sum = 10 * sum + ((struct point *)cede_value_pointer(v))->x;
    CHECK_INT(sum, 13);
}

static void give_up(cede_value *value)
{
    cede_value_unref(*value);
}

/* Each item has a reference of its own, and the array keeps its. */
TEST(values)
{
    cede_value values[] = {cede_int(1), cede_none, cede_none};
    cede_defer (give_up, &values[1]);
    cede_array *array;

    values[1] = cede_str_copy("owned");
    array = cede_array(values, 3);
    cede_defer (cede_unref, array);
    say_all(cede_ref(array));
    say_all(cede_ref(array));
    say_value(cede_getitem(array, 1));
    CHECK_SAID("1 owned None |1 owned None |owned");
}

TEST(no_elements)
{
    say_all(cede_array((int *)NULL, 0));
    CHECK_SAID("|");
}

/* What is read is what stands there when the item's turn comes. */
TEST(elements_are_read_late)
{
    int numbers[] = {1, 2, 3};

    cede_for (v, cede_array(numbers, 3)) {
        say_value(v);
        numbers[2] = 9;
    }
    CHECK_SAID("129");
}

TEST(by_index)
{
    int numbers[] = {10, 20, 30};
    cede_array *array = cede_array(numbers, 3);
    cede_defer (cede_unref, array);

    CHECK(cede_len(array) == 3);
    CHECK_INT(cede_value_int(cede_getitem(array, 0)), 10);
    CHECK_INT(cede_value_int(cede_getitem(array, -1)), 30);
    CHECK_INT(cede_value_int(cede_getitem(array, -3)), 10);
    SAY_RAISED(cede_getitem(array, 3));
    SAY_RAISED(cede_getitem(array, -4));
    SAY_RAISED(cede_getitem(array, INT64_MIN));
    CHECK_SAID("IndexError: array index out of range\n"
               "IndexError: array index out of range\n"
               "IndexError: array index out of range\n");
}

/* I01 */
TEST(I01_each_loop_starts_anew)
{
    int numbers[] = {1, 2};
    cede_array *array = cede_array(numbers, 2);
    cede_defer (cede_unref, array);
    void *it = cede_iter(array);
    cede_defer (cede_unref, it);

    cede_next(it);
    say_all(cede_ref(array));
    say_all(cede_ref(it));
    CHECK_SAID("1 2 |2 |");
}

/* I04: at its end it has let go of the array. */
TEST(I04_its_iterator_stays_at_its_end)
{
    int number = 1;
    cede_array *array = cede_array(&number, 1);
    void *it;
    cede_value item;

    {
        cede_defer (cede_unref, array);
        it = cede_iter(array);
    }
    cede_defer (cede_unref, it);
    CHECK(cede_next_or_end(it, &item));
    for (int i = 0; i < 3; i++)
        CHECK(!cede_next_or_end(it, &item));
}

/* ---- characters ---------------------------------------------------------- */

/* Each character with its bytes in hexadecimal. */
static void say_bytes(const char *text)
{
    cede_for (c, cede_characters(text)) {
        const char *bytes = cede_value_str(c);

        for (size_t i = 0; i < cede_value_str_size(c); i++)
            say("%02x", (unsigned char)bytes[i]);
        say(" ");
    }
    say("|");
}

TEST(characters_of_every_width)
{
    say_all(cede_characters("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\x8d."));
    say_all(cede_characters(""));
    CHECK_SAID("n a \xc3\xaf v e   \xe2\x82\xac   \xf0\x9f\x90\x8d . ||");
}

TEST(characters_at_the_edges)
{
    say_bytes("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80");
    say_bytes("\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    CHECK_SAID("7f c280 dfbf e0a080 ed9fbf ee8080 |"
               "efbfbf f0908080 f48fbfbf |");
}

TEST(bytes_that_are_no_character)
{
    say_bytes("\x80\xbf");         /* nothing begins */
    say_bytes("\xc0\x80\xc1\xbf"); /* two bytes for one */
    say_bytes("\xe0\x9f\xbf");     /* three for two */
    say_bytes("\xf0\x8f\xbf\xbf"); /* four for three */
    say_bytes("\xed\xa0\x80");     /* a surrogate */
    say_bytes("\xf4\x90\x80\x80"); /* beyond U+10FFFF */
    say_bytes("\xf5\x80\xff");
    CHECK_SAID("80 bf |c0 80 c1 bf |e0 9f bf |f0 8f bf bf |ed a0 80 |"
               "f4 90 80 80 |f5 80 ff |");
}

/* A character that is cut short does not swallow what follows, and never the
   end of the string. */
TEST(characters_cut_short)
{
    say_bytes("\xc3");
    say_bytes("\xe2\x82");
    say_bytes("\xf0\x9f\x90");
    say_bytes("\xe2\x82z");
    say_bytes("\xc3\xc3\xaf");
    CHECK_SAID("c3 |e2 82 |f0 9f 90 |e2 82 7a |c3 c3af |");
}

/* An item is its own: it stays when the iterator and the string go. */
TEST(a_character_outlives_its_string)
{
    char text[] = "\xc3\xa4";
    cede_value kept = cede_none;
    cede_defer (give_up, &kept);

    cede_for (c, cede_characters(text))
        kept = cede_value_ref(c);
    memset(text, 'x', 2);
    CHECK_STR(cede_value_str(kept), "\xc3\xa4");
}

/* I01, I04 */
TEST(I04_characters_end_once)
{
    void *characters = cede_characters("a");
    cede_defer (cede_unref, characters);
    void *it = cede_iter(characters);
    cede_defer (cede_unref, it);
    cede_value item;

    CHECK(cede_next_or_end(it, &item));
    cede_value_unref(item);
    CHECK(!cede_next_or_end(it, &item));
    CHECK(!cede_next_or_end(it, &item));
    say_all(cede_ref(characters));
    CHECK_SAID("a |");
}
