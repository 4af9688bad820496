/*
 * A yield that may not simply switch: outside a generator, inside a scope, in a
 * coroutine's own code, in a chain under close, or when nobody is left who
 * could resume it. The common case is inline, in cede/impl/coroutine.h. Rules
 * G03, Y07; PEP 789 for scopes.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/exception.h"

#include "cede/generator.h"

/* Nobody can resume it, and it would go on for ever. */
static void end_refuser(cede_impl_coroutine *leaf) CEDE_IMPL_NORETURN;
static void end_refuser(cede_impl_coroutine *leaf)
{
    cede__report_unraisable(cede__exception_make(cede_RuntimeError,
                                                 cede__ignored_exit(leaf)),
                            leaf->name);
    cede__flow_abandon(&leaf->flow, cede__abandon_defer);
    cede__coroutine_end(leaf, cede_none, NULL);
}

cede_value cede__yield(cede_value value, uintptr_t *word,
                       const cede_location *where)
{
    cede_impl_coroutine *leaf = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    if (leaf->yield_flags & CEDE_IMPL_NOT_A_GENERATOR) {
        cede_value_unref(value);
        cede_impl_raise_new(where, cede_RuntimeError,
                            "yield outside a generator: only a function "
                            "started by cede_generator may yield");
    }
    if (leaf->yield_flags & CEDE_IMPL_IN_FOREIGN) {
        cede_value_unref(value);
        cede_impl_raise_new(where, cede_RuntimeError,
                            "yield inside cede_foreign: frames that know "
                            "nothing of cede are on the stack; yield before or "
                            "after the block");
    }
    if (leaf->yield_flags & CEDE_IMPL_IN_SCOPE &&
        leaf->kind != CEDE_IMPL_KIND_MANAGER) {
        cede_value_unref(value);
        cede_impl_raise_new(where, cede_RuntimeError,
                            "yield inside a timeout, task group, cancel scope "
                            "or cede_context_run: that would go on while its "
                            "code does not run; leave it first");
    }
    if (leaf->yield_flags & CEDE_IMPL_RELEASED) {
        cede_value_unref(value);
        if (leaf->yield_flags & CEDE_IMPL_TOLD)
            end_refuser(leaf);
        leaf->yield_flags |= CEDE_IMPL_TOLD;
        *word = (uintptr_t)cede__exception_make(cede_GeneratorExit, NULL);
        return cede_none;
    }
    if (leaf->yield_flags & CEDE_IMPL_CLOSING) {
        leaf->yield_flags &= (uint8_t)~CEDE_IMPL_CLOSING;
        if (leaf->root->closing)
            return cede__chain_refuse_close(leaf, value, word);
    }
    *word = CEDE_IMPL_YIELDED;
    return cede_impl_transfer(&leaf->slot, leaf,
                              CEDE_IMPL_COROUTINE_OF(leaf->root->flow.outer),
                              value, word);
}

/* A coroutine object's own cede_yield; what it awaits comes by cede__yield. */
static void check_may_yield(cede_value value, const cede_location *where)
{
    const cede_impl_coroutine *leaf =
        CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    if (!(leaf->yield_flags & CEDE_IMPL_AWAITS_ONLY))
        return;
    cede_value_unref(value);
    cede_impl_raise_new(where, cede_RuntimeError,
                        "yield inside a coroutine: a coroutine awaits; make it "
                        "a generator, or await one that cede_types_coroutine "
                        "marked");
}

cede_value cede_impl_yield_slow(cede_value value, const cede_location *where)
{
    uintptr_t word;

    check_may_yield(value, where);
    value = cede__yield(value, &word, where);
    if (word)
        cede_impl_raise_thrown(word, where);
    return value;
}

void cede__yield_ban_begin(cede__yield_ban *ban)
{
    ban->coroutine = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());
    ban->nested = ban->coroutine->yield_flags & CEDE_IMPL_IN_SCOPE;
    ban->coroutine->yield_flags |= CEDE_IMPL_IN_SCOPE;
}

void cede__yield_ban_end(const cede__yield_ban *ban)
{
    if (!ban->nested)
        ban->coroutine->yield_flags &= (uint8_t)~CEDE_IMPL_IN_SCOPE;
}
