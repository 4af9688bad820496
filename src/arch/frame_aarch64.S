/*
 * Entering a try statement, and jumping back into it; AAPCS64.
 *
 * registers[] of a frame, 21 words at its start:
 *     0 x19 to x28   80 x29   88 pc   96 d8 to d15   160 sp
 *
 * cede_impl_enter fills them and returns 0; later jumps make the same call
 * return again with another phase. cede_impl_leave_frame is the cleanup of a
 * frame that its own function leaves early: if a finally clause is due it
 * exchanges registers[] with the place it was called from and enters the
 * function again; cede__frame_back returns to where the function was leaving.
 *
 * Jumps are `ret`: compilers put no landing pad for jumps behind a call (gcc
 * does behind cede_impl_enter, not behind the cleanup), and calls and returns
 * stay in pairs for the processor: leave_frame returns into the clause, and
 * frame_back, called from the clause, returns to where leave_frame was called.
 * Guarded control stacks (GCS) are not supported; nothing here claims that
 * they are.
 */
#if defined(__aarch64__)
#include "arch/protect_aarch64.h"

    .text

    .globl cede_impl_enter
    .type cede_impl_enter, %function
    .p2align 4
cede_impl_enter:
    .cfi_startproc
    CALLED
    stp x19, x20, [x0]
    stp x21, x22, [x0, #16]
    stp x23, x24, [x0, #32]
    stp x25, x26, [x0, #48]
    stp x27, x28, [x0, #64]
    stp x29, x30, [x0, #80]
    stp d8, d9, [x0, #96]
    stp d10, d11, [x0, #112]
    stp d12, d13, [x0, #128]
    stp d14, d15, [x0, #144]
    mov x9, sp
    str x9, [x0, #160]
    mov w0, wzr
    ret
    .cfi_endproc
    .size cede_impl_enter, . - cede_impl_enter

/* Takes all of registers[] but sp, which goes to x9, and pc, to x10. */
    .macro load_registers frame
    ldp x19, x20, [\frame]
    ldp x21, x22, [\frame, #16]
    ldp x23, x24, [\frame, #32]
    ldp x25, x26, [\frame, #48]
    ldp x27, x28, [\frame, #64]
    ldp x29, x10, [\frame, #80]
    ldp d8, d9, [\frame, #96]
    ldp d10, d11, [\frame, #112]
    ldp d12, d13, [\frame, #128]
    ldp d14, d15, [\frame, #144]
    ldr x9, [\frame, #160]
    .endm

/* void cede__frame_jump(frame, phase): never returns here. */
    .globl cede__frame_jump
    .hidden cede__frame_jump
    .type cede__frame_jump, %function
    .p2align 4
cede__frame_jump:
    .cfi_startproc
    CALLED
    load_registers x0
    mov w0, w1
    mov sp, x9
    .cfi_register x30, x10
    ret x10
    .cfi_endproc
    .size cede__frame_jump, . - cede__frame_jump

/* void cede__frame_back(frame): never returns here. */
    .globl cede__frame_back
    .hidden cede__frame_back
    .type cede__frame_back, %function
    .p2align 4
cede__frame_back:
    .cfi_startproc
    CALLED
    load_registers x0
    mov sp, x9
    .cfi_register x30, x10
    ret x10
    .cfi_endproc
    .size cede__frame_back, . - cede__frame_back

/* Two words of registers[] and the registers they are of change places. */
    .macro exchange first, second, offset
    ldp x11, x12, [x1, #\offset]
    stp \first, \second, [x1, #\offset]
    mov \first, x11
    mov \second, x12
    .endm
    .macro exchange_d first, second, offset
    ldp d0, d1, [x1, #\offset]
    stp \first, \second, [x1, #\offset]
    fmov \first, d0
    fmov \second, d1
    .endm

/* void cede_impl_leave_frame(frame) */
    .globl cede_impl_leave_frame
    .type cede_impl_leave_frame, %function
    .p2align 4
cede_impl_leave_frame:
    .cfi_startproc
    CALLED
    SIGN_RETURN
    stp x0, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x30, -8
    bl cede__frame_left             /* w0: the phase to run; 1 is none */
    ldp x1, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    CHECK_RETURN
    cmp w0, #1
    b.ne 1f
    ret
1:  ldr x10, [x1, #88]              /* where enter was called: pc, sp */
    ldr x9, [x1, #160]
    exchange x19, x20, 0
    exchange x21, x22, 16
    exchange x23, x24, 32
    exchange x25, x26, 48
    exchange x27, x28, 64
    ldr x11, [x1, #80]
    stp x29, x30, [x1, #80]         /* where we were called */
    mov x29, x11
    exchange_d d8, d9, 96
    exchange_d d10, d11, 112
    exchange_d d12, d13, 128
    exchange_d d14, d15, 144
    mov x11, sp
    str x11, [x1, #160]
    cmp x11, x9                     /* the function may have grown since */
    csel x11, x11, x9, lo           /* (alloca, a VLA): keep what is lower */
    mov sp, x11
    .cfi_register x30, x10
    ret x10
    .cfi_endproc
    .size cede_impl_leave_frame, . - cede_impl_leave_frame

#endif

    .section .note.GNU-stack,"",%progbits
