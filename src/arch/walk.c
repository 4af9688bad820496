/*
 * walk.c - following frames (see walk.h)
 *
 * An unwinder follows frames from the one that calls it. For a suspended
 * context it is called by cede__switch_under, whose own tables say that it was
 * called by that context: the rest is the unwinder's daily work.
 */
#include "arch/walk.h"

#include <features.h>
#include <string.h>

#ifdef __GLIBC__
#include <execinfo.h>
#endif
#ifdef CEDE_SWITCH_UCONTEXT
#include <ucontext.h>
#endif

#include "arch/switch.h"

/* --- what a slot holds --- */

#if defined(CEDE_SWITCH_UCONTEXT) && defined(__x86_64__)

static cede_impl_slot registers_of(const cede_impl_slot *slot)
{
    const ucontext_t *context = slot->stack_pointer;
    const greg_t *registers = context->uc_mcontext.gregs;

    return (cede_impl_slot){
        .stack_pointer = (void *)registers[REG_RSP],
        .program_counter = (void *)registers[REG_RIP],
        .frame_pointer = (void *)registers[REG_RBP],
        .base_pointer = (void *)registers[REG_RBX],
    };
}

#elif defined(CEDE_SWITCH_UCONTEXT) && defined(__aarch64__)

static cede_impl_slot registers_of(const cede_impl_slot *slot)
{
    const ucontext_t *context = slot->stack_pointer;
    const mcontext_t *registers = &context->uc_mcontext;

    return (cede_impl_slot){
        .stack_pointer = (void *)registers->sp,
        .program_counter = (void *)registers->pc,
        .frame_pointer = (void *)registers->regs[29],
        .base_pointer = (void *)registers->regs[19],
    };
}

#else

static cede_impl_slot registers_of(const cede_impl_slot *slot)
{
    return *slot;
}

#endif

static bool is_within(const void *address, const char *low, const char *high)
{
    return (const char *)address >= low && (const char *)address < high;
}

/* --- the end of the way --- */

/* Where a coroutine begins, what that calls, and with ucontext what called
   that. */
static size_t without_beginning(void *const *frames, size_t count)
{
    enum { ENTRY_SIZE = 64, MOST_AROUND = 4 };
    const char *entry = (const char *)cede__switch_entry;

    for (size_t i = 1; i <= MOST_AROUND && i < count; i++)
        if (is_within(frames[count - i], entry, entry + ENTRY_SIZE))
            return count - i - 1;
    return count;
}

/* --- following --- */

#ifdef __GLIBC__

/* The innermost is this function's caller, and so of no interest. */
static size_t follow(const cede_impl_slot *slot, const char *low,
                     const char *high, void **ret_frames, size_t limit)
{
    void *frames[CEDE__WALK_MOST + 1];
    int count = cede__switch_under(slot, backtrace, frames,
                                   (int)(limit < CEDE__WALK_MOST
                                             ? limit + 1
                                             : CEDE__WALK_MOST + 1));

    (void)low;
    (void)high;
    if (count <= 1)
        return 0;
    memcpy(ret_frames, frames + 1, (size_t)(count - 1) * sizeof *frames);
    return (size_t)count - 1;
}

#else

/* A frame pointer leads to the caller's and to where the call returns. */
static size_t follow(const cede_impl_slot *slot, const char *low,
                     const char *high, void **ret_frames, size_t limit)
{
    void *const *frame = slot->frame_pointer;
    size_t count = 0;

    if (limit > 0)
        ret_frames[count++] = slot->program_counter;
    while (count < limit && is_within(frame, low, high - 2 * sizeof *frame) &&
           (uintptr_t)frame % sizeof *frame == 0 && frame[1] != NULL) {
        ret_frames[count++] = frame[1];
        if ((const char *)frame[0] <= (const char *)frame)
            break;
        frame = frame[0];
    }
    return count;
}

#endif

size_t cede__walk_suspended(const cede_impl_slot *slot, const char *low,
                            const char *high, void **ret_frames, size_t limit)
{
    cede_impl_slot registers;

    if (limit > CEDE__WALK_MOST)
        limit = CEDE__WALK_MOST;
    if (slot->stack_pointer == NULL ||
        !is_within(slot->stack_pointer, low, high))
        return 0;
    registers = registers_of(slot);
    if (!is_within(registers.stack_pointer, low, high))
        return 0;
    return without_beginning(
        ret_frames, follow(&registers, low, high, ret_frames, limit));
}

size_t cede__walk_here(void **ret_frames, size_t limit)
{
#ifdef __GLIBC__
    void *frames[CEDE__WALK_MOST + 1];
    int count = backtrace(frames, (int)(limit < CEDE__WALK_MOST
                                            ? limit + 1
                                            : CEDE__WALK_MOST + 1));

    if (count <= 1)
        return 0;
    memcpy(ret_frames, frames + 1, (size_t)(count - 1) * sizeof *frames);
    return without_beginning(ret_frames, (size_t)count - 1);
#else
    if (limit == 0)
        return 0;
    ret_frames[0] = __builtin_return_address(0);
    return 1;
#endif
}
