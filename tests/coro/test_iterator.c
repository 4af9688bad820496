/*
 * The two ways in which an iterator of a user's class may say its end: by
 * returning false and by raising StopIteration, and who understands which
 * (I02, I04, I06, Y13). The for statement's else (I09). What a loop closes when
 * it is left is in test_itertools.
 */
#include "value/said.h"

#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/itertools.h"

/* Counts to `end`; there it raises `what`, each time. */
struct stopper {
    cede_object head;
    int position;
    int end;
    cede_exception *what; /* owned */
};

static bool stopper_next(void *self, cede_value *item)
{
    struct stopper *stopper = self;

    if (stopper->position >= stopper->end)
        cede_raise(stopper->what);
    *item = cede_int(stopper->position++);
    return true;
}

static bool stopper_send(void *self, cede_value value, cede_value *item)
{
    cede_value_unref(value);
    say("send ");
    return stopper_next(self, item);
}

static bool stopper_throw(void *self, cede_exception *e, cede_value *item)
{
    struct stopper *stopper = self;

    (void)item;
    say("throw %s ", cede_exception_name(e));
    cede_raise(stopper->what);
}

static void stopper_destroy(void *self)
{
    cede_unref(((struct stopper *)self)->what);
}

static const cede_iterator_methods stopper_methods = {
    .next = stopper_next, .send = stopper_send, .throw_ = stopper_throw};
static const cede_class stopper_class[1] = {{.name = "Stopper",
                                             .size = sizeof(struct stopper),
                                             .destroy = stopper_destroy,
                                             .iterator = &stopper_methods}};

/* Takes the exception. */
static struct stopper *stop_with(int end, cede_exception *what)
{
    struct stopper *stopper;

    {
        cede_defer (cede_unref, what);
        stopper = cede_object_new(stopper_class);
        stopper->what = cede_ref(what);
    }
    stopper->end = end;
    return stopper;
}

static struct stopper *stop_at(int end)
{
    return stop_with(end, cede_exception(cede_StopIteration, NULL));
}

/* A StopIteration whose value is a string of its own. */
static cede_exception *stop_saying(const char *text)
{
    cede_exception *stop = cede_exception(cede_StopIteration, NULL);
    cede_defer (cede_unref, stop);

    cede_exception_set_value(stop, cede_str_copy(text));
    return cede_ref(stop);
}

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_value(v);
        say(" ");
    }
    say("|");
}

/* ---- for ----------------------------------------------------------------- */

TEST(I02_a_raised_StopIteration_is_the_end)
{
    say_all(stop_at(3));
    say_all(stop_at(0));
    CHECK_SAID("0 1 2 ||");
}

CEDE_EXCEPTION(MyStop, cede_StopIteration);

TEST(I02_of_a_derived_class_too)
{
    say_all(stop_with(2, cede_exception(MyStop, "mine")));
    CHECK_SAID("0 1 |");
}

TEST(I02_no_other_exception_is)
{
    static const cede_class *const others[] = {
        cede_StopAsyncIteration, cede_IndexError, cede_GeneratorExit,
        cede_RuntimeError};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        SAY_RAISED(say_all(stop_with(1, cede_exception(others[i], NULL))));
    CHECK_SAID("0 StopAsyncIteration: \n0 IndexError: \n0 GeneratorExit: \n"
               "0 RuntimeError: \n");
}

static void raise_in_the_body(void)
{
    cede_for (v, stop_at(3))
        cede_raise(cede_StopIteration, "body");
}

static void next_in_the_body(void *other)
{
    cede_for (v, stop_at(3)) {
        say_value(v);
        cede_next(other);
    }
}

/* Exactly that StopIteration: not one that the loop's body raises. */
TEST(I02_not_the_body_s)
{
    struct stopper *other = stop_at(1);
    cede_defer (cede_unref, other);

    SAY_RAISED(raise_in_the_body());
    SAY_RAISED(next_in_the_body(other));
    CHECK_SAID("StopIteration: body\n01StopIteration: \n");
}

static bool leaks_next(void *self, cede_value *item)
{
    *item = cede_next(((struct stopper *)self)->what);
    return true;
}

/* A next that lets the StopIteration of another iterator through ends as
   well; here `what` is that iterator. */
static const cede_iterator_methods leaks_methods = {.next = leaks_next};
static const cede_class leaks_class[1] = {{.name = "Leaks",
                                           .size = sizeof(struct stopper),
                                           .destroy = stopper_destroy,
                                           .iterator = &leaks_methods}};

static cede_value one_two(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_yield(2);
    return cede_none;
}

TEST(I02_one_that_leaks_through_next)
{
    struct stopper *leaks = cede_object_new(leaks_class);

    {
        cede_defer (cede_unref, leaks);
        leaks->what = (void *)cede_generator(one_two, NULL);
        say_all(cede_ref(leaks));
        say_all(cede_ref(leaks));
    }
    CHECK_SAID("1 2 ||");
}

/* What is being handled is what it was, after the loop as before. */
TEST(I02_leaves_nothing_being_handled)
{
    cede_try {
        say_all(stop_at(1));
        cede_raise(cede_KeyError);
    } cede_except (cede_KeyError, e) {
        CHECK_PTR(cede_exception_context(e), NULL);
    } cede_end
    CHECK_RAISES(cede_RuntimeError, cede_reraise());
    CHECK_SAID("0 |");
}

/* ---- next ---------------------------------------------------------------- */

TEST(I02_next_raises_it_on)
{
    cede_exception *stop = stop_saying("five");
    cede_defer (cede_unref, stop);
    struct stopper *stopper = stop_with(0, cede_ref(stop));
    cede_defer (cede_unref, stopper);

    cede_try {
        cede_next(stopper);
    } cede_except (cede_StopIteration, e) {
        CHECK_PTR(e, stop);
        say("caught");
    } cede_end
    CHECK_SAID("caught");
}

TEST(next_or_end_takes_its_value)
{
    struct stopper *stopper = stop_with(1, stop_saying("final"));
    cede_defer (cede_unref, stopper);
    cede_value item;

    CHECK(cede_next_or_end(stopper, &item));
    CHECK(!cede_next_or_end(stopper, &item));
    say_value(item);
    CHECK_SAID("final");
}

/* I06 */
TEST(I06_the_default_instead_of_a_raised_StopIteration)
{
    struct stopper *stopper = stop_with(1, stop_saying("final"));
    cede_defer (cede_unref, stopper);
    struct stopper *fails = stop_with(0, cede_exception(cede_KeyError, NULL));
    cede_defer (cede_unref, fails);

    for (int i = 0; i < 3; i++) {
        say_value(cede_next_default(stopper, 9));
        say(" ");
    }
    SAY_RAISED(cede_next_default(fails, 9));
    CHECK_SAID("0 9 9 KeyError: \n");
}

/* ---- yield from ---------------------------------------------------------- */

static cede_value delegates(void *iterator)
{
    cede_value result = cede_yield_from(cede_ref((cede_object *)iterator));

    say("result ");
    say_value(result);
    cede_yield("after");
    return cede_none;
}

TEST(Y13_a_raised_StopIteration_is_the_value)
{
    struct stopper *stopper = stop_with(1, stop_saying("final"));
    cede_defer (cede_unref, stopper);

    say_all(cede_generator(delegates, stopper));
    CHECK_SAID("0 result finalafter |");
}

/* The text of one that has nothing else is its only argument. */
TEST(Y13_a_message_is_a_value)
{
    struct stopper *stopper =
        stop_with(0, cede_exception(cede_StopIteration, "%s", "text"));
    cede_defer (cede_unref, stopper);
    cede_value item;

    say_all(cede_generator(delegates, stopper));
    CHECK(!cede_next_or_end(stopper, &item));
    say_value(item);
    CHECK_SAID("result textafter |text");
}

TEST(Y13_raised_by_send_and_by_throw)
{
    struct stopper *stopper = stop_with(1, stop_saying("final"));
    cede_defer (cede_unref, stopper);
    cede_generator *g = cede_generator(delegates, stopper);
    cede_defer (cede_unref, g);

    say_value(cede_next(g));
    say_value(cede_generator_send(g, 1));
    CHECK_SAID("0send result finalafter");

    stopper->position = 0;
    cede_generator *h = cede_generator(delegates, stopper);
    cede_defer (cede_unref, h);
    say_value(cede_next(h));
    say_value(cede_generator_throw(h, cede_KeyError));
    CHECK_SAID("0throw KeyError result finalafter");
}

/* ---- combinators of them ------------------------------------------------- */

TEST(I02_sources_of_combinators)
{
    say_all(cede_chain(stop_at(2), stop_at(0), stop_at(1)));
    say_all(cede_islice(stop_at(2), 5));
    say_all(cede_filter(NULL, stop_at(3)));
    CHECK_SAID("0 1 0 |0 1 |1 2 |");
}

/* ---- else ---------------------------------------------------------------- */

static void search(int wanted, int raises_at)
{
    cede_for_else (v, stop_at(3)) {
        say_value(v);
        if (cede_value_int(v) == raises_at)
            cede_raise(cede_ValueError);
        if (cede_value_int(v) == wanted)
            break;
        continue;
    } cede_else {
        say("else");
    } cede_end
    say(".");
}

TEST(I09_else_after_exhaustion_only)
{
    search(7, 7);
    search(1, 7);
    SAY_RAISED(search(7, 1));
    CHECK_SAID("012else.01.01ValueError: \n");
}

static int returns(bool in_else)
{
    cede_for_else (v, stop_at(in_else ? 0 : 2)) {
        return 1;
    } cede_else {
        say("else");
        return 2;
    } cede_end
    return 3;
}

TEST(I09_not_after_return)
{
    CHECK_INT(returns(false), 1);
    CHECK_INT(returns(true), 2);
    CHECK_SAID("else");
}

TEST(I09_else_when_there_was_nothing)
{
    cede_for_else (v, stop_at(0)) {
        say("never");
    } cede_else {
        say("else");
    } cede_end
    CHECK_SAID("else");
}
