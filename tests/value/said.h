/*
 * said.h - what a test's functions say, as one text
 *
 * A scenario ported from Python says what the original prints; CHECK_SAID
 * compares and starts again. Values and exceptions are said as Python's str
 * and repr would, as far as the tests need it.
 */
#pragma once

#include "harness/harness.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cede/try.h"
#include "cede/value.h"

static char said_text[16384];
static size_t said_size;

__attribute__((format(printf, 1, 2), unused)) static void
say(const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(said_text + said_size, sizeof said_text - said_size,
                     format, arguments);
    va_end(arguments);
    said_size += (size_t)size;
    if (said_size >= sizeof said_text)
        said_size = sizeof said_text - 1;
}

/* A deferred function; `what` is said as it is. */
__attribute__((unused)) static void say_word(const char *what)
{
    say("%s", what);
}

/* Gives the value up. */
__attribute__((unused)) static void say_value(cede_value value)
{
    switch (cede_value_kind(value)) {
    case CEDE_NONE:
        say("None");
        break;
    case CEDE_BOOL:
        say(cede_value_bool(value) ? "True" : "False");
        break;
    case CEDE_INT:
        say("%" PRId64, cede_value_int(value));
        break;
    case CEDE_FLOAT:
        say("%g", cede_value_float(value));
        break;
    case CEDE_STR:
        say("%s", cede_value_str(value));
        break;
    default:
        say("<%s>", cede_kind_name(cede_value_kind(value)));
    }
    cede_value_unref(value);
}

/* Name('message'), None for NULL. */
__attribute__((unused)) static void say_exception(const cede_exception *e)
{
    if (!e)
        say("None");
    else if (cede_exception_is(e, cede_KeyError))
        say("%s(%s)", cede_exception_name(e), cede_exception_message(e));
    else if (*cede_exception_message(e))
        say("%s('%s')", cede_exception_name(e), cede_exception_message(e));
    else
        say("%s()", cede_exception_name(e));
}

/* Runs the statement and says "Name: message\n" of what it raises. */
#define SAY_RAISED(statement) \
    do { \
        cede_try { \
            statement; \
            say("nothing raised\n"); \
        } \
        cede_except (cede_BaseException, said_exception) { \
            say("%s: %s\n", cede_exception_name(said_exception), \
                cede_exception_message(said_exception)); \
        } \
        cede_end \
    } while (0)

#define CHECK_SAID(expected) \
    do { \
        CHECK_STR(said_text, expected); \
        said_text[said_size = 0] = '\0'; \
    } while (0)
