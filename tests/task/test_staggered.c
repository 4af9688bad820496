/*
 * staggered_race: rule D14; the cases of CPython 3.13's test_staggered are
 * among them.
 */
#include "world.h"

#include "cede/cancel_scope.h"
#include "cede/coroutine.h"
#include "cede/print.h"
#include "cede/staggered.h"
#include "cede/timeout.h"

#include <inttypes.h>

/* --- runners --- */

struct way {
    int number;
    double takes;
    const cede_class *raises; /* NULL: it returns its number */
};

static cede_value walk(void *arg)
{
    struct way *way = arg;

    say("%d at %g", way->number, now());
    cede_try {
        cede_sleep(way->takes);
    } cede_except (cede_CancelledError, e) {
        say("%d cancelled at %g", way->number, now());
        cede_reraise();
    } cede_end
    if (way->raises)
        cede_raise(way->raises, "%d", way->number);
    return cede_int(way->number);
}

/* Adds a coroutine to the crew. */
static void add(struct crew *crew, cede_function function, double takes,
                const cede_class *raises)
{
    struct way way = {(int)crew->count, takes, raises};

    join(crew, cede_coroutine_with(function, way));
}

/* --- the race --- */

static void say_exceptions(cede_list *exceptions)
{
    cede_value text = cede_repr(exceptions);
    cede_defer (cede_value_clear, &text);

    say("%s", cede_value_str(text));
}

/* Hands the crew over to a race, and says what comes of it. */
static void race(struct crew *crew, double delay)
{
    size_t count = crew->count;
    cede_auto (cede_value, result, drop_value) = cede_none;
    cede_auto (cede_list *, exceptions, drop) = NULL;
    int64_t winner;

    crew->count = 0;
    result = cede_staggered_race(crew->member, count, delay, &winner,
                                 &exceptions);
    if (cede_is_none(result))
        say("nobody %" PRId64 " at %g", winner, now());
    else
        say("%" PRId64 " won with %" PRId64 " at %g", winner,
            cede_value_int(result), now());
    say_exceptions(exceptions);
}

#define CREW(name) \
    struct crew name = {.count = 0}; \
    cede_defer (dismiss, &name)

static cede_value empty(void *arg)
{
    CREW(crew);

    (void)arg;
    race(&crew, INFINITY);
    return cede_none;
}

TEST(D14_of_nothing)
{
    expect(empty, "nobody -1 at 0;[];");
}

static cede_value one_successful(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 1, NULL);
    add(&crew, walk, 1, NULL);
    race(&crew, INFINITY);
    return cede_none;
}

static void run_one_successful(void *arg)
{
    (void)arg;
    expect(one_successful, "0 at 0;0 won with 0 at 1;[None];");
}

/* The second one is never begun, and nobody has forgotten to await it. */
TEST(D14_the_first_wins)
{
    char reports[1024];

    harness_capture(run_one_successful, NULL, reports, sizeof reports);
    CHECK_STR(reports, "");
}

static cede_value failing_first(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 1, cede_ValueError);
    add(&crew, walk, 1, NULL);
    race(&crew, INFINITY);
    return cede_none;
}

TEST(D14_the_next_begins_when_the_one_before_has_failed)
{
    expect(failing_first, "0 at 0;1 at 1;1 won with 1 at 2;"
                          "[ValueError('0'), None];");
}

static cede_value slow_first(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 10, NULL);
    add(&crew, walk, 1, NULL);
    add(&crew, walk, 1, NULL);
    race(&crew, 2);
    return cede_none;
}

TEST(D14_the_next_begins_after_the_delay)
{
    expect(slow_first, "0 at 0;1 at 2;0 cancelled at 3;1 won with 1 at 3;"
                       "[CancelledError(), None];");
}

static cede_value failing_early(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 9, NULL);
    add(&crew, walk, 1, cede_OSError);
    add(&crew, walk, 3, cede_OSError);
    add(&crew, walk, 3, cede_KeyError);
    race(&crew, 2);
    return cede_none;
}

/* The one before counts, not those before it; the delay begins anew. */
TEST(D14_a_failure_shortens_the_delay)
{
    expect(failing_early, "0 at 0;1 at 2;2 at 3;3 at 5;0 won with 0 at 9;"
                          "[None, OSError('1'), OSError('2'), KeyError('3')];");
}

static cede_value all_fail(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 0, cede_ValueError);
    add(&crew, walk, 1, cede_CancelledError);
    add(&crew, walk, 5, cede_OSError);
    race(&crew, 3);
    return cede_none;
}

/* A CancelledError of its own making is a failure like others. */
TEST(D14_nobody_wins)
{
    expect(all_fail,
           "0 at 0;1 at 0;2 at 1;nobody -1 at 6;"
           "[ValueError('0'), CancelledError('1'), OSError('2')];");
}

static cede_value without_delay(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 3, NULL);
    add(&crew, walk, 2, NULL);
    add(&crew, walk, 2.5, NULL);
    race(&crew, 0);
    return cede_none;
}

TEST(D14_without_a_delay_all_begin)
{
    expect(without_delay,
           "0 at 0;1 at 0;2 at 0;0 cancelled at 2;2 cancelled at 2;"
           "1 won with 1 at 2;[CancelledError(), None, CancelledError()];");
}

/* --- who loses --- */

static cede_value waits_for_kept(void *arg)
{
    (void)arg;
    cede_value_unref(cede_await(cede_ref((cede_future *)kept.member[0])));
    return cede_int(1);
}

static cede_value sets_kept(void *arg)
{
    (void)arg;
    cede_future_set_result(kept.member[0], cede_none);
    cede_sleep(INFINITY);
    return cede_none;
}

static cede_value two_winners(void *arg)
{
    CREW(crew);

    (void)arg;
    keep(cede_loop_create_future(NULL));
    add(&crew, waits_for_kept, 0, NULL);
    add(&crew, waits_for_kept, 0, NULL);
    add(&crew, sets_kept, 0, NULL);
    race(&crew, 0.1);
    return cede_none;
}

/* The second would have won in the same round. */
TEST(D14_the_first_of_two_winners, .shuffle = false)
{
    expect(two_winners, "0 won with 1 at 0.2;"
                        "[None, CancelledError(), CancelledError()];");
}

static cede_value is_stubborn(void *arg)
{
    struct way *way = arg;

    cede_try {
        cede_sleep(INFINITY);
    } cede_except (cede_CancelledError, e) {
        cede_sleep(way->takes);
    } cede_end
    say("%d ends at %g", way->number, now());
    if (way->raises)
        cede_raise(way->raises, "%d", way->number);
    return cede_str_copy("never seen");
}

static cede_value losers_take_time(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, is_stubborn, 4, NULL);
    add(&crew, is_stubborn, 2, cede_ValueError);
    add(&crew, walk, 1, NULL);
    add(&crew, walk, 1, NULL);
    race(&crew, 3);
    return cede_none;
}

TEST(D14_losers_are_waited_for_and_do_not_win)
{
    expect(losers_take_time, "2 at 6;1 ends at 9;0 ends at 11;"
                             "2 won with 2 at 11;"
                             "[None, ValueError('1'), None];");
}

static cede_value tasks(void *arg)
{
    CREW(crew);

    (void)arg;
    keep(cede_create_task_with(walk, ((struct way){0, 5, NULL})));
    keep(cede_create_task_with(walk, ((struct way){1, 1.5, NULL})));
    keep(cede_create_task_with(walk, ((struct way){2, 6, NULL})));
    join(&crew, cede_ref(kept.member[0]));
    join(&crew, cede_ref(kept.member[1]));
    join(&crew, cede_ref(kept.member[2]));
    race(&crew, 1);
    cede_sleep(9);
    say("%d%d%d", cede_task_cancelled(kept.member[0]),
        cede_task_cancelled(kept.member[1]),
        cede_task_cancelled(kept.member[2]));
    return cede_none;
}

/* The third has not had its turn, so it is left alone. */
TEST(D14_of_tasks_that_run_already)
{
    expect(tasks, "0 at 0;1 at 0;2 at 0;0 cancelled at 1.5;"
                  "1 won with 1 at 1.5;[CancelledError(), None];100;");
}

/* --- cancelling the race --- */

static cede_value races_three(void *delay)
{
    CREW(crew);

    add(&crew, walk, 10, NULL);
    add(&crew, is_stubborn, 4, NULL);
    add(&crew, walk, 10, NULL);
    cede_try {
        race(&crew, *(double *)delay);
    } cede_except (cede_CancelledError, e) {
        say("raised %s at %g", cede_exception_message(e), now());
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value cancelled(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task_with(races_three, 2.0);

    (void)arg;
    cede_sleep(3);
    cede_task_cancel(task, "stop");
    cede_sleep(1);
    cede_task_cancel(task, "again"); /* the clean-up is cancelled too */
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    return cede_none;
}

TEST(D14_a_cancelled_race_cancels_its_runners_each_time)
{
    expect(cancelled, "0 at 0;0 cancelled at 3;raised again at 4;");
}

static cede_value in_scope(void *arg)
{
    double delay = 2;

    (void)arg;
    cede_move_on_after (scope, 3) {
        races_three(&delay);
    } cede_finally {
        say("caught %d at %g", cede_cancel_scope_cancelled_caught(scope),
            now());
    } cede_end
    return cede_none;
}

/* Level-triggered: the race is, its runners are asked once. */
TEST(D14_Z01_in_a_cancelled_scope_it_waits_for_its_runners)
{
    expect(in_scope, "0 at 0;0 cancelled at 3;1 ends at 7;raised  at 7;"
                     "caught 1 at 7;");
}

static cede_value in_cancelled_scope(void *arg)
{
    double delay = 2;

    (void)arg;
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        races_three(&delay);
    } cede_end
    return cede_none;
}

TEST(D14_Z01_in_a_scope_that_is_cancelled_nobody_begins)
{
    expect(in_cancelled_scope, "raised  at 0;");
}

static cede_value cancelled_early(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task_with(races_three, 2.0);

    (void)arg;
    cede_sleep(1);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    cede_sleep(20);
    return cede_none;
}

TEST(D14_cancelled_before_the_second_begins)
{
    expect(cancelled_early, "0 at 0;0 cancelled at 1;raised  at 1;");
}

struct timeouts {
    cede_timeout *outer, *inner;
};

static cede_value reschedules(void *arg)
{
    struct timeouts *timeouts = *(struct timeouts **)arg;

    cede_timeout_reschedule(timeouts->inner, -1);
    cede_sleep(0);
    cede_try {
        cede_sleep(0);
    } cede_except (cede_CancelledError) {
        say("cancelled 1");
    } cede_end
    cede_timeout_reschedule(timeouts->outer, -1);
    cede_sleep(0);
    cede_try {
        cede_sleep(0);
    } cede_except (cede_CancelledError) {
        say("cancelled 2");
    } cede_end
    return cede_none;
}

static struct timeouts both;

static cede_value two_timeouts(void *arg)
{
    struct timeouts *timeouts = &both;
    CREW(crew);

    (void)arg;
    cede_timeout (outer, INFINITY) {
        cede_timeout (inner, INFINITY) {
            both = (struct timeouts){outer, inner};
            join(&crew, cede_coroutine_with(reschedules, timeouts));
            cede_try {
                race(&crew, INFINITY);
            } cede_except (cede_CancelledError) {
                say("cancelled 3");
                cede_reraise();
            } cede_end
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("TimeoutError");
    } cede_end
    return cede_none;
}

/* test_cancelled of CPython */
TEST(D14_a_cancel_wins_over_a_winner, .shuffle = false)
{
    expect(two_timeouts,
           "cancelled 1;cancelled 2;cancelled 3;TimeoutError;");
}

/* --- errors --- */

static cede_value exits(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 10, NULL);
    add(&crew, walk, 2, cede_SystemExit);
    race(&crew, 1);
    return cede_none;
}

TEST(D14_SystemExit_is_no_failure)
{
    CHECK_RAISES(cede_SystemExit, expect(exits, ""));
    CHECK_STR(said(), "0 at 0;1 at 1;0 cancelled at 3;");
}

static cede_value refused(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 1, NULL);
    CHECK_RAISES(cede_ValueError, race(&crew, NAN));
    add(&crew, walk, 1, NULL);
    join(&crew, cede_list_of(1));
    CHECK_RAISES(cede_TypeError, race(&crew, 1));
    add(&crew, walk, 1, NULL);
    join(&crew, NULL);
    CHECK_RAISES(cede_TypeError, race(&crew, 1));
    return cede_none;
}

TEST(what_cannot_race)
{
    CREW(crew);

    expect(refused, "");
    add(&crew, walk, 1, NULL);
    CHECK_RAISES(cede_RuntimeError, race(&crew, 1));
}

static cede_value no_results_wanted(void *arg)
{
    CREW(crew);

    (void)arg;
    add(&crew, walk, 1, NULL);
    crew.count = 0;
    say("%" PRId64,
        cede_value_int(cede_staggered_race(crew.member, 1, 1, NULL, NULL)));
    return cede_none;
}

TEST(D14_the_result_alone)
{
    expect(no_results_wanted, "0 at 0;0;");
}

static cede_value at_once(void *number)
{
    return cede_int(*(int *)number);
}

static cede_value eager(void *arg)
{
    static int seven = 7;
    CREW(crew);

    (void)arg;
    cede_loop_set_task_factory(cede_get_running_loop(),
                               cede_eager_task_factory, NULL);
    add(&crew, walk, 1, cede_ValueError);
    add(&crew, walk, 1, NULL);
    add(&crew, walk, 1, NULL);
    race(&crew, 0.5);
    join(&crew, cede_coroutine(at_once, &seven));
    add(&crew, walk, 1, NULL);
    race(&crew, 0.5);
    return cede_none;
}

/* D01 */
TEST(D14_of_eager_tasks)
{
    expect(eager, "0 at 0;1 at 0.5;2 at 1;2 cancelled at 1.5;"
                  "1 won with 1 at 1.5;"
                  "[ValueError('0'), None, CancelledError()];"
                  "0 won with 7 at 1.5;[None];");
}

static cede_value leaves_a_race(void *arg)
{
    static double delay = 2;

    (void)arg;
    keep(cede_create_task(races_three, &delay));
    cede_sleep(1);
    return cede_none;
}

/* What still runs when the loop is closed, without having been cancelled. */
TEST(T14_a_loop_that_is_closed_on_a_race)
{
    cede_defer (dismiss, &kept);
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_value_unref(cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, leaves_a_race, NULL)));
}
