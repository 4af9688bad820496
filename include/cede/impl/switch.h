/*
 * The switch: leaves one stack and goes on on another.
 *
 * A slot holds one suspended context. Exchanging with it saves the context
 * that runs now into the slot and goes on with the one the slot held. One slot
 * per coroutine is enough: while the coroutine is suspended it holds the
 * coroutine, while it runs it holds whoever resumed it. Two words and a third
 * travel along in registers.
 *
 * The inline x86-64 version clobbers every register instead of saving it, so
 * the compiler spills only what is live; rbp and rbx are saved, because a
 * compiler may hold its frame or base pointer in them and then ignores the
 * clobber (clang does, with rbx, in functions with both alloca and aligned
 * locals). It neither pushes nor calls, so the red zone is safe. Upper vector
 * registers must be named where the compiler may use them. It ends in `jmp`: a
 * `ret` after a change of stacks is always mispredicted. Floating-point
 * control words are the thread's, not the coroutine's.
 */
#pragma once
#pragma GCC system_header

#include "cede/impl/platform.h"

CEDE_IMPL_BEGIN

#ifndef __cplusplus

typedef struct cede_impl_slot {
    void *stack_pointer;
    void *program_counter;
    void *frame_pointer; /* rbp, x29 */
    void *base_pointer;  /* rbx, x19 */
} cede_impl_slot;

/* What travels: two registers, whatever they mean to those who meet. */
typedef struct cede_impl_pair {
    uint64_t first;
    uint64_t second;
} cede_impl_pair;

#if CEDE_IMPL_SWITCH_INLINE

#if defined(__AVX512F__)
#define CEDE_IMPL_CLOBBER_AVX512                                               \
    , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23",  \
        "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30",         \
        "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define CEDE_IMPL_CLOBBER_AVX512
#endif

/* Where indirect branches are tracked, the place we come back to says so. */
#if defined(__CET__) && (__CET__ & 1)
#define CEDE_IMPL_LANDING "endbr64\n\t"
#else
#define CEDE_IMPL_LANDING ""
#endif

CEDE_IMPL_INLINE cede_impl_pair cede_impl_exchange(cede_impl_slot *slot,
                                                   cede_impl_pair pair,
                                                   uintptr_t *word)
{
    uintptr_t message = *word;

    __asm__ volatile("movq (%%rdi), %%rcx\n\t"
                     "movq 8(%%rdi), %%r8\n\t"
                     "movq 16(%%rdi), %%r9\n\t"
                     "movq 24(%%rdi), %%r10\n\t"
                     "leaq 1f(%%rip), %%r11\n\t"
                     "movq %%rsp, (%%rdi)\n\t"
                     "movq %%r11, 8(%%rdi)\n\t"
                     "movq %%rbp, 16(%%rdi)\n\t"
                     "movq %%rbx, 24(%%rdi)\n\t"
                     "movq %%rcx, %%rsp\n\t"
                     "movq %%r9, %%rbp\n\t"
                     "movq %%r10, %%rbx\n\t"
                     "jmp *%%r8\n"
                     "1:\n\t" CEDE_IMPL_LANDING
                     : "+D"(slot), "+a"(pair.first), "+d"(pair.second),
                       "+S"(message)
                     :
                     : "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3",
                       "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                       "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st",
                       "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",
                       "st(7)" CEDE_IMPL_CLOBBER_AVX512);
    *word = message;
    return pair;
}

#endif

#endif /* !__cplusplus */

CEDE_IMPL_END
