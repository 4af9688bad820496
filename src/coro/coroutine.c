/*
 * The life of a coroutine: block, stack, first and last instruction.
 *
 * It knows stacks and switches; it must not know loops or tasks. Invariants:
 * a coroutine has a stack from its first resume until whoever gets control
 * after its end gives the stack back, because the end itself still runs on it.
 */
#include "coro/coroutine.h"

#include "arch/notice.h"
#include "arch/switch.h"
#include "flow/flow.h"
#include "value/exception.h"

#include "cede/generator.h"

#include <string.h>

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
#define NOTICE(coroutine) ((cede__notice *)(coroutine)->sanitizer)
_Static_assert(sizeof(cede__notice) ==
                   sizeof(((cede_impl_coroutine *)0)->sanitizer),
               "the notice lies over the coroutine's words");
#endif

void cede__coroutine_escape(cede_impl_flow *flow, cede_exception *exception)
{
    cede__coroutine_end(CEDE_IMPL_COROUTINE_OF(flow), cede_none, exception);
}

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
void cede__coroutine_notice_start(cede_impl_coroutine *coroutine)
{
    cede__stack *stack = coroutine->stack;

    cede__notice_create(NOTICE(coroutine), stack->low,
                        (size_t)(stack->high - stack->low), coroutine->name);
}

void cede__coroutine_notice_end(cede_impl_coroutine *coroutine)
{
    cede__notice_destroy(NOTICE(coroutine));
}
#endif

void (*cede__coroutine_returned)(cede_impl_coroutine *coroutine,
                                 cede_value value);

void cede__coroutine_main(uintptr_t word)
{
    cede_impl_coroutine *coroutine = CEDE_IMPL_COROUTINE_OF(cede_impl_current);
    cede_value value;

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    cede__notice_arrive(NOTICE(coroutine));
#endif
    if (word)
        cede__throw((cede_exception *)word);
    value = cede_impl_call_function(coroutine->function,
                                    coroutine->argument);
    if (coroutine->kind == CEDE_IMPL_KIND_TASK)
        __atomic_load_n(&cede__coroutine_returned,
                        __ATOMIC_RELAXED)(coroutine, value);
    cede__coroutine_end(coroutine, value, NULL);
}

cede_value cede_impl_transfer_called(cede_impl_slot *slot,
                                     cede_impl_coroutine *from,
                                     cede_impl_coroutine *to, cede_value value,
                                     uintptr_t *word)
{
    cede_impl_pair pair;

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    cede__notice_leave(NOTICE(from), NOTICE(to),
                       from->state == CEDE_IMPL_CLOSED);
#endif
    memcpy(&pair, &value, sizeof pair);
    pair = cede__switch(slot, pair, word);
    memcpy(&value, &pair, sizeof value);
#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    cede__notice_arrive(NOTICE(from));
#endif
    (void)from;
    (void)to;
    return value;
}

bool cede__coroutine_is_generator(const cede_impl_coroutine *coroutine)
{
    return coroutine->kind > CEDE_IMPL_KIND_TASK &&
           coroutine->kind != CEDE_IMPL_KIND_COROUTINE;
}

bool cede__coroutine_is_running(const cede_impl_coroutine *coroutine)
{
    while (coroutine->parent)
        coroutine = coroutine->parent;
    return coroutine->state == CEDE_IMPL_RUNNING;
}

void cede__coroutine_detach(cede_impl_coroutine *coroutine)
{
    cede_impl_coroutine *delegator = coroutine->parent;
    cede_impl_coroutine *root = delegator;

    while (root->parent)
        root = root->parent;
    coroutine->parent = NULL;
    coroutine->state = CEDE_IMPL_SUSPENDED;
    coroutine->leaf = root->leaf;
    coroutine->leaf->root = coroutine;
    root->leaf = delegator;
    delegator->root = root;
}

void cede__chain_close_next(cede_impl_coroutine *root,
                            cede_impl_coroutine *next)
{
    if (next != root) {
        root->closing = next;
        next->yield_flags |= CEDE_IMPL_CLOSING;
        return;
    }
    cede_unref(root->closing_with);
    root->closing_with = NULL;
    root->closing = NULL;
}

cede_exception *cede__exit_new(const cede_impl_flow *flow)
{
    cede_exception *exit = cede__exception_make(cede_GeneratorExit, NULL);

    cede__exception_set_context(exit, cede__handled(flow));
    return exit;
}

/* The GeneratorExit of the next member under close. Each has its own, as if
   each closed the one below it: the root's was there when the close began. */
static cede_exception *exit_for(cede_impl_coroutine *root,
                                cede_impl_coroutine *member)
{
    cede_exception *exit = member == root ? cede_ref(root->closing_with)
                                          : cede__exit_new(root->flow.outer);

    cede__exception_set_context(exit, member->flow.handled);
    return exit;
}

/* The leaf of a chain ends: control goes on in whoever delegates to it. */
static void hand_over(cede_impl_coroutine *ended, cede_value value,
                      cede_exception *exception)
{
    cede_impl_coroutine *root = ended->root;
    cede_impl_coroutine *parent = ended->parent;
    uintptr_t word;

    ended->parent = NULL;
    parent->yield_flags |=
        ended->yield_flags & (CEDE_IMPL_RELEASED | CEDE_IMPL_CLOSING);
    parent->delegate = NULL;
    parent->root = root;
    root->leaf = parent;
    if (root->closing == ended) {
        /* It was closed, and ended as it should: GeneratorExit goes on in its
           parent (Y03, Y06). Another exception takes its place (Y08). */
        if (!exception || cede_exception_is(exception, cede_GeneratorExit)) {
            cede_value_unref(value);
            value = cede_none;
            cede_unref(exception);
            exception = exit_for(root, parent);
        }
        cede__chain_close_next(root, parent);
    }
    word = exception ? (uintptr_t)exception : CEDE_IMPL_RETURNED;
    cede__slot_swap(&ended->slot, &parent->slot);
    cede_impl_current = &parent->flow;
    cede_impl_transfer(&ended->slot, ended, parent, value, &word);
    __builtin_unreachable();
}

/* What an exception that would look like the generator's end to somebody is
   turned into, or NULL (PEP 479, PEP 525). */
static const char *forbidden(const cede_impl_coroutine *coroutine,
                             const cede_exception *exception)
{
    bool generator = cede__coroutine_is_generator(coroutine);

    if (cede_exception_is(exception, cede_StopIteration))
        return generator ? "generator raised StopIteration"
                         : "coroutine raised StopIteration";
    if (generator && cede_exception_is(exception, cede_StopAsyncIteration))
        return "async generator raised StopAsyncIteration";
    return NULL;
}

static cede_exception *no_stop_iteration(const cede_impl_coroutine *coroutine,
                                         cede_exception *exception)
{
    const char *message = exception ? forbidden(coroutine, exception) : NULL;
    cede_exception *error;

    if (!message)
        return exception;
    error = cede__exception_make(cede_RuntimeError, message);
    cede_exception_set_cause(error, exception);
    cede__exception_set_context(error, exception);
    cede_unref(exception);
    return error;
}

void cede__coroutine_end(cede_impl_coroutine *coroutine, cede_value value,
                         cede_exception *exception)
{
    uintptr_t word;

    exception = no_stop_iteration(coroutine, exception);
    coroutine->state = CEDE_IMPL_CLOSED;
    if (coroutine->parent)
        hand_over(coroutine, value, exception);
    word = exception ? (uintptr_t)exception : CEDE_IMPL_RETURNED;
    cede_impl_transfer(&coroutine->slot, coroutine,
                       CEDE_IMPL_COROUTINE_OF(coroutine->flow.outer), value,
                       &word);
    __builtin_unreachable();
}
