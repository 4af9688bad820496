/*
 * Iterating: cede_for, cede_iter, cede_next and its relatives; rules I01 to
 * I10 as far as C has the thing they speak of.
 */
#include "value/said.h"

#include "base/fault.h"
#include "base/memory.h"
#include "cede/generator.h"
#include "cede/iterator.h"

/* ---- iterators of one's own ---------------------------------------------- */

/* Counts to `end`, and raises where it is told to. */
struct counter {
    cede_object head;
    int position;
    int end;
    int raises_at;
};

static bool counter_next(void *self, cede_value *item)
{
    struct counter *counter = self;

    if (counter->raises_at && counter->position == counter->raises_at)
        cede_raise(cede_LookupError, "at %d", counter->position);
    if (counter->position >= counter->end)
        return false;
    *item = cede_int(counter->position++);
    return true;
}

static void say_destroyed(void *self)
{
    (void)self;
    say("~");
}

static const cede_iterator_methods counter_methods = {.next = counter_next};
static const cede_class counter_class[1] = {{
    .name = "Counter",
    .size = sizeof(struct counter),
    .destroy = say_destroyed,
    .iterator = &counter_methods,
}};

static struct counter *count_to(int end)
{
    struct counter *counter = cede_object_new(counter_class);

    counter->end = end;
    return counter;
}

/* An iterable that is no iterator: each loop starts anew. */
struct range {
    cede_object head;
    int end;
};

static void *range_iter(void *self)
{
    return count_to(((struct range *)self)->end);
}

static const cede_iterator_methods range_methods = {.iter = range_iter};
static const cede_class range_class[1] = {{
    .name = "Range",
    .size = sizeof(struct range),
    .iterator = &range_methods,
}};

static struct range *range_to(int end)
{
    struct range *range = cede_object_new(range_class);

    range->end = end;
    return range;
}

static cede_value squares(void *argument)
{
    for (int i = 0; i < *(int *)argument; i++)
        cede_yield(i * i);
    return cede_str("done");
}

/* An iterable whose iterator is a generator. */
static void *squares_iter(void *self)
{
    return cede_generator_with(squares, ((struct range *)self)->end);
}

static const cede_iterator_methods squares_methods = {.iter = squares_iter};
static const cede_class squares_class[1] = {{
    .name = "Squares",
    .size = sizeof(struct range),
    .iterator = &squares_methods,
}};

static struct range *squares_to(int end)
{
    struct range *range = cede_object_new(squares_class);

    range->end = end;
    return range;
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};
static const cede_iterator_methods no_methods;
static const cede_class empty_class[1] = {
    {.name = "Empty", .size = sizeof(cede_object), .iterator = &no_methods}};

static void *iter_to_plain(void *self)
{
    (void)self;
    return cede_object_new(plain_class);
}

static void *iter_to_null(void *self)
{
    (void)self;
    return NULL;
}

static void *iter_raises(void *self)
{
    (void)self;
    cede_raise(cede_LookupError, "from iter");
}

static const cede_iterator_methods to_plain = {.iter = iter_to_plain};
static const cede_iterator_methods to_null = {.iter = iter_to_null};
static const cede_iterator_methods raising = {.iter = iter_raises};
static const cede_class to_plain_class[1] = {
    {.name = "ToPlain", .size = sizeof(cede_object), .iterator = &to_plain}};
static const cede_class to_null_class[1] = {
    {.name = "ToNull", .size = sizeof(cede_object), .iterator = &to_null}};
static const cede_class raising_class[1] = {
    {.name = "Raising", .size = sizeof(cede_object), .iterator = &raising}};

/* ---- iter ---------------------------------------------------------------- */

TEST(I01_an_iterator_is_its_own)
{
    struct counter *counter = count_to(3);
    cede_generator *g;
    void *same;

    cede_defer(cede_unref, counter);
    same = cede_iter(counter);
    CHECK_PTR(same, counter);
    cede_unref(same);
    g = cede_generator_with(squares, 3);
    cede_defer(cede_unref, g);
    same = cede_iter(g);
    CHECK_PTR(same, g);
    cede_unref(same);
}

TEST(I01_an_iterable_gives_a_fresh_one)
{
    struct range *range = range_to(3);
    void *one, *two;

    cede_defer(cede_unref, range);
    one = cede_iter(range);
    cede_defer(cede_unref, one);
    two = cede_iter(range);
    cede_defer(cede_unref, two);
    CHECK(one != two);
    CHECK_INT(cede_value_int(cede_next(one)), 0);
    CHECK_INT(cede_value_int(cede_next(one)), 1);
    CHECK_INT(cede_value_int(cede_next(two)), 0);
}

static void loop_over(void *iterable)
{
    cede_for (v, iterable) {
        say_value(v);
        say(" ");
    }
}

TEST(I08_what_cannot_be_iterated)
{
    SAY_RAISED(loop_over(cede_object_new(plain_class)));
    SAY_RAISED(loop_over(cede_object_new(empty_class)));
    SAY_RAISED(loop_over(cede_object_new(to_plain_class)));
    SAY_RAISED(loop_over(cede_object_new(to_null_class)));
    SAY_RAISED(loop_over(cede_object_new(raising_class)));
    SAY_RAISED(loop_over(NULL));
    SAY_RAISED(cede_next(NULL));
    CHECK_SAID("TypeError: 'Plain' object is not iterable\n"
               "TypeError: 'Empty' object is not iterable\n"
               "TypeError: iter() returned non-iterator of type 'Plain'\n"
               "TypeError: iter() returned non-iterator of type 'NULL'\n"
               "LookupError: from iter\n"
               "TypeError: 'NULL' object is not iterable\n"
               "TypeError: 'NULL' object is not an iterator\n");
}

/* isinstance(x, Iterable), isinstance(x, Iterator) of collections.abc. */
static void say_abilities(void *object)
{
    say("%d%d ", cede_isiterable(object), cede_isiterator(object));
    cede_unref(object);
}

TEST(who_has_an_iter_and_who_a_next)
{
    say_abilities(range_to(3));
    say_abilities(count_to(3));
    say_abilities(cede_generator_with(squares, 3));
    say_abilities(cede_object_new(plain_class));
    say_abilities(cede_object_new(empty_class));
    say_abilities(NULL);
    CHECK_SAID("10 11 ~11 00 00 00 ");
}

TEST(next_of_an_iterable_is_a_TypeError)
{
    struct range *range = range_to(3);

    cede_defer(cede_unref, range);
    SAY_RAISED(cede_next(range));
    CHECK_SAID("TypeError: 'Range' object is not an iterator\n");
}

/* ---- the loop ------------------------------------------------------------ */

TEST(I02_all_items_then_the_end)
{
    loop_over(count_to(3));
    loop_over(range_to(2));
    loop_over(cede_generator_with(squares, 4));
    loop_over(squares_to(3));
    loop_over(count_to(0));
    CHECK_SAID("0 1 2 ~0 1 ~0 1 4 9 0 1 4 ~");
}

TEST(I02_other_exceptions_propagate)
{
    struct counter *counter = count_to(5);

    counter->raises_at = 2;
    SAY_RAISED(loop_over(counter));
    CHECK_SAID("0 1 ~LookupError: at 2\n");
}

TEST(I02_the_iterable_is_evaluated_once)
{
    int count = 0;

    cede_for (v, (count++, count_to(3)))
        ;
    CHECK_INT(count, 1);
}

static int leave(char way)
{
    cede_for (v, count_to(3)) {
        say_value(v);
        if (cede_value_int(v) == 1) {
            if (way == 'b')
                break;
            if (way == 'c')
                continue;
            if (way == 'r')
                return 7;
            if (way == 'g')
                goto out;
            if (way == 'x')
                cede_raise(cede_ValueError, "x");
        }
        say(",");
    }
    say(".");
    return 1;
out:
    return 2;
}

TEST(every_way_out_gives_the_iterator_up)
{
    for (const char *way = "fbcrg"; *way; way++) {
        int result = leave(*way);

        say("%d|", result);
    }
    SAY_RAISED(leave('x'));
    CHECK_SAID("0,1,2,~.1|0,1~.1|0,12,~.1|0,1~7|0,1~2|0,1~ValueError: x\n");
}

/* The body is a statement like any other, and so is the loop. */
TEST(without_braces)
{
    if (true)
        cede_for (v, count_to(2))
            say_value(v);
    else
        say("never");
    for (int i = 0; i < 2; i++)
        cede_for (v, count_to(2))
            cede_for (w, count_to(1))
                say("%d", i);
    CHECK_SAID("01~0~0~~1~1~~");
}

TEST(break_and_continue_of_nested_loops)
{
    cede_for (v, count_to(3)) {
        cede_for (w, count_to(3)) {
            if (cede_value_int(w) == 1)
                continue;
            if (cede_value_int(v) == 1)
                break;
            say("%d%d ", (int)cede_value_int(v), (int)cede_value_int(w));
        }
        say("|");
    }
    CHECK_SAID("00 02 ~|~|20 22 ~|~");
}

/* ---- values of a turn ---------------------------------------------------- */

static cede_value strings(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        cede_yield(cede_str_copy(i == 0 ? "a" : i == 1 ? "b" : "c"));
    return cede_str_copy("dropped");
}

static void give_up(cede_value *value)
{
    cede_value_unref(*value);
}

TEST(a_turn_owns_its_value)
{
    cede_value kept = cede_none;
    cede_defer (give_up, &kept);

    cede_keep(kept);
    cede_for (v, cede_generator(strings, NULL)) {
        say("%s", cede_value_str(v));
        if (strcmp(cede_value_str(v), "b") == 0)
            kept = cede_value_ref(v);
    }
    CHECK_STR(cede_value_str(kept), "b");
    CHECK_SAID("abc");
}

TEST(a_broken_loop_gives_the_last_value_up)
{
    cede_for (v, cede_generator(strings, NULL)) {
        if (strcmp(cede_value_str(v), "b") == 0)
            break;
    }
    SAY_RAISED(cede_for (v, cede_generator(strings, NULL)) {
        say("%s ", cede_value_str(v));
        cede_raise(cede_ValueError);
    });
    CHECK_SAID("a ValueError: \n");
}

/* ---- next ---------------------------------------------------------------- */

TEST(I04_once_at_its_end_always_at_its_end)
{
    cede_generator *g = cede_generator_with(squares, 1);
    struct counter *counter;

    cede_defer(cede_unref, g);
    counter = count_to(1);
    cede_defer(cede_unref, counter);
    cede_next(g);
    cede_next(counter);
    for (int i = 0; i < 2; i++) {
        SAY_RAISED(cede_next(g));
        SAY_RAISED(cede_next(counter));
    }
    CHECK_SAID("StopIteration: done\nStopIteration: \nStopIteration: \n"
               "StopIteration: \n");
}

TEST(I06_next_with_a_default)
{
    cede_generator *g = cede_generator_with(squares, 2);

    cede_defer(cede_unref, g);
    for (int i = 0; i < 4; i++)
        say_value(cede_next_default(g, "default"));
    CHECK_SAID("01defaultdefault");
}

TEST(I06_the_default_is_not_lost)
{
    struct counter *counter = count_to(1);

    cede_defer(cede_unref, counter);
    cede_value_unref(cede_next_default(counter, cede_str_copy("unused")));
    say_value(cede_next_default(counter, cede_str_copy("used")));
    counter->raises_at = 1;
    CHECK_RAISES(cede_LookupError,
                 cede_next_default(counter, cede_str_copy("dropped")));
    CHECK_SAID("used");
}

TEST(next_or_end_has_the_return_value)
{
    cede_generator *g = cede_generator_with(squares, 1);
    struct counter *counter;
    cede_value item;

    cede_defer(cede_unref, g);
    counter = count_to(1);
    cede_defer(cede_unref, counter);
    CHECK(cede_next_or_end(g, &item));
    CHECK_INT(cede_value_int(item), 0);
    CHECK(!cede_next_or_end(g, &item));
    CHECK_STR(cede_value_str(item), "done");
    CHECK(!cede_next_or_end(g, &item));
    CHECK(cede_is_none(item));
    CHECK(cede_next_or_end(counter, &item));
    CHECK(!cede_next_or_end(counter, &item));
    CHECK(cede_is_none(item));
}

TEST(I10_loops_over_one_iterator_share_it)
{
    struct counter *counter = count_to(5);
    struct range *range;

    {
        cede_defer(cede_unref, counter);
        cede_for (v, cede_ref(counter)) {
            say_value(v);
            if (cede_value_int(v) == 1)
                break;
        }
        say("|");
        loop_over(cede_ref(counter));
    }
    CHECK_SAID("01|2 3 4 ~");

    range = range_to(2);
    cede_defer(cede_unref, range);
    loop_over(cede_ref(range));
    loop_over(cede_ref(range));
    CHECK_SAID("0 1 ~0 1 ~");
}

/* A loop inside the loop over the same iterator takes what comes next. */
TEST(I10_nested_loops_over_one_iterator)
{
    struct counter *counter = count_to(4);

    cede_defer(cede_unref, counter);
    cede_for (v, cede_ref(counter)) {
        say("outer %d ", (int)cede_value_int(v));
        cede_for (w, cede_ref(counter))
            say("inner %d ", (int)cede_value_int(w));
    }
    CHECK_SAID("outer 0 inner 1 inner 2 inner 3 ");
}

/* One that leaves early leaves the rest to the others. */
TEST(I10_loops_over_one_generator)
{
    cede_generator *g = cede_generator_with(squares, 4);

    cede_defer(cede_unref, g);
    cede_for (v, cede_ref(g)) {
        say("outer %d ", (int)cede_value_int(v));
        cede_for (w, cede_ref(g)) {
            say("inner %d ", (int)cede_value_int(w));
            break;
        }
    }
    CHECK_SAID("outer 0 inner 1 outer 4 inner 9 ");
}

/* ---- closing on the way out ---------------------------------------------- */

static cede_value fails_when_closed(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_raise(cede_LookupError, "from finally");
    } cede_end
    return cede_none;
}

static int break_out(void)
{
    cede_for (v, cede_generator(fails_when_closed, NULL))
        break;
    return 1;
}

static int return_out(void)
{
    cede_for (v, cede_generator(fails_when_closed, NULL))
        return 1;
    return 2;
}

static void raise_out(void)
{
    cede_for (v, cede_generator(fails_when_closed, NULL))
        cede_raise(cede_ValueError, "body");
}

TEST(what_closing_raises_is_raised)
{
    SAY_RAISED(break_out());
    SAY_RAISED(return_out());
    cede_try {
        raise_out();
    } cede_except (cede_LookupError, e) {
        const cede_exception *exit = cede_exception_context(e);

        say_exception(e);
        say_exception(exit);
        say_exception(cede_exception_context(exit));
    } cede_end
    CHECK_SAID("LookupError: from finally\nLookupError: from finally\n"
               "LookupError('from finally')GeneratorExit()ValueError('body')");
}

static cede_value yields_at_exit(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        cede_yield(2);
    } cede_end
    return cede_none;
}

static void break_out_of_stubborn(void)
{
    cede_for (v, cede_generator(yields_at_exit, NULL))
        break;
}

TEST(one_that_refuses_is_an_error, .torture = false)
{
    SAY_RAISED(break_out_of_stubborn());
    CHECK_SAID("RuntimeError: generator ignored GeneratorExit\n");
}

/* ---- no memory ----------------------------------------------------------- */

static void sum_of_squares(void)
{
    int64_t sum = 0;

    cede_for (v, squares_to(5))
        sum += cede_value_int(v);
    CHECK_INT(sum, 30);
}

TEST(no_memory_for_any_part_of_it, .torture = false)
{
    size_t before = cede__memory_live();
    long nth = 1;

    for (; nth < 100; nth++) {
        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        cede_try {
            sum_of_squares();
        } cede_except (cede_MemoryError, e) {
        } cede_end
        CHECK_INT(cede__memory_live(), before);
        if (cede__fault_injected(CEDE__FAULT_ALLOCATION) == 0)
            break;
    }
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK(nth >= 3);
}
