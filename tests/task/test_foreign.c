/*
 * cede_foreign: neither an exception nor a suspension crosses frames that were
 * not written for cede; here they are qsort's. Decision 14 of the design.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/lowlevel.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static const int unsorted[4] = {3, 1, 2, 0};

struct sorting {
    cede_function step; /* is called by each comparison; may be NULL */
    int left, right;
    cede_exception *error; /* the first one */
};

static struct sorting *sorting;

/* As a callback is to be written: what it raises waits behind the block. */
static int compare(const void *a, const void *b)
{
    sorting->left = *(const int *)a;
    sorting->right = *(const int *)b;
    if (sorting->step && !sorting->error)
        sorting->error = cede_catch(sorting->step, sorting, NULL);
    return sorting->left - sorting->right;
}

static int compare_carelessly(const void *a, const void *b)
{
    sorting->left = *(const int *)a;
    sorting->right = *(const int *)b;
    cede_value_unref(sorting->step(sorting));
    return sorting->left - sorting->right;
}

static void sort_by(int (*function)(const void *, const void *),
                    cede_function step)
{
    struct sorting now_sorting = {.step = step};
    int numbers[4];

    memcpy(numbers, unsorted, sizeof numbers);
    sorting = &now_sorting;
    cede_foreign {
        qsort(numbers, 4, sizeof *numbers, function);
    } cede_end
    say("%d%d%d%d", numbers[0], numbers[1], numbers[2], numbers[3]);
    if (now_sorting.error) {
        cede_defer (cede_unref, now_sorting.error);
        cede_raise(now_sorting.error);
    }
}

static void say_error(cede_function step)
{
    cede_try {
        sort_by(compare, step);
    } cede_except (cede_BaseException, e) {
        say("%s", cede_exception_name(e));
        if (cede_exception_is(e, cede_RuntimeError))
            CHECK_CONTAINS(cede_exception_message(e), "cede_foreign");
    } cede_end
}

/* --- exceptions --- */

TEST(foreign_lets_values_and_caught_exceptions_pass)
{
    sort_by(compare, NULL);
    say_error(fails);
    CHECK_STR(said(), "0123;0123;ValueError;");
}

static void sort_carelessly(void *unused)
{
    (void)unused;
    sort_by(compare_carelessly, fails);
}

TEST(foreign_aborts_where_an_exception_would_cross, .torture = false)
{
    char output[4096];
    int status = harness_fork(sort_carelessly, NULL, output, sizeof output);

    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK_CONTAINS(output, "cede: an exception would cross frames that were "
                           "not written for cede\n");
    CHECK_CONTAINS(output, "  raised at tests/task/world.h:");
    CHECK_CONTAINS(output, " in fails\n");
    CHECK_CONTAINS(output,
                   "  below the cede_foreign at tests/task/test_foreign.c:");
    CHECK_CONTAINS(output, " in sort_by\n");
    CHECK_CONTAINS(output, "cede_catch");
    CHECK_CONTAINS(output, "ValueError");
}

/* For the block itself: a MemoryError in the place of what is expected may not
   leave it either. */
static void check_refused(cede_function function)
{
    cede_exception *error = cede_catch(function, NULL, NULL);

    CHECK(error && (cede_exception_is(error, cede_RuntimeError) ||
                    harness_torturing()));
    cede_unref(error);
}

/* --- suspensions --- */

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_sleep(1);
    return cede_none;
}

static cede_value yields_to_loop(void *arg)
{
    (void)arg;
    cede_sleep(0);
    return cede_none;
}

static cede_value awaits(void *arg)
{
    (void)arg;
    return cede_await(cede_create_task(returns_nothing, NULL));
}

static cede_value in_a_generator(void *arg)
{
    cede_yield(sleeps(arg));
    return cede_none;
}

static cede_value iterates(void *arg)
{
    cede_for (v, cede_generator(in_a_generator, arg))
        (void)v;
    return cede_none;
}

static cede_value another_task(void *ran)
{
    *(bool *)ran = true;
    return cede_none;
}

/* An operation that is always ready goes on; it does not switch either. */
static cede_value uses_its_budget(void *arg)
{
    static bool ran;

    (void)arg;
    cede_unref(cede_create_task(another_task, &ran));
    for (int i = 0; i < 300; i++)
        cede_consume_budget();
    CHECK(!ran);
    return cede_none;
}

static cede_value suspensions(void *arg)
{
    (void)arg;
    say_error(sleeps);
    say_error(yields_to_loop);
    say_error(awaits);
    say_error(iterates);
    say_error(uses_its_budget);
    cede_sleep(1); /* behind the block all is as before */
    say("%g", now());
    return cede_none;
}

TEST(foreign_refuses_to_suspend)
{
    expect(suspensions, "0123;RuntimeError;0123;RuntimeError;"
                        "0123;RuntimeError;0123;RuntimeError;0123;1;");
}

static cede_value leaves(void *arg)
{
    (void)arg;
    for (;;) {
        cede_foreign {
            cede_foreign {
                say("in");
            } cede_end
            check_refused(yields_to_loop);
            break;
        } cede_finally {
            say("finally");
            cede_sleep(0);
        } cede_end
    }
    cede_sleep(1);
    cede_foreign {
        return cede_none;
    } cede_end
    return cede_none;
}

static cede_value left(void *arg)
{
    leaves(arg);
    cede_sleep(1);
    say("%g", now());
    return cede_none;
}

/* Left early, or nested, it gives back what was before. */
TEST(foreign_left_by_break_and_return)
{
    expect(left, "in;finally;2;");
}

/* --- generators --- */

static cede_value yields(void *arg)
{
    (void)arg;
    return cede_yield(2);
}

static cede_value yields_from(void *arg)
{
    return cede_yield_from(cede_generator(in_a_generator, arg));
}

static cede_value yields_inside(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_foreign {
        cede_foreign {
        } cede_end
        check_refused(yields);
        check_refused(yields_from);
    } cede_end
    cede_yield(3);
    return cede_none;
}

static cede_value plain(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_yield(2);
    return cede_none;
}

static cede_value runs_a_generator(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(plain, NULL))
        (void)v;
    return cede_none;
}

TEST(foreign_and_generators)
{
    cede_for (v, cede_generator(yields_inside, NULL))
        say("%d", (int)cede_value_int(v));
    say_error(runs_a_generator);
    CHECK_STR(said(), "1;3;0123;");
}

/* --- a loop below foreign frames --- */

static cede_value runs_a_loop(void *arg)
{
    return cede_run_simulated(yields_to_loop, arg);
}

/* Its tasks suspend to it, and cross nothing. */
TEST(foreign_with_a_loop_of_the_callbacks)
{
    say_error(runs_a_loop);
    CHECK_STR(said(), "0123;");
}
