/*
 * Coroutines as floors 2 and 4 use them: a control block, a stack from the
 * pool once it runs, and the chain of delegation.
 */
#pragma once

#include "arch/switch.h"
#include "stack/stack.h"

#include "cede/impl/coroutine.h"
#include "cede/try.h"

/* The end of a coroutine that an exception leaves: its flow's escape. */
void cede__coroutine_escape(cede_impl_flow *flow, cede_exception *exception);

/* Makes a block, which is zero, one that has not run. name must outlive it.
   `yield_flags` as in cede/impl/coroutine.h. */
static inline void cede__coroutine_fill(cede_impl_coroutine *coroutine,
                                        cede_function function, void *argument,
                                        const char *name, unsigned yield_flags)
{
    coroutine->leaf = coroutine;
    coroutine->root = coroutine;
    coroutine->yield_flags = (uint8_t)yield_flags;
    coroutine->flow.escape = cede__coroutine_escape;
    coroutine->function = function;
    coroutine->argument = argument;
    coroutine->name = name;
}

/* The same for any block. Field by field: from a constant gcc would copy it by
   a string instruction, which costs as much as all the rest. What the switch
   and the sanitizers need is filled in when it starts. */
static inline void cede__coroutine_init(cede_impl_coroutine *coroutine,
                                        cede_function function, void *argument,
                                        const char *name, unsigned yield_flags)
{
    cede__coroutine_fill(coroutine, function, argument, name, yield_flags);
    coroutine->state = CEDE_IMPL_CREATED;
    coroutine->argument_kind = 0;
    coroutine->kind = CEDE_IMPL_KIND_NONE;
    coroutine->thread = 0;
    coroutine->flow.top = NULL;
    coroutine->flow.handled = NULL;
    coroutine->flow.outer = NULL;
    coroutine->parent = NULL;
    coroutine->delegate = NULL;
    coroutine->stack = NULL;
    coroutine->created = NULL;
    coroutine->yields_from = NULL;
    coroutine->closing = NULL;
    coroutine->closing_with = NULL;
    coroutine->asynchronous = (cede_impl_link){NULL, NULL};
}

/* What a task's coroutine does when its function has returned: it may go on
   elsewhere, or return, and ends as any coroutine then. Set by task/
   (atomically, always to the same) before there is a task. */
extern void (*cede__coroutine_returned)(cede_impl_coroutine *coroutine,
                                        cede_value value);

/* The thread outside its coroutines, as a coroutine. */
cede_impl_coroutine *cede__thread_main(void);

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
void cede__coroutine_notice_start(cede_impl_coroutine *coroutine);
void cede__coroutine_notice_end(cede_impl_coroutine *coroutine);
#endif

/* Gives a CREATED coroutine a stack and makes it SUSPENDED at its beginning,
   on this thread. False: no memory, and nothing has changed. */
static inline bool cede__coroutine_start(cede_impl_coroutine *coroutine)
{
    cede__stack *stack = cede__stack_acquire();

    if (CEDE_IMPL_UNLIKELY(!stack))
        return false;
    stack->owner = coroutine;
    coroutine->stack = stack;
    coroutine->thread = cede__thread_main()->thread;
    coroutine->state = CEDE_IMPL_SUSPENDED;
    cede__switch_prepare(&coroutine->slot, stack->top, stack->low);
#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    cede__coroutine_notice_start(coroutine);
#endif
    return true;
}

/* Gives the stack of a coroutine back that has ended (or is abandoned). */
static inline void cede__coroutine_drop_stack(cede_impl_coroutine *coroutine)
{
    cede__stack *stack = coroutine->stack;

    if (!stack)
        return;
#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    cede__coroutine_notice_end(coroutine);
#endif
    coroutine->stack = NULL;
    cede__stack_release(stack);
}

/* For cede__flow_abandon: what loops and with statements own is given up, other
   defers are not called. */
void cede__abandon_defer(cede_impl_defer *defer);

/* Is it a generator, not a task, a coroutine object or a thread's main? */
bool cede__coroutine_is_generator(const cede_impl_coroutine *coroutine);

/*
 * Between begin and end the running coroutine must not yield (PEP 789): what it
 * has opened, a timeout, a group, a scope, is about the task, not about whoever
 * resumes it next. They nest.
 */
typedef struct cede__yield_ban {
    cede_impl_coroutine *coroutine;
    bool nested; /* there is another around it */
} cede__yield_ban;

void cede__yield_ban_begin(cede__yield_ban *ban);
void cede__yield_ban_end(const cede__yield_ban *ban);

/* Does it run, itself or through whom it delegates to? */
bool cede__coroutine_is_running(const cede_impl_coroutine *coroutine);

/* Takes a suspended generator out of the chain of whoever delegates to it, so
   that it can be resumed directly; its delegator notices when it goes on. */
void cede__coroutine_detach(cede_impl_coroutine *coroutine);

/* Ends the running coroutine: hands its chain to its parent or returns to
   whoever resumed it. */
void cede__coroutine_end(cede_impl_coroutine *coroutine, cede_value value,
                         cede_exception *exception) CEDE_IMPL_NORETURN;

/* Exchanges two slots: control passes between members of a chain while whoever
   resumed the chain stays where a yield will find it. */
static inline void cede__slot_swap(cede_impl_slot *a, cede_impl_slot *b)
{
    cede_impl_slot kept = *a;

    *a = *b;
    *b = kept;
}

/* A GeneratorExit as close() makes it for whoever runs in `flow`. */
cede_exception *cede__exit_new(const cede_impl_flow *flow);

/* After member `closed` of a chain under close: its parent is next. */
void cede__chain_close_next(cede_impl_coroutine *root,
                            cede_impl_coroutine *next);

/*
 * The last reference of a suspended generator is gone, and cede_unref, which
 * does not suspend, runs its clean-up. Where that wants to await, the generator
 * leaves the stack of whoever gave it up and goes on in a task (release.c).
 */
typedef struct cede__closing {
    struct cede__closing *outer;
    cede_generator *generator;
    cede_impl_flow *place; /* where it left */
    bool in_loop;          /* did a loop run when it began? */
} cede__closing;

/* The innermost of this thread, or NULL. */
extern CEDE_IMPL_THREAD_LOCAL cede__closing *cede__closing_now;

/* Is the code that runs now part of that clean-up? `end`: the flow of the
   task that runs, or NULL. */
bool cede__closing_is_here(const cede_impl_flow *end);

/* Leaves; returns in the task, or raises why there is none. */
void cede__closing_leave(void);

/* Goes on there until the generator has ended, gives it up, and raises what
   close() would. */
void cede__closing_finish(cede_generator *generator, cede_impl_flow *place);

/* Closes a suspended generator, whose one reference is the caller's. True: the
   caller may free it. False: somebody has it. */
bool cede__close_last(cede_generator *generator);

/* Set by task/, by every thread to the same (atomically); NULL while there are
   no tasks. `in_loop`: does a loop run? `adopt` starts a task of it that calls
   cede__closing_finish: NULL, or the exception for the clean-up. */
typedef struct cede__closing_hooks {
    bool (*in_loop)(void);
    cede_exception *(*adopt)(cede_generator *generator,
                             cede_impl_flow *place);
} cede__closing_hooks;

extern const cede__closing_hooks *cede__closing_hooked;

/* The list of generators that have awaited (a loop's): puts a generator into
   it, unless it is in one; takes it out, if it is in one. */
void cede__asynchronous_enter(cede_impl_link *list,
                              cede_impl_coroutine *generator);
void cede__asynchronous_leave(cede_impl_coroutine *generator);

/* Does a running generator wait in a task that is not the current one? Set by
   task/, by every thread to the same (atomically); NULL while there are no
   tasks. */
extern bool (*cede__generator_awaits)(const cede_impl_coroutine *coroutine);

/* A generator under close yields at `leaf`: its delegator gets the RuntimeError
   of Y07, and it stays suspended. Returns when it is resumed after all. */
cede_value cede__chain_refuse_close(cede_impl_coroutine *leaf, cede_value value,
                                    uintptr_t *word);

/* What a closed generator or coroutine says that will not end. */
const char *cede__ignored_exit(const cede_impl_coroutine *coroutine);

/* Runs the running generator's or coroutine's delegation to `sub`, a generator
   or coroutine object, to its end; raises what `sub` raises. Borrows. */
cede_value cede__delegate(cede_generator *sub, const cede_location *where);

/* The PEP 380 loop over an iterator that is no generator: gives each item to
   `exchange`, and what that returns (a value, or an exception in *word, owned)
   to the iterator. Returns the iterator's value. Borrows. */
typedef cede_value cede__exchange(cede_value item, uintptr_t *word,
                                  const cede_location *where);
cede_value cede__delegate_to_iterator(void *iterator, cede__exchange *exchange,
                                      const cede_location *where);

/* Awaits a coroutine object or a marked generator: the wait_at of their
   classes. Raises TypeError for a generator that is not marked. */
cede_value cede__await_generator(void *self, const cede_location *where);

/* What an awaited coroutine yields reaches no coroutine that could pass it on:
   the task decides. Takes the value; returns NULL when the coroutine may go
   on, or an exception to throw in. Set by task/ (atomically, always to the
   same); NULL while there are no tasks. */
extern cede_exception *(*cede__await_trap)(cede_value value);

/* Suspends the running generator; *word: 0, or the exception thrown in (owned).
   Raises RuntimeError where a yield is not allowed. */
cede_value cede__yield(cede_value value, uintptr_t *word,
                       const cede_location *where);

/* Resumes with a value or an exception (owned) and returns the word that says
   how it came back; the generator must be SUSPENDED and of this thread. */
uintptr_t cede__generator_step(cede_generator *generator, cede_value sent,
                               cede_exception *thrown, cede_value *value);

/* The same for one that stands elsewhere than at a yield: `place` is what runs
   in it. */
uintptr_t cede__generator_go_on(cede_generator *generator,
                                cede_impl_flow *place, cede_value sent,
                                cede_exception *thrown, cede_value *value);

/* close() of one that can be resumed; the word tells how it went. And what that
   word means: NULL, or the exception that close raises (owned). */
uintptr_t cede__generator_close_step(cede_generator *generator,
                                     cede_value *value);
cede_exception *cede__generator_close_result(
    const cede_impl_coroutine *coroutine, uintptr_t word, cede_value *value);

/* Has it ended, and does nobody but the caller have it? */
static inline bool cede__generator_is_spent(const cede_generator *generator)
{
    return generator->head.references == 1 && generator->head.flags == 0 &&
           generator->coroutine.state == CEDE_IMPL_CLOSED;
}

/* Gives up what it consists of. */
void cede__generator_free(cede_generator *generator);
