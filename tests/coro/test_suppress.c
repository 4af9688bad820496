/*
 * suppress: contextlib.suppress, and what it does to exception groups (X01,
 * X04).
 */
#include "value/grouped.h"

#include "cede/contextlib.h"
#include "cede/print.h"

#define SUPPRESS(block, ...) \
    cede_with (suppress, cede_suppress(__VA_ARGS__)) { \
        block; \
    } cede_end

TEST(swallows_its_classes_and_those_derived_from_them)
{
    SUPPRESS(cede_raise(cede_KeyError, "k"), cede_ValueError, cede_KeyError);
    say("after ");
    SUPPRESS(cede_raise(cede_KeyError, "k"), cede_LookupError);
    say("after ");
    SUPPRESS(say("nothing "), cede_LookupError);
    CHECK_SAID("after after nothing ");
}

TEST(lets_others_pass)
{
    SAY_RAISED(SUPPRESS(cede_raise(cede_LookupError, "l"), cede_KeyError));
    SAY_RAISED(SUPPRESS(cede_raise(cede_KeyError, "k")));
    SAY_RAISED(SUPPRESS(cede_raise(cede_SystemExit), cede_Exception));
    CHECK_SAID("LookupError: l\nKeyError: 'k'\nSystemExit: \n");
}

TEST(may_be_entered_again_and_inside_itself)
{
    cede_suppress *it = cede_suppress(cede_ValueError);
    cede_defer (cede_unref, it);

    cede_with (outer, cede_ref(it)) {
        cede_with (inner, cede_ref(it)) {
            cede_raise(cede_ValueError, "1");
        } cede_end
        say("inner ");
        cede_raise(cede_ValueError, "2");
    } cede_end
    cede_with (again, cede_ref(it)) {
        cede_raise(cede_ValueError, "3");
    } cede_end
    CHECK_SAID("inner ");
}

static void say_repr(cede_exception *e)
{
    if (e)
        say_str(cede_repr(e));
    else
        say("None\n");
}

/* Raises the group, which it takes, where these classes are suppressed. */
#define SUPPRESS_OF(group, ...) \
    do { \
        cede_exception *raised = group; \
        cede_defer (cede_unref, raised); \
        cede_try { \
            SUPPRESS(cede_raise(raised), __VA_ARGS__); \
            say("swallowed\n"); \
        } cede_except (cede_BaseException, e) { \
            say_repr(e); \
            say_repr(cede_exception_context(e)); \
        } cede_end \
    } while (0)

/* What is left is raised by the exit, while the group is handled. */
TEST(X01_X04_takes_its_part_of_a_group)
{
    SUPPRESS_OF(GROUP("g", ERROR(cede_ValueError, "1"),
                      cede_object(GROUP("h", ERROR(cede_KeyError, "2"),
                                        ERROR(cede_ValueError, "3")))),
                cede_ValueError);
    CHECK_SAID("ExceptionGroup('g', [ExceptionGroup('h', [KeyError('2')])])\n"
               "ExceptionGroup('g', [ValueError('1'), ExceptionGroup('h', "
               "[KeyError('2'), ValueError('3')])])\n");
}

TEST(X01_a_group_of_nothing_else_is_swallowed)
{
    SUPPRESS_OF(GROUP("g", ERROR(cede_ValueError, "1"),
                      ERROR(cede_KeyError, "2")),
                cede_ValueError, cede_LookupError);
    SUPPRESS_OF(GROUP("g", ERROR(cede_ValueError, "1")),
                cede_BaseExceptionGroup);
    CHECK_SAID("swallowed\nswallowed\n");
}

TEST(X01_a_group_of_others_passes)
{
    SUPPRESS_OF(GROUP("g", ERROR(cede_OSError, "1")), cede_ValueError);
    CHECK_SAID("ExceptionGroup('g', [OSError('1')])\n"
               "ExceptionGroup('g', [OSError('1')])\n");
}

static const cede_class no_exception[1] = {
    {.name = "thing", .size = sizeof(cede_object)}};

TEST(only_exception_classes)
{
    SAY_RAISED(cede_unref(cede_suppress(cede_KeyError, no_exception)));
    SAY_RAISED(cede_unref(cede_suppress(NULL)));
    CHECK_SAID("TypeError: catching classes that do not inherit from "
               "BaseException is not allowed: thing\n"
               "TypeError: catching classes that do not inherit from "
               "BaseException is not allowed: NULL\n");
}
