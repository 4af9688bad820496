/*
 * What values look like: str, repr, print. What is expected is what CPython
 * 3.13 prints, but for addresses, which are left out here.
 */
#include "value/said.h"
#include "value/shown.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include "base/memory.h"
#include "cede/generator.h"
#include "cede/list.h"
#include "cede/tuple.h"

/* ---- plain values -------------------------------------------------------- */

TEST(shows_none_bools_and_ints)
{
    CHECK_REPR(cede_none, "None");
    CHECK_REPR((bool)1, "True");
    CHECK_REPR(cede_bool(false), "False");
    CHECK_REPR(0, "0");
    CHECK_REPR(-7, "-7");
    CHECK_REPR(INT64_MIN, "-9223372036854775808");
    CHECK_REPR(INT64_MAX, "9223372036854775807");
    CHECK_REPR('c', "99"); /* C's character constants are ints */
    CHECK_TO_STR(cede_none, "None");
    CHECK_TO_STR(12, "12");
}

TEST(shows_pointers_without_an_address)
{
    int x = 0;

    CHECK_REPR(&x, "<pointer>");
    CHECK_REPR((void *)NULL, "<pointer>");
    CHECK_TO_STR((const void *)&x, "<pointer>");
}

TEST(a_null_object_is_none)
{
    CHECK_REPR((cede_tuple *)NULL, "None");
    CHECK_TO_STR((cede_exception *)NULL, "None");
    CHECK_REPR(cede_object(NULL), "None");
}

TEST(shows_floats_as_python)
{
    static const struct {
        double value;
        const char *text;
    } table[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {10.0, "10.0"},
        {100.0, "100.0"},
        {2.5, "2.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {4.35, "4.35"},
        {123456.789, "123456.789"},
        {-1.5e-7, "-1.5e-07"},
        {0.001, "0.001"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {0.0009765625, "0.0009765625"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {9999999999999998.0, "9999999999999998.0"},
        {9007199254740993.0, "9007199254740992.0"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {1e100, "1e+100"},
        {0x1p70, "1.1805916207174113e+21"},
        {0x1p-24, "5.960464477539063e-08"},
        /* The nearest decimal of 16 digits reads back as its neighbour. */
        {0x1p-44, "5.684341886080802e-14"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {-DBL_MAX, "-1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {0x1p-1074, "5e-324"},
        {3 * 0x1p-1074, "1.5e-323"},
        {10 * 0x1p-1074, "5e-323"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
        {-NAN, "nan"},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        CHECK_REPR(table[i].value, table[i].text);
        CHECK_TO_STR(table[i].value, table[i].text);
    }
    CHECK_REPR(2.5f, "2.5");
}

static int digits_in(const char *text)
{
    int count = 0;
    int zeros = 0;

    for (; *text && *text != 'e'; text++) {
        if (*text == '0' && count)
            zeros++;
        else if (*text >= '1' && *text <= '9')
            count += 1 + zeros, zeros = 0;
    }
    return count;
}

/* It reads back, and no decimal with a digit less does. */
static bool is_shortest(double value, const char *text)
{
    char shorter[64];
    int digits = digits_in(text);

    if (strtod(text, NULL) != value)
        return false;
    if (digits < 2)
        return true;
    snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
    return strtod(shorter, NULL) != value;
}

TEST(any_float_reads_back_and_is_as_short_as_can_be, .torture = false)
{
    uint64_t bits = 0x9e3779b97f4a7c15;

    for (int i = 0; i < 20000; i++) {
        double value;
        cede_value text;

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        text = cede_repr(value);
        if (!is_shortest(value, cede_value_str(text)))
            CHECK_STR(cede_value_str(text), "the shortest");
        cede_value_unref(text);
    }
}

/* ---- strings ------------------------------------------------------------- */

TEST(str_is_plain_and_repr_is_quoted)
{
    CHECK_TO_STR("plain", "plain");
    CHECK_TO_STR("", "");
    CHECK_REPR("plain", "'plain'");
    CHECK_REPR("", "''");
    CHECK_REPR("it's", "\"it's\"");
    CHECK_REPR("say \"hi\"", "'say \"hi\"'");
    CHECK_REPR("it's \"both\"", "'it\\'s \"both\"'");
    CHECK_REPR("a\tb\nc\rd\\e", "'a\\tb\\nc\\rd\\\\e'");
    CHECK_REPR("\x01\x1f\x7f\x1b[0m", "'\\x01\\x1f\\x7f\\x1b[0m'");
}

TEST(repr_leaves_utf8_as_it_is_and_escapes_what_is_none)
{
    CHECK_REPR("gr\xc3\xbc\xc3\x9f", "'gr\xc3\xbc\xc3\x9f'");
    CHECK_REPR("\xe2\x82\xac \xf0\x9f\x98\x80", "'\xe2\x82\xac "
                                                "\xf0\x9f\x98\x80'");
    CHECK_REPR("\xee\x80\x80\xed\x9f\xbf", "'\xee\x80\x80\xed\x9f\xbf'");
    CHECK_REPR("\xc2\x85\xc2\xa0", "'\\x85\xc2\xa0'"); /* U+0085 controls */
    CHECK_REPR("a\xff", "'a\\xff'");
    CHECK_REPR("\xc3", "'\\xc3'");          /* cut off */
    CHECK_REPR("\xe2\x82", "'\\xe2\\x82'"); /* cut off */
    CHECK_REPR("\xf0\x9f\x98", "'\\xf0\\x9f\\x98'");
    CHECK_REPR("\x80x", "'\\x80x'");        /* no first byte */
    CHECK_REPR("\xc0\xaf", "'\\xc0\\xaf'"); /* longer than needed */
    CHECK_REPR("\xe0\x80\xaf", "'\\xe0\\x80\\xaf'");
    CHECK_REPR("\xf0\x80\x80\xaf", "'\\xf0\\x80\\x80\\xaf'");
    CHECK_REPR("\xed\xa0\x80", "'\\xed\\xa0\\x80'");          /* a surrogate */
    CHECK_REPR("\xf4\x90\x80\x80", "'\\xf4\\x90\\x80\\x80'"); /* too high */
    CHECK_REPR("\xf5\x80\x80\x80", "'\\xf5\\x80\\x80\\x80'");
    CHECK_REPR("\xe2\x28\xa1", "'\\xe2(\\xa1'");
    CHECK_TO_STR("a\xff", "a\xff");
}

TEST(strings_with_nul_are_shown_whole)
{
    cede_value string = cede_str_copy_n("a\0b", 3);
    cede_defer (cede_unref, string.as.object);
    cede_value text = cede_to_str(string);
    cede_defer (cede_unref, text.as.object);
    cede_value tuple = cede_object(cede_tuple(cede_value_ref(string)));
    cede_defer (cede_unref, tuple.as.object);

    CHECK_REPR(string, "'a\\x00b'");
    CHECK_INT(cede_value_str_size(text), 3);
    CHECK(memcmp(cede_value_str(text), "a\0b", 4) == 0);
    CHECK_REPR(tuple, "('a\\x00b',)");
}

TEST(the_str_of_an_owned_string_is_the_string)
{
    cede_value string = cede_str_copy("same");
    cede_defer (cede_unref, string.as.object);
    cede_value text = cede_to_str(string);
    cede_defer (cede_unref, text.as.object);

    CHECK_PTR(cede_value_str(text), cede_value_str(string));
}

TEST(the_str_of_a_borrowed_string_is_a_copy)
{
    char bytes[] = "mine";
    cede_value text = cede_to_str(bytes);
    cede_defer (cede_unref, text.as.object);

    bytes[0] = 'n';
    CHECK_STR(cede_value_str(text), "mine");
}

TEST(formats_strings)
{
    char long_text[1001];
    cede_value text = cede_str_format("%s=%d", "x", 42);
    cede_defer (cede_unref, text.as.object);

    CHECK_STR(cede_value_str(text), "x=42");
    CHECK_INT(cede_value_str_size(text), 4);
    memset(long_text, 'y', 1000);
    long_text[1000] = '\0';
    text = cede_str_format("<%s>", long_text);
    cede_defer (cede_unref, text.as.object);
    CHECK_INT(cede_value_str_size(text), 1002);
    CHECK_INT(cede_value_str(text)[1001], '>');
}

/* A function of a user's that takes a format. */
static cede_value framed(const char *frame, const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3);
static cede_value framed(const char *frame, const char *format, ...)
{
    va_list arguments;
    cede_value made;

    va_start(arguments, format);
    made = cede_str_format_v(format, arguments);
    va_end(arguments);
    cede_own (text, made);
    return cede_str_format("%s%s%s", frame, cede_value_str(text), frame);
}

/* More arguments than go in registers. */
TEST(formats_strings_of_another_functions_arguments)
{
    cede_own (text, framed("|", "%d %s %g %d %d %d %d %d %.1f", 1, "two", 3.5,
                           4, 5, 6, 7, 8, 9.5));

    CHECK_STR(cede_value_str(text), "|1 two 3.5 4 5 6 7 8 9.5|");
}

/* What printf refuses: a wide character that the C locale has no bytes for. */
TEST(formats_what_printf_cannot_make)
{
    CHECK_RAISES(cede_ValueError,
                 cede_value_unref(framed("|", "%lc", (wint_t)0x20ac)));
    CHECK_RAISES(cede_ValueError,
                 cede_value_unref(cede_str_format("%lc", (wint_t)0x20ac)));
}

/* ---- tuples and lists ---------------------------------------------------- */

TEST(shows_tuples_and_lists)
{
    cede_tuple *none = cede_tuple();
    cede_defer (cede_unref, none);
    cede_tuple *one = cede_tuple("a");
    cede_defer (cede_unref, one);
    cede_tuple *three = cede_tuple(1, "a", 2.5);
    cede_defer (cede_unref, three);
    cede_list *empty = cede_list();
    cede_defer (cede_unref, empty);
    cede_list *nested =
        cede_list_of(cede_object(cede_ref(three)), cede_object(cede_ref(one)),
                     cede_object(cede_ref(empty)), cede_none);
    cede_defer (cede_unref, nested);

    CHECK_REPR(none, "()");
    CHECK_REPR(one, "('a',)");
    CHECK_REPR(three, "(1, 'a', 2.5)");
    CHECK_TO_STR(three, "(1, 'a', 2.5)"); /* items always by repr */
    CHECK_REPR(empty, "[]");
    CHECK_REPR(nested, "[(1, 'a', 2.5), ('a',), [], None]");
}

static void empty_list(void *list)
{
    while (cede_list_size(list))
        cede_value_unref(cede_list_pop(list, -1));
}

TEST(what_is_inside_itself_is_shown_as_dots)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);
    cede_defer (empty_list, list);
    cede_list_append(list, cede_object(cede_ref(list)));

    CHECK_REPR(list, "[1, [...]]");
    cede_list_append(list,
                     cede_object(cede_tuple(cede_object(cede_ref(list)))));
    CHECK_REPR(list, "[1, [...], ([...],)]");
}

TEST(a_tuple_inside_itself_is_shown_as_dots)
{
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);
    cede_tuple *tuple = cede_tuple(cede_object(cede_ref(list)));
    cede_defer (cede_unref, tuple);
    cede_defer (empty_list, list);
    cede_list_append(list, cede_object(cede_ref(tuple)));

    CHECK_REPR(tuple, "([(...)],)");
    CHECK_REPR(list, "[([...],)]");
}

TEST(the_same_list_twice_is_no_recursion)
{
    cede_list *inner = cede_list_of(1);
    cede_defer (cede_unref, inner);
    cede_list *outer = cede_list_of(cede_object(cede_ref(inner)),
                                    cede_object(cede_ref(inner)));
    cede_defer (cede_unref, outer);

    CHECK_REPR(outer, "[[1], [1]]");
}

static cede_list *nest(int depth)
{
    cede_list *list = cede_list();

    while (depth-- > 1) {
        cede_value inner = cede_object(list);

        list = cede_list_of(inner);
    }
    return list;
}

static cede_value show_deep(void *arg)
{
    cede_list *list = nest(*(int *)arg);
    cede_defer (cede_unref, list);
    cede_value text = cede_repr(list);

    cede_yield(text);
    return cede_none;
}

/* On a coroutine's stack, which is small. */
TEST(a_thousand_levels_are_shown_and_not_one_more, .torture = false)
{
    int depth = 1000;

    cede_for (text, cede_generator_with(show_deep, depth)) {
        CHECK_INT(cede_value_str_size(text), 2000);
        CHECK_INT(strspn(cede_value_str(text), "["), 1000);
    }
    depth++;
    cede_generator *deeper = cede_generator_with(show_deep, depth);
    cede_defer (cede_unref, deeper);
    CHECK_RAISED(cede_RecursionError,
                 "maximum recursion depth exceeded while getting the repr of "
                 "an object",
                 cede_next(deeper));
}

/* ---- objects ------------------------------------------------------------- */

struct thing {
    cede_object head;
    cede_list *list; /* borrowed */
    int calls;
};

static cede_value thing_str(void *self)
{
    ((struct thing *)self)->calls++;
    return cede_str("a thing");
}

static cede_value thing_repr(void *self)
{
    return cede_str_format("Thing(%d)", ((struct thing *)self)->calls);
}

static const cede_object_methods both = {.str = thing_str, .repr = thing_repr};
static const cede_object_methods only_str = {.str = thing_str};
static const cede_object_methods only_repr = {.repr = thing_repr};

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(struct thing)}};
static const cede_class both_class[1] = {
    {.name = "Both", .size = sizeof(struct thing), .object = &both}};
static const cede_class str_class[1] = {
    {.name = "Str", .size = sizeof(struct thing), .object = &only_str}};
static const cede_class repr_class[1] = {
    {.name = "Repr", .size = sizeof(struct thing), .object = &only_repr}};
/* Its own table has no str, its base's has. */
static const cede_class derived_class[1] = {{.name = "Derived",
                                             .base = str_class,
                                             .size = sizeof(struct thing),
                                             .object = &only_repr}};
static const cede_class grandchild_class[1] = {{.name = "Grandchild",
                                                .base = derived_class,
                                                .size = sizeof(struct thing)}};

static void check_shown(const cede_class *object_class, const char *str,
                        const char *repr)
{
    struct thing *thing = cede_object_new(object_class);
    cede_defer (cede_unref, thing);
    cede_tuple *tuple = cede_tuple(cede_object(cede_ref(thing)));
    cede_defer (cede_unref, tuple);
    char in_tuple[64];

    CHECK_REPR(&thing->head, repr);
    snprintf(in_tuple, sizeof in_tuple, "(%s,)", repr);
    CHECK_REPR(tuple, in_tuple);
    CHECK_TO_STR(tuple, in_tuple);
    CHECK_TO_STR(&thing->head, str);
}

TEST(a_class_shows_its_objects)
{
    check_shown(plain_class, "<Plain object>", "<Plain object>");
    check_shown(both_class, "a thing", "Thing(0)");
    check_shown(str_class, "a thing", "<Str object>");
    check_shown(repr_class, "Thing(0)", "Thing(0)");
    check_shown(derived_class, "a thing", "Thing(0)");
    check_shown(grandchild_class, "a thing", "Thing(0)");
}

static cede_value returns_int(void *self)
{
    (void)self;
    return cede_int(1);
}

static cede_value returns_tuple(void *self)
{
    (void)self;
    return cede_object(cede_tuple(1));
}

static const cede_object_methods wrong = {.str = returns_int,
                                          .repr = returns_tuple};
static const cede_class wrong_class[1] = {
    {.name = "Wrong", .size = sizeof(struct thing), .object = &wrong}};

TEST(what_a_class_returns_must_be_a_string)
{
    struct thing *thing = cede_object_new(wrong_class);
    cede_defer (cede_unref, thing);

    CHECK_RAISED(cede_TypeError, "__str__ returned non-string (type int)",
                 cede_value_unref(cede_to_str(&thing->head)));
    CHECK_RAISED(cede_TypeError, "__repr__ returned non-string (type tuple)",
                 cede_value_unref(cede_repr(&thing->head)));
}

static cede_value raises(void *self)
{
    (void)self;
    cede_raise(cede_LookupError, "shown too early");
}

static const cede_object_methods raising = {.str = raises, .repr = raises};
static const cede_class raising_class[1] = {
    {.name = "Raising", .size = sizeof(struct thing), .object = &raising}};

static void print_and_raise(void *thing)
{
    cede_list *list = cede_list_of(
        cede_object(cede_tuple(1, cede_object(cede_ref(thing)), 2)));
    cede_defer (cede_unref, list);

    CHECK_RAISED(cede_LookupError, "shown too early",
                 cede_print("before", &((struct thing *)thing)->head));
    CHECK_RAISED(cede_LookupError, "shown too early", cede_print(list));
}

TEST(what_a_class_raises_comes_out_of_print_and_nothing_is_written)
{
    struct thing *thing = cede_object_new(raising_class);
    cede_defer (cede_unref, thing);
    char output[64];

    harness_capture(print_and_raise, thing, output, sizeof output);
    CHECK_STR(output, "");
}

static cede_value shows_list(void *self)
{
    return cede_repr(((struct thing *)self)->list);
}

static const cede_object_methods with_list = {.repr = shows_list};
static const cede_class with_list_class[1] = {
    {.name = "WithList", .size = sizeof(struct thing), .object = &with_list}};

TEST(recursion_through_a_class_is_seen)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);
    cede_defer (empty_list, list);
    struct thing *thing = cede_object_new(with_list_class);

    thing->list = list;
    cede_list_append(list, cede_object(thing));
    CHECK_REPR(list, "[1, [...]]");
    CHECK_REPR(&thing->head, "[1, [...]]");
}

static cede_value shows_itself(void *self)
{
    return cede_repr((cede_object *)self);
}

static const cede_object_methods endless = {.repr = shows_itself};
static const cede_class endless_class[1] = {
    {.name = "Endless", .size = sizeof(struct thing), .object = &endless}};

static cede_value show_endless(void *arg)
{
    cede_yield(cede_repr((cede_object *)arg));
    return cede_none;
}

TEST(a_repr_that_calls_itself_is_stopped_before_the_stack_ends)
{
    struct thing *thing = cede_object_new(endless_class);
    cede_defer (cede_unref, thing);
    cede_generator *generator = cede_generator(show_endless, thing);
    cede_defer (cede_unref, generator);

    CHECK_RAISED(cede_RecursionError,
                 "maximum recursion depth exceeded while getting the repr of "
                 "an object",
                 cede_next(generator));
    CHECK_RAISED(cede_RecursionError,
                 "maximum recursion depth exceeded while getting the repr of "
                 "an object",
                 cede_value_unref(cede_repr(&thing->head)));
}

static cede_value empties_list(void *self)
{
    struct thing *thing = self;

    empty_list(thing->list); /* this object too: who shows it holds it */
    return cede_str_format("emptied %d", ++thing->calls);
}

static const cede_object_methods emptying = {.repr = empties_list};
static const cede_class emptying_class[1] = {
    {.name = "Emptying", .size = sizeof(struct thing), .object = &emptying}};

TEST(a_list_may_change_while_it_is_shown)
{
    struct thing *thing = cede_object_new(emptying_class);
    cede_list *list = cede_list_of(1, cede_object(thing), 2, 3);
    cede_defer (cede_unref, list);

    thing->list = list;
    CHECK_REPR(list, "[1, emptied 1]");
    CHECK_INT(cede_list_size(list), 0);
}

static cede_value yields(void *self)
{
    (void)self;
    return cede_yield(cede_str("from within"));
}

static const cede_object_methods yielding = {.repr = yields};
static const cede_class yielding_class[1] = {
    {.name = "Yielding", .size = sizeof(struct thing), .object = &yielding}};

static cede_value show_yielding(void *arg)
{
    cede_list *list =
        cede_list_of(cede_object(cede_ref((struct thing *)arg)), 2);
    cede_defer (cede_unref, list);
    cede_value text = cede_repr(list);

    cede_yield(text);
    return cede_none;
}

TEST(a_class_may_suspend_who_shows_it)
{
    struct thing *thing = cede_object_new(yielding_class);
    cede_defer (cede_unref, thing);
    cede_generator *generator = cede_generator(show_yielding, thing);
    cede_defer (cede_unref, generator);
    cede_generator *closed = cede_generator(show_yielding, thing);
    cede_defer (cede_unref, closed);

    CHECK_STR(cede_value_str(cede_next(generator)), "from within");
    CHECK_STR(cede_value_str(cede_next(closed)), "from within");
    CHECK_SHOWN(cede_generator_send(generator, "sent"), "[sent, 2]", "shown");
}

static cede_value count_down(void *arg)
{
    (void)arg;
    return cede_none;
}

TEST(generators_are_shown_by_their_function)
{
    cede_generator *generator = cede_generator(count_down, NULL);
    cede_defer (cede_unref, generator);

    CHECK_REPR(generator, "<generator object count_down>");
    CHECK_TO_STR(generator, "<generator object count_down>");
}

TEST(exceptions_are_shown_by_their_message_or_their_arguments)
{
    cede_exception *e = cede_exception(cede_ValueError, "bad %s", "input");
    cede_defer (cede_unref, e);
    cede_exception *bare = cede_exception(cede_OSError, NULL);
    cede_defer (cede_unref, bare);
    const cede_exception *constant = e;

    CHECK_TO_STR(e, "bad input");
    CHECK_REPR(e, "ValueError('bad input')");
    CHECK_REPR(constant, "ValueError('bad input')");
    CHECK_TO_STR(bare, "");
    CHECK_REPR(bare, "OSError()");
}

/* ---- print --------------------------------------------------------------- */

static void print_some(void *arg)
{
    (void)arg;
    cede_print();
    cede_print("plain", 1, 2.5, (bool)0, cede_none);
    cede_print("");
    cede_print(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    cede_print("two\nlines", cede_str("value"));
    cede_print_end(NULL, "as with None");
    fflush(stdout);
}

TEST(print_puts_spaces_between_and_a_newline_behind)
{
    char output[256] = "";

    harness_capture(print_some, NULL, output, sizeof output);
    CHECK_STR(output, "\n"
                      "plain 1 2.5 False None\n"
                      "\n"
                      "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
                      "two\nlines value\n"
                      "as with None\n");
}

TEST(join_puts_a_separator_between)
{
    cede_own (all, cede_str_join(", ", "plain", 1, 2.5, cede_none,
                                 cede_temp(cede_list_of("in"))));
    cede_own (formatted, cede_str_join("", "Ada", " is ", 36));
    cede_own (one, cede_str_join("-", 1));
    cede_own (nothing, cede_str_join("-"));
    cede_own (inside, cede_str_join(" ", 1, cede_temp(cede_str_join("+", 2, 3)),
                                    cede_temp(cede_str_copy_n("a\0b", 3))));

    CHECK_STR(cede_value_str(all), "plain, 1, 2.5, None, ['in']");
    CHECK_STR(cede_value_str(formatted), "Ada is 36");
    CHECK_STR(cede_value_str(one), "1");
    CHECK_STR(cede_value_str(nothing), "");
    CHECK_INT(cede_value_str_size(inside), 9);
    CHECK(memcmp(cede_value_str(inside), "1 2+3 a\0b", 10) == 0);
    CHECK_RAISED(cede_TypeError, "the separator must be a str, not NULL",
                 cede_value_unref(cede_str_join(NULL, cede_temp(cede_list()))));
}

static void print_borrowed(void *arg)
{
    cede_print((cede_list *)arg, cede_object(arg));
    fflush(stdout);
}

TEST(print_borrows)
{
    cede_list *list = cede_list_of(cede_str_copy("owned"));
    cede_defer (cede_unref, list);
    char output[64] = "";

    harness_capture(print_borrowed, list, output, sizeof output);
    CHECK_STR(output, "['owned'] ['owned']\n");
    CHECK_INT(((cede_object *)list)->references, 1);
}

static void print_long(void *arg)
{
    (void)arg;
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);

    for (int i = 0; i < 1000; i++)
        cede_list_append(list, i);
    cede_print(list);
    fflush(stdout);
}

TEST(prints_long_lines)
{
    static char output[8192];

    output[0] = '\0';
    harness_capture(print_long, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "[0, 1, 2, ");
    CHECK_CONTAINS(output, ", 499, 500, 501, ");
    CHECK_CONTAINS(output, ", 998, 999]\n");
}

/* stdout is a device that is full, unbuffered, so that print hears of it. */
static void print_to_full(void *arg)
{
    int full = open("/dev/full", O_WRONLY);
    volatile int error = 0;

    (void)arg;
    if (full < 0 || dup2(full, STDOUT_FILENO) < 0)
        _exit(77);
    setvbuf(stdout, NULL, _IONBF, 0);
    cede_try {
        cede_print("lost");
    } cede_except (cede_OSError, e) {
        error = cede_exception_errno(e);
    } cede_end
    _exit(error == ENOSPC ? 0 : 1);
}

TEST(print_raises_what_stdout_says, .torture = false)
{
    char output[256];
    int status = harness_fork(print_to_full, NULL, output, sizeof output);

    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        SKIP("no /dev/full");
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

/* ---- temporaries, ends and types ----------------------------------------- */

/* Gives up what it made, whatever becomes of the call; the harness counts. */
static void print_temporaries(void *unused)
{
    (void)unused;
    cede_print(cede_temp(cede_list_of(1, 2)), cede_temp(cede_repr("a")));
    cede_print_end("; ", cede_temp(cede_tuple(3)), 4);
    cede_print_end("", "end");
}

TEST(temporaries_are_given_up)
{
    char output[256];

    harness_capture(print_temporaries, NULL, output, sizeof output);
    CHECK_STR(output, "[1, 2] 'a'\n(3,) 4; end");
    CHECK_TO_STR(cede_temp(cede_list_of(5)), "[5]");
    CHECK_REPR(cede_temp(cede_str_copy("x")), "'x'");
}

static cede_value refuses(void *self)
{
    (void)self;
    cede_raise(cede_ValueError, "not shown");
}

static const cede_object_methods refuser_methods = {.str = refuses,
                                                    .repr = refuses};
static CEDE_CLASS(Refuser, cede_object, .object = &refuser_methods);

TEST(temporaries_are_given_up_when_print_raises)
{
    CHECK_RAISED(cede_ValueError, "not shown",
                 cede_print(cede_temp(cede_list_of(1)),
                            cede_temp(cede_object(cede_object_new(Refuser)))));
    CHECK_RAISED(
        cede_ValueError, "not shown",
        cede_value_unref(cede_repr(
            cede_temp(cede_object(cede_object_new(Refuser))))));
    CHECK_RAISED(
        cede_ValueError, "not shown",
        cede_value_unref(cede_str_join(
            "", cede_temp(cede_list_of(1)),
            cede_temp(cede_object(cede_object_new(Refuser))))));
}

static int order[3];
static int taken;

static int take(int number)
{
    order[taken++] = number;
    return number;
}

static void print_in_order(void *unused)
{
    (void)unused;
    cede_print(take(1), take(2), take(3));
}

TEST(arguments_are_evaluated_from_left_to_right)
{
    char output[64];
    int i;

    taken = 0;
    harness_capture(print_in_order, NULL, output, sizeof output);
    CHECK_STR(output, "1 2 3\n");
    for (i = 0; i < 3; i++)
        CHECK_INT(order[i], i + 1);
}

TEST(types_have_names)
{
    cede_tuple *tuple = cede_tuple(1);

    cede_defer (cede_unref, tuple);
    CHECK_STR(cede_type_name(cede_none), "NoneType");
    CHECK_STR(cede_type_name(1), "int");
    CHECK_STR(cede_type_name(1.5), "float");
    CHECK_STR(cede_type_name("s"), "str");
    CHECK_STR(cede_type_name(tuple), "tuple");
    CHECK(cede_class_of(tuple) == ((cede_object *)tuple)->object_class);
    CHECK_PTR(cede_class_of(NULL), NULL);
}

TEST(a_pointer_to_an_object_is_boxed_as_the_object)
{
    cede_value boxed = cede_box(cede_tuple(1, cede_list_of(2)));

    cede_defer (cede_value_clear, &boxed);
    CHECK_INT(cede_value_kind(boxed), CEDE_OBJECT);
    CHECK_REPR(boxed, "(1, [2])");
}

TEST(a_cleared_value_is_none)
{
    cede_value value = cede_str_copy("given up");

    cede_value_clear(&value);
    CHECK(cede_is_none(value));
    cede_value_clear(&value);
}
