/*
 * run.h - runs on a stack of cede's, and over its end
 *
 * By ucontext, because the switch is another room's. musl has none; there the
 * tests of coroutines must do.
 */
#pragma once

#include "harness/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "stack/stack.h"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define RUN_UNDER_VALGRIND (RUNNING_ON_VALGRIND != 0)
#else
#define RUN_UNDER_VALGRIND 0
#endif

/* Frames of 256 bytes or so, each written to, down to that address. */
__attribute__((noinline, unused)) static void run_down_to(const char *limit)
{
    char frame[256];

    memset(frame, 1, sizeof frame);
    /* The compiler must neither drop the frame nor make a loop of this. */
    __asm__ volatile("" : : "r"(frame) : "memory");
    if ((const char *)frame > limit)
        run_down_to(limit);
    __asm__ volatile("" : : "r"(frame) : "memory");
}

#ifdef __GLIBC__
#define RUN_AVAILABLE 1

static ucontext_t run_back, run_there;
static const char *run_limit;

static void run_body(void)
{
    run_down_to(run_limit);
}

/* Touches all of the stack from its top to `limit`, which may lie below. */
static inline void run_on(cede__stack *stack, const char *limit)
{
    run_limit = limit;
    getcontext(&run_there);
    run_there.uc_stack.ss_sp = stack->low;
    run_there.uc_stack.ss_size = (size_t)(stack->top - stack->low);
    run_there.uc_link = &run_back;
    makecontext(&run_there, run_body, 0);
    swapcontext(&run_back, &run_there);
}
#else
#define RUN_AVAILABLE 0

static inline void run_on(cede__stack *stack, const char *limit)
{
    (void)stack;
    (void)limit;
}
#endif

/* A sanitizer that handles SIGSEGV itself ends the process in its own way. */
static inline bool run_died_of(int status, int number)
{
    if (CEDE_IMPL_ASAN || CEDE_IMPL_TSAN)
        return WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
    return WIFSIGNALED(status) && WTERMSIG(status) == number;
}
