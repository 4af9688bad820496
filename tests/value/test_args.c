/*
 * What exceptions are made of: args, payloads, and the text they give. What is
 * expected was printed by CPython for the same constructors.
 */
#include "value/grouped.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>

#include "base/fault.h"
#include "cede/exception.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/list.h"
#include "cede/memory.h"
#include "cede/print.h"
#include "cede/tuple.h"

/* Says "args | str | repr" of an exception, which is given up. */
static void say_all(cede_exception *e)
{
    cede_defer (cede_unref, e);
    cede_value args = cede_repr(cede_exception_args(e));
    cede_defer (give_up_value, &args);
    cede_value repr = cede_repr(e);
    cede_defer (give_up_value, &repr);

    say("%s | %s | %s\n", cede_value_str(args), cede_exception_message(e),
        cede_value_str(repr));
}

/* ---- E15: args and their text -------------------------------------------- */

TEST(E15_nothing)
{
    say_all(cede_exception(cede_ValueError, NULL));
    say_all(cede_exception_from_args(cede_ValueError));
    CHECK_SAID("() |  | ValueError()\n() |  | ValueError()\n");
}

TEST(E15_a_text)
{
    say_all(cede_exception(cede_ValueError, "bad %s %d", "number", 3));
    say_all(cede_exception(cede_ValueError, "%s", ""));
    say_all(cede_exception_from_args(cede_ValueError, "it's"));
    CHECK_SAID("('bad number 3',) | bad number 3 | "
               "ValueError('bad number 3')\n"
               "('',) |  | ValueError('')\n"
               "(\"it's\",) | it's | ValueError(\"it's\")\n");
}

TEST(E15_one_arg)
{
    say_all(cede_exception_from_args(cede_ValueError, 1));
    say_all(cede_exception_from_args(cede_ValueError, 2.5));
    say_all(cede_exception_from_args(cede_ValueError, cede_none));
    say_all(cede_exception_from_args(cede_ValueError,
                                     cede_object(cede_tuple(1, "a"))));
    CHECK_SAID("(1,) | 1 | ValueError(1)\n"
               "(2.5,) | 2.5 | ValueError(2.5)\n"
               "(None,) | None | ValueError(None)\n"
               "((1, 'a'),) | (1, 'a') | ValueError((1, 'a'))\n");
}

TEST(E15_several_args)
{
    say_all(cede_exception_from_args(cede_ValueError, 1, "a", 2.5));
    CHECK_SAID("(1, 'a', 2.5) | (1, 'a', 2.5) | ValueError(1, 'a', 2.5)\n");
}

TEST(E15_sixteen_args)
{
    cede_exception *e = cede_exception_from_args(
        cede_ValueError, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    cede_defer (cede_unref, e);

    CHECK_INT(cede_tuple_size(cede_exception_args(e)), 16);
    CHECK_INT(cede_value_int(cede_tuple_get(cede_exception_args(e), 15)), 16);
}

TEST(E15_a_KeyError_shows_its_key)
{
    say_all(cede_exception(cede_KeyError, "k"));
    say_all(cede_exception(cede_KeyError, NULL));
    say_all(cede_exception_from_args(cede_KeyError, 3));
    say_all(cede_exception_from_args(cede_KeyError, "it's"));
    say_all(cede_exception_from_args(cede_KeyError, "a", "b"));
    CHECK_SAID("('k',) | 'k' | KeyError('k')\n"
               "() |  | KeyError()\n"
               "(3,) | 3 | KeyError(3)\n"
               "(\"it's\",) | \"it's\" | KeyError(\"it's\")\n"
               "('a', 'b') | ('a', 'b') | KeyError('a', 'b')\n");
}

CEDE_EXCEPTION(MissingKey, cede_KeyError);

TEST(E15_a_class_of_ones_own_shows_as_its_base)
{
    say_all(cede_exception(MissingKey, "k"));
    CHECK_SAID("('k',) | 'k' | MissingKey('k')\n");
}

TEST(E15_args_stay_the_same_object)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);
    const cede_tuple *args = cede_exception_args(e);

    CHECK_PTR(cede_exception_args(e), args);
    CHECK_INT(cede_tuple_size(args), 1);
    CHECK_STR(cede_value_str(cede_tuple_get(args, 0)), "x");
}

/* A text in a buffer need not live as long as the exception. */
TEST(E15_strings_are_copied)
{
    char buffer[] = "before";
    cede_exception *e = cede_exception_from_args(cede_ValueError, buffer, 1);
    cede_defer (cede_unref, e);

    memcpy(buffer, "behind", sizeof buffer);
    CHECK_STR(cede_exception_message(e), "('before', 1)");
}

TEST(E15_references_of_args_are_handed_over)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);
    cede_exception *e =
        cede_exception_from_args(cede_ValueError, cede_object(cede_ref(list)));

    cede_unref(e);
    CHECK_INT(cede_list_size(list), 1);
}

TEST(E15_the_args_may_be_a_tuple)
{
    cede_tuple *args = cede_tuple("hello", "world", 42);
    cede_defer (cede_unref, args);
    cede_tuple *three = cede_tuple(3);
    cede_defer (cede_unref, three);
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);
    cede_exception *e = cede_exception_from_tuple(cede_ValueError, args);
    cede_defer (cede_unref, e);
    cede_exception *stop = cede_exception_from_tuple(cede_StopIteration, three);
    cede_defer (cede_unref, stop);

    CHECK_STR(cede_exception_message(e), "('hello', 'world', 42)");
    CHECK_PTR(cede_exception_args(e), args);
    CHECK_INT(cede_value_int(cede_exception_value(stop)), 3);
    SAY_RAISED(cede_unref(cede_exception_from_tuple(cede_ValueError, list)));
    SAY_RAISED(cede_unref(cede_exception_from_tuple(cede_ValueError, NULL)));
    SAY_RAISED(cede_unref(cede_exception_from_tuple(NULL, args)));
    CHECK_SAID("TypeError: args must be a tuple, not list\n"
               "TypeError: args must be a tuple, not NULL\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n");
}

/* What str(e) was stays valid when it has changed. */
TEST(E15_a_text_stays_valid)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);
    cede_exception *e =
        cede_exception_from_args(cede_ValueError, cede_object(cede_ref(list)));
    cede_defer (cede_unref, e);
    const char *first = cede_exception_message(e);

    CHECK_STR(first, "[1]");
    cede_list_append(list, 2);
    CHECK_STR(cede_exception_message(e), "[1, 2]");
    CHECK_STR(first, "[1]");
    CHECK_PTR(cede_exception_message(e), cede_exception_message(e));
}

TEST(E15_what_is_no_exception_class)
{
    SAY_RAISED(cede_unref(cede_exception_from_args(NULL, 1)));
    SAY_RAISED(cede_raise_args(NULL, "x"));
    SAY_RAISED(cede_unref(cede_exception_from_args(cede_ExceptionGroup, "m")));
    SAY_RAISED(cede_raise(cede_ExceptionGroup, "m"));
    CHECK_SAID("TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: BaseExceptionGroup.__new__() takes exactly 2 "
               "arguments (1 given): use cede_exception_group\n"
               "TypeError: BaseExceptionGroup.__new__() takes exactly 2 "
               "arguments (1 given): use cede_exception_group\n");
}

/* ---- classes whose args mean something ----------------------------------- */

TEST(StopIteration_has_its_value_as_arg)
{
    cede_exception *e = cede_exception_from_args(cede_StopIteration, 3);
    cede_defer (cede_unref, e);
    cede_exception *returned = cede_exception(cede_StopIteration, NULL);
    cede_defer (cede_unref, returned);

    CHECK_INT(cede_value_int(cede_exception_value(e)), 3);
    cede_exception_set_value(returned, cede_str_copy("done"));
    say_all(cede_ref(returned));
    say_all(cede_exception(cede_StopIteration, NULL));
    CHECK_SAID("('done',) | done | StopIteration('done')\n"
               "() |  | StopIteration()\n");
}

TEST(SystemExit_has_its_status_as_arg)
{
    cede_exception *e = cede_exception_from_args(cede_SystemExit, 3);
    cede_defer (cede_unref, e);
    cede_exception *two = cede_exception_from_args(cede_SystemExit, 1, 2);
    cede_defer (cede_unref, two);

    CHECK_INT(cede_exception_exit_status(e), 3);
    CHECK_INT(cede_exception_exit_status(two), 1);
    say_all(cede_ref(e));
    say_all(cede_ref(two));
    CHECK_SAID("(3,) | 3 | SystemExit(3)\n"
               "(1, 2) | (1, 2) | SystemExit(1, 2)\n");
}

TEST(OSError_is_made_by_errno)
{
    cede_exception *e =
        cede_exception_from_args(cede_OSError, ENOENT, "not there", "name");
    cede_defer (cede_unref, e);

    CHECK_INT(cede_exception_errno(e), ENOENT);
    CHECK_STR(cede_value_str(cede_exception_value(e)), "name");
    say_all(cede_ref(e));
    say_all(cede_exception_from_args(cede_OSError, ENOMEM, "x"));
    say_all(cede_exception_from_args(cede_OSError, 2));
    say_all(cede_exception_from_args(cede_OSError, 2, "x", "f", "g"));
    say_all(cede_exception_from_args(cede_OSError, cede_none, "x"));
    say_all(cede_exception_from_args(cede_OSError, "a", "b"));
    say_all(cede_exception_from_args(cede_PermissionError, 2, "x"));
    CHECK_SAID("(2, 'not there') | [Errno 2] not there: 'name' | "
               "FileNotFoundError(2, 'not there')\n"
               "(12, 'x') | [Errno 12] x | OSError(12, 'x')\n"
               "(2,) | 2 | OSError(2)\n"
               "(2, 'x') | [Errno 2] x: 'f' | FileNotFoundError(2, 'x')\n"
               "(None, 'x') | [Errno None] x | OSError(None, 'x')\n"
               "('a', 'b') | [Errno a] b | OSError('a', 'b')\n"
               "(2, 'x') | [Errno 2] x | PermissionError(2, 'x')\n");
}

TEST(raise_errno_has_args_of_OSError)
{
    cede_try {
        cede_raise_errno(ENOENT, "open %s", "config");
    } cede_except (cede_FileNotFoundError, e) {
        say_all(cede_ref(e));
    } cede_end
    CHECK_SAID("(2, 'No such file or directory') | "
               "[Errno 2] No such file or directory: open config | "
               "FileNotFoundError(2, 'No such file or directory')\n");
}

TEST(errors_of_streams_have_a_text_as_arg)
{
    say_all(cede_incomplete_read_error("ab", 2, 4));
    say_all(cede_limit_overrun_error("m", 4));
    CHECK_SAID("('2 bytes read on a total of 4 expected bytes',) | "
               "2 bytes read on a total of 4 expected bytes | "
               "IncompleteReadError('2 bytes read on a total of 4 expected "
               "bytes')\n"
               "('m',) | m | LimitOverrunError('m')\n");
}

TEST(a_group_has_message_and_members_as_args)
{
    say_all(GROUP("it's", ERROR(cede_ValueError, "1"),
                  cede_object(GROUP("in", ERROR(cede_KeyError, "k")))));
    CHECK_SAID("(\"it's\", [ValueError('1'), "
               "ExceptionGroup('in', [KeyError('k')])]) | "
               "it's (2 sub-exceptions) | "
               "ExceptionGroup(\"it's\", [ValueError('1'), "
               "ExceptionGroup('in', [KeyError('k')])])\n");
}

static cede_value shows_deep_groups(void *unused)
{
    cede_exception *g = cede_exception(cede_ValueError, NULL);

    (void)unused;
    for (int i = 0; i < 10000; i++)
        g = GROUP("g", cede_object(g));
    cede_defer (cede_unref, g);
    CHECK_RAISES(cede_RecursionError, cede_value_unref(cede_repr(g)));
    CHECK_STR(cede_exception_message(g), "g (1 sub-exception)");
    return cede_none;
}

/* On a stack of a coroutine's size, where each level takes some. */
TEST(groups_too_deep_to_show, .torture = false)
{
    cede_for (v, cede_generator(shows_deep_groups, NULL))
        CHECK(false);
}

/* ---- cede_raise_args ----------------------------------------------------- */

TEST(raise_args)
{
    cede_try {
        cede_raise_args(cede_ValueError, 1, "two");
    } cede_except (cede_ValueError, e) {
        say_all(cede_ref(e));
    } cede_end
    cede_try {
        cede_raise_args(cede_KeyError);
    } cede_except (cede_KeyError, e) {
        say_all(cede_ref(e));
    } cede_end
    CHECK_SAID("(1, 'two') | (1, 'two') | ValueError(1, 'two')\n"
               "() |  | KeyError()\n");
}

TEST(raise_args_has_a_context)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "old");
        } cede_except (cede_KeyError, e) {
            cede_raise_args(cede_ValueError, 1);
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_exception(cede_exception_context(e));
    } cede_end
    CHECK_SAID("KeyError('old')");
}

/* ---- payloads ------------------------------------------------------------ */

struct span {
    char tag;
    long double from;
    int to;
};

TEST(a_payload_is_a_copy)
{
    struct span span = {'s', 3.5L, 7};
    cede_exception *e =
        cede_exception_with(cede_ValueError, span, "bad %s", "number");
    cede_defer (cede_unref, e);
    struct span *kept = cede_exception_payload(e);

    REQUIRE(kept);
    CHECK(kept != &span);
    CHECK_INT((uintptr_t)kept % alignof(max_align_t), 0);
    span.to = 8;
    CHECK_INT(kept->to, 7);
    CHECK(kept->from == 3.5L);
    CHECK_STR(cede_exception_message(e), "bad number");
}

TEST(a_payload_is_any_expression)
{
    cede_exception *e =
        cede_exception_with(cede_ValueError, ((struct span){'x', 1, 2}), NULL);
    cede_defer (cede_unref, e);
    cede_exception *number = cede_exception_with(cede_ValueError, 40 + 2, "x");
    cede_defer (cede_unref, number);

    CHECK_INT(((struct span *)cede_exception_payload(e))->to, 2);
    CHECK_STR(cede_exception_message(e), "");
    CHECK_INT(*(int *)cede_exception_payload(number), 42);
}

TEST(most_have_no_payload)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);

    CHECK_PTR(cede_exception_payload(e), NULL);
}

TEST(raise_with)
{
    cede_try {
        cede_raise_with(cede_ValueError, 7, "at %d", 7);
    } cede_except (cede_ValueError, e) {
        CHECK_INT(*(int *)cede_exception_payload(e), 7);
        CHECK_STR(cede_exception_message(e), "at 7");
    } cede_end
    SAY_RAISED(cede_raise_with((const cede_class *)NULL, 7, "x"));
    SAY_RAISED(cede_unref(cede_exception_with(NULL, 7, "x")));
    CHECK_SAID("TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n");
}

static void destroy_owner(void *self)
{
    cede_list **owned = cede_exception_payload(self);

    if (owned)
        cede_unref(*owned);
    say("gone ");
    cede_exception_destroy(self);
}

CEDE_EXCEPTION(OwnerError, cede_ValueError, .destroy = destroy_owner);

/* The payload's class gives up what is in it. */
TEST(a_payload_with_something_to_give_up)
{
    cede_list *list = cede_list_of(1);
    cede_defer (cede_unref, list);

    cede_try {
        cede_exception *e =
            cede_exception_with(OwnerError, (cede_list *)NULL, "owns");
        cede_defer (cede_unref, e);

        *(cede_list **)cede_exception_payload(e) = cede_ref(list);
        cede_raise(e);
    } cede_except (OwnerError, e) {
        CHECK_STR(cede_exception_message(e), "owns");
    } cede_end
    CHECK_SAID("gone ");
    CHECK_INT(cede_list_size(list), 1);
}

/* ---- a str and repr of one's own ----------------------------------------- */

static int asked;

static cede_value counts(void *self)
{
    (void)self;
    return cede_str_format("asked %d times", ++asked);
}

static cede_value fails(void *self)
{
    (void)self;
    cede_raise(cede_RuntimeError, "cannot say");
}

static cede_value no_string(void *self)
{
    (void)self;
    return cede_int(3);
}

static const cede_object_methods counting = {.str = counts};
static const cede_object_methods failing = {.str = fails};
static const cede_object_methods wrong = {.str = no_string};
CEDE_EXCEPTION(Counting, cede_KeyError, .object = &counting);
CEDE_EXCEPTION(CountingChild, Counting);
CEDE_EXCEPTION(Failing, cede_ValueError, .object = &failing);
CEDE_EXCEPTION(Wrong, cede_ValueError, .object = &wrong);

TEST(E15_a_str_of_its_own)
{
    cede_exception *e = cede_exception(CountingChild, "x");
    cede_defer (cede_unref, e);
    const char *first;

    asked = 0;
    first = cede_exception_message(e);
    CHECK_STR(first, "asked 1 times");
    CHECK_STR(cede_exception_message(e), "asked 2 times");
    CHECK_STR(first, "asked 1 times");
    say_str(cede_to_str(e));
    say_str(cede_repr(e)); /* is still the base's */
    CHECK_SAID("asked 3 times\nCountingChild('x')\n");
}

TEST(E15_a_str_that_raises)
{
    cede_exception *e = cede_exception(Failing, "x");
    cede_defer (cede_unref, e);
    cede_exception *w = cede_exception(Wrong, "x");
    cede_defer (cede_unref, w);

    SAY_RAISED(cede_exception_message(e));
    SAY_RAISED(cede_exception_message(w));
    CHECK_SAID("RuntimeError: cannot say\n"
               "TypeError: __str__ returned non-string (type int)\n");
}

/* An arg's str counts as well. */
static const cede_class failing_thing[1] = {
    {.name = "Thing", .size = sizeof(cede_object), .object = &failing}};

TEST(E15_an_arg_whose_str_raises)
{
    cede_exception *e = cede_exception_from_args(
        cede_ValueError, cede_object(cede_object_new(failing_thing)));
    cede_defer (cede_unref, e);

    SAY_RAISED(cede_exception_message(e));
    say_str(cede_repr(e));
    CHECK_SAID("RuntimeError: cannot say\nValueError(<Thing object>)\n");
}

TEST(exceptions_are_shown_in_containers)
{
    cede_list *list =
        cede_list_of(ERROR(cede_ValueError, "x"), ERROR(cede_KeyError, NULL));
    cede_defer (cede_unref, list);

    say_str(cede_repr(list));
    CHECK_SAID("[ValueError('x'), KeyError()]\n");
}

/* ---- no memory ----------------------------------------------------------- */

TEST(the_MemoryError_has_args_without_memory, .torture = false)
{
    cede_exception *e;
    size_t size;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    e = cede_limit_overrun_error("x", 1);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    size = cede_tuple_size(cede_exception_args(e));
    CHECK_STR(cede_exception_message(e), "");
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_INT(size, 0);
    cede_unref(e);
}

TEST(a_plain_text_takes_no_memory, .torture = false)
{
    cede_exception *e = cede_exception(cede_ValueError, "ready");
    cede_defer (cede_unref, e);
    const char *text;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    text = cede_exception_message(e);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_STR(text, "ready");
}
