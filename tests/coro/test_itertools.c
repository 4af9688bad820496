/*
 * map, filter, zip, enumerate, chain, islice: what they give, what they leave
 * of their sources, and when they close them. Expected behaviour is CPython's,
 * from test_builtin.py, test_enumerate.py and test_itertools.py, in own words;
 * that a loop's end closes what only a combinator holds is cede's own.
 */
#include "value/said.h"

#include "cede/array.h"
#include "cede/generator.h"
#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/list.h"
#include "cede/memory.h"
#include "cede/range.h"
#include "cede/tuple.h"

#include <math.h>

static void say_item(cede_value item)
{
    if (cede_value_kind(item) != CEDE_OBJECT) {
        say_value(cede_value_ref(item));
        return;
    }
    cede_tuple *tuple = cede_value_object(item);

    say("(");
    for (size_t i = 0; i < cede_tuple_size(tuple); i++) {
        say(i ? "," : "");
        say_item(cede_tuple_get(tuple, (int64_t)i));
    }
    say(")");
}

static void say_all(void *iterable)
{
    cede_for (v, iterable) {
        say_item(v);
        say(" ");
    }
    say("|");
}

static void say_first(void *iterable)
{
    cede_for (v, iterable) {
        say_item(v);
        say(" ");
        break;
    }
    say("|");
}

static void say_next(void *iterator)
{
    cede_value item;
    bool more = cede_next_or_end(iterator, &item);

    if (more)
        say_item(item);
    else
        say("end");
    cede_value_unref(item);
    say(" ");
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

/* Strings of its own from "a" on, as many as the argument says; says when it
   has been left. */
static cede_value letters(void *count)
{
    cede_try {
        for (int i = 0; i < *(int *)count; i++) {
            char letter[] = {(char)('a' + i), '\0'};

            cede_yield(cede_str_copy(letter));
        }
    } cede_finally {
        say("[left %d]", *(int *)count);
    } cede_end
    return cede_str_copy("result");
}
#define LETTERS(count) cede_generator_with(letters, (int){count})

static cede_value square(cede_value item)
{
    return cede_int(cede_value_int(item) * cede_value_int(item));
}

static bool is_odd(cede_value item)
{
    return cede_value_int(item) % 2 != 0;
}

static cede_value same(cede_value item)
{
    return cede_value_ref(item);
}

static bool always(cede_value item)
{
    (void)item;
    return true;
}

static bool not_b(cede_value item)
{
    return strcmp(cede_value_str(item), "b") != 0;
}

/* ---- what they give ------------------------------------------------------ */

TEST(map)
{
    say_all(cede_map(square, cede_range(4)));
    say_all(cede_map(same, LETTERS(3)));
    say_all(cede_map(square, cede_range(0)));
    CHECK_SAID("0 1 4 9 |a b c [left 3]||");
}

TEST(filter)
{
    say_all(cede_filter(is_odd, cede_range(6)));
    say_all(cede_filter(not_b, LETTERS(3)));
    CHECK_SAID("1 3 5 |a c [left 3]|");
}

TEST(filter_by_truth)
{
    cede_value values[] = {
        cede_none,       cede_bool(true), cede_bool(false),
        cede_int(0),     cede_int(2),     cede_float(0),
        cede_float(0.5), cede_str(""),    cede_str("s"),
    };

    say_all(cede_filter(NULL, cede_array(values, 9)));
    CHECK_SAID("True 2 0.5 s |");
}

TEST(zip)
{
    say_all(cede_zip(cede_range(3), LETTERS(3)));
    say_all(cede_zip(cede_range(2)));
    say_all(cede_zip(cede_range(1), cede_range(2), cede_range(3)));
    say_all(cede_zip());
    CHECK_SAID("(0,a) (1,b) (2,c) [left 3]|(0) (1) |(0,0,0) ||");
}

TEST(zip_stops_at_the_shortest)
{
    say_all(cede_zip(cede_range(2), cede_range(9)));
    say_all(cede_zip(cede_range(9), cede_range(2)));
    say_all(cede_zip(cede_range(9), cede_range(0), cede_range(9)));
    CHECK_SAID("(0,0) (1,1) |(0,0) (1,1) ||");
}

/* What was drawn for a tuple that is not completed is gone, and the sources
   behind the one that ended have not been asked. */
TEST(zip_drops_what_it_cannot_use)
{
    cede_generator *first = LETTERS(9);
    cede_defer (cede_unref, first);
    cede_generator *last = LETTERS(8);
    cede_defer (cede_unref, last);

    say_all(cede_zip(cede_ref(first), cede_range(1), cede_ref(last)));
    say_next(first);
    say_next(last);
    CHECK_SAID("(a,0,a) |c b ");
    cede_generator_close(first);
    cede_generator_close(last);
}

TEST(enumerate)
{
    say_all(cede_enumerate(LETTERS(2)));
    say_all(cede_enumerate(LETTERS(2), 7));
    say_all(cede_enumerate(cede_range(2), -1));
    CHECK_SAID("(0,a) (1,b) [left 2]|(7,a) (8,b) [left 2]|(-1,0) (0,1) |");
}

TEST(enumerate_does_not_wrap_around)
{
    SAY_RAISED(say_all(cede_enumerate(LETTERS(3), INT64_MAX - 1)));
    CHECK_SAID("(9223372036854775806,a) (9223372036854775807,b) [left 3]"
               "OverflowError: enumerate() has counted to INT64_MAX\n");
}

TEST(chain)
{
    say_all(
        cede_chain(cede_range(2), LETTERS(1), cede_range(0), cede_range(5, 7)));
    say_all(cede_chain(cede_range(0)));
    say_all(cede_chain());
    CHECK_SAID("0 1 a [left 1]5 6 |||");
}

TEST(islice)
{
    say_all(cede_islice(cede_range(9), 3));
    say_all(cede_islice(cede_range(9), 0));
    say_all(cede_islice(cede_range(2), 5));
    say_all(cede_islice(cede_range(9), 2, 5));
    say_all(cede_islice(cede_range(9), 5, 2));
    say_all(cede_islice(cede_range(9), 1, 8, 3));
    say_all(cede_islice(cede_range(9), 6, INT64_MAX));
    say_all(cede_islice(cede_range(9), 0, INT64_MAX, 4));
    say_all(cede_islice(cede_range(9), 0, INT64_MAX, INT64_MAX));
    CHECK_SAID("0 1 2 ||0 1 |2 3 4 ||1 4 7 |6 7 8 |0 4 8 |0 |");
}

/* How much is drawn: CPython's test_itertools, "test exhausted". */
TEST(islice_draws_no_more_than_it_must)
{
    static const struct {
        int64_t start, stop, step, next;
    } cases[] = {
        {0, 3, 1, 3}, {5, 2, 1, 5}, {0, 7, 3, 7}, {1, 6, 3, 6}, {0, 0, 1, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cede_range *range = cede_range(10);
        cede_defer (cede_unref, range);
        void *it = cede_iter(range);
        cede_defer (cede_unref, it);

        cede_for (v, cede_islice(cede_ref(it), cases[i].start, cases[i].stop,
                                 cases[i].step))
            ;
        CHECK_INT(cede_value_int(cede_next(it)), cases[i].next);
    }
}

TEST(islice_of_what_is_no_slice)
{
    SAY_RAISED(cede_unref(cede_islice(cede_range(3), -1)));
    SAY_RAISED(cede_unref(cede_islice(cede_range(3), -1, 2)));
    SAY_RAISED(cede_unref(cede_islice(cede_range(3), 0, -1)));
    SAY_RAISED(cede_unref(cede_islice(cede_range(3), 0, 2, 0)));
    SAY_RAISED(cede_unref(cede_islice(cede_range(3), 0, 2, -1)));
    CHECK_SAID("ValueError: Stop argument for islice() must be None or an "
               "integer: 0 <= x <= sys.maxsize.\n"
               "ValueError: Indices for islice() must be None or an integer: "
               "0 <= x <= sys.maxsize.\n"
               "ValueError: Stop argument for islice() must be None or an "
               "integer: 0 <= x <= sys.maxsize.\n"
               "ValueError: Step for islice() must be a positive integer or "
               "None.\n"
               "ValueError: Step for islice() must be a positive integer or "
               "None.\n");
}

TEST(all_of_them_in_a_row)
{
    say_all(cede_enumerate(cede_islice(
        cede_map(square,
                 cede_filter(is_odd, cede_chain(cede_range(4), cede_range(8)))),
        1, 5)));
    say_all(cede_zip(cede_zip(cede_range(2), LETTERS(2)), cede_range(2)));
    CHECK_SAID("(0,9) (1,1) (2,9) (3,25) |"
               "((0,a),0) ((1,b),1) [left 2]|");
}

/* ---- what they are ------------------------------------------------------- */

/* Makes each of them over an iterable, which it takes. */
static void *make(int which, void *iterable)
{
    switch (which) {
    case 0:
        return cede_map(same, iterable);
    case 1:
        return cede_filter(always, iterable);
    case 2:
        return cede_zip(iterable);
    case 3:
        return cede_enumerate(iterable);
    case 4:
        return cede_chain(iterable);
    default:
        return cede_islice(iterable, INT64_MAX);
    }
}
enum { KINDS = 6, CHAIN = 4, ISLICE = 5 };

/* I01, I04: iterators, and at the end of what they draw from at theirs. */
TEST(I01_each_is_its_own_iterator)
{
    for (int kind = 0; kind < KINDS; kind++) {
        void *it = make(kind, cede_range(2));
        cede_defer (cede_unref, it);
        void *iter = cede_iter(it);
        cede_value item;

        CHECK_PTR(iter, it);
        cede_unref(iter);
        for (int i = 0; i < 2; i++) {
            CHECK(cede_next_or_end(it, &item));
            cede_value_unref(item);
        }
        for (int i = 0; i < 3; i++)
            CHECK(!cede_next_or_end(it, &item));
        CHECK_RAISES(cede_StopIteration, cede_next(it));
    }
}

/* A generator's return value is not theirs. */
TEST(their_end_has_no_value)
{
    for (int kind = 0; kind < KINDS; kind++) {
        void *it = make(kind, LETTERS(0));
        cede_defer (cede_unref, it);
        cede_value item;

        CHECK(!cede_next_or_end(it, &item));
        CHECK(cede_is_none(item));
    }
}

TEST(nothing_is_drawn_before_an_item_is_asked_for)
{
    for (int kind = 0; kind < KINDS; kind++) {
        cede_generator *g = LETTERS(1);
        cede_defer (cede_unref, g);

        cede_unref(make(kind, cede_ref(g)));
        CHECK(cede_getgeneratorstate(g) == CEDE_GEN_CREATED);
    }
    CHECK_SAID("");
}

TEST(I08_sources_that_cannot_be_iterated)
{
    for (int kind = 0; kind < KINDS; kind++)
        SAY_RAISED(say_all(make(kind, cede_object_new(plain_class))));
    SAY_RAISED(cede_unref(
        cede_zip(LETTERS(1), cede_object_new(plain_class), LETTERS(2))));
    SAY_RAISED(cede_unref(cede_map(same, NULL)));
    CHECK_SAID("TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'NULL' object is not iterable\n");
}

/* ---- chain's turns ------------------------------------------------------- */

static void *refuses_iter(void *self)
{
    (void)self;
    cede_raise(cede_RuntimeError, "iter");
}

static const cede_iterator_methods refuses_methods = {.iter = refuses_iter};
static const cede_class refuses_class[1] = {{.name = "Refuses",
                                             .size = sizeof(cede_object),
                                             .iterator = &refuses_methods}};

/* chain asks for iter() of a source when its turn comes; one that fails ends
   the chain, and the rest is not looked at. */
TEST(chain_opens_each_when_its_turn_comes)
{
    void *it =
        cede_chain(cede_range(1), cede_object_new(refuses_class), LETTERS(2));
    cede_defer (cede_unref, it);

    say_next(it);
    SAY_RAISED(say_next(it));
    say_next(it);
    say_next(it);
    CHECK_SAID("0 RuntimeError: iter\nend end ");
}

/* A source that has ended is given up before the next is opened. */
TEST(chain_gives_up_what_has_ended)
{
    cede_generator *g = LETTERS(1);
    void *it;

    {
        cede_defer (cede_unref, g);
        it = cede_chain(cede_ref(g), cede_range(2));
        cede_defer (cede_unref, it);
        say_next(it);
        CHECK_INT(g->head.references, 2);
        say_next(it);
        CHECK_INT(g->head.references, 1);
    }
    CHECK_SAID("a [left 1]0 ");
}

TEST(chain_of_nothing_at_all)
{
    SAY_RAISED(say_all(cede_chain(cede_range(1), NULL)));
    CHECK_SAID("TypeError: 'NULL' object is not iterable\n");
}

/* ---- exceptions ---------------------------------------------------------- */

static void loops_over(void *iterable)
{
    cede_for (v, iterable)
        break;
}

/* Counts up; raises at 1, and then goes on. */
struct stumbler {
    cede_object head;
    int position;
};

static bool stumbler_next(void *self, cede_value *item)
{
    struct stumbler *stumbler = self;
    int position = stumbler->position++;

    if (position == 1)
        cede_raise(cede_RuntimeError, "stumbled");
    *item = cede_int(position);
    return position < 3;
}

static const cede_iterator_methods stumbler_methods = {.next = stumbler_next};
static const cede_class stumbler_class[1] = {{.name = "Stumbler",
                                              .size = sizeof(struct stumbler),
                                              .iterator = &stumbler_methods}};

/* The exception ends nothing but islice, as in CPython. */
TEST(a_source_that_raises_and_goes_on)
{
    for (int kind = 0; kind < KINDS; kind++) {
        void *it = make(kind, cede_object_new(stumbler_class));
        cede_defer (cede_unref, it);

        say_next(it);
        SAY_RAISED(say_next(it));
        say_next(it);
        say_next(it);
        say("\n");
    }
    CHECK_SAID("0 RuntimeError: stumbled\n2 end \n"
               "0 RuntimeError: stumbled\n2 end \n"
               "(0) RuntimeError: stumbled\n(2) end \n"
               "(0,0) RuntimeError: stumbled\n(1,2) end \n"
               "0 RuntimeError: stumbled\n2 end \n"
               "0 RuntimeError: stumbled\nend end \n");
}

/* zip: what earlier sources gave for that tuple is gone. */
TEST(zip_with_one_that_raises)
{
    void *it = cede_zip(LETTERS(9), cede_object_new(stumbler_class));
    cede_defer (cede_unref, it);

    say_next(it);
    SAY_RAISED(say_next(it));
    say_next(it);
    CHECK_SAID("(a,0) RuntimeError: stumbled\n(c,2) ");
}

static cede_value raises_at_b(cede_value item)
{
    if (!not_b(item))
        cede_raise(cede_RuntimeError, "b");
    return cede_value_ref(item);
}

static cede_value stops_at_b(cede_value item)
{
    if (!not_b(item))
        cede_raise(cede_StopIteration);
    return cede_value_ref(item);
}

static bool raises_on_b(cede_value item)
{
    cede_value_unref(raises_at_b(item));
    return true;
}

static bool stops_on_b(cede_value item)
{
    cede_value_unref(stops_at_b(item));
    return true;
}

TEST(a_function_that_raises)
{
    void *mapped = cede_map(raises_at_b, LETTERS(3));
    cede_defer (cede_unref, mapped);
    void *filtered = cede_filter(raises_on_b, LETTERS(3));
    cede_defer (cede_unref, filtered);

    for (int i = 0; i < 2; i++) {
        void *it = i ? filtered : mapped;

        say_next(it);
        SAY_RAISED(say_next(it));
        say_next(it);
        say_next(it);
    }
    CHECK_SAID(
        "a RuntimeError: b\nc [left 3]end a RuntimeError: b\nc [left 3]end ");
}

static void give_up(cede_value *value)
{
    cede_value_unref(*value);
}

static cede_value gives_twice(void *value)
{
    cede_yield(cede_value_ref(*(cede_value *)value));
    cede_yield(cede_value_ref(*(cede_value *)value));
    return cede_none;
}

/* What was drawn when it raised is given up, once. */
TEST(an_item_lost_to_an_exception)
{
    cede_value text = cede_none;
    cede_defer (give_up, &text);

    text = cede_str_copy("b");
    for (int kind = 0; kind < 4; kind++) {
        void *source = cede_generator(gives_twice, &text);

        SAY_RAISED(loops_over(kind == 0   ? cede_map(raises_at_b, source)
                              : kind == 1 ? cede_filter(raises_on_b, source)
                              : kind == 2 ? cede_map(stops_at_b, source)
                                          : cede_filter(stops_on_b, source)));
        CHECK_INT(text.as.object->references, 1);
    }
    CHECK_SAID("RuntimeError: b\nRuntimeError: b\nnothing raised\n"
               "nothing raised\n");
}

/* Python's map knows nothing of it: whoever iterates takes it for the end. */
TEST(I02_a_function_that_raises_StopIteration)
{
    void *mapped = cede_map(stops_at_b, LETTERS(3));
    cede_defer (cede_unref, mapped);
    void *filtered = cede_filter(stops_on_b, LETTERS(3));
    cede_defer (cede_unref, filtered);

    for (int i = 0; i < 2; i++) {
        void *it = i ? filtered : mapped;

        say_all(cede_ref((cede_object *)it));
        say_all(cede_ref((cede_object *)it));
    }
    CHECK_SAID("a |c [left 3]|a |c [left 3]|");
}

/* ---- closing ------------------------------------------------------------- */

/* The end of the loop closes a generator that only the combinator holds. */
TEST(the_end_of_a_loop_closes_what_it_alone_holds)
{
    for (int kind = 0; kind < KINDS; kind++) {
        cede_for (v, make(kind, LETTERS(3)))
            break;
        say("|");
    }
    CHECK_SAID("[left 3]|[left 3]|[left 3]|[left 3]|[left 3]|[left 3]|");
}

TEST(through_a_whole_row_of_them)
{
    cede_for (v, cede_enumerate(cede_zip(cede_map(same, LETTERS(3)),
                                         cede_filter(always, LETTERS(4)))))
        break;
    CHECK_SAID("[left 4][left 3]");
}

static cede_value fails_at_exit(void *unused)
{
    (void)unused;
    cede_try {
        for (;;)
            cede_yield(1);
    } cede_finally {
        cede_raise(cede_RuntimeError, "from finally");
    } cede_end
    return cede_none;
}

/* What closing raises is raised where the loop is left. */
TEST(what_closing_raises_comes_out_of_the_loop)
{
    for (int kind = 0; kind < KINDS; kind++)
        SAY_RAISED(loops_over(make(kind, cede_generator(fails_at_exit, NULL))));
    CHECK_SAID("RuntimeError: from finally\nRuntimeError: from finally\n"
               "RuntimeError: from finally\nRuntimeError: from finally\n"
               "RuntimeError: from finally\nRuntimeError: from finally\n");
}

/* All are closed, the last first; the exceptions chain. */
TEST(zip_closes_all_whatever_one_raises)
{
    cede_try {
        loops_over(cede_zip(cede_generator(fails_at_exit, NULL), LETTERS(2),
                            cede_generator(fails_at_exit, NULL), LETTERS(4)));
    } cede_except (cede_RuntimeError, e) {
        const cede_exception *exit = cede_exception_context(e);

        say_exception(e);
        say_exception(exit);
        say_exception(cede_exception_context(exit));
    } cede_end
    CHECK_SAID("[left 4][left 2]RuntimeError('from finally')GeneratorExit()"
               "RuntimeError('from finally')");
}

/* A generator, or a combinator, that somebody else holds stays as it is. */
TEST(G19_what_others_hold_stays_suspended)
{
    for (int kind = 0; kind < KINDS; kind++) {
        cede_generator *g = LETTERS(3);
        cede_defer (cede_unref, g);

        say_first(make(kind, cede_ref(g)));
        CHECK(cede_getgeneratorstate(g) == CEDE_GEN_SUSPENDED);
        cede_generator_close(g);
    }
    CHECK_SAID("a |[left 3]a |[left 3](a) |[left 3](0,a) |[left 3]a |[left 3]"
               "a |[left 3]");
    for (int kind = 0; kind < KINDS; kind++) {
        void *it = make(kind, LETTERS(3));
        cede_defer (cede_unref, it);

        say_first(cede_ref((cede_object *)it));
        say_next(it);
    }
    CHECK_SAID("a |b [left 3]a |b [left 3](a) |(b) [left 3](0,a) |(1,b) "
               "[left 3]a |b [left 3]a |b [left 3]");
}

/* The last reference closes too, and reports instead of raising. */
TEST(the_last_reference_closes)
{
    for (int kind = 0; kind < KINDS; kind++) {
        void *it = make(kind, LETTERS(3));

        {
            cede_defer (cede_unref, it);
            say_next(it);
        }
        say("|");
    }
    CHECK_SAID("a [left 3]|a [left 3]|(a) [left 3]|(0,a) [left 3]|a [left 3]|"
               "a [left 3]|");
}

/* islice closes its source where it ends, not only where it is given up. */
TEST(islice_closes_at_its_end)
{
    void *it = cede_islice(LETTERS(3), 1);
    cede_defer (cede_unref, it);
    void *fails = cede_islice(cede_generator(fails_at_exit, NULL), 1);
    cede_defer (cede_unref, fails);

    say_next(it);
    say_next(it);
    say("|");
    say_next(fails);
    SAY_RAISED(say_next(fails));
    say_next(fails);
    CHECK_SAID("a [left 3]end |1 RuntimeError: from finally\nend ");
}

/* chain: the one it is in, then those whose turn has not come, which may have
   been started before. */
TEST(chain_closes_what_is_left)
{
    cede_generator *started = LETTERS(4);
    void *it;

    {
        cede_defer (cede_unref, started);
        say_next(started);
        it = cede_chain(LETTERS(2), cede_ref(started), LETTERS(5));
    }
    say_first(it);
    CHECK_SAID("a a [left 2][left 4]|");
}

/* ---- delegation ---------------------------------------------------------- */

static cede_value delegates(void *kind)
{
    cede_try {
        cede_yield_from(make(*(int *)kind, LETTERS(3)));
    } cede_finally {
        say("outer ");
    } cede_end
    return cede_none;
}

/* Y05: close goes to the combinator, and on to what only it holds. */
TEST(Y05_closing_who_delegates_to_them)
{
    for (int kind = 0; kind < KINDS; kind++) {
        cede_generator *g = cede_generator_with(delegates, kind);
        cede_defer (cede_unref, g);

        say_next(g);
        cede_generator_close(g);
        say("|");
    }
    CHECK_SAID("a [left 3]outer |a [left 3]outer |(a) [left 3]outer |"
               "(0,a) [left 3]outer |a [left 3]outer |a [left 3]outer |");
}

/* Y04: an exception thrown in is raised in who delegates. */
TEST(Y04_throwing_into_who_delegates_to_them)
{
    for (int kind = 0; kind < KINDS; kind++) {
        cede_generator *g = cede_generator_with(delegates, kind);
        cede_defer (cede_unref, g);

        cede_value_unref(cede_next(g));
        SAY_RAISED(cede_generator_throw(g, cede_RuntimeError, "thrown"));
        CHECK_SAID("[left 3]outer RuntimeError: thrown\n");
    }
}

static cede_value delegates_to_one_that_fails(void *unused)
{
    (void)unused;
    return cede_yield_from(cede_map(same, cede_generator(fails_at_exit, NULL)));
}

/* Y08: what its clean-up raises takes the place of GeneratorExit. */
TEST(Y08_closing_them_raises)
{
    cede_generator *g = cede_generator(delegates_to_one_that_fails, NULL);
    cede_defer (cede_unref, g);

    say_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_SAID("1 RuntimeError: from finally\n");
}

static cede_value delegates_to(void *iterator)
{
    return cede_yield_from(cede_ref((cede_object *)iterator));
}

TEST(Y05_what_others_hold_goes_on)
{
    void *it = cede_map(same, LETTERS(3));
    cede_defer (cede_unref, it);
    cede_generator *g = cede_generator(delegates_to, it);
    cede_defer (cede_unref, g);

    say_next(g);
    cede_generator_close(g);
    say_next(it);
    CHECK_SAID("a b ");
}

TEST(Y18_sending_to_them)
{
    void *it = cede_map(same, LETTERS(3));
    cede_defer (cede_unref, it);
    cede_generator *g = cede_generator(delegates_to, it);
    cede_defer (cede_unref, g);

    say_next(g);
    SAY_RAISED(cede_generator_send(g, 1));
    CHECK_SAID("a AttributeError: 'map' object has no attribute 'send'\n");
}

/* ---- functions that suspend ---------------------------------------------- */

static cede_value asks(cede_value item)
{
    cede_value answer = cede_yield(cede_value_ref(item));

    say("answer ");
    return answer;
}

static cede_value iterates_with_yield(void *unused)
{
    (void)unused;
    cede_for (v, cede_map(asks, LETTERS(2))) {
        say_item(v);
        say(" ");
    }
    return cede_none;
}

/* The function runs on the stack of who iterates: its yield is that one's. */
TEST(a_yield_in_the_function)
{
    cede_generator *g = cede_generator(iterates_with_yield, NULL);
    cede_defer (cede_unref, g);
    cede_value item;

    say_next(g);
    item = cede_generator_send(g, cede_str_copy("one"));
    say_value(item);
    say(" ");
    CHECK(!cede_impl_resume(g, cede_str_copy("two"), &item, CEDE_IMPL_HERE));
    CHECK_SAID("a answer one b answer two [left 2]");
}

TEST(closed_while_the_function_waits)
{
    cede_generator *g = cede_generator(iterates_with_yield, NULL);
    cede_defer (cede_unref, g);

    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("a [left 2]");
}

/* ---- a source that draws from its own combinator ------------------------- */

struct snake {
    cede_object head;
    void *tail; /* borrowed: the chain it is in */
    int asked;
};

/* Brings the chain to its end, and gives up its own last reference there. */
static bool snake_next(void *self, cede_value *item)
{
    struct snake *snake = self;

    if (++snake->asked > 1)
        return false;
    cede_for (v, cede_ref((cede_object *)snake->tail))
        say_item(v);
    *item = cede_int(snake->asked);
    return true;
}

static void snake_destroy(void *self)
{
    (void)self;
    say("~");
}

static const cede_iterator_methods snake_methods = {.next = snake_next};
static const cede_class snake_class[1] = {{.name = "Snake",
                                           .size = sizeof(struct snake),
                                           .destroy = snake_destroy,
                                           .iterator = &snake_methods}};

TEST(a_source_is_held_while_it_is_asked)
{
    struct snake *snake = cede_object_new(snake_class);
    void *it = cede_chain(snake, cede_range(7, 9));
    cede_defer (cede_unref, it);

    snake->tail = it;
    say_next(it);
    say_next(it);
    CHECK_SAID("78~2 end ");
}

/* Ends only after the chain has gone on to the next by its doing. */
static bool early_snake_next(void *self, cede_value *item)
{
    struct snake *snake = self;

    (void)item;
    if (++snake->asked == 1)
        say_next(snake->tail);
    return false;
}

static const cede_iterator_methods early_methods = {.next = early_snake_next};
static const cede_class early_class[1] = {{.name = "EarlySnake",
                                           .size = sizeof(struct snake),
                                           .iterator = &early_methods}};

TEST(what_a_source_has_opened_is_not_dropped_for_it)
{
    struct snake *snake = cede_object_new(early_class);
    void *it = cede_chain(snake, cede_range(7, 10));
    cede_defer (cede_unref, it);

    snake->tail = it;
    say_next(it);
    say_next(it);
    say_next(it);
    CHECK_SAID("7 8 9 end ");
}

TEST(islice_that_is_asked_by_its_source)
{
    struct snake *snake = cede_object_new(snake_class);
    void *it = cede_islice(snake, 9);
    cede_defer (cede_unref, it);

    snake->tail = it;
    say_next(it);
    say_next(it);
    CHECK_SAID("1 ~end ");
}

/* ---- tracebacks ---------------------------------------------------------- */

static cede_value fails(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_RuntimeError, "inside");
}

static void iterates(void *iterable)
{
    cede_for (v, iterable)
        ;
}

static void check_traceback(void *iterable)
{
    cede_try {
        iterates(iterable);
    } cede_except (cede_RuntimeError, e) {
        char *text = cede_format_exception(e);
        cede_defer (cede_free, text);

        CHECK_CONTAINS(text, ", in iterates\n");
        CHECK_CONTAINS(text, ", in fails\n");
        CHECK(text && !strstr(text, "src/coro"));
    } cede_end
}

/* G22: whoever iterates has resumed the generator; combinators are no place
   anybody would look for. */
TEST(G22_a_traceback_names_who_iterates, .torture = false)
{
    for (int kind = 0; kind < KINDS; kind++)
        check_traceback(make(kind, cede_generator(fails, NULL)));
    check_traceback(cede_chain(cede_enumerate(cede_generator(fails, NULL))));
}

/* --- sum, any, all --- */

static void say_number(cede_value value)
{
    say_value(value);
    say(" ");
}

static void counts_to(int limit)
{
    for (int i = 1; i <= limit; i++) {
        say("%d ", i);
        cede_yield(i);
    }
}

TEST(sum)
{
    say_number(cede_sum(cede_range(5)));
    say_number(cede_sum(cede_list()));
    say_number(cede_sum(cede_list_of(1, 0.5, (bool)true)));
    say_number(cede_sum(cede_list_of((bool)true, (bool)true)));
    CHECK_SAID("10 0 2.5 2 ");
    CHECK_INT(cede_value_int(cede_sum(cede_list_of(INT64_MAX, -1))),
              INT64_MAX - 1);
}

/* What CPython 3.13 gives: plain addition makes 0.9999999999999999 and 0. */
TEST(sum_of_floats_makes_up_for_rounding)
{
    cede_value tenths[10];

    for (int i = 0; i < 10; i++)
        tenths[i] = cede_float(0.1);
    CHECK(cede_value_float(cede_sum(cede_tuple_new(tenths, 10))) == 1);
    say_number(cede_sum(cede_list_of(1e100, 1.0, -1e100)));
    say_number(cede_sum(cede_list_of(1.0, 1e100, 5, -1e100)));
    say_number(cede_sum(cede_list_of(1e308, 1e308, -1e308)));
    say_number(cede_sum(cede_list_of(1.5, -INFINITY)));
    CHECK_SAID("1 1 inf -inf ");
}

TEST(sum_of_what_has_none)
{
    SAY_RAISED(cede_sum(cede_list_of(1, "a")));
    SAY_RAISED(cede_sum(cede_list_of(0.5, cede_none)));
    SAY_RAISED(cede_sum(cede_list_of(INT64_MAX, 1)));
    SAY_RAISED(cede_sum(cede_generator(fails, NULL)));
    CHECK_SAID(
        "TypeError: unsupported operand type(s) for +: 'int' and 'str'\n"
        "TypeError: unsupported operand type(s) for +: 'float' and 'NoneType'\n"
        "OverflowError: the sum does not fit into an int64_t\n"
        "RuntimeError: inside\n");
}

TEST(any_and_all)
{
    CHECK(cede_any(cede_generator(counts_to, 5)));
    CHECK(cede_all(cede_generator(counts_to, 2)));
    CHECK_SAID("1 1 2 ");
    CHECK(!cede_any(cede_list_of(0, "", cede_none)));
    CHECK(!cede_all(cede_list_of(1, 0, 1)));
    CHECK(!cede_any(cede_list()) && cede_all(cede_list()));
}
