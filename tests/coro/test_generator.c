/*
 * Generators: rules G01 to G30, each with the behaviour of the oracle program
 * of its name. Delegation is test_delegation.c's.
 */
#include "coro/said_generator.h"

#include <inttypes.h>
#include <pthread.h>

#include "base/fault.h"
#include "base/memory.h"
#include "cede/generator.h"
#include "cede/memory.h"
#include "cede/tuple.h"

static const char *state_of(const cede_generator *generator)
{
    static const char *const names[] = {"CREATED", "SUSPENDED", "RUNNING",
                                        "CLOSED"};

    return names[cede_getgeneratorstate(generator)];
}

static cede_value yields_one(void *unused)
{
    (void)unused;
    cede_yield(1);
    return cede_none;
}

static cede_value countdown(void *argument)
{
    for (int i = *(int *)argument; i > 0; i--)
        cede_yield(i);
    return cede_none;
}

/* ---- G01, G02, G06, G07: before the beginning and behind the end --------- */

static cede_value prints(void *unused)
{
    cede_value x;

    (void)unused;
    say("body ");
    x = cede_yield(1);
    say("got ");
    say_value(x);
    say(" ");
    return cede_none;
}

TEST(G01_send_nonnone_to_created)
{
    GENERATOR(g, prints, NULL);

    SAY_RAISED(cede_generator_send(g, 5));
    CHECK_SAID("TypeError: can't send non-None value to a just-started "
               "generator\n");
    CHECK_STR(state_of(g), "CREATED");
    say_value(cede_generator_send(g, cede_none));
    SAY_RAISED(cede_generator_send(g, 7));
    CHECK_SAID("body 1got 7 StopIteration: \n");
}

/* What is sent is given up also when it cannot be sent. */
TEST(G01_an_owned_value_is_not_lost)
{
    GENERATOR(g, prints, NULL);

    CHECK_RAISES(cede_TypeError,
                 cede_generator_send(g, cede_str_copy("owned")));
}

static cede_value with_finally(void *unused)
{
    (void)unused;
    cede_try {
        say("body ");
        cede_yield(1);
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

TEST(G02_close_created_runs_no_body)
{
    GENERATOR(g, with_finally, NULL);

    CHECK(cede_is_none(cede_generator_close(g)));
    CHECK_STR(state_of(g), "CLOSED");
    say_next_or_stop(g);
    CHECK(cede_is_none(cede_generator_close(g)));
    CHECK_SAID("StopIteration None ");
}

static cede_value catches_value_error(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_ValueError, e) {
        say("never ");
    } cede_end
    return cede_none;
}

TEST(G06_throw_into_created)
{
    GENERATOR(g, catches_value_error, NULL);

    SAY_RAISED(cede_generator_throw(g, cede_ValueError, "x"));
    CHECK_STR(state_of(g), "CLOSED");
    say_next_or_stop(g);
    CHECK_SAID("ValueError: x\nStopIteration None ");
}

TEST(G07_throw_into_closed)
{
    GENERATOR(g, yields_one, NULL);
    cede_exception *stop = cede_exception(cede_StopIteration, NULL);

    cede_defer(cede_unref, stop);
    cede_generator_close(g);
    SAY_RAISED(cede_generator_throw(g, cede_KeyError, "0"));
    SAY_RAISED(cede_generator_throw(g, cede_KeyError, "1"));
    SAY_RAISED(cede_generator_throw(g, cede_GeneratorExit));
    CHECK_SAID("KeyError: '0'\nKeyError: '1'\nGeneratorExit: \n");
    cede_exception_set_value(stop, cede_int(3));
    cede_try {
        cede_generator_throw(g, stop);
    } cede_except (cede_StopIteration, e) {
        CHECK_PTR(e, stop);
        CHECK_INT(cede_value_int(cede_exception_value(e)), 3);
    } cede_end
}

/* ---- G03: generators that will not be closed ----------------------------- */

static cede_value ignores_exit(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        cede_yield(2);
    } cede_end
    say("on ");
    cede_yield(3);
    return cede_none;
}

TEST(G03_ignored_generator_exit)
{
    GENERATOR(g, ignores_exit, NULL);

    say_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_STR(state_of(g), "SUSPENDED");
    say_next(g);
    say_next_or_stop(g);
    CHECK_SAID("1 RuntimeError: generator ignored GeneratorExit\n"
               "on 3 StopIteration None ");
}

static void drop_ignorer(void *unused)
{
    cede_generator *g = cede_generator(ignores_exit, NULL);

    (void)unused;
    cede_next(g);
    cede_unref(g);
    printf("dropped\n");
}

TEST(G03_reported_at_destruction, .torture = false)
{
    char output[1000];

    harness_capture(drop_ignorer, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Exception ignored in: ignores_exit\n");
    CHECK_CONTAINS(output, "RuntimeError: generator ignored GeneratorExit\n");
    CHECK_CONTAINS(output, "dropped\n");
}

/* One that never gives in must not keep what it holds, nor hang. */
static cede_value never_ends(void *unused)
{
    (void)unused;
    cede_for (v, cede_generator_with(countdown, 100)) {
        for (;;) {
            cede_try {
                cede_yield(cede_value_int(v));
            } cede_except (cede_BaseException, e) {
                say("no ");
                cede_yield(0);
            } cede_end
        }
    }
    return cede_none;
}

static void drop_stubborn(void *unused)
{
    cede_generator *g = cede_generator(never_ends, NULL);

    (void)unused;
    cede_next(g);
    cede_unref(g);
}

TEST(G03_the_stubborn_are_abandoned, .torture = false)
{
    char output[1000];

    harness_capture(drop_stubborn, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "RuntimeError: generator ignored GeneratorExit\n");
    CHECK_SAID("no ");
}

static void drop_while_handling(void *unused)
{
    cede_try {
        cede_raise(cede_KeyError, "handled");
    } cede_except (cede_KeyError) {
        drop_ignorer(unused);
    } cede_end
}

/* As for any RuntimeError, the context is what is handled there. */
TEST(G15_the_context_of_what_is_reported, .torture = false)
{
    char output[2000];

    harness_capture(drop_while_handling, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "KeyError: 'handled'\n\nDuring handling");
    CHECK_CONTAINS(output, "RuntimeError: generator ignored GeneratorExit\n");
}

/* ---- G04, G18: StopIteration does not leave a generator ------------------ */

static cede_value raises_stop(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_StopIteration, "leak");
}

static void check_pep_479(cede_generator *g)
{
    cede_try {
        cede_next(g);
        CHECK(!"it went on");
    } cede_except (cede_RuntimeError, e) {
        const cede_exception *cause = cede_exception_cause(e);

        CHECK_STR(cede_exception_message(e), "generator raised StopIteration");
        REQUIRE(cause);
        CHECK_STR(cede_exception_name(cause), "StopIteration");
        CHECK_PTR(cede_exception_context(e), cause);
        CHECK(cede_exception_suppress_context(e));
    } cede_end
    CHECK_STR(state_of(g), "CLOSED");
}

TEST(G04_StopIteration_becomes_RuntimeError)
{
    GENERATOR(g, raises_stop, NULL);

    cede_next(g);
    check_pep_479(g);
}

static cede_value leaks_a_next(void *unused)
{
    GENERATOR(inner, yields_one, NULL);

    (void)unused;
    for (;;)
        cede_yield(cede_next(inner));
    return cede_none;
}

TEST(G04_also_from_an_inner_next)
{
    GENERATOR(g, leaks_a_next, NULL);

    cede_next(g);
    check_pep_479(g);
    say_next_or_stop(g);
    CHECK_SAID("StopIteration None ");
}

static cede_value catches_stop(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_StopIteration, e) {
        say("caught ");
        cede_yield(cede_value_ref(cede_exception_value(e)));
    } cede_end
    return cede_none;
}

static cede_exception *stop_with(int value)
{
    cede_exception *stop = cede_exception(cede_StopIteration, NULL);

    cede_exception_set_value(stop, cede_int(value));
    return stop;
}

TEST(G18_throw_stopiteration)
{
    cede_exception *stop = stop_with(9);

    cede_defer(cede_unref, stop);
    GENERATOR(g, catches_stop, NULL);
    cede_next(g);
    say_value(cede_generator_throw(g, stop));
    CHECK_SAID("caught 9");

    GENERATOR(h, yields_one, NULL);
    cede_next(h);
    SAY_RAISED(cede_generator_throw(h, stop));
    CHECK_SAID("RuntimeError: generator raised StopIteration\n");

    /* 3.12 and later let it through. */
    GENERATOR(k, yields_one, NULL);
    SAY_RAISED(cede_generator_throw(k, stop));
    CHECK_SAID("StopIteration: 9\n");
}

/* ---- G05, G17: while it runs --------------------------------------------- */

static cede_generator *itself;

static cede_value resumes_itself(void *unused)
{
    (void)unused;
    SAY_RAISED(cede_next(itself));
    SAY_RAISED(cede_generator_send(itself, 1));
    SAY_RAISED(cede_generator_throw(itself, cede_KeyError));
    SAY_RAISED(cede_generator_close(itself));
    CHECK_STR(state_of(itself), "RUNNING");
    cede_yield(1);
    return cede_int(2);
}

TEST(G05_the_running_generator)
{
    GENERATOR(g, resumes_itself, NULL);

    itself = g;
    say_next_or_stop(g);
    say_next_or_stop(g);
    CHECK_SAID("ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "1 StopIteration 2 ");
}

static cede_value iterates_over_who_resumes_it(void *unused)
{
    (void)unused;
    cede_for (v, cede_generator(resumes_itself, NULL))
        cede_yield(cede_value_int(v));
    return cede_none;
}

/* It runs also while it waits for another that it has resumed. */
TEST(G05_from_something_it_resumes)
{
    GENERATOR(g, iterates_over_who_resumes_it, NULL);

    itself = g;
    say_next_or_stop(g);
    CHECK_STR(state_of(g), "SUSPENDED");
    say_next_or_stop(g);
    CHECK_SAID("ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "ValueError: generator already executing\n"
               "1 StopIteration None ");
}

static cede_generator *first, *second;

static cede_value resumes(void *other)
{
    cede_yield(cede_next(*(cede_generator **)other));
    return cede_none;
}

TEST(G17_mutual_recursion)
{
    GENERATOR(a, resumes, &second);
    GENERATOR(b, resumes, &first);

    first = a;
    second = b;
    SAY_RAISED(cede_next(a));
    CHECK_SAID("ValueError: generator already executing\n");
    CHECK_STR(state_of(a), "CLOSED");
    CHECK_STR(state_of(b), "CLOSED");
}

/* ---- G08, G28: return values --------------------------------------------- */

static cede_value returns_string(void *unused)
{
    (void)unused;
    cede_yield(1);
    return cede_str_copy("r");
}

static cede_value returns_exception(void *unused)
{
    (void)unused;
    return cede_object(cede_exception(cede_ValueError, "v"));
}

TEST(G08_return_value_only_once)
{
    GENERATOR(g, returns_string, NULL);
    GENERATOR(k, returns_exception, NULL);

    cede_next(g);
    say_next_or_stop(g);
    say_next_or_stop(g);
    say_next_or_stop(g);
    CHECK_SAID("StopIteration r StopIteration None StopIteration None ");
    cede_try {
        cede_next(k);
    } cede_except (cede_StopIteration, e) {
        say_exception(cede_value_object(cede_exception_value(e)));
    } cede_end
    CHECK_SAID("ValueError('v')");
}

static cede_value fails(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_KeyError, "k");
}

TEST(G28_ended_by_an_exception)
{
    GENERATOR(g, fails, NULL);

    cede_next(g);
    SAY_RAISED(cede_next(g));
    say_next_or_stop(g);
    SAY_RAISED(cede_next(g));
    CHECK_SAID("KeyError: 'k'\nStopIteration None StopIteration: \n");
}

/* ---- G09, G11, G12, G16, G21, G29, G30: closing -------------------------- */

static cede_value returns_at_exit(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        return cede_str("value");
    } cede_end
    return cede_none;
}

static cede_value fails_at_exit(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        cede_raise(cede_KeyError, "from close");
    } cede_end
    return cede_none;
}

/* D08: the first one's close gives what it returned. */
TEST(G09_close_paths)
{
    GENERATOR(a, returns_at_exit, NULL);
    GENERATOR(b, fails_at_exit, NULL);
    GENERATOR(c, with_finally, NULL);

    cede_next(a);
    say_value(cede_generator_close(a));
    cede_next(b);
    cede_try {
        cede_generator_close(b);
    } cede_except (cede_KeyError, e) {
        say_exception(e);
        say_exception(cede_exception_context(e));
    } cede_end
    cede_next(c);
    cede_generator_close(c);
    cede_generator_close(c);
    CHECK_SAID("valueKeyError('from close')GeneratorExit()body finally ");
}

TEST(G11_throw_generatorexit_vs_close)
{
    GENERATOR(a, with_finally, NULL);
    GENERATOR(b, with_finally, NULL);

    cede_next(a);
    SAY_RAISED(cede_generator_throw(a, cede_GeneratorExit));
    cede_next(b);
    cede_generator_close(b);
    CHECK_SAID("body finally GeneratorExit: \nbody finally ");
}

static cede_value yields_in_finally(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_yield(2);
        say("behind ");
    } cede_end
    return cede_none;
}

TEST(G12_yield_in_finally)
{
    GENERATOR(a, yields_in_finally, NULL);
    GENERATOR(b, yields_in_finally, NULL);

    cede_next(a);
    SAY_RAISED(cede_generator_close(a));
    SAY_RAISED(cede_next(a)); /* GeneratorExit is still on its way */
    cede_next(b);
    say_value(cede_generator_throw(b, cede_KeyError, "pending"));
    SAY_RAISED(cede_next(b));
    CHECK_SAID("RuntimeError: generator ignored GeneratorExit\n"
               "behind GeneratorExit: \n"
               "2behind KeyError: 'pending'\n");
}

static cede_value returns_in_finally(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_finally {
        return cede_str("swallowed");
    } cede_end
    return cede_none;
}

static cede_value breaks_in_finally(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_yield(i);
        } cede_finally {
            if (i == 1)
                break;
        } cede_end
    }
    cede_yield("after");
    return cede_none;
}

TEST(G16_return_in_finally_swallows)
{
    GENERATOR(a, returns_in_finally, NULL);
    GENERATOR(b, breaks_in_finally, NULL);

    cede_next(a);
    cede_try {
        cede_generator_throw(a, cede_KeyError, "k");
    } cede_except (cede_StopIteration, e) {
        say_value(cede_exception_value(e));
    } cede_end
    cede_next(b);
    cede_next(b);
    say_value(cede_generator_throw(b, cede_KeyError, "gone"));
    CHECK_SAID("swallowedafter");
}

static cede_value nested_finally(void *unused)
{
    (void)unused;
    cede_try {
        cede_try {
            cede_yield(1);
        } cede_finally {
            say("inner ");
        } cede_end
    } cede_except (cede_GeneratorExit, e) {
        say("exit seen ");
        cede_reraise();
    } cede_finally {
        say("outer ");
    } cede_end
    return cede_none;
}

TEST(G21_finally_order_nested)
{
    GENERATOR(g, nested_finally, NULL);

    cede_next(g);
    cede_generator_close(g);
    CHECK_SAID("inner exit seen outer ");
}

static cede_value holds_a_string(void *unused)
{
    cede_value string = cede_str_copy("local");

    (void)unused;
    cede_defer(cede_unref, string.as.object);
    cede_defer(say_word, "released ");
    cede_yield(1);
    return cede_none;
}

TEST(G29_close_releases_locals_at_once)
{
    GENERATOR(g, holds_a_string, NULL);

    cede_next(g);
    cede_generator_close(g);
    say("closed");
    CHECK_SAID("released closed");
}

TEST(G30_close_of_the_closed)
{
    GENERATOR(g, yields_one, NULL);

    cede_next(g);
    say_next_or_stop(g);
    CHECK(cede_is_none(cede_generator_close(g)));
    CHECK(cede_is_none(cede_generator_close(g)));
    CHECK_SAID("StopIteration None ");
}

/* ---- G10, G25, G26: throw caught, yield is an expression ----------------- */

static cede_value ten(void *unused)
{
    int n = 0;

    (void)unused;
    cede_keep(n);
    for (;;) {
        cede_try {
            cede_value x = cede_yield(n);

            say("normal ");
            say_value(x);
            say("\n");
        } cede_except (cede_ValueError, e) {
            say("caught %s\n", cede_exception_message(e));
            n += 100;
        } cede_end
        n++;
    }
    return cede_none;
}

TEST(G10_throw_caught_returns_next_yield)
{
    GENERATOR(g, ten, NULL);

    say_next(g);
    say_value(cede_generator_send(g, "s"));
    say_value(cede_generator_throw(g, cede_ValueError, "t"));
    say_next(g);
    CHECK_SAID("0 normal s\n1caught t\n102normal None\n103 ");
}

static double half(double x) { return x / 2; }
static double (*volatile halved)(double) = half;

static cede_value expressions(void *argument)
{
    long a = *(long *)argument;
    double b = halved((double)a);
    cede_value x = cede_yield(a);

    /* Half evaluated when it suspends. */
    b = b * 2 + halved(8) * (double)cede_value_int(cede_yield(b)) +
        (double)cede_value_int(x);
    cede_yield(b);
    return cede_none;
}

TEST(G25_G26_expressions_and_locals_survive)
{
    cede_generator *one = cede_generator_with(expressions, 10L);
    cede_generator *two;

    cede_defer(cede_unref, one);
    two = cede_generator_with(expressions, 100L);
    cede_defer(cede_unref, two);
    say_next(one);
    say_next(two);
    say_value(cede_generator_send(one, 1));
    say(" ");
    say_value(cede_generator_send(two, 2));
    say(" ");
    say_value(cede_generator_send(one, 3));
    say(" ");
    say_value(cede_generator_send(two, 5));
    CHECK_SAID("10 100 5 50 23 122");
}

/* Much is alive across a yield, in registers of every kind; and what is there
   differs from one generator to the other. */
static cede_value many_locals(void *scale)
{
    double s = *(double *)scale;
    double a = halved(2 * s), b = halved(4 * s), c = halved(6 * s);
    double d = halved(8 * s), e = halved(10 * s), f = halved(12 * s);
    double g = halved(14 * s), h = halved(16 * s);
    long i = (long)halved(18 * s), j = (long)halved(20 * s);
    long k = (long)halved(22 * s), l = (long)halved(24 * s);
    long m = (long)halved(26 * s), n = (long)halved(28 * s);
    long double o = halved(30 * s);

    for (int turn = 0; turn < 3; turn++) {
        long got = cede_value_int(cede_yield(turn));

        a += (double)got;
        n += got;
    }
    return cede_float(a + b + c + d + e + f + g + h + (double)(i * j) +
                      (double)(k * l) + (double)(m * n) + (double)o);
}

static void check_end(cede_generator *generator, int sent, double expected)
{
    cede_try {
        cede_generator_send(generator, sent);
    } cede_except (cede_StopIteration, e) {
        CHECK_FLOAT(cede_value_float(cede_exception_value(e)), expected);
    } cede_end
}

TEST(G26_many_locals)
{
    double one = 1, two = 2;
    GENERATOR(g, many_locals, &one);
    GENERATOR(h, many_locals, &two);

    cede_next(g);
    cede_next(h);
    for (int i = 1; i <= 2; i++) {
        cede_generator_send(g, i);
        cede_generator_send(h, 10 * i);
    }
    check_end(g, 3, 36 + 6 + 9 * 10 + 11 * 12 + 13 * (14 + 6) + 15);
    check_end(h, 30, 72 + 60 + 18 * 20 + 22 * 24 + 26 * (28 + 60) + 30);
}

/* ---- G13, G14: the handled exception ------------------------------------- */

static cede_value fails_later(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_ValueError, "in gen");
}

TEST(G13_context_from_caller)
{
    GENERATOR(g, fails_later, NULL);

    cede_next(g);
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "outer");
        } cede_except (cede_KeyError, e) {
            cede_next(g);
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_exception(cede_exception_context(e));
    } cede_end
    CHECK_SAID("KeyError('outer')");
}

/* sys.exc_info(), said. */
static void say_handled(void)
{
    cede_try {
        cede_reraise();
    } cede_except (cede_BaseException, e) {
        if (cede_exception_is(e, cede_RuntimeError))
            say("None ");
        else
            say_exception(e);
    } cede_end
}

static cede_value handles_its_own(void *unused)
{
    (void)unused;
    cede_try {
        cede_raise(cede_KeyError, "mine");
    } cede_except (cede_KeyError, e) {
        say_handled();
        cede_yield(1);
        say_handled();
        cede_yield(2);
        cede_try {
            cede_reraise();
        } cede_except (cede_KeyError, again) {
            say("again ");
            say_exception(again);
            cede_yield(3);
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value sees_the_callers(void *unused)
{
    (void)unused;
    for (;;) {
        say_handled();
        cede_yield(1);
    }
    return cede_none;
}

TEST(G14_exc_state_isolated_across_yield)
{
    GENERATOR(g, handles_its_own, NULL);
    GENERATOR(h, sees_the_callers, NULL);

    cede_next(g);
    say_handled();
    CHECK_SAID("KeyError('mine')None ");
    cede_try {
        cede_raise(cede_ValueError, "callers");
    } cede_except (cede_ValueError, e) {
        cede_next(g);
        say_handled();
        cede_next(g);
    } cede_end
    CHECK_SAID("KeyError('mine')ValueError('callers')again KeyError('mine')");
    cede_try {
        cede_raise(cede_ValueError, "seen inside");
    } cede_except (cede_ValueError, e) {
        cede_next(h);
    } cede_end
    cede_next(h);
    CHECK_SAID("ValueError('seen inside')None ");
}

static cede_value yields_in_handler(void *unused)
{
    (void)unused;
    cede_try {
        cede_raise(cede_IndexError, "own");
    } cede_except (cede_IndexError, e) {
        cede_yield(1);
    } cede_end
    return cede_none;
}

static void throw_while_handling(cede_generator *g)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "caller");
        } cede_except (cede_KeyError, e) {
            cede_generator_throw(g, cede_ValueError, "t");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_exception(cede_exception_context(e));
    } cede_end
}

/* What is thrown in has the generator's handled exception for a context, not
   the thrower's. */
TEST(G14_the_context_of_what_is_thrown)
{
    GENERATOR(g, yields_one, NULL);
    GENERATOR(h, yields_in_handler, NULL);
    GENERATOR(created, yields_one, NULL);
    GENERATOR(closed, yields_one, NULL);

    cede_next(g);
    throw_while_handling(g);
    cede_next(h);
    throw_while_handling(h);
    throw_while_handling(created);
    cede_generator_close(closed);
    throw_while_handling(closed);
    CHECK_SAID("NoneIndexError('own')NoneNone");
}

static cede_value says_exits_context(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        say_exception(cede_exception_context(e));
    } cede_end
    return cede_none;
}

TEST(G14_the_context_of_close)
{
    GENERATOR(g, says_exits_context, NULL);

    cede_next(g);
    cede_try {
        cede_raise(cede_KeyError, "caller");
    } cede_except (cede_KeyError, e) {
        cede_generator_close(g);
    } cede_end
    CHECK_SAID("KeyError('caller')");
}

/* ---- G15, G19, G23, G24: life -------------------------------------------- */

static cede_value finally_may_fail(void *bad)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        say("finally ");
        if (bad)
            cede_raise(cede_KeyError, "lost");
    } cede_end
    return cede_none;
}

static void drop_failing(void *unused)
{
    cede_generator *g = cede_generator(finally_may_fail, "bad");

    (void)unused;
    cede_next(g);
    cede_unref(g);
}

TEST(G15_destruction_closes)
{
    cede_generator *g = cede_generator(finally_may_fail, NULL);

    {
        cede_defer(cede_unref, g);
        cede_next(g);
    }
    CHECK_SAID("finally ");
    cede_unref(cede_generator(finally_may_fail, NULL)); /* created */
    CHECK_SAID("");
}

TEST(G15_what_escapes_is_reported, .torture = false)
{
    char output[1000];

    harness_capture(drop_failing, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Exception ignored in: finally_may_fail\n");
    CHECK_CONTAINS(output, "KeyError: 'lost'\n");
    CHECK_SAID("finally ");
}

static cede_value holds_everything(void *unused)
{
    cede_value text = cede_str_copy("text");
    cede_exception *e;

    (void)unused;
    cede_defer(cede_unref, text.as.object);
    e = cede_exception(cede_KeyError, "held");
    cede_defer(cede_unref, e);
    cede_for (v, cede_generator_with(countdown, 3)) {
        cede_try {
            cede_raise(e);
        } cede_except (cede_KeyError, same) {
            cede_yield(cede_value_int(v)); /* handling, in a loop */
        } cede_finally {
            say("f ");
        } cede_end
    }
    return cede_none;
}

TEST(G15_dropped_with_much_alive)
{
    GENERATOR(g, holds_everything, NULL);

    say_next(g);
    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("3 f 2 f ");
}

TEST(G19_a_held_generator_survives_its_loop)
{
    cede_generator *g = cede_generator_with(countdown, 5);

    cede_defer(cede_unref, g);
    cede_for (v, cede_ref(g)) {
        say_value(v);
        if (cede_value_int(v) == 4)
            break;
    }
    CHECK_STR(state_of(g), "SUSPENDED");
    cede_for (v, cede_ref(g))
        say_value(v);
    CHECK_STR(state_of(g), "CLOSED");
    cede_for (v, cede_ref(g))
        say("never");
    CHECK_SAID("54321");
}

TEST(G19_one_that_is_not_held_is_closed)
{
    cede_for (v, cede_generator(with_finally, NULL)) {
        say_value(v);
        say(" ");
        break;
    }
    say("behind");
    CHECK_SAID("body 1 finally behind");
}

TEST(G20_exhausted_yields_nothing_again)
{
    cede_generator *g = cede_generator_with(countdown, 2);

    cede_defer(cede_unref, g);
    for (int turn = 0; turn < 2; turn++) {
        cede_for (v, cede_ref(g))
            say_value(v);
        say("|");
    }
    CHECK_SAID("21||");
}

TEST(G23_the_argument_is_taken_at_once)
{
    int n = 2;
    cede_generator *g = cede_generator_with(countdown, n);

    cede_defer(cede_unref, g);
    n = 100;
    cede_for (v, cede_ref(g))
        say_value(v);
    CHECK_SAID("21");
}

struct big {
    int numbers[100];
};

static cede_value sums(void *argument)
{
    struct big *big = argument;
    int sum = 0;

    for (int i = 0; i < 100; i++)
        sum += big->numbers[i];
    cede_yield(sum);
    return cede_none;
}

TEST(G23_an_argument_of_any_size)
{
    struct big big;
    cede_generator *g;

    for (int i = 0; i < 100; i++)
        big.numbers[i] = i;
    g = cede_generator_with(sums, big);
    cede_defer(cede_unref, g);
    memset(&big, 0, sizeof big);
    say_next(g);
    /* Given up also when it never runs. */
    cede_unref(cede_generator_with(sums, big));
    CHECK_SAID("4950 ");
}

static cede_value says_state(void *unused)
{
    (void)unused;
    say("%s ", state_of(itself));
    cede_yield(1);
    return cede_none;
}

TEST(G24_states)
{
    GENERATOR(g, says_state, NULL);

    itself = g;
    say("%s ", state_of(g));
    cede_next(g);
    say("%s ", state_of(g));
    CHECK(cede_is_none(cede_next_default(g, cede_none)));
    say("%s", state_of(g));
    CHECK_SAID("CREATED RUNNING SUSPENDED CLOSED");
}

/* ---- G22, G27: tracebacks, and what may be thrown ------------------------ */

static void say_frames(const cede_exception *e)
{
    char *text = cede_format_exception(e);
    char *line, *rest = text;

    REQUIRE(text);
    while ((line = strsep(&rest, "\n"))) {
        char *in = strstr(line, ", in ");

        if (in)
            say("%s ", in + 5);
    }
    cede_free(text);
}

static cede_value mid(void *inner)
{
    return cede_yield_from(cede_generator((cede_function)(uintptr_t)inner,
                                          NULL));
}

TEST(G22_traceback_through_generator)
{
    GENERATOR(a, mid, (void *)(uintptr_t)fails_later);
    GENERATOR(b, mid, (void *)(uintptr_t)fails_later);

    cede_next(a);
    cede_try {
        cede_next(a);
    } cede_except (cede_ValueError, e) {
        say_frames(e);
    } cede_end
    CHECK_SAID("test_G22_traceback_through_generator mid fails_later ");
    cede_next(b);
    cede_try {
        cede_generator_throw(b, cede_KeyError, "t");
    } cede_except (cede_KeyError, e) {
        say_frames(e);
    } cede_end
    CHECK_SAID("test_G22_traceback_through_generator mid fails_later ");
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

static cede_value says_what_it_catches(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_ValueError, e) {
        say_exception(e);
        cede_yield(2);
    } cede_end
    return cede_none;
}

TEST(G27_throw_bad_and_type)
{
    GENERATOR(g, says_what_it_catches, NULL);
    cede_object *plain = cede_object_new(plain_class);

    cede_defer(cede_unref, plain);
    cede_next(g);
    CHECK_RAISES(cede_TypeError,
                 cede_generator_throw(g, (cede_exception *)plain));
    CHECK_RAISES(cede_TypeError, cede_generator_throw(g, plain_class));
    CHECK_RAISES(cede_TypeError,
                 cede_generator_throw(g, (cede_exception *)NULL));
    CHECK_STR(state_of(g), "SUSPENDED");
    cede_generator_throw(g, cede_ValueError);
    CHECK_SAID("ValueError()");
}

TEST(G27_the_object_itself_arrives)
{
    GENERATOR(g, yields_one, NULL);
    cede_exception *e = cede_exception(cede_KeyError, "same");

    cede_defer(cede_unref, e);
    cede_next(g);
    cede_try {
        cede_generator_throw(g, e);
    } cede_except (cede_KeyError, caught) {
        CHECK_PTR(caught, e);
    } cede_end
}

/* ---- where a yield is not allowed ---------------------------------------- */

TEST(yield_outside_a_generator)
{
    SAY_RAISED(cede_yield(1));
    SAY_RAISED(cede_yield_from(cede_generator(yields_one, NULL)));
    CHECK_SAID("RuntimeError: yield outside a generator: only a function "
               "started by cede_generator may yield\n"
               "RuntimeError: yield from outside a generator: only a function "
               "started by cede_generator may yield\n");
    CHECK_RAISES(cede_RuntimeError, cede_yield(cede_str_copy("owned")));
}

static int yields_deep(int depth)
{
    char room[200];

    memset(room, depth, sizeof room);
    if (depth > 0)
        return yields_deep(depth - 1) + room[depth];
    return (int)cede_value_int(cede_yield("from below"));
}

static cede_value calls_deep(void *unused)
{
    (void)unused;
    return cede_int(yields_deep(20));
}

TEST(a_yield_from_any_depth_of_calls)
{
    GENERATOR(g, calls_deep, NULL);

    say_next(g);
    cede_try {
        cede_generator_send(g, 1000);
    } cede_except (cede_StopIteration, e) {
        say_value(cede_exception_value(e));
    } cede_end
    CHECK_SAID("from below 1210");
}

/* ---- threads ------------------------------------------------------------- */

static void *resume_elsewhere(void *argument)
{
    cede_generator *g = argument;

    SAY_RAISED(cede_next(g));
    SAY_RAISED(cede_generator_send(g, 1));
    SAY_RAISED(cede_generator_throw(g, cede_KeyError));
    SAY_RAISED(cede_generator_close(g));
    return NULL;
}

TEST(another_thread_may_not_resume_it, .torture = false)
{
    static const char refused[] =
        "RuntimeError: generator 'yields_one' belongs to another thread: only "
        "the thread that first resumed it may resume it\n";
    char expected[1000] = "";
    pthread_t thread;
    GENERATOR(g, yields_one, NULL);

    cede_next(g);
    REQUIRE(pthread_create(&thread, NULL, resume_elsewhere, g) == 0);
    pthread_join(thread, NULL);
    for (int i = 0; i < 4; i++)
        strcat(expected, refused);
    CHECK_SAID(expected);
    say_next_or_stop(g);
    CHECK_SAID("StopIteration None ");
}

static void *run_to_its_end(void *generator)
{
    cede_for (v, generator)
        say_value(v);
    return NULL;
}

/* Who first resumes it has it; a created one may move. */
TEST(a_created_generator_may_move, .torture = false)
{
    cede_generator *g = cede_generator_with(countdown, 3);
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, run_to_its_end, g) == 0);
    pthread_join(thread, NULL);
    CHECK_SAID("321");
}

/* ---- given up while it runs ---------------------------------------------- */

static cede_value gives_itself_up(void *unused)
{
    (void)unused;
    cede_try {
        cede_unref(itself);
        say("running ");
        cede_yield(1);
        say("never ");
    } cede_except (cede_GeneratorExit, e) {
        say("exit ");
        cede_reraise();
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

TEST(released_while_it_runs, .torture = false)
{
    itself = cede_generator(gives_itself_up, NULL);
    SAY_RAISED(cede_next(itself));
    CHECK_SAID("running exit finally GeneratorExit: \n");
}

static cede_value gives_itself_up_and_ends(void *unused)
{
    (void)unused;
    cede_unref(itself);
    return cede_str_copy("end");
}

TEST(released_and_returned, .torture = false)
{
    itself = cede_generator(gives_itself_up_and_ends, NULL);
    say_next_or_stop(itself);
    CHECK_SAID("StopIteration end ");
}

static cede_value gives_itself_up_and_goes_on(void *unused)
{
    (void)unused;
    cede_unref(itself);
    for (;;) {
        cede_try {
            cede_yield(1);
        } cede_except (cede_BaseException, e) {
            say("no ");
        } cede_end
    }
    return cede_none;
}

static void next_of_itself(void *unused)
{
    (void)unused;
    say_next_or_stop(itself);
}

TEST(released_and_stubborn, .torture = false)
{
    char output[1000];

    itself = cede_generator(gives_itself_up_and_goes_on, NULL);
    harness_capture(next_of_itself, NULL, output, sizeof output);
    CHECK_SAID("no StopIteration None ");
    CHECK_CONTAINS(output, "RuntimeError: generator ignored GeneratorExit\n");
}

static cede_value gives_itself_up_below(void *unused)
{
    (void)unused;
    cede_unref(itself);
    cede_try {
        cede_yield(1);
    } cede_finally {
        say("sub ");
    } cede_end
    return cede_none;
}

static cede_value delegates_and_says(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield_from(cede_generator(gives_itself_up_below, NULL));
    } cede_finally {
        say("delegator ");
    } cede_end
    return cede_none;
}

TEST(released_below_a_delegator, .torture = false)
{
    itself = cede_generator(delegates_and_says, NULL);
    SAY_RAISED(cede_next(itself));
    CHECK_SAID("sub delegator GeneratorExit: \n");
}

/* The clean-up keeps it: it is there, and closed. */
static cede_value keeps_itself(void *keeper)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        *(cede_generator **)keeper = cede_ref(itself);
    } cede_end
    return cede_none;
}

TEST(kept_by_its_own_clean_up)
{
    static cede_generator *keeper;

    itself = cede_generator(keeps_itself, &keeper);
    {
        cede_defer(cede_unref, itself);
        cede_next(itself);
    }
    CHECK_STR(state_of(keeper), "CLOSED");
    cede_unref(keeper);
}

/* ---- many ---------------------------------------------------------------- */

TEST(many_generators, .torture = false)
{
    enum { MANY = 300 };
    cede_generator *all[MANY] = {0};
    long sum = 0;

    for (int i = 0; i < MANY; i++) {
        all[i] = cede_generator_with(countdown, i + 1);
        cede_next(all[i]);
    }
    for (int turn = 0; turn < 3; turn++)
        for (int i = 10; i < MANY; i++)
            sum += cede_value_int(cede_next(all[i]));
    for (int i = 0; i < MANY; i++)
        cede_unref(all[i]);
    /* sum of (i-0) + (i-1) + (i-2) for i = 10 .. 299 */
    CHECK_INT(sum, 3 * (299 * 300 / 2 - 45) - 3 * 290);
}

TEST(a_hundred_thousand_turns)
{
    int64_t sum = 0;

    cede_for (v, cede_generator_with(countdown, 100000))
        sum += cede_value_int(v);
    CHECK_INT(sum, 100000ll * 100001 / 2);
}

/* Values that own something go through without a copy or a loss. */
static cede_value yields_strings(void *unused)
{
    (void)unused;
    for (int i = 0; i < 50; i++) {
        cede_value got = cede_yield(cede_str_copy("yielded"));

        CHECK_STR(cede_value_str(got), "sent");
        cede_value_unref(got);
    }
    return cede_str_copy("returned");
}

TEST(references_travel)
{
    GENERATOR(g, yields_strings, NULL);

    cede_value_unref(cede_next(g));
    for (int i = 0; i < 49; i++) {
        cede_value got = cede_generator_send(g, cede_str_copy("sent"));

        CHECK_STR(cede_value_str(got), "yielded");
        cede_value_unref(got);
    }
    cede_try {
        cede_generator_send(g, cede_str_copy("sent"));
    } cede_except (cede_StopIteration, e) {
        CHECK_STR(cede_value_str(cede_exception_value(e)), "returned");
    } cede_end
}

/* A coroutine's stack is small: a long chain of causes ends without using it
   up. */
static cede_value drops_a_long_chain(void *unused)
{
    cede_exception *last = NULL;

    (void)unused;
    for (int i = 0; i < 100000; i++) {
        cede_exception *e = cede_exception(cede_ValueError, NULL);

        cede_exception_set_cause(e, last);
        cede_unref(last);
        last = e;
    }
    cede_unref(last);
    return cede_none;
}

TEST(a_long_chain_ends_on_a_small_stack, .torture = false)
{
    GENERATOR(g, drops_a_long_chain, NULL);

    say_next_or_stop(g);
    CHECK_SAID("StopIteration None ");
}

/* ---- no memory ----------------------------------------------------------- */

static void make_and_run(void)
{
    struct big big = {{1, 2, 3}};
    cede_generator *g = cede_generator_with(sums, big);

    cede_defer(cede_unref, g);
    cede_next(g);
}

TEST(no_memory_to_make_or_start_it, .torture = false)
{
    size_t before = cede__memory_live();
    long nth = 1;

    for (; nth < 100; nth++) {
        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        cede_try {
            make_and_run();
        } cede_except (cede_MemoryError, e) {
        } cede_end
        CHECK_INT(cede__memory_live(), before);
        if (cede__fault_injected(CEDE__FAULT_ALLOCATION) == 0)
            break;
    }
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    /* The block, the argument, and a GeneratorExit when it is dropped. */
    CHECK_INT(nth, 4);
}

/* No stack to be had: it stays CREATED, and starts when there is one. */
TEST(no_stack_to_start_on, .torture = false)
{
    GENERATOR(g, yields_one, NULL);
    volatile bool refused = false;

    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, 1000);
    cede_try {
        cede_next(g);
    } cede_except (cede_MemoryError, e) {
        refused = true;
    } cede_end
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    if (!refused)
        SKIP("stacks need no system call here");
    CHECK_STR(state_of(g), "CREATED");
    say_next(g);
    CHECK_SAID("1 ");
}

/* Closing without memory for a GeneratorExit still runs every finally. */
TEST(no_memory_to_close_it, .torture = false)
{
    GENERATOR(g, with_finally, NULL);

    cede_next(g);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1000);
    SAY_RAISED(cede_generator_close(g));
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_SAID("body finally MemoryError: \n");
    CHECK_STR(state_of(g), "CLOSED");
}

/* ---- what is no generator ------------------------------------------------ */

/* A `void *` may point to anything: it is looked at. */
TEST(send_and_throw_look_at_void_pointers)
{
    void *tuple = cede_tuple(1);
    cede_defer(cede_unref, tuple);
    void *generator = cede_generator(yields_one, NULL);
    cede_defer(cede_unref, generator);

    SAY_RAISED(cede_generator_send(tuple, 1));
    SAY_RAISED(cede_generator_throw(tuple, cede_KeyError));
    SAY_RAISED(cede_generator_send((void *)NULL, 1));
    CHECK_SAID("AttributeError: 'tuple' object has no attribute 'send'\n"
               "AttributeError: 'tuple' object has no attribute 'throw'\n"
               "AttributeError: 'NULL' object has no attribute 'send'\n");
    CHECK_INT(cede_value_int(cede_generator_send(generator, cede_none)), 1);
    CHECK_STR(cede_generator_name(generator), "yields_one");
    CHECK_STR(cede_generator_state_name(cede_getgeneratorstate(generator)),
              "GEN_SUSPENDED");
}
