/*
 * signal.c - the table of signals (see signal.h)
 *
 * What the system's handler touches is atomic: `raised` and `wakeup`. A
 * descriptor must not be written to after its loop has closed it, and the
 * handler may be at work on another thread when a loop lets go of a signal;
 * so handlers are counted while they run, and letting go waits for them.
 */
#include "loop/signal.h"

#include <errno.h>
#include <sched.h>

#include "base/system.h"
#include "cede/try.h"
#include "loop/handle.h"
#include "loop/loop.h"

#ifndef _NSIG
#define _NSIG 65
#endif

static struct slot {
    cede_loop *loop; /* NULL: the signal is nobody's; borrowed */
    cede_handle *handle;
    struct sigaction previous;
    int wakeup;  /* atomic: the loop's event descriptor plus one, or 0 */
    bool raised; /* atomic: arrived and not dispatched */
    bool aside;  /* counted in the loop's signals_aside */
} slots[_NSIG];

static int at_work; /* atomic: handlers running in any thread */

static void on_signal(int number)
{
    struct slot *slot = &slots[number];
    int wakeup;

    /* Sequentially consistent, so that one of the two sees the other: this
       one the descriptor gone, or forget() this one at work. */
    __atomic_fetch_add(&at_work, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&slot->raised, true, __ATOMIC_SEQ_CST);
    wakeup = __atomic_load_n(&slot->wakeup, __ATOMIC_SEQ_CST);
    if (wakeup != 0)
        cede__sys_eventfd_raise(wakeup - 1);
    __atomic_fetch_sub(&at_work, 1, __ATOMIC_SEQ_CST);
}

/* --- the table --- */

static void check_number(int number)
{
    /* The numbers between the two kinds are the C library's own. */
    if (number < 1 || number >= _NSIG || (number >= 32 && number < SIGRTMIN))
        cede_raise(cede_ValueError, "invalid signal number %d", number);
}

static void check_main_thread(void)
{
    if (!cede__sys_is_main_thread())
        cede_raise(cede_RuntimeError,
                   "signal handlers are set in the main thread only");
}

/* 0, or a negative errno: -EINVAL for a signal that cannot be caught. */
static int claim(struct slot *slot, int number, cede_loop *loop)
{
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = SA_RESTART | SA_ONSTACK};
    int rc;

    __atomic_store_n(&slot->raised, false, __ATOMIC_SEQ_CST);
    __atomic_store_n(&slot->wakeup, loop->wakeup.fd + 1, __ATOMIC_SEQ_CST);
    /* No other handler in between: the table is one. */
    sigfillset(&action.sa_mask);
    rc = cede__sys_sigaction(number, &action, &slot->previous);
    if (rc < 0) {
        __atomic_store_n(&slot->wakeup, 0, __ATOMIC_SEQ_CST);
        return rc;
    }
    slot->loop = loop;
    loop->signals++;
    return 0;
}

static void take_back(struct slot *slot)
{
    if (slot->aside)
        slot->loop->signals_aside--;
    slot->aside = false;
}

/* Somebody may have set a handler of his own meanwhile, which stays. */
static void restore(int number, const struct sigaction *previous)
{
    struct sigaction now;

    cede__sys_sigaction_get(number, &now);
    if (now.sa_handler == on_signal)
        cede__sys_sigaction_restore(number, previous);
}

static void forget(struct slot *slot, int number)
{
    take_back(slot);
    restore(number, &slot->previous);
    __atomic_store_n(&slot->wakeup, 0, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&at_work, __ATOMIC_SEQ_CST) != 0)
        sched_yield();
    cede__handle_retire(slot->handle);
    slot->handle = NULL;
    slot->loop->signals--;
    slot->loop = NULL;
}

static void raise_refusal(int number, int rc)
{
    if (rc == -EINVAL)
        cede_raise(cede_RuntimeError, "sig %d cannot be caught", number);
    cede_check(rc);
}

void cede_impl_loop_add_signal_handler(cede_loop *loop, int number,
                                       cede_callback callback, void *argument,
                                       const cede_impl_call *call)
{
    struct slot *slot;
    cede_handle *handle;
    int rc = 0;

    cede_check_alive(loop);
    check_number(number);
    cede__loop_check(loop);
    check_main_thread();
    slot = &slots[number];
    if (slot->loop != NULL && slot->loop != loop)
        cede_raise(cede_RuntimeError, "sig %d is handled by another event loop",
                   number);
    handle = cede__handle_new(loop, callback, argument, call);
    handle->repeated = true;
    if (slot->loop == NULL)
        rc = claim(slot, number, loop);
    else
        cede__handle_retire(slot->handle);
    if (rc < 0) {
        cede_unref(handle);
        raise_refusal(number, rc);
    }
    slot->handle = handle;
    take_back(slot);
}

void cede__signal_set_aside(cede_loop *loop, int number)
{
    struct slot *slot = &slots[number];

    if (slot->loop != loop || slot->aside)
        return;
    slot->aside = true;
    loop->signals_aside++;
}

void (cede_loop_add_signal_handler)(cede_loop *loop, int number,
                                    cede_callback callback, void *argument)
{
    cede_impl_loop_add_signal_handler(loop, number, callback, argument, NULL);
}

bool cede_loop_remove_signal_handler(cede_loop *loop, int number)
{
    cede_check_alive(loop);
    check_number(number);
    if (slots[number].loop != loop)
        return false;
    cede__loop_check(loop);
    check_main_thread();
    forget(&slots[number], number);
    return true;
}

void cede__signal_remove_own(cede_loop *loop, int number,
                             cede_callback callback, void *argument)
{
    const struct slot *slot = &slots[number];

    if (slot->loop == loop && cede__sys_is_main_thread() &&
        slot->handle->callback == callback &&
        slot->handle->argument == argument)
        forget(&slots[number], number);
}

/* --- for the loop --- */

void cede__signals_dispatch(cede_loop *loop)
{
    if (CEDE_IMPL_LIKELY(loop->signals == 0))
        return;
    for (int number = 1; number < _NSIG; number++) {
        struct slot *slot = &slots[number];

        if (slot->loop == loop &&
            __atomic_exchange_n(&slot->raised, false, __ATOMIC_SEQ_CST))
            cede__handle_post(slot->handle);
    }
}

void cede__signals_remove_all(cede_loop *loop)
{
    for (int number = 1; loop->signals > 0 && number < _NSIG; number++)
        if (slots[number].loop == loop)
            forget(&slots[number], number);
}

void cede__signals_forked(void)
{
    for (int number = 1; number < _NSIG; number++)
        __atomic_store_n(&slots[number].wakeup, 0, __ATOMIC_SEQ_CST);
    /* Those at work in the parent's other threads are not here. */
    __atomic_store_n(&at_work, 0, __ATOMIC_SEQ_CST);
}
