/*
 * run_until_complete and cede_run: rules L06, L08, L11, L15, L25, R01, R03,
 * R04, E16, T20.
 */
#include "task/interrupt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cede/tuple.h"

/* --- run_until_complete --- */

static cede_value two_turns(void *arg)
{
    (void)arg;
    turns(2);
    return cede_int(42);
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

TEST(L06_stopped_before_the_future_is_done)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_loop_call_soon(loop, stop, loop);
    cede_try {
        cede_loop_run_until_complete(loop, cede_ref(future));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_future_set_result(future, 3);
    say("%d", (int)cede_value_int(cede_loop_run_until_complete(
                  loop, cede_loop_create_task(loop, two_turns, NULL))));
    say("%d", (int)cede_value_int(
                  cede_loop_run_until_complete(loop, cede_ref(future))));
    CHECK_STR(said(), "Event loop stopped before Future completed.;42;3;");
}

static cede_value background(void *arg)
{
    (void)arg;
    say("bg 1");
    cede_sleep(0);
    say("bg 2");
    return cede_none;
}

static cede_value starts(void *task)
{
    *(cede_task **)task = cede_create_task(background, NULL);
    say("main");
    return cede_none;
}

TEST(L15_the_rest_stays_where_it_is)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, task, drop) = NULL;

    cede_loop_run_until_complete(loop,
                                 cede_loop_create_task(loop, starts, &task));
    say("main done %d", cede_task_done(task));
    cede_loop_run_until_complete(loop, cede_ref(task));
    CHECK_STR(said(), "main;bg 1;main done 0;bg 2;");
}

static cede_value answers(void *arg)
{
    (void)arg;
    return cede_int(42);
}

static void run_failing(cede_loop *loop)
{
    cede_loop_run_until_complete(loop,
                                 cede_loop_create_task(loop, fails, NULL));
}

TEST(L25_an_exception_leaves_the_loop_usable)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_loop_set_exception_handler(loop, note, NULL);
    CHECK_RAISES(cede_ValueError, run_failing(loop));
    CHECK_INT(cede_value_int(cede_loop_run_until_complete(
                  loop, cede_loop_create_task(loop, answers, NULL))),
              42);
    CHECK_RAISES(cede_TypeError, cede_loop_run_until_complete(loop, NULL));
    cede_loop_close(loop);
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_loop_create_future(loop)));
    CHECK_STR(said(), ""); /* the exception was retrieved */
}

TEST(L25_a_future_of_another_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_loop *, other, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(other);

    CHECK_RAISES(cede_ValueError,
                 cede_loop_run_until_complete(loop, cede_ref(future)));
}

static cede_value exits(void *arg)
{
    (void)arg;
    cede_raise(cede_SystemExit);
}

static void run_exiting(cede_loop *loop)
{
    cede_loop_run_until_complete(loop,
                                 cede_loop_create_task(loop, exits, NULL));
}

/* The exception has left the run by itself: nothing of it may be left behind
   that stops the next one. */
TEST(T20_the_loop_can_be_run_again_after_system_exit)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    CHECK_RAISES(cede_SystemExit, run_exiting(loop));
    CHECK_INT(cede_value_int(cede_loop_run_until_complete(
                  loop, cede_loop_create_task(loop, two_turns, NULL))),
              42);
}

static cede_value interrupted_by(void *other)
{
    cede_sleep(0);
    say("other %d", cede_task_done(other));
    return cede_none;
}

TEST(L11_what_was_behind_system_exit_runs_next_time)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, other, drop) = NULL;
    cede_auto (cede_task *, task, drop) = NULL;

    cede_loop_set_exception_handler(loop, note, NULL);
    other = cede_loop_create_task(loop, exits, NULL);
    task = cede_loop_create_task(loop, interrupted_by, other);
    CHECK_RAISES(cede_SystemExit,
                 cede_loop_run_until_complete(loop, cede_ref(task)));
    cede_loop_run_until_complete(loop, cede_ref(task));
    CHECK_STR(said(), "other 1;");
}

/* --- cede_run --- */

static cede_value nested(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, cede_run(answers, NULL));
    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_run_forever(cede_get_running_loop()));
    return cede_none;
}

static cede_value never_begins(void *arg)
{
    (void)arg;
    say("not here");
    return cede_none;
}

static cede_value until_complete_inside(void *arg)
{
    cede_coroutine *given = cede_coroutine(never_begins, NULL);

    (void)arg;
    keep(given);
    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_run_until_complete(cede_get_running_loop(),
                                              cede_ref(given)));
    cede_sleep(1);
    cede_value_unref(cede_coroutine_close(given));
    return cede_none;
}

TEST(L08_run_until_complete_inside_run_begins_nothing)
{
    expect(until_complete_inside, "");
}

TEST(L08_run_inside_run)
{
    cede_run(nested, NULL);
    CHECK_INT(cede_value_int(cede_run(answers, NULL)), 42);
}

static cede_value text(void *arg)
{
    (void)arg;
    return cede_str_copy("owned");
}

TEST(R01_returns_what_main_returned)
{
    cede_auto (cede_value, result, drop_value) = cede_none;

    result = cede_run(text, NULL);
    CHECK_STR(cede_value_str(result), "owned");
    CHECK_RAISES(cede_TypeError, cede_run((cede_function)NULL, NULL));
}

static cede_value lingers(void *arg)
{
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("%s cleans up", (char *)arg);
        cede_sleep(1);
        say("%s is done", (char *)arg);
    } cede_end
    return cede_none;
}

static cede_value leaves_tasks(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(lingers, "a"));
    cede_unref(cede_create_task(lingers, "b"));
    cede_sleep(0);
    return cede_str("result");
}

TEST(R01_what_is_left_is_cancelled_and_waited_for)
{
    CHECK_STR(cede_value_str(cede_run_simulated(leaves_tasks, NULL)), "result");
    CHECK_TRACE(said(), "a cleans up;b cleans up;a is done;b is done;");
}

struct spoiler {
    const char *name;
    double delay;
};

static cede_value spoils(void *arg)
{
    struct spoiler *spoiler = arg;

    cede_try {
        cede_sleep(100);
    } cede_finally {
        cede_sleep(spoiler->delay);
        cede_raise(cede_KeyError, "%s", spoiler->name);
    } cede_end
    return cede_none;
}

static cede_value leaves_spoilers(void *arg)
{
    (void)arg;
    note_reports();
    cede_unref(cede_create_task_with(spoils, (struct spoiler){"late", 2}));
    cede_unref(cede_create_task_with(spoils, (struct spoiler){"soon", 0}));
    cede_unref(cede_create_task_with(spoils, (struct spoiler){"last", 3}));
    cede_sleep(0);
    return cede_none;
}

#define SHUTDOWN "unhandled exception during cede_run() shutdown: "

TEST(R01_errors_of_what_is_left_are_reported)
{
    expect(leaves_spoilers,
           SHUTDOWN "'soon';" SHUTDOWN "'late';" SHUTDOWN "'last';");
}

static cede_value starts_another(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_finally {
        cede_unref(cede_create_task(lasts, "the late one"));
        cede_sleep(5);
    } cede_end
    return cede_none;
}

static cede_value leaves_a_starter(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(starts_another, NULL));
    cede_sleep(0);
    return cede_none;
}

TEST(R01_what_starts_while_the_rest_ends_is_cancelled_too)
{
    expect(leaves_a_starter, "the late one ends at 5;");
}

static cede_value refuses(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_except (cede_CancelledError, e) {
        say("refused");
    } cede_end
    cede_sleep(5);
    say("done at %g", now());
    return cede_none;
}

static cede_value leaves_a_refuser(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(refuses, NULL));
    cede_sleep(0);
    return cede_none;
}

TEST(R01_waits_for_who_refuses)
{
    expect(leaves_a_refuser, "refused;done at 5;");
}

static cede_value main_fails(void *arg)
{
    cede_unref(cede_create_task(lingers, "x"));
    cede_sleep(0);
    return fails(arg);
}

TEST(R01_also_when_main_fails)
{
    CHECK_RAISES(cede_ValueError, cede_run_simulated(main_fails, NULL));
    CHECK_STR(said(), "x cleans up;x is done;");
}

static cede_value leaves_an_exit(void *arg)
{
    (void)arg;
    cede_unref(cede_create_task(exits_when_cancelled, NULL));
    cede_sleep(0);
    return cede_str_copy("a result that goes nowhere");
}

TEST(R01_system_exit_of_what_is_left)
{
    CHECK_RAISES(cede_SystemExit, cede_value_unref(cede_run_simulated(
                                      leaves_an_exit, NULL)));
}

static cede_value cancelled_main(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError, "by itself");
}

TEST(R01_main_cancels_itself)
{
    CHECK_RAISES(cede_CancelledError, cede_run(cancelled_main, NULL));
}

/* --- SIGINT --- */

TEST(R03_sigint_cancels_main)
{
    CHECK_RAISES(cede_KeyboardInterrupt, cede_run(interrupts, NULL));
    CHECK_STR(said(), "finally;");
    CHECK(sigint_is(SIG_DFL));
}

static cede_value swallows_interrupt(void *arg)
{
    (void)arg;
    raise(SIGINT);
    cede_try {
        cede_sleep(100);
    } cede_except (cede_CancelledError, e) {
        say("swallowed");
    } cede_end
    return cede_int(1);
}

TEST(R03_a_swallowed_sigint_is_a_normal_result)
{
    CHECK_INT(cede_value_int(cede_run(swallows_interrupt, NULL)), 1);
    CHECK_STR(said(), "swallowed;");
}

static cede_value interrupts_again(void *arg)
{
    (void)arg;
    for (int i = 1;; i++) {
        raise(SIGINT);
        cede_try {
            cede_sleep(100);
        } cede_finally {
            say("CancelledError %d", i);
            if (i == 1)
                continue;
        } cede_end
    }
    return cede_none;
}

/* The second one does not wait for main, which would go on: it leaves the loop;
   then main is cancelled as everything that is left. */
TEST(R03_a_second_sigint_leaves_at_once)
{
    CHECK_RAISES(cede_KeyboardInterrupt,
                 cede_run_simulated(interrupts_again, NULL));
    CHECK_STR(said(), "CancelledError 1;CancelledError 2;");
    CHECK(sigint_is(SIG_DFL));
}

static cede_value interrupts_cleanup(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_finally {
        raise(SIGINT);
        cede_try {
            cede_sleep(100);
        } cede_finally {
            say("at last");
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value leaves_an_interrupter(void *arg)
{
    (void)arg;
    note_reports();
    cede_unref(cede_create_task(interrupts_cleanup, NULL));
    cede_sleep(0);
    return cede_str_copy("a result that goes nowhere");
}

/* Main is done, there is nothing to cancel: what is left is closed. */
TEST(R03_sigint_while_the_rest_is_waited_for)
{
    CHECK_RAISES(cede_KeyboardInterrupt,
                 cede_value_unref(
                     cede_run_simulated(leaves_an_interrupter, NULL)));
    CHECK_STR(said(), "Task was destroyed but it is pending!;at last;");
}

static void on_sigint(int number)
{
    (void)number;
    say("mine");
}

static cede_value raises_sigint(void *arg)
{
    (void)arg;
    raise(SIGINT);
    cede_sleep(0);
    return cede_int(1);
}

TEST(R04_a_handler_of_yours_is_left_alone)
{
    struct sigaction mine = {.sa_handler = on_sigint};

    sigaction(SIGINT, &mine, NULL);
    CHECK_INT(cede_value_int(cede_run(raises_sigint, NULL)), 1);
    CHECK_STR(said(), "mine;");
    CHECK(sigint_is(on_sigint));
    mine.sa_handler = SIG_IGN;
    sigaction(SIGINT, &mine, NULL);
    CHECK_INT(cede_value_int(cede_run(raises_sigint, NULL)), 1);
    CHECK(sigint_is(SIG_IGN));
}

/* --- uncaught --- */

/*
 * The harness catches everything, in a child of a test too. A program of its
 * own is not inside its cede_catch: this very program, told by the environment
 * what to run before main.
 */
#define UNCAUGHT "CEDE_TEST_UNCAUGHT"

static cede_value exits_with_3(void *arg)
{
    cede_try {
        cede_sleep(0);
        cede_raise_args(cede_SystemExit, 3);
    } cede_finally {
        printf("finally\n");
    } cede_end
    return fails(arg);
}

__attribute__((constructor)) static void run_uncaught(void)
{
    const char *what = getenv(UNCAUGHT);

    if (!what)
        return;
    unsetenv(UNCAUGHT);
    cede_run(strcmp(what, "exits") == 0 ? exits_with_3 : fails, NULL);
    abort();
}

/* Its exit status, and what it wrote. */
static int exit_status(const char *what, char *output, size_t size)
{
    char program[4096], command[8192];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    size_t written;
    FILE *pipe;

    program[length > 0 ? length : 0] = '\0';
    snprintf(command, sizeof command,
             UNCAUGHT "=%s " HARNESS_EMULATOR "'%s' 2>&1", what, program);
    fflush(NULL);
    pipe = popen(command, "re");
    if (!CHECK(pipe != NULL))
        return -1;
    written = fread(output, 1, size - 1, pipe);
    output[written] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

TEST(E16_uncaught_in_main, .torture = false)
{
    char output[1024];

    CHECK_INT(exit_status("fails", output, sizeof output), 1);
    CHECK_CONTAINS(output, "Traceback (most recent call last):\n");
    CHECK_CONTAINS(output, "ValueError: x\n");
    CHECK_INT(exit_status("exits", output, sizeof output), 3);
    CHECK_STR(output, "finally\n");
}

/* --- reports --- */

static cede_value forgets(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(fails, "alone");

    (void)arg;
    cede_task_set_name(task, "orphan");
    cede_sleep(0);
    return cede_none;
}

static void run_forgets(void *arg)
{
    cede_run(forgets, arg);
}

TEST(reports_name_the_task_and_its_function)
{
    char output[2048];

    harness_capture(run_forgets, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "Task exception was never retrieved\n"
                           "future: <Task finished name='orphan' "
                           "coro=<fails()>>\n");
    CHECK_CONTAINS(output, "ValueError: alone\n");
}

/* --- time --- */

static cede_value a_day(void *arg)
{
    (void)arg;
    cede_sleep(86400);
    say("%g", now());
    return cede_none;
}

TEST(Z10_a_day_in_a_moment)
{
    expect(a_day, "86400;");
}
