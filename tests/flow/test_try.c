/*
 * try, except, else, finally: every way in, every way out.
 */
#include "value/said.h"

#include <stdlib.h>

#include "cede/exception.h"

CEDE_EXCEPTION(ErrorA, cede_Exception);
CEDE_EXCEPTION(ErrorB, ErrorA);

__attribute__((noinline)) static void raise_if(bool condition)
{
    if (condition)
        cede_raise(cede_ValueError, "asked for");
}

/* ---- which clauses run --------------------------------------------------- */

static void all_clauses(bool fails)
{
    cede_try {
        say("body ");
        raise_if(fails);
    } cede_except (cede_ValueError, e) {
        say("except ");
    } cede_else {
        say("else ");
    } cede_finally {
        say("finally ");
    } cede_end
    say("after|");
}

TEST(clauses_run_in_order)
{
    all_clauses(false);
    all_clauses(true);
    CHECK_SAID("body else finally after|body except finally after|");
}

TEST(every_clause_may_be_left_out)
{
    cede_try {
        say("1");
    } cede_end
    cede_try {
        say("2");
    } cede_finally {
        say("f");
    } cede_end
    cede_try {
        say("3");
    } cede_else {
        say("e");
    } cede_end
    cede_try {
        raise_if(true);
    } cede_except (cede_Exception, e) {
    } cede_end
    cede_try {
    } cede_except (cede_Exception, e) {
    } cede_else {
    } cede_finally {
    } cede_end
    CHECK_SAID("12f3e");
}

TEST(a_try_alone_lets_everything_pass)
{
    SAY_RAISED(cede_try { raise_if(true); } cede_end);
    CHECK_SAID("ValueError: asked for\n");
}

/* ---- every set of clauses ------------------------------------------------ */

enum end {
    FALLS,
    RETURNS,
    RAISES,
    RAISES_OTHER,
    CLAUSE_RAISES, /* the except clause, or else */
    CLAUSE_RETURNS,
    ENDS,
};

/* What stands in a clause that may end the statement. */
#define CLAUSE(end)                                                            \
    if (end == CLAUSE_RAISES)                                                  \
        cede_raise(cede_KeyError, "from a clause");                            \
    if (end == CLAUSE_RETURNS)                                                 \
        return;
#define EXCEPT                                                                 \
    cede_except (cede_ValueError, e) {                                         \
        say("x");                                                              \
        CHECK(cede_sys_exception() == e);                                      \
        CLAUSE(end)                                                            \
    }
#define ELSE                                                                   \
    cede_else {                                                                \
        say("e");                                                              \
        CLAUSE(end)                                                            \
    }
#define FINALLY                                                                \
    cede_finally {                                                             \
        say("f");                                                              \
    }
#define NOTHING
#define STATEMENT(except, otherwise, finally, body_raises)                     \
    cede_try {                                                                 \
        say("b");                                                              \
        if (end == RETURNS)                                                    \
            return;                                                            \
        if (body_raises)                                                       \
            cede_raise(end == RAISES_OTHER ? cede_KeyError : cede_ValueError); \
    }                                                                          \
    except otherwise finally cede_end say(".");

#define RAISES_ITSELF (end == RAISES || end == RAISES_OTHER)
#define REACHES_EXCEPT (RAISES_ITSELF || end >= CLAUSE_RAISES)

static void with_nothing(enum end end)
{
    STATEMENT(NOTHING, NOTHING, NOTHING, RAISES_ITSELF)
}

static void with_except(enum end end)
{
    STATEMENT(EXCEPT, NOTHING, NOTHING, REACHES_EXCEPT)
}

static void with_else(enum end end)
{
    STATEMENT(NOTHING, ELSE, NOTHING, RAISES_ITSELF)
}

static void with_finally(enum end end)
{
    STATEMENT(NOTHING, NOTHING, FINALLY, RAISES_ITSELF)
}

static void with_except_else(enum end end)
{
    STATEMENT(EXCEPT, ELSE, NOTHING, RAISES_ITSELF)
}

static void with_except_finally(enum end end)
{
    STATEMENT(EXCEPT, NOTHING, FINALLY, REACHES_EXCEPT)
}

static void with_else_finally(enum end end)
{
    STATEMENT(NOTHING, ELSE, FINALLY, RAISES_ITSELF)
}

static void with_all(enum end end)
{
    STATEMENT(EXCEPT, ELSE, FINALLY, RAISES_ITSELF)
}

/* Says what happened, and sees that the statement left nothing behind. */
static void say_ends(void (*statement)(enum end end))
{
    for (enum end end = FALLS; end < ENDS; end++) {
        const cede_impl_record *volatile top = NULL;

        cede_try {
            top = cede_impl_current->top;
            statement(end);
            CHECK(cede_impl_current->top == top);
        } cede_except (cede_Exception, e) {
            say("!%s", cede_exception_name(e));
            CHECK(cede_impl_current->top == top);
        } cede_end
        CHECK(!cede_sys_exception());
        say(" ");
    }
    say("\n");
}

TEST(every_set_of_clauses_on_every_way_out)
{
    say_ends(with_nothing);
    say_ends(with_except);
    say_ends(with_else);
    say_ends(with_finally);
    say_ends(with_except_else);
    say_ends(with_except_finally);
    say_ends(with_else_finally);
    say_ends(with_all);
    CHECK_SAID("b. b b!ValueError b!KeyError b. b. \n"
               "b. b bx. b!KeyError bx!KeyError bx \n"
               "be. b b!ValueError b!KeyError be!KeyError be \n"
               "bf. bf bf!ValueError bf!KeyError bf. bf. \n"
               "be. b bx. b!KeyError be!KeyError be \n"
               "bf. bf bxf. bf!KeyError bxf!KeyError bxf \n"
               "bef. bf bf!ValueError bf!KeyError bef!KeyError bef \n"
               "bef. bf bxf. bf!KeyError bef!KeyError bef \n");
}

static const char *which(const cede_class *raised, const cede_class *first,
                         const cede_class *second)
{
    const char *volatile clause = "none";

    cede_try {
        cede_raise(raised);
    } cede_except (first, e) {
        clause = "first";
    } cede_except (second, e) {
        clause = "second";
    } cede_end
    return clause;
}

TEST(E07_except_order)
{
    CHECK_STR(which(ErrorB, ErrorA, ErrorB), "first");
    CHECK_STR(which(ErrorB, ErrorB, ErrorA), "first");
    CHECK_STR(which(ErrorA, ErrorB, ErrorA), "second");
    CHECK_STR(which(ErrorB, cede_KeyError, cede_BaseException), "second");
    SAY_RAISED(which(ErrorA, ErrorB, cede_KeyError));
    CHECK_SAID("ErrorA: \n");
}

TEST(E07_at_most_one_clause_runs)
{
    cede_try {
        cede_raise(ErrorB);
    } cede_except (ErrorB, e) {
        say("1");
    } cede_except (ErrorA, e) {
        say("2");
    } cede_except (cede_BaseException, e) {
        say("3");
    } cede_end
    CHECK_SAID("1");
}

TEST(E09_Exception_does_not_catch_the_four)
{
    CHECK_STR(which(cede_CancelledError, cede_Exception, cede_BaseException),
              "second");
    CHECK_STR(which(cede_GeneratorExit, cede_Exception, cede_BaseException),
              "second");
    CHECK_STR(which(cede_KeyboardInterrupt, cede_Exception, cede_BaseException),
              "second");
    CHECK_STR(which(cede_SystemExit, cede_Exception, cede_BaseException),
              "second");
}

static void raise_in_else(void)
{
    cede_try {
        say("body ");
    } cede_except (cede_ValueError, e) {
        say("never ");
    } cede_else {
        raise_if(true);
    } cede_finally {
        say("finally ");
    } cede_end
}

TEST(E04_else_is_not_protected)
{
    SAY_RAISED(raise_in_else());
    CHECK_SAID("body finally ValueError: asked for\n");
}

static void raise_in_except(void)
{
    cede_try {
        raise_if(true);
    } cede_except (cede_ValueError, e) {
        cede_raise(cede_KeyError, "new");
    } cede_except (cede_KeyError, e) {
        say("never ");
    } cede_finally {
        say("finally ");
    } cede_end
}

TEST(E01_except_is_not_protected_and_chains)
{
    cede_try {
        raise_in_except();
    } cede_except (cede_KeyError, e) {
        say_exception(cede_exception_context(e));
        CHECK_PTR(cede_exception_cause(e), NULL);
        CHECK(!cede_exception_suppress_context(e));
    } cede_end
    CHECK_SAID("finally ValueError('asked for')");
}

/* The class is an expression, and it may raise. */
static const cede_class *raises_itself(void)
{
    cede_raise(cede_KeyError, "no class");
}

static void class_raises(void)
{
    cede_try {
        raise_if(true);
    } cede_except (raises_itself(), e) {
        say("never ");
    } cede_finally {
        say("finally ");
    } cede_end
}

TEST(the_class_of_a_clause_may_raise)
{
    SAY_RAISED(class_raises());
    CHECK_SAID("finally KeyError: 'no class'\n");
}

/* Not evaluated where it is not asked. */
TEST(the_class_of_a_clause_is_asked_late)
{
    cede_try {
        say("fine");
    } cede_except (raises_itself(), e) {
        say("never");
    } cede_end
    cede_try {
        raise_if(true);
    } cede_except (cede_ValueError, e) {
        say(" first");
    } cede_except (raises_itself(), e) {
        say("never");
    } cede_end
    CHECK_SAID("fine first");
}

TEST(the_exception_is_borrowed)
{
    cede_exception *volatile kept = NULL;

    cede_try {
        raise_if(true);
    } cede_except (cede_ValueError, e) {
        kept = cede_ref(e);
    } cede_end
    CHECK_STR(cede_exception_message(kept), "asked for");
    cede_unref(kept);
}

/* ---- ways out ------------------------------------------------------------ */

enum way { FALL, BREAK, CONTINUE, GOTO, RAISE, RETURN, WAYS };

/* Goes `way` in the clause `place`, in the second turn of three. */
static int leave(enum way way, char place, bool fails)
{
    volatile int turn = 0;

    for (turn = 1; turn <= 3; turn++) {
        cede_try {
            say("b");
            if (place == 'b' && turn == 2) {
                if (way == BREAK)
                    break;
                if (way == CONTINUE)
                    continue;
                if (way == GOTO)
                    goto out;
                if (way == RETURN)
                    return 20 + turn;
                if (way == RAISE)
                    cede_raise(cede_KeyError);
            }
            raise_if(fails);
        } cede_except (cede_ValueError, e) {
            say("x");
            if (place == 'x' && turn == 2) {
                if (way == BREAK)
                    break;
                if (way == CONTINUE)
                    continue;
                if (way == GOTO)
                    goto out;
                if (way == RETURN)
                    return 20 + turn;
                if (way == RAISE)
                    cede_raise(cede_KeyError);
            }
        } cede_else {
            say("l");
            if (place == 'l' && turn == 2) {
                if (way == BREAK)
                    break;
                if (way == CONTINUE)
                    continue;
                if (way == GOTO)
                    goto out;
                if (way == RETURN)
                    return 20 + turn;
                if (way == RAISE)
                    cede_raise(cede_KeyError);
            }
        } cede_finally {
            say("f");
            if (place == 'f' && turn == 2) {
                if (way == BREAK)
                    break;
                if (way == CONTINUE)
                    continue;
                if (way == GOTO)
                    goto out;
                if (way == RETURN)
                    return 20 + turn;
                if (way == RAISE)
                    cede_raise(cede_KeyError);
            }
        } cede_end
        say(".");
    }
    say("e");
    return turn;
out:
    say("o");
    return 10 + turn;
}

static void try_ways(char place, bool fails)
{
    for (enum way way = FALL; way < WAYS; way++) {
        cede_try {
            int result = leave(way, place, fails);

            say("%d ", result);
        } cede_except (cede_KeyError, e) {
            say("K%s ", cede_exception_context(e) ? "c" : "");
        } cede_end
    }
}

TEST(E13_ways_out_of_the_body)
{
    try_ways('b', false);
    CHECK_SAID("blf.blf.blf.e4 blf.bfe2 blf.bfblf.e4 blf.bfo12 blf.bfK "
               "blf.bf22 ");
}

TEST(E13_ways_out_of_except)
{
    try_ways('x', true);
    CHECK_SAID("bxf.bxf.bxf.e4 bxf.bxfe2 bxf.bxfbxf.e4 bxf.bxfo12 bxf.bxfKc "
               "bxf.bxf22 ");
}

TEST(E13_ways_out_of_else)
{
    try_ways('l', false);
    CHECK_SAID("blf.blf.blf.e4 blf.blfe2 blf.blfblf.e4 blf.blfo12 blf.blfK "
               "blf.blf22 ");
}

TEST(E13_ways_out_of_finally)
{
    try_ways('f', false);
    CHECK_SAID("blf.blf.blf.e4 blf.blfe2 blf.blfblf.e4 blf.blfo12 blf.blfK "
               "blf.blf22 ");
    try_ways('f', true); /* handled: nothing is pending in finally */
    CHECK_SAID("bxf.bxf.bxf.e4 bxf.bxfe2 bxf.bxfbxf.e4 bxf.bxfo12 bxf.bxfK "
               "bxf.bxf22 ");
}

static const char *finally_wins(bool raises)
{
    cede_try {
        raise_if(raises);
        return "try";
    } cede_finally {
        return "finally";
    } cede_end
    return "end";
}

static void finally_continues(void)
{
    for (int i = 0; i < 3; i++) {
        cede_try {
            continue;
        } cede_finally {
            say("f%d", i);
        } cede_end
    }
}

static void finally_raises(void)
{
    cede_try {
        cede_raise(cede_KeyError, "first");
    } cede_finally {
        cede_raise(cede_ValueError, "second");
    } cede_end
}

TEST(E03_finally_overrides)
{
    CHECK_STR(finally_wins(false), "finally");
    CHECK_STR(finally_wins(true), "finally");
    finally_continues();
    CHECK_SAID("f0f1f2");
    cede_try {
        finally_raises();
    } cede_except (cede_ValueError, e) {
        say_exception(e);
        say_exception(cede_exception_context(e));
    } cede_end
    CHECK_SAID("ValueError('second')KeyError('first')");
}

static int break_drops(void)
{
    for (int i = 0;; i++) {
        cede_try {
            raise_if(true);
        } cede_finally {
            if (i == 3)
                break;
            continue;
        } cede_end
    }
    return 7;
}

TEST(E03_break_and_continue_drop_the_pending_exception)
{
    CHECK_INT(break_drops(), 7);
}

static int raise_while_returning(void)
{
    cede_try {
        return 1;
    } cede_finally {
        raise_if(true);
    } cede_end
    return 2;
}

TEST(an_exception_in_finally_replaces_a_return)
{
    SAY_RAISED(raise_while_returning());
    CHECK_SAID("ValueError: asked for\n");
}

/* ---- what is returned ---------------------------------------------------- */

static double chain(double x) { return x * 1.5; }
static double (*volatile opaque)(double) = chain;

static double returns_double(int n)
{
    double a = opaque(n), b = opaque(a), c = opaque(b);

    cede_try {
        double d = opaque(c), e = opaque(d);

        if (n > 0)
            return a + b + c + d + e;
    } cede_finally {
        double f = opaque(1), g = opaque(2), h = opaque(3), i = opaque(4);
        double j = opaque(5), k = opaque(6), l = opaque(7), m = opaque(8);

        say("%g ", f + g + h + i + j + k + l + m);
    } cede_end
    return -1;
}

TEST(returns_a_double)
{
    double expected = 0, term = 2;

    for (int i = 0; i < 5; i++)
        expected += term *= 1.5;
    CHECK_FLOAT(returns_double(2), expected);
    CHECK_FLOAT(returns_double(0), -1);
    CHECK_SAID("54 54 ");
}

struct pair {
    double a;
    long b;
};
struct large {
    long words[40];
};

static struct pair returns_pair(long n)
{
    cede_try {
        return (struct pair){opaque((double)n), n * 2};
    } cede_finally {
        struct pair other = {opaque(9), 9};

        say("%ld ", other.b);
    } cede_end
    return (struct pair){0, 0};
}

static struct large returns_large(long n)
{
    cede_try {
        struct large large;

        for (int i = 0; i < 40; i++)
            large.words[i] = n + i;
        return large;
    } cede_finally {
        struct large other;

        memset(&other, 0xff, sizeof other);
        for (int i = 0; i < 40; i++)
            said_size += (size_t)(other.words[i] != -1);
    } cede_end
    return (struct large){{0}};
}

TEST(returns_structures)
{
    struct pair pair = returns_pair(4);
    struct large large = returns_large(100);

    CHECK_FLOAT(pair.a, 6);
    CHECK_INT(pair.b, 8);
    for (int i = 0; i < 40; i++)
        CHECK_INT(large.words[i], 100 + i);
    CHECK_SAID("9 ");
}

static cede_value returns_value(void)
{
    cede_try {
        return cede_str("kept");
    } cede_finally {
        say_value(cede_int(5));
    } cede_end
    return cede_none;
}

TEST(returns_a_value_in_two_registers)
{
    CHECK_STR(cede_value_str(returns_value()), "kept");
    CHECK_SAID("5");
}

/* ---- nesting ------------------------------------------------------------- */

static int nested_return(void)
{
    cede_try {
        cede_try {
            cede_try {
                return 1;
            } cede_finally {
                say("1");
            } cede_end
        } cede_finally {
            say("2");
        } cede_end
    } cede_finally {
        say("3");
    } cede_end
    return 2;
}

static int nested_goto(void)
{
    cede_try {
        cede_try {
            goto out;
        } cede_finally {
            say("1");
        } cede_end
    } cede_finally {
        say("2");
    } cede_end
    say("never");
out:
    say("o");
    return 3;
}

TEST(every_finally_on_the_way_runs)
{
    CHECK_INT(nested_return(), 1);
    CHECK_SAID("123");
    CHECK_INT(nested_goto(), 3);
    CHECK_SAID("12o");
}

/* goto may also go back, and into the loop around. */
static int goto_back(void)
{
    volatile int n = 0;

again:
    cede_try {
        n++;
        if (n < 4)
            goto again;
    } cede_finally {
        say("%d", n);
    } cede_end
    return n;
}

TEST(goto_backwards)
{
    CHECK_INT(goto_back(), 4);
    CHECK_SAID("1234");
}

static int in_a_switch(int n)
{
    switch (n) {
    case 1:
        cede_try {
            break;
        } cede_finally {
            say("f");
        } cede_end
        return 1;
    default:
        cede_try {
            raise_if(true);
        } cede_except (cede_ValueError, e) {
            break;
        } cede_end
        return 2;
    }
    return 3;
}

TEST(break_leaves_a_switch)
{
    CHECK_INT(in_a_switch(1), 3);
    CHECK_INT(in_a_switch(2), 3);
    CHECK_SAID("f");
}

TEST(try_inside_every_clause)
{
    cede_try {
        cede_try {
            raise_if(true);
        } cede_except (cede_KeyError, e) {
            say("never");
        } cede_finally {
            cede_try {
                cede_raise(cede_IndexError, "inner");
            } cede_except (cede_IndexError, e) {
                say("i");
                CHECK(cede_exception_context(e) != NULL);
            } cede_end
        } cede_end
    } cede_except (cede_ValueError, e) {
        cede_try {
            say("x");
        } cede_else {
            say("l");
        } cede_finally {
            say("f");
        } cede_end
    } cede_finally {
        cede_try {
            raise_if(true);
        } cede_except (cede_ValueError, e) {
            say("F");
        } cede_end
    } cede_end
    CHECK_SAID("ixlfF");
}

/* A return in a finally of one that is on its way out already. */
static int finally_in_finally(void)
{
    cede_try {
        cede_try {
            return 1;
        } cede_finally {
            cede_try {
                say("a");
                return 2; /* cede-lint: ok */
            } cede_finally {
                say("b");
            } cede_end
        } cede_end
    } cede_finally {
        say("c");
    } cede_end
    return 9;
}

TEST(a_return_in_finally_while_returning)
{
    CHECK_INT(finally_in_finally(), 2);
    CHECK_SAID("abc");
}

/*
 * A form that is left early inside a finally clause which itself runs because
 * the function is leaving: clang keeps where each exit goes in one place per
 * function, so the inner exit makes the outer one forget its way.
 */
static int form_left_in_finally(int k)
{
    cede_try {
        if (k)
            return 1;
    } cede_finally {
        cede_try {
            if (k > 5)
                return 3; /* cede-lint: ok */
            say("n");
        } cede_finally {
            say("m");
        } cede_end
    } cede_end
    return 2;
}

static int loop_left_in_finally(int k)
{
    cede_try {
        if (k)
            return 1;
    } cede_finally {
        for (int i = 0; i < 3; i++) {
            cede_try {
                if (i == 1)
                    break; /* cede-lint: ok */
                say("n");
            } cede_finally {
                say("m");
            } cede_end
        }
    } cede_end
    return 2;
}

TEST(forms_left_early_in_finally_while_returning)
{
#ifdef __clang__
    SKIP("clang shares one place for the ways out of a function");
#endif
    CHECK_INT(form_left_in_finally(1), 1);
    CHECK_INT(form_left_in_finally(0), 2);
    CHECK_INT(form_left_in_finally(6), 3);
    CHECK_SAID("nmnmm");
    CHECK_INT(loop_left_in_finally(1), 1);
    CHECK_INT(loop_left_in_finally(0), 2);
    CHECK_SAID("nmmnmm");
}

static long recurse(int depth)
{
    cede_try {
        if (depth == 0)
            cede_raise(cede_ValueError, "bottom");
        return recurse(depth - 1) + 1;
    } cede_finally {
        if (depth % 100 == 0)
            say("%d ", depth);
    } cede_end
    return -1;
}

TEST(E18_every_frame_between)
{
    SAY_RAISED(recurse(300));
    CHECK_SAID("0 100 200 300 ValueError: bottom\n");
}

/* An unbraced if must not take the else of a form for its own. */
static void unbraced(bool first, bool fails)
{
    if (first)
        cede_try {
            raise_if(fails);
        } cede_except (cede_ValueError, e) {
            say("x");
        } cede_else {
            say("l");
        } cede_end
    else
        cede_try {
            if (fails)
                say("if");
            else
                say("else");
        } cede_finally
            say("f");
        cede_end
}

TEST(unbraced_if_and_else)
{
    unbraced(true, false);
    unbraced(true, true);
    unbraced(false, false);
    unbraced(false, true);
    CHECK_SAID("lxelsefiff");
}

TEST(clauses_without_braces)
{
    cede_try
        raise_if(true);
    cede_except (cede_ValueError, e)
        say_exception(e);
    cede_finally
        say("f");
    cede_end
    CHECK_SAID("ValueError('asked for')f");
}

TEST(loops_in_clauses_are_the_users_own)
{
    cede_try {
        for (int i = 0; i < 5; i++) {
            if (i == 1)
                continue;
            if (i == 3)
                break;
            say("%d", i);
        }
        raise_if(true);
    } cede_except (cede_ValueError, e) {
        while (true) {
            say("w");
            break;
        }
        do {
            say("d");
            continue;
        } while (0);
    } cede_end
    CHECK_SAID("02wd");
}

/* ---- the handled exception ----------------------------------------------- */

static void helper_reraises(void)
{
    cede_reraise();
}

TEST(E05_bare_raise)
{
    SAY_RAISED(cede_reraise());
    CHECK_SAID("RuntimeError: No active exception to reraise\n");
    cede_try {
        cede_try {
            raise_if(true);
        } cede_except (cede_ValueError, e) {
            helper_reraises();
        } cede_end
    } cede_except (cede_ValueError, e) {
        say("again");
    } cede_end
    SAY_RAISED(cede_reraise()); /* over and forgotten */
    CHECK_SAID("againRuntimeError: No active exception to reraise\n");
}

TEST(E05_the_outer_one_is_back_behind_the_inner)
{
    cede_try {
        cede_try {
            cede_raise(cede_ValueError, "outer");
        } cede_except (cede_ValueError, e) {
            cede_try {
                cede_raise(cede_KeyError, "inner");
            } cede_except (cede_KeyError, f) {
                say("inner ");
            } cede_end
            cede_reraise();
        } cede_end
    } cede_except (cede_Exception, e) {
        say_exception(e);
    } cede_end
    CHECK_SAID("inner ValueError('outer')");
}

static int handler_left_by_return(void)
{
    cede_try {
        raise_if(true);
    } cede_except (cede_ValueError, e) {
        return 1;
    } cede_finally {
        SAY_RAISED(cede_reraise());
    } cede_end
    return 2;
}

TEST(E05_no_longer_handled_in_finally)
{
    CHECK_INT(handler_left_by_return(), 1);
    CHECK_SAID("RuntimeError: No active exception to reraise\n");
}

TEST(E05_handled_in_finally_while_it_passes)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "passing");
        } cede_finally {
            SAY_RAISED(cede_reraise());
        } cede_end
    } cede_except (cede_KeyError, e) {
        say("passed");
    } cede_end
    CHECK_SAID("KeyError: 'passing'\npassed");
}

TEST(E06_the_same_object)
{
    cede_exception *original = cede_exception(cede_KeyError, "one");

    cede_defer(cede_unref, original);
    cede_try {
        cede_try {
            cede_try {
                cede_raise(original);
            } cede_finally {
                say("f");
            } cede_end
        } cede_except (cede_KeyError, e) {
            CHECK_PTR(e, original);
            cede_reraise();
        } cede_end
    } cede_except (cede_KeyError, e) {
        CHECK_PTR(e, original);
    } cede_end
    CHECK_SAID("f");
}

/* ---- long runs ----------------------------------------------------------- */

/* A record that stayed in the chain, or a stack that grew, would show. */
TEST(a_million_turns)
{
    volatile int caught = 0;

    for (int i = 0; i < 1000000; i++) {
        cede_try {
            if (i % 1000 == 0)
                cede_raise(cede_ValueError);
            if (i % 3 == 0)
                continue;
        } cede_except (cede_ValueError, e) {
            caught++;
        } cede_end
    }
    CHECK_INT(caught, 1000);
}

TEST(a_loop_of_pending_returns)
{
    int sum = 0;

    for (int i = 0; i < 1000; i++)
        sum += nested_return();
    CHECK_INT(sum, 1000);
    CHECK_INT(said_size, 3000);
}
