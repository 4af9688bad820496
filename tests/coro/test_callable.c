/*
 * iter(callable, sentinel): rules I04 and I05. Ported from CPython's
 * test_iter.py, in own words.
 */
#include "value/said.h"

#include "cede/exception.h"
#include "cede/iterator.h"

/* Counts its calls; raises what it is told to at a number. */
struct counter {
    int calls;
    int raises_at;
    const cede_class *what;
    void *iterator; /* borrowed: called by itself at 2 */
};

static cede_value count(void *argument)
{
    struct counter *counter = argument;
    int number = counter->calls++;

    if (counter->what && number == counter->raises_at)
        cede_raise(counter->what, "at %d", number);
    return cede_int(number);
}

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_value(cede_value_ref(v));
        say(" ");
    }
}

TEST(I05_until_the_sentinel_which_is_not_delivered)
{
    struct counter counter = {0};

    say_all(cede_iter_callable(count, &counter, 4));
    CHECK_SAID("0 1 2 3 ");
    CHECK_INT(counter.calls, 5);
}

TEST(I05_then_it_is_never_called_again)
{
    struct counter counter = {0};
    void *it = cede_iter_callable(count, &counter, 2);
    cede_defer (cede_unref, it);
    cede_value item;

    say_all(cede_ref(it));
    CHECK_INT(counter.calls, 3);
    CHECK(!cede_next_or_end(it, &item));
    CHECK_INT(cede_value_int(cede_next_default(it, 9)), 9);
    SAY_RAISED(cede_next(it));
    say_all(cede_ref(it));
    CHECK_INT(counter.calls, 3);
    CHECK_SAID("0 1 StopIteration: \n");
}

TEST(I05_a_sentinel_that_never_comes)
{
    struct counter counter = {0};

    cede_for (v, cede_iter_callable(count, &counter, "never")) {
        say_value(v);
        if (cede_value_int(v) == 3)
            break;
    }
    CHECK_SAID("0123");
}

/* The same as in Python: == decides. */
TEST(I05_equal_is_enough)
{
    struct counter counter = {0};

    say_all(cede_iter_callable(count, &counter, 3.0));
    counter.calls = 0;
    say_all(cede_iter_callable(count, &counter, (bool)true));
    CHECK_SAID("0 1 2 0 ");
}

/* I05: StopIteration of the function ends it for good; other exceptions do
   not. */
TEST(I05_StopIteration_of_the_callable)
{
    struct counter counter = {.raises_at = 2, .what = cede_StopIteration};
    void *it = cede_iter_callable(count, &counter, 9);
    cede_defer (cede_unref, it);

    say_all(cede_ref(it));
    say_all(cede_ref(it));
    SAY_RAISED(cede_next(it));
    CHECK_SAID("0 1 StopIteration: \n");
    CHECK_INT(counter.calls, 3);
}

TEST(I05_other_exceptions_propagate_and_end_nothing)
{
    struct counter counter = {.raises_at = 1, .what = cede_RuntimeError};
    void *it = cede_iter_callable(count, &counter, 3);
    cede_defer (cede_unref, it);

    SAY_RAISED(say_all(cede_ref(it)));
    say_all(cede_ref(it));
    CHECK_SAID("0 RuntimeError: at 1\n2 ");
}

static cede_value next_word(void *argument)
{
    const char ***words = argument;

    return cede_str_copy(*(*words)++);
}

/* Values that own something: the items, the sentinel, the one that equals it. */
TEST(strings)
{
    const char *words[] = {"one", "two", "end", NULL}, **at = words;

    say_all(cede_iter_callable(next_word, &at, cede_str_copy("end")));
    CHECK_SAID("one two ");
    cede_unref(cede_iter_callable(next_word, &at, cede_str_copy("unused")));
}

static cede_value uses_its_iterator(void *argument)
{
    struct counter *counter = argument;
    int number = counter->calls++;
    cede_value item;

    if (number == 1) {
        CHECK(!cede_next_or_end(counter->iterator, &item));
        say("inner ");
    }
    return number == 2 ? cede_str("end") : cede_str_copy("dropped");
}

/* The function brings its iterator to the end while it is being called: what
   it returns then is not delivered. */
TEST(a_callable_that_ends_its_own_iterator)
{
    struct counter counter = {0};
    void *it = counter.iterator =
        cede_iter_callable(uses_its_iterator, &counter, cede_str_copy("end"));
    cede_defer (cede_unref, it);
    cede_value item;

    cede_value_unref(cede_next(it));
    CHECK(!cede_next_or_end(it, &item));
    CHECK(!cede_next_or_end(it, &item));
    CHECK_INT(counter.calls, 3);
    CHECK_SAID("inner ");
}

/* ---- objects that are compared by a user's eq ---------------------------- */

struct picky {
    cede_object head;
    int number;
};

static bool picky_eq(void *self, void *other)
{
    (void)other;
    say("eq ");
    if (((struct picky *)self)->number == 0)
        cede_raise(cede_ValueError, "eq");
    return true;
}

static void picky_destroy(void *self)
{
    (void)self;
    say("~");
}

static const cede_object_methods picky_methods = {.eq = picky_eq};
static const cede_class picky_class[1] = {{.name = "Picky",
                                           .size = sizeof(struct picky),
                                           .destroy = picky_destroy,
                                           .object = &picky_methods}};

static cede_value make_picky(void *argument)
{
    struct picky *picky = cede_object_new(picky_class);

    picky->number = *(int *)argument;
    return cede_object(picky);
}

TEST(comparing_may_raise)
{
    int number = 0;
    void *it = cede_iter_callable(make_picky, &number, make_picky(&number));
    cede_defer (cede_unref, it);

    SAY_RAISED(cede_value_unref(cede_next(it)));
    CHECK_SAID("eq ~ValueError: eq\n");
}

/* What was returned is given up, once. */
TEST(an_item_lost_to_comparing)
{
    int number = 0;

    SAY_RAISED(
        say_all(cede_iter_callable(make_picky, &number, make_picky(&number))));
    CHECK_SAID("eq ~~ValueError: eq\n");
}

TEST(objects_that_say_they_are_equal)
{
    int number = 1;
    void *it = cede_iter_callable(make_picky, &number, make_picky(&number));
    cede_defer (cede_unref, it);
    cede_value item;

    CHECK(!cede_next_or_end(it, &item));
    CHECK_SAID("eq ~~");
}
