/*
 * The frame of a try statement, against what the compiler may rely on: when
 * cede_impl_enter returns again, every register that functions preserve is as
 * it was at its first return; and when a function that left early goes on
 * leaving, they are as they were when it called cede_impl_leave_frame.
 *
 * In assembly, because a C function saves the registers it is told to change.
 */
#include "value/said.h"

#include "cede/exception.h"

/* Each returns 0 if all registers are as they must be, else the number of the
   place where one is not. They use the frame, which was pushed. A name that
   only assembly knew would be lost on LTO: `next` calls cede_impl_next_slow. */
int frame_jumps(cede_impl_frame *frame, void (*raise)(void));
int frame_leaves(cede_impl_frame *frame, int (*next)(cede_impl_frame *));

/* Registers hold 16 * number + place; a fill_* spoils nothing else. */
#if defined(__x86_64__)

__asm__(".text\n"
        ".macro fill_registers place\n\t"
        "movq $0x10 + \\place, %rbx\n\t"
        "movq $0x20 + \\place, %rbp\n\t"
        ".irp r, 12, 13, 14, 15\n\t"
        "movq $0x10 * \\r + \\place, %r\\r\n\t"
        ".endr\n"
        ".endm\n"
        ".macro check_registers place\n\t"
        "movl $\\place, %eax\n\t"
        "cmpq $0x10 + \\place, %rbx\n\t"
        "jne 9f\n\t"
        "cmpq $0x20 + \\place, %rbp\n\t"
        "jne 9f\n\t"
        ".irp r, 12, 13, 14, 15\n\t"
        "cmpq $0x10 * \\r + \\place, %r\\r\n\t"
        "jne 9f\n\t"
        ".endr\n"
        ".endm\n"
        ".macro begin\n\t"
        ".irp r, bx, bp, 12, 13, 14, 15\n\t"
        "pushq %r\\r\n\t"
        ".endr\n\t"
        "subq $24, %rsp\n\t"
        "movq %rdi, (%rsp)\n\t"
        "movq %rsi, 8(%rsp)\n"
        ".endm\n"
        ".macro end\n\t"
        "xorl %eax, %eax\n"
        "9:\n\t"
        "addq $24, %rsp\n\t"
        ".irp r, 15, 14, 13, 12, bp, bx\n\t"
        "popq %r\\r\n\t"
        ".endr\n\t"
        "ret\n"
        ".endm\n"

        ".globl frame_jumps, frame_leaves\n"
        "frame_jumps:\n\t"
        "begin\n\t"
        "fill_registers 1\n\t"
        "call cede_impl_enter\n\t"
        "testl %eax, %eax\n\t"
        "jne 1f\n\t"
        "check_registers 1\n\t"
        "fill_registers 2\n\t"
        "call *8(%rsp)\n"
        "1:\n\t"
        "check_registers 1\n\t"
        "end\n"

        "frame_leaves:\n\t"
        "begin\n\t"
        "fill_registers 1\n\t"
        "call cede_impl_enter\n\t"
        "testl %eax, %eax\n\t"
        "je 1f\n\t"
        "check_registers 1\n\t" /* the finally clause */
        "fill_registers 3\n\t"
        "movq (%rsp), %rdi\n\t"
        "call *8(%rsp)\n\t"
        "movl $3, %eax\n\t" /* it must not come back */
        "jmp 9f\n"
        "1:\n\t"
        "fill_registers 2\n\t"
        "movq (%rsp), %rdi\n\t"
        "call cede_impl_leave_frame\n\t"
        "check_registers 2\n\t"
        "end\n");

#elif defined(__aarch64__)

__asm__(".text\n"
        ".macro fill_registers place\n\t"
        ".irp r, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29\n\t"
        "mov x\\r, #0x10 * \\r + \\place\n\t"
        ".endr\n\t"
        ".irp r, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "mov x9, #0x10 * \\r + \\place\n\t"
        "fmov d\\r, x9\n\t"
        ".endr\n"
        ".endm\n"
        ".macro check_registers place\n\t"
        "mov w0, #\\place\n\t"
        ".irp r, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29\n\t"
        "cmp x\\r, #0x10 * \\r + \\place\n\t"
        "b.ne 9f\n\t"
        ".endr\n\t"
        ".irp r, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "fmov x9, d\\r\n\t"
        "cmp x9, #0x10 * \\r + \\place\n\t"
        "b.ne 9f\n\t"
        ".endr\n"
        ".endm\n"
        ".macro begin\n\t"
        "stp x29, x30, [sp, #-176]!\n\t"
        "stp x19, x20, [sp, #16]\n\t"
        "stp x21, x22, [sp, #32]\n\t"
        "stp x23, x24, [sp, #48]\n\t"
        "stp x25, x26, [sp, #64]\n\t"
        "stp x27, x28, [sp, #80]\n\t"
        "stp d8, d9, [sp, #96]\n\t"
        "stp d10, d11, [sp, #112]\n\t"
        "stp d12, d13, [sp, #128]\n\t"
        "stp d14, d15, [sp, #144]\n\t"
        "stp x0, x1, [sp, #160]\n"
        ".endm\n"
        ".macro end\n\t"
        "mov w0, wzr\n"
        "9:\n\t"
        "ldp x19, x20, [sp, #16]\n\t"
        "ldp x21, x22, [sp, #32]\n\t"
        "ldp x23, x24, [sp, #48]\n\t"
        "ldp x25, x26, [sp, #64]\n\t"
        "ldp x27, x28, [sp, #80]\n\t"
        "ldp d8, d9, [sp, #96]\n\t"
        "ldp d10, d11, [sp, #112]\n\t"
        "ldp d12, d13, [sp, #128]\n\t"
        "ldp d14, d15, [sp, #144]\n\t"
        "ldp x29, x30, [sp], #176\n\t"
        "ret\n"
        ".endm\n"

        ".globl frame_jumps, frame_leaves\n"
        "frame_jumps:\n\t"
        "begin\n\t"
        "fill_registers 1\n\t"
        "bl cede_impl_enter\n\t"
        "cbnz w0, 1f\n\t"
        "check_registers 1\n\t"
        "fill_registers 2\n\t"
        "ldr x9, [sp, #168]\n\t"
        "blr x9\n"
        "1:\n\t"
        "check_registers 1\n\t"
        "end\n"

        "frame_leaves:\n\t"
        "begin\n\t"
        "fill_registers 1\n\t"
        "bl cede_impl_enter\n\t"
        "cbz w0, 1f\n\t"
        "check_registers 1\n\t" /* the finally clause */
        "fill_registers 3\n\t"
        "ldr x0, [sp, #160]\n\t"
        "ldr x9, [sp, #168]\n\t"
        "blr x9\n\t"
        "mov w0, #3\n\t" /* it must not come back */
        "b 9f\n"
        "1:\n\t"
        "fill_registers 2\n\t"
        "ldr x0, [sp, #160]\n\t"
        "bl cede_impl_leave_frame\n\t"
        "check_registers 2\n\t"
        "end\n");

#else
#error "this file has no assembly for this CPU"
#endif

static void raise_value(void)
{
    cede_raise(cede_ValueError);
}

/* What the clauses of a statement would do. */
static void drop_exception(cede_impl_frame *frame)
{
    CHECK_INT(frame->record.state, CEDE_IMPL_STATE_HANDLE);
    cede_unref(frame->exception);
    frame->flow->top = frame->record.previous;
}

TEST(a_jump_restores_what_functions_preserve)
{
    cede_impl_frame frame;

    if (CEDE_IMPL_TSAN)
        SKIP("jumps are longjmp's");
    cede_impl_frame_push(&frame, CEDE_IMPL_RECORD_TRY, CEDE_IMPL_HERE);
    CHECK_INT(frame_jumps(&frame, raise_value), 0);
    drop_exception(&frame);
}

static int go_back(cede_impl_frame *frame)
{
    return cede_impl_next_slow(frame, CEDE_IMPL_LAST_FINALLY);
}

TEST(leaving_early_restores_it_twice)
{
    cede_impl_frame frame;

    cede_impl_frame_push(&frame, CEDE_IMPL_RECORD_TRY, CEDE_IMPL_HERE);
    CHECK_INT(frame_leaves(&frame, go_back), 0);
    CHECK_INT(frame.record.state, CEDE_IMPL_STATE_DONE);
}
