/*
 * harness.c - runs the tests of one program (see harness.h)
 *
 * The parent forks once per test, or once per injected fault, waits with a
 * time limit and judges; what the two must tell each other stands in one
 * shared page. The parent stays small and single-threaded, so a fork is cheap.
 * A child writes to a memory file instead of a pipe: nobody has to read while
 * it runs, and what a killed test wrote is still there.
 */
#include "harness/harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum {
    SANITIZER_STATUS = 99, /* what sanitizers and valgrind exit with */
    MAX_DESCRIPTORS = 4096,
    MAX_SHOWN = 64 * 1024,       /* bytes of a failed test's output */
    MAX_TORTURE_FAILURES = 5,    /* of one test, then the rest is left out */
    REPORT_DESCRIPTOR_FROM = 900 /* out of the way of tests that count */
};

/* Not there in every program: a test of floor 0 has no stacks. */
size_t cede__stack_live(void) __attribute__((weak));
void cede__stack_pool_destroy(void) __attribute__((weak));
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

extern const struct harness_test *const __start_harness_tests[]
    __attribute__((weak));
extern const struct harness_test *const __stop_harness_tests[]
    __attribute__((weak));

/* What the child tells the parent. */
static struct page {
    int failures;
    bool skipped;
    bool finished; /* the child came to its end by itself */
    bool ignore_leaks;
    bool hung;
    long faults_seen;
    long faults_injected;
    char reason[256];
} *page;

/* The faults of one run. nth 0: none, LONG_MAX: only counted. */
struct plan {
    enum cede__fault_kind kind;
    long nth;
};

enum verdict { PASSED, FAILED, SKIPPED };

static struct {
    int passed;
    int failed;
    int skipped;
} totals;

static struct {
    bool on;
    long sample; /* seeds per test, from 1 on; 0: the one in the environment */
    long runs;
    long failures;
} shuffle;

static int output_file;      /* the memory file all children write to */
static int report_fd = 2;    /* the same, kept when a test redirects stderr */
static bool torturing;
static sigset_t signals_before;

const char *__asan_default_options(void);
const char *__tsan_default_options(void);
const char *__ubsan_default_options(void);

/* Overridden by the variables of the environment, as always. */
const char *__asan_default_options(void)
{
    return "exitcode=99:allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "exitcode=99:halt_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "exitcode=99:print_stacktrace=1";
}

/* ---- checks ------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static bool
fail(const char *file, int line, const char *format, ...)
{
    char text[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fflush(stdout);
    if (file)
        dprintf(report_fd, "%s:%d: %s\n", file, line, text);
    else
        dprintf(report_fd, "%s\n", text);
    __atomic_add_fetch(&page->failures, 1, __ATOMIC_RELAXED);
    return false;
}

bool harness_check(bool held, const char *text, const char *file, int line)
{
    return held || fail(file, line, "not so: %s", text);
}

bool harness_check_int(intmax_t actual, intmax_t expected, const char *text,
                       const char *file, int line)
{
    return actual == expected ||
           fail(file, line, "%s is %jd, not %jd", text, actual, expected);
}

bool harness_check_float(double actual, double expected, const char *text,
                         const char *file, int line)
{
    double margin = 1e-12 * fmax(fabs(actual), fabs(expected));

    if (actual == expected || (isnan(actual) && isnan(expected)))
        return true;
    /* Infinities leave no margin worth the name. */
    if (isfinite(margin) && fabs(actual - expected) <= margin)
        return true;
    return fail(file, line, "%s is %.17g, not %.17g", text, actual, expected);
}

bool harness_check_str(const char *actual, const char *expected,
                       const char *text, const char *file, int line)
{
    if (!actual || !expected) {
        if (actual == expected)
            return true;
        return fail(file, line, "%s is %s%s%s, not %s%s%s", text,
                    actual ? "\"" : "", actual ? actual : "NULL",
                    actual ? "\"" : "", expected ? "\"" : "",
                    expected ? expected : "NULL", expected ? "\"" : "");
    }
    return strcmp(actual, expected) == 0 ||
           fail(file, line, "%s is\n  \"%s\"\nnot\n  \"%s\"", text, actual,
                expected);
}

/* Which of two words comes first when they are sorted. */
static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The text's words in order, in a block to be freed; what ends in semicolons
   is a word with its spaces. `count` says how many. */
static char **sorted_words(const char *text, char **ret_copy, size_t *count)
{
    char *copy = strdup(text), *rest = copy, *word;
    char **words = calloc(strlen(text) + 1, sizeof *words);

    *count = 0;
    while ((word = strsep(&rest, strchr(text, ';') ? ";" : " \n")))
        if (*word)
            words[(*count)++] = word;
    qsort(words, *count, sizeof *words, by_text);
    *ret_copy = copy;
    return words;
}

static bool same_words(const char *actual, const char *expected)
{
    char *copies[2];
    size_t counts[2];
    char **left = sorted_words(actual, &copies[0], &counts[0]);
    char **right = sorted_words(expected, &copies[1], &counts[1]);
    bool same = counts[0] == counts[1];

    for (size_t i = 0; same && i < counts[0]; i++)
        same = strcmp(left[i], right[i]) == 0;
    free(left);
    free(right);
    free(copies[0]);
    free(copies[1]);
    return same;
}

bool harness_check_trace(const char *actual, const char *expected,
                         const char *text, const char *file, int line)
{
    if (harness_shuffling() && actual && expected &&
        same_words(actual, expected))
        return true;
    return harness_check_str(actual, expected, text, file, line);
}

bool harness_check_contains(const char *haystack, const char *part,
                            const char *text, const char *file, int line)
{
    if (haystack && strstr(haystack, part))
        return true;
    return fail(file, line, "%s is\n  \"%s\"\nwithout\n  \"%s\"", text,
                haystack ? haystack : "(NULL)", part);
}

bool harness_check_ptr(const volatile void *actual,
                       const volatile void *expected, const char *text,
                       const char *file, int line)
{
    return actual == expected ||
           fail(file, line, "%s is %p, not %p", text, (const void *)actual,
                (const void *)expected);
}

void harness_skip(const char *reason)
{
    page->skipped = true;
    snprintf(page->reason, sizeof page->reason, "%s", reason);
}

void harness_ignore_leaks(void)
{
    page->ignore_leaks = true;
}

bool harness_torturing(void)
{
    return torturing;
}

bool harness_shuffling(void)
{
    return shuffle.on;
}

bool harness_emulated(void)
{
    return getenv("CEDE_EMULATOR") != NULL;
}

/* ---- what a test must not leave behind ---------------------------------- */

struct footprint {
    size_t blocks;
    size_t stacks;
    int descriptor_count;
    int descriptors[MAX_DESCRIPTORS];
};

static void list_descriptors(struct footprint *footprint)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;

    footprint->descriptor_count = 0;
    if (!directory)
        return;
    while ((entry = readdir(directory))) {
        int fd = atoi(entry->d_name);

        if (entry->d_name[0] == '.' || fd == dirfd(directory))
            continue;
        if (footprint->descriptor_count < MAX_DESCRIPTORS)
            footprint->descriptors[footprint->descriptor_count++] = fd;
    }
    closedir(directory);
}

static bool has_descriptor(const struct footprint *footprint, int fd)
{
    for (int i = 0; i < footprint->descriptor_count; i++)
        if (footprint->descriptors[i] == fd)
            return true;
    return false;
}

static void take_footprint(struct footprint *footprint)
{
    footprint->stacks = cede__stack_live ? cede__stack_live() : 0;
    footprint->blocks = cede__memory_live();
    list_descriptors(footprint);
}

static void compare_descriptors(const struct footprint *before,
                                const struct footprint *after)
{
    char link[64], target[256];

    for (int i = 0; i < after->descriptor_count; i++) {
        int fd = after->descriptors[i];
        ssize_t length;

        if (has_descriptor(before, fd))
            continue;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        fail(NULL, 0, "leaked: descriptor %d, %s", fd, target);
    }
    for (int i = 0; i < before->descriptor_count; i++)
        if (!has_descriptor(after, before->descriptors[i]))
            fail(NULL, 0, "closed: descriptor %d, which it did not open",
                 before->descriptors[i]);
}

static void compare_footprints(const struct footprint *before)
{
    static struct footprint after;

    if (page->ignore_leaks)
        return;
    take_footprint(&after);
    if (after.stacks == before->stacks && cede__stack_pool_destroy) {
        /* Kept for reuse is not leaked. */
        cede__stack_pool_destroy();
        take_footprint(&after);
    }
    if (after.stacks != before->stacks)
        fail(NULL, 0, "leaked: %zd stack(s)",
             (ssize_t)(after.stacks - before->stacks));
    if (after.blocks > before->blocks)
        fail(NULL, 0, "leaked: %zu block(s) of memory",
             after.blocks - before->blocks);
    if (after.blocks < before->blocks)
        fail(NULL, 0, "freed: %zu block(s) of memory too many",
             before->blocks - after.blocks);
    compare_descriptors(before, &after);
    if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
        fail(NULL, 0, "leaked: see the sanitizer's report");
}

/* ---- the child ---------------------------------------------------------- */

struct call {
    void (*test)(void);
    void (*body)(void *arg);
    void *arg;
};

static void call_plainly(const struct call *call)
{
    if (call->test)
        call->test();
    else
        call->body(call->arg);
}

static cede_value call_as_function(void *call)
{
    call_plainly(call);
    return cede_none;
}

/* False when an exception came out, which is printed. */
static bool call_guarded(struct call call)
{
    cede_value result;
    cede_exception *exception = cede_catch(call_as_function, &call, &result);

    if (exception) {
        for (int kind = 0; kind < CEDE__FAULT_KINDS; kind++)
            cede__fault_arm(kind, 0, 0);
        fflush(stdout);
        cede_print_exception(exception);
        cede_unref(exception);
        return false;
    }
    return true;
}

static void write_to(int fd)
{
    fflush(NULL);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
}

static void become_a_child(void)
{
    /* A child must not outlive its parent: ^C ends everything. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void become_the_test(void)
{
    struct rlimit no_core = {0, 0};
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    setpgid(0, 0);
    become_a_child();
    setrlimit(RLIMIT_CORE, &no_core);
    dup2(null, STDIN_FILENO);
    close(null);
    report_fd = fcntl(output_file, F_DUPFD_CLOEXEC, REPORT_DESCRIPTOR_FROM);
    if (report_fd < 0)
        report_fd = STDERR_FILENO;
    write_to(output_file);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    sigprocmask(SIG_SETMASK, &signals_before, NULL);
    /* A shell ignores them for what it runs in the background. */
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
}

/* Never returns. */
static void run_in_child(const struct harness_test *test, struct plan plan)
{
    static struct footprint before;
    bool caught_nothing;

    become_the_test();
    torturing = plan.nth > 0 && plan.nth < LONG_MAX;
    take_footprint(&before);
    cede__fault_arm(plan.kind, plan.nth, 1);
    caught_nothing = call_guarded((struct call){.test = test->body});
    cede__fault_arm(plan.kind, 0, 0);
    page->faults_seen = cede__fault_seen(plan.kind);
    page->faults_injected = cede__fault_injected(plan.kind);

    /* What a failed call does to the checks is the test's own affair; that
       it neither crashes nor leaks is the library's. Not so for the faults
       that a test injects by itself. */
    if (torturing && page->faults_injected > 0)
        page->failures = 0;
    else if (!caught_nothing)
        fail(NULL, 0, "the exception above was not caught");
    compare_footprints(&before);
    fflush(NULL);
    page->finished = true;
    _exit(0);
}

int harness_fork(void (*body)(void *arg), void *arg, char *output, size_t size)
{
    int file = memfd_create("harness_fork", MFD_CLOEXEC);
    int status = 0;
    ssize_t length;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        bool caught_nothing;

        become_a_child();
        write_to(file);
        caught_nothing = call_guarded((struct call){.body = body, .arg = arg});
        fflush(NULL);
        _exit(caught_nothing ? 0 : 1);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    length = pread(file, output, size - 1, 0);
    output[length > 0 ? length : 0] = '\0';
    close(file);
    return status;
}

void harness_capture(void (*body)(void *arg), void *arg, char *output,
                     size_t size)
{
    int file = memfd_create("harness_capture", MFD_CLOEXEC);
    int old_out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    int old_err = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    ssize_t length;

    write_to(file);
    if (!call_guarded((struct call){.body = body, .arg = arg}))
        fail(NULL, 0, "an exception came out of a captured body");
    fflush(NULL);
    dup2(old_out, STDOUT_FILENO);
    dup2(old_err, STDERR_FILENO);
    close(old_out);
    close(old_err);
    length = pread(file, output, size - 1, 0);
    output[length > 0 ? length : 0] = '\0';
    close(file);
}

/* ---- the parent --------------------------------------------------------- */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double time_limit(const struct harness_test *test)
{
    const char *preload = getenv("LD_PRELOAD");
    const char *scale = getenv("CEDE_TEST_TIME_SCALE");
    double limit = test->timeout > 0 ? test->timeout : 10;

    if (SANITIZED || (preload && strstr(preload, "valgrind")))
        limit *= 10;
    if (scale)
        limit *= atof(scale);
    return limit;
}

/*
 * Waits for the child and reaps it. Returns false when it had to be killed.
 * SIGCHLD is blocked and waited for, so none can slip between look and wait.
 * What else runs in the child's process group goes with it.
 */
static bool wait_for(pid_t child, double limit, int *status)
{
    double end = now() + limit;
    bool in_time = true;
    sigset_t wanted;

    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    for (;;) {
        siginfo_t info = {0};
        double left = end - now();
        struct timespec time;

        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG) < 0)
            break;
        if (info.si_pid == child)
            break;
        if (left <= 0) {
            in_time = false;
            break;
        }
        time.tv_sec = (time_t)left;
        time.tv_nsec = (long)((left - (double)time.tv_sec) * 1e9);
        sigtimedwait(&wanted, NULL, &time);
    }
    kill(-child, SIGKILL);
    while (waitpid(child, status, 0) < 0 && errno == EINTR)
        ;
    return in_time;
}

static enum verdict because(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static enum verdict because(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(page->reason, sizeof page->reason, format, arguments);
    va_end(arguments);
    return FAILED;
}

static enum verdict judge(bool in_time, int status, double limit)
{
    /* The injected fault may well have made the program give up. */
    bool may_exit = torturing;

    page->hung = !in_time;
    if (!in_time)
        return because("not done after %g s", limit);
    if (WIFSIGNALED(status))
        return because("killed by signal %d (%s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) == SANITIZER_STATUS)
        return because("error found by a sanitizer or valgrind");
    if (!page->finished && !may_exit)
        return because("exited with status %d", WEXITSTATUS(status));
    if (page->failures > 0)
        return because("%d check(s) failed", page->failures);
    return page->skipped ? SKIPPED : PASSED;
}

/* Runs the test once; the reason for the verdict stands in the page. */
static enum verdict run_once(const struct harness_test *test, struct plan plan)
{
    double limit = time_limit(test);
    bool in_time;
    int status;
    pid_t child;

    memset(page, 0, sizeof *page);
    if (ftruncate(output_file, 0) < 0)
        perror("ftruncate");
    fflush(NULL);
    child = fork();
    if (child < 0) {
        perror("fork");
        exit(2);
    }
    if (child == 0)
        run_in_child(test, plan);
    setpgid(child, child); /* whoever is first; an error means the child was */
    in_time = wait_for(child, limit, &status);
    torturing = plan.nth > 0 && plan.nth < LONG_MAX;
    return judge(in_time, status, limit);
}

static void show_output(void)
{
    static char text[MAX_SHOWN + 1];
    ssize_t length = pread(output_file, text, MAX_SHOWN, 0);
    char *line, *rest = text;

    text[length > 0 ? length : 0] = '\0';
    while ((line = strsep(&rest, "\n")))
        if (*line || rest)
            printf("    %s\n", line);
    if (length == MAX_SHOWN)
        printf("    (and so on)\n");
}

static void count(const struct harness_test *test, enum verdict verdict)
{
    if (verdict == PASSED) {
        totals.passed++;
        printf("ok    %s\n", test->name);
    } else if (verdict == SKIPPED) {
        totals.skipped++;
        printf("SKIP  %s: %s\n", test->name, page->reason);
    } else {
        totals.failed++;
        printf("FAIL  %s: %s\n", test->name, page->reason);
        printf("    %s:%d\n", test->file, test->line);
        show_output();
    }
    fflush(stdout);
}

/* ---- torture ------------------------------------------------------------ */

static struct {
    bool on;
    enum cede__fault_kind kind;
    long sample; /* points per test; 0: all */
    long at;     /* this point alone; 0: not asked for */
    long points;
    long runs;
    long failures;
} torture;

static const char *const kind_names[CEDE__FAULT_KINDS] = {
    "allocation",
    "system_call",
    "cancel",
    "raise",
};

/* The index-th of `runs` points spread evenly over 1 .. points. */
static long point_at(long index, long runs, long points)
{
    if (torture.at > 0)
        return torture.at;
    if (runs <= 1)
        return (points + 1) / 2;
    return 1 + index * (points - 1) / (runs - 1);
}

static void torture_test(const struct harness_test *test)
{
    struct plan plan = {torture.kind, LONG_MAX};
    enum verdict verdict = run_once(test, plan);
    long points = page->faults_seen, runs = points, failures = 0;

    if (verdict != PASSED) {
        count(test, verdict);
        return;
    }
    if (torture.sample > 0 && runs > torture.sample)
        runs = torture.sample;
    if (torture.at > 0)
        runs = torture.at <= points;
    torture.points += points;
    for (long i = 0; i < runs && failures < MAX_TORTURE_FAILURES; i++) {
        plan.nth = point_at(i, runs, points);
        torture.runs++;
        if (run_once(test, plan) != FAILED)
            continue;
        failures++;
        printf("FAIL  %s with %s %ld of %ld failing: %s\n", test->name,
               kind_names[torture.kind], plan.nth, points, page->reason);
        printf("    again: --torture %s --at %ld %s\n",
               kind_names[torture.kind], plan.nth, test->name);
        show_output();
        /* The others are likely to hang too, and each costs the limit. */
        if (page->hung)
            break;
    }
    torture.failures += failures;
    if (failures == 0) {
        totals.passed++;
        printf("ok    %s: %ld of %ld points\n", test->name, runs, points);
    } else {
        totals.failed++;
        if (failures == MAX_TORTURE_FAILURES || page->hung)
            printf("      %s: the points after these were left out\n",
                   test->name);
    }
    fflush(stdout);
}

/* ---- the order of callbacks --------------------------------------------- */

/* The loop reads the seed from the environment (cede_loop_new_with). */
static enum verdict run_shuffled(const struct harness_test *test, long seed)
{
    char text[32];

    snprintf(text, sizeof text, "%ld", seed);
    setenv("CEDE_SHUFFLE", text, 1);
    shuffle.runs++;
    return run_once(test, (struct plan){0});
}

static void shuffle_test(const struct harness_test *test)
{
    enum verdict verdict = PASSED;
    long seed;

    for (seed = 1; seed <= shuffle.sample && verdict == PASSED; seed++)
        verdict = run_shuffled(test, seed);
    if (verdict == FAILED) {
        shuffle.failures++;
        printf("with --shuffle %ld:\n", seed - 1);
    }
    count(test, verdict);
}

/* ---- the command line --------------------------------------------------- */

static const char usage[] =
    "usage: %s [--list]\n"
    "       [--torture allocation|system_call|cancel|raise "
    "[--sample K] [--at N]]\n"
    "       [--shuffle SEED | --shuffle-sample N] [name ...]\n"
    "\n"
    "Runs the tests of this program, or those named (patterns as in the shell"
    ").\n"
    "--torture runs each test again and again, failing one allocation or\n"
    "system call after the other, or cancelling the task at one suspension\n"
    "after the other, or raising an exception there. --sample K picks K of\n"
    "them, evenly spread; --at N only the Nth.\n"
    "--shuffle has loops run what is ready in an order drawn by lot from SEED;\n"
    "--shuffle-sample tries the seeds 1 to N and says which one fails.\n";

static int by_place(const void *a, const void *b)
{
    const struct harness_test *left = *(const struct harness_test *const *)a;
    const struct harness_test *right = *(const struct harness_test *const *)b;
    int files = strcmp(left->file, right->file);

    return files ? files : left->line - right->line;
}

static bool is_wanted(const struct harness_test *test, char **names)
{
    if (!*names)
        return true;
    for (; *names; names++)
        if (fnmatch(*names, test->name, 0) == 0)
            return true;
    return false;
}

static bool parse_kind(const char *text)
{
    for (int kind = 0; text && kind < CEDE__FAULT_KINDS; kind++) {
        if (strcmp(text, kind_names[kind]) == 0) {
            torture.on = true;
            torture.kind = kind;
            return true;
        }
    }
    return false;
}

/* Returns what is left of the arguments: the names. */
static char **parse(char **argv, bool *list)
{
    const char *program = *argv++;

    for (; *argv && **argv == '-'; argv++) {
        if (strcmp(*argv, "--list") == 0) {
            *list = true;
        } else if (strcmp(*argv, "--help") == 0) {
            printf(usage, program);
            exit(0);
        } else if (strcmp(*argv, "--torture") == 0 && parse_kind(argv[1])) {
            argv++;
        } else if (strcmp(*argv, "--sample") == 0 && argv[1]) {
            torture.sample = atol(*++argv);
        } else if (strcmp(*argv, "--at") == 0 && argv[1]) {
            torture.at = atol(*++argv);
        } else if (strcmp(*argv, "--shuffle") == 0 && argv[1]) {
            shuffle.on = true;
            setenv("CEDE_SHUFFLE", *++argv, 1);
        } else if (strcmp(*argv, "--shuffle-sample") == 0 && argv[1]) {
            shuffle.on = true;
            shuffle.sample = atol(*++argv);
        } else {
            fprintf(stderr, usage, program);
            exit(2);
        }
    }
    return argv;
}

static void prepare(void)
{
    sigset_t child;

    page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    output_file = memfd_create("harness", MFD_CLOEXEC);
    if (page == MAP_FAILED || output_file < 0 ||
        fcntl(output_file, F_SETFL, O_APPEND) < 0) {
        perror("harness");
        exit(2);
    }
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &signals_before);
}

static void run_test(const struct harness_test *test)
{
    if (shuffle.on && !test->shuffle)
        return;
    if (shuffle.sample > 0)
        shuffle_test(test);
    else if (!torture.on)
        count(test, run_once(test, (struct plan){0}));
    else if (test->torture)
        torture_test(test);
}

int main(int argc, char **argv)
{
    size_t tests = (size_t)(__stop_harness_tests - __start_harness_tests);
    const struct harness_test **order = calloc(tests + 1, sizeof *order);
    size_t wanted = 0;
    bool list = false;
    char **names = parse(argv, &list);

    (void)argc;
    for (size_t i = 0; i < tests; i++)
        if (is_wanted(__start_harness_tests[i], names))
            order[wanted++] = __start_harness_tests[i];
    qsort(order, wanted, sizeof *order, by_place);
    if (*names && wanted == 0) {
        fprintf(stderr, "%s: no test has such a name\n", argv[0]);
        free(order);
        return 2;
    }

    prepare();
    for (size_t i = 0; i < wanted; i++) {
        if (list)
            printf("%s\n", order[i]->name);
        else
            run_test(order[i]);
    }
    free(order);
    if (list)
        return 0;
    if (torture.on)
        printf("torture: kind=%s points=%ld runs=%ld failures=%ld\n",
               kind_names[torture.kind], torture.points, torture.runs,
               torture.failures);
    if (shuffle.sample > 0)
        printf("shuffle: runs=%ld failures=%ld\n", shuffle.runs,
               shuffle.failures);
    printf("%d passed, %d failed, %d skipped\n", totals.passed, totals.failed,
           totals.skipped);
    return totals.failed ? 1 : 0;
}
