/*
 * The end of a suspended generator whose last reference is gone: it is closed
 * (G15), by a cede_unref that must not suspend.
 *
 * A clean-up that awaits cannot go on there. So the generator, with whatever it
 * runs at that moment, leaves the stack of whoever gave it up; cede_unref
 * returns, and a task that task/ starts goes on in the middle of the clean-up
 * (A02; in Python the hook of asyncio makes a task of aclose()). Where there
 * can be no task, the clean-up gets an exception where it wants to await.
 *
 * It knows closings of one thread, the innermost first; it must not know tasks.
 * Invariant: while a generator is on its way into a task its place is known to
 * cede__close_last alone.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/exception.h"

#include "cede/generator.h"

CEDE_IMPL_THREAD_LOCAL cede__closing *cede__closing_now;
const cede__closing_hooks *cede__closing_hooked;

/* --- generators that have awaited --- */

void cede__asynchronous_enter(cede_impl_link *list,
                              cede_impl_coroutine *generator)
{
    cede_impl_link *link = &generator->asynchronous;

    if (link->next)
        return;
    link->previous = list->previous;
    link->next = list;
    list->previous->next = link;
    list->previous = link;
}

void cede__asynchronous_leave(cede_impl_coroutine *generator)
{
    cede_impl_link *link = &generator->asynchronous;

    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    *link = (cede_impl_link){NULL, NULL};
}

/* --- leaving --- */

bool cede__closing_is_here(const cede_impl_flow *end)
{
    const cede_impl_flow *flow = cede_impl_flow_now();
    const cede_generator *closed = cede__closing_now->generator;

    for (; flow && flow != end; flow = flow->outer)
        if (flow == &closed->coroutine.flow)
            return true;
    return false;
}

void cede__closing_leave(void)
{
    cede__closing *closing = cede__closing_now;
    cede_impl_coroutine *root = &closing->generator->coroutine;
    cede_impl_flow *here = cede_impl_flow_now();
    uintptr_t word = CEDE_IMPL_LEFT;

    closing->place = here;
    cede_impl_transfer(&root->leaf->slot, CEDE_IMPL_COROUTINE_OF(here),
                       CEDE_IMPL_COROUTINE_OF(root->flow.outer), cede_none,
                       &word);
    if (word)
        cede__raise((cede_exception *)word, NULL);
}

static const cede__closing_hooks *hooks(void)
{
    return __atomic_load_n(&cede__closing_hooked, __ATOMIC_RELAXED);
}

/* A loop that begins meanwhile, in the clean-up, does not count: it runs on the
   stack that would have to leave. */
static cede_exception *adopt(const cede__closing *closing)
{
    if (closing->in_loop)
        return hooks()->adopt(closing->generator, closing->place);
    return cede__exception_make(
        cede_RuntimeError,
        "cannot suspend while cede_unref closes a generator outside a running "
        "loop: close it with cede_generator_close or cede_for where its "
        "clean-up has to await");
}

bool cede__close_last(cede_generator *generator)
{
    cede__closing closing = {cede__closing_now, generator, NULL,
                             hooks() && hooks()->in_loop()};
    cede_exception *error;
    cede_value value;
    uintptr_t word;

    cede__closing_now = &closing;
    word = cede__generator_close_step(generator, &value);
    while (word == CEDE_IMPL_LEFT) {
        cede__closing_now = closing.outer;
        error = adopt(&closing);
        if (!error)
            return false;
        cede__closing_now = &closing;
        word = cede__generator_go_on(generator, closing.place, cede_none, error,
                                     &value);
    }
    cede__closing_now = closing.outer;
    error = cede__generator_close_result(&generator->coroutine, word, &value);
    cede_value_unref(value);
    if (error)
        cede__report_unraisable(error, generator->coroutine.name);
    /* The clean-up may have handed out references to it. */
    return --generator->head.references == 0;
}

/* --- going on --- */

void cede__closing_finish(cede_generator *generator, cede_impl_flow *place)
{
    cede_exception *error;
    cede__hold hold;
    cede_value value;
    uintptr_t word;

    cede__hold_push(&hold, generator);
    word = cede__generator_go_on(generator, place, cede_none, NULL, &value);
    cede__hold_pop(&hold);
    error = cede__generator_close_result(&generator->coroutine, word, &value);
    cede_value_unref(value);
    if (--generator->head.references == 0)
        cede__generator_free(generator);
    if (error)
        word == CEDE_IMPL_YIELDED ? cede__raise(error, NULL)
                                  : cede__throw(error);
}
