/*
 * CEDE_DEBUG=1: generators, coroutines, iterators and managers that are used
 * after their end. Lists, exceptions and the rest are in value/test_debug.c.
 */
#include "value/released.h"

#include "cede/array.h"
#include "cede/context.h"
#include "cede/contextlib.h"
#include "cede/coroutine.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/list.h"
#include "cede/range.h"

static char output[8192];

static cede_value countdown(void *argument)
{
    (void)argument;
    cede_yield(2);
    cede_yield(1);
    return cede_none;
}

static cede_value delegates_to(void *iterable)
{
    return cede_yield_from(iterable);
}

static void iterate(void *iterable)
{
    cede_for (v, iterable)
        (void)v;
}

/* What takes a reference tells of it on the way out, too. */
static void quietly(void (*function)(void *), void *argument)
{
    harness_capture(function, argument, output, sizeof output);
}

#define GENERATOR "generator 'countdown'"

static void ask_generator(cede_generator *generator)
{
    cede_value item;

    CHECK_RELEASED(GENERATOR, cede_next(generator));
    CHECK_RELEASED(GENERATOR, cede_next_or_end(generator, &item));
    CHECK_RELEASED(GENERATOR, cede_next_default(generator, 0));
    CHECK_RELEASED(GENERATOR, cede_isiterator(generator));
    CHECK_RELEASED(GENERATOR, cede_isiterable(generator));
    CHECK_RELEASED(GENERATOR, cede_generator_send(generator, cede_none));
    CHECK_RELEASED(GENERATOR,
                   cede_generator_throw(generator, cede_ValueError, "no"));
    CHECK_RELEASED(GENERATOR, cede_generator_close(generator));
    CHECK_RELEASED(GENERATOR,
                   cede_generator_send((void *)generator, cede_none));
    CHECK_RELEASED(GENERATOR,
                   cede_generator_throw((void *)generator, cede_ValueError));
    CHECK_RELEASED(GENERATOR, cede_generator_name(generator));
    CHECK_RELEASED(GENERATOR, cede_getgeneratorstate(generator));
    CHECK_RELEASED(GENERATOR, cede_generator_yieldfrom(generator));
    CHECK_RELEASED(GENERATOR, cede_types_coroutine(generator));
    CHECK_RELEASED(GENERATOR, cede_unref(cede_iter(generator)));
}

TEST(a_generator_is_not_used_after_its_release)
{
    debug();
    ask_generator(gone(cede_generator(countdown, NULL)));
}

static void *begun(void)
{
    cede_generator *generator = cede_generator(countdown, NULL);
    cede_defer (cede_unref, generator);

    cede_value_unref(cede_next(generator));
    return cede_ref(generator);
}

TEST(nor_one_that_was_closed_by_its_release)
{
    debug();
    ask_generator(gone(begun()));
}

static cede_value ended(void *argument)
{
    (void)argument;
    return cede_none;
}

static void *run_to_its_end(void)
{
    cede_generator *generator = cede_generator(ended, NULL);
    cede_value item;
    cede_defer (cede_unref, generator);

    CHECK(!cede_next_or_end(generator, &item));
    return cede_ref(generator);
}

TEST(nor_one_that_had_ended)
{
    cede_generator *generator;

    debug();
    generator = gone(run_to_its_end());
    CHECK_RELEASED("generator 'ended'", cede_next(generator));
    CHECK_RELEASED("generator 'ended'", cede_generator_close(generator));
}

static void loop_over_released(void *unused)
{
    (void)unused;
    CHECK_RELEASED(GENERATOR, iterate(gone(cede_generator(countdown, NULL))));
    CHECK_RELEASED(GENERATOR, cede_unref(cede_list_from(
                                  gone(cede_generator(countdown, NULL)))));
    CHECK_RELEASED(
        GENERATOR,
        cede_unref(cede_map(NULL, gone(cede_generator(countdown, NULL)))));
}

TEST(what_takes_a_generator_refuses_it)
{
    debug();
    quietly(loop_over_released, NULL);
    CHECK_STR(output, "");
}

/* The loop's own reference is given up by its body. */
static void unref_in_the_loop(void *generator)
{
    CHECK_RELEASED(
        GENERATOR, cede_for (v, generator) {
            (void)v;
            cede_unref(hidden(generator));
        });
}

TEST(a_loop_notices_that_its_iterator_is_gone, .torture = false)
{
    debug();
    quietly(unref_in_the_loop, cede_generator(countdown, NULL));
    CHECK_CONTAINS(output, "cede: use after release: " GENERATOR ", ");
}

TEST(delegating_to_what_was_released)
{
    cede_generator *generator;

    debug();
    generator =
        cede_generator(delegates_to, gone(cede_generator(countdown, NULL)));
    cede_defer (cede_unref, generator);
    CHECK_RELEASED(GENERATOR, cede_next(generator));
}

TEST(what_would_have_been_sent_is_given_up)
{
    cede_generator *generator;
    cede_list *list;

    debug();
    list = cede_list();
    cede_defer (cede_unref, list);
    generator = gone(cede_generator(countdown, NULL));
    CHECK_RELEASED(GENERATOR,
                   cede_generator_send(generator, cede_object(cede_ref(list))));
}

static cede_value body(void *argument)
{
    (void)argument;
    return cede_none;
}

static void ask_coroutine(void *unused)
{
    cede_coroutine *coroutine;

    (void)unused;
    coroutine = gone(cede_coroutine(body, NULL));
    CHECK_RELEASED("coroutine 'body'", cede_await(coroutine));
    CHECK_RELEASED("coroutine 'body'",
                   cede_coroutine_send(coroutine, cede_none));
    CHECK_RELEASED("coroutine 'body'",
                   cede_coroutine_throw(coroutine, cede_ValueError));
    CHECK_RELEASED("coroutine 'body'",
                   cede_coroutine_send((void *)coroutine, cede_none));
    CHECK_RELEASED("coroutine 'body'", cede_coroutine_close(coroutine));
    CHECK_RELEASED("coroutine 'body'", cede_coroutine_await(coroutine));
    CHECK_RELEASED("coroutine 'body'", cede_getcoroutinestate(coroutine));
}

TEST(a_coroutine_is_not_used_after_its_release)
{
    debug();
    quietly(ask_coroutine, NULL);
    CHECK(!strstr(output, "use after release"));
}

static void await_twice(void *unused)
{
    cede_coroutine *coroutine = cede_coroutine(body, NULL);
    cede_coroutine *same = hidden(coroutine);

    (void)unused;
    cede_await(coroutine);
    CHECK_RELEASED("coroutine 'body'", cede_await(same)); /* cede-lint: ok */
}

TEST(awaiting_takes_the_reference)
{
    debug();
    quietly(await_twice, NULL);
    CHECK_STR(output, "");
}

TEST(iterables_are_not_used_after_their_release)
{
    static const int numbers[] = {1, 2};

    debug();
    CHECK_RELEASED("range", iterate(gone(cede_range(3))));
    CHECK_RELEASED("range", cede_len(gone(cede_range(3))));
    CHECK_RELEASED("array", iterate(gone(cede_array(numbers, 2))));
    CHECK_RELEASED("list", iterate(gone(cede_list())));
    CHECK_RELEASED("map", iterate(gone(cede_map(NULL, cede_range(3)))));
    CHECK_RELEASED("zip", iterate(gone(cede_zip(cede_range(3)))));
    CHECK_RELEASED("range", cede_unref(cede_zip(gone(cede_range(3)))));
    CHECK_RELEASED("range",
                   cede_unref(cede_chain(cede_range(1), gone(cede_range(3)))));
    CHECK_RELEASED("range", cede_unref(cede_islice(gone(cede_range(3)), 1)));
    CHECK_RELEASED("range", cede_unref(cede_enumerate(gone(cede_range(3)))));
    CHECK_RELEASED("range", cede_unref(cede_reversed(gone(cede_range(3)))));
}

TEST(unpacking_what_was_released)
{
    cede_value a, b;

    debug();
    CHECK_RELEASED("list", cede_unpack(gone(cede_list_of(1, 2)), &a, &b));
}

static void enter_released(void *manager)
{
    cede_with (name, manager)
        (void)name;
    cede_end
}

static void ask_managers(void *unused)
{
    cede_context_manager *manager;

    (void)unused;
    CHECK_RELEASED(GENERATOR, cede_unref(cede_contextmanager(
                                  gone(cede_generator(countdown, NULL)))));
    manager = gone(cede_contextmanager(cede_generator(countdown, NULL)));
    CHECK_RELEASED("_GeneratorContextManager", enter_released(manager));
    CHECK_RELEASED("_GeneratorContextManager",
                   cede_context_manager_value(manager));
}

TEST(a_manager_is_not_used_after_its_release)
{
    debug();
    quietly(ask_managers, NULL);
}

TEST(a_context_is_not_run_in_after_its_release)
{
    debug();
    CHECK_RELEASED("Context",
                   cede_context_run(gone(cede_context_new()), body, NULL));
}
