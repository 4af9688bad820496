/*
 * The called switch, and where a new coroutine begins; AAPCS64.
 *
 * A suspended context is {sp, pc, x29, x19}, the slot of
 * include/cede/impl/switch.h. Control arrives at its pc with
 *     x0 the slot, x1:x2 the pair, x3 the word
 * whichever version suspended it and whichever resumes it. Of the vector
 * registers a function preserves the low halves of eight.
 */
#if defined(__aarch64__)
#include "arch/protect_aarch64.h"
#endif

#if defined(__aarch64__) && !defined(CEDE_SWITCH_UCONTEXT)
    .text

/*
 * cede_impl_pair cede__switch(slot, pair, uintptr_t *word)
 *                             x0    x1:x2 x3
 * On the stack while suspended: word, x30, x20 to x28, a gap, d8 to d15. It
 * ends in `ret`, because a landing pad for calls is all that may be behind
 * the call.
 */
    .globl cede__switch
    .hidden cede__switch
    .type cede__switch, %function
    .p2align 4
cede__switch:
    .cfi_startproc
    CALLED
    SIGN_RETURN
    stp x3, x30, [sp, #-160]!
    .cfi_def_cfa_offset 160
    .cfi_offset x30, -152
    stp x20, x21, [sp, #16]
    .cfi_offset x20, -144
    .cfi_offset x21, -136
    stp x22, x23, [sp, #32]
    .cfi_offset x22, -128
    .cfi_offset x23, -120
    stp x24, x25, [sp, #48]
    .cfi_offset x24, -112
    .cfi_offset x25, -104
    stp x26, x27, [sp, #64]
    .cfi_offset x26, -96
    .cfi_offset x27, -88
    str x28, [sp, #80]
    .cfi_offset x28, -80
    stp d8, d9, [sp, #96]
    .cfi_offset d8, -64
    .cfi_offset d9, -56
    stp d10, d11, [sp, #112]
    .cfi_offset d10, -48
    .cfi_offset d11, -40
    stp d12, d13, [sp, #128]
    .cfi_offset d12, -32
    .cfi_offset d13, -24
    stp d14, d15, [sp, #144]
    .cfi_offset d14, -16
    .cfi_offset d15, -8
    ldr x3, [x3]
    ldp x4, x17, [x0]
    ldp x5, x6, [x0, #16]
    mov x7, sp
    adr x8, 1f
    stp x7, x8, [x0]
    stp x29, x19, [x0, #16]
    mov sp, x4
    mov x29, x5
    mov x19, x6
    br x17
1:  JUMPED_TO
    mov x0, x1
    mov x1, x2
    ldp x20, x21, [sp, #16]
    .cfi_restore x20
    .cfi_restore x21
    ldp x22, x23, [sp, #32]
    .cfi_restore x22
    .cfi_restore x23
    ldp x24, x25, [sp, #48]
    .cfi_restore x24
    .cfi_restore x25
    ldp x26, x27, [sp, #64]
    .cfi_restore x26
    .cfi_restore x27
    ldr x28, [sp, #80]
    .cfi_restore x28
    ldp d8, d9, [sp, #96]
    .cfi_restore d8
    .cfi_restore d9
    ldp d10, d11, [sp, #112]
    .cfi_restore d10
    .cfi_restore d11
    ldp d12, d13, [sp, #128]
    .cfi_restore d12
    .cfi_restore d13
    ldp d14, d15, [sp, #144]
    .cfi_restore d14
    .cfi_restore d15
    ldp x4, x30, [sp], #160
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    str x3, [x4]
    CHECK_RETURN
    ret
    .cfi_endproc
    .size cede__switch, . - cede__switch

/*
 * The first pc of a coroutine: sp is the top of its stack, 16-aligned.
 * Backtraces end here, those that follow x29 too.
 */
    .globl cede__switch_entry
    .hidden cede__switch_entry
    .type cede__switch_entry, %function
    .p2align 4
cede__switch_entry:
    .cfi_startproc
    .cfi_undefined x30
    JUMPED_TO
    mov x29, xzr
    mov x30, xzr
    mov x0, x3
    bl cede__coroutine_main         /* (word); never returns */
    brk #1
    .cfi_endproc
    .size cede__switch_entry, . - cede__switch_entry

#endif

#if defined(__aarch64__)
    .text

/*
 * int cede__switch_under(slot, function, buffer, count)
 *                        x0    x1        x2      w3
 * The escapes, in DWARF 5 (6.4.2): the caller's frame begins where *(x19 + 0)
 * says, and its pc, x29 and x19 stand at x19 + 8, + 16 and + 24; what a slot
 * holds is not signed.
 */
    .globl cede__switch_under
    .hidden cede__switch_under
    .type cede__switch_under, %function
    .p2align 4
cede__switch_under:
    .cfi_startproc
    CALLED
    SIGN_RETURN
    stp x30, x19, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x30, -16
    .cfi_offset x19, -8
    mov x19, x0
    .cfi_remember_state
    .cfi_escape 0x0f, 3, 0x83, 0, 0x06
    .cfi_escape 0x10, 30, 2, 0x83, 8
    .cfi_escape 0x10, 29, 2, 0x83, 16
    .cfi_escape 0x10, 19, 2, 0x83, 24
#ifdef __ARM_FEATURE_PAC_DEFAULT
    .cfi_negate_ra_state
#endif
    mov x9, x1
    mov x0, x2
    mov w1, w3
    blr x9
    .cfi_restore_state
    ldp x30, x19, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    .cfi_restore x19
    CHECK_RETURN
    ret
    .cfi_endproc
    .size cede__switch_under, . - cede__switch_under

#endif

    .section .note.GNU-stack,"",%progbits
