/*
 * harness.h - the test harness
 *
 *     #include "harness/harness.h"
 *
 *     TEST(adds)
 *     {
 *         CHECK_INT(1 + 1, 2);
 *     }
 *
 *     TEST(is_slow, .timeout = 60, .torture = false, .shuffle = false)
 *     {
 *         if (!have_it())
 *             SKIP("no such kernel");
 *     }
 *
 * A file with TESTs, linked with the harness, is a program; `program --help`
 * says what it can be told. Knows: processes, time limits, what a test must
 * not leave behind. Does not know: any room above flow/.
 *
 * Invariants: each test has a process (and process group) of its own and runs
 * under cede_catch; a failed check never jumps, it is written down and the
 * test goes on. A test fails by a failed check, an exception nobody caught, a
 * crash, an exit, its time limit, or by leaving behind blocks of memory,
 * descriptors or stacks that were not there before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cede/exception.h"
#include "cede/traceback.h"
#include "cede/try.h"
#include "cede/value.h"

struct harness_test {
    const char *name;
    const char *file;
    int line;
    void (*body)(void);
    double timeout; /* seconds; 0: ten. Stretched under sanitizers. */
    bool torture;   /* may run with faults injected */
    bool shuffle;   /* holds in whichever order ready callbacks run */
};

/*
 * The section holds pointers, so that nothing depends on the size and padding
 * of the entries. The options may say again what the defaults said.
 */
#define TEST(id, ...) \
    static void test_##id(void); \
    _Pragma("GCC diagnostic push") HARNESS_ALLOW_OVERRIDE \
    static const struct harness_test harness_test_##id = { \
        .name = #id, \
        .file = __FILE__, \
        .line = __LINE__, \
        .body = test_##id, \
        .torture = true, \
        .shuffle = true, \
        __VA_ARGS__ \
    }; \
    _Pragma("GCC diagnostic pop") \
    static const struct harness_test *const harness_entry_##id \
        __attribute__((used, section("harness_tests"))) = \
            &harness_test_##id; \
    static void test_##id(void)

#ifdef __clang__
#define HARNESS_ALLOW_OVERRIDE \
    _Pragma("GCC diagnostic ignored \"-Winitializer-overrides\"")
#else
#define HARNESS_ALLOW_OVERRIDE \
    _Pragma("GCC diagnostic ignored \"-Woverride-init\"")
#endif

/*
 * Checks. Each evaluates its arguments once, writes file, line and both sides
 * when it fails, and is true when it held. Any thread may check.
 */
#define CHECK(condition) \
    harness_check(!!(condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected) \
    harness_check_int((intmax_t)(actual), (intmax_t)(expected), #actual, \
                      __FILE__, __LINE__)
/* Equal up to the rounding of a few operations. */
#define CHECK_FLOAT(actual, expected) \
    harness_check_float((actual), (expected), #actual, __FILE__, __LINE__)
/* NULL equals only NULL. */
#define CHECK_STR(actual, expected) \
    harness_check_str((actual), (expected), #actual, __FILE__, __LINE__)
/* A trace, words with spaces, newlines or semicolons between them: under
   --shuffle the same words in any order will do. */
#define CHECK_TRACE(actual, expected) \
    harness_check_trace((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_CONTAINS(text, part) \
    harness_check_contains((text), (part), #text, __FILE__, __LINE__)
#define CHECK_PTR(actual, expected) \
    harness_check_ptr((actual), (expected), #actual, __FILE__, __LINE__)

/* For what the rest of the test stands on: leaves the test's function. */
#define REQUIRE(condition) \
    do { \
        if (!CHECK(condition)) \
            return; \
    } while (0)

/* Leaves the test's function; the test counts as skipped. */
#define SKIP(reason) \
    do { \
        harness_skip(reason); \
        return; \
    } while (0)

/*
 * The statement must raise `class` or one of its children. For the message or
 * the cause, write the cede_try out.
 */
#define CHECK_RAISES(class, statement) \
    do { \
        bool harness_raised = false; \
        cede_try { \
            statement; \
        } \
        cede_except (class, harness_exception) { \
            (void)harness_exception; \
            *(volatile bool *)&harness_raised = true; \
        } \
        cede_end; \
        harness_check(*(volatile bool *)&harness_raised, \
                      #statement " raises " #class, __FILE__, __LINE__); \
    } while (0)

bool harness_check(bool held, const char *text, const char *file, int line);
bool harness_check_int(intmax_t actual, intmax_t expected, const char *text,
                       const char *file, int line);
bool harness_check_float(double actual, double expected, const char *text,
                         const char *file, int line);
bool harness_check_str(const char *actual, const char *expected,
                       const char *text, const char *file, int line);
bool harness_check_trace(const char *actual, const char *expected,
                         const char *text, const char *file, int line);
bool harness_check_contains(const char *haystack, const char *part,
                            const char *text, const char *file, int line);
bool harness_check_ptr(const volatile void *actual,
                       const volatile void *expected, const char *text,
                       const char *file, int line);
void harness_skip(const char *reason);

/* For the rare test whose point is a leak: nothing is counted afterwards. */
void harness_ignore_leaks(void);

/* True while faults are being injected into this test. */
bool harness_torturing(void);

/* True while ready callbacks run in an order drawn by lot (--shuffle). */
bool harness_shuffling(void);

/*
 * Under qemu-user the environment has CEDE_EMULATOR, the words before the name
 * of a program that make it run (see tools/check-aarch64.sh). In the command
 * of a shell that runs one: HARNESS_EMULATOR "program ...".
 */
bool harness_emulated(void);
#define HARNESS_EMULATOR "${CEDE_EMULATOR-} "

/*
 * Runs `body` in a child process and waits for it. Returns its wait status
 * (see waitpid); a body that returns exits with 0. What it wrote to stdout and
 * stderr is stored in `output`, cut to `size` bytes with the final NUL.
 */
int harness_fork(void (*body)(void *arg), void *arg, char *output,
                 size_t size);

/* Runs `body` in this process; stdout and stderr go to `output` instead. */
void harness_capture(void (*body)(void *arg), void *arg, char *output,
                     size_t size);
