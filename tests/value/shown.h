/*
 * shown.h - how a test looks at what a value shows
 */
#pragma once

#include "harness/harness.h"

#include "cede/print.h"

/* Checks what cede_repr and cede_to_str make of x, which is evaluated once. */
#define CHECK_REPR(x, expected) CHECK_SHOWN(cede_repr(x), expected, #x)
#define CHECK_TO_STR(x, expected) CHECK_SHOWN(cede_to_str(x), expected, #x)
#define CHECK_SHOWN(made, expected, text)                                      \
    do {                                                                       \
        cede_value shown_ = (made);                                            \
        cede_defer (cede_unref, shown_.as.object);                              \
        harness_check_str(cede_value_str(shown_), (expected), text, __FILE__,  \
                          __LINE__);                                           \
    } while (0)

/* Checks the class and the message of what a statement raises. */
#define CHECK_RAISED(class, text, statement)                                   \
    do {                                                                       \
        volatile bool raised_ = false;                                         \
        cede_try {                                                        \
            statement;                                                         \
        }                                                                      \
        cede_except (class, shown_exception) {                                 \
            raised_ = true;                                                    \
            harness_check_str(cede_exception_message(shown_exception), (text), \
                              #statement, __FILE__, __LINE__);                 \
        }                                                                      \
        cede_end                                                           \
        harness_check(raised_, #statement " raises " #class, __FILE__,         \
                      __LINE__);                                               \
    } while (0)
