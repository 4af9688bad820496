/*
 * Exception groups as objects: making, asking, splitting, leaves, and what an
 * except* statement raises in the end. What is expected was printed by CPython
 * for the same groups; the statement itself is in tests/flow.
 */
#include "value/grouped.h"

#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/print.h"
#include "value/exception.h"

/* Says repr(e) and gives e up; None for NULL. */
static void say_repr(cede_exception *e)
{
    cede_defer (cede_unref, e);
    if (e)
        say_str(cede_repr(e));
    else
        say("None\n");
}

/* ---- X02: making --------------------------------------------------------- */

static const char *class_of(const cede_class *group_class,
                            const cede_class *member_class)
{
    cede_exception *member = cede_exception(member_class, NULL);
    cede_defer (cede_unref, member);
    cede_exception *group =
        cede_exception_group_of(group_class, "m", &member, 1);
    cede_defer (cede_unref, group);

    return cede_exception_name(group);
}

CEDE_EXCEPTION(MyGroup, cede_ExceptionGroup);
CEDE_EXCEPTION(MyBaseGroup, cede_BaseExceptionGroup);

TEST(X02_the_class_by_the_members)
{
    CHECK_STR(class_of(cede_BaseExceptionGroup, cede_ValueError),
              "ExceptionGroup");
    CHECK_STR(class_of(cede_BaseExceptionGroup, cede_KeyboardInterrupt),
              "BaseExceptionGroup");
    CHECK_STR(class_of(cede_ExceptionGroup, cede_ValueError), "ExceptionGroup");
    CHECK_STR(class_of(MyGroup, cede_ValueError), "MyGroup");
    CHECK_STR(class_of(MyBaseGroup, cede_ValueError), "MyBaseGroup");
    CHECK_STR(class_of(MyBaseGroup, cede_SystemExit), "MyBaseGroup");
}

TEST(X02_group_constructor)
{
    cede_exception *value = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, value);
    cede_exception *members[] = {value, NULL};

    SAY_RAISED(class_of(cede_ExceptionGroup, cede_KeyboardInterrupt));
    SAY_RAISED(class_of(MyGroup, cede_KeyboardInterrupt));
    SAY_RAISED(class_of(cede_ValueError, cede_ValueError));
    SAY_RAISED(class_of(NULL, cede_ValueError));
    SAY_RAISED(cede_unref(cede_exception_group("m", members, 0)));
    SAY_RAISED(cede_unref(cede_exception_group("m", NULL, 1)));
    SAY_RAISED(cede_unref(cede_exception_group("m", members, 2)));
    SAY_RAISED(cede_unref(cede_exception_group(NULL, members, 1)));
    CHECK_SAID(
        "TypeError: Cannot nest BaseExceptions in an ExceptionGroup\n"
        "TypeError: Cannot nest BaseExceptions in 'MyGroup'\n"
        "TypeError: ValueError is no subclass of BaseExceptionGroup\n"
        "TypeError: NULL is no subclass of BaseExceptionGroup\n"
        "ValueError: second argument (exceptions) must be a non-empty "
        "sequence\n"
        "ValueError: second argument (exceptions) must be a non-empty "
        "sequence\n"
        "ValueError: Item 1 of second argument (exceptions) is not an "
        "exception\n"
        "TypeError: BaseExceptionGroup.__new__() argument 1 must be str, not "
        "None\n");
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

TEST(X02_an_object_that_is_no_exception)
{
    void *plain = cede_object_new(plain_class);
    cede_defer (cede_unref, plain);
    cede_exception *members[] = {plain};

    SAY_RAISED(cede_unref(cede_exception_group("m", members, 1)));
    CHECK_SAID("ValueError: Item 0 of second argument (exceptions) is not an "
               "exception\n");
}

/* ---- X08: fields --------------------------------------------------------- */

TEST(X08_message_and_members_in_order)
{
    cede_exception *a = cede_exception(cede_ValueError, "a");
    cede_defer (cede_unref, a);
    cede_exception *b = cede_exception(cede_KeyError, "b");
    cede_defer (cede_unref, b);
    cede_exception *c = cede_exception(cede_OSError, "c");
    cede_defer (cede_unref, c);
    char message[] = "two";
    cede_exception *given[] = {b, a, c};
    cede_exception *g = cede_exception_group(message, given, 3);
    cede_defer (cede_unref, g);
    cede_exception *const *kept;
    size_t count = 0;

    /* It keeps neither the caller's text nor the caller's array. */
    message[0] = 'x';
    given[0] = a;
    kept = cede_exception_group_exceptions(g, &count);
    CHECK_STR(cede_exception_group_message(g), "two");
    CHECK_STR(cede_exception_message(g), "two (3 sub-exceptions)");
    REQUIRE(CHECK_INT(count, 3));
    CHECK_PTR(kept[0], b);
    CHECK_PTR(kept[1], a);
    CHECK_PTR(kept[2], c);
    CHECK_PTR(cede_exception_group_exceptions(g, NULL), kept);
}

TEST(X08_what_is_no_group)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);
    cede_exception *match = NULL;

    SAY_RAISED(cede_exception_group_message(e));
    SAY_RAISED(cede_exception_group_exceptions(e, NULL));
    SAY_RAISED(cede_exception_group_split(e, cede_ValueError, &match, NULL));
    SAY_RAISED(cede_exception_group_message(NULL));
    SAY_RAISED(cede_unref(cede_exception_group_leaves(NULL)));
    CHECK_SAID("AttributeError: 'ValueError' object has no attribute "
               "'message': it is no exception group\n"
               "AttributeError: 'ValueError' object has no attribute "
               "'exceptions': it is no exception group\n"
               "AttributeError: 'ValueError' object has no attribute "
               "'split': it is no exception group\n"
               "AttributeError: 'NULL' object has no attribute "
               "'message': it is no exception group\n"
               "AttributeError: 'NULL' object has no attribute "
               "'exceptions': it is no exception group\n");
    CHECK_PTR(match, NULL);
}

/* ---- X06: caught by its own class only ----------------------------------- */

static const char *caught_by(cede_exception *group)
{
    const char *volatile clause = "none";

    cede_try {
        cede_raise(group);
    } cede_except (cede_ValueError, e) {
        clause = "ValueError";
    } cede_except (cede_ExceptionGroup, e) {
        clause = "ExceptionGroup";
    } cede_except (cede_BaseExceptionGroup, e) {
        clause = "BaseExceptionGroup";
    } cede_end
    return clause;
}

TEST(X06_not_by_the_class_of_a_member)
{
    cede_exception *g = GROUP("g", ERROR(cede_ValueError, "x"));
    cede_defer (cede_unref, g);
    cede_exception *b =
        GROUP("b", ERROR(cede_ValueError, "x"), ERROR(cede_SystemExit, NULL));
    cede_defer (cede_unref, b);

    CHECK_STR(caught_by(g), "ExceptionGroup");
    CHECK_STR(caught_by(b), "BaseExceptionGroup");
}

TEST(X06_an_ExceptionGroup_is_an_Exception)
{
    cede_exception *g = GROUP("g", ERROR(cede_ValueError, "x"));
    cede_defer (cede_unref, g);
    bool volatile caught = false;

    CHECK(cede_isinstance(g, cede_Exception));
    cede_try {
        cede_raise(g);
    } cede_except (cede_Exception, e) {
        caught = true;
    } cede_end
    CHECK(caught);
}

/* ---- X01: splitting ------------------------------------------------------ */

static cede_exception *example(void)
{
    return GROUP("top", ERROR(cede_ValueError, "1"),
                 cede_object(GROUP("nested", ERROR(cede_KeyError, "2"),
                                   ERROR(cede_ValueError, "3"))));
}

static void say_split(cede_exception *group, const cede_class *wanted)
{
    cede_exception *match, *rest;

    cede_exception_group_split(group, wanted, &match, &rest);
    cede_defer (cede_unref, rest);
    say_repr(match);
    say_repr(cede_ref(rest));
}

static bool is_nested(const cede_exception *e, void *asked)
{
    ++*(int *)asked;
    return cede_exception_is(e, cede_ExceptionGroup) &&
           strcmp(cede_exception_group_message(e), "nested") == 0;
}

TEST(X01_group_split)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *match, *rest;
    int asked = 0;

    say_split(g, cede_ValueError);
    say_repr(cede_exception_group_subgroup(g, cede_KeyError));
    say_repr(cede_exception_group_subgroup(g, cede_OSError));
    say_split(g, cede_OSError);
    cede_exception_group_split_if(g, is_nested, &asked, &match, &rest);
    cede_defer (cede_unref, rest);
    say_repr(match);
    say_repr(cede_ref(rest));
    CHECK_INT(asked, 3); /* top, 1, nested, and none of nested's members */
    CHECK_SAID(
        "ExceptionGroup('top', [ValueError('1'), "
        "ExceptionGroup('nested', [ValueError('3')])])\n"
        "ExceptionGroup('top', [ExceptionGroup('nested', [KeyError('2')])])\n"
        "ExceptionGroup('top', [ExceptionGroup('nested', [KeyError('2')])])\n"
        "None\n"
        "None\n"
        "ExceptionGroup('top', [ValueError('1'), "
        "ExceptionGroup('nested', [KeyError('2'), ValueError('3')])])\n"
        "ExceptionGroup('top', [ExceptionGroup('nested', [KeyError('2'), "
        "ValueError('3')])])\n"
        "ExceptionGroup('top', [ValueError('1')])\n");
}

TEST(X01_a_full_match_is_the_group_itself)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *match, *rest;

    cede_exception_group_split(g, cede_ExceptionGroup, &match, &rest);
    cede_defer (cede_unref, match);
    CHECK_PTR(match, g);
    CHECK_PTR(rest, NULL);
}

static bool is_leaf(const cede_exception *e, void *unused)
{
    (void)unused;
    return !cede_exception_is(e, cede_BaseExceptionGroup);
}

/* All leaves match, but the groups were asked first and said no. */
TEST(X01_all_leaves_are_a_group_of_their_own)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *match, *rest;

    cede_exception_group_split_if(g, is_leaf, NULL, &match, &rest);
    CHECK(match != g);
    CHECK_PTR(rest, NULL);
    say_repr(match);
    CHECK_SAID(
        "ExceptionGroup('top', [ValueError('1'), "
        "ExceptionGroup('nested', [KeyError('2'), ValueError('3')])])\n");
}

TEST(X01_either_half_may_be_left_out)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *rest;

    cede_exception_group_split(g, cede_ValueError, NULL, NULL);
    cede_exception_group_split(g, cede_ValueError, NULL, &rest);
    say_repr(rest);
    CHECK_SAID(
        "ExceptionGroup('top', [ExceptionGroup('nested', [KeyError('2')])])\n");
}

TEST(X01_members_are_shared)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *match = cede_exception_group_subgroup(g, cede_ValueError);
    cede_defer (cede_unref, match);

    CHECK_PTR(cede_exception_group_exceptions(match, NULL)[0],
              cede_exception_group_exceptions(g, NULL)[0]);
    CHECK(cede_exception_group_exceptions(match, NULL)[1] !=
          cede_exception_group_exceptions(g, NULL)[1]);
}

/* A part looks as its original did, whatever happens to either later. */
static void check_metadata(const cede_exception *part,
                           const cede_exception *original)
{
    cede_location places[4], expected[4];
    size_t count = cede_extract_tb(original, expected, 4);

    CHECK_STR(cede_exception_group_message(part), "g");
    CHECK_PTR(cede_exception_cause(part), cede_exception_cause(original));
    CHECK_PTR(cede_exception_context(part), cede_exception_context(original));
    CHECK_INT(cede_exception_suppress_context(part),
              cede_exception_suppress_context(original));
    CHECK_INT(count, 1);
    REQUIRE(CHECK_INT(cede_extract_tb(part, places, 4), 1));
    CHECK_INT(places[0].line, expected[0].line);
    REQUIRE(CHECK_INT(cede_exception_notes_count(part), 1));
    CHECK_STR(cede_exception_note(part, 0), "noted");
}

static void split_raised(cede_exception *g)
{
    cede_exception *match, *rest;

    cede_exception_group_split(g, cede_ValueError, &match, &rest);
    cede_defer (cede_unref, match);
    cede_defer (cede_unref, rest);
    check_metadata(match, g);
    check_metadata(rest, g);
    cede_exception_add_note(match, "of the match");
    CHECK_INT(cede_exception_notes_count(match), 2);
    CHECK_INT(cede_exception_notes_count(rest), 1);
    CHECK_INT(cede_exception_notes_count(g), 1);
}

TEST(X01_metadata_are_kept)
{
    cede_exception *g =
        GROUP("g", ERROR(cede_ValueError, "1"), ERROR(cede_KeyError, "2"));
    cede_defer (cede_unref, g);
    cede_exception *cause = cede_exception(cede_OSError, "cause");
    cede_defer (cede_unref, cause);

    cede_exception_add_note(g, "noted");
    cede_try {
        cede_try {
            cede_raise(cede_OSError, "context");
        } cede_except (cede_OSError, e) {
            cede_raise(g);
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        CHECK(cede_exception_context(e) != NULL);
        split_raised(e);
        cede_exception_set_cause(e, cause);
        split_raised(e);
    } cede_end
}

/* As Python's derive() does by default. */
TEST(X01_parts_of_a_class_of_ones_own)
{
    cede_exception *members[2] = {NULL, NULL};
    cede_exception *value = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, value);
    cede_exception *exit = cede_exception(cede_SystemExit, NULL);
    cede_defer (cede_unref, exit);
    cede_exception *g, *base;

    members[0] = value;
    members[1] = exit;
    g = cede_exception_group_of(MyGroup, "mine", members, 1);
    cede_defer (cede_unref, g);
    base = cede_exception_group_of(MyBaseGroup, "base", members, 2);
    cede_defer (cede_unref, base);
    say_split(g, cede_ValueError);
    say_split(base, cede_ValueError);
    say_repr(cede_exception_group_subgroup(g, MyGroup));
    CHECK_SAID("ExceptionGroup('mine', [ValueError()])\n"
               "None\n"
               "ExceptionGroup('base', [ValueError()])\n"
               "BaseExceptionGroup('base', [SystemExit()])\n"
               "MyGroup('mine', [ValueError()])\n");
}

TEST(X01_what_cannot_be_asked_for)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);

    SAY_RAISED(cede_exception_group_split(g, NULL, NULL, NULL));
    SAY_RAISED(cede_exception_group_split(g, plain_class, NULL, NULL));
    SAY_RAISED(cede_exception_group_split_if(g, NULL, NULL, NULL, NULL));
    CHECK_SAID("TypeError: expected a function, exception type or tuple of "
               "exception types\n"
               "TypeError: expected a function, exception type or tuple of "
               "exception types\n"
               "TypeError: expected a function, exception type or tuple of "
               "exception types\n");
}

static bool raises_at_key(const cede_exception *e, void *unused)
{
    (void)unused;
    if (cede_exception_is(e, cede_KeyError))
        cede_raise(cede_RuntimeError, "no keys");
    return cede_exception_is(e, cede_ValueError);
}

/* What was split off by then is given up. */
TEST(X01_a_predicate_that_raises)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *match = NULL, *rest = NULL;

    SAY_RAISED(
        cede_exception_group_split_if(g, raises_at_key, NULL, &match, &rest));
    CHECK_SAID("RuntimeError: no keys\n");
    CHECK_PTR(match, NULL);
    CHECK_PTR(rest, NULL);
}

static bool drops_the_group(const cede_exception *e, void *holder)
{
    cede_exception **held = holder;
    cede_exception *group = *held;

    *held = NULL;
    cede_unref(group);
    return cede_exception_is(e, cede_KeyError);
}

TEST(X01_a_predicate_that_drops_the_group)
{
    cede_exception *held = example();
    cede_exception *match =
        cede_exception_group_subgroup_if(held, drops_the_group, &held);

    CHECK_PTR(held, NULL);
    say_repr(match);
    CHECK_SAID(
        "ExceptionGroup('top', [ExceptionGroup('nested', [KeyError('2')])])\n");
}

/* ---- depth --------------------------------------------------------------- */

enum { DEEP = 10000 };

/* Groups in groups, and at the bottom two exceptions. */
static cede_exception *deep(void)
{
    cede_exception *g =
        GROUP("g", ERROR(cede_ValueError, "v"), ERROR(cede_KeyError, "k"));

    for (int i = 1; i < DEEP; i++)
        g = GROUP("g", cede_object(g));
    return g;
}

static int depth_of(const cede_exception *e)
{
    int depth = 0;

    for (; cede_exception_is(e, cede_ExceptionGroup); depth++)
        e = cede_exception_group_exceptions(e, NULL)[0];
    return depth;
}

static cede_value splits_deep_groups(void *unused)
{
    cede_exception *g = deep();
    cede_exception *match, *rest;

    (void)unused;
    cede_exception_group_split(g, cede_ValueError, &match, &rest);
    CHECK_INT(depth_of(match), DEEP);
    CHECK_INT(depth_of(rest), DEEP);
    cede_unref(match);
    cede_unref(rest);
    cede_for (leaf, cede_exception_group_leaves(g))
        say("%s ", cede_exception_name(cede_value_object(leaf)));
    cede_unref(g);
    return cede_none;
}

/* Taken apart, walked and given up on a stack of a coroutine's size. */
TEST(X01_X09_groups_nest_deeper_than_the_stack, .torture = false)
{
    cede_for (v, cede_generator(splits_deep_groups, NULL))
        CHECK(false);
    CHECK_SAID("ValueError KeyError ");
}

/* ---- X09: leaves --------------------------------------------------------- */

TEST(X09_leaves_are_depth_first_in_order)
{
    cede_exception *g = GROUP(
        "a", ERROR(cede_ValueError, "1"),
        cede_object(GROUP("b", ERROR(cede_KeyError, "2"),
                          cede_object(GROUP("c", ERROR(cede_OSError, "3"))),
                          ERROR(cede_TypeError, "4"))),
        ERROR(cede_IndexError, "5"));
    cede_defer (cede_unref, g);

    cede_for (leaf, cede_exception_group_leaves(g))
        say("%s ", cede_exception_message(cede_value_object(leaf)));
    CHECK_SAID("1 '2' 3 4 5 ");
}

TEST(X09_of_one_that_is_no_group)
{
    cede_exception *e = cede_exception(cede_ValueError, "alone");
    cede_defer (cede_unref, e);

    cede_for (leaf, cede_exception_group_leaves(e))
        CHECK_PTR(cede_value_object(leaf), e);
}

static void *leaves_of_example(void)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);

    return cede_exception_group_leaves(g);
}

/* The iterator keeps what it iterates over; a leaf may be kept. */
TEST(X09_the_group_may_go_before_its_leaves)
{
    void *leaves = leaves_of_example();
    cede_defer (cede_unref, leaves);
    cede_exception *kept;

    kept = cede_value_object(cede_next(leaves));
    cede_defer (cede_unref, kept);
    CHECK_STR(cede_exception_message(kept), "1");
    cede_value_unref(cede_next(leaves));
    cede_value_unref(cede_next(leaves));
    SAY_RAISED(cede_next(leaves));
    SAY_RAISED(cede_next(leaves));
    CHECK_SAID("StopIteration: \nStopIteration: \n");
}

/* ---- no circles ---------------------------------------------------------- */

/* `raise eg.exceptions[0]` in the handler: the group is no context of its
   member, or neither would ever go. */
TEST(a_group_is_no_context_of_its_member)
{
    cede_exception *g = example();
    cede_defer (cede_unref, g);
    cede_exception *member = cede_exception_group_exceptions(g, NULL)[0];

    cede_try {
        cede_try {
            cede_raise(g);
        } cede_except (cede_ExceptionGroup, e) {
            cede_raise(member);
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(e, member);
        CHECK_PTR(cede_exception_context(e), NULL);
    } cede_end
    cede_exception_set_cause(member, g);
    CHECK_PTR(cede_exception_cause(member), NULL);
    CHECK(cede_exception_suppress_context(member));
}

/* ---- X04: what except* raises -------------------------------------------- */

static cede_exception *raised_group(void)
{
    cede_exception *g =
        GROUP("g", ERROR(cede_ValueError, "1"), ERROR(cede_KeyError, "2"),
              ERROR(cede_OSError, "3"));
    cede_exception *volatile result = NULL;

    cede_defer (cede_unref, g);
    cede_try {
        cede_raise(g);
    } cede_except (cede_ExceptionGroup, e) {
        result = cede_ref(e);
    } cede_end
    return result;
}

static void say_reraised(cede_exception *original, cede_exception *first,
                         cede_exception *second)
{
    cede_exception *raised[] = {first, second};

    say_repr(cede__group_reraise(original, raised, second ? 2 : !!first));
}

TEST(X04_parts_are_put_together_again)
{
    cede_exception *g = raised_group();
    cede_defer (cede_unref, g);
    cede_exception *values = cede_exception_group_subgroup(g, cede_ValueError);
    cede_defer (cede_unref, values);
    cede_exception *keys = cede_exception_group_subgroup(g, cede_KeyError);
    cede_defer (cede_unref, keys);
    cede_exception *fresh = cede_exception(cede_RuntimeError, "new");
    cede_defer (cede_unref, fresh);

    say_reraised(g, NULL, NULL);
    say_reraised(g, keys, NULL);
    say_reraised(g, keys, values); /* in the original's order */
    say_reraised(g, fresh, NULL);
    say_reraised(g, keys, fresh); /* new ones first */
    CHECK_SAID("None\n"
               "ExceptionGroup('g', [KeyError('2')])\n"
               "ExceptionGroup('g', [ValueError('1'), KeyError('2')])\n"
               "RuntimeError('new')\n"
               "ExceptionGroup('', [RuntimeError('new'), "
               "ExceptionGroup('g', [KeyError('2')])])\n");
}

/* What nobody touched is raised as it is. */
TEST(X04_an_untouched_group_stays_itself)
{
    cede_exception *g = raised_group();
    cede_defer (cede_unref, g);
    cede_exception *result = cede__group_reraise(g, &g, 1);

    CHECK_PTR(result, g);
    cede_unref(result);
}

/* A naked exception: one clause has had it, in a group or not at all. */
TEST(X04_a_naked_exception)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);
    cede_exception *wrapped = GROUP("", cede_object(cede_ref(e)));
    cede_defer (cede_unref, wrapped);

    say_reraised(e, NULL, NULL);
    say_reraised(e, e, NULL);
    say_reraised(e, wrapped, NULL);
    CHECK_SAID("None\n"
               "ValueError('x')\n"
               "ExceptionGroup('', [ValueError('x')])\n");
}

/* One that was raised by name since has another traceback: it is new. */
TEST(X04_raised_by_name_is_new)
{
    cede_exception *g = raised_group();
    cede_defer (cede_unref, g);
    cede_exception *keys = cede_exception_group_subgroup(g, cede_KeyError);
    cede_defer (cede_unref, keys);
    cede_exception *rest = cede_exception_group_subgroup(g, cede_OSError);
    cede_defer (cede_unref, rest);

    cede_try {
        cede_raise(keys);
    } cede_except (cede_ExceptionGroup, e) {
        CHECK_PTR(e, keys);
    } cede_end
    say_reraised(g, keys, rest);
    CHECK_SAID("ExceptionGroup('', [ExceptionGroup('g', [KeyError('2')]), "
               "ExceptionGroup('g', [OSError('3')])])\n");
}
