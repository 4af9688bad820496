/*
 * test_guard.c - what runs off a stack does not get far, in three ways
 */
#include "harness/harness.h"

#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fault.h"
#include "stack/guard.h"
#include "stack/memory.h"
#include "stack/options.h"
#include "stack/run.h"
#include "stack/stack.h"

static bool kernel_has_guards(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
    bool has = madvise(page, size, 102) == 0 && madvise(page, size, 22) < 0;

    munmap(page, size);
    return has;
}

/* The stack is of that kind, or the test ends here. */
static cede__stack *acquire_guarded(cede_stack_guard wanted)
{
    cede__stack *stack;

    cede_stack_set_guard(wanted);
    stack = cede__stack_acquire();
    if (!CHECK(stack != NULL) || !CHECK_INT(stack->guard, wanted))
        return NULL;
    return stack;
}

static void overflow(void *wanted)
{
    cede__stack *stack = acquire_guarded(*(cede_stack_guard *)wanted);

    if (stack == NULL)
        return;
    run_on(stack, stack->low - 4096);
    cede__stack_release(stack);
}

static void overflow_in_child(cede_stack_guard wanted, int number)
{
    char output[4096];
    int status = harness_fork(overflow, &wanted, output, sizeof output);

    if (!CHECK(run_died_of(status, number)))
        fputs(output, stderr);
}

TEST(overflow_meets_a_guard_region)
{
    if (!RUN_AVAILABLE || !kernel_has_guards())
        SKIP("no guard regions");
    overflow_in_child(CEDE_STACK_GUARD_MADVISE, SIGSEGV);
}

TEST(overflow_meets_a_protected_page)
{
    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    overflow_in_child(CEDE_STACK_GUARD_MPROTECT, SIGSEGV);
}

static const char *name_of(const void *owner)
{
    return owner;
}

static void overflow_canary(void *unused)
{
    cede__stack *stack = acquire_guarded(CEDE_STACK_GUARD_CANARY);

    (void)unused;
    if (stack == NULL)
        return;
    CHECK(cede__guard_intact(stack));
    cede__stack_owner_name = name_of;
    stack->owner = (void *)"deep diver";
    /* Not past the guard, where the neighbour lies. */
    run_on(stack, stack->low - 4096);
    CHECK(!cede__guard_intact(stack));
    cede__stack_release(stack);
}

TEST(overflow_kills_a_canary)
{
    char output[4096];
    int status;

    if (!RUN_AVAILABLE)
        SKIP("no ucontext");
    status = harness_fork(overflow_canary, NULL, output, sizeof output);
    CHECK(run_died_of(status, SIGABRT));
    CHECK_CONTAINS(output, "stack overflow in coroutine \"deep diver\"");
    CHECK_CONTAINS(output, "canary");
    CHECK_CONTAINS(output, "cede_stack_set_size");
}

/* Each byte of the guard, not only its end; each stack of a batch. */
TEST(every_guard_is_whole)
{
    cede_stack_guard kinds[] = {CEDE_STACK_GUARD_MADVISE,
                                CEDE_STACK_GUARD_MPROTECT};
    cede__stack *stacks[100];
    int fds[2];

    REQUIRE(pipe(fds) == 0);
    cede_stack_set_guard(kernel_has_guards() ? kinds[0] : kinds[1]);
    for (int i = 0; i < 100; i++) {
        stacks[i] = cede__stack_acquire();
        if (!CHECK(stacks[i] != NULL) ||
            stacks[i]->guard == CEDE_STACK_GUARD_CANARY)
            continue;
        /* The kernel refuses to read from guards, and from no other byte. */
        for (size_t at = 1; at <= cede__guard_size(); at += 4096)
            CHECK(write(fds[1], stacks[i]->low - at, 1) < 0);
        CHECK(write(fds[1], stacks[i]->low - cede__guard_size(), 1) < 0);
        CHECK_INT(write(fds[1], stacks[i]->low, 1), 1);
        CHECK_INT(write(fds[1], stacks[i]->high - 1, 1), 1);
    }
    for (int i = 0; i < 100; i++)
        if (stacks[i] != NULL)
            cede__stack_release(stacks[i]);
    close(fds[0]);
    close(fds[1]);
}

TEST(guards_survive_trimming)
{
    cede__stack *stacks[100];
    int fds[2];

    REQUIRE(pipe(fds) == 0);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 100; i++)
            REQUIRE((stacks[i] = cede__stack_acquire()) != NULL);
        for (int i = 0; i < 100; i++)
            if (stacks[i]->guard != CEDE_STACK_GUARD_CANARY)
                CHECK(write(fds[1], stacks[i]->low - 1, 1) < 0);
        /* One of them stays, so that its slab does. */
        for (int i = 99; i > 0; i--)
            cede__stack_release(stacks[i]);
        cede__stack_trim();
        if (stacks[0]->guard != CEDE_STACK_GUARD_CANARY)
            CHECK(write(fds[1], stacks[0]->low - 1, 1) < 0);
        cede__stack_release(stacks[0]);
    }
    close(fds[0]);
    close(fds[1]);
}

TEST(automatic_choice_takes_the_best)
{
    cede__stack *stack = cede__stack_acquire();
    cede_stack_counts counts = cede_stack_statistics();

    REQUIRE(stack != NULL);
    if (kernel_has_guards()) {
        CHECK_INT(stack->guard, CEDE_STACK_GUARD_MADVISE);
        CHECK_INT(counts.guarded_by_madvise, counts.live + counts.idle);
    } else {
        CHECK_INT(stack->guard, CEDE_STACK_GUARD_MPROTECT);
        CHECK_INT(counts.guarded_by_mprotect, counts.live + counts.idle);
    }
    cede__stack_release(stack);
}

/* --- the budget of mprotect --- */

static void exhaust_budget(void *unused)
{
    cede__stack *stacks[48];
    cede_stack_counts counts;

    (void)unused;
    cede_stack_set_guard(CEDE_STACK_GUARD_MPROTECT);
    cede__stack_options_set_map_budget(2 * 20 + 1);
    for (int i = 0; i < 48; i++)
        stacks[i] = cede__stack_acquire();
    counts = cede_stack_statistics();
    CHECK_INT(counts.guarded_by_mprotect, 20);
    CHECK_INT(counts.guarded_by_canary, counts.live + counts.idle - 20);
    CHECK_INT(counts.live, 48);
    for (int i = 0; i < 48; i++)
        CHECK_INT(stacks[i]->guard, i < 20 ? CEDE_STACK_GUARD_MPROTECT
                                           : CEDE_STACK_GUARD_CANARY);
    for (int i = 0; i < 48; i++)
        cede__stack_release(stacks[i]);
}

static int occurrences(const char *text, const char *part)
{
    int count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

TEST(stacks_beyond_the_budget_get_canaries_and_one_warning,
     .torture = false)
{
    char output[4096];

    harness_capture(exhaust_budget, NULL, output, sizeof output);
    CHECK_INT(occurrences(output, "stacks have no guard pages"), 1);
    CHECK_CONTAINS(output, "cede: 12 stacks have no guard pages");
}

TEST(unmapping_gives_the_budget_back, .torture = false)
{
    cede_stack_set_guard(CEDE_STACK_GUARD_MPROTECT);
    cede__stack_options_set_map_budget(2 * 16);
    for (int round = 0; round < 3; round++) {
        cede__stack *stack = cede__stack_acquire();

        REQUIRE(stack != NULL);
        CHECK_INT(stack->guard, CEDE_STACK_GUARD_MPROTECT);
        cede__stack_release(stack);
        cede__stack_pool_destroy();
        cede__stack_trim();
        CHECK_INT(cede_stack_statistics().guarded_by_mprotect, 0);
    }
}

static void take_canaries(void *unused)
{
    cede__stack *stack = acquire_guarded(CEDE_STACK_GUARD_CANARY);

    (void)unused;
    if (stack != NULL)
        cede__stack_release(stack);
}

TEST(canaries_asked_for_are_no_news)
{
    char output[4096];

    harness_capture(take_canaries, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

/* A refusal while guarding makes canaries, not failures. */
static void take_without_guards(void *unused)
{
    cede__stack *stack;

    (void)unused;
    unsetenv("CEDE_DEBUG"); /* a report needs system calls too */
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 2, LONG_MAX);
    stack = cede__stack_acquire();
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    REQUIRE(stack != NULL);
    CHECK_INT(stack->guard, CEDE_STACK_GUARD_CANARY);
    cede__stack_release(stack);
}

TEST(refused_guards_leave_canaries, .torture = false)
{
    char output[4096];

    harness_capture(take_without_guards, NULL, output, sizeof output);
}

/* Whatever the frames left behind: only the guard is looked at. */
TEST(canary_ignores_the_stack_itself)
{
    cede__stack *stack = acquire_guarded(CEDE_STACK_GUARD_CANARY);

    REQUIRE(stack != NULL);
    memset(stack->low, 0x5a, (size_t)(stack->high - stack->low));
    CHECK(cede__guard_intact(stack));
    stack->low[-1] = 1;
    CHECK(!cede__guard_intact(stack));
    stack->low[-1] = 0;
    stack->low[-1024] = 1;
    CHECK(!cede__guard_intact(stack));
    stack->low[-1024] = 0;
    cede__stack_release(stack);
}

/* Checking reads pages that were never written: they cost no memory. */
TEST(canary_touches_no_memory)
{
    enum { COUNT = 3000 };
    static cede__stack *stacks[COUNT];
    size_t before;

    if (CEDE_IMPL_ASAN || CEDE_IMPL_TSAN)
        SKIP("sanitizers keep a shadow of what is read");
    cede_stack_set_guard(CEDE_STACK_GUARD_CANARY);
    for (int i = 0; i < COUNT; i++)
        REQUIRE((stacks[i] = cede__stack_acquire()) != NULL);
    before = resident_pages();
    for (int i = 0; i < COUNT; i++)
        CHECK(cede__guard_intact(stacks[i]));
    CHECK(resident_pages() < before + COUNT / 2);
    for (int i = 0; i < COUNT; i++)
        cede__stack_release(stacks[i]);
}
