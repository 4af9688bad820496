/*
 * timeout: rules W17-W22, W27, W28, D10, and the ban on yielding in one.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/print.h"
#include "cede/task_group.h"
#include "cede/timeout.h"

#include <math.h>

static cede_value w17(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_sleep(5);
    } cede_except (cede_TimeoutError, e) {
        say("%g %d %s %u", now(), cede_timeout_expired(t),
            cede_exception_name(cede_exception_cause(e)),
            cede_task_cancelling(cede_current_task()));
    } cede_end
    cede_timeout (t, INFINITY) {
        cede_sleep(5);
        say("%d %d", isinf(cede_timeout_when(t)) != 0,
            cede_timeout_expired(t));
    } cede_end
    cede_timeout (t, 1) {
        say("body");
    } cede_end
    cede_sleep(5);
    say("timer was removed");
    return cede_none;
}

TEST(W17_basic)
{
    expect(w17, "1 1 CancelledError 0;1 0;body;timer was removed;");
}

static void nested(double outer, double inner)
{
    double start = now();

    cede_timeout (a, outer) {
        cede_timeout (b, inner) {
            cede_sleep(10);
        } cede_except (cede_TimeoutError, e) {
            say("inner TimeoutError %g", now() - start);
            cede_sleep(10);
        } cede_except (cede_CancelledError, e) {
            say("inner sees CancelledError %g", now() - start);
            cede_reraise();
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("outer TimeoutError %g", now() - start);
    } cede_end
}

static cede_value w18(void *arg)
{
    (void)arg;
    nested(3, 1);
    nested(1, 3);
    nested(1, 1);
    return cede_none;
}

TEST(W18_nested)
{
    expect(w18, "inner TimeoutError 1;outer TimeoutError 3;"
                "inner sees CancelledError 1;outer TimeoutError 1;"
                "inner sees CancelledError 1;outer TimeoutError 1;");
}

static cede_value w19_body(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_sleep(10);
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError");
    } cede_except (cede_CancelledError, e) {
        say("CancelledError %d %u", cede_timeout_expired(t),
            cede_task_cancelling(cede_current_task()));
        cede_reraise();
    } cede_end
    return cede_none;
}

static void cancel(void *task)
{
    cede_task_cancel(task, NULL);
}

static cede_value w19(void *arg)
{
    cede_task *task = keep(cede_create_task(w19_body, NULL));

    (void)arg;
    cede_loop_call_at(cede_get_running_loop(), 1, cancel, task);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d %g", cede_task_cancelled(task), now());
    return cede_none;
}

TEST(W19_external_cancel_and_expiry)
{
    expect(w19, "CancelledError 1 1;1 1;");
}

static cede_value w19_before(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(w19_body, NULL);

    (void)arg;
    cede_sleep(0.5);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d %g", cede_task_cancelled(task), now());
    return cede_none;
}

TEST(W19_external_cancel_before_expiry)
{
    expect(w19_before, "CancelledError 0 1;1 0.5;");
}

static cede_value cancelled_before(void *arg)
{
    (void)arg;
    cede_task_cancel(cede_current_task(), NULL);
    cede_try {
        cede_sleep(1);
    } cede_except (cede_CancelledError, e) {
    } cede_end
    cede_timeout (t, 1) {
        cede_sleep(10);
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError %u", cede_task_cancelling(cede_current_task()));
    } cede_end
    return cede_none;
}

/* A cancel that was swallowed before the block does not count. */
TEST(W17_in_a_task_that_had_been_cancelled)
{
    expect(cancelled_before, "TimeoutError 1;");
}

static cede_value w20(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_try {
            cede_sleep(10);
        } cede_except (cede_CancelledError, e) {
            say("swallowed");
        } cede_end
    } cede_else {
        say("no TimeoutError %d", cede_timeout_expired(t));
    } cede_end
    cede_timeout (t, 1) {
        cede_try {
            cede_sleep(10);
        } cede_finally {
            cede_raise(cede_ValueError, "v");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say("%s %d", cede_exception_message(e), cede_timeout_expired(t));
    } cede_end
    say("%u", cede_task_cancelling(cede_current_task()));
    return cede_none;
}

TEST(W20_swallowed_and_other_exception)
{
    expect(w20, "swallowed;no TimeoutError 1;v 1;0;");
}

static void say_contexts(cede_exception *exception)
{
    for (; exception; exception = cede_exception_context(exception))
        say("%s%s", cede_exception_name(exception),
            cede_exception_cause(exception) ? " with a cause" : "");
}

static cede_value d10(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_try {
            cede_try {
                cede_sleep(10);
            } cede_finally {
                cede_raise(cede_KeyError);
            } cede_end
        } cede_finally {
            cede_raise(cede_ValueError);
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_contexts(e);
    } cede_end
    cede_timeout (t, 1) {
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        say_contexts(e);
    } cede_end
    return cede_none;
}

TEST(D10_the_context_of_another_exception_tells_of_the_timeout)
{
    expect(d10, "ValueError;KeyError;TimeoutError with a cause;"
                "CancelledError;ValueError;");
}

static cede_value d10_group(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_task_group (group) {
            cede_task_group_create_task(group, fails_when_cancelled, "");
        } cede_end
    } cede_except (cede_ExceptionGroup, e) {
        say_contexts(cede_exception_group_exceptions(e, NULL)[0]);
    } cede_end
    return cede_none;
}

TEST(D10_the_contexts_of_the_members_of_a_group_tell_of_it_too)
{
    expect(d10_group, "ValueError;TimeoutError with a cause;CancelledError;");
}

static cede_value w21(void *arg)
{
    (void)arg;
    cede_timeout (t, 0) {
        say("body");
    } cede_end
    cede_timeout (t, -1) {
        cede_sleep(0);
        say("not here");
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError");
    } cede_end
    return cede_none;
}

TEST(W21_zero_and_negative, .shuffle = false)
{
    expect(w21, "body;TimeoutError;");
}

static void message(void (*call)(cede_timeout *), cede_timeout *timeout)
{
    cede_try {
        call(timeout);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

static void reschedule(cede_timeout *timeout)
{
    cede_timeout_reschedule(timeout, 9);
}

static void reenter(cede_timeout *timeout)
{
    cede_with (again, cede_ref(timeout)) {
        say("not here");
    } cede_end
}

static cede_value w22(void *arg)
{
    cede_auto (cede_timeout *, kept_timeout, drop) = cede_timeout_new(1);

    (void)arg;
    message(reschedule, kept_timeout);
    cede_with (t, cede_ref(kept_timeout)) {
        cede_timeout_reschedule(t, 5);
        cede_sleep(3);
        say("alive %g %g", now(), cede_timeout_when(t));
        message(reenter, t);
    } cede_end
    message(reschedule, kept_timeout);
    message(reenter, kept_timeout);
    return cede_none;
}

TEST(W22_reschedule_and_reuse)
{
    expect(w22, "Timeout has not been entered;alive 3 5;"
                "Timeout has already been entered;"
                "Cannot change state of finished Timeout;"
                "Timeout has already been entered;");
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_timeout_new(1)));
}

/* Enters it inside so many others: one of the numbers leaves no room. */
static void arm_timers(cede_timeout *timeout, int count)
{
    if (count == 0) {
        cede_with (t, cede_ref(timeout)) {
            say("in");
        } cede_end
        return;
    }
    cede_with (t, cede_timeout_new(9)) {
        arm_timers(timeout, count - 1);
    } cede_end
}

/* One that was not entered for want of memory can be entered still. */
static cede_value enters_after_all(void *arg)
{
    (void)arg;
    for (int count = 14; count < 22; count++) {
        cede_timeout *timeout = keep(cede_timeout_new(5));

        cede_try {
            arm_timers(timeout, count);
        } cede_except (cede_MemoryError) {
            arm_timers(timeout, 0);
            cede_reraise();
        } cede_end
    }
    return cede_none;
}

TEST(W22_entered_after_all)
{
    expect(enters_after_all, "in;in;in;in;in;in;in;in;");
}

static cede_value w22_past(void *arg)
{
    (void)arg;
    cede_sleep(3);
    cede_timeout (t, 50) {
        cede_timeout_reschedule(t, now() - 1);
        cede_timeout_reschedule(t, now() - 2);
        cede_sleep(9);
    } cede_except (cede_TimeoutError, e) {
        say("fires at once %g", now());
    } cede_end
    return cede_none;
}

TEST(W22_a_past_deadline_fires_at_once)
{
    expect(w22_past, "fires at once 3;");
}

static cede_value w22_taken_back(void *arg)
{
    (void)arg;
    cede_timeout (t, 0) {
        cede_timeout_reschedule(t, INFINITY); /* its job is queued already */
        cede_sleep(5);
        cede_timeout_reschedule(t, 6);
        cede_timeout_reschedule(t, 7);
        cede_sleep(1.5);
        say("alive %g %d", now(), cede_timeout_expired(t));
        cede_timeout_reschedule(t, 5);
        cede_timeout_reschedule(t, 8);
        cede_sleep(1);
        say("alive %g %d", now(), cede_timeout_expired(t));
        CHECK_RAISES(cede_ValueError, cede_timeout_reschedule(t, NAN));
        cede_sleep(10);
    } cede_except (cede_TimeoutError, e) {
        say("at %g", now());
    } cede_end
    CHECK_RAISES(cede_ValueError, cede_unref(cede_timeout_new(NAN)));
    return cede_none;
}

TEST(W22_a_deadline_may_move_either_way)
{
    expect(w22_taken_back, "alive 6.5 0;alive 7.5 0;at 8;");
}

static cede_value w22_expiring(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_try {
            cede_sleep(5);
        } cede_finally {
            message(reschedule, t);
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        message(reschedule, t);
    } cede_end
    return cede_none;
}

TEST(W22_an_expired_timeout_cannot_move)
{
    expect(w22_expiring, "Cannot change state of expiring Timeout;"
                         "Cannot change state of expired Timeout;");
}

static cede_value at(void *arg)
{
    int i;

    (void)arg;
    for (i = 0; i < 3; i++) {
        cede_timeout_at (t, 5) {
            cede_sleep(2);
            say("in time %g %g", now(), cede_timeout_when(t));
        } cede_except (cede_TimeoutError, e) {
            say("TimeoutError %g %d", now(), cede_timeout_expired(t));
        } cede_end
    }
    cede_timeout_at (t, 4) { /* over before it began: W21 */
        cede_sleep(2);
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError %g %g", now(), cede_timeout_when(t));
    } cede_end
    cede_timeout_at (t, INFINITY) {
        cede_sleep(2);
        say("in time %g %d", now(), isinf(cede_timeout_when(t)) != 0);
        cede_timeout_reschedule(t, 8);
        cede_sleep(2);
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError %g", now());
    } cede_end
    CHECK_RAISES(cede_ValueError, cede_unref(cede_timeout_new_at(NAN)));
    return cede_none;
}

/* W17, W21, W22 of asyncio.timeout_at */
TEST(W17_W21_at_a_time_of_the_loop)
{
    expect(at, "in time 2 5;in time 4 5;TimeoutError 5 1;TimeoutError 5 4;"
               "in time 7 1;TimeoutError 8;");
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_timeout_new_at(1)));
}

static cede_value w27(void *arg)
{
    (void)arg;
    cede_timeout (outer, 1) {
        cede_try {
            cede_sleep(10);
        } cede_finally {
            cede_timeout (inner, 1) {
                cede_sleep(10);
            } cede_except (cede_TimeoutError, e) {
                say("inner %g", now());
            } cede_end
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("outer %g", now());
    } cede_end
    return cede_none;
}

TEST(W27_timeout_in_the_finally_of_an_expired_one)
{
    expect(w27, "inner 2;outer 2;");
}

/* A step that takes its time. */
static void be_busy(cede_virtual_time *time, double seconds)
{
    time->now += (int64_t)(seconds * 1e9);
}

static cede_value w28(void *time)
{
    cede_timeout (outer, 2) {
        cede_timeout (inner, 1) {
            be_busy(time, 5);
            say("still here");
            cede_sleep(1000);
            say("not here");
        } cede_except (cede_CancelledError, e) {
            say("inner %d", cede_timeout_expired(inner));
            cede_reraise();
        } cede_end
    } cede_except (cede_TimeoutError, e) {
        say("outer at %g", now());
    } cede_end
    cede_timeout (t, 1) {
        be_busy(time, 5);
    } cede_else {
        say("done %d", cede_timeout_expired(t));
    } cede_end
    return cede_none;
}

/* Both are over when the loop runs: the outer one converts, as W18. */
TEST(W28_a_busy_task_hears_of_it_at_its_next_suspension)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_loop_options options = {.clock = &clock};
    cede_auto (cede_loop *, loop, shut) = cede_loop_new_with(&options);

    cede_loop_run_until_complete(loop, cede_loop_create_task(loop, w28, &time));
    CHECK_STR(said(), "still here;inner 1;outer at 5;done 0;");
}

static void say_callback(void)
{
    say("callback");
}

static void w22_later_place(cede_virtual_time *time)
{
    cede_timeout (t, -1) { /* queued at once, and taken back */
        cede_timeout_reschedule(t, 1);
        be_busy(time, 2);
        say("%g", now());
        cede_sleep(0); /* its turn is before that of the deadline */
        say("goes on");
    } cede_end
    cede_timeout (t, -1) {
        cede_loop_call_soon(NULL, say_callback);
        cede_timeout_reschedule(t, 0);
        cede_sleep(1);
    } cede_except (cede_TimeoutError, e) {
        say("fires");
    } cede_end
}

/* It has its turn when the last deadline had come, not the first. */
TEST(W22_a_new_deadline_has_a_new_place_in_the_line, .shuffle = false)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_loop_options options = {.clock = &clock};
    cede_auto (cede_loop *, loop, shut) = cede_loop_new_with(&options);

    cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, w22_later_place, &time));
    CHECK_STR(said(), "2;goes on;callback;fires;");
}

/* --- in generators --- */

static cede_value yields_inside(void *arg)
{
    (void)arg;
    cede_timeout (t, 1) {
        cede_yield(1);
    } cede_except (cede_RuntimeError, e) {
        say("refused");
    } cede_end
    cede_yield(2);
    return cede_none;
}

static cede_value ban(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(yields_inside, NULL))
        say("%d", (int)cede_value_int(v));
    return cede_none;
}

TEST(yield_across_a_timeout_is_refused)
{
    expect(ban, "refused;2;");
}

static int leaves_by_return(void)
{
    cede_timeout (t, 1) {
        return 5;
    } cede_end
    return 0;
}

static cede_value ways_out(void *arg)
{
    (void)arg;
    say("%d", leaves_by_return());
    for (int i = 0; i < 3; i++) {
        cede_timeout (t, 1) {
            if (i == 0)
                continue;
            if (i == 1)
                break;
            say("not here");
        } cede_end
    }
    cede_sleep(3);
    say("%u", cede_task_cancelling(cede_current_task()));
    return cede_none;
}

TEST(leaving_early_disarms)
{
    expect(ways_out, "5;0;");
}

static cede_value times_out_and_yields(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_timeout (t, 1 + 2 * i) {
            cede_sleep(2);
            say("in time");
        } cede_except (cede_TimeoutError, e) {
            say("too late");
        } cede_end
        cede_yield(i);
    }
    return cede_none;
}

static cede_value in_generator(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(times_out_and_yields, NULL))
        say("%d at %g", (int)cede_value_int(v), now());
    return cede_none;
}

TEST(a_generator_may_have_timeouts_between_its_yields)
{
    expect(in_generator, "too late;0 at 1;in time;1 at 3;");
}

static cede_value around_generator(void *arg)
{
    (void)arg;
    cede_timeout (t, 2.5) {
        cede_for (v, cede_generator(each_second, NULL))
            say("%d", (int)cede_value_int(v));
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError at %g", now());
    } cede_end
    return cede_none;
}

TEST(a_timeout_stops_a_generator_that_awaits)
{
    expect(around_generator, "0;1;closed at 3.5;TimeoutError at 3.5;");
}

static cede_value opens_two(void *arg)
{
    (void)arg;
    cede_timeout (outer, 5) {
        cede_timeout (inner, 5) {
            cede_sleep(1);
        } cede_end
        CHECK_RAISES(cede_RuntimeError, cede_yield(1));
        CHECK_RAISES(cede_RuntimeError,
                     cede_yield_from(cede_generator(times_out_and_yields,
                                                    NULL)));
    } cede_end
    cede_yield(2);
    return cede_none;
}

static cede_value two_in_generator(void *arg)
{
    (void)arg;
    cede_timeout (mine, 50) {
        cede_for (v, cede_generator(opens_two, NULL))
            say("%d", (int)cede_value_int(v));
    } cede_end
    return cede_none;
}

/* The outer one still forbids it when the inner one is left; the consumer's
   own does not. */
TEST(yield_is_refused_until_the_last_timeout_is_left)
{
    expect(two_in_generator, "2;");
}

static cede_value with_gather(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task(in_generator, NULL));
    cede_sleep(0.5);
    said();
    cede_timeout (t, 0) {
        gather_crew(&crew, NULL, 0);
    } cede_except (cede_TimeoutError, e) {
        say("TimeoutError at %g", now());
    } cede_end
    turns(2);
    for (int i = 0; i < 3; i++)
        say("%d", cede_task_cancelled(crew.member[i]));
    return cede_none;
}

TEST(a_timeout_around_a_gather_cancels_its_children)
{
    expect(with_gather, "TimeoutError at 0.5;1;1;1;");
}

static void say_repr(cede_timeout *timeout)
{
    cede_value text = cede_repr((cede_object *)timeout);

    cede_defer (cede_value_clear, &text);
    say("%s", cede_value_str(text));
}

static cede_value looks(void *arg)
{
    cede_timeout *timeout = cede_timeout_new(1);
    cede_defer (cede_unref, timeout);
    cede_timeout *in_time = cede_timeout_new(9);
    cede_defer (cede_unref, in_time);

    (void)arg;
    say_repr(timeout);
    cede_with (entered, cede_ref(timeout)) {
        cede_timeout_reschedule(timeout, INFINITY);
        say_repr(timeout);
        cede_timeout_reschedule(timeout, 1.23456);
        say_repr(timeout);
        cede_try {
            cede_sleep(5);
        } cede_finally {
            say_repr(timeout);
        } cede_end
    } cede_except (cede_TimeoutError) {
        say_repr(timeout);
    } cede_end
    cede_with (entered, cede_ref(in_time)) {
        cede_sleep(0);
    } cede_end
    say_repr(in_time);
    return cede_none;
}

TEST(W22_a_timeout_shows_its_state)
{
    expect(looks,
           "<Timeout [created]>;<Timeout [active] when=None>;"
           "<Timeout [active] when=1.235>;<Timeout [expiring]>;"
           "<Timeout [expired]>;<Timeout [finished]>;");
}
