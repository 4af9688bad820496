/*
 * test_options.c - sizes and guards can be chosen until there is a stack
 */
#include "harness/harness.h"

#include <errno.h>
#include <stdlib.h>

#include "stack/options.h"
#include "stack/stack.h"

enum { KIB = 1024 };

static cede__stack *take_one(void)
{
    cede__stack *stack = cede__stack_acquire();

    CHECK(stack != NULL);
    return stack;
}

TEST(default_fits_a_quarter_of_a_mebibyte)
{
    cede__stack *stack = take_one();

    REQUIRE(stack != NULL);
    CHECK_INT(cede_stack_size(), (CEDE_IMPL_ASAN ? 448 : 192) * KIB);
    CHECK(stack->top - stack->low >= (ptrdiff_t)cede_stack_size());
    cede__stack_release(stack);
}

TEST(size_is_what_fits_every_stack)
{
    cede__stack *stacks[40];

    CHECK_INT(cede_stack_set_size(1000 * KIB + 1), 0);
    CHECK_INT(cede_stack_size(), 1000 * KIB + 1);
    for (int i = 0; i < 40; i++) {
        stacks[i] = cede__stack_acquire();
        if (CHECK(stacks[i] != NULL))
            CHECK(stacks[i]->top - stacks[i]->low >= 1000 * KIB + 1);
    }
    for (int i = 0; i < 40; i++)
        if (stacks[i] != NULL)
            cede__stack_release(stacks[i]);
}

TEST(size_has_limits)
{
    CHECK_INT(cede_stack_set_size(0), -EINVAL);
    CHECK_INT(cede_stack_set_size(16 * KIB - 1), -EINVAL);
    CHECK_INT(cede_stack_set_size((size_t)1024 * 1024 * KIB + 1), -EINVAL);
    CHECK_INT(cede_stack_set_size((size_t)-1), -EINVAL);
    CHECK_INT(cede_stack_set_size(16 * KIB), 0);
    CHECK_INT(cede_stack_set_size((size_t)1024 * 1024 * KIB), 0);
}

TEST(guard_must_exist)
{
    CHECK_INT(cede_stack_set_guard((cede_stack_guard)4), -EINVAL);
    CHECK_INT(cede_stack_set_guard((cede_stack_guard)-1), -EINVAL);
    CHECK_INT(cede_stack_set_guard(CEDE_STACK_GUARD_AUTO), 0);
}

TEST(nothing_changes_once_there_is_a_stack)
{
    cede__stack *stack = take_one();
    size_t size = cede_stack_size();

    CHECK_INT(cede_stack_set_size(64 * KIB), -EBUSY);
    CHECK_INT(cede_stack_set_guard(CEDE_STACK_GUARD_CANARY), -EBUSY);
    CHECK_INT(cede_stack_size(), size);
    if (stack != NULL)
        cede__stack_release(stack);
}

TEST(environment_has_the_last_word)
{
    setenv("CEDE_STACK_GUARD", "canary", 1);
    CHECK_INT(cede_stack_set_guard(CEDE_STACK_GUARD_MPROTECT), 0);
    CHECK_INT(cede__stack_options_freeze()->guard, CEDE_STACK_GUARD_CANARY);
}

TEST(environment_with_nonsense_is_ignored)
{
    setenv("CEDE_STACK_GUARD", "tiger", 1);
    CHECK_INT(cede_stack_set_guard(CEDE_STACK_GUARD_MPROTECT), 0);
    CHECK_INT(cede__stack_options_freeze()->guard, CEDE_STACK_GUARD_MPROTECT);
}
