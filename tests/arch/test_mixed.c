/*
 * A program may be compiled for another switch than the library: inline and
 * called ones understand each other's contexts. This file takes the one that
 * the rest of the build does not.
 */
#ifdef CEDE_SWITCH_CALL
#undef CEDE_SWITCH_CALL
#else
#define CEDE_SWITCH_CALL
#endif

#include "value/said.h"

#include "cede/generator.h"

static cede_value countdown(void *argument)
{
    for (int i = *(int *)argument; i > 0; i--)
        say_value(cede_yield(i));
    return cede_str("end");
}

static cede_value delegates(void *argument)
{
    cede_value got;

    cede_keep(got);
    cede_try {
        got = cede_yield_from(
            cede_generator_with(countdown, *(int *)argument));
    } cede_finally {
        say("f");
    } cede_end
    return got;
}

TEST(the_other_switch_is_compiled_in)
{
#if defined(CEDE_SWITCH_UCONTEXT) || CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    SKIP("this build has only one switch");
#elif defined(CEDE_SWITCH_CALL)
    CHECK(!CEDE_IMPL_SWITCH_INLINE);
#else
    CHECK(CEDE_IMPL_SWITCH_INLINE);
#endif
}

/* Resumed here, by the library, and by turns. */
TEST(resumed_from_either_side)
{
    cede_generator *g = cede_generator_with(countdown, 5);
    cede_value item;

    cede_defer(cede_unref, g);
    CHECK(cede_next_or_end(g, &item));          /* the library: slow */
    say_value(cede_next(g));                    /* the library: called */
    CHECK(cede_impl_resume(g, cede_str("here"), &item, CEDE_IMPL_HERE));
    say_value(cede_generator_send(g, "there"));
    cede_for (v, cede_ref(g))
        say_value(v);
    CHECK_SAID("None4herethere2None1None");
}

TEST(yielded_from_either_side)
{
    cede_generator *g = cede_generator_with(delegates, 3);

    cede_defer(cede_unref, g);
    cede_for (v, cede_ref(g)) {
        say_value(v);
        if (cede_value_int(v) == 2)
            break;
    }
    say_value(cede_generator_send(g, 7));
    SAY_RAISED(cede_generator_throw(g, cede_KeyError));
    CHECK_SAID("3None271fKeyError: \n");
}

TEST(values_and_exceptions_cross)
{
    cede_generator *g = cede_generator_with(delegates, 1);

    cede_defer(cede_unref, g);
    cede_next(g);
    cede_try {
        cede_generator_send(g, 2.5);
    } cede_except (cede_StopIteration, e) {
        say_value(cede_exception_value(e));
    } cede_end
    CHECK_SAID("2.5fend");
}
