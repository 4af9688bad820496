/*
 * Generators as context managers: rule E12, contextlib.contextmanager.
 */
#include "value/said.h"

#include "cede/contextlib.h"

static cede_value manages(void *name)
{
    say("enter-%s ", (const char *)name);
    cede_try {
        cede_yield((const char *)name);
    } cede_finally {
        say("exit-%s ", (const char *)name);
    } cede_end
    return cede_none;
}

static cede_context_manager *manager(cede_function body, const char *name)
{
    return cede_contextmanager(cede_generator(body, (void *)name));
}

TEST(E12_the_yield_is_the_block)
{
    cede_with (cm, manager(manages, "a")) {
        say_value(cede_value_ref(cede_context_manager_value(cm)));
        say(" ");
    } cede_end
    say("after");
    CHECK_SAID("enter-a a exit-a after");
}

TEST(E12_exits_run_last_in_first_out)
{
    SAY_RAISED(
        cede_with (outer, manager(manages, "outer")) {
            cede_with (inner, manager(manages, "inner")) {
                cede_raise(cede_ValueError, "v");
            } cede_end
        } cede_end);
    CHECK_SAID("enter-outer enter-inner exit-inner exit-outer ValueError: v\n");
}

static cede_value swallows(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(cede_none);
    } cede_except (cede_KeyError, e) {
        say("swallowed ");
    } cede_end
    return cede_none;
}

TEST(E12_a_manager_that_catches_swallows)
{
    cede_with (cm, manager(swallows, NULL)) {
        cede_raise(cede_KeyError, "k");
    } cede_end
    say("after ");
    SAY_RAISED(
        cede_with (cm, manager(swallows, NULL)) {
            cede_raise(cede_ValueError, "v");
        } cede_end);
    CHECK_SAID("swallowed after ValueError: v\n");
}

static cede_value replaces(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(cede_none);
    } cede_except (cede_TypeError, e) {
        cede_raise(cede_OSError, "instead");
    } cede_end
    return cede_none;
}

TEST(E12_what_the_exit_raises_replaces)
{
    cede_try {
        cede_with (cm, manager(replaces, NULL)) {
            cede_raise(cede_TypeError, "t");
        } cede_end
    } cede_except (cede_OSError, e) {
        say("%s ", cede_exception_message(e));
        say_exception(cede_exception_context(e));
    } cede_end
    CHECK_SAID("instead TypeError('t')");
}

static cede_value yields_never(void *unused)
{
    (void)unused;
    return cede_none;
}

static cede_value yields_twice(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
        cede_yield(2);
    } cede_finally {
        say("closed ");
    } cede_end
    return cede_none;
}

static cede_value yields_when_thrown_into(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_KeyError) {
        cede_yield(2);
    } cede_end
    return cede_none;
}

TEST(E12_exactly_one_yield)
{
    SAY_RAISED(cede_with (cm, manager(yields_never, NULL)) say("never");
               cede_end);
    SAY_RAISED(cede_with (cm, manager(yields_twice, NULL)) say("block ");
               cede_end);
    SAY_RAISED(
        cede_with (cm, manager(yields_when_thrown_into, NULL)) {
            cede_raise(cede_KeyError, "k");
        } cede_end);
    CHECK_SAID("RuntimeError: generator didn't yield\n"
               "block closed RuntimeError: generator didn't stop\n"
               "RuntimeError: generator didn't stop after throw()\n");
}

static cede_value holds_on(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield("block");
    } cede_finally {
        cede_try {
            cede_yield("once too often");
        } cede_except (cede_GeneratorExit) {
        } cede_end
    } cede_end
    return cede_none;
}

/* What comes out of the close is no answer to the throw, even if it looks like
   one: the RuntimeError that a StopIteration becomes. */
TEST(E12_closing_raises_what_was_thrown)
{
    SAY_RAISED(
        cede_with (cm, manager(holds_on, NULL)) {
            cede_raise(cede_StopIteration);
        } cede_end);
    CHECK_SAID("RuntimeError: generator raised StopIteration\n");
}

/* "from None", in Python: how it ended is the context, and not shown. */
TEST(E12_no_yield_at_all)
{
    cede_try {
        cede_with (cm, manager(yields_never, NULL))
            say("never");
        cede_end
    } cede_except (cede_RuntimeError, e) {
        CHECK(cede_exception_suppress_context(e));
        CHECK(cede_exception_is(cede_exception_context(e),
                                cede_StopIteration));
    } cede_end
}

/* PEP 479 would make a RuntimeError of it inside the generator. */
TEST(E12_a_StopIteration_of_the_block_stays_one)
{
    SAY_RAISED(
        cede_with (cm, manager(manages, "m")) {
            cede_raise(cede_StopIteration, "mine");
        } cede_end);
    CHECK_SAID("enter-m exit-m StopIteration: mine\n");
}

static cede_value raises_at_once(void *unused)
{
    (void)unused;
    cede_raise(cede_OSError, "cannot enter");
}

TEST(E12_what_enter_raises_passes)
{
    SAY_RAISED(cede_with (cm, manager(raises_at_once, NULL)) say("never");
               cede_end);
    CHECK_SAID("OSError: cannot enter\n");
}

TEST(E13_a_manager_is_left_on_every_way_out)
{
    int i;

    for (i = 0; i < 3; i++) {
        cede_with (cm, manager(manages, "m")) {
            if (i == 0)
                continue;
            if (i == 1)
                break;
        } cede_end
    }
    CHECK_SAID("enter-m exit-m enter-m exit-m ");
}

static cede_value makes_a_string(void *unused)
{
    (void)unused;
    cede_yield(cede_str_format("%d words", 2));
    return cede_none;
}

static void drop_manager(void *variable)
{
    cede_unref(*(cede_context_manager **)variable);
}

static void say_value_of(const cede_context_manager *cm)
{
    say_value(cede_value_ref(cede_context_manager_value(cm)));
    say(" ");
}

TEST(E12_the_value_is_gone_outside_the_block)
{
    cede_auto (cede_context_manager *, once, drop_manager) =
        manager(makes_a_string, NULL);

    cede_with (cm, cede_ref(once))
        say_value_of(cm);
    cede_end
    say_value_of(once);
    SAY_RAISED(cede_with (cm, cede_ref(once)) say("never"); cede_end);
    CHECK_SAID("2 words None RuntimeError: generator didn't yield\n");
}

/* Nor is anything lost of a block that it is entered inside of again. */
TEST(E12_entered_inside_itself)
{
    cede_auto (cede_context_manager *, once, drop_manager) =
        manager(makes_a_string, NULL);

    SAY_RAISED(
        cede_with (outer, cede_ref(once)) {
            cede_with (inner, cede_ref(once))
                say("never");
            cede_end
        } cede_end);
    CHECK_SAID("RuntimeError: generator didn't yield\n");
}

TEST(only_generators_become_managers)
{
    SAY_RAISED(cede_unref(cede_contextmanager(NULL)));
    CHECK_SAID("TypeError: a generator was expected, got NULL\n");
}
