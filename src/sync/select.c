/*
 * Select: one task in several queues at once. cede/select.h.
 *
 * First every case is looked at; if none can happen, each gets an alternative
 * in a block on the heap, which others may know while the task is suspended:
 * a waiter in a channel, or a notice with a future or a descriptor. The first
 * that comes chooses itself and takes the others back at once, so nobody ever
 * serves two of them; times are the task's own timer. The task does what was
 * chosen when it runs again.
 *
 * It must not know how channels keep their promises. Rules Z04, Z14, Z17.
 */
#include "sync/channel.h"

#include "base/memory.h"
#include "cede/select.h"

#include <limits.h>
#include <math.h>

struct selection;

struct alternative {
    struct selection *selection;
    uint32_t kind; /* NEVER: it is not waited for */
    void *watched; /* a future or descriptor; a reference */
    union {
        cede__waiter waiter;
        cede_notice notice;
    } by;
};

struct selection {
    cede_task *task;
    ptrdiff_t chosen; /* -1: nothing has happened */
    size_t count;
    struct alternative alternatives[];
};

enum { BIASED = 1 << 0, DEFAULT = 1 << 1 };

static bool is_channel(uint32_t kind)
{
    return kind == CEDE_IMPL_SELECT_RECEIVE || kind == CEDE_IMPL_SELECT_SEND;
}

static bool is_time(uint32_t kind)
{
    return kind == CEDE_IMPL_SELECT_AFTER || kind == CEDE_IMPL_SELECT_AT;
}

/* --- cases --- */

/* Can it ever happen? */
static bool is_enabled(const cede_select_case *wanted)
{
    if (is_time(wanted->kind))
        return wanted->as.seconds < (double)INFINITY;
    return wanted->kind != CEDE_IMPL_SELECT_NEVER && wanted->object;
}

static void check_case(const cede_select_case *wanted)
{
    if (wanted->kind > CEDE_IMPL_SELECT_WRITABLE)
        cede_raise(cede_ValueError,
                   "select: cases are made by cede_case_receive and its like");
    if (is_time(wanted->kind)) {
        if (isnan(wanted->as.seconds))
            cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
        return;
    }
    if (!is_enabled(wanted))
        return;
    cede_check_alive(wanted->object);
    if (is_channel(wanted->kind))
        cede__channel_check(wanted->object);
    if (wanted->kind == CEDE_IMPL_SELECT_FUTURE &&
        !cede_isfuture(wanted->object))
        cede_raise(cede_TypeError,
                   "select: a future or a task is required, not '%s'",
                   cede_class_of(wanted->object)->name);
}

static void check_cases(const cede_select_case *cases, size_t count)
{
    size_t i;

    if (count > INT_MAX)
        cede_raise(cede_ValueError, "select: %zu are too many cases", count);
    for (i = 0; i < count; i++)
        check_case(&cases[i]);
}

/* An end that is closed is a mistake, whatever else is ready. */
static void check_open(const cede_select_case *cases, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (is_channel(cases[i].kind) && is_enabled(&cases[i]) &&
            cede__channel_look(cases[i].object) == CEDE__CLOSED)
            cede__channel_raise_closed(cases[i].object);
}

static bool any_enabled(const cede_select_case *cases, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (is_enabled(&cases[i]))
            return true;
    return false;
}

/* The loop's time, if it matters. */
static double time_of(const cede_select_case *cases, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (is_time(cases[i].kind))
            return cede_loop_time(cede_get_running_loop());
    return 0;
}

/* The loop's time at which a case of time happens. */
static double deadline(const cede_select_case *wanted, double now)
{
    return wanted->kind == CEDE_IMPL_SELECT_AFTER ? now + wanted->as.seconds
                                                  : wanted->as.seconds;
}

static bool is_ready(const cede_select_case *wanted, double now)
{
    if (!is_enabled(wanted))
        return false;
    switch (wanted->kind) {
    case CEDE_IMPL_SELECT_RECEIVE:
    case CEDE_IMPL_SELECT_SEND:
        return cede__channel_look(wanted->object) != CEDE__WAITING;
    case CEDE_IMPL_SELECT_FUTURE:
        return cede_future_done(wanted->object);
    case CEDE_IMPL_SELECT_READABLE:
        return cede_descriptor_ready(wanted->object, CEDE_READABLE);
    case CEDE_IMPL_SELECT_WRITABLE:
        return cede_descriptor_ready(wanted->object, CEDE_WRITABLE);
    default:
        return deadline(wanted, now) <= now;
    }
}

/* --- choosing --- */

/* Evenly spread over 0 to count - 1. */
static uint64_t chance(uint64_t count)
{
    uint64_t bits = cede_loop_random(cede_get_running_loop());

    return (uint64_t)((unsigned __int128)bits * count >> 64);
}

/* Unless the first is wanted every case is looked at, so that each that is
   ready is as likely as the others. -1 if none is. */
static ptrdiff_t choose_ready(const cede_select_case *cases, size_t count,
                              double now, unsigned flags)
{
    ptrdiff_t chosen = -1;
    uint64_t ready = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if (!is_ready(&cases[i], now))
            continue;
        if (flags & BIASED)
            return (ptrdiff_t)i;
        if (++ready == 1 || chance(ready) == 0)
            chosen = (ptrdiff_t)i;
    }
    return chosen;
}

/* The case whose time comes first, if there is one; of several at the same
   time one by chance, as above. */
static ptrdiff_t choose_time(const cede_select_case *cases, size_t count,
                             double now, unsigned flags, double *when)
{
    ptrdiff_t chosen = -1;
    uint64_t equal = 0;
    size_t i;

    *when = (double)INFINITY;
    for (i = 0; i < count; i++) {
        double time;

        if (!is_time(cases[i].kind) || !is_enabled(&cases[i]))
            continue;
        time = deadline(&cases[i], now);
        equal = time < *when ? 1 : equal + (time == *when);
        if (time < *when ||
            (time == *when && !(flags & BIASED) && chance(equal) == 0))
            chosen = (ptrdiff_t)i;
        if (time < *when)
            *when = time;
    }
    return chosen;
}

/* --- the block --- */

static void withdraw(struct alternative *alternative)
{
    if (is_channel(alternative->kind)) {
        if (alternative->by.waiter.end)
            cede__channel_withdraw(&alternative->by.waiter);
    } else {
        cede_notice_cancel(&alternative->by.notice);
    }
}

static void withdraw_all(struct selection *selection)
{
    size_t i;

    for (i = 0; i < selection->count; i++)
        withdraw(&selection->alternatives[i]);
}

static void choose(struct alternative *alternative)
{
    struct selection *selection = alternative->selection;

    selection->chosen = alternative - selection->alternatives;
    withdraw_all(selection);
}

/* The channel wakes the task. */
static void settled(cede__waiter *waiter)
{
    choose(cede__list_entry(waiter, struct alternative, by.waiter));
}

static void told(cede_notice *notice)
{
    struct alternative *alternative =
        cede__list_entry(notice, struct alternative, by.notice);

    choose(alternative);
    cede_unpark(alternative->selection->task);
}

static bool abort_wait(cede_task *task, void *selection)
{
    (void)task;
    withdraw_all(selection);
    return true;
}

static void leave(struct alternative *alternative)
{
    if (is_channel(alternative->kind))
        cede__channel_leave(&alternative->by.waiter);
    else
        cede_notice_cancel(&alternative->by.notice);
    cede_unref(alternative->watched);
}

/* For cede_defer. First all are out of all queues: giving one up may have
   others served. */
static void finish(void *self)
{
    struct selection *selection = self;
    size_t i;

    withdraw_all(selection);
    for (i = 0; i < selection->count; i++)
        leave(&selection->alternatives[i]);
    cede__free(selection);
}

static struct selection *begin(size_t count)
{
    struct selection *selection;
    size_t i;

    cede_check_suspend(); /* a clean-up goes on in another task */
    selection = cede__calloc(
        1, sizeof *selection + count * sizeof *selection->alternatives);
    if (!selection)
        cede_raise(cede_MemoryError);
    selection->task = cede_current_task();
    selection->chosen = -1;
    selection->count = count;
    for (i = 0; i < count; i++)
        selection->alternatives[i].selection = selection;
    return selection;
}

/* --- waiting --- */

static void enter_channel(struct alternative *alternative,
                          const cede_select_case *wanted)
{
    cede__waiter *waiter = &alternative->by.waiter;

    *waiter = (cede__waiter){.task = alternative->selection->task,
                             .settled = settled,
                             .value_borrowed = true};
    if (wanted->kind == CEDE_IMPL_SELECT_SEND)
        waiter->value = wanted->as.value;
    alternative->kind = wanted->kind;
    cede__channel_enter(waiter, wanted->object);
}

/* False: it need not be waited for. */
static bool watch(struct alternative *alternative,
                  const cede_select_case *wanted)
{
    unsigned events = wanted->kind == CEDE_IMPL_SELECT_READABLE ? CEDE_READABLE
                                                                : CEDE_WRITABLE;

    alternative->kind = wanted->kind;
    alternative->watched = cede_impl_ref(wanted->object);
    alternative->by.notice.tell = told;
    return wanted->kind == CEDE_IMPL_SELECT_FUTURE
               ? cede_future_watch(wanted->object, &alternative->by.notice)
               : cede_descriptor_watch(wanted->object, events,
                                       &alternative->by.notice);
}

static void enter(struct alternative *alternative,
                  const cede_select_case *wanted)
{
    if (!is_enabled(wanted) || is_time(wanted->kind))
        return;
    if (is_channel(wanted->kind))
        enter_channel(alternative, wanted);
    else if (!watch(alternative, wanted))
        choose(alternative);
}

/* Suspends until one is chosen; at the latest at that time, and then it is
   that one. */
static void await_choice(struct selection *selection, double when,
                         ptrdiff_t late)
{
    while (selection->chosen < 0)
        if (!cede_park_until(when, "select", abort_wait, selection) &&
            selection->chosen < 0)
            selection->chosen = late;
    withdraw_all(selection);
}

/* What was chosen happens, or is found to be over. */
static void conclude(struct selection *selection, cede_select_case *chosen)
{
    cede__waiter *waiter =
        &selection->alternatives[selection->chosen].by.waiter;
    cede_value item = cede_none;
    cede__outcome outcome;

    chosen->ended = false;
    if (!is_channel(chosen->kind))
        return;
    outcome = cede__channel_finish(waiter, &item);
    if (outcome == CEDE__CLOSED)
        cede__channel_raise_closed(waiter->end);
    chosen->ended = outcome == CEDE__ENDED;
    if (chosen->kind != CEDE_IMPL_SELECT_RECEIVE)
        return;
    if (chosen->as.item)
        *chosen->as.item = item;
    else
        cede_value_unref(item);
}

static int wait_for_one(cede_select_case *cases, size_t count, double now,
                        unsigned flags)
{
    struct selection *selection = begin(count);
    cede_defer (finish, selection);
    ptrdiff_t late;
    double when;
    size_t i;

    late = choose_time(cases, count, now, flags, &when);
    for (i = 0; i < count && selection->chosen < 0; i++)
        enter(&selection->alternatives[i], &cases[i]);
    await_choice(selection, when, late);
    conclude(selection, &cases[selection->chosen]);
    return (int)selection->chosen;
}

/* --- at once --- */

static void perform(cede_select_case *chosen)
{
    cede_value value = cede_none;

    chosen->ended = false;
    if (!is_channel(chosen->kind))
        return;
    if (chosen->kind == CEDE_IMPL_SELECT_SEND)
        value = chosen->as.value;
    chosen->ended = cede__channel_try(chosen->object, &value) == CEDE__ENDED;
    if (chosen->kind == CEDE_IMPL_SELECT_SEND) {
        if (!chosen->ended)
            cede_value_ref(value); /* the channel's */
    } else if (chosen->as.item) {
        *chosen->as.item = value;
    } else {
        cede_value_unref(value);
    }
}

static int select_one(cede_select_case *cases, size_t count, unsigned flags)
{
    ptrdiff_t chosen;
    double now;

    check_cases(cases, count);
    cede_consume_budget();
    check_open(cases, count);
    now = time_of(cases, count);
    chosen = choose_ready(cases, count, now, flags);
    if (chosen >= 0)
        perform(&cases[chosen]);
    if (chosen >= 0 || flags & DEFAULT)
        return (int)chosen;
    if (!any_enabled(cases, count))
        cede_raise(cede_RuntimeError,
                   "select would wait for ever: every case is disabled");
    return wait_for_one(cases, count, now, flags);
}

int cede_select(cede_select_case *cases, size_t count)
{
    return select_one(cases, count, 0);
}

int cede_select_biased(cede_select_case *cases, size_t count)
{
    return select_one(cases, count, BIASED);
}

int cede_select_or_default(cede_select_case *cases, size_t count)
{
    return select_one(cases, count, DEFAULT);
}

int cede_select_biased_or_default(cede_select_case *cases, size_t count)
{
    return select_one(cases, count, BIASED | DEFAULT);
}
