/*
 * yield from: linking generators into a chain so that a resume goes straight
 * to the innermost, and the PEP 380 loop for iterators that are no generators.
 *
 * The chain is a shortcut and must not be seen: a generator that somebody
 * delegates to is still a generator others may resume, delegate to or close
 * (Y12). Then it is detached from the chain, and its delegator, when it is
 * resumed itself, finds out and links again. Rules Y01-Y21, G31.
 */
#include "coro/coroutine.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/debug.h"
#include "cede/generator.h"

/* Why `sub` cannot be delegated to now; raises. */
static void check_delegate(cede_impl_coroutine *here, cede_impl_coroutine *sub)
{
    if (here->yield_flags & CEDE_IMPL_NOT_A_GENERATOR)
        cede_raise(cede_RuntimeError,
                   "yield from outside a generator: only a function started "
                   "by cede_generator may yield");
    if (here->yield_flags & CEDE_IMPL_IN_SCOPE)
        cede_raise(cede_RuntimeError,
                   "yield from inside a timeout, task group, cancel scope or "
                   "cede_context_run: leave it first");
    if (!sub)
        return;
    if (cede__coroutine_is_running(sub))
        cede_raise(cede_ValueError, "%s already executing",
                   cede__coroutine_is_generator(sub) ? "generator"
                                                     : "coroutine");
    if (sub->thread && sub->thread != here->thread)
        cede_raise(cede_RuntimeError,
                   "generator '%s' belongs to another thread", sub->name);
}

/* Puts `sub` and what it delegates to below `here`, the running leaf. */
static void link(cede_impl_coroutine *here, cede_impl_coroutine *sub)
{
    cede_impl_coroutine *root = here->root;
    cede_impl_coroutine *leaf = sub->leaf;

    sub->parent = here;
    sub->state = CEDE_IMPL_DELEGATED;
    sub->flow.outer = &here->flow;
    here->delegate = sub;
    leaf->root = root;
    root->leaf = leaf;
    leaf->yield_flags |=
        here->yield_flags & (CEDE_IMPL_CLOSING | CEDE_IMPL_RELEASED);
}

/* The same while a value or an exception is on its way to `sub`. */
static void check_again(cede_impl_coroutine *here, cede_impl_coroutine *sub,
                        cede_value sent, uintptr_t thrown)
{
    cede__hold hold_sent, hold_thrown;

    cede__hold_push(&hold_sent, sent.owned ? sent.as.object : NULL);
    cede__hold_push(&hold_thrown, (void *)thrown);
    check_delegate(here, sub);
    cede__hold_pop(&hold_thrown);
    cede__hold_pop(&hold_sent);
}

/* Closes a sub-generator that is not linked, then lets GeneratorExit go on.
   Meanwhile it is still what its delegator yields from (G31). */
static void close_detached(cede_impl_coroutine *here, cede_generator *sub,
                           cede_exception *exit,
                           const cede_location *where) CEDE_IMPL_NORETURN;
static void close_detached(cede_impl_coroutine *here, cede_generator *sub,
                           cede_exception *exit, const cede_location *where)
{
    cede__hold hold;

    cede__hold_push(&hold, exit);
    hold.link = &here->yields_from;
    here->yields_from = sub;
    cede_value_unref(cede_generator_close(sub));
    here->yields_from = NULL;
    cede__hold_pop(&hold);
    cede_impl_raise_thrown((uintptr_t)exit, where);
}

/* What is thrown at a sub-generator that has ended comes out of it as it is
   (G07), and a StopIteration that comes out of one is its value. */
static cede_value thrown_through(cede_exception *exception,
                                 const cede_location *where)
{
    cede_value value;

    if (!cede_exception_is(exception, cede_StopIteration))
        cede_impl_raise_thrown((uintptr_t)exception, where);
    value = cede_value_ref(cede_exception_value(exception));
    cede_unref(exception);
    return value;
}

cede_value cede__delegate(cede_generator *generator,
                          const cede_location *where)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());
    cede_impl_coroutine *sub = &generator->coroutine;
    cede_value value = cede_none;
    uintptr_t word = 0;

    check_delegate(here, sub);
    for (;;) {
        if (sub->state == CEDE_IMPL_CLOSED) {
            cede_value_unref(value);
            return word ? thrown_through((cede_exception *)word, where)
                        : cede_none;
        }
        if (word &&
            cede_exception_is((cede_exception *)word, cede_GeneratorExit))
            close_detached(here, generator, (cede_exception *)word, where);
        if (sub->parent)
            cede__coroutine_detach(sub);
        if (sub->state == CEDE_IMPL_CREATED && !cede__coroutine_start(sub))
            cede_raise(cede_MemoryError);
        link(here, sub);
        cede__slot_swap(&here->slot, &sub->leaf->slot);
        cede_impl_current = &sub->leaf->flow;
        value = cede_impl_transfer(&here->slot, here, sub->leaf, value, &word);
        if (!here->delegate)
            break; /* the sub-generator ended, or refused to be closed */
        /* Somebody detached it, and now resumed us: link again. */
        here->delegate = NULL;
        check_again(here, sub, value, word);
    }
    if (sub->state == CEDE_IMPL_CLOSED)
        cede__coroutine_drop_stack(sub);
    if (word != CEDE_IMPL_RETURNED) {
        cede__exception_trace((cede_exception *)word, where);
        cede__throw((cede_exception *)word);
    }
    return value;
}

cede_value cede__chain_refuse_close(cede_impl_coroutine *leaf, cede_value value,
                                    uintptr_t *word)
{
    cede_impl_coroutine *root = leaf->root;
    cede_impl_coroutine *refuser = root->closing;
    cede_impl_coroutine *parent = refuser->parent;
    cede_exception *error =
        cede__exception_make(cede_RuntimeError, cede__ignored_exit(refuser));

    cede_value_unref(value);
    refuser->parent = NULL;
    refuser->state = CEDE_IMPL_SUSPENDED;
    refuser->leaf = leaf;
    refuser->root = refuser;
    leaf->root = refuser;
    parent->delegate = NULL;
    parent->root = root;
    root->leaf = parent;
    cede__chain_close_next(root, parent);
    cede__exception_set_context(error, cede__handled(&parent->flow));
    *word = (uintptr_t)error;
    cede__slot_swap(&leaf->slot, &parent->slot);
    cede_impl_current = &parent->flow;
    return cede_impl_transfer(&leaf->slot, leaf, parent, cede_none, word);
}

/* An exception was thrown in while delegating to an iterator. True: go on with
   *item. False: it ended, *item is its value. */
static bool throw_to_iterator(void *iterator,
                              const cede_iterator_methods *methods,
                              cede_exception *exception, cede_value *item,
                              const cede_location *where)
{
    cede__hold hold;
    bool more;

    if (cede_exception_is(exception, cede_GeneratorExit)) {
        cede__hold_push(&hold, exception);
        if (methods->close)
            methods->close(iterator);
        cede__hold_pop(&hold);
        cede_impl_raise_thrown((uintptr_t)exception, where);
    }
    if (!methods->throw_)
        cede_impl_raise_thrown((uintptr_t)exception, where);
    cede__hold_push(&hold, exception);
    more = cede__iterator_throw(iterator, exception, item, where);
    cede__hold_pop(&hold);
    cede_unref(exception);
    return more;
}

static bool send_to_iterator(void *iterator,
                             const cede_iterator_methods *methods,
                             cede_value sent, cede_value *item,
                             const cede_location *where)
{
    if (cede_is_none(sent))
        return cede__iterator_next(iterator, item, where);
    if (!methods->send) {
        cede_value_unref(sent);
        cede_raise(cede_AttributeError, "'%s' object has no attribute 'send'",
                   ((cede_object *)iterator)->object_class->name);
    }
    return cede__iterator_send(iterator, sent, item, where);
}

cede_value cede__delegate_to_iterator(void *iterator, cede__exchange *exchange,
                                      const cede_location *where)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());
    const cede_iterator_methods *methods =
        ((cede_object *)iterator)->object_class->iterator;
    cede_value item = cede_none;
    cede__hold hold;
    bool more;

    /* The caller holds the iterator, alone perhaps, and then its close may give
       up what it draws from. */
    cede__hold_push(&hold, NULL);
    hold.link = &here->yields_from;
    here->yields_from = iterator;
    more = cede__iterator_next(iterator, &item, where);
    while (more) {
        uintptr_t word;
        cede_value sent = exchange(item, &word, where);

        item = cede_none;
        more = word ? throw_to_iterator(iterator, methods,
                                        (cede_exception *)word, &item, where)
                    : send_to_iterator(iterator, methods, sent, &item, where);
    }
    here->yields_from = NULL;
    cede__hold_pop(&hold);
    return item;
}

void *cede_generator_yieldfrom(const cede_generator *generator)
{
    const cede_impl_coroutine *coroutine = &generator->coroutine;

    cede_check_alive(generator);
    if (coroutine->delegate)
        return (char *)coroutine->delegate - offsetof(cede_generator, coroutine);
    return coroutine->yields_from;
}

/* A coroutine object is no iterable: only what is a coroutine itself may yield
   from it, and in Python one writes await there. */
static void check_coroutine(const cede_impl_coroutine *here,
                            const void *iterable)
{
    if (here->kind == CEDE_IMPL_KIND_COROUTINE)
        cede_raise(cede_RuntimeError,
                   "yield from inside a coroutine: use cede_await");
    if (cede_isinstance(iterable, cede_impl_coroutine_class) &&
        here->kind != CEDE_IMPL_KIND_AWAITABLE)
        cede_raise(cede_TypeError, "cannot 'yield from' a coroutine object in "
                                   "a non-coroutine generator");
}

/* What to delegate to: a new reference, yours. */
static void *delegate_of(cede_impl_coroutine *here, void *iterable)
{
    check_coroutine(here, iterable);
    if (cede_isinstance(iterable, cede_impl_coroutine_class))
        return cede_ref(iterable);
    return cede_iter(iterable);
}

cede_value cede_impl_yield_from(void *iterable, const cede_location *where)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());
    cede__hold hold;
    cede_value value;
    void *iterator;

    cede__check_given(iterable);
    cede__hold_push(&hold, iterable);
    iterator = delegate_of(here, iterable);
    cede__hold_pop(&hold);
    cede_unref(iterable);
    cede__hold_push(&hold, iterator);
    if (cede_isinstance(iterator, cede_impl_generator_class) ||
        cede_isinstance(iterator, cede_impl_coroutine_class)) {
        value = cede__delegate(iterator, where);
    } else {
        check_delegate(here, NULL);
        value = cede__delegate_to_iterator(iterator, cede__yield, where);
    }
    cede__hold_pop(&hold);
    cede_unref(iterator);
    return value;
}
