/*
 * for … else: rules I09, G20.
 */
#include "value/said.h"

#include "cede/generator.h"

static cede_value counts(void *argument)
{
    int i;

    cede_try {
        for (i = 0; i < *(int *)argument; i++)
            cede_yield(i);
    } cede_finally {
        say("closed ");
    } cede_end
    return cede_none;
}

static void search(int among, int wanted)
{
    cede_for_else (v, cede_generator_with(counts, among)) {
        if (cede_value_int(v) == wanted) {
            say("found ");
            break;
        }
    } cede_else {
        say("else ");
    } cede_end
    say("after|");
}

TEST(I09_else_runs_when_the_loop_was_not_broken)
{
    search(3, 1);
    search(3, 7);
    search(0, 0);
    CHECK_SAID("found closed after|closed else after|closed else after|");
}

TEST(I09_else_does_not_run_after_an_exception)
{
    SAY_RAISED(
        cede_for_else (v, cede_generator_with(counts, 3)) {
            cede_raise(cede_ValueError, "v");
        } cede_else {
            say("never ");
        } cede_end);
    CHECK_SAID("closed ValueError: v\n");
}

TEST(G20_an_exhausted_generator_runs_else_again)
{
    int three = 3;
    cede_generator *generator = cede_generator(counts, &three);
    int i;

    cede_defer(cede_unref, generator);
    for (i = 0; i < 2; i++)
        cede_for_else (v, cede_ref(generator)) {
            say_value(cede_value_ref(v));
        } cede_else {
            say("else ");
        } cede_end
    CHECK_SAID("012closed else else ");
}

TEST(break_and_continue_in_else_are_the_outer_loops)
{
    int i;

    for (i = 0; i < 5; i++) {
        cede_for_else (v, cede_generator_with(counts, 1)) {
            continue;
        } cede_else {
            if (i == 1)
                continue;
            if (i == 3)
                break;
        } cede_end
        say("%d ", i);
    }
    CHECK_SAID("closed 0 closed closed 2 closed ");
}

static int returns_from(bool from_else)
{
    cede_for_else (v, cede_generator_with(counts, 2)) {
        if (!from_else)
            return (int)cede_value_int(v) + 10;
    } cede_else {
        return 20;
    } cede_end
    return 30;
}

TEST(return_leaves_it)
{
    CHECK_INT(returns_from(false), 10);
    CHECK_INT(returns_from(true), 20);
    CHECK_SAID("closed closed ");
}

TEST(loops_nest)
{
    cede_for_else (a, cede_generator_with(counts, 2)) {
        cede_for_else (b, cede_generator_with(counts, 2)) {
            if (cede_value_int(b) == cede_value_int(a))
                break;
        } cede_else {
            say("inner-else ");
        } cede_end
    } cede_else {
        say("outer-else ");
    } cede_end
    CHECK_SAID("closed closed closed outer-else ");
}

/* Without an else clause it is a cede_for. */
TEST(else_may_be_left_out)
{
    cede_for_else (v, cede_generator_with(counts, 2)) {
        say_value(cede_value_ref(v));
    } cede_end
    CHECK_SAID("01closed ");
}
