/*
 * Coroutine objects and await: rules Y19, T16, T24, T31, and the states, the
 * words and the refusals of PEP 492 (seed systems S24, S27-S29, S124-S127).
 */
#include "value/said.h"

#include "cede/coroutine.h"
#include "cede/list.h"

#define COROUTINE(name, function, argument) \
    cede_coroutine *name = cede_coroutine(function, argument); \
    cede_defer(cede_unref, name)

static const char *const state_names[] = {
    [CEDE_CORO_CREATED] = "CREATED",
    [CEDE_CORO_SUSPENDED] = "SUSPENDED",
    [CEDE_CORO_RUNNING] = "RUNNING",
    [CEDE_CORO_CLOSED] = "CLOSED",
};

static void say_state(const cede_coroutine *coroutine)
{
    say("%s ", state_names[cede_getcoroutinestate(coroutine)]);
}

/* What awaiting this yields goes to whoever drives the coroutine. */
static cede_value trap_body(void *word)
{
    return cede_yield((const char *)word);
}

static cede_value trap(const char *word)
{
    return cede_await(
        cede_types_coroutine(cede_generator(trap_body, (void *)word)));
}

static void say_send(cede_coroutine *coroutine, cede_value value)
{
    cede_try {
        say_value(cede_coroutine_send(coroutine, value));
    } cede_except (cede_StopIteration, e) {
        say("stop:");
        say_value(cede_value_ref(cede_exception_value(e)));
    } cede_except (cede_BaseException, e) {
        say("%s:%s", cede_exception_name(e), cede_exception_message(e));
    } cede_end
    say(" ");
}

static cede_value adds(void *argument)
{
    int64_t sum;

    (void)argument;
    sum = cede_value_int(trap("a"));
    sum += cede_value_int(trap("b"));
    return cede_int(sum);
}

static cede_value awaits_adds(void *argument)
{
    cede_value sum = cede_await(cede_coroutine(adds, argument));

    return cede_int(1000 + cede_value_int(sum));
}

/* ---- what goes where ----------------------------------------------------- */

TEST(Y19_values_go_to_the_driver_and_back)
{
    COROUTINE(coroutine, awaits_adds, NULL);

    say_state(coroutine);
    say_send(coroutine, cede_none);
    say_state(coroutine);
    say_send(coroutine, cede_int(1));
    say_send(coroutine, cede_int(2));
    say_state(coroutine);
    CHECK_SAID("CREATED a SUSPENDED b stop:1003 CLOSED ");
}

static cede_value says_its_state(void *argument)
{
    say_state(*(cede_coroutine **)argument);
    return cede_none;
}

TEST(a_coroutine_sees_itself_running)
{
    cede_coroutine *self = NULL;

    self = cede_coroutine(says_its_state, &self);
    cede_defer(cede_unref, self);
    say_send(self, cede_none);
    CHECK_SAID("RUNNING stop:None ");
}

static cede_value catches(void *argument)
{
    (void)argument;
    cede_try {
        trap("waiting");
    } cede_except (cede_KeyError, e) {
        say("inner:%s ", cede_exception_name(e));
        return cede_str("caught");
    } cede_finally {
        say("inner-finally ");
    } cede_end
    return cede_none;
}

static cede_value awaits_catches(void *argument)
{
    cede_value volatile value = cede_none;

    cede_try {
        value = cede_await(cede_coroutine(catches, argument));
    } cede_finally {
        say("outer-finally ");
    } cede_end
    return value;
}

TEST(Y19_throw_goes_to_the_innermost)
{
    COROUTINE(coroutine, awaits_catches, NULL);

    say_send(coroutine, cede_none);
    cede_try {
        say_value(cede_coroutine_throw(coroutine, cede_KeyError));
    } cede_except (cede_StopIteration, e) {
        say("stop:%s", cede_value_str(cede_exception_value(e)));
    } cede_end
    CHECK_SAID("waiting inner:KeyError inner-finally outer-finally "
               "stop:caught");
}

TEST(Y19_close_closes_the_innermost_first)
{
    COROUTINE(coroutine, awaits_catches, NULL);

    say_send(coroutine, cede_none);
    cede_value_unref(cede_coroutine_close(coroutine));
    say_state(coroutine);
    CHECK_SAID("waiting inner-finally outer-finally CLOSED ");
}

TEST(G31_what_a_coroutine_awaits_is_visible)
{
    COROUTINE(coroutine, awaits_adds, NULL);

    CHECK_PTR(cede_coroutine_await(coroutine), NULL);
    say_send(coroutine, cede_none);
    CHECK(cede_isinstance(cede_coroutine_await(coroutine),
                          cede_impl_coroutine_class));
    say_send(coroutine, cede_int(1));
    say_send(coroutine, cede_int(1));
    CHECK_PTR(cede_coroutine_await(coroutine), NULL);
    CHECK_SAID("a b stop:1002 ");
}

/* ---- what is refused ----------------------------------------------------- */

TEST(T24_a_coroutine_is_used_once)
{
    COROUTINE(coroutine, says_its_state, &coroutine);

    say_send(coroutine, cede_none);
    say_send(coroutine, cede_none);
    SAY_RAISED(cede_coroutine_throw(coroutine, cede_KeyError));
    cede_value_unref(cede_coroutine_close(coroutine));
    CHECK_SAID("RUNNING stop:None RuntimeError:cannot reuse already awaited "
               "coroutine RuntimeError: cannot reuse already awaited "
               "coroutine\n");
}

static cede_value awaits_object(void *object)
{
    return cede_await(cede_ref((cede_object *)object));
}

TEST(T24_a_coroutine_is_awaited_by_one)
{
    COROUTINE(shared, adds, NULL);
    COROUTINE(first, awaits_object, shared);
    COROUTINE(second, awaits_object, shared);

    say_send(first, cede_none);
    say_send(second, cede_none);
    say_send(first, cede_int(1));
    say_send(first, cede_int(2));
    CHECK_SAID("a RuntimeError:coroutine is being awaited already b stop:3 ");
}

TEST(T24_a_coroutine_that_is_over_is_not_awaited)
{
    COROUTINE(used, says_its_state, &used);
    COROUTINE(late, awaits_object, used);

    say_send(used, cede_none);
    say_send(late, cede_none);
    CHECK_SAID("RUNNING stop:None RuntimeError:cannot reuse already awaited "
               "coroutine ");
}

static cede_value awaits_what_it_is_told(void *argument)
{
    return cede_await(cede_ref(*(cede_object **)argument));
}

TEST(a_coroutine_cannot_await_itself)
{
    cede_coroutine *self = NULL;

    self = cede_coroutine(awaits_what_it_is_told, &self);
    cede_defer(cede_unref, self);
    say_send(self, cede_none);
    CHECK_SAID("ValueError:coroutine already executing ");
}

TEST(a_just_started_coroutine_takes_none_only)
{
    COROUTINE(coroutine, adds, NULL);

    say_send(coroutine, cede_int(5));
    say_state(coroutine);
    cede_value_unref(cede_coroutine_close(coroutine));
    CHECK_SAID("TypeError:can't send non-None value to a just-started "
               "coroutine CREATED ");
}

static cede_value yields_itself(void *argument)
{
    (void)argument;
    cede_yield(1);
    return cede_none;
}

TEST(a_coroutine_does_not_yield)
{
    COROUTINE(coroutine, yields_itself, NULL);

    cede_try {
        cede_coroutine_send(coroutine, cede_none);
    } cede_except (cede_RuntimeError, e) {
        CHECK_CONTAINS(cede_exception_message(e), "yield inside a coroutine");
        say("refused");
    } cede_end
    CHECK_SAID("refused");
}

static cede_value raises_stop(void *argument)
{
    (void)argument;
    cede_raise(cede_StopIteration, "boom");
}

TEST(G04_a_coroutine_raises_no_StopIteration)
{
    COROUTINE(coroutine, raises_stop, NULL);

    cede_try {
        cede_coroutine_send(coroutine, cede_none);
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e), "coroutine raised StopIteration");
        CHECK(cede_exception_is(cede_exception_cause(e), cede_StopIteration));
        say("ok");
    } cede_end
    CHECK_SAID("ok");
}

static cede_value ignores_exit(void *argument)
{
    cede_try {
        trap("in");
    } cede_except (cede_GeneratorExit) {
        trap("still in");
    } cede_end
    return cede_pointer(argument);
}

TEST(G03_a_coroutine_may_refuse_to_close)
{
    COROUTINE(coroutine, ignores_exit, NULL);

    say_send(coroutine, cede_none);
    SAY_RAISED(cede_value_unref(cede_coroutine_close(coroutine)));
    say_state(coroutine);
    CHECK_SAID("in RuntimeError: coroutine ignored GeneratorExit\n"
               "SUSPENDED ");
    cede_value_unref(cede_coroutine_close(coroutine));
}

/* S127 */
TEST(a_coroutine_is_no_iterable)
{
    COROUTINE(coroutine, adds, NULL);

    SAY_RAISED(cede_unref(cede_iter(coroutine)));
    SAY_RAISED(cede_next(coroutine));
    SAY_RAISED(cede_for (v, cede_ref(coroutine)) say("never"));
    CHECK_SAID("TypeError: 'coroutine' object is not iterable\n"
               "TypeError: 'coroutine' object is not an iterator\n"
               "TypeError: 'coroutine' object is not iterable\n");
    cede_value_unref(cede_coroutine_close(coroutine));
}

static cede_value yields_from(void *iterable)
{
    return cede_yield_from(cede_ref((cede_object *)iterable));
}

TEST(yield_from_a_coroutine_is_for_marked_generators)
{
    COROUTINE(coroutine, adds, NULL);
    cede_generator *plain = cede_generator(yields_from, coroutine);
    cede_defer(cede_unref, plain);
    cede_generator *marked =
        cede_types_coroutine(cede_generator(yields_from, coroutine));
    cede_defer(cede_unref, marked);
    COROUTINE(yielder, yields_from, plain);

    SAY_RAISED(cede_next(plain));
    SAY_RAISED(cede_coroutine_send(yielder, cede_none));
    CHECK_SAID("TypeError: cannot 'yield from' a coroutine object in a "
               "non-coroutine generator\n"
               "RuntimeError: yield from inside a coroutine: use "
               "cede_await\n");
    say_value(cede_next(marked));
    CHECK_SAID("a");
}

/* ---- what may be awaited (S24, S125) ------------------------------------- */

static cede_value answer_body(void *argument)
{
    (void)argument;
    return cede_yield("question");
}

static void *await_generator(void *self)
{
    (void)self;
    return cede_generator(answer_body, NULL);
}

static void *await_coroutine(void *self)
{
    (void)self;
    return cede_coroutine(adds, NULL);
}

static void *await_self(void *self)
{
    return cede_ref((cede_object *)self);
}

static void *await_null(void *self)
{
    (void)self;
    return NULL;
}

static bool counts(void *self, cede_value *item)
{
    (void)self;
    *item = cede_int(7);
    return true;
}

static void *await_plain_iterator(void *self);

static const cede_awaitable_methods by_generator = {.await_ = await_generator};
static const cede_awaitable_methods by_coroutine = {.await_ = await_coroutine};
static const cede_awaitable_methods by_self = {.await_ = await_self};
static const cede_awaitable_methods by_null = {.await_ = await_null};
static const cede_awaitable_methods by_iterator = {
    .await_ = await_plain_iterator};
static const cede_awaitable_methods no_way;
static const cede_iterator_methods counter_methods = {.next = counts};

#define CLASS(identifier, ...) \
    static const cede_class identifier[1] = { \
        {.name = #identifier, .size = sizeof(cede_object), __VA_ARGS__}}
CLASS(Good, .awaitable = &by_generator);
CLASS(GivesCoroutine, .awaitable = &by_coroutine);
CLASS(GivesItself, .awaitable = &by_self);
CLASS(GivesNull, .awaitable = &by_null);
CLASS(GivesIterator, .awaitable = &by_iterator);
CLASS(NoWay, .awaitable = &no_way);
CLASS(Plain, .flags = 0);
CLASS(Counter, .iterator = &counter_methods);

static void *await_plain_iterator(void *self)
{
    (void)self;
    return cede_object_new(Counter);
}

static void await_one(const cede_class *object_class)
{
    void *object = cede_object_new(object_class);
    cede_defer(cede_unref, object);
    COROUTINE(coroutine, awaits_object, object);

    say_send(coroutine, cede_none);
    if (cede_getcoroutinestate(coroutine) == CEDE_CORO_SUSPENDED)
        say_send(coroutine, cede_str("answer"));
    say("\n");
}

TEST(what_await_takes)
{
    cede_generator *unmarked = cede_generator(answer_body, NULL);
    cede_defer(cede_unref, unmarked);
    COROUTINE(awaits_unmarked, awaits_object, unmarked);
    COROUTINE(awaits_null, awaits_object, NULL);

    await_one(Good);
    await_one(GivesIterator);
    await_one(GivesItself);
    await_one(GivesCoroutine);
    await_one(GivesNull);
    await_one(NoWay);
    await_one(Plain);
    say_send(awaits_unmarked, cede_none);
    say_send(awaits_null, cede_none);
    CHECK_SAID(
        "question stop:answer \n"
        "7 AttributeError:'Counter' object has no attribute 'send' \n"
        "TypeError:__await__() returned non-iterator of type 'GivesItself' \n"
        "TypeError:__await__() returned a coroutine \n"
        "TypeError:__await__() returned non-iterator of type 'NULL' \n"
        "TypeError:object NoWay can't be used in 'await' expression \n"
        "TypeError:object Plain can't be used in 'await' expression \n"
        "TypeError:object generator can't be used in 'await' expression "
        "TypeError:object NULL can't be used in 'await' expression ");
}

/* ---- nobody drives ------------------------------------------------------- */

static cede_value returns_five(void *argument)
{
    (void)argument;
    return cede_int(5);
}

TEST(await_outside_coroutines_is_a_call)
{
    say_value(cede_await(cede_coroutine(returns_five, NULL)));
    CHECK_SAID("5");
}

TEST(a_value_that_nobody_receives_is_an_error)
{
    cede_try {
        cede_await(cede_coroutine(adds, NULL));
    } cede_except (cede_RuntimeError, e) {
        CHECK_CONTAINS(cede_exception_message(e), "nobody drives");
        say("raised");
    } cede_end
    CHECK_SAID("raised");
}

static cede_value awaits_five(void *argument)
{
    cede_yield("first");
    cede_yield(cede_await(cede_coroutine(returns_five, argument)));
    return cede_none;
}

TEST(a_generator_may_await)
{
    cede_for (v, cede_generator(awaits_five, NULL)) {
        say_value(cede_value_ref(v));
        say(" ");
    }
    CHECK_SAID("first 5 ");
}

/* ---- arguments, and coroutines nobody awaits ----------------------------- */

struct pair {
    int64_t a, b;
};

static cede_value adds_pair(void *argument)
{
    const struct pair *pair = argument;

    return cede_int(pair->a + pair->b);
}

TEST(the_argument_is_copied)
{
    say_value(cede_await(cede_coroutine_with(adds_pair, ((struct pair){1, 2}))));
    CHECK_SAID("3");
}

static void forgets(void *unused)
{
    (void)unused;
    cede_unref(cede_coroutine(adds, NULL));
}

static void closes(void *unused)
{
    cede_coroutine *coroutine = cede_coroutine(adds, NULL);

    (void)unused;
    cede_value_unref(cede_coroutine_close(coroutine));
    cede_unref(coroutine);
}

TEST(T31_one_that_was_never_awaited_is_reported)
{
    char output[256];

    harness_capture(forgets, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "test_coroutine.c:");
    CHECK_CONTAINS(output,
                   "RuntimeWarning: coroutine 'adds' was never awaited");
    harness_capture(closes, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

/* --- inspect --- */

TEST(isgenerator_and_iscoroutine)
{
    cede_own (generator, cede_generator(trap_body, "word"));
    cede_own (coroutine, cede_coroutine(trap_body, "word"));
    cede_own (list, cede_list());

    CHECK(cede_isgenerator(generator) && !cede_iscoroutine(generator));
    CHECK(cede_iscoroutine(coroutine) && !cede_isgenerator(coroutine));
    CHECK(!cede_isgenerator(list) && !cede_iscoroutine(list));
    CHECK(!cede_isgenerator(NULL) && !cede_iscoroutine(NULL));
    cede_coroutine_close(coroutine);
}
