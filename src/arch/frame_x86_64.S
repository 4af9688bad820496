/*
 * Entering a try statement, and jumping back into it; System V x86-64.
 *
 * registers[] of a frame, eight words at its start:
 *     0 rbx   8 r12   16 r13   24 r14   32 r15   40 rbp   48 rip   56 rsp
 *     64 rsp once more where gcc puts a shadow stack's first   72 the phase
 *
 * The words from 40 on are in the order of gcc's __builtin_setjmp, which
 * enters statements in code that gcc compiled: it saves no more, expects no
 * more, and finds the phase at 72. cede_impl_enter serves other compilers, and
 * finds it in eax. Whoever jumps need not know by which a frame was entered.
 *
 * cede_impl_enter fills them and returns 0; later jumps make the same call
 * return again with another phase. cede_impl_leave_frame is the cleanup of a
 * frame that its own function leaves early: if a finally clause is due it
 * exchanges registers[] with the place it was called from and enters the
 * function again; cede__frame_back returns to where the function was leaving.
 *
 * The place that enter returns to is not followed by a matching `ret` when a
 * jump comes, so shadow stacks (CET SHSTK) are not supported; nothing here
 * claims that they are.
 */
#if defined(__x86_64__)
    .text

    .globl cede_impl_enter
    .type cede_impl_enter, @function
    .p2align 4
cede_impl_enter:
    .cfi_startproc
    endbr64
    movq %rbx, (%rdi)
    movq %rbp, 40(%rdi)
    movq %r12, 8(%rdi)
    movq %r13, 16(%rdi)
    movq %r14, 24(%rdi)
    movq %r15, 32(%rdi)
    leaq 8(%rsp), %rdx
    movq (%rsp), %rcx
    movq %rdx, 56(%rdi)
    movq %rcx, 48(%rdi)
    xorl %eax, %eax
    ret
    .cfi_endproc
    .size cede_impl_enter, . - cede_impl_enter

/* void cede__frame_jump(frame, phase): never returns here. */
    .globl cede__frame_jump
    .hidden cede__frame_jump
    .type cede__frame_jump, @function
    .p2align 4
cede__frame_jump:
    .cfi_startproc
    movslq %esi, %rax
    movq %rax, 72(%rdi)
    movq (%rdi), %rbx
    movq 40(%rdi), %rbp
    movq 8(%rdi), %r12
    movq 16(%rdi), %r13
    movq 24(%rdi), %r14
    movq 32(%rdi), %r15
    movq 56(%rdi), %rsp
    jmp *48(%rdi)
    .cfi_endproc
    .size cede__frame_jump, . - cede__frame_jump

/* int cede_impl_mark(void): nobody calls it; see flow.h. */
    .globl cede_impl_mark
    .type cede_impl_mark, @function
cede_impl_mark:
    .cfi_startproc
    endbr64
    xorl %eax, %eax
    ret
    .cfi_endproc
    .size cede_impl_mark, . - cede_impl_mark

/* void cede_impl_leave_frame(frame) */
    .globl cede_impl_leave_frame
    .type cede_impl_leave_frame, @function
    .p2align 4
cede_impl_leave_frame:
    .cfi_startproc
    endbr64
    pushq %rdi
    .cfi_adjust_cfa_offset 8
    call cede__frame_left           /* eax: the phase to run; 1 is none */
    popq %rdi
    .cfi_adjust_cfa_offset -8
    cmpl $1, %eax
    jne 1f
    ret
1:  cltq
    movq %rax, 72(%rdi)
    movq 56(%rdi), %r8              /* where enter was called: rsp, rip */
    movq 48(%rdi), %r9
    popq %rcx                       /* where we were called */
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rcx
    movq %rcx, 48(%rdi)
    movq %rsp, 56(%rdi)
    movq (%rdi), %rcx
    movq %rbx, (%rdi)
    movq %rcx, %rbx
    movq 40(%rdi), %rcx
    movq %rbp, 40(%rdi)
    movq %rcx, %rbp
    movq 8(%rdi), %rcx
    movq %r12, 8(%rdi)
    movq %rcx, %r12
    movq 16(%rdi), %rcx
    movq %r13, 16(%rdi)
    movq %rcx, %r13
    movq 24(%rdi), %rcx
    movq %r14, 24(%rdi)
    movq %rcx, %r14
    movq 32(%rdi), %rcx
    movq %r15, 32(%rdi)
    movq %rcx, %r15
    cmpq %rsp, %r8                  /* the function may have grown since */
    jae 2f                          /* (alloca, a VLA): keep what is lower */
    movq %r8, %rsp
2:  jmp *%r9
    .cfi_endproc
    .size cede_impl_leave_frame, . - cede_impl_leave_frame

/* void cede__frame_back(frame): never returns here. */
    .globl cede__frame_back
    .hidden cede__frame_back
    .type cede__frame_back, @function
    .p2align 4
cede__frame_back:
    .cfi_startproc
    movq (%rdi), %rbx
    movq 40(%rdi), %rbp
    movq 8(%rdi), %r12
    movq 16(%rdi), %r13
    movq 24(%rdi), %r14
    movq 32(%rdi), %r15
    movq 56(%rdi), %rsp
    jmp *48(%rdi)
    .cfi_endproc
    .size cede__frame_back, . - cede__frame_back

#endif

    .section .note.GNU-stack,"",@progbits
