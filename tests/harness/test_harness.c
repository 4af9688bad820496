/*
 * The harness: whatever it promises to detect, it detects. The tests that fail
 * live in failing.c, a program that is run from here.
 */
#include "harness/harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

static char output[64 * 1024];

/* Runs failing.c's program; returns its exit status, -1 if it has none. */
static int run_failing(const char *arguments)
{
    char command[1024];
    size_t length;
    FILE *pipe;
    int status;

    snprintf(command, sizeof command, HARNESS_EMULATOR "%s %s 2>&1",
             HARNESS_FAILING, arguments);
    pipe = popen(command, "r");
    if (!CHECK(pipe != NULL))
        return -1;
    length = fread(output, 1, sizeof output - 1, pipe);
    output[length] = '\0';
    status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One test of failing.c that must fail and say so. */
static void expect_failure(const char *name, const char *report)
{
    CHECK_INT(run_failing(name), 1);
    CHECK_CONTAINS(output, "FAIL  ");
    CHECK_CONTAINS(output, report);
    CHECK_CONTAINS(output, "\n0 passed, 1 failed, 0 skipped\n");
}

static void expect_success(const char *name, const char *totals)
{
    CHECK_INT(run_failing(name), 0);
    CHECK_CONTAINS(output, totals);
}

TEST(counts_what_passes_and_what_is_skipped, .torture = false)
{
    expect_success("passes skips leaks_on_purpose",
                   "\n2 passed, 0 failed, 1 skipped\n");
    CHECK_CONTAINS(output, "ok    passes\n");
    CHECK_CONTAINS(output, "SKIP  skips: not today\n");
}

TEST(failed_checks_are_all_shown, .torture = false)
{
    expect_failure("failed_checks_go_on", "7 check(s) failed");
    CHECK_CONTAINS(output, "printed before\n");
    CHECK_CONTAINS(output, "failing.c:");
    CHECK_CONTAINS(output, "not so: 1 > 2\n");
    CHECK_CONTAINS(output, "2 + 2 is 4, not 5\n");
    CHECK_CONTAINS(output, "0.5 is 0.5, not 0.25\n");
    CHECK_CONTAINS(output, "\"here\"\n");
    CHECK_CONTAINS(output, "is NULL, not \"there\"\n");
    CHECK_CONTAINS(output, "\"needle\"\n");
    CHECK_CONTAINS(output, "printed after\n");
}

TEST(a_fault_of_the_tests_own_excuses_nothing, .torture = false)
{
    expect_failure("fails_after_a_fault_of_its_own", "1 check(s) failed");
}

TEST(leaked_memory_is_found, .torture = false)
{
    expect_failure("leaks_memory", "leaked: 1 block(s) of memory");
}

#if CEDE_IMPL_ASAN
TEST(leaked_memory_of_others_is_found, .torture = false)
{
    const char *options = getenv("ASAN_OPTIONS");

    if (options && strstr(options, "detect_leaks=0"))
        SKIP("the leak sanitizer is off");
    expect_failure("leaks_memory_of_malloc", "LeakSanitizer");
}

TEST(sanitizer_errors_are_found, .torture = false)
{
    expect_failure("overruns_a_buffer", "found by a sanitizer");
}
#endif

TEST(leaked_descriptor_is_found, .torture = false)
{
    expect_failure("leaks_a_descriptor", "leaked: descriptor ");
    CHECK_CONTAINS(output, ", /dev/null");
}

TEST(closed_descriptor_is_found, .torture = false)
{
    expect_failure("closes_a_descriptor", "closed: descriptor 0");
}

TEST(crash_is_found_and_output_kept, .torture = false)
{
    run_failing("crashes");
    CHECK_CONTAINS(output, "printed before\n");
    CHECK_CONTAINS(output, "\n0 passed, 1 failed, 0 skipped\n");
    expect_failure("aborts", "killed by signal 6");
}

TEST(exit_is_found, .torture = false)
{
    expect_failure("exits", "exited with status 0");
}

TEST(hang_is_found, .timeout = 30, .torture = false)
{
    expect_failure("hangs", "not done after ");
}

/* popen would wait for the grandchild, which holds the pipe. */
TEST(hang_of_grandchild_is_ended, .timeout = 30, .torture = false)
{
    expect_failure("hangs_with_a_child", "not done after ");
}

TEST(failures_do_not_spread, .torture = false)
{
    CHECK_INT(run_failing("aborts passes"), 1);
    CHECK_CONTAINS(output, "\n1 passed, 1 failed, 0 skipped\n");
}

TEST(uncaught_exception_is_found, .torture = false)
{
    expect_failure("raises", "ValueError: nobody catches this");
}

TEST(missing_exception_is_found, .torture = false)
{
    expect_failure("does_not_raise_what_it_should",
                   "not so: (void)0 raises cede_ValueError");
    CHECK_CONTAINS(output, "1 check(s) failed");
}

/* ---- the command line --------------------------------------------------- */

TEST(lists_in_order_of_the_file, .torture = false)
{
    CHECK_INT(run_failing("--list"), 0);
    CHECK_PTR(strstr(output, "passes\nskips\nfailed_checks_go_on\n"), output);
    CHECK_INT(run_failing("--list 'leaks_*'"), 0);
    CHECK_STR(output, "leaks_memory\nleaks_memory_of_malloc\n"
                      "leaks_on_purpose\nleaks_a_descriptor\n");
}

TEST(wrong_arguments_are_refused, .torture = false)
{
    CHECK_INT(run_failing("nobody"), 2);
    CHECK_CONTAINS(output, "no test has such a name");
    CHECK_INT(run_failing("--nonsense"), 2);
    CHECK_CONTAINS(output, "usage: ");
    CHECK_INT(run_failing("--torture nonsense"), 2);
    CHECK_CONTAINS(output, "usage: ");
}

/* ---- torture ------------------------------------------------------------ */

TEST(torture_forgives_failed_checks, .torture = false)
{
    expect_success("--torture allocation torture_handles_it",
                   "torture: kind=allocation points=2 runs=2 failures=0\n"
                   "1 passed, 0 failed, 0 skipped\n");
}

TEST(torture_finds_leaks, .torture = false)
{
    expect_failure("--torture allocation torture_leaks",
                   "torture: kind=allocation points=2 runs=2 failures=1\n");
    CHECK_CONTAINS(output, "torture_leaks with allocation 2 of 2 failing");
    CHECK_CONTAINS(output, "leaked: 1 block(s) of memory");
}

TEST(torture_finds_crashes, .torture = false)
{
    expect_failure("--torture allocation torture_crashes",
                   "torture_crashes with allocation 1 of 1 failing");
}

TEST(torture_finds_hangs, .timeout = 30, .torture = false)
{
    expect_failure("--torture allocation torture_hangs", "not done after ");
}

TEST(torture_samples_evenly, .torture = false)
{
    expect_success("--torture allocation --sample 7 torture_has_many_points",
                   "torture_has_many_points: 7 of 100 points\n"
                   "torture: kind=allocation points=100 runs=7 failures=0\n");
}

TEST(torture_of_suspensions, .torture = false)
{
    expect_failure("--torture cancel torture_leaks_when_cancelled",
                   "torture: kind=cancel points=3 runs=3 failures=1\n");
    CHECK_CONTAINS(output, "with cancel 2 of 3 failing: 1 check(s) failed");
    CHECK_CONTAINS(output, "leaked: 1 block(s) of memory");
    expect_failure("--torture raise torture_crashes_when_it_raises",
                   "torture_crashes_when_it_raises with raise 3 of 3 failing: "
                   "killed by signal 6");
    expect_success("--torture raise torture_leaks_when_cancelled",
                   "points=0 runs=0 failures=0");
}

/* What is printed for a failing point replays it, and no other. */
TEST(torture_replays_one_point, .torture = false)
{
    expect_failure("--torture cancel torture_leaks_when_cancelled",
                   "\n    again: --torture cancel --at 2 "
                   "torture_leaks_when_cancelled\n");
    expect_failure("--torture cancel --at 2 torture_leaks_when_cancelled",
                   "points=3 runs=1 failures=1\n");
    expect_success("--torture cancel --at 1 torture_leaks_when_cancelled",
                   "points=3 runs=1 failures=0\n");
    expect_success("--torture cancel --at 4 torture_leaks_when_cancelled",
                   "points=3 runs=0 failures=0\n");
}

TEST(torture_leaves_out_the_excused, .torture = false)
{
    expect_success("--torture allocation torture_excused",
                   "torture: kind=allocation points=0 runs=0 failures=0\n"
                   "0 passed, 0 failed, 0 skipped\n");
}

TEST(torture_fails_what_fails_without, .torture = false)
{
    expect_failure("--torture system_call failed_checks_go_on",
                   "7 check(s) failed");
}

/* ---- help for tests ----------------------------------------------------- */

static void say_and_exit(void *arg)
{
    printf("out %s\n", (const char *)arg);
    fprintf(stderr, "err\n");
    exit(3);
}

static void say(void *arg)
{
    printf("out %s\n", (const char *)arg);
    fprintf(stderr, "err\n");
}

TEST(fork_tells_status_and_output, .torture = false)
{
    char text[100];
    int status = harness_fork(say_and_exit, "there", text, sizeof text);

    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 3);
    CHECK_CONTAINS(text, "out there\n");
    CHECK_CONTAINS(text, "err\n");
    CHECK_INT(harness_fork(say, "", text, 5), 0);
    CHECK_INT(strlen(text), 4);
}

TEST(capture_gives_output_and_puts_it_back, .torture = false)
{
    char text[100];

    harness_capture(say, "there", text, sizeof text);
    CHECK_CONTAINS(text, "out there\n");
    CHECK_CONTAINS(text, "err\n");
    harness_capture(say, "again", text, sizeof text);
    CHECK_CONTAINS(text, "out again\n");
    CHECK(!strstr(text, "there"));
}

/* --- shuffling --- */

TEST(the_failing_seed_is_said_and_replays, .torture = false)
{
    CHECK_INT(run_failing("--shuffle-sample 5 fails_with_seed_3"), 1);
    CHECK_CONTAINS(output, "with --shuffle 3:\nFAIL  fails_with_seed_3");
    CHECK_CONTAINS(output, "shuffle: runs=3 failures=1\n0 passed, 1 failed");
    CHECK_INT(run_failing("--shuffle 3 fails_with_seed_3"), 1);
    CHECK_INT(run_failing("--shuffle 2 fails_with_seed_3"), 0);
    expect_success("fails_with_seed_3", "\n1 passed, 0 failed, 0 skipped\n");
}

TEST(what_leans_on_the_order_is_not_shuffled, .torture = false)
{
    CHECK_INT(run_failing("--shuffle 1 leans_on_the_order"), 0);
    CHECK_STR(output, "0 passed, 0 failed, 0 skipped\n");
    expect_failure("leans_on_the_order", "\"b a c\"");
}

TEST(a_shuffled_trace_has_the_same_words, .torture = false)
{
    CHECK_INT(run_failing("--shuffle 1 traces_of_words"), 0);
    CHECK_INT(run_failing("--shuffle 1 traces_of_other_words"), 1);
    CHECK_CONTAINS(output, "3 check(s) failed");
    expect_failure("traces_of_words", "2 check(s) failed");
}
