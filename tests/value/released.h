/*
 * released.h - objects used after their end, with CEDE_DEBUG=1
 *
 * debug() comes first in a test: it must be said before the first object is
 * made.
 */
#pragma once

#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/environment.h"
#include "cede/debug.h"
#include "cede/exception.h"
#include "cede/try.h"

static inline void debug(void)
{
    setenv("CEDE_DEBUG", "1", 1);
    CHECK(cede__debugging());
}

/* The object by another name, so that neither compilers nor cede-lint see what
   is wrong before CEDE_DEBUG=1 does. */
static inline void *hidden(const void *object)
{
    void *volatile same = (void *)object;

    return same;
}

/* The object after its last reference was given up. */
static inline void *gone(const void *object)
{
    void *same = hidden(object);

    cede_unref(hidden(object));
    return same;
}

/* The statement must raise the RuntimeError about an object of that name. */
#define CHECK_RELEASED(name, ...)                                              \
    do {                                                                       \
        static char released_said[2048];                                       \
                                                                               \
        released_said[0] = '\0';                                               \
        cede_try {                                                        \
            __VA_ARGS__;                                                       \
        } cede_except (cede_RuntimeError, released_error) {               \
            snprintf(released_said, sizeof released_said, "%s",                \
                     cede_exception_message(released_error));                  \
        } cede_end                                                         \
        CHECK_CONTAINS(released_said, "use after release: " name ", ");        \
        CHECK_CONTAINS(released_said, ", was released ");                      \
        CHECK_CONTAINS(released_said, ": keep a reference with cede_ref");     \
    } while (0)
