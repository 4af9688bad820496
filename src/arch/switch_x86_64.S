/*
 * The called switch, and where a new coroutine begins; System V x86-64.
 *
 * A suspended context is {rsp, rip, rbp, rbx}, the slot of
 * include/cede/impl/switch.h. Control arrives at its rip with
 *     rdi the slot, rax:rdx the pair, rsi the word
 * whichever version suspended it and whichever resumes it.
 */
#if defined(__x86_64__) && !defined(CEDE_SWITCH_UCONTEXT)
    .text

/*
 * cede_impl_pair cede__switch(slot, pair, uintptr_t *word)
 *                             rdi   rsi:rdx rcx
 * On the stack while suspended: word, r15, r14, r13, r12, return address.
 */
    .globl cede__switch
    .hidden cede__switch
    .type cede__switch, @function
    .p2align 4
cede__switch:
    .cfi_startproc
    pushq %r12
    .cfi_adjust_cfa_offset 8
    pushq %r13
    .cfi_adjust_cfa_offset 8
    pushq %r14
    .cfi_adjust_cfa_offset 8
    pushq %r15
    .cfi_adjust_cfa_offset 8
    pushq %rcx
    .cfi_adjust_cfa_offset 8
    movq %rsi, %rax
    movq (%rcx), %rsi
    movq (%rdi), %rcx
    movq 8(%rdi), %r8
    movq 16(%rdi), %r9
    movq 24(%rdi), %r10
    leaq 1f(%rip), %r11
    movq %rsp, (%rdi)
    movq %r11, 8(%rdi)
    movq %rbp, 16(%rdi)
    movq %rbx, 24(%rdi)
    movq %rcx, %rsp
    movq %r9, %rbp
    movq %r10, %rbx
    jmp *%r8
1:  endbr64
    popq %rcx
    .cfi_adjust_cfa_offset -8
    movq %rsi, (%rcx)
    popq %r15
    .cfi_adjust_cfa_offset -8
    popq %r14
    .cfi_adjust_cfa_offset -8
    popq %r13
    .cfi_adjust_cfa_offset -8
    popq %r12
    .cfi_adjust_cfa_offset -8
    popq %rcx                       /* a ret here would be mispredicted */
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rcx
    jmp *%rcx
    .cfi_endproc
    .size cede__switch, . - cede__switch

/*
 * The first rip of a coroutine: rsp is the top of its stack, 16-aligned.
 * Backtraces end here.
 */
    .globl cede__switch_entry
    .hidden cede__switch_entry
    .type cede__switch_entry, @function
    .p2align 4
cede__switch_entry:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    xorl %ebp, %ebp
    movq %rsi, %rdi
    call cede__coroutine_main       /* (word); never returns */
    ud2
    .cfi_endproc
    .size cede__switch_entry, . - cede__switch_entry

#endif

#if defined(__x86_64__)
    .text

/*
 * int cede__switch_under(slot, function, buffer, count)
 *                        rdi   rsi       rdx     ecx
 * The escapes, in DWARF 5 (6.4.2): the caller's frame begins where *(rbx + 0)
 * says, and its rip, rbp and rbx stand at rbx + 8, + 16 and + 24.
 */
    .globl cede__switch_under
    .hidden cede__switch_under
    .type cede__switch_under, @function
    .p2align 4
cede__switch_under:
    .cfi_startproc
    endbr64
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbx, 0
    movq %rdi, %rbx
    .cfi_remember_state
    .cfi_escape 0x0f, 3, 0x73, 0, 0x06
    .cfi_escape 0x10, 16, 2, 0x73, 8
    .cfi_escape 0x10, 6, 2, 0x73, 16
    .cfi_escape 0x10, 3, 2, 0x73, 24
    movq %rsi, %rax
    movq %rdx, %rdi
    movl %ecx, %esi
    call *%rax
    .cfi_restore_state
    popq %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbx
    ret
    .cfi_endproc
    .size cede__switch_under, . - cede__switch_under

#endif

    .section .note.GNU-stack,"",@progbits
