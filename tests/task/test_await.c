/*
 * What may be awaited in a task, and what comes of it: rules T16, T32.
 */
#include "world.h"

#include "cede/print.h"

/* --- what an awaited thing may yield --- */

/* Yields the value and says what is thrown in. */
static cede_value yields(void *value)
{
    cede_try {
        cede_yield(cede_value_ref(*(cede_value *)value));
        say("went on");
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_int(7);
}

/* Gives the value up. */
static int64_t await_what_yields(cede_value given)
{
    cede_auto (cede_value, value, drop_value) = given;

    return cede_value_int(cede_await(
        cede_types_coroutine(cede_generator(yields, &value))));
}

static cede_value says(void *text)
{
    say("%s", (const char *)text);
    return cede_none;
}

static cede_value none_is_a_turn(void *arg)
{
    cede_auto (cede_task *, other, drop) = cede_create_task(says, "other");
    volatile int64_t result;

    (void)arg;
    result = await_what_yields(cede_none);
    say("%d", (int)result);
    return cede_none;
}

/* T16 */
TEST(T16_yielding_none_is_one_turn_of_the_loop)
{
    expect(none_is_a_turn, "other;went on;7;");
}

static cede_value other_values(void *arg)
{
    (void)arg;
    await_what_yields(cede_int(5));
    await_what_yields(cede_str("text"));
    await_what_yields(cede_bool(false));
    return cede_none;
}

TEST(T16_anything_else_is_a_mistake_and_is_thrown_in)
{
    expect(other_values, "Task got bad yield: 5;Task got bad yield: 'text';"
                         "Task got bad yield: False;");
}

static cede_value objects(void *arg)
{
    cede_auto (cede_future *, future, drop) =
        cede_loop_create_future(cede_get_running_loop());
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(says, "never");

    (void)arg;
    cede_task_set_name(cede_current_task(), "T");
    await_what_yields(cede_object(cede_ref(future)));
    await_what_yields(cede_object(cede_ref(generator)));
    say("%d", cede_future_done(future));
    return cede_none;
}

TEST(T16_a_future_or_a_generator_is_to_be_awaited)
{
    expect(objects,
           "yield was used instead of yield from in task T with "
           "<Future pending>;"
           "yield was used instead of yield from for generator in task T with "
           "<generator object says>;0;");
}

CEDE_EXCEPTION(Mishap, cede_Exception);

static cede_value shows_badly(void *self)
{
    (void)self;
    cede_raise(Mishap);
}

static const cede_object_methods bad_looks = {.repr = shows_badly};
static CEDE_CLASS(Shy, struct cede_object, .object = &bad_looks);

static cede_value yields_shy(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(cede_object(cede_object_new(Shy)));
    } cede_except (Mishap) {
        say("Mishap");
    } cede_end
    return cede_none;
}

static cede_value what_cannot_be_shown(void *arg)
{
    (void)arg;
    cede_await(cede_types_coroutine(cede_generator(yields_shy, NULL)));
    return cede_none;
}

TEST(T16_a_value_that_cannot_be_shown)
{
    expect(what_cannot_be_shown, "Mishap;");
}

/* --- a coroutine that awaits belongs to the task it waits in --- */

static cede_value awaits(void *future)
{
    return cede_await(cede_ref((cede_future *)future));
}

static cede_value awaits_coroutine(void *coroutine)
{
    return cede_await(cede_ref((cede_coroutine *)coroutine));
}

static void try_throw(cede_coroutine *coroutine)
{
    cede_try {
        cede_coroutine_throw(coroutine, cede_ValueError);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

static cede_value throw_from_elsewhere(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_coroutine *coroutine = keep(cede_coroutine(awaits, future));
    cede_auto (cede_task *, task, drop) =
        cede_create_task(awaits_coroutine, coroutine);

    (void)arg;
    cede_sleep(0);
    try_throw(coroutine);
    say("pending %d", !cede_future_done(future));
    cede_future_set_result(future, 3);
    say("%d", (int)cede_value_int(cede_await(cede_ref(task))));
    return cede_none;
}

/* T32: what is thrown does not get at the future, nor, here, at the coroutine,
   whose task alone can go on in it. */
TEST(T32_throwing_into_a_coroutine_leaves_the_future_it_awaits_pending,
     .shuffle = false)
{
    expect(throw_from_elsewhere,
           "coroutine 'awaits' is already running: it awaits in another task;"
           "pending 1;3;");
}
