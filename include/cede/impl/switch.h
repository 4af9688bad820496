/*
 * The switch: leaves one stack and goes on on another.
 *
 * A slot holds one suspended context. Exchanging with it saves the context
 * that runs now into the slot and goes on with the one the slot held. One slot
 * per coroutine is enough: while the coroutine is suspended it holds the
 * coroutine, while it runs it holds whoever resumed it. Two words and a third
 * travel along in registers.
 *
 * The inline versions clobber every register instead of saving it, so the
 * compiler spills only what is live; rbp and rbx (x29 and x19) are saved,
 * because a compiler may hold its frame or base pointer in them and then
 * ignores the clobber (clang does, with rbx, in functions with both alloca and
 * aligned locals). They neither push nor call, so the red zone is safe. Upper
 * vector registers and masks must be named where the compiler may use them.
 * They end in a plain jump: a return after a change of stacks is always
 * mispredicted. Floating-point control words are the thread's, not the
 * coroutine's.
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

#if CEDE_IMPL_SWITCH_INLINE && defined(__x86_64__)

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

#if CEDE_IMPL_SWITCH_INLINE && defined(__aarch64__)

#define CEDE_IMPL_CLOBBER_PREDICATES                                           \
    , "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10",       \
        "p11", "p12", "p13", "p14", "p15"
/* The first-fault register has no name in clang, which keeps nothing in it. */
#if defined(__ARM_FEATURE_SVE) && defined(__clang__)
#define CEDE_IMPL_CLOBBER_SVE CEDE_IMPL_CLOBBER_PREDICATES
#elif defined(__ARM_FEATURE_SVE)
#define CEDE_IMPL_CLOBBER_SVE CEDE_IMPL_CLOBBER_PREDICATES, "ffr"
#else
#define CEDE_IMPL_CLOBBER_SVE
#endif

/* Where indirect branches are tracked, the place we come back to says so:
   `bti j`, by the number that every assembler takes. */
#ifdef __ARM_FEATURE_BTI_DEFAULT
#define CEDE_IMPL_LANDING "hint #36\n\t"
#else
#define CEDE_IMPL_LANDING ""
#endif

/*
 * x18 is left as it is, but Linux gives it to compilers as one more temporary,
 * and they keep a value there if it is the last register not clobbered. The
 * branch is by x17, which may enter what `bti c` and what `bti j` marks.
 */
CEDE_IMPL_INLINE cede_impl_pair cede_impl_exchange(cede_impl_slot *slot,
                                                   cede_impl_pair pair,
                                                   uintptr_t *word)
{
    uintptr_t sent = *word;
    register cede_impl_slot *place __asm__("x0") = slot;
    register uint64_t first __asm__("x1") = pair.first;
    register uint64_t second __asm__("x2") = pair.second;
    register uintptr_t message __asm__("x3") = sent;

    __asm__ volatile("ldp x4, x17, [x0]\n\t"
                     "ldp x5, x6, [x0, #16]\n\t"
                     "mov x7, sp\n\t"
                     "adr x8, 1f\n\t"
                     "stp x7, x8, [x0]\n\t"
                     "stp x29, x19, [x0, #16]\n\t"
                     "mov sp, x4\n\t"
                     "mov x29, x5\n\t"
                     "mov x19, x6\n\t"
                     "br x17\n"
                     "1:\n\t" CEDE_IMPL_LANDING
                     : "+r"(place), "+r"(first), "+r"(second), "+r"(message)
                     :
                     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                       "x13", "x14", "x15", "x16", "x17", "x18", "x20", "x21",
                       "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30",
                       "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6",
                       "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",
                       "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",
                       "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30",
                       "v31" CEDE_IMPL_CLOBBER_SVE);
    *word = message;
    pair.first = first;
    pair.second = second;
    return pair;
}

#endif

#endif /* !__cplusplus */

CEDE_IMPL_END
