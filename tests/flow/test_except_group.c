/*
 * except*: rules X03, X04, X06, X07; PEP 654. What the groups themselves can do
 * is tested in value/group.
 */
#include "value/said.h"

#include "cede/group.h"
#include "cede/print.h"

static void say_repr(const cede_exception *e)
{
    cede_value text = cede_repr(e);

    say("%s ", cede_value_str(text));
    cede_value_unref(text);
}

static cede_exception *made(const cede_class *exception_class, const char *text)
{
    return cede_exception(exception_class, "%s", text);
}

/* ExceptionGroup('g', [ValueError('1'), KeyError('2'), OSError('3')]) */
static void raise_three(void)
{
    cede_exception *members[3] = {NULL};
    cede_exception *group;

    members[0] = made(cede_ValueError, "1");
    cede_defer(cede_unref, members[0]);
    members[1] = made(cede_KeyError, "2");
    cede_defer(cede_unref, members[1]);
    members[2] = made(cede_OSError, "3");
    cede_defer(cede_unref, members[2]);
    group = cede_exception_group("g", members, 3);
    cede_defer(cede_unref, group);
    cede_raise(group);
}

#define SAY_WHAT_COMES(statement) \
    do { \
        cede_try { \
            statement; \
            say("nothing "); \
        } cede_except (cede_BaseException, came) { \
            say("came "); \
            say_repr(came); \
        } cede_end \
    } while (0)

TEST(X03_each_clause_gets_its_part_and_the_rest_is_raised)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError, eg) {
            say_repr(eg);
        } cede_except_group (cede_LookupError, eg) {
            say_repr(eg);
        } cede_except_group (cede_TypeError, eg) {
            say("never ");
        } cede_else {
            say("never ");
        } cede_finally {
            say("finally ");
        } cede_end);
    CHECK_SAID("ExceptionGroup('g', [ValueError('1')]) "
               "ExceptionGroup('g', [KeyError('2')]) finally "
               "came ExceptionGroup('g', [OSError('3')]) ");
}

TEST(X03_when_all_is_taken_nothing_is_raised)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group ((cede_ValueError, cede_KeyError)) {
            say("two ");
        } cede_except_group (cede_OSError) {
            say("one ");
        } cede_end);
    CHECK_SAID("two one nothing ");
}

TEST(X03_without_a_match_the_group_goes_on)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_TypeError) {
            say("never");
        } cede_end);
    CHECK_SAID("came ExceptionGroup('g', [ValueError('1'), KeyError('2'), "
               "OSError('3')]) ");
}

TEST(X03_a_naked_exception_is_wrapped)
{
    SAY_WHAT_COMES(
        cede_try {
            cede_raise(cede_ValueError, "naked");
        } cede_except_group (cede_KeyError) {
            say("never ");
        } cede_except_group (cede_ValueError, eg) {
            say_repr(eg);
        } cede_end);
    SAY_WHAT_COMES(
        cede_try {
            cede_raise(cede_ValueError, "naked");
        } cede_except_group (cede_KeyError) {
            say("never ");
        } cede_end);
    CHECK_SAID("ExceptionGroup('', [ValueError('naked')]) nothing "
               "came ValueError('naked') ");
}

TEST(X04_new_exceptions_stand_beside_the_rest)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError) {
            cede_raise(cede_RuntimeError, "new");
        } cede_except_group (cede_KeyError) {
            cede_reraise();
        } cede_end);
    CHECK_SAID("came ExceptionGroup('', [RuntimeError('new'), "
               "ExceptionGroup('g', [KeyError('2'), OSError('3')])]) ");
}

TEST(X04_one_new_exception_alone_is_not_wrapped)
{
    cede_try {
        cede_try {
            raise_three();
        } cede_except_group (cede_Exception) {
            cede_raise(cede_RuntimeError, "new");
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        say_repr(e);
        say_repr(cede_exception_context(e));
    } cede_end
    CHECK_SAID("RuntimeError('new') ExceptionGroup('g', [ValueError('1'), "
               "KeyError('2'), OSError('3')]) ");
}

TEST(X04_a_re_raise_of_everything_is_the_group)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError) {
            cede_reraise();
        } cede_except_group (cede_KeyError) {
            cede_reraise();
        } cede_end);
    CHECK_SAID("came ExceptionGroup('g', [ValueError('1'), KeyError('2'), "
               "OSError('3')]) ");
}

TEST(X04_many_clauses_may_raise)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError) {
            cede_raise(cede_TypeError, "a");
        } cede_except_group (cede_KeyError) {
            cede_raise(cede_TypeError, "b");
        } cede_except_group (cede_OSError) {
            cede_raise(cede_TypeError, "c");
        } cede_end);
    CHECK_SAID("came ExceptionGroup('', [TypeError('a'), TypeError('b'), "
               "TypeError('c')]) ");
}

/* The plain clause knows a group by its own class alone. */
TEST(X06_a_plain_clause_does_not_look_inside)
{
    cede_try {
        raise_three();
    } cede_except (cede_ValueError) {
        say("never ");
    } cede_except (cede_ExceptionGroup) {
        say("group");
    } cede_end
    CHECK_SAID("group");
}

TEST(X07_what_a_clause_took_is_gone)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_LookupError, eg) {
            say_repr(eg);
        } cede_except_group (cede_KeyError) {
            say("never ");
        } cede_except_group (cede_Exception, eg) {
            say_repr(eg);
        } cede_end);
    CHECK_SAID("ExceptionGroup('g', [KeyError('2')]) ExceptionGroup('g', "
               "[ValueError('1'), OSError('3')]) nothing ");
}

TEST(groups_cannot_be_caught_as_groups)
{
    SAY_RAISED(
        cede_try {
            raise_three();
        } cede_except_group (cede_ExceptionGroup) {
            say("never ");
        } cede_end);
    CHECK_SAID("TypeError: catching ExceptionGroup with cede_except_group is "
               "not allowed. Use cede_except instead.\n");
}

/* The first clause, and one behind a clause that took something. */
TEST(X06_refusing_groups_keeps_the_group_as_context)
{
    cede_try {
        cede_try {
            raise_three();
        } cede_except_group (cede_ExceptionGroup) {
            say("never ");
        } cede_end
    } cede_except (cede_TypeError, e) {
        say("%s ", cede_exception_message(cede_exception_context(e)));
    } cede_end
    cede_try {
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError) {
            say("value ");
        } cede_except_group (cede_ExceptionGroup) {
            say("never ");
        } cede_end
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(cede_exception_context(e)));
    } cede_end
    CHECK_SAID("g (3 sub-exceptions) value g (3 sub-exceptions)");
}

static int leaves_a_clause(void)
{
    cede_try {
        raise_three();
    } cede_except_group (cede_ValueError) {
        return 1; /* cede-lint: ok */
    } cede_except_group (cede_KeyError) {
        say("key ");
    } cede_finally {
        say("finally ");
    } cede_end
    return 2;
}

/* Python refuses to compile it; here nothing that was not handled is lost. */
TEST(a_clause_cannot_be_left_early)
{
    cede_try {
        CHECK_INT(leaves_a_clause(), 0);
    } cede_except (cede_ExceptionGroup, eg) {
        size_t count;
        cede_exception *const *members =
            cede_exception_group_exceptions(eg, &count);

        CHECK_INT(count, 2);
        CHECK_CONTAINS(cede_exception_message(members[0]), "cannot leave");
        say_repr(members[1]);
    } cede_end
    CHECK_SAID("key finally ExceptionGroup('g', [OSError('3')]) ");
}

static int returns_in_finally(void)
{
    cede_try {
        raise_three();
    } cede_except_group (cede_ValueError) {
        cede_raise(cede_RuntimeError, "new");
    } cede_finally {
        return 7;
    } cede_end
    return 0;
}

TEST(E03_a_return_in_finally_drops_the_group)
{
    CHECK_INT(returns_in_finally(), 7);
}

TEST(the_clause_handles_its_part)
{
    SAY_WHAT_COMES(
        cede_try {
            raise_three();
        } cede_except_group (cede_ValueError, eg) {
            cede_try {
                cede_raise(cede_TypeError, "inner");
            } cede_except (cede_TypeError, e) {
                CHECK_PTR(cede_exception_context(e), eg);
            } cede_end
        } cede_except_group (cede_Exception) {
            say("rest ");
        } cede_end);
    CHECK_SAID("rest nothing ");
}
