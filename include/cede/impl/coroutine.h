/*
 * The control block of a coroutine, and the hot pair: resume and yield.
 *
 * A chain is a generator, the generator it delegates to, and so on; only its
 * root can be resumed by others, and it knows the chain's leaf, so a resume
 * goes straight to the innermost generator at any depth (PEP 380 without its
 * cost). When the leaf ends it hands the chain to its parent.
 *
 *   root->leaf     the innermost generator; a generator that delegates to
 *                  nobody is its own leaf
 *   member->parent who delegates to it; NULL for a root
 *   leaf->root     valid for the leaf alone
 */
#pragma once
#pragma GCC system_header

#include "cede/impl/flow.h"
#include "cede/impl/switch.h"
#include "cede/try.h"

CEDE_IMPL_BEGIN

#ifndef __cplusplus

typedef struct cede_impl_coroutine cede_impl_coroutine;

enum cede_impl_coroutine_state {
    CEDE_IMPL_CREATED,
    CEDE_IMPL_SUSPENDED,
    CEDE_IMPL_RUNNING,
    CEDE_IMPL_CLOSED,
    CEDE_IMPL_DELEGATED, /* linked below a parent: follows the root's state */
};

/* Reasons why a yield may not simply switch. */
enum cede_impl_yield_flags {
    CEDE_IMPL_NOT_A_GENERATOR = 1 << 0, /* a thread's main, a task's body */
    CEDE_IMPL_IN_SCOPE = 1 << 1,        /* opened a timeout, a group, a scope */
    CEDE_IMPL_CLOSING = 1 << 2,         /* the chain may be being closed */
    CEDE_IMPL_RELEASED = 1 << 3, /* nobody can resume it after this yield */
    CEDE_IMPL_TOLD = 1 << 4,     /* ... and got its GeneratorExit already */
    CEDE_IMPL_AWAITS_ONLY = 1 << 5, /* a coroutine object: cede_yield is not
                                       for it, only what it awaits yields */
    CEDE_IMPL_IN_FOREIGN = 1 << 6,  /* opened a cede_foreign; then IN_SCOPE is
                                       set as well */
};

/* What the control block is in. */
enum cede_impl_coroutine_kind {
    CEDE_IMPL_KIND_NONE,      /* a thread's main */
    CEDE_IMPL_KIND_TASK,
    CEDE_IMPL_KIND_GENERATOR,
    CEDE_IMPL_KIND_AWAITABLE, /* a generator marked by cede_types_coroutine */
    CEDE_IMPL_KIND_MANAGER,   /* a generator that is a context manager: its
                                 yield may stand inside a scope */
    CEDE_IMPL_KIND_COROUTINE,
};

/* What the word that travels with a switch says, coming from a coroutine. An
   exception's address is anything else; towards a coroutine 0 is a value. */
enum cede_impl_word {
    CEDE_IMPL_YIELDED = 0,
    CEDE_IMPL_RETURNED = 1,
    CEDE_IMPL_LEFT = 2, /* it goes on in a task of its own (coro/release.c) */
};

/* A place in a list that lives in its elements; NULL: in none. */
typedef struct cede_impl_link {
    struct cede_impl_link *previous, *next;
} cede_impl_link;

struct cede_impl_coroutine {
    cede_impl_slot slot;
    cede_impl_coroutine *leaf;
    uint8_t state;
    uint8_t yield_flags;
    uint8_t argument_kind;  /* where a copied argument is; see generator.c */
    uint8_t kind;           /* of cede_impl_coroutine_kind */
    uint32_t thread; /* number of the thread it belongs to; 0: none yet */
    cede_impl_flow flow;
    cede_impl_coroutine *parent;
    cede_impl_coroutine *root;
    cede_impl_coroutine *delegate; /* whom it yields from, linked or not */
    void *stack;                   /* NULL: never ran, or ended */
    cede_function function;
    void *argument;
    const char *name;
    const cede_location *created; /* where; may be NULL */
    void *yields_from; /* an iterator that is no generator; borrowed */
    /* A chain that is being closed (of its root): which member is closed now,
       and the GeneratorExit its parents get afterwards. */
    cede_impl_coroutine *closing;
    cede_exception *closing_with;
    cede_impl_link asynchronous; /* among those that have awaited in its loop */
#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN
    void *sanitizer[4]; /* arch/notice.c */
#endif
};

#define CEDE_IMPL_COROUTINE_OF(flow_)                                          \
    ((cede_impl_coroutine *)((char *)(flow_)-offsetof(cede_impl_coroutine,     \
                                                      flow)))

/* Opaque to users; here because the hot pair is inline. */
struct cede_generator {
    cede_object head;
    cede_impl_coroutine coroutine;
};

typedef struct cede_generator cede_generator;

/* A coroutine object is a generator for the runtime alone. */
struct cede_coroutine {
    cede_generator generator;
};

typedef struct cede_coroutine cede_coroutine;

extern const cede_class cede_impl_generator_class[1];
extern const cede_class cede_impl_coroutine_class[1];

/*
 * Changes stacks with a value on the way. The called one also tells sanitizers
 * which coroutine goes on; it is there for programs compiled either way.
 */
cede_value cede_impl_transfer_called(cede_impl_slot *slot,
                                     cede_impl_coroutine *from,
                                     cede_impl_coroutine *to, cede_value value,
                                     uintptr_t *word);

CEDE_IMPL_INLINE cede_value cede_impl_transfer(cede_impl_slot *slot,
                                               cede_impl_coroutine *from,
                                               cede_impl_coroutine *to,
                                               cede_value value,
                                               uintptr_t *word)
{
#if CEDE_IMPL_SWITCH_INLINE
    cede_impl_pair pair;

    (void)from;
    (void)to;
    __builtin_memcpy(&pair, &value, sizeof pair);
    pair = cede_impl_exchange(slot, pair, word);
    __builtin_memcpy(&value, &pair, sizeof value);
    return value;
#else
    return cede_impl_transfer_called(slot, from, to, value, word);
#endif
}

bool cede_impl_resume_slow(cede_generator *generator, cede_value sent,
                           cede_exception *thrown, cede_value *item,
                           const cede_location *where);
bool cede_impl_resume_ended(cede_generator *generator, cede_value value,
                            uintptr_t word, cede_value *item,
                            const cede_location *where);
cede_value cede_impl_yield_slow(cede_value value, const cede_location *where);
void cede_impl_raise_thrown(uintptr_t word, const cede_location *where)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;

/* Resumes a generator with a value: true and *item, or false and *item is
   what it returned. Raises what escapes it. */
CEDE_IMPL_INLINE bool cede_impl_resume(cede_generator *generator,
                                       cede_value sent, cede_value *item,
                                       const cede_location *where)
{
    cede_impl_flow *flow = cede_impl_flow_now();
    cede_impl_coroutine *root = &generator->coroutine;
    cede_impl_coroutine *leaf = root->leaf;
    uintptr_t word = 0;
    cede_value value;

    if (CEDE_IMPL_UNLIKELY(root->state != CEDE_IMPL_SUSPENDED ||
                           root->thread !=
                               CEDE_IMPL_COROUTINE_OF(flow)->thread))
        return cede_impl_resume_slow(generator, sent, NULL, item, where);
    root->state = CEDE_IMPL_RUNNING;
    root->flow.outer = flow;
    cede_impl_current = &leaf->flow;
    value = cede_impl_transfer(&leaf->slot, CEDE_IMPL_COROUTINE_OF(flow), leaf,
                               sent, &word);
    cede_impl_current = flow;
    if (CEDE_IMPL_UNLIKELY(word != CEDE_IMPL_YIELDED))
        return cede_impl_resume_ended(generator, value, word, item, where);
    root->state = CEDE_IMPL_SUSPENDED;
    *item = value;
    return true;
}

/* Gives a value to whoever resumed this chain; returns what is sent. */
CEDE_IMPL_INLINE cede_value cede_impl_yield(cede_value value,
                                            const cede_location *where)
{
    cede_impl_flow *flow = cede_impl_flow_now();
    cede_impl_coroutine *leaf = CEDE_IMPL_COROUTINE_OF(flow);
    uintptr_t word = CEDE_IMPL_YIELDED;

    if (CEDE_IMPL_UNLIKELY(leaf->yield_flags != 0))
        return cede_impl_yield_slow(value, where);
    value = cede_impl_transfer(
        &leaf->slot, leaf,
        CEDE_IMPL_COROUTINE_OF(leaf->root->flow.outer), value, &word);
    if (CEDE_IMPL_UNLIKELY(word != 0))
        cede_impl_raise_thrown(word, where);
    return value;
}

/* The record of cede_for: gives the item and the iterator up on every way
   out. */
typedef struct cede_impl_for_record {
    cede_impl_defer defer;
    void *iterator; /* owned */
    const cede_iterator_methods *methods;
    cede_value item; /* owned: the turn's */
    const cede_location *where;
} cede_impl_for_record;

void cede_impl_for_end(void *record);
void cede_impl_for_start(cede_impl_for_record *record, void *iterable);
bool cede_impl_for_other(cede_impl_for_record *record);

CEDE_IMPL_INLINE cede_impl_for_record *
cede_impl_for_enter(cede_impl_for_record *record, void *iterable,
                    const cede_location *where)
{
    record->where = where;
    record->item = cede_none;
    cede_impl_for_start(record, iterable);
    cede_impl_defer_push(&record->defer, cede_impl_for_end, record);
    return record;
}

CEDE_IMPL_INLINE void cede_impl_for_leave(cede_impl_for_record *record)
{
    cede_impl_defer_leave(&record->defer);
}

CEDE_IMPL_INLINE bool cede_impl_for_next(cede_impl_for_record *record,
                                         cede_value *item)
{
    bool more;

    if (CEDE_IMPL_UNLIKELY(record->item.owned))
        cede_unref(record->item.as.object);
    if (CEDE_IMPL_LIKELY(record->methods == NULL)) {
        record->item = cede_none;
        more = cede_impl_resume((cede_generator *)record->iterator, cede_none,
                                &record->item, record->where);
    } else {
        more = cede_impl_for_other(record);
    }
    *item = record->item;
    return more;
}

#endif /* !__cplusplus */

CEDE_IMPL_END
