/*
 * Which clause takes an exception: several classes in one clause, clauses
 * without a name, and what is no class. Rules E01, E07, E14.
 */
#include "value/said.h"

CEDE_EXCEPTION(ErrorA, cede_Exception);
CEDE_EXCEPTION(ErrorB, ErrorA);

static void catches(const cede_class *raised)
{
    cede_try {
        if (raised)
            cede_raise(raised, "x");
    } cede_except ((cede_KeyError, cede_OSError), e) {
        say("first:%s ", cede_exception_name(e));
    } cede_except ((ErrorA, cede_TypeError, cede_ValueError), e) {
        say("second:%s ", cede_exception_name(e));
    } cede_except (cede_RuntimeError) {
        say("third ");
    } cede_except ((cede_BaseException)) {
        say("last ");
    } cede_else {
        say("none ");
    } cede_end
}

TEST(E07_the_first_clause_with_a_matching_class_takes_it)
{
    catches(NULL);
    catches(cede_KeyError);
    catches(cede_FileNotFoundError);
    catches(ErrorB);
    catches(cede_ValueError);
    catches(cede_RuntimeError);
    catches(cede_KeyboardInterrupt);
    CHECK_SAID("none first:KeyError first:FileNotFoundError second:ErrorB "
               "second:ValueError third last ");
}

/* A class may be computed: it is looked at when an exception comes. */
TEST(classes_are_expressions)
{
    const cede_class *const wanted[] = {cede_KeyError, ErrorA};
    volatile int i;

    for (i = 0; i < 2; i++)
        cede_try {
            cede_raise(ErrorB);
        } cede_except (wanted[i], e) {
            say("%d ", i);
        } cede_except ((i ? cede_KeyError : ErrorA), e) {
            say("other ");
        } cede_end
    CHECK_SAID("other 1 ");
}

static const cede_class not_an_exception[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

/* E14 */
static void catches_what_is_no_exception(bool raises)
{
    cede_try {
        if (raises)
            cede_raise(cede_KeyError, "k");
        say("quiet ");
    } cede_except (not_an_exception, e) {
        say("never");
    } cede_finally {
        say("finally ");
    } cede_end
}

TEST(E14_what_is_no_exception_class_catches_nothing)
{
    catches_what_is_no_exception(false);
    SAY_RAISED(catches_what_is_no_exception(true));
    CHECK_SAID("quiet finally finally TypeError: catching classes that do not "
               "inherit from BaseException is not allowed: Plain\n");
}

static const cede_class *class_that_cannot_be_said(void)
{
    say("asked:%s ", cede_exception_name(cede_sys_exception()));
    cede_raise(cede_LookupError, "no class");
}

/* Naming a clause's class is done while the exception is handled. */
TEST(E01_what_a_clause_s_class_raises_has_the_exception_as_its_context)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "k");
        } cede_except (cede_ValueError) {
            say("never ");
        } cede_except (class_that_cannot_be_said()) {
            say("never ");
        } cede_end
    } cede_except (cede_LookupError, e) {
        say("%s in %s ", cede_exception_message(e),
            cede_exception_name(cede_exception_context(e)));
    } cede_end
    CHECK_SAID("asked:KeyError no class in KeyError ");
    CHECK(!cede_sys_exception());
}

TEST(E14_refusing_a_class_keeps_the_exception_as_context)
{
    cede_try {
        catches_what_is_no_exception(true);
    } cede_except (cede_TypeError, e) {
        say("in %s", cede_exception_message(cede_exception_context(e)));
    } cede_end
    CHECK_SAID("finally in 'k'");
}

/* Nothing is handled behind a statement whose clauses do not fit. */
TEST(E01_clauses_that_do_not_fit_leave_nothing_handled)
{
    cede_try {
        cede_try {
            cede_try {
                cede_raise(cede_KeyError);
            } cede_except (cede_ValueError) {
                say("never ");
            } cede_end
        } cede_finally {
            say("finally:%s ", cede_exception_name(cede_sys_exception()));
        } cede_end
    } cede_except (cede_KeyError, e) {
        say("context:%d ", cede_exception_context(e) != NULL);
    } cede_end
    say("after:%d", cede_sys_exception() != NULL);
    CHECK_SAID("finally:KeyError context:0 after:0");
}

static int returns_from_clause(const cede_class *raised)
{
    cede_try {
        cede_raise(raised);
    } cede_except ((cede_KeyError, cede_IndexError)) {
        return 1;
    } cede_except (cede_LookupError) {
        return 2;
    } cede_end
    return 3;
}

TEST(clauses_without_a_name_are_clauses)
{
    CHECK_INT(returns_from_clause(cede_IndexError), 1);
    CHECK_INT(returns_from_clause(cede_LookupError), 2);
}
