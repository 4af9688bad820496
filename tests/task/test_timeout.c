/*
 * timeout: rules W17-W22, W27, and the ban on yielding in one.
 */
#include "harness/harness.h"
#include "task/trace.h"

#include "cede/generator.h"
#include "cede/run.h"
#include "cede/timeout.h"

#include <math.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static void expect(cede_value (*scenario)(void *), const char *trace)
{
    cede_value_unref(cede_run_simulated(scenario, NULL));
    CHECK_STR(said(), trace);
}

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
    cede_task *task = cede_create_task(w19_body, NULL);

    (void)arg;
    cede_loop_call_at(cede_get_running_loop(), 1, cancel, task);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d %g", cede_task_cancelled(task), now());
    cede_unref(task);
    return cede_none;
}

TEST(W19_external_cancel_and_expiry)
{
    expect(w19, "CancelledError 1 1;1 1;");
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
        say("%s %s", cede_exception_message(e),
            cede_exception_name(cede_exception_context(e)));
    } cede_end
    say("%u", cede_task_cancelling(cede_current_task()));
    return cede_none;
}

TEST(W20_swallowed_and_other_exception)
{
    expect(w20, "swallowed;no TimeoutError 1;v CancelledError;0;");
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

TEST(W21_zero_and_negative)
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
    cede_timeout *kept = NULL;
    cede_timeout *fresh = cede_impl_timeout_new(1);

    (void)arg;
    cede_keep(kept);
    message(reschedule, fresh);
    cede_unref(fresh);
    cede_timeout (t, 1) {
        kept = cede_ref(t);
        cede_timeout_reschedule(t, 5);
        cede_sleep(3);
        say("alive %g %g", now(), cede_timeout_when(t));
    } cede_end
    message(reschedule, kept);
    message(reenter, kept);
    cede_unref(kept);
    cede_timeout (t, 50) {
        cede_timeout_reschedule(t, now() - 1);
        cede_sleep(9);
    } cede_except (cede_TimeoutError, e) {
        say("fires at once %g", now());
    } cede_end
    return cede_none;
}

TEST(W22_reschedule_and_reuse)
{
    expect(w22, "Timeout has not been entered;alive 3 5;"
                "Cannot change state of finished Timeout;"
                "Timeout has already been entered;fires at once 3;");
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_impl_timeout_new(1)));
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
