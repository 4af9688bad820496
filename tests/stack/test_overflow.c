/*
 * test_overflow.c - an overflow says whose stack it was, when asked to
 */
#include "harness/harness.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fault.h"
#include "stack/run.h"
#include "stack/stack.h"

static const char *name_of(const void *owner)
{
    return owner;
}

static cede__stack *acquire_named(const char *name)
{
    cede__stack *stack = cede__stack_acquire();

    cede__stack_owner_name = name_of;
    if (CHECK(stack != NULL))
        stack->owner = (void *)name;
    return stack;
}

static void overflow_named(const char *name)
{
    cede__stack *stack = acquire_named(name);

    if (stack != NULL)
        run_on(stack, stack->low - 4096);
}

/* A program without alternate signal stack: some sanitizers make one. */
static bool has_signal_stack(void)
{
    stack_t current;

    sigaltstack(NULL, &current);
    return !(current.ss_flags & SS_DISABLE);
}

static bool is_handled(int number)
{
    struct sigaction action;

    sigaction(number, NULL, &action);
    return (action.sa_flags & SA_SIGINFO) != 0 ||
           action.sa_handler != SIG_DFL;
}

/* --- the message --- */

static void report_fetch(void *unused)
{
    (void)unused;
    CHECK_INT(cede_report_stack_overflow(), 0);
    overflow_named("fetch");
}

/* What the message says, against what the process knew. */
TEST(report_names_owner_and_stack)
{
    char output[4096];
    const char *message;
    unsigned long low = 0, top = 0, fault = 0, pc = 0;
    unsigned kib = 0;
    int status, end = 0;

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    status = harness_fork(report_fetch, NULL, output, sizeof output);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    message = strstr(output, "cede:"); /* ASan has its say about ucontext */
    REQUIRE(message != NULL);
    CHECK_INT(sscanf(message,
                     "cede: stack overflow in coroutine \"fetch\" (stack "
                     "0x%lx-0x%lx, %u KiB, fault at 0x%lx, pc 0x%lx); give it "
                     "more with cede_stack_set_size%n",
                     &low, &top, &kib, &fault, &pc, &end),
              5);
    if (!harness_emulated()) /* qemu says something of the signal */
        CHECK_STR(message + end, "\n");
    CHECK_INT(kib, (top - low) / 1024);
    CHECK(kib >= cede_stack_size() / 1024);
    CHECK(fault < low && fault >= low - 64 * 1024);
    CHECK(pc != 0);
}

static void report_odd_name(void *unused)
{
    static char name[300];

    (void)unused;
    memset(name, 'x', sizeof name - 1);
    name[1] = '\n';
    cede_report_stack_overflow();
    overflow_named(name);
}

TEST(report_survives_odd_names)
{
    char output[4096];

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    harness_fork(report_odd_name, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "coroutine \"x?xxx");
    CHECK_CONTAINS(output, "xxx...\" (stack");
    CHECK_CONTAINS(output, "cede_stack_set_size\n");
}

static void report_nobody(void *unused)
{
    (void)unused;
    cede_report_stack_overflow();
    overflow_named(NULL);
}

TEST(report_needs_no_owner)
{
    char output[4096];

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    harness_fork(report_nobody, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "stack overflow in coroutine (stack 0x");
}

/* --- when --- */

TEST(nothing_is_installed_unasked)
{
    bool handled = is_handled(SIGSEGV);
    bool stacked = has_signal_stack();
    cede__stack *stack;

    unsetenv("CEDE_DEBUG");
    stack = cede__stack_acquire();
    REQUIRE(stack != NULL);
    cede__stack_release(stack);
    CHECK_INT(is_handled(SIGSEGV), handled);
    CHECK_INT(has_signal_stack(), stacked);
}

static void overflow_silently(void *unused)
{
    (void)unused;
    unsetenv("CEDE_DEBUG");
    overflow_named("fetch");
}

TEST(nothing_is_said_unasked)
{
    char output[4096];
    int status;

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    if (CEDE_IMPL_ASAN || CEDE_IMPL_TSAN)
        SKIP("sanitizers say something");
    if (harness_emulated())
        SKIP("qemu says something");
    status = harness_fork(overflow_silently, NULL, output, sizeof output);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    CHECK_STR(output, "");
}

static void overflow_debugged(void *unused)
{
    (void)unused;
    setenv("CEDE_DEBUG", "1", 1);
    overflow_named("fetch");
}

TEST(environment_asks_for_reports)
{
    char output[4096];

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    harness_fork(overflow_debugged, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "stack overflow in coroutine \"fetch\"");
}

TEST(asking_twice_is_harmless)
{
    CHECK_INT(cede_report_stack_overflow(), 0);
    CHECK_INT(cede_report_stack_overflow(), 0);
    CHECK(is_handled(SIGSEGV));
    CHECK(is_handled(SIGBUS));
    CHECK(has_signal_stack());
}

TEST(failing_calls_install_nothing, .torture = false)
{
    bool handled = is_handled(SIGSEGV);

    unsetenv("CEDE_DEBUG");
    for (long nth = 1; nth <= 20; nth++) {
        int error;

        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, nth, 1);
        error = cede_report_stack_overflow();
        cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
        if (cede__fault_injected(CEDE__FAULT_SYSTEM_CALL) == 0) {
            CHECK_INT(error, 0);
            CHECK(nth > 2);
            CHECK(is_handled(SIGSEGV));
            return;
        }
        CHECK(error < 0);
        CHECK_INT(is_handled(SIGSEGV), handled);
        CHECK_INT(is_handled(SIGBUS), handled);
    }
    CHECK(false);
}

/* --- threads --- */

static void *overflow_thread(void *unused)
{
    (void)unused;
    overflow_named("in a thread");
    return NULL;
}

static void overflow_in_thread(void *unused)
{
    pthread_t thread;

    (void)unused;
    CHECK_INT(cede_report_stack_overflow(), 0);
    if (CHECK_INT(pthread_create(&thread, NULL, overflow_thread, NULL), 0))
        pthread_join(thread, NULL);
}

TEST(threads_that_take_stacks_report_too)
{
    char output[4096];
    int status;

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    status = harness_fork(overflow_in_thread, NULL, output, sizeof output);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    CHECK_CONTAINS(output, "coroutine \"in a thread\"");
}

/* The alternate stack of a thread goes with it. */
static void *use_and_forget(void *unused)
{
    bool had_one = has_signal_stack();
    cede__stack *stack = cede__stack_acquire();

    (void)unused;
    if (stack == NULL)
        return NULL;
    CHECK(has_signal_stack());
    cede__stack_release(stack);
    cede__stack_pool_destroy();
    CHECK_INT(has_signal_stack(), had_one);
    return NULL;
}

TEST(thread_gives_its_signal_stack_back)
{
    pthread_t thread;

    REQUIRE(cede_report_stack_overflow() == 0);
    REQUIRE(pthread_create(&thread, NULL, use_and_forget, NULL) == 0);
    pthread_join(thread, NULL);
}

/* --- other faults, which are not ours --- */

static void *volatile nowhere = (void *)16;

static void fault_elsewhere(void *unused)
{
    (void)unused;
    cede_report_stack_overflow();
    *(volatile char *)nowhere = 1;
}

TEST(other_faults_kill_as_before)
{
    char output[4096];
    int status = harness_fork(fault_elsewhere, NULL, output, sizeof output);

    CHECK(run_died_of(status, SIGSEGV));
    if (!CEDE_IMPL_ASAN && !CEDE_IMPL_TSAN && !harness_emulated())
        CHECK_STR(output, "");
}

static void on_fault_before(int number, siginfo_t *info, void *context)
{
    static const char line[] = "previous handler\n";

    (void)context;
    if (number == SIGSEGV && info->si_addr == nowhere)
        (void)!write(2, line, sizeof line - 1);
    _exit(7);
}

static void fault_with_previous(void *wild)
{
    struct sigaction action = {.sa_sigaction = on_fault_before,
                               .sa_flags = SA_SIGINFO};
    cede__stack *stack = cede__stack_acquire();

    sigaction(SIGSEGV, &action, NULL);
    cede_report_stack_overflow();
    /* A guard, but nobody runs on that stack. */
    if (stack != NULL && wild != NULL)
        nowhere = stack->low - 16;
    *(volatile char *)nowhere = 1;
}

TEST(other_faults_go_to_the_previous_handler)
{
    char output[4096];
    int status = harness_fork(fault_with_previous, NULL, output, sizeof output);

    /* valgrind counts the fault as an error and chooses the status. */
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7 || RUN_UNDER_VALGRIND);
    CHECK_STR(output, "previous handler\n");
}

TEST(wild_pointers_into_guards_are_no_overflows)
{
    char output[4096];
    int status = harness_fork(fault_with_previous, "wild", output,
                              sizeof output);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    CHECK_STR(output, "previous handler\n");
}

static volatile sig_atomic_t caught;

static void on_plain(int number)
{
    caught = number;
}

TEST(sent_signals_go_to_the_previous_handler)
{
    struct sigaction action = {.sa_handler = on_plain};

    sigaction(SIGBUS, &action, NULL);
    REQUIRE(cede_report_stack_overflow() == 0);
    raise(SIGBUS);
    CHECK_INT(caught, SIGBUS);
}

static void send_with_default(void *disposition)
{
    struct sigaction action = {.sa_handler =
                                   disposition ? SIG_IGN : SIG_DFL};

    sigaction(SIGSEGV, &action, NULL);
    cede_report_stack_overflow();
    raise(SIGSEGV);
}

TEST(sent_signals_kill_or_not_as_before)
{
    char output[4096];
    int status = harness_fork(send_with_default, NULL, output, sizeof output);

    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    status = harness_fork(send_with_default, "ignored", output, sizeof output);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
