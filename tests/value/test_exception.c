/*
 * Exceptions as objects: the hierarchy, what they carry, chains, printing.
 */
#include "value/said.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "cede/exception.h"
#include "cede/memory.h"

/* ---- the hierarchy ------------------------------------------------------- */

TEST(E09_hierarchy_facts)
{
    CHECK(!cede_issubclass(cede_CancelledError, cede_Exception));
    CHECK(cede_issubclass(cede_CancelledError, cede_BaseException));
    CHECK(!cede_issubclass(cede_GeneratorExit, cede_Exception));
    CHECK(!cede_issubclass(cede_KeyboardInterrupt, cede_Exception));
    CHECK(!cede_issubclass(cede_SystemExit, cede_Exception));
    CHECK(cede_issubclass(cede_TimeoutError, cede_OSError));
    CHECK(!cede_issubclass(cede_StopAsyncIteration, cede_StopIteration));
    CHECK(!cede_issubclass(cede_StopIteration, cede_StopAsyncIteration));
    CHECK(cede_issubclass(cede_StopIteration, cede_Exception));
    CHECK(cede_issubclass(cede_IncompleteReadError, cede_EOFError));
}

TEST(E09_bases_are_pythons)
{
    CHECK_PTR(cede_BaseException->base, NULL);
    CHECK_PTR(cede_Exception->base, cede_BaseException);
    CHECK_PTR(cede_KeyError->base, cede_LookupError);
    CHECK_PTR(cede_IndexError->base, cede_LookupError);
    CHECK_PTR(cede_ZeroDivisionError->base, cede_ArithmeticError);
    CHECK_PTR(cede_OverflowError->base, cede_ArithmeticError);
    CHECK_PTR(cede_NotImplementedError->base, cede_RuntimeError);
    CHECK_PTR(cede_RecursionError->base, cede_RuntimeError);
    CHECK_PTR(cede_UnicodeError->base, cede_ValueError);
    CHECK_PTR(cede_BrokenPipeError->base, cede_ConnectionError);
    CHECK_PTR(cede_ConnectionError->base, cede_OSError);
    CHECK_PTR(cede_InvalidStateError->base, cede_Exception);
    CHECK_PTR(cede_LimitOverrunError->base, cede_Exception);
    CHECK_PTR(cede_gaierror->base, cede_OSError);
}

TEST(an_errno_has_its_class)
{
    static const struct {
        int error;
        const cede_class *expected;
    } table[] = {
        {EAGAIN, cede_BlockingIOError},
        {EWOULDBLOCK, cede_BlockingIOError},
        {EALREADY, cede_BlockingIOError},
        {EINPROGRESS, cede_BlockingIOError},
        {ECHILD, cede_ChildProcessError},
        {EPIPE, cede_BrokenPipeError},
        {ESHUTDOWN, cede_BrokenPipeError},
        {ECONNABORTED, cede_ConnectionAbortedError},
        {ECONNREFUSED, cede_ConnectionRefusedError},
        {ECONNRESET, cede_ConnectionResetError},
        {EEXIST, cede_FileExistsError},
        {ENOENT, cede_FileNotFoundError},
        {EINTR, cede_InterruptedError},
        {EISDIR, cede_IsADirectoryError},
        {ENOTDIR, cede_NotADirectoryError},
        {EACCES, cede_PermissionError},
        {EPERM, cede_PermissionError},
        {ESRCH, cede_ProcessLookupError},
        {ETIMEDOUT, cede_TimeoutError},
        {EBADF, cede_OSError},
        {EIO, cede_OSError},
        {0, cede_OSError},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        CHECK_STR(cede_errno_class(table[i].error)->name,
                  table[i].expected->name);
}

CEDE_EXCEPTION(ConfigError, cede_ValueError);
CEDE_EXCEPTION(MissingKey, ConfigError);

TEST(users_declare_their_own)
{
    cede_exception *e = cede_exception(MissingKey, "no %s in %d", "port", 3);

    CHECK(cede_exception_is(e, MissingKey));
    CHECK(cede_exception_is(e, ConfigError));
    CHECK(cede_exception_is(e, cede_ValueError));
    CHECK(!cede_exception_is(e, cede_KeyError));
    CHECK_STR(cede_exception_name(e), "MissingKey");
    CHECK_STR(cede_exception_message(e), "no port in 3");
    cede_unref(e);
}

/* ---- what they carry ----------------------------------------------------- */

TEST(E15_message_or_nothing)
{
    cede_exception *e = cede_exception(cede_ValueError, NULL);

    CHECK_STR(cede_exception_message(e), "");
    CHECK(cede_is_none(cede_exception_value(e)));
    CHECK_INT(cede_exception_errno(e), 0);
    CHECK_PTR(cede_exception_cause(e), NULL);
    CHECK_PTR(cede_exception_context(e), NULL);
    CHECK(!cede_exception_suppress_context(e));
    CHECK(!cede_exception_is(NULL, cede_BaseException));
    cede_unref(e);
}

TEST(a_long_message_is_kept_whole)
{
    cede_exception *e = cede_exception(cede_ValueError, "%5000s|", "x");

    CHECK_INT(strlen(cede_exception_message(e)), 5001);
    cede_unref(e);
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

TEST(E14_a_class_that_is_no_exception)
{
    SAY_RAISED(cede_unref(cede_exception(plain_class, "x")));
    SAY_RAISED(cede_unref(cede_exception(NULL, "x")));
    CHECK_SAID("TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n");
}

TEST(carries_a_value)
{
    cede_exception *e = cede_exception(cede_StopIteration, NULL);
    cede_defer (cede_unref, e);

    cede_exception_set_value(e, cede_int(3));
    CHECK_INT(cede_value_int(cede_exception_value(e)), 3);
    /* It owns what it is given, and gives the last one up. */
    cede_exception_set_value(
        e, cede_object(cede_exception(cede_KeyError, NULL)));
    cede_exception_set_value(e, cede_none);
    cede_exception_set_value(
        e, cede_object(cede_exception(cede_IndexError, NULL)));
    CHECK(cede_isinstance(cede_value_object(cede_exception_value(e)),
                          cede_IndexError));
}

static void check_status(cede_value value, const char *message, int expected)
{
    cede_exception *e = message ? cede_exception(cede_SystemExit, "%s", message)
                                : cede_exception(cede_SystemExit, NULL);

    cede_exception_set_value(e, value);
    CHECK_INT(cede_exception_exit_status(e), expected);
    cede_unref(e);
}

TEST(SystemExit_has_a_status)
{
    check_status(cede_none, NULL, 0);
    check_status(cede_int(0), NULL, 0);
    check_status(cede_int(3), NULL, 3);
    check_status(cede_none, "cannot go on", 1);
    check_status(cede_str("text"), NULL, 1);
}

TEST(IncompleteReadError_has_what_was_read)
{
    cede_exception *e = cede_incomplete_read_error("ab\0c", 4, 10);
    const void *partial;
    size_t size = 99;

    cede_defer(cede_unref, e);
    CHECK_STR(cede_exception_message(e),
              "4 bytes read on a total of 10 expected bytes");
    CHECK_INT(cede_exception_expected(e), 10);
    partial = cede_exception_partial(e, &size);
    REQUIRE(CHECK_INT(size, 4));
    CHECK_INT(memcmp(partial, "ab\0c", 4), 0);
}

TEST(IncompleteReadError_may_not_know_how_much)
{
    cede_exception *e = cede_incomplete_read_error("", 0, 0);
    size_t size = 99;

    cede_defer(cede_unref, e);
    CHECK_STR(cede_exception_message(e),
              "0 bytes read on a total of undefined expected bytes");
    CHECK_INT(cede_exception_expected(e), 0);
    CHECK(cede_exception_partial(e, &size) != NULL);
    CHECK_INT(size, 0);
}

TEST(other_exceptions_have_no_partial)
{
    cede_exception *e = cede_exception(cede_EOFError, NULL);
    size_t size = 99;

    CHECK(cede_exception_partial(e, &size) != NULL);
    CHECK_INT(size, 0);
    cede_unref(e);
}

TEST(LimitOverrunError_has_what_was_looked_at)
{
    cede_exception *e = cede_limit_overrun_error("too far", 4096);

    CHECK_STR(cede_exception_message(e), "too far");
    CHECK_STR(cede_exception_name(e), "LimitOverrunError");
    CHECK_INT(cede_exception_consumed(e), 4096);
    cede_unref(e);
}

/* ---- cause and context --------------------------------------------------- */

TEST(E02_a_cause_hides_the_context)
{
    cede_exception *e = cede_exception(cede_ValueError, "e");
    cede_exception *cause;

    cede_defer(cede_unref, e);
    cause = cede_exception(cede_KeyError, "c");
    cede_exception_set_cause(e, cause); /* borrows */
    cede_unref(cause);
    CHECK_PTR(cede_exception_cause(e), cause);
    CHECK(cede_exception_suppress_context(e));

    cede_exception_set_cause(e, NULL);
    CHECK_PTR(cede_exception_cause(e), NULL);
    CHECK(cede_exception_suppress_context(e));
}

TEST(an_exception_is_not_its_own_cause)
{
    cede_exception *e = cede_exception(cede_ValueError, "e");

    cede_exception_set_cause(e, e);
    CHECK_PTR(cede_exception_cause(e), NULL);
    cede_unref(e); /* a cycle would leak */
}

/* Raises b while a is handled, then a again, as the oracle does. */
TEST(E08_context_cycle_broken)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_exception *b;

    cede_defer(cede_unref, a);
    b = cede_exception(cede_KeyError, "b");
    cede_defer(cede_unref, b);
    cede_try {
        cede_try {
            cede_raise(a);
        } cede_except (cede_ValueError, e) {
            cede_try {
                cede_raise(b);
            } cede_except (cede_KeyError, f) {
                CHECK_PTR(cede_exception_context(f), a);
                cede_raise(a);
            } cede_end
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(e, a);
        CHECK_PTR(cede_exception_context(e), b);
        CHECK_PTR(cede_exception_context(b), NULL);
    } cede_end
}

TEST(E08_never_its_own_context)
{
    cede_exception *c = cede_exception(cede_ValueError, "c");

    cede_defer(cede_unref, c);
    cede_try {
        cede_try {
            cede_raise(c);
        } cede_except (cede_ValueError, e) {
            cede_raise(e);
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(e, c);
        CHECK_PTR(cede_exception_context(e), NULL);
    } cede_end
}

/* a <- b <- c, and then a is raised while c is handled: c <- b stays. */
TEST(E08_cycle_cut_far_down)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");

    cede_defer(cede_unref, a);
    cede_try {
        cede_try {
            cede_raise(a);
        } cede_except (cede_ValueError, e) {
            cede_try {
                cede_raise(cede_KeyError, "b");
            } cede_except (cede_KeyError, f) {
                cede_try {
                    cede_raise(cede_IndexError, "c");
                } cede_except (cede_IndexError, g) {
                    cede_raise(a);
                } cede_end
            } cede_end
        } cede_end
    } cede_except (cede_ValueError, e) {
        for (const cede_exception *link = e; link;
             link = cede_exception_context(link))
            say_exception(link);
    } cede_end
    CHECK_SAID("ValueError('a')IndexError('c')KeyError('b')");
}

/* ---- printing ------------------------------------------------------------ */

/* The text without what depends on this file: "…/test_exception.c", N. */
static void say_formatted(const cede_exception *exception)
{
    char *text = cede_format_exception(exception);
    char *line, *rest = text;

    REQUIRE(text);
    while ((line = strsep(&rest, "\n"))) {
        char *in = strstr(line, ", in ");

        if (strncmp(line, "  File \"", 8) == 0 && in)
            say("  %s\n", in + 5);
        else
            say(rest ? "%s\n" : "%s", line);
    }
    cede_free(text);
}

static void divide(void)
{
    cede_raise(cede_ZeroDivisionError, "integer division or modulo by zero");
}

static void look_up(void)
{
    cede_try {
        divide();
    } cede_except (cede_ZeroDivisionError, z) {
        cede_raise_from(cede_KeyError, z, "'k'");
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

    say_formatted(e);
    CHECK_SAID("ValueError\n");
    cede_unref(e);
}

TEST(E10_cycles_are_not_followed)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_exception *b;

    cede_defer(cede_unref, a);
    b = cede_exception(cede_KeyError, "b");
    cede_defer(cede_unref, b);
    cede_exception_set_cause(a, b);
    cede_exception_set_cause(b, a);
    say_formatted(a);
    cede_exception_set_cause(b, NULL); /* or they keep each other */
    CHECK_SAID("KeyError: b\n"
               "\n"
               "The above exception was the direct cause of the following "
               "exception:\n"
               "\n"
               "ValueError: a\n");
}

TEST(E10_a_very_long_chain_is_cut, .torture = false)
{
    cede_exception *last = NULL;
    char *text, *next;
    int printed = 0;

    for (int i = 0; i < 100000; i++) {
        cede_exception *e = cede_exception(cede_ValueError, "%d", i);

        cede_exception_set_cause(e, last);
        cede_unref(last);
        last = e;
    }
    text = cede_format_exception(last);
    REQUIRE(text);
    for (next = text; (next = strstr(next, "ValueError")); next++)
        printed++;
    CHECK(printed >= 10 && printed < 1000);
    CHECK_CONTAINS(text, "ValueError: 99999\n");
    cede_free(text);
    cede_unref(last);
}

static void print(void *exception)
{
    cede_print_exception(exception);
}

TEST(prints_to_stderr)
{
    cede_exception *e = cede_exception(cede_ValueError, "to stderr");
    char output[200];

    cede_defer(cede_unref, e);
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
    cede_exception *e = cede_exception(cede_ValueError, "poor");
    char output[200];

    cede_defer(cede_unref, e);
    harness_capture(print_without_memory, e, output, sizeof output);
    CHECK_STR(output, "ValueError: poor\n");
}

/* ---- tracebacks ---------------------------------------------------------- */

static void inner(void)
{
    cede_raise(cede_ValueError, "deep");
}

static void middle(void)
{
    cede_try {
        inner();
    } cede_finally {
        say("finally\n");
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
            say_formatted(e);
            cede_reraise();
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(e, first);
    } cede_end
    CHECK_SAID("finally\n"
               "Traceback (most recent call last):\n"
               "  test_E06_the_traceback_grows_at_the_front\n"
               "  middle\n"
               "  inner\n"
               "ValueError: deep\n");
}

static void pass_through(int depth);
static void a(int depth) { cede_try { pass_through(depth); } cede_end }
static void b(int depth) { cede_try { a(depth); } cede_end }

static void pass_through(int depth)
{
    cede_try {
        if (depth == 0)
            cede_raise(cede_ValueError, "bottom");
        b(depth - 1);
    } cede_end
}

/* More places than an exception has room for at first. */
TEST(E06_a_long_traceback)
{
    cede_try {
        pass_through(20);
    } cede_except (cede_ValueError, e) {
        char *text = cede_format_exception(e);
        int lines = 0;

        REQUIRE(text);
        for (char *next = text; (next = strchr(next, '\n')); next++)
            lines++;
        CHECK(lines > 60);
        cede_free(text);
    } cede_end
}

/* ---- no memory ----------------------------------------------------------- */

TEST(out_of_memory_is_a_MemoryError, .torture = false)
{
    for (int nth = 1; nth <= 2; nth++) {
        cede_exception *e;

        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        SAY_RAISED(cede_unref(cede_exception(cede_ValueError, "x")));
        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        e = cede_incomplete_read_error("x", 1, 2);
        CHECK_STR(cede_exception_name(e), "MemoryError");
        cede_unref(e);
        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        e = cede_limit_overrun_error("x", 1);
        CHECK_STR(cede_exception_name(e), "MemoryError");
        cede_unref(e);
        cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    }
    CHECK_SAID("MemoryError: \nMemoryError: \n");
}

/* It is one for all: nothing may stick to it. */
TEST(the_MemoryError_keeps_nothing, .torture = false)
{
    cede_exception *e, *cause = cede_exception(cede_KeyError, NULL);

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    e = cede_limit_overrun_error("x", 1);
    cede_exception_set_cause(e, cause);
    cede_exception_set_value(
        e, cede_object(cede_exception(cede_IndexError, NULL)));
    CHECK_PTR(cede_exception_cause(e), NULL);
    CHECK(cede_is_none(cede_exception_value(e)));
    CHECK(!cede_exception_suppress_context(e));
    cede_unref(e);
    cede_unref(e); /* immortal: counting it would be a race */
    cede_unref(cause);
}
