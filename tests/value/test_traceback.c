/*
 * Exceptions as text, and what their tracebacks have in them. What is expected
 * was printed by CPython's traceback module for the same exceptions; of places,
 * the function alone is compared.
 */
#include "value/grouped.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "cede/contextlib.h"
#include "cede/generator.h"
#include "cede/memory.h"
#include "cede/traceback.h"

/*
 * Says a text without what depends on this file: instead of "File "…", line N,
 * in f" it says "f"; the lines of source, which are there if the tests run in
 * the right directory, are left out.
 */
static void say_lines(char *text)
{
    char *line, *rest = text;
    size_t margin = 0;
    bool behind_place = false;

    while ((line = strsep(&rest, "\n"))) {
        char *place = strstr(line, "  File \"");
        char *in = place ? strstr(place, ", in ") : NULL;
        bool is_source = behind_place && strlen(line) > margin &&
                         strncmp(line + margin, "    ", 4) == 0;

        behind_place = in != NULL;
        if (is_source)
            continue;
        if (in) {
            margin = (size_t)(place - line);
            say("%.*s  %s\n", (int)margin, line, in + 5);
        } else {
            say(rest ? "%s\n" : "%s", line);
        }
    }
}

static void say_formatted(const cede_exception *exception)
{
    char *text = cede_format_exception(exception);

    if (!text)
        cede_raise(cede_MemoryError);
    cede_defer (cede_free, text);
    say_lines(text);
}

/* Says the functions of a traceback, outermost first. */
static void say_places(const cede_exception *exception)
{
    cede_location frames[64];
    size_t count = cede_extract_tb(exception, frames, 64);

    for (size_t i = 0; i < count && i < 64; i++)
        say("%s ", frames[i].function);
}

/* Runs the statement and says the places of what it raises, itself the first
   of them. */
#define SAY_PLACES(statement) \
    do { \
        cede_try { \
            statement; \
        } \
        cede_except (cede_BaseException, said_exception) { \
            say_places(said_exception); \
        } \
        cede_end \
    } while (0)

/* ---- chains -------------------------------------------------------------- */

static void divide(void)
{
    cede_raise(cede_ZeroDivisionError, "integer division or modulo by zero");
}

static void look_up(void)
{
    cede_try {
        divide();
    } cede_except (cede_ZeroDivisionError, z) {
        cede_raise_from(cede_KeyError, z, "k");
    } cede_end
}

TEST(E10_chain_print)
{
    cede_try {
        cede_try {
            look_up();
        } cede_except (cede_KeyError, k) {
            cede_raise(cede_ValueError, "v");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_formatted(e);
    } cede_end
    CHECK_SAID("Traceback (most recent call last):\n"
               "  look_up\n"
               "  divide\n"
               "ZeroDivisionError: integer division or modulo by zero\n"
               "\n"
               "The above exception was the direct cause of the following "
               "exception:\n"
               "\n"
               "Traceback (most recent call last):\n"
               "  test_E10_chain_print\n"
               "  look_up\n"
               "KeyError: 'k'\n"
               "\n"
               "During handling of the above exception, another exception "
               "occurred:\n"
               "\n"
               "Traceback (most recent call last):\n"
               "  test_E10_chain_print\n"
               "ValueError: v\n");
}

TEST(E10_suppressed_context_is_not_printed)
{
    cede_try {
        cede_try {
            divide();
        } cede_except (cede_ZeroDivisionError, z) {
            cede_raise_from(cede_ValueError, NULL, "v");
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK(cede_exception_context(e) != NULL);
        say_formatted(e);
    } cede_end
    CHECK_SAID("Traceback (most recent call last):\n"
               "  test_E10_suppressed_context_is_not_printed\n"
               "ValueError: v\n");
}

TEST(E10_one_that_was_never_raised)
{
    cede_exception *e = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, e);

    say_formatted(e);
    CHECK_SAID("ValueError\n");
}

TEST(E10_circles_are_not_followed)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_defer (cede_unref, a);
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);

    cede_exception_set_cause(b, a);
    cede_exception_set_cause(a, b);
    say_formatted(a);
    CHECK_SAID("KeyError: 'b'\n"
               "\n"
               "The above exception was the direct cause of the following "
               "exception:\n"
               "\n"
               "ValueError: a\n");
}

TEST(E10_a_very_long_chain_is_printed_whole, .torture = false)
{
    enum { LINKS = 20000 };
    cede_exception *last = NULL;
    char *text, *next;
    int printed = 0;

    for (int i = 0; i < LINKS; i++) {
        cede_exception *e = cede_exception(cede_ValueError, "%d", i);

        cede_exception_set_cause(e, last);
        cede_unref(last);
        last = e;
    }
    text = cede_format_exception(last);
    REQUIRE(text);
    for (next = text; (next = strstr(next, "ValueError")); next++)
        printed++;
    CHECK_INT(printed, LINKS);
    cede_free(text);
    cede_unref(last);
}

TEST(E10_a_message_of_several_lines)
{
    cede_exception *e = cede_exception(cede_ValueError, "a\nb\n");
    cede_defer (cede_unref, e);

    say_formatted(e);
    CHECK_SAID("ValueError: a\nb\n\n");
}

/* ---- notes --------------------------------------------------------------- */

TEST(E11_notes_stand_behind_the_message)
{
    cede_exception *e = cede_exception(cede_KeyError, "x");
    cede_defer (cede_unref, e);

    cede_exception_add_note(e, "one\ntwo");
    cede_exception_add_note(e, "%s", "");
    cede_exception_add_note(e, "three");
    say_formatted(e);
    CHECK_SAID("KeyError: 'x'\none\ntwo\n\nthree\n");
}

TEST(E11_in_a_chain)
{
    cede_exception *cause = cede_exception(cede_ValueError, "cause");
    cede_defer (cede_unref, cause);
    cede_exception *e = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, e);

    cede_exception_add_note(cause, "of the cause");
    cede_exception_add_note(e, "of the other");
    cede_exception_set_cause(e, cause);
    say_formatted(e);
    CHECK_SAID("ValueError: cause\nof the cause\n"
               "\n"
               "The above exception was the direct cause of the following "
               "exception:\n"
               "\n"
               "ValueError\nof the other\n");
}

/* ---- groups -------------------------------------------------------------- */

TEST(X05_a_group)
{
    cede_exception *g = GROUP("eg", ERROR(cede_ValueError, "one"),
                              ERROR(cede_TypeError, "two"));
    cede_defer (cede_unref, g);

    say_formatted(g);
    CHECK_SAID("  | ExceptionGroup: eg (2 sub-exceptions)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ValueError: one\n"
               "    +---------------- 2 ----------------\n"
               "    | TypeError: two\n"
               "    +------------------------------------\n");
}

TEST(X05_a_group_in_a_group)
{
    cede_exception *g = GROUP("eg", ERROR(cede_ValueError, "1"),
                              cede_object(GROUP("in", ERROR(cede_KeyError, "k"),
                                                ERROR(cede_ValueError, NULL))),
                              ERROR(cede_TypeError, "last"));
    cede_defer (cede_unref, g);

    say_formatted(g);
    CHECK_SAID("  | ExceptionGroup: eg (3 sub-exceptions)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ValueError: 1\n"
               "    +---------------- 2 ----------------\n"
               "    | ExceptionGroup: in (2 sub-exceptions)\n"
               "    +-+---------------- 1 ----------------\n"
               "      | KeyError: 'k'\n"
               "      +---------------- 2 ----------------\n"
               "      | ValueError\n"
               "      +------------------------------------\n"
               "    +---------------- 3 ----------------\n"
               "    | TypeError: last\n"
               "    +------------------------------------\n");
}

TEST(X05_groups_and_causes)
{
    cede_exception *why = GROUP("why", ERROR(cede_OSError, "disk"));
    cede_defer (cede_unref, why);
    cede_exception *top = cede_exception(cede_KeyError, "top");
    cede_defer (cede_unref, top);
    cede_exception *c = cede_exception(cede_ValueError, "c");
    cede_defer (cede_unref, c);

    cede_exception_set_cause(c, why);
    cede_exception *g = GROUP("eg", cede_object(cede_ref(c)));
    cede_defer (cede_unref, g);
    cede_exception_set_cause(g, top);
    say_formatted(g);
    CHECK_SAID("KeyError: 'top'\n"
               "\n"
               "The above exception was the direct cause of the "
               "following exception:\n"
               "\n"
               "  | ExceptionGroup: eg (1 sub-exception)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ExceptionGroup: why (1 sub-exception)\n"
               "    +-+---------------- 1 ----------------\n"
               "      | OSError: disk\n"
               "      +------------------------------------\n"
               "    | \n"
               "    | The above exception was the direct cause of the "
               "following exception:\n"
               "    | \n"
               "    | ValueError: c\n");
}

TEST(X05_newlines_and_notes)
{
    cede_exception *e = cede_exception(cede_ValueError, "a\nb");
    cede_defer (cede_unref, e);

    cede_exception_add_note(e, "n1\nn2");
    cede_exception *g = GROUP("x\ny", cede_object(cede_ref(e)));
    cede_defer (cede_unref, g);
    cede_exception_add_note(g, "of the group");
    say_formatted(g);
    CHECK_SAID("  | ExceptionGroup: x\n"
               "  | y (1 sub-exception)\n"
               "  | of the group\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ValueError: a\n"
               "    | b\n"
               "    | n1\n"
               "    | n2\n"
               "    +------------------------------------\n");
}

/* Both members were raised while the same exception was handled: it is told
   where Python tells it. */
static cede_exception *raised_while_handling(cede_exception *context,
                                             const char *message)
{
    cede_exception *volatile raised = NULL;

    cede_try {
        cede_try {
            cede_raise(context);
        } cede_except (cede_ValueError, e) {
            cede_raise(cede_TypeError, "%s", message);
        } cede_end
    } cede_except (cede_TypeError, e) {
        raised = cede_ref(e);
    } cede_end
    return raised;
}

TEST(E11_the_last_part_alone)
{
    cede_exception *shared = cede_exception(cede_ValueError, "shared");
    cede_defer (cede_unref, shared);
    cede_exception *raised = raised_while_handling(shared, "a\nb");
    cede_defer (cede_unref, raised);
    char *text;

    cede_exception_add_note(raised, "a note");
    text = cede_format_exception_only(raised);
    cede_defer (cede_free, text);
    CHECK_STR(text ? text : "TypeError: a\nb\na note\n",
              "TypeError: a\nb\na note\n");
    CHECK(text || harness_torturing());
}

TEST(X05_a_context_is_told_once)
{
    cede_exception *shared = cede_exception(cede_ValueError, "shared");
    cede_defer (cede_unref, shared);
    cede_exception *g =
        GROUP("eg", cede_object(raised_while_handling(shared, "a")),
              cede_object(raised_while_handling(shared, "b")));
    cede_defer (cede_unref, g);
    char *text = cede_format_exception(g);
    cede_defer (cede_free, text);
    const char *first;

    REQUIRE(text);
    first = strstr(text, "ValueError: shared\n");
    REQUIRE(first);
    CHECK(first > strstr(text, "TypeError: a\n"));
    CHECK(first < strstr(text, "TypeError: b\n"));
    CHECK_PTR(strstr(first + 1, "ValueError: shared\n"), NULL);
}

/* The end of what is printed for a group of so many. */
static const char *end_of_group(int count, char *tail, size_t size)
{
    cede_exception *members[64] = {NULL};
    cede_exception *g;
    char *text;

    for (int i = 0; i < count; i++)
        members[i] = cede_exception(cede_ValueError, "%d", i);
    g = cede_exception_group("eg", members, (size_t)count);
    for (int i = 0; i < count; i++)
        cede_unref(members[i]);
    text = cede_format_exception(g);
    cede_unref(g);
    snprintf(tail, size, "%s", strstr(text, "    +---------------- 15 -"));
    cede_free(text);
    return tail;
}

TEST(X05_the_width_is_15, .torture = false)
{
    char tail[400];

    CHECK_STR(end_of_group(15, tail, sizeof tail),
              "    +---------------- 15 ----------------\n"
              "    | ValueError: 14\n"
              "    +------------------------------------\n");
    CHECK_STR(end_of_group(16, tail, sizeof tail),
              "    +---------------- 15 ----------------\n"
              "    | ValueError: 14\n"
              "    +---------------- ... ----------------\n"
              "    | and 1 more exception\n"
              "    +------------------------------------\n");
    CHECK_STR(end_of_group(17, tail, sizeof tail),
              "    +---------------- 15 ----------------\n"
              "    | ValueError: 14\n"
              "    +---------------- ... ----------------\n"
              "    | and 2 more exceptions\n"
              "    +------------------------------------\n");
}

/* A group in a group, and so on, so many times. */
static cede_exception *nested(int count)
{
    cede_exception *inner = cede_exception(cede_ValueError, "deep");

    for (int i = 0; i < count; i++) {
        char name[24];

        snprintf(name, sizeof name, "eg%d", i);
        inner = GROUP(name, cede_object(inner));
    }
    return inner;
}

TEST(X05_the_depth_is_10)
{
    cede_exception *g = nested(12);
    cede_defer (cede_unref, g);

    say_formatted(g);
    CHECK_SAID("  | ExceptionGroup: eg11 (1 sub-exception)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ExceptionGroup: eg10 (1 sub-exception)\n"
               "    +-+---------------- 1 ----------------\n"
               "      | ExceptionGroup: eg9 (1 sub-exception)\n"
               "      +-+---------------- 1 ----------------\n"
               "        | ExceptionGroup: eg8 (1 sub-exception)\n"
               "        +-+---------------- 1 ----------------\n"
               "          | ExceptionGroup: eg7 (1 sub-exception)\n"
               "          +-+---------------- 1 ----------------\n"
               "            | ExceptionGroup: eg6 (1 sub-exception)\n"
               "            +-+---------------- 1 ----------------\n"
               "              | ExceptionGroup: eg5 (1 sub-exception)\n"
               "              +-+---------------- 1 ----------------\n"
               "                | ExceptionGroup: eg4 (1 sub-exception)\n"
               "                +-+---------------- 1 ----------------\n"
               "                  | ExceptionGroup: eg3 (1 sub-exception)\n"
               "                  +-+---------------- 1 ----------------\n"
               "                    | ExceptionGroup: eg2 (1 sub-exception)\n"
               "                    +-+---------------- 1 ----------------\n"
               "                      | ... (max_group_depth is 10)\n"
               "                      +------------------------------------\n");
}

static cede_value formats_deep_groups(void *unused)
{
    cede_exception *g = nested(10000);
    cede_defer (cede_unref, g);
    char *text = cede_format_exception(g);
    cede_defer (cede_free, text);

    (void)unused;
    CHECK_CONTAINS(text, "ExceptionGroup: eg9990 (1 sub-exception)\n");
    CHECK_CONTAINS(text, "... (max_group_depth is 10)\n");
    return cede_none;
}

TEST(X05_groups_nest_deeper_than_the_stack, .torture = false)
{
    cede_for (v, cede_generator(formats_deep_groups, NULL))
        CHECK(false);
}

static void raise_group(void)
{
    cede_try {
        cede_raise(cede_KeyError, "k");
    } cede_except (cede_KeyError, k) {
        cede_exception *g = GROUP("eg", cede_object(cede_ref(k)),
                                  ERROR(cede_ValueError, "new"));
        cede_defer (cede_unref, g);

        cede_raise(g);
    } cede_end
}

TEST(X05_raised)
{
    cede_try {
        raise_group();
    } cede_except (cede_ExceptionGroup, e) {
        say_formatted(e);
    } cede_end
    CHECK_SAID("Traceback (most recent call last):\n"
               "  raise_group\n"
               "KeyError: 'k'\n"
               "\n"
               "During handling of the above exception, another exception "
               "occurred:\n"
               "\n"
               "  + Exception Group Traceback (most recent call last):\n"
               "  |   test_X05_raised\n"
               "  |   raise_group\n"
               "  | ExceptionGroup: eg (2 sub-exceptions)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | Traceback (most recent call last):\n"
               "    |   raise_group\n"
               "    | KeyError: 'k'\n"
               "    +---------------- 2 ----------------\n"
               "    | ValueError: new\n"
               "    +------------------------------------\n");
}

/* ---- the text of classes of one's own ------------------------------------ */

static cede_value says_payload(void *self)
{
    return cede_str_format("at %d", *(int *)cede_exception_payload(self));
}

static cede_value fails_to_say(void *self)
{
    (void)self;
    cede_raise(cede_KeyError, "no text");
}

static const cede_object_methods saying = {.str = says_payload};
static const cede_object_methods failing = {.str = fails_to_say};
CEDE_EXCEPTION(PlaceError, cede_ValueError, .object = &saying);
CEDE_EXCEPTION(SilentError, cede_ValueError, .object = &failing);

TEST(a_str_of_its_own_is_printed)
{
    cede_exception *e = cede_exception_with(PlaceError, 7, "not shown");
    cede_defer (cede_unref, e);

    say_formatted(e);
    CHECK_SAID("PlaceError: at 7\n");
}

TEST(a_str_that_fails)
{
    cede_exception *e = cede_exception(SilentError, "x");
    cede_defer (cede_unref, e);
    cede_exception *g = GROUP("eg", cede_object(cede_ref(e)));
    cede_defer (cede_unref, g);

    say_formatted(e);
    CHECK_SAID("SilentError: <exception str() failed>\n");
    say_formatted(g);
    CHECK_SAID("  | ExceptionGroup: eg (1 sub-exception)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | SilentError: <exception str() failed>\n"
               "    +------------------------------------\n");
}

/* ---- what a traceback has in it ------------------------------------------ */

static void inner(void)
{
    cede_raise(cede_ValueError, "deep");
}

static void middle(void)
{
    cede_try {
        inner();
    } cede_finally {
        say("finally ");
    } cede_end
}

TEST(E06_the_traceback_grows_at_the_front)
{
    cede_exception *volatile first = NULL;

    cede_try {
        cede_try {
            middle();
        } cede_except (cede_ValueError, e) {
            first = e;
            say_places(e);
            cede_reraise();
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(e, first);
        say_places(e);
    } cede_end
    CHECK_SAID("finally test_E06_the_traceback_grows_at_the_front middle inner "
               "test_E06_the_traceback_grows_at_the_front middle inner ");
}

static void catches_and_goes_on(void)
{
    cede_try {
        middle();
    } cede_except (cede_ValueError, e) {
        cede_reraise();
    } cede_end
}

TEST(E06_each_function_passed_is_put_in_front)
{
    SAY_PLACES(catches_and_goes_on());
    CHECK_SAID("finally test_E06_each_function_passed_is_put_in_front "
               "catches_and_goes_on middle inner ");
}

/* A function that has the raise and what it passes is one line, the raise's,
   however many statements there are and whatever clause is running. */
static int raise_line;

static void raises_within(void)
{
    cede_try {
        cede_try {
            cede_try {
                raise_line = __LINE__ + 1;
                cede_raise(cede_KeyError, "here");
            } cede_finally {
                say("one ");
            } cede_end
        } cede_except (cede_ValueError, e) {
            CHECK(false);
        } cede_end
    } cede_except (cede_KeyError, e) {
        cede_try {
            cede_reraise();
        } cede_finally {
            say("two ");
        } cede_end
    } cede_end
}

TEST(E06_one_line_for_one_function)
{
    cede_try {
        raises_within();
    } cede_except (cede_KeyError, e) {
        cede_location frames[2];

        say_places(e);
        cede_extract_tb(e, frames, 2);
        CHECK_INT(frames[1].line, raise_line);
    } cede_end
    CHECK_SAID("one two test_E06_one_line_for_one_function raises_within ");
}

static void raises_in_clauses(int which)
{
    cede_try {
        cede_try {
            if (which == 0)
                cede_raise(cede_KeyError, "body");
            if (which == 1)
                cede_raise(cede_ValueError, "to be caught");
        } cede_except (cede_ValueError, e) {
            cede_raise(cede_KeyError, "except");
        } cede_else {
            if (which == 2)
                cede_raise(cede_KeyError, "else");
        } cede_finally {
            if (which == 3)
                cede_raise(cede_KeyError, "finally");
        } cede_end
    } cede_finally {
    } cede_end
}

TEST(E06_one_line_from_every_clause)
{
    for (int which = 0; which < 4; which++) {
        SAY_PLACES(raises_in_clauses(which));
        CHECK_SAID("test_E06_one_line_from_every_clause raises_in_clauses ");
    }
}

static void calls_in_finally(void)
{
    cede_try {
    } cede_finally {
        inner();
    } cede_end
}

TEST(E06_a_function_called_by_a_finally_clause)
{
    SAY_PLACES(calls_in_finally());
    CHECK_SAID("test_E06_a_function_called_by_a_finally_clause "
               "calls_in_finally inner ");
}

/* Python has a line for `raise e`, and none for `raise`. */
static void raises_again(void)
{
    cede_try {
        cede_raise(cede_ValueError, "x");
    } cede_except (cede_ValueError, e) {
        cede_raise(e);
    } cede_end
}

TEST(E06_raising_by_name_adds_a_line)
{
    SAY_PLACES(raises_again());
    CHECK_SAID("test_E06_raising_by_name_adds_a_line raises_again "
               "raises_again ");
}

static void helper(void)
{
    cede_reraise();
}

static void asks_a_helper(void)
{
    cede_try {
        cede_raise(cede_ValueError, "x");
    } cede_except (cede_ValueError, e) {
        helper();
    } cede_end
}

/* E05: the helper is not named, the handling function is once more. */
TEST(E06_raised_on_by_a_helper)
{
    SAY_PLACES(asks_a_helper());
    CHECK_SAID("test_E06_raised_on_by_a_helper asks_a_helper asks_a_helper ");
}

/* ---- recursion ----------------------------------------------------------- */

/* A try at each level, the raise in the innermost one's. */
static void recurses(int depth)
{
    cede_try {
        if (depth == 0)
            cede_raise(cede_ValueError, "bottom");
        recurses(depth - 1);
    } cede_finally {
    } cede_end
}

TEST(E06_recursion_has_a_line_for_each_level)
{
    SAY_PLACES(recurses(3));
    CHECK_SAID("test_E06_recursion_has_a_line_for_each_level "
               "recurses recurses recurses recurses ");
}

/* The innermost raises outside its try. */
static void recurses_first(int depth)
{
    if (depth == 0)
        cede_raise(cede_ValueError, "bottom");
    cede_try {
        recurses_first(depth - 1);
    } cede_finally {
    } cede_end
}

TEST(E06_recursion_that_raises_outside_a_try)
{
    SAY_PLACES(recurses_first(2));
    CHECK_SAID("test_E06_recursion_that_raises_outside_a_try "
               "recurses_first recurses_first recurses_first ");
}

/* The innermost raises inside a try that it has handled already. */
static void recurses_behind(int depth)
{
    cede_try {
        if (depth > 0)
            recurses_behind(depth - 1);
    } cede_finally {
    } cede_end
    if (depth == 0)
        cede_raise(cede_ValueError, "bottom");
}

TEST(E06_recursion_that_raises_behind_a_try)
{
    SAY_PLACES(recurses_behind(2));
    CHECK_SAID("test_E06_recursion_that_raises_behind_a_try "
               "recurses_behind recurses_behind recurses_behind ");
}

static __attribute__((always_inline)) inline void is_inlined(void)
{
    cede_raise(cede_ValueError, "inlined");
}

static void has_it_inlined(void)
{
    cede_try {
        is_inlined();
    } cede_finally {
    } cede_end
}

TEST(E06_an_inlined_function_is_a_function)
{
    SAY_PLACES(has_it_inlined());
    CHECK_SAID("test_E06_an_inlined_function_is_a_function has_it_inlined "
               "is_inlined ");
}

static void folded_lines(int depth)
{
    cede_try {
        recurses(depth);
    } cede_except (cede_ValueError, e) {
        say_formatted(e);
    } cede_end
}

/* Two lines differ, that of the raise and that of the try. */
TEST(E06_equal_lines_are_folded)
{
    folded_lines(3);
    CHECK_SAID("Traceback (most recent call last):\n"
               "  folded_lines\n"
               "  recurses\n  recurses\n  recurses\n  recurses\n"
               "ValueError: bottom\n");
    folded_lines(4);
    CHECK_SAID("Traceback (most recent call last):\n"
               "  folded_lines\n"
               "  recurses\n  recurses\n  recurses\n"
               "  [Previous line repeated 1 more time]\n"
               "  recurses\n"
               "ValueError: bottom\n");
    folded_lines(100);
    CHECK_SAID("Traceback (most recent call last):\n"
               "  folded_lines\n"
               "  recurses\n  recurses\n  recurses\n"
               "  [Previous line repeated 97 more times]\n"
               "  recurses\n"
               "ValueError: bottom\n");
}

/* ---- with ---------------------------------------------------------------- */

static bool leaves(void *self, cede_exception *exception)
{
    (void)self;
    if (exception)
        say_places(exception);
    say("| ");
    return false;
}

static bool raises_on(void *self, cede_exception *exception)
{
    (void)self;
    cede_raise(exception);
}

static const cede_manager_methods plain_methods = {.exit = leaves};
static const cede_manager_methods raising_methods = {.exit = raises_on};
static const cede_class plain_manager[1] = {
    {.name = "plain", .size = sizeof(cede_object), .manager = &plain_methods}};
static const cede_class raising_manager[1] = {{.name = "raising",
                                               .size = sizeof(cede_object),
                                               .manager = &raising_methods}};

static void raises_in_with(const cede_class *manager_class)
{
    cede_with (m, cede_object_new(manager_class)) {
        inner();
    } cede_end
}

TEST(E06_a_with_statement_is_passed_once)
{
    SAY_PLACES(raises_in_with(plain_manager));
    CHECK_SAID("raises_in_with inner | "
               "test_E06_a_with_statement_is_passed_once raises_in_with "
               "inner ");
}

static cede_value manages(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(cede_none);
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

static void raises_in_generators_block(void)
{
    cede_with (m, cede_contextmanager(cede_generator(manages, NULL))) {
        inner();
    } cede_end
}

/* The exception goes through the generator and comes back: not its way. */
TEST(E06_a_manager_made_of_a_generator)
{
    SAY_PLACES(raises_in_generators_block());
    CHECK_SAID("finally test_E06_a_manager_made_of_a_generator "
               "raises_in_generators_block inner ");
}

TEST(E06_an_exit_that_raises)
{
    SAY_PLACES(raises_in_with(raising_manager));
    CHECK_SAID("test_E06_an_exit_that_raises raises_in_with raises_on "
               "raises_in_with inner ");
}

/* ---- coroutines ---------------------------------------------------------- */

static cede_value innermost(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_ValueError, "x");
}

static cede_value delegates(void *unused)
{
    (void)unused;
    return cede_yield_from(cede_generator(innermost, NULL));
}

static void resumes_in_try(void)
{
    cede_generator *g = cede_generator(delegates, NULL);
    cede_defer (cede_unref, g);

    cede_try {
        cede_try {
            cede_next(g);
            cede_next(g);
        } cede_finally {
        } cede_end
    } cede_finally {
    } cede_end
}

/* G22; the statements around the call to next add nothing to its line. */
TEST(E06_G22_through_generators)
{
    SAY_PLACES(resumes_in_try());
    CHECK_SAID("test_E06_G22_through_generators resumes_in_try delegates "
               "innermost ");
}

static void throws_in(void)
{
    cede_generator *g = cede_generator(delegates, NULL);
    cede_defer (cede_unref, g);

    cede_next(g);
    cede_generator_throw(g, cede_KeyError, "t");
}

TEST(E06_G22_thrown_in)
{
    SAY_PLACES(throws_in());
    CHECK_SAID("test_E06_G22_thrown_in throws_in delegates innermost ");
}

/* Each level is a generator of its own that the level above iterates. */
static cede_value counts_down(void *argument)
{
    int depth = *(int *)argument;

    if (depth == 0)
        cede_raise(cede_ValueError, "bottom");
    cede_try {
        cede_for (v, cede_generator_with(counts_down, depth - 1))
            cede_yield(v);
    } cede_finally {
    } cede_end
    return cede_none;
}

static void iterates(void)
{
    cede_for (v, cede_generator_with(counts_down, 2))
        CHECK(false);
}

TEST(E06_recursion_through_generators)
{
    SAY_PLACES(iterates());
    CHECK_SAID("test_E06_recursion_through_generators iterates "
               "counts_down counts_down counts_down ");
}

/* ---- as data ------------------------------------------------------------- */

TEST(extract_tb_gives_places_outermost_first)
{
    cede_try {
        middle();
    } cede_except (cede_ValueError, e) {
        cede_location frames[3] = {{NULL, NULL, 0, 0}};

        CHECK_INT(cede_extract_tb(e, NULL, 0), 3);
        CHECK_INT(cede_extract_tb(e, frames, 2), 3);
        CHECK_STR(frames[0].function, __func__);
        CHECK_STR(frames[1].function, "middle");
        CHECK_PTR(frames[2].function, NULL);
        cede_extract_tb(e, frames, 3);
        CHECK_STR(frames[2].function, "inner");
        CHECK_CONTAINS(frames[2].file, "test_traceback.c");
        CHECK(frames[1].line > frames[2].line);
    } cede_end
}

TEST(extract_tb_of_one_that_was_never_raised)
{
    cede_exception *e = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, e);

    CHECK_INT(cede_extract_tb(e, NULL, 0), 0);
}

/* More places than an exception has room for at first. */
TEST(a_long_traceback_is_kept_whole)
{
    cede_try {
        recurses(100);
    } cede_except (cede_ValueError, e) {
        CHECK_INT(cede_extract_tb(e, NULL, 0), 102);
    } cede_end
}

/* ---- what is being handled ----------------------------------------------- */

static void say_handled(void)
{
    char *text = cede_format_exc();

    if (!text)
        cede_raise(cede_MemoryError);
    cede_defer (cede_free, text);
    say_lines(text);
}

TEST(format_exc)
{
    say_handled();
    CHECK_SAID("NoneType: None\n");
    cede_try {
        inner();
    } cede_except (cede_ValueError, e) {
        say_handled();
    } cede_end
    CHECK_SAID("Traceback (most recent call last):\n"
               "  test_format_exc\n"
               "  inner\n"
               "ValueError: deep\n");
}

static void print_handled(void *unused)
{
    (void)unused;
    cede_print_exc();
}

TEST(print_exc)
{
    char output[1000];

    harness_capture(print_handled, NULL, output, sizeof output);
    CHECK_STR(output, "NoneType: None\n");
    cede_try {
        inner();
    } cede_except (cede_ValueError, e) {
        harness_capture(print_handled, NULL, output, sizeof output);
    } cede_end
    CHECK_CONTAINS(output, ", in inner\n");
    CHECK_CONTAINS(output, "ValueError: deep\n");
}

/* ---- to stderr ----------------------------------------------------------- */

static void print(void *exception)
{
    cede_print_exception(exception);
}

TEST(prints_to_stderr)
{
    cede_exception *e = cede_exception(cede_ValueError, "to stderr");
    cede_defer (cede_unref, e);
    char output[200];

    harness_capture(print, e, output, sizeof output);
    CHECK_STR(output, "ValueError: to stderr\n");
}

static void print_without_memory(void *exception)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    cede_print_exception(exception);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
}

TEST(prints_without_memory_too, .torture = false)
{
    char output[400];

    cede_try {
        cede_raise(cede_ValueError, "poor");
    } cede_except (cede_ValueError, e) {
        harness_capture(print_without_memory, e, output, sizeof output);
    } cede_end
    CHECK_CONTAINS(output, "Traceback (most recent call last):\n  File \"");
    CHECK_CONTAINS(output, "ValueError: poor\n");
}

/* ---- lines of source ----------------------------------------------------- */

static const char SOURCE[] = "first;\n"
                             "\t  second(1, 2);  \t\n"
                             "   \n"
                             "last";

/* What is printed for an exception raised at a line of such a file. */
static void say_source(int line)
{
    cede_location where = {"cede_test_source.txt", "f", line, 0};
    cede_exception *volatile raised = NULL;

    cede_try {
        cede_impl_raise_class(&where, cede_ValueError);
    } cede_except (cede_ValueError, e) {
        raised = cede_ref(e);
    } cede_end
    cede_defer (cede_unref, (void *)raised);
    char *text = cede_format_exception(raised);
    cede_defer (cede_free, text);
    char *place = text ? strstr(text, "  File \"cede_test_source.txt\"") : NULL;

    say("%s", place ? place : "nothing\n");
}

TEST(the_line_of_source_is_shown)
{
    char directory[] = "/tmp/cede_test_XXXXXX";
    FILE *file;

    REQUIRE(mkdtemp(directory) && chdir(directory) == 0);
    file = fopen("cede_test_source.txt", "w");
    REQUIRE(file);
    fputs(SOURCE, file);
    fclose(file);
    cede_try {
        for (int line = 1; line <= 5; line++)
            say_source(line);
    } cede_finally {
        unlink("cede_test_source.txt");
        rmdir(directory);
    } cede_end
    CHECK_SAID("  File \"cede_test_source.txt\", line 1, in f\n"
               "    first;\n"
               "ValueError\n"
               "  File \"cede_test_source.txt\", line 2, in f\n"
               "    second(1, 2);\n"
               "ValueError\n"
               "  File \"cede_test_source.txt\", line 3, in f\n"
               "ValueError\n"
               "  File \"cede_test_source.txt\", line 4, in f\n"
               "    last\n"
               "ValueError\n"
               "  File \"cede_test_source.txt\", line 5, in f\n"
               "ValueError\n");
}

TEST(no_line_of_source_where_there_is_no_file)
{
    say_source(1);
    CHECK_SAID("  File \"cede_test_source.txt\", line 1, in f\n"
               "ValueError\n");
}

/* Lines longer than what is read at once, and further down. */
TEST(long_files_have_lines_too, .torture = false)
{
    char directory[] = "/tmp/cede_test_XXXXXX";
    FILE *file;

    REQUIRE(mkdtemp(directory) && chdir(directory) == 0);
    file = fopen("cede_test_source.txt", "w");
    REQUIRE(file);
    for (int i = 1; i <= 500; i++)
        fprintf(file, "%*s%d\n", 7 * i, "", i);
    fclose(file);
    say_source(500);
    say_source(499);
    unlink("cede_test_source.txt");
    rmdir(directory);
    CHECK_SAID("  File \"cede_test_source.txt\", line 500, in f\n"
               "    500\nValueError\n"
               "  File \"cede_test_source.txt\", line 499, in f\n"
               "    499\nValueError\n");
}
