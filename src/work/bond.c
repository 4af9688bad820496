/*
 * bond.c - a future of a loop that ends as a concurrent one does (see desk.h)
 *
 * A bond waits for two things: the call that its source's end posts, and the
 * done callback of its target, which cancels the source if the target was
 * cancelled. When it has had both it is freed; the loop's end frees what has
 * not. Semantics: asyncio.futures._chain_future; rules F12, H05, H10.
 */
#include "work/desk.h"

#include "base/memory.h"
#include "cede/debug.h"
#include "cede/tuple.h"

static void free_bond(cede__bond *bond)
{
    cede__list_remove(&bond->link);
    cede_unref(bond->source);
    cede_unref(bond->target);
    cede_unref(bond->call);
    cede__free(bond);
}

static void free_if_done(cede__bond *bond)
{
    if (!bond->expects_call && !bond->expects_callback)
        free_bond(bond);
}

/* Whoever waits for a token is of this loop. */
static cede_value give_back(void *self)
{
    cede__bond *bond = self;

    cede_capacity_limiter_release_on_behalf_of(bond->limiter, bond);
    return cede_none;
}

static void give_token_back(cede__bond *bond)
{
    if (!bond->limiter)
        return;
    cede_unref(cede_catch(give_back, bond, NULL));
    cede_unref(bond->limiter);
    bond->limiter = NULL;
}

/* --- from the source to the target --- */

static void set_exception(cede_future *target, cede_exception *exception)
{
    cede_exception *cancelled;

    if (cede_class_of(exception) != cede_concurrent_CancelledError) {
        cede_future_set_exception(target, exception);
        return;
    }
    /* As asyncio: what awaits hears of a cancellation in its own class, with
       the reason that was given. */
    cancelled = cede_exception_from_tuple(cede_CancelledError,
                                          cede_exception_args(exception));
    cede_defer (cede_unref, cancelled);
    cede_future_set_exception(target, cancelled);
}

static cede_value copy_state(void *self)
{
    cede_concurrent_future *source = ((cede__bond *)self)->source;
    cede_future *target = ((cede__bond *)self)->target;

    if (cede_future_done(target))
        return cede_none; /* cancelled */
    if (cede_concurrent_future_cancelled(source))
        cede_future_cancel(target, NULL);
    else if (source->exception)
        set_exception(target, source->exception);
    else
        cede_future_set_result(target, cede_value_ref(source->value));
    return cede_none;
}

/* Whoever waits must hear of something. */
static void tell_target(cede__bond *bond)
{
    cede_exception *error = cede_catch(copy_state, bond, NULL);

    if (error && !cede_future_done(bond->target))
        cede_future_set_exception(bond->target, error);
    cede_unref(error);
}

static void drop_source(cede__bond *bond)
{
    cede_concurrent_future *source = bond->source;

    if (!source)
        return;
    /* Waits for a thread that is telling us. */
    cede__concurrent_future_unlisten(source, &bond->listener);
    bond->source = NULL;
    cede_unref(source);
    cede_loop_release(bond->loop);
}

/* The loop's thread: the source is done, or the loop is being closed. */
static void settle(void *self, bool posted)
{
    cede__bond *bond = self;

    bond->expects_call = false;
    if (posted)
        tell_target(bond);
    give_token_back(bond);
    drop_source(bond);
    free_if_done(bond);
}

static void told(cede__listener *listener, cede_concurrent_future *source)
{
    (void)source;
    cede_remote_call_post(cede__list_entry(listener, cede__bond, listener)
                              ->call);
}

/* --- and back --- */

static void target_done(cede_future *target, void *self)
{
    cede__bond *bond = self;

    bond->expects_callback = false;
    if (bond->source && cede_future_cancelled(target))
        cede_concurrent_future_cancel(bond->source);
    free_if_done(bond);
}

/* --- making one --- */

void cede__bond_drop(void *bond_pointer)
{
    cede__bond *bond = *(cede__bond **)bond_pointer;

    if (!bond)
        return;
    if (bond->expects_callback)
        cede_future_remove_done_callback(bond->target, target_done);
    if (bond->call)
        cede_remote_call_cancel(bond->call);
    give_token_back(bond);
    drop_source(bond);
    free_bond(bond);
}

cede__bond *cede__bond_new(cede_loop *loop)
{
    cede__desk *desk = cede__desk_of(loop);
    cede__bond *bond = cede__calloc(1, sizeof *bond);
    cede__bond *made = bond;
    cede_defer (cede__bond_drop, &bond);

    if (!bond)
        cede_raise(cede_MemoryError);
    cede__list_push_back(&desk->bonds, &bond->link);
    bond->loop = loop;
    cede__list_init(&bond->listener.link);
    bond->listener.at_done = true;
    bond->listener.told = told;
    bond->target = cede_loop_create_future(loop);
    bond->call = cede_remote_call_new(loop, settle, bond);
    cede_future_add_done_callback(bond->target, target_done, bond);
    bond->expects_callback = true;
    cede_remote_call_expect(bond->call);
    bond->expects_call = true;
    bond = NULL;
    return made;
}

void cede__bond_connect(cede__bond *bond, cede_concurrent_future *source)
{
    bond->source = source;
    cede_loop_hold(bond->loop); /* the other side is at work */
    cede__concurrent_future_listen(source, &bond->listener);
}

void cede__bond_has_token(cede__bond *bond, cede_capacity_limiter *limiter)
{
    bond->limiter = cede_ref(limiter);
}

cede_future *cede_loop_wrap_future(cede_loop *loop,
                                   cede_concurrent_future *future)
{
    cede__bond *bond;
    cede_future *target;

    cede__concurrent_future_check(future);
    bond = cede__bond_new(loop ? loop : cede_get_running_loop());
    target = cede_ref(bond->target);
    cede__bond_connect(bond, cede_ref(future));
    return target;
}

cede_future *cede_wrap_future(cede_concurrent_future *future)
{
    return cede_loop_wrap_future(NULL, future);
}
