/*
 * cede_defer and cede_auto: what runs at the end of a block.
 */
#include "value/said.h"

#include <stdlib.h>

#include "cede/exception.h"

static void raises(const char *what)
{
    say("%s ", what);
    cede_raise(cede_KeyError, "%s", what);
}

TEST(last_in_first_out)
{
    {
        cede_defer(say_word, "1 ");
        cede_defer(say_word, "2 ");
        say("body ");
    }
    say("after");
    CHECK_SAID("body 2 1 after");
}

static int leave_by(char way)
{
    for (volatile int i = 0; i < 2; i++) {
        cede_defer(say_word, "d ");
        if (way == 'b')
            break;
        if (way == 'c')
            continue;
        if (way == 'g')
            goto out;
        if (way == 'r')
            return 1;
        if (way == 'x')
            cede_raise(cede_ValueError, "x");
        say("end ");
    }
    return 2;
out:
    return 3;
}

TEST(E13_on_every_way_out)
{
    for (const char *way = "fbcgr"; *way; way++) {
        int result = leave_by(*way);

        say("%c%d ", *way, result);
    }
    SAY_RAISED(leave_by('x'));
    CHECK_SAID("end d end d f2 d b2 d d c2 d g3 d r1 d ValueError: x\n");
}

TEST(the_argument_is_evaluated_once_and_at_once)
{
    const char *word = "first";
    int count = 0;

    {
        cede_defer(say_word, (count++, word));
        word = "second";
    }
    CHECK_SAID("first");
    CHECK_INT(count, 1);
}

TEST(any_function_of_one_pointer)
{
    char *block = malloc(10);

    cede_defer(free, block);
    CHECK(block != NULL);
}

static void nested(bool fails)
{
    cede_defer(say_word, "outer ");
    {
        cede_defer(say_word, "inner ");
        say("body ");
        if (fails)
            cede_raise(cede_ValueError, "v");
    }
    say("between ");
}

TEST(blocks_end_one_by_one)
{
    nested(false);
    SAY_RAISED(nested(true));
    CHECK_SAID("body inner between outer "
               "body inner outer ValueError: v\n");
}

static void with_a_try(bool fails)
{
    cede_defer(say_word, "1 ");
    cede_try {
        cede_defer(say_word, "2 ");
        if (fails)
            cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        cede_defer(say_word, "3 ");
        say("except ");
    } cede_finally {
        cede_defer(say_word, "4 ");
        say("finally ");
    } cede_end
}

TEST(in_every_clause)
{
    with_a_try(false);
    say("|");
    with_a_try(true);
    CHECK_SAID("2 finally 4 1 |2 except 3 finally 4 1 ");
}

/* ---- raising ------------------------------------------------------------- */

static int raises_on_return(void)
{
    cede_defer(say_word, "first ");
    cede_defer(raises, "second");
    return 1;
}

TEST(one_that_raises_does_not_stop_the_others)
{
    SAY_RAISED(raises_on_return());
    CHECK_SAID("second first KeyError: 'second'\n");
}

static void all_raise(void)
{
    cede_defer(raises, "1");
    cede_defer(raises, "2");
    cede_defer(raises, "3");
    cede_raise(cede_ValueError, "0");
}

TEST(raising_while_unwinding_chains)
{
    cede_try {
        all_raise();
    } cede_except (cede_KeyError, e) {
        for (const cede_exception *link = e; link;
             link = cede_exception_context(link))
            say_exception(link);
    } cede_end
    CHECK_SAID("3 2 1 KeyError('1')KeyError('2')KeyError('3')ValueError('0')");
}

static int raises_into_its_try(void)
{
    cede_try {
        cede_defer(raises, "d");
        return 1;
    } cede_except (cede_KeyError, e) {
        return 2;
    } cede_finally {
        say("finally ");
    } cede_end
    return 3;
}

TEST(the_try_around_hears_of_it)
{
    CHECK_INT(raises_into_its_try(), 2);
    CHECK_SAID("d finally ");
}

static void reports_the_handled(void *unused)
{
    (void)unused;
    SAY_RAISED(cede_reraise());
}

static void passes_a_defer(void)
{
    cede_defer(reports_the_handled, NULL);
    cede_raise(cede_ValueError, "on its way");
}

TEST(the_passing_exception_is_handled_meanwhile)
{
    SAY_RAISED(passes_a_defer());
    CHECK_SAID("ValueError: on its way\nValueError: on its way\n");
    {
        cede_defer(reports_the_handled, NULL);
    }
    CHECK_SAID("RuntimeError: No active exception to reraise\n");
}

static void catches(void *unused)
{
    (void)unused;
    SAY_RAISED(cede_raise(cede_IndexError, "inside"));
}

static void passes_a_catcher(void)
{
    cede_defer(catches, NULL);
    cede_raise(cede_ValueError, "outside");
}

TEST(a_deferred_function_may_catch)
{
    SAY_RAISED(passes_a_catcher());
    CHECK_SAID("IndexError: inside\nValueError: outside\n");
}

static void recurse(void *depth)
{
    if ((intptr_t)depth == 0)
        return;
    cede_defer(recurse, (void *)((intptr_t)depth - 1));
    if ((intptr_t)depth % 2)
        cede_raise(cede_ValueError, "%d", (int)(intptr_t)depth);
}

TEST(deferring_in_a_deferred_function)
{
    SAY_RAISED(recurse((void *)9));
    CHECK_SAID("ValueError: 1\n");
}

/* ---- cede_auto ----------------------------------------------------------- */

struct file {
    int number;
};

static void close_file(struct file *file)
{
    say("close%d ", file->number);
}

static void unref_pointer(cede_exception **exception)
{
    cede_unref(*exception);
}

static struct file open_file(int number)
{
    if (number < 0)
        cede_raise(cede_ValueError, "no file");
    return (struct file){number};
}

static void with_files(int second)
{
    cede_auto (struct file, first, close_file) = open_file(1);
    cede_auto (struct file, other, close_file) = open_file(second);

    say("both %d %d ", first.number, other.number);
    if (other.number == 3)
        cede_raise(cede_KeyError, "three");
}

TEST(auto_calls_with_the_address)
{
    with_files(2);
    CHECK_SAID("both 1 2 close2 close1 ");
    SAY_RAISED(with_files(3));
    CHECK_SAID("both 1 3 close3 close1 KeyError: 'three'\n");
}

/* It is pushed before the expression, and starts as zero. */
TEST(auto_whose_expression_raises)
{
    SAY_RAISED(with_files(-1));
    CHECK_SAID("close0 close1 ValueError: no file\n");
}

TEST(auto_sees_the_last_value)
{
    {
        cede_auto (cede_exception *, e, unref_pointer) =
            cede_exception(cede_KeyError, NULL);
        cede_exception *next = cede_exception(cede_IndexError, NULL);

        cede_unref(e);
        e = next;
    }
    {
        cede_auto (struct file, file, close_file) = open_file(1);

        file.number = 7;
    }
    CHECK_SAID("close7 ");
}

TEST(many_defers)
{
    for (int i = 0; i < 1000; i++) {
        cede_defer(say_word, "x");
        cede_defer(say_word, "y");
        if (i % 2)
            continue;
        cede_defer(say_word, "z");
    }
    CHECK_INT(said_size, 2500);
}
