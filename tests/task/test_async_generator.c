/*
 * How generators that await come to their end: given up by cede_unref (A02),
 * by the loop (A11, A12, R05), by what they raise (A04). Their use is in
 * tests/task/test_generator.c.
 */
#include "task/world.h"

#include "cede/async_generator.h"
#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/itertools.h"
#include "cede/lowlevel.h"
#include "cede/nursery.h"
#include "cede/task_group.h"
#include "cede/timeout.h"

/* Yields once; its clean-up awaits and says when it is over. */
static cede_value tidy(void *name)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        say("%s at %g", (char *)name, now());
    } cede_end
    return cede_none;
}

/* A generator that stands at its first yield; one reference. */
#define started(function, argument) begun(cede_generator(function, argument))

static cede_generator *begun(cede_generator *made)
{
    cede_auto (cede_generator *, generator, drop) = made;

    cede_value_unref(cede_next(generator));
    return cede_ref(generator);
}

#define give_up_one(function, argument) cede_unref(started(function, argument))

/* --- A02: the loop finishes what cede_unref cannot --- */

static cede_value gives_up(void *arg)
{
    (void)arg;
    give_up_one(tidy, "closed");
    say("went on at %g", now());
    cede_sleep(2);
    return cede_none;
}

TEST(A02_a_clean_up_that_awaits_is_finished_by_the_loop)
{
    expect(gives_up, "went on at 0;closed at 1;");
}

static cede_value gives_up_and_returns(void *arg)
{
    (void)arg;
    give_up_one(tidy, "closed");
    return cede_none;
}

/* R01: the clean-up is what is left of the program; it is not cancelled. */
TEST(A02_cede_run_waits_for_it)
{
    expect(gives_up_and_returns, "closed at 1;");
}

static cede_value gives_up_two(void *arg)
{
    cede_auto (cede_generator *, a, drop) = started(tidy, "a");
    cede_auto (cede_generator *, b, drop) = started(tidy, "b");

    (void)arg;
    return cede_none;
}

TEST(A02_several_at_the_same_time)
{
    expect(gives_up_two, "b at 1;a at 1;");
}

static cede_value tidy_in_steps(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        say("begins in %s", cede_task_get_name(cede_current_task()));
        for (int i = 0; i < 3; i++)
            cede_sleep(1);
        cede_await(cede_create_task(returns_nothing, NULL));
        say("ends at %g, in main %d", now(),
            strcmp(cede_task_get_name(cede_current_task()), "main") == 0);
    } cede_end
    return cede_none;
}

static cede_value gives_up_steps(void *arg)
{
    (void)arg;
    cede_task_set_name(cede_current_task(), "main");
    give_up_one(tidy_in_steps, NULL);
    say("given up");
    return cede_none;
}

TEST(A02_it_begins_at_once_and_goes_on_in_a_task_of_its_own)
{
    expect(gives_up_steps, "begins in main;given up;ends at 3, in main 0;");
}

static cede_value tidy_without_waiting(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        for (int i = 0; i < 300; i++)
            cede_consume_budget();
        say("closed");
    } cede_end
    return cede_none;
}

static cede_value gives_up_plain(void *arg)
{
    (void)arg;
    give_up_one(tidy_without_waiting, NULL);
    say("%d task", (int)cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

/* G15 */
TEST(A02_a_clean_up_that_need_not_wait_is_over_at_once)
{
    expect(gives_up_plain, "closed;1 task;");
}

/* A generator over another one; both clean up. */
static cede_value over_tidy(void *arg)
{
    (void)arg;
    cede_try {
        cede_for (v, cede_generator(tidy, "inner"))
            cede_yield(cede_value_ref(v));
    } cede_finally {
        cede_sleep(1);
        say("outer at %g", now());
    } cede_end
    return cede_none;
}

static cede_value from_tidy(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(tidy, "inner"));
    } cede_finally {
        cede_sleep(1);
        say("outer at %g", now());
    } cede_end
    return cede_none;
}

static cede_value gives_up_nested(void *arg)
{
    (void)arg;
    give_up_one(over_tidy, NULL);
    return cede_none;
}

static cede_value gives_up_chain(void *arg)
{
    (void)arg;
    give_up_one(from_tidy, NULL);
    return cede_none;
}

TEST(A02_with_the_generators_it_iterates)
{
    expect(gives_up_nested, "inner at 1;outer at 2;");
}

TEST(A02_with_the_generators_it_delegates_to)
{
    expect(gives_up_chain, "inner at 1;outer at 2;");
}

static cede_value drops_another(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        give_up_one(tidy, "second");
        say("dropped at %g", now());
        cede_sleep(0.5);
        give_up_one(tidy, "third");
        say("first at %g", now());
    } cede_end
    return cede_none;
}

static cede_value gives_up_dropper(void *arg)
{
    (void)arg;
    give_up_one(drops_another, NULL);
    say("went on");
    return cede_none;
}

TEST(A02_a_clean_up_that_gives_up_others)
{
    expect(gives_up_dropper, "dropped at 0;went on;first at 0.5;second at 1;"
                             "third at 1.5;");
}

static void give_up_later(void *generator)
{
    cede_unref(generator);
    say("callback is over");
}

static cede_value in_a_callback(void *arg)
{
    cede_generator *generator = started(tidy, "closed");

    (void)arg;
    cede_try {
        cede_loop_call_soon(cede_get_running_loop(), give_up_later, generator);
    } cede_except (cede_MemoryError) {
        cede_unref(generator);
        cede_reraise();
    } cede_end
    cede_sleep(2);
    return cede_none;
}

TEST(A02_given_up_by_a_callback)
{
    expect(in_a_callback, "callback is over;closed at 1;");
}

static cede_value while_raising(void *arg)
{
    (void)arg;
    cede_try {
        cede_auto (cede_generator *, generator, drop) = started(tidy, "closed");

        cede_raise(cede_ValueError, "on its way");
    } cede_except (cede_ValueError, e) {
        say("%s at %g", cede_exception_message(e), now());
    } cede_end
    return cede_none;
}

TEST(A02_while_an_exception_passes)
{
    expect(while_raising, "on its way at 0;closed at 1;");
}

static cede_value tidy_within(void *seconds)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_timeout (deadline, *(double *)seconds) {
            cede_sleep(2);
            say("closed at %g", now());
        } cede_except (cede_TimeoutError, e) {
            say("gave up at %g", now());
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value with_a_timeout(void *arg)
{
    static double brief = 1, ample = 5;

    (void)arg;
    give_up_one(tidy_within, &brief);
    give_up_one(tidy_within, &ample);
    cede_sleep(1.5);
    say("went on at %g", now());
    return cede_none;
}

/* The timeout is that of the task which cleans up, not of the one that gave the
   generator up. */
TEST(A02_a_clean_up_with_a_timeout)
{
    expect(with_a_timeout, "gave up at 1;went on at 1.5;closed at 2;");
}

static cede_value tidy_in_a_scope(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_move_on_after (scope, 1) {
            cede_sleep(2);
            say("never");
        } cede_end
        say("moved on at %g", now());
    } cede_end
    return cede_none;
}

static cede_value with_a_scope(void *arg)
{
    (void)arg;
    give_up_one(tidy_in_a_scope, NULL);
    cede_sleep(3);
    say("went on at %g", now());
    return cede_none;
}

TEST(A02_a_clean_up_with_a_cancel_scope)
{
    expect(with_a_scope, "moved on at 1;went on at 3;");
}

static cede_value tidy_in_a_group(void *nursery)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_try {
            if (nursery) {
                cede_nursery (children) {
                    cede_nursery_start_soon(children, fails, "child");
                    cede_sleep(10);
                } cede_end
            } else {
                cede_task_group (children) {
                    cede_task_group_create_task(children, fails, "child");
                    cede_sleep(10);
                } cede_end
            }
        } cede_except (cede_ExceptionGroup) {
            say("failed at %g", now());
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value with_a_group(void *arg)
{
    static bool nursery = true;

    (void)arg;
    give_up_one(tidy_in_a_group, NULL);
    give_up_one(tidy_in_a_group, &nursery);
    cede_sleep(1);
    say("went on at %g", now());
    return cede_none;
}

/* A child that fails cancels the clean-up, not who gave the generator up. */
TEST(A02_a_clean_up_with_a_group_and_a_nursery)
{
    expect(with_a_group, "failed at 0;failed at 0;went on at 1;");
}

static cede_value tidy_with_a_checkpoint(void *arg)
{
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_consume_budget();
        cede_sleep(1);
        say("%s at %g", (char *)arg, now());
    } cede_end
    return cede_none;
}

static cede_value in_a_cancelled_scope(void *arg)
{
    (void)arg;
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        give_up_one(tidy, "sleep");
        give_up_one(tidy_with_a_checkpoint, "checkpoint");
        cede_sleep(1);
        say("never");
    } cede_end
    say("left at %g", now());
    cede_sleep(2);
    return cede_none;
}

/* The scope ends what is done inside it; the clean-up is the loop's. */
TEST(A02_inside_a_cancelled_scope)
{
    expect(in_a_cancelled_scope, "left at 0;sleep at 1;checkpoint at 1;");
}

static cede_value tidy_shielded(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_shield_begin();
        cede_try {
            cede_sleep(1);
        } cede_finally {
            cede_shield_end(NULL);
        } cede_end
        say("closed at %g", now());
    } cede_end
    return cede_none;
}

static cede_value with_a_shield(void *arg)
{
    (void)arg;
    give_up_one(tidy_shielded, NULL);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_sleep(1);
        say("never");
    } cede_end
    cede_sleep(2);
    return cede_none;
}

TEST(A02_a_clean_up_with_a_shield)
{
    expect(with_a_shield, "closed at 1;");
}

static cede_generator *itself, *survivor;

static cede_value keeps_itself(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        survivor = cede_ref(itself);
        say("closed");
    } cede_end
    return cede_none;
}

static cede_value gives_up_keeper(void *arg)
{
    (void)arg;
    itself = started(keeps_itself, NULL);
    cede_unref(itself);
    cede_sleep(2);
    if (survivor) /* else there was no memory for the clean-up */
        say("%s",
            cede_generator_state_name(cede_getgeneratorstate(survivor)));
    return cede_none;
}

TEST(A02_a_clean_up_that_keeps_the_generator)
{
    cede_defer (drop, &survivor);

    expect(gives_up_keeper, "closed;GEN_CLOSED;");
}

static CEDE_CONTEXT_VAR(colour, "none");

static cede_value looks_at_colour(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        say("%s", cede_value_str(cede_context_var_get(colour)));
        cede_context_var_set(colour, "blue");
    } cede_end
    return cede_none;
}

static cede_value in_a_context(void *arg)
{
    (void)arg;
    cede_context_var_set(colour, "red");
    give_up_one(looks_at_colour, NULL);
    cede_context_var_set(colour, "green");
    cede_sleep(2);
    say("%s", cede_value_str(cede_context_var_get(colour)));
    return cede_none;
}

/* C01: a task copies the context when it is made. */
TEST(A02_the_clean_up_has_a_copy_of_the_context)
{
    expect(in_a_context, "red;green;");
}

/* --- A02: what it raises --- */

static cede_value fails_late(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        cede_raise(cede_ValueError, "in the clean-up");
    } cede_end
    return cede_none;
}

static cede_value gives_up_failing(void *arg)
{
    (void)arg;
    note_reports();
    give_up_one(fails_late, NULL);
    cede_sleep(2);
    return cede_none;
}

TEST(A02_its_exception_is_reported)
{
    expect(gives_up_failing,
           "Task exception was never retrieved: in the clean-up;");
}

static cede_value refuses_late(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        cede_yield(2);
        say("never");
    } cede_end
    return cede_none;
}

static cede_value gives_up_refusing(void *arg)
{
    (void)arg;
    note_reports();
    give_up_one(refuses_late, NULL);
    cede_sleep(2);
    return cede_none;
}

/* A04 */
TEST(A02_one_that_ignores_the_exit)
{
    expect(gives_up_refusing, "Task exception was never retrieved: generator "
                              "ignored GeneratorExit;");
}

static cede_value says_how_it_ends(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_try {
            cede_sleep(10);
        } cede_except (cede_CancelledError) {
            say("cancelled at %g", now());
            cede_reraise();
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value cancels_the_clean_up(void *arg)
{
    cede_list *all;

    (void)arg;
    give_up_one(says_how_it_ends, NULL);
    cede_sleep(1);
    all = cede_all_tasks(NULL);
    cede_for (task, all)
        if (cede_value_object(task) != (void *)cede_current_task())
            cede_task_cancel(cede_value_object(task), NULL);
    cede_sleep(1);
    return cede_none;
}

/* A05 */
TEST(A02_a_clean_up_can_be_cancelled)
{
    expect(cancels_the_clean_up, "cancelled at 1;");
}

/* --- A02: where there is no loop --- */

static void without_a_loop(void *arg)
{
    (void)arg;
    give_up_one(tidy, "never");
}

TEST(A02_outside_a_loop_the_clean_up_is_told)
{
    char output[2048];

    harness_capture(without_a_loop, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Exception ignored in: tidy");
    CHECK_CONTAINS(output, "RuntimeError: cannot suspend while cede_unref");
}

static cede_value persists(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        for (int i = 0; i < 3; i++) {
            cede_try {
                cede_sleep(1);
            } cede_except (cede_RuntimeError) {
                say("refused");
            } cede_end
        }
    } cede_end
    return cede_none;
}

TEST(A02_outside_a_loop_it_may_go_on_without_waiting)
{
    give_up_one(persists, NULL);
    CHECK_STR(said(), "refused;refused;refused;");
}

static void wants_to_wait(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1);
    } cede_except (cede_RuntimeError, e) {
        say("refused");
    } cede_end
}

static cede_value waits_in_a_loop(void *arg)
{
    (void)arg;
    cede_loop_call_soon(cede_get_running_loop(), wants_to_wait, NULL);
    cede_sleep(1);
    say("waited");
    return cede_none;
}

static cede_value runs_a_loop(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_value_unref(cede_run_simulated(waits_in_a_loop, NULL));
        say("closed");
    } cede_end
    return cede_none;
}

/* That loop's tasks wait as ever; its callbacks run on the generator's stack,
   and cannot take it away. */
TEST(A02_a_clean_up_that_runs_a_loop)
{
    give_up_one(runs_a_loop, NULL);
    CHECK_STR(said(), "refused;waited;closed;");
}

/* --- A02: the loop is closed before it is over --- */

static cede_value gives_up_reported(void *function)
{
    note_reports();
    give_up_one(*(cede_function *)function, NULL);
    return cede_none;
}

/* Closes the loop while the generator's clean-up waits. */
static void close_under(cede_function generator, const char *trace)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, gives_up_reported, &generator));
    cede_loop_close(loop);
    CHECK_STR(said(), trace);
}

static cede_value hears_of_the_end(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_try {
            cede_sleep(10);
        } cede_finally {
            say("%s", cede_exception_name(cede_sys_exception()));
        } cede_end
    } cede_end
    return cede_none;
}

/* T14 */
TEST(A02_the_loop_is_closed_while_it_waits)
{
    close_under(hears_of_the_end,
                "Task was destroyed but it is pending!;GeneratorExit;");
}

static cede_value never_ends(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        for (;;) {
            cede_try {
                cede_sleep(10);
            } cede_except (cede_GeneratorExit) {
            } cede_end
        }
    } cede_end
    return cede_none;
}

/* Nothing it held is lost. */
TEST(A02_a_clean_up_that_never_ends_is_abandoned_with_its_loop)
{
    close_under(never_ends, "Task was destroyed but it is pending!;");
}

/* --- R05, A11: those that are still held when the loop ends --- */

/* Has awaited when it yields; its clean-up awaits too. */
static cede_value awaiting(void *name)
{
    cede_try {
        cede_sleep(0);
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        say("%s at %g", (char *)name, now());
    } cede_end
    return cede_none;
}

static cede_value leaves_two(void *arg)
{
    (void)arg;
    keep(started(awaiting, "a"));
    keep(started(awaiting, "b"));
    say("main is over");
    return cede_none;
}

TEST(R05_cede_run_closes_what_is_still_held)
{
    expect(leaves_two, "main is over;a at 1;b at 1;");
}

static cede_value leaves_a_failing_task(void *arg)
{
    (void)arg;
    note_reports();
    keep(started(awaiting, "a"));
    keep(cede_create_task(fails_when_cancelled, "leftover"));
    cede_sleep(0);
    return cede_none;
}

TEST(R05_also_when_what_is_left_fails)
{
    expect(leaves_a_failing_task,
           "unhandled exception during cede_run() shutdown: leftover;a at 1;");
}

static cede_value awaits_and_fails(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(0);
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        cede_raise(cede_ValueError, "x");
    } cede_end
    return cede_none;
}

static cede_value leaves_a_failing_one(void *arg)
{
    (void)arg;
    note_reports();
    keep(started(awaits_and_fails, NULL));
    keep(started(awaiting, "b"));
    return cede_none;
}

/* A11 */
TEST(A11_an_error_of_the_closing_is_reported_and_the_others_are_closed)
{
    expect(leaves_a_failing_one,
           "b at 1;an error occurred during closing of asynchronous generator "
           "<generator object awaits_and_fails>: x;");
}

static cede_value tidy_slowly(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(2);
        say("slow at %g", now());
    } cede_end
    return cede_none;
}

static cede_value shuts_down_itself(void *arg)
{
    cede_generator *generator = keep(started(awaiting, "a"));

    (void)arg;
    give_up_one(tidy_slowly, NULL);
    cede_loop_shutdown_asyncgens(cede_get_running_loop());
    say("%s", cede_generator_state_name(cede_getgeneratorstate(generator)));
    cede_loop_shutdown_asyncgens(cede_get_running_loop());
    say("at %g", now());
    return cede_none;
}

TEST(A11_waits_for_those_that_are_being_closed_too)
{
    expect(shuts_down_itself, "a at 1;slow at 2;GEN_CLOSED;at 2;");
}

static cede_value delegates_to_awaiting(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield_from(cede_generator(awaiting, "inner"));
    } cede_finally {
        say("outer at %g", now());
    } cede_end
    return cede_none;
}

static cede_value leaves_a_chain(void *arg)
{
    (void)arg;
    keep(started(delegates_to_awaiting, NULL));
    return cede_none;
}

TEST(R05_a_chain_is_closed_from_its_outermost)
{
    expect(leaves_a_chain, "inner at 1;outer at 1;");
}

static cede_value shuts_down_another(void *arg)
{
    cede_auto (cede_loop *, other, shut) = cede_loop_new();

    (void)arg;
    cede_try {
        cede_loop_shutdown_asyncgens(other);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(A11_of_another_loop_is_refused)
{
    expect(shuts_down_another, "the generators of a loop are closed by a task "
                               "of that loop;");
    CHECK_RAISES(cede_RuntimeError, cede_loop_shutdown_asyncgens(NULL));
}

static cede_value is_cancelled(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 0.5) {
        cede_loop_shutdown_asyncgens(cede_get_running_loop());
    } cede_except (cede_TimeoutError) {
        say("cancelled at %g", now());
    } cede_end
    return cede_none;
}

static cede_value cancels_the_shutdown(void *arg)
{
    cede_generator *generator = keep(started(says_how_it_ends, NULL));

    (void)arg;
    keep(started(awaiting, "never"));
    cede_value_unref(is_cancelled(NULL));
    say("%s", cede_generator_state_name(cede_getgeneratorstate(generator)));
    return cede_none;
}

TEST(A11_cancelling_it_cancels_the_closing)
{
    expect(cancels_the_shutdown, "cancelled at 0.5;GEN_SUSPENDED;");
}

/* Holds another one, which its own clean-up gives up. */
static cede_value holds_one(void *name)
{
    cede_auto (cede_generator *, inner, drop) = started(tidy, name);

    cede_try {
        cede_sleep(0);
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        say("outer at %g", now());
    } cede_end
    return cede_none;
}

static cede_value shuts_down_two(void *arg)
{
    cede_auto (cede_generator *, outer, drop) = started(holds_one, "inner");

    (void)arg;
    cede_loop_shutdown_asyncgens(cede_get_running_loop());
    say("shut at %g", now());
    return cede_none;
}

TEST(A11_waits_for_what_the_closing_gives_up)
{
    expect(shuts_down_two, "outer at 1;inner at 2;shut at 2;");
}

static cede_value leaves_one_that_holds(void *arg)
{
    (void)arg;
    keep(started(holds_one, "inner"));
    return cede_none;
}

TEST(R05_cede_run_waits_for_that_too)
{
    expect(leaves_one_that_holds, "outer at 1;inner at 2;");
}

static cede_value cancels_the_second_wait(void *arg)
{
    cede_auto (cede_task *, shutting, drop) =
        cede_create_task(shuts_down_two, arg);

    cede_sleep(1.5);
    cede_task_cancel(shutting, NULL);
    cede_try {
        cede_await(cede_ref(shutting));
    } cede_except (cede_CancelledError, e) {
        say("cancelled at %g", now());
    } cede_end
    return cede_none;
}

TEST(A11_cancelled_while_it_waits_for_that)
{
    expect(cancels_the_second_wait, "outer at 1;cancelled at 1.5;");
}

static cede_value tidy_by_shutting_down(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_sleep(1);
        cede_loop_shutdown_asyncgens(cede_get_running_loop());
        say("shut at %g", now());
    } cede_end
    return cede_none;
}

static cede_value gives_up_who_shuts_down(void *arg)
{
    (void)arg;
    give_up_one(tidy_by_shutting_down, NULL);
    return cede_none;
}

TEST(A11_a_clean_up_does_not_wait_for_itself)
{
    expect(gives_up_who_shuts_down, "shut at 1;");
}

/* --- factories are not asked for the tasks that close --- */

static cede_task *never_eager(cede_loop *loop, const cede_task_recipe *recipe,
                              void *argument)
{
    cede_task_recipe mine = *recipe;

    (void)loop;
    (void)argument;
    say("asked");
    mine.options.eager_start = false;
    return cede_task_make(&mine);
}

static cede_value gives_up_with_a_factory(void *arg)
{
    cede_loop_set_task_factory(cede_get_running_loop(), never_eager, NULL);
    return gives_up(arg);
}

/* L26 */
TEST(A02_a_factory_that_starts_nothing_at_once)
{
    expect(gives_up_with_a_factory, "went on at 0;closed at 1;");
}

static cede_generator *lonely;

static void forget_lonely(void *unused)
{
    cede_generator *forgotten = lonely;

    (void)unused;
    lonely = NULL;
    cede_unref(forgotten);
}

/* Its clean-up gives up the reference that keeps it. */
static cede_value lets_itself_go(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(0);
        cede_yield(1);
    } cede_finally {
        forget_lonely(NULL);
        say("closed");
    } cede_end
    return cede_none;
}

static cede_value shuts_down_eagerly(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_auto (cede_generator *, other, drop) = started(awaiting, "other");

    (void)arg;
    lonely = started(lets_itself_go, NULL);
    cede_defer (forget_lonely, NULL);
    cede_loop_set_task_factory(loop, cede_eager_task_factory, NULL);
    cede_loop_shutdown_asyncgens(loop);
    say("shut");
    return cede_none;
}

/* L26: the list of them does not change while it is looked through. */
TEST(A11_with_an_eager_factory)
{
    expect(shuts_down_eagerly, "closed;other at 1;shut;");
}

/* --- A12 --- */

static cede_value begins_late(void *arg)
{
    (void)arg;
    cede_loop_shutdown_asyncgens(cede_get_running_loop());
    cede_for (v, cede_generator(awaiting, "late"))
        say("%d", (int)cede_value_int(v));
    return cede_none;
}

static void run_begins_late(void *arg)
{
    (void)arg;
    expect(begins_late, "1;late at 1;");
}

TEST(A12_one_that_awaits_first_after_the_shutdown)
{
    char output[2048];

    harness_capture(run_begins_late, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "ResourceWarning: asynchronous generator 'awaiting' "
                           "was scheduled after cede_loop_shutdown_asyncgens");
}

static cede_value nothing_late(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(awaiting, "in time"))
        say("%d", (int)cede_value_int(v));
    cede_loop_shutdown_asyncgens(cede_get_running_loop());
    return cede_none;
}

static void run_nothing_late(void *arg)
{
    (void)arg;
    expect(nothing_late, "1;in time at 1;");
}

TEST(A12_says_nothing_otherwise)
{
    char output[2048];

    harness_capture(run_nothing_late, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

static cede_value leaves_one_to_its_holder(void *arg)
{
    return cede_object(started(awaiting, arg));
}

/* The generator outlives the loop whose list it was in. */
TEST(a_generator_outlives_its_loop)
{
    cede_loop *loop = cede_loop_new();
    cede_auto (cede_value, generator, drop_value) = cede_none;

    cede_try {
        generator = cede_loop_run_until_complete(
            loop, cede_loop_create_task(loop, leaves_one_to_its_holder, "x"));
    } cede_finally {
        cede_loop_close(loop);
        cede_unref(loop);
    } cede_end
    cede_try {
        cede_generator_close((cede_generator *)cede_value_object(generator));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    CHECK_STR(said(), "no running task: only code that runs in a task, below "
                      "cede_run or cede_create_task, may suspend;");
}

/* --- A01, A04, A06, A09: the protocol --- */

static cede_value protocol(void *arg)
{
    cede_value x;

    (void)arg;
    cede_keep(x);
    cede_try {
        x = cede_yield(1);
        for (;;) {
            volatile int64_t got = cede_value_int(x);

            cede_try {
                cede_sleep(1);
                x = cede_yield(got * 10);
            } cede_except (cede_KeyError) {
                x = cede_int(-1);
            } cede_end
        }
    } cede_finally {
        cede_sleep(1);
        say("closed at %g", now());
    } cede_end
    return cede_none;
}

static cede_value uses_the_protocol(void *arg)
{
    cede_generator *a = keep(cede_generator(protocol, NULL));
    cede_generator *b = keep(cede_generator(protocol, NULL));

    (void)arg;
    CHECK_RAISES(cede_TypeError, cede_generator_send(a, 5));
    say("%d", (int)cede_value_int(cede_next(a)));
    say("%d", (int)cede_value_int(cede_generator_send(a, 4)));
    say("%d", (int)cede_value_int(cede_generator_throw(a, cede_KeyError)));
    say("%d %d", cede_is_none(cede_generator_close(a)),
        cede_is_none(cede_generator_close(a)));
    CHECK_RAISES(cede_StopIteration, cede_next(a));
    cede_generator_close(b);
    say("%d", (int)cede_value_int(cede_next_default(b, 7)));
    return cede_none;
}

/* A09: the close awaits in finally. */
TEST(A01_send_throw_and_close_wait_for_it)
{
    expect(uses_the_protocol, "1;40;-10;closed at 3;1 1;7;");
}

static cede_value stops(void *stop_class)
{
    cede_sleep(0);
    cede_yield(1);
    cede_sleep(0);
    cede_raise((const cede_class *)stop_class);
}

static void say_how_it_stops(const cede_class *stop)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(stops, (void *)stop);

    cede_next(generator);
    cede_try {
        cede_next(generator);
    } cede_except (cede_RuntimeError, e) {
        say("%s: %s", cede_exception_message(e),
            cede_exception_name(cede_exception_cause(e)));
    } cede_end
}

static cede_value stops_wrongly(void *arg)
{
    (void)arg;
    say_how_it_stops(cede_StopAsyncIteration);
    say_how_it_stops(cede_StopIteration);
    return cede_none;
}

TEST(A04_an_exception_that_looks_like_the_end)
{
    expect(stops_wrongly,
           "async generator raised StopAsyncIteration: StopAsyncIteration;"
           "generator raised StopIteration: StopIteration;");
}

static cede_value ignores_the_exit(void *arg)
{
    (void)arg;
    cede_sleep(0);
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_sleep(0);
        cede_yield(2);
    } cede_end
    return cede_none;
}

static cede_value closes_what_refuses(void *arg)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(ignores_the_exit, NULL);

    (void)arg;
    cede_next(generator);
    cede_try {
        cede_generator_close(generator);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(A04_a_yield_when_closed)
{
    expect(closes_what_refuses, "generator ignored GeneratorExit;");
}

static cede_value throws_early(void *arg)
{
    cede_auto (cede_generator *, fresh, drop) = cede_generator(protocol, NULL);
    cede_auto (cede_generator *, exits, drop) = started(stops, NULL);

    (void)arg;
    CHECK_RAISES(cede_KeyError, cede_generator_throw(fresh, cede_KeyError));
    say("%d", (int)cede_value_int(cede_next_default(fresh, 0)));
    CHECK_RAISES(cede_GeneratorExit,
                 cede_generator_throw(exits, cede_GeneratorExit));
    return cede_none;
}

TEST(A06_throwing_into_one_that_has_not_begun)
{
    expect(throws_early, "0;");
}

static cede_value send_one(void *generator)
{
    return cede_generator_send((cede_generator *)generator, cede_none);
}

static cede_value sends_twice(void *arg)
{
    cede_generator *generator = keep(cede_generator(awaiting, "closed"));
    cede_auto (cede_coroutine *, asend, drop) =
        cede_coroutine(send_one, generator);

    (void)arg;
    say("%d", (int)cede_value_int(cede_await(cede_ref(asend))));
    cede_try {
        cede_await(cede_ref(asend));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

/* What asend() is in Python is a coroutine object around a send. */
TEST(A06_a_send_made_for_later_is_used_once)
{
    expect(sends_twice, "1;cannot reuse already awaited coroutine;closed at 1;");
}

/* --- A08: comprehensions --- */

static cede_value numbers(void *count)
{
    for (int i = 0; i < *(int *)count; i++) {
        cede_sleep(1);
        cede_yield(i);
    }
    return cede_none;
}

static cede_value slow_square(cede_value item)
{
    cede_sleep(1);
    return cede_int(cede_value_int(item) * cede_value_int(item));
}

static bool slow_is_odd(cede_value item)
{
    cede_sleep(1);
    return cede_value_int(item) % 2;
}

static cede_value comprehends(void *arg)
{
    cede_auto (cede_list *, list, drop) = cede_list_from(cede_map(
        slow_square,
        cede_filter(slow_is_odd, cede_generator_with(numbers, 4))));

    (void)arg;
    cede_for (v, cede_ref(list))
        say("%d", (int)cede_value_int(v));
    say("at %g", now());
    return cede_none;
}

TEST(A08_a_list_of_what_an_asynchronous_generator_gives)
{
    expect(comprehends, "1;9;at 10;");
}

static cede_value cancelled_comprehension(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 0.5) {
        cede_unref(cede_list_from(cede_map(slow_square,
                                           cede_generator(awaiting, "x"))));
    } cede_except (cede_TimeoutError) {
        say("cancelled at %g", now());
    } cede_end
    return cede_none;
}

TEST(A05_a_comprehension_that_is_cancelled)
{
    expect(cancelled_comprehension, "x at 1.5;cancelled at 1.5;");
}

/* --- A13 --- */

static cede_value iterates_wrongly(void *arg)
{
    (void)arg;
    cede_try {
        cede_for (v, cede_loop_create_future(NULL))
            say("%d", (int)cede_value_int(v));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(A13_what_cannot_be_iterated)
{
    expect(iterates_wrongly, "'Future' object is not iterable;");
}
