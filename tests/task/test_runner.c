/*
 * Runners, and cede_run's options: rules R01 to R05, L29.
 */
#include "task/interrupt.h"

#include "cede/contextlib.h"
#include "cede/coroutine.h"
#include "cede/log.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static CEDE_CONTEXT_VAR(counter, 0);

static cede_value increments(void *arg)
{
    (void)arg;
    cede_context_var_set(counter,
                         cede_value_int(cede_context_var_get(counter)) + 1);
    return cede_context_var_get(counter);
}

static int ran(cede_runner *runner, cede_function function, void *argument)
{
    return (int)cede_value_int(cede_runner_run(runner, function, argument));
}

/* --- its life --- */

/* Many runs share the loop and a context, which is not the caller's. */
TEST(R02_runs_share_a_loop_and_a_context)
{
    cede_loop *loop = NULL;
    cede_auto (cede_loop *, kept_loop, drop) = NULL;

    cede_keep(loop);
    cede_with (runner, cede_runner_new(.simulated = true)) {
        CHECK_INT(ran(runner, increments, NULL), 1);
        CHECK_INT(ran(runner, increments, NULL), 2);
        CHECK_INT(cede_value_int(cede_context_var_get(counter)), 0);
        loop = cede_runner_get_loop(runner);
        kept_loop = cede_ref(loop);
        CHECK_PTR(cede_runner_get_loop(runner), loop);
        CHECK(!cede_loop_is_closed(loop));
    } cede_end
    CHECK(cede_loop_is_closed(kept_loop));
}

static void in_context(cede_value (*body)(void *argument))
{
    cede_auto (cede_context *, context, drop) = cede_copy_context();

    cede_value_unref(cede_context_run(context, body, NULL));
}

static cede_value sets_before_and_after(void *arg)
{
    (void)arg;
    cede_context_var_set(counter, 10);
    cede_with (runner, cede_runner_new()) {
        CHECK_INT(ran(runner, increments, NULL), 11);
        cede_context_var_set(counter, 20);
        CHECK_INT(ran(runner, increments, NULL), 12);
    } cede_end
    return cede_none;
}

/* What is set when the runner is first used counts for its runs. */
TEST(R02_the_context_is_a_copy_of_the_first_users)
{
    in_context(sets_before_and_after);
}

TEST(R02_a_run_may_have_a_context_of_its_own)
{
    cede_auto (cede_context *, context, drop) = cede_copy_context();

    cede_with (runner, cede_runner_new()) {
        cede_value_unref(
            cede_runner_run(runner, increments, NULL, .context = context));
        cede_value_unref(
            cede_runner_run(runner, increments, NULL, .context = context));
        CHECK_INT(ran(runner, increments, NULL), 1);
    } cede_end
    CHECK_INT(cede_value_int(cede_context_get(context, counter)), 2);
}

static void say_refusal(cede_exception *e)
{
    say("%s: %s", cede_exception_name(e), cede_exception_message(e));
}

TEST(R02_a_closed_runner_refuses)
{
    cede_auto (cede_runner *, runner, drop) = cede_runner_new();

    cede_runner_close(runner); /* not used yet: nothing happens */
    CHECK_INT(ran(runner, increments, NULL), 1);
    cede_runner_close(runner);
    cede_runner_close(runner);
    cede_try {
        cede_runner_get_loop(runner);
    } cede_except (cede_RuntimeError, e) {
        say_refusal(e);
    } cede_end
    cede_try {
        ran(runner, increments, NULL);
    } cede_except (cede_RuntimeError, e) {
        say_refusal(e);
    } cede_end
    CHECK_RAISES(cede_RuntimeError, {
        cede_with (again, cede_ref(runner)) {
            CHECK(again == NULL);
        } cede_end
    });
    CHECK_STR(said(), "RuntimeError: Runner is closed;"
                      "RuntimeError: Runner is closed;");
}

static cede_value leaves_one(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(lasts, "it"));
    cede_sleep(1);
    return cede_int(1);
}

static cede_value waits_a_second(void *arg)
{
    (void)arg;
    cede_sleep(1);
    say("at %g", now());
    return cede_none;
}

/* L15: what a run leaves behind goes on in the next one; the end cancels it. */
TEST(R01_the_end_of_the_runner_cancels_what_is_left)
{
    cede_with (runner, cede_runner_new(.simulated = true)) {
        CHECK_INT(ran(runner, leaves_one, NULL), 1);
        cede_value_unref(cede_runner_run(runner, waits_a_second, NULL));
    } cede_end
    CHECK_STR(said(), "at 2;it ends at 2;");
}

static cede_value leaves_a_failure(void *arg)
{
    note_reports();
    cede_unref(cede_create_task(fails_when_cancelled, "not so fast"));
    cede_unref(cede_create_task(lasts, "the other"));
    cede_sleep(0.5);
    return cede_value_ref(*(cede_value *)arg);
}

/* The others are ended too, and the loop is closed (R05). */
TEST(R01_what_a_leftover_raises_is_reported)
{
    cede_value five = cede_int(5);
    cede_auto (cede_loop *, loop, drop) = NULL;

    cede_with (runner, cede_runner_new(.simulated = true)) {
        loop = cede_ref(cede_runner_get_loop(runner));
        CHECK_INT(ran(runner, leaves_a_failure, &five), 5);
    } cede_end
    CHECK_TRACE(said(), "the other ends at 0.5;unhandled exception during "
                        "cede_run() shutdown: not so fast;");
    CHECK(cede_loop_is_closed(loop));
}

static cede_value leaves_an_exit(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(exits_when_cancelled, NULL));
    cede_sleep(0.5);
    return cede_none;
}

TEST(R01_closing_raises_a_leftovers_exit_and_closes)
{
    cede_auto (cede_runner *, runner, drop) =
        cede_runner_new(.simulated = true);
    cede_auto (cede_loop *, loop, drop) = NULL;

    loop = cede_ref(cede_runner_get_loop(runner));
    cede_value_unref(cede_runner_run(runner, leaves_an_exit, NULL));
    CHECK_RAISES(cede_SystemExit, cede_runner_close(runner));
    CHECK(cede_loop_is_closed(loop));
    cede_runner_close(runner);
}

/* --- where it must not be used --- */

static cede_value uses_it_inside(void *runner)
{
    cede_try {
        ran(runner, increments, NULL);
    } cede_except (cede_RuntimeError, e) {
        say_refusal(e);
    } cede_end
    cede_try {
        cede_runner_close(runner);
    } cede_except (cede_RuntimeError, e) {
        say_refusal(e);
    } cede_end
    return cede_none;
}

TEST(R01_inside_a_running_loop_it_is_refused)
{
    cede_with (runner, cede_runner_new()) {
        cede_value_unref(cede_runner_run(runner, uses_it_inside, runner));
        CHECK_INT(ran(runner, increments, NULL), 1);
    } cede_end
    CHECK_STR(said(),
              "RuntimeError: cede_runner_run() cannot be called from a running "
              "event loop: await the function or create a task instead;"
              "RuntimeError: a runner cannot be closed while its loop is "
              "running;");
}

TEST(what_is_no_function_is_refused)
{
    cede_with (runner, cede_runner_new()) {
        CHECK_RAISES(cede_TypeError, cede_runner_run(runner, (cede_function)NULL, NULL));
        CHECK_RAISES(cede_TypeError, cede_runner_run_from(runner, NULL));
        CHECK_RAISES(cede_TypeError,
                     cede_runner_run_from(runner, cede_ref(runner)));
        CHECK_RAISES(cede_TypeError, cede_run((cede_function)NULL, NULL));
        CHECK_RAISES(cede_TypeError, cede_run_from(NULL));
    } cede_end
}

static cede_value adds_one(void *number)
{
    return cede_int(*(int *)number + 1);
}

TEST(coroutine_objects_run_too)
{
    int number = 41;

    cede_with (runner, cede_runner_new()) {
        CHECK_INT(cede_value_int(cede_runner_run_from(
                      runner, cede_coroutine(adds_one, &number))),
                  42);
    } cede_end
    CHECK_INT(cede_value_int(cede_run_from(cede_coroutine(adds_one, &number))),
              42);
}

static cede_value says_its_end(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_except (cede_GeneratorExit, e) {
        say("ended");
    } cede_end
    return cede_none;
}

static cede_value leaves_a_sayer(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(says_its_end, NULL));
    cede_sleep(1);
    return cede_none;
}

static void leave_unclosed(void *unused)
{
    cede_runner *runner = cede_runner_new(.simulated = true);
    cede_defer (cede_unref, runner);

    (void)unused;
    cede_value_unref(cede_runner_run(runner, leaves_a_sayer, NULL));
}

TEST(an_unclosed_runner_is_closed_with_a_warning)
{
    char output[1024];

    harness_capture(leave_unclosed, NULL, output, sizeof output);
    if (harness_torturing())
        return;
    CHECK_CONTAINS(output, "ResourceWarning: unclosed runner\n");
    CHECK_CONTAINS(output, "Task was destroyed but it is pending!\n");
    CHECK_STR(said(), "ended;");
}

static cede_value gives_runner_up(void *runner)
{
    cede_unref(runner);
    return cede_int(7);
}

static void give_up_inside(void *unused)
{
    cede_runner *runner = cede_runner_new();
    cede_defer (cede_unref, runner);

    (void)unused;
    CHECK_INT(ran(runner, gives_runner_up, cede_ref(runner)), 7);
}

TEST(a_run_may_give_up_a_reference_to_its_runner, .torture = false)
{
    char output[256];

    harness_capture(give_up_inside, NULL, output, sizeof output);
    CHECK_STR(output, "ResourceWarning: unclosed runner\n");
}

/* --- options --- */

static cede_value says_debug(void *arg)
{
    (void)arg;
    say("%d", cede_loop_get_debug(cede_get_running_loop()));
    return cede_none;
}

TEST(R01_cede_run_may_turn_debug_mode_on)
{
    cede_run(says_debug, NULL);
    cede_run(says_debug, NULL, .debug = true);
    cede_run(says_debug, NULL, .debug = -1);
    cede_with (runner, cede_runner_new(.debug = true)) {
        cede_value_unref(cede_runner_run(runner, says_debug, NULL));
    } cede_end
    CHECK_STR(said(), "0;1;0;1;");
}

static cede_loop *make_loop(void *argument)
{
    say("loop for %s", (const char *)argument);
    return cede_loop_new();
}

static cede_loop *make_none(void *argument)
{
    (void)argument;
    return NULL;
}

static cede_loop *make_failure(void *argument)
{
    cede_raise(cede_ValueError, "%s", (const char *)argument);
}

TEST(R01_cede_run_may_be_given_a_loop_factory)
{
    cede_run(says_debug, NULL, .loop_factory = make_loop,
             .loop_factory_argument = "you", .debug = true);
    CHECK_STR(said(), "loop for you;1;");
    CHECK_RAISES(cede_TypeError,
                 cede_run(says_debug, NULL, .loop_factory = make_none));
    CHECK_RAISES(cede_ValueError,
                 cede_run(says_debug, NULL, .loop_factory = make_failure,
                          .loop_factory_argument = "no loop"));
}

TEST(a_runner_may_have_a_clock_of_yours)
{
    cede_virtual_time time = {.now = 5000000000};
    cede_clock clock = cede_virtual_clock(&time);

    cede_with (runner, cede_runner_new(.clock = &clock)) {
        cede_value_unref(cede_runner_run(runner, waits_a_second, NULL));
    } cede_end
    CHECK_STR(said(), "at 6;");
    CHECK_INT(time.now, harness_torturing() ? time.now : 6000000000);
}

/* --- SIGINT --- */

/* Each run has its own: the second counts from nothing again. */
TEST(R03_sigint_is_taken_for_a_run_and_given_back, .torture = false)
{
    cede_with (runner, cede_runner_new(.simulated = true)) {
        for (int i = 0; i < 2; i++) {
            CHECK(sigint_is(SIG_DFL));
            CHECK_RAISES(cede_KeyboardInterrupt,
                         cede_runner_run(runner, interrupts, NULL));
            CHECK_STR(said(), "finally;");
        }
        CHECK(sigint_is(SIG_DFL));
        CHECK_INT(ran(runner, increments, NULL), 1);
    } cede_end
}

static cede_value cancels_itself_too(void *arg)
{
    cede_try {
        interrupts(arg);
    } cede_finally {
        cede_task_cancel(cede_current_task(), NULL);
    } cede_end
    return cede_none;
}

/* Somebody else wanted its end as well: a plain CancelledError. */
TEST(R03_another_cancel_beside_sigint_stays_one, .torture = false)
{
    cede_with (runner, cede_runner_new(.simulated = true)) {
        CHECK_RAISES(cede_CancelledError,
                     cede_runner_run(runner, cancels_itself_too, NULL));
    } cede_end
}

static void own_handler(int number)
{
    (void)number;
}

static cede_value sets_a_handler(void *arg)
{
    (void)arg;
    signal(SIGINT, own_handler);
    return cede_none;
}

TEST(R04_a_handler_set_meanwhile_stays, .torture = false)
{
    cede_run(sets_a_handler, NULL);
    CHECK(sigint_is(own_handler));
    signal(SIGINT, SIG_DFL);
}

static void says_signal(void *future)
{
    say("yours");
    cede_future_set_result(future, cede_none);
}

static cede_value adds_a_handler(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    cede_loop_add_signal_handler(loop, SIGINT, says_signal, future);
    raise(SIGINT);
    cede_await(cede_ref(future));
    return cede_none;
}

static cede_value does_nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

/* It stays with the loop when the run is over, until the runner is closed. */
TEST(R04_a_handler_of_the_loop_set_meanwhile_is_left_alone, .torture = false)
{
    cede_with (runner, cede_runner_new(.simulated = true)) {
        cede_value_unref(cede_runner_run(runner, adds_a_handler, NULL));
        CHECK(!sigint_is(SIG_DFL));
        cede_value_unref(cede_runner_run(runner, does_nothing, NULL));
        CHECK(!sigint_is(SIG_DFL));
    } cede_end
    CHECK(sigint_is(SIG_DFL));
    CHECK_STR(said(), "yours;");
}

TEST(R04_an_ignored_sigint_stays_ignored, .torture = false)
{
    signal(SIGINT, SIG_IGN);
    cede_run(does_nothing, NULL);
    CHECK(sigint_is(SIG_IGN));
    signal(SIGINT, SIG_DFL);
}

static cede_value looks_at_sigint(void *arg)
{
    (void)arg;
    CHECK(sigint_is(SIG_DFL));
    return cede_none;
}

static void *run_in_thread(void *arg)
{
    cede_value_unref(cede_run(looks_at_sigint, NULL));
    return arg;
}

TEST(R04_off_the_main_thread_no_handler_is_set, .torture = false)
{
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, run_in_thread, NULL) == 0);
    pthread_join(thread, NULL);
}

static cede_value stubborn(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("cleaning");
        raise(SIGINT);
        cede_sleep(100);
        say("cleaned");
    } cede_end
    return cede_none;
}

static cede_value leaves_a_stubborn(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(stubborn, NULL));
    cede_sleep(1);
    return cede_none;
}

static void note_text(cede_log_level level, const char *text, void *argument)
{
    (void)argument;
    say("%d %.*s", (int)level, (int)strcspn(text, "\n"), text);
}

/* The first one while the rest is waited for ends that; what is left gets
   GeneratorExit at the loop's end. */
TEST(R03_sigint_ends_the_closing, .torture = false)
{
    cede_auto (cede_runner *, runner, drop) =
        cede_runner_new(.simulated = true);

    cede_set_log_handler(note_text, NULL);
    cede_value_unref(cede_runner_run(runner, leaves_a_stubborn, NULL));
    CHECK_RAISES(cede_KeyboardInterrupt, cede_runner_close(runner));
    CHECK(sigint_is(SIG_DFL));
    CHECK_STR(said(), "cleaning;40 Task was destroyed but it is pending!;");
    CHECK_RAISES(cede_RuntimeError, cede_runner_get_loop(runner));
}

/* --- forks --- */

static cede_value forks(void *arg)
{
    pid_t child = fork();
    int status = 0;

    (void)arg;
    if (child != 0) {
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
    }
    return cede_int(child == 0);
}

TEST(in_the_child_of_a_fork_the_runner_is_of_no_use, .torture = false)
{
    if (CEDE_IMPL_TSAN)
        SKIP("ThreadSanitizer loses its fibers in a child");
    cede_auto (cede_runner *, runner, drop) = cede_runner_new();

    cede_try {
        CHECK_INT(ran(runner, forks, NULL), 0);
        cede_runner_close(runner);
    } cede_except (cede_RuntimeError, e) {
        cede_runner_close(runner);
        cede_try {
            ran(runner, increments, NULL);
        } cede_except (cede_RuntimeError, closed) {
            _exit(5);
        } cede_end
    } cede_end
}
