/*
 * Exceptions as objects: the hierarchy, what they carry, chains.
 */
#include "value/said.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "cede/exception.h"
#include "cede/generator.h"
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
    CHECK(cede_issubclass(cede_BrokenBarrierError, cede_RuntimeError));
    CHECK(cede_issubclass(cede_QueueFull, cede_Exception));
}

/* From `issubclass` and `__bases__` of CPython 3.13 and its asyncio. */
static const struct {
    const cede_class *exception_class;
    const char *name;
    const char *base;
} hierarchy[] = {
    {cede_BaseExceptionGroup, "BaseExceptionGroup", "BaseException"},
    {cede_CancelledError, "CancelledError", "BaseException"},
    {cede_GeneratorExit, "GeneratorExit", "BaseException"},
    {cede_KeyboardInterrupt, "KeyboardInterrupt", "BaseException"},
    {cede_SystemExit, "SystemExit", "BaseException"},
    {cede_Exception, "Exception", "BaseException"},
    {cede_ArithmeticError, "ArithmeticError", "Exception"},
    {cede_FloatingPointError, "FloatingPointError", "ArithmeticError"},
    {cede_OverflowError, "OverflowError", "ArithmeticError"},
    {cede_ZeroDivisionError, "ZeroDivisionError", "ArithmeticError"},
    {cede_AssertionError, "AssertionError", "Exception"},
    {cede_AttributeError, "AttributeError", "Exception"},
    {cede_BufferError, "BufferError", "Exception"},
    {cede_EOFError, "EOFError", "Exception"},
    {cede_IncompleteReadError, "IncompleteReadError", "EOFError"},
    {cede_ImportError, "ImportError", "Exception"},
    {cede_ModuleNotFoundError, "ModuleNotFoundError", "ImportError"},
    {cede_InvalidStateError, "InvalidStateError", "Exception"},
    {cede_LimitOverrunError, "LimitOverrunError", "Exception"},
    {cede_LookupError, "LookupError", "Exception"},
    {cede_IndexError, "IndexError", "LookupError"},
    {cede_KeyError, "KeyError", "LookupError"},
    {cede_MemoryError, "MemoryError", "Exception"},
    {cede_NameError, "NameError", "Exception"},
    {cede_UnboundLocalError, "UnboundLocalError", "NameError"},
    {cede_OSError, "OSError", "Exception"},
    {cede_BlockingIOError, "BlockingIOError", "OSError"},
    {cede_ChildProcessError, "ChildProcessError", "OSError"},
    {cede_ConnectionError, "ConnectionError", "OSError"},
    {cede_BrokenPipeError, "BrokenPipeError", "ConnectionError"},
    {cede_ConnectionAbortedError, "ConnectionAbortedError", "ConnectionError"},
    {cede_ConnectionRefusedError, "ConnectionRefusedError", "ConnectionError"},
    {cede_ConnectionResetError, "ConnectionResetError", "ConnectionError"},
    {cede_FileExistsError, "FileExistsError", "OSError"},
    {cede_FileNotFoundError, "FileNotFoundError", "OSError"},
    {cede_InterruptedError, "InterruptedError", "OSError"},
    {cede_IsADirectoryError, "IsADirectoryError", "OSError"},
    {cede_NotADirectoryError, "NotADirectoryError", "OSError"},
    {cede_PermissionError, "PermissionError", "OSError"},
    {cede_ProcessLookupError, "ProcessLookupError", "OSError"},
    {cede_TimeoutError, "TimeoutError", "OSError"},
    {cede_gaierror, "gaierror", "OSError"},
    {cede_BrokenResourceError, "BrokenResourceError", "Exception"},
    {cede_ClosedResourceError, "ClosedResourceError", "Exception"},
    {cede_EndOfChannel, "EndOfChannel", "Exception"},
    {cede_WouldBlock, "WouldBlock", "Exception"},
    {cede_QueueEmpty, "QueueEmpty", "Exception"},
    {cede_QueueFull, "QueueFull", "Exception"},
    {cede_QueueShutDown, "QueueShutDown", "Exception"},
    {cede_ReferenceError, "ReferenceError", "Exception"},
    {cede_RuntimeError, "RuntimeError", "Exception"},
    {cede_BrokenBarrierError, "BrokenBarrierError", "RuntimeError"},
    {cede_NotImplementedError, "NotImplementedError", "RuntimeError"},
    {cede_PythonFinalizationError, "PythonFinalizationError", "RuntimeError"},
    {cede_RecursionError, "RecursionError", "RuntimeError"},
    {cede_SendfileNotAvailableError, "SendfileNotAvailableError",
     "RuntimeError"},
    {cede_StopAsyncIteration, "StopAsyncIteration", "Exception"},
    {cede_StopIteration, "StopIteration", "Exception"},
    {cede_SyntaxError, "SyntaxError", "Exception"},
    {cede_IndentationError, "IndentationError", "SyntaxError"},
    {cede_TabError, "TabError", "IndentationError"},
    {cede_SystemError, "SystemError", "Exception"},
    {cede_TypeError, "TypeError", "Exception"},
    {cede_ValueError, "ValueError", "Exception"},
    {cede_UnicodeError, "UnicodeError", "ValueError"},
    {cede_UnicodeDecodeError, "UnicodeDecodeError", "UnicodeError"},
    {cede_UnicodeEncodeError, "UnicodeEncodeError", "UnicodeError"},
    {cede_UnicodeTranslateError, "UnicodeTranslateError", "UnicodeError"},
    {cede_Warning, "Warning", "Exception"},
    {cede_BytesWarning, "BytesWarning", "Warning"},
    {cede_DeprecationWarning, "DeprecationWarning", "Warning"},
    {cede_EncodingWarning, "EncodingWarning", "Warning"},
    {cede_FutureWarning, "FutureWarning", "Warning"},
    {cede_ImportWarning, "ImportWarning", "Warning"},
    {cede_PendingDeprecationWarning, "PendingDeprecationWarning", "Warning"},
    {cede_ResourceWarning, "ResourceWarning", "Warning"},
    {cede_RuntimeWarning, "RuntimeWarning", "Warning"},
    {cede_SyntaxWarning, "SyntaxWarning", "Warning"},
    {cede_UnicodeWarning, "UnicodeWarning", "Warning"},
    {cede_UserWarning, "UserWarning", "Warning"},
};

/* E09 */
TEST(E09_names_and_bases_are_pythons)
{
    for (size_t i = 0; i < sizeof hierarchy / sizeof *hierarchy; i++) {
        CHECK_STR(hierarchy[i].exception_class->name, hierarchy[i].name);
        CHECK_STR(hierarchy[i].exception_class->base->name, hierarchy[i].base);
    }
    CHECK_PTR(cede_BaseException->base, NULL);
    CHECK_STR(cede_BaseException->name, "BaseException");
}

/* E09, X06: the one built-in class with two bases. */
TEST(E09_an_ExceptionGroup_is_both)
{
    CHECK(cede_issubclass(cede_ExceptionGroup, cede_BaseExceptionGroup));
    CHECK(cede_issubclass(cede_ExceptionGroup, cede_Exception));
    CHECK(cede_issubclass(cede_ExceptionGroup, cede_BaseException));
    CHECK(!cede_issubclass(cede_BaseExceptionGroup, cede_Exception));
    CHECK(!cede_issubclass(cede_ExceptionGroup, cede_ValueError));
    CHECK(!cede_issubclass(cede_Exception, cede_ExceptionGroup));
    CHECK_PTR(cede_ExceptionGroup->base, cede_BaseExceptionGroup);
    CHECK_PTR(cede_ExceptionGroup->second_base, cede_Exception);
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

CEDE_EXCEPTION(TwoSided, ConfigError, .second_base = cede_LookupError);
CEDE_EXCEPTION(TwoSidedChild, TwoSided);

TEST(a_class_may_have_a_second_base)
{
    cede_exception *e = cede_exception(TwoSidedChild, "both");
    cede_defer (cede_unref, e);

    CHECK(cede_exception_is(e, ConfigError));
    CHECK(cede_exception_is(e, cede_ValueError));
    CHECK(cede_exception_is(e, cede_LookupError));
    CHECK(!cede_exception_is(e, cede_KeyError));
    cede_try {
        cede_raise(e);
    } cede_except (cede_KeyError, f) {
        CHECK(!f);
    } cede_except (cede_LookupError, f) {
        CHECK_PTR(f, e);
    } cede_end
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
    cede_exception_set_value(e,
                             cede_object(cede_exception(cede_KeyError, NULL)));
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

TEST(StopIteration_and_SystemExit_carry_what_they_are_made_with)
{
    cede_exception *stop = cede_exception(cede_StopIteration, "at %d", 3);
    cede_defer (cede_unref, stop);
    cede_exception *leave = cede_exception(cede_SystemExit, "cannot go on");
    cede_defer (cede_unref, leave);

    CHECK_STR(cede_value_str(cede_exception_value(stop)), "at 3");
    CHECK_STR(cede_value_str(cede_exception_value(leave)), "cannot go on");
    CHECK_STR(cede_exception_message(stop), "at 3");
}

TEST(SystemExit_has_a_status)
{
    check_status(cede_none, NULL, 0);
    check_status(cede_int(0), NULL, 0);
    check_status(cede_int(3), NULL, 3);
    check_status(cede_none, "cannot go on", 1);
    check_status(cede_str("text"), NULL, 1);
    check_status(cede_bool(true), NULL, 1);
    check_status(cede_bool(false), NULL, 0);
}

TEST(IncompleteReadError_has_what_was_read)
{
    cede_exception *e = cede_incomplete_read_error("ab\0c", 4, 10);
    const void *partial;
    size_t size = 99;

    cede_defer (cede_unref, e);
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

    cede_defer (cede_unref, e);
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

    cede_defer (cede_unref, e);
    cause = cede_exception(cede_KeyError, "c");
    cede_exception_set_cause(e, cause); /* borrows */
    CHECK_PTR(cede_exception_cause(e), cause);
    cede_unref(cause);
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

    cede_defer (cede_unref, a);
    b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);
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

    cede_defer (cede_unref, c);
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

    cede_defer (cede_unref, a);
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

/* Whoever gives e up last must find all of them gone: the harness looks for
   what is left. */
TEST(a_cause_that_leads_back_is_cut)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_defer (cede_unref, a);
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);
    cede_exception *c = cede_exception(cede_IndexError, "c");
    cede_defer (cede_unref, c);

    cede_exception_set_cause(a, b);
    cede_exception_set_cause(b, c);
    cede_exception_set_cause(c, a);
    CHECK_PTR(cede_exception_cause(c), a);
    CHECK_PTR(cede_exception_cause(a), b);
    CHECK_PTR(cede_exception_cause(b), NULL);
}

TEST(a_context_that_leads_back_gives_way_to_a_cause)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_defer (cede_unref, a);
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);

    cede_try {
        cede_try {
            cede_raise(a);
        } cede_except (cede_ValueError, e) {
            cede_raise(b);
        } cede_end
    } cede_except (cede_KeyError, e) {
        CHECK_PTR(cede_exception_context(b), a);
        cede_exception_set_cause(a, b);
        CHECK_PTR(cede_exception_cause(a), b);
        CHECK_PTR(cede_exception_context(b), NULL);
    } cede_end
}

/* a from b, and then b while a is handled: the cause was said. */
TEST(a_cause_that_leads_back_stays_before_a_context)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_defer (cede_unref, a);
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);

    cede_exception_set_cause(a, b);
    cede_try {
        cede_try {
            cede_raise(a);
        } cede_except (cede_ValueError, e) {
            cede_raise(b);
        } cede_end
    } cede_except (cede_KeyError, e) {
        CHECK_PTR(cede_exception_cause(a), b);
        CHECK_PTR(cede_exception_context(b), NULL);
    } cede_end
}

/* Many links between few: each has the one before as cause and as context. */
TEST(chains_that_meet_again_are_walked_once, .torture = false)
{
    cede_exception *last = cede_exception(cede_ValueError, "first");
    cede_exception *first = cede_ref(last);

    for (int i = 0; i < 200; i++) {
        cede_exception *caught = NULL;

        cede_try {
            cede_try {
                cede_raise(last);
            } cede_except (cede_ValueError, e) {
                cede_raise_from(cede_ValueError, e, "%d", i);
            } cede_end
        } cede_except (cede_ValueError, e) {
            *(cede_exception *volatile *)&caught = cede_ref(e);
        } cede_end
        cede_unref(last);
        last = *(cede_exception *volatile *)&caught;
        CHECK_PTR(cede_exception_cause(last), cede_exception_context(last));
    }
    cede_exception_set_cause(first, last); /* leads back, at the far end */
    CHECK_PTR(cede_exception_cause(first), last);
    cede_unref(first);
    cede_unref(last);
}

/* ---- the end ------------------------------------------------------------- */

static cede_value destroys_a_long_chain(void *unused)
{
    cede_exception *last = NULL;

    (void)unused;
    for (int i = 0; i < 100000; i++) {
        cede_exception *e = cede_exception(cede_ValueError, NULL);

        cede_exception_set_cause(e, last);
        cede_unref(last);
        last = e;
    }
    cede_unref(last);
    return cede_none;
}

TEST(a_long_chain_is_destroyed_on_a_small_stack, .torture = false)
{
    cede_generator *g = cede_generator(destroys_a_long_chain, NULL);

    cede_for (v, g)
        CHECK(false);
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
    cede_exception *cause = cede_exception(cede_KeyError, NULL);
    cede_exception *volatile e;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    e = cede_limit_overrun_error("x", 1);
    cede_exception_set_cause(e, cause);
    cede_exception_set_value(
        e, cede_object(cede_exception(cede_IndexError, NULL)));
    CHECK_PTR(cede_exception_cause(e), NULL);
    CHECK(cede_is_none(cede_exception_value(e)));
    CHECK(!cede_exception_suppress_context(e));
    for (int i = 0; i < 2; i++)
        cede_unref(e); /* immortal: counting it would be a race */
    cede_unref(cause);
}
