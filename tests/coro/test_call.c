/*
 * Functions of every type that cede takes, and that each gets its argument:
 * decision 0049. That others do not compile is tests/house/ownership.sh's.
 */
#include "coro/said_generator.h"

#include <inttypes.h>

#include "cede/context.h"
#include "cede/coroutine.h"
#include "cede/generator.h"
#include "cede/list.h"

struct pair {
    int first, second;
};

static void of_nothing(void)
{
    say("nothing ");
}

static cede_value value_of_nothing(void)
{
    return cede_int(1);
}

static void of_any(void *any)
{
    say("%d ", *(int *)any);
}

static cede_value value_of_any(void *any)
{
    return cede_int(*(int *)any);
}

static void of_pair(const struct pair *pair)
{
    say("%d,%d ", pair->first, pair->second);
}

static cede_value value_of_pair(struct pair *pair)
{
    return cede_int(pair->first * pair->second);
}

static void of_text(const char *text)
{
    say("%s ", text);
}

static void of_int(int number)
{
    say("%d ", number);
}

static void of_byte(uint8_t number)
{
    say("%d ", number);
}

static cede_value value_of_long(int64_t number)
{
    return cede_int(number);
}

/* Runs the generator to its end, which gives one reference up. */
static void run(cede_generator *generator)
{
    cede_value value;

    cede_defer (cede_unref, generator);
    cede_next_or_end(generator, &value);
    say_value(value);
    say(";");
    cede_value_unref(value);
}

TEST(functions_of_no_parameter)
{
    run(cede_generator(of_nothing));
    run(cede_generator(value_of_nothing));
    CHECK_SAID("nothing None;1;");
}

TEST(functions_of_a_pointer)
{
    struct pair pair = {6, 7};
    int three = 3;

    run(cede_generator(of_any, &three));
    run(cede_generator(value_of_any, &three));
    run(cede_generator(of_pair, &pair));
    run(cede_generator(value_of_pair, &pair));
    run(cede_generator(of_text, "text"));
    run(cede_generator(of_pair, &(struct pair){1, 2}));
    CHECK_SAID("3 None;3;6,7 None;42;text None;1,2 None;");
}

TEST(functions_of_an_integer)
{
    run(cede_generator(of_int, -5));
    run(cede_generator(of_byte, 200));
    run(cede_generator(value_of_long, INT64_MIN));
    CHECK_SAID("-5 None;200 None;-9223372036854775808;");
}

TEST(functions_of_a_copy)
{
    struct pair pair = {6, 7};

    run(cede_generator_with(of_pair, pair));
    run(cede_generator_with(value_of_pair, (struct pair){2, 3}));
    CHECK_SAID("6,7 None;6;");
}

TEST(functions_in_variables)
{
    cede_function function = value_of_any;
    void (*plain)(int) = of_int;
    int three = 3;

    run(cede_generator(function, &three));
    run(cede_generator(plain, 4));
    CHECK_SAID("3;4 None;");
}

static void yields_from_its_argument(int count)
{
    for (int i = 0; i < count; i++)
        cede_yield(i);
}

TEST(a_function_of_nothing_returns_none)
{
    cede_own (all, cede_list_from(cede_generator(yields_from_its_argument, 3)));

    CHECK_INT(cede_len(all), 3);
}

static cede_value awaits_both(void)
{
    cede_await(cede_coroutine(of_int, 1));
    cede_await(cede_coroutine(of_nothing));
    return cede_await(cede_coroutine(value_of_long, 9));
}

TEST(coroutines)
{
    cede_own (coroutine, cede_coroutine(awaits_both));

    SAY_RAISED(cede_coroutine_send(coroutine, cede_none));
    CHECK_SAID("1 nothing StopIteration: 9\n");
}

TEST(what_else_calls_a_function)
{
    cede_own (context, cede_context_new());
    cede_own (numbers, cede_iter_callable(value_of_long, 5, 6));

    cede_value_unref(cede_context_run(context, of_int, 2));
    cede_value_unref(cede_context_run(context, of_nothing));
    say_value(cede_context_run(context, value_of_nothing));
    say_value(cede_next(numbers));
    CHECK_SAID("2 nothing 15");
}

/* --- cede_own --- */

static cede_value counts(cede_generator *inner)
{
    cede_defer (say, "left ");
    cede_own (mine, cede_ref(inner));
    cede_own (value, cede_str_format("%d", 5));

    cede_yield(cede_value_str(value));
    return cede_none;
}

TEST(what_is_owned_is_given_up_at_the_end_of_the_block)
{
    cede_own (inner, cede_generator(of_nothing));
    cede_own (outer, cede_generator(counts, inner));

    say_value(cede_next(outer));
    CHECK_INT(inner->head.references, 2);
    SAY_RAISED(cede_generator_throw(outer, cede_KeyError));
    CHECK_INT(inner->head.references, 1);
    CHECK_SAID("5left KeyError: \n");
}

TEST(what_is_handed_on_is_not)
{
    cede_generator *kept;

    {
        cede_own (g, cede_generator(of_nothing));
        kept = g;
        g = NULL;
    }
    run(kept);
    CHECK_SAID("nothing None;");
}
