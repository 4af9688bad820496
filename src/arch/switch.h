/*
 * The called switch, and how a fresh stack is made ready for it. Floor 1: it
 * knows contexts and stacks, not coroutines.
 */
#pragma once

#include "cede/impl/switch.h"

/* Exchanges the running context with the slot's; see cede/impl/switch.h. */
cede_impl_pair cede__switch(cede_impl_slot *slot, cede_impl_pair pair,
                            uintptr_t *word);

/* What a new context runs first, with the word it was resumed with; coro/
   defines it. */
void cede__coroutine_main(uintptr_t word) CEDE_IMPL_NORETURN;

/*
 * Calls function(buffer, count) and returns what it returns. While it runs,
 * whoever follows frames finds that it was called by the context of the slot,
 * which must be as the called switch leaves it.
 */
int cede__switch_under(const cede_impl_slot *slot,
                       int (*function)(void **buffer, int count),
                       void **buffer, int count);

/* The first instruction of a context, where backtraces end; not a function for
   C. */
void cede__switch_entry(void);

/*
 * Makes the slot hold a context that begins in cede__coroutine_main on the
 * stack that ends at `top` (64-byte aligned) and begins at `low`.
 */
#ifdef CEDE_SWITCH_UCONTEXT
void cede__switch_prepare(cede_impl_slot *slot, char *top, char *low);
#else
static inline void cede__switch_prepare(cede_impl_slot *slot, char *top,
                                        char *low)
{
    (void)low;
    slot->stack_pointer = top;
    slot->program_counter = (void *)cede__switch_entry;
    slot->frame_pointer = NULL;
    slot->base_pointer = NULL;
}
#endif
