/*
 * The portable switch.
 *
 * ucontext is for CPUs without a switch of their own: two system calls a
 * switch (it saves the signal mask), some hundred times slower. A suspended
 * context is then a ucontext_t on its own stack and the slot its address; what
 * travels goes through a thread-local, because the two ends of a switch may
 * name different slots (delegation moves contexts between them).
 */
#include "arch/switch.h"

#ifdef CEDE_SWITCH_UCONTEXT

#include <ucontext.h>

static __thread struct {
    cede_impl_pair pair;
    uintptr_t word;
} message;

cede_impl_pair cede__switch(cede_impl_slot *slot, cede_impl_pair pair,
                            uintptr_t *word)
{
    ucontext_t here;
    ucontext_t *there = slot->stack_pointer;

    slot->stack_pointer = &here;
    message.pair = pair;
    message.word = *word;
    swapcontext(&here, there);
    *word = message.word;
    return message.pair;
}

void cede__switch_entry(void)
{
    cede__coroutine_main(message.word);
}

void cede__switch_prepare(cede_impl_slot *slot, char *top, char *low)
{
    ucontext_t *context = (ucontext_t *)(top - (sizeof *context + 63) / 64 * 64);

    getcontext(context);
    context->uc_stack.ss_sp = low;
    context->uc_stack.ss_size = (size_t)((char *)context - low);
    context->uc_link = NULL;
    makecontext(context, cede__switch_entry, 0);
    slot->stack_pointer = context;
}

#endif
