/*
 * What sanitizers want to hear when control changes stacks. Without them every
 * function here is empty. It knows stacks as address ranges; it must not know
 * coroutines.
 *
 * ASan keeps a shadow of each stack: it must know the bounds of the one that
 * runs, and unpoison what an unwinding leaves behind. TSan keeps a call stack
 * and a vector clock per fiber.
 */
#pragma once

#include "cede/impl/platform.h"

#if CEDE_IMPL_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if CEDE_IMPL_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* Laid over cede_impl_coroutine.sanitizer. */
typedef struct cede__notice {
    void *fake_stack;
    const void *bottom;
    size_t size;
    void *fiber;
} cede__notice;

/* An exception or a jump is about to skip frames of this stack. */
static inline void cede__notice_unwind(void)
{
#if CEDE_IMPL_ASAN
    __asan_handle_no_return();
#endif
}

/* The calling function is left, but not by a return: TSan counts them. */
#if CEDE_IMPL_TSAN
void __tsan_func_exit(void *unused);
#endif
static inline __attribute__((always_inline)) void cede__notice_return(void)
{
#if CEDE_IMPL_TSAN
    __tsan_func_exit(NULL);
#endif
}

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN

void cede__notice_leaving(cede__notice *from, cede__notice *to, bool ends);

/*
 * `ends`: the stack left now will not be entered again. Inline, because TSan
 * counts the calls and returns of each fiber: a function that called on one
 * and returned on the other would unbalance both.
 */
static inline __attribute__((always_inline)) void
cede__notice_leave(cede__notice *from, cede__notice *to, bool ends)
{
    cede__notice_leaving(from, to, ends);
#if CEDE_IMPL_TSAN
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
}

/* First thing on the stack that was switched to. */
void cede__notice_arrive(cede__notice *here);
/* A coroutine got this stack; its name shows in TSan's reports. */
void cede__notice_create(cede__notice *notice, const void *low, size_t size,
                         const char *name);
/* Its stack was given back. */
void cede__notice_destroy(cede__notice *notice);

#endif
