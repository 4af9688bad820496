/*
 * Cancel scopes. See cede/cancel_scope.h and scope.h; rules Z01 to Z05, Z07,
 * Z08, decision 0021.
 *
 * It knows the tree and who stands in it. Must not know how a task is woken
 * (cancel.c), or what a nursery does with its children.
 */
#include "task/scope.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include <math.h>

enum state { CREATED, ENTERED, EXITED };

/* --- the tree --- */

static bool is_effective(const cede_cancel_scope *scope)
{
    return scope->cancelled ||
           (!scope->shield && scope->parent && scope->parent->effective);
}

static cede_cancel_scope *scope_of(cede__list *link)
{
    return cede__list_entry(link, cede_cancel_scope, link);
}

/* The next scope behind this one and what stands below it, inside `top`. */
static cede_cancel_scope *next_beside(cede_cancel_scope *scope,
                                      const cede_cancel_scope *top)
{
    for (; scope != top; scope = scope->parent)
        if (scope->link.next != &scope->parent->children)
            return scope_of(scope->link.next);
    return NULL;
}

static cede_cancel_scope *next_below(cede_cancel_scope *scope,
                                     const cede_cancel_scope *top)
{
    return cede__list_empty(&scope->children)
               ? next_beside(scope, top)
               : scope_of(scope->children.next);
}

static bool level_of(const cede_task *task)
{
    return task->scope && task->scope->effective && task->shields == 0;
}

static void tell_tasks(const cede_cancel_scope *scope)
{
    cede__list *link, *next;

    for (link = scope->tasks.next; link != &scope->tasks; link = next) {
        cede_task *task = cede__list_entry(link, cede_task, scope_link);

        next = link->next;
        cede__task_set_level(task, level_of(task));
    }
}

/* What the scope's tasks can see has changed, perhaps. A walk without a call
   per scope: the tree may be deeper than a stack. */
static void refresh(cede_cancel_scope *top)
{
    cede_cancel_scope *scope = top;

    while (scope) {
        bool effective = is_effective(scope);

        if (effective == scope->effective) {
            scope = next_beside(scope, top);
            continue;
        }
        scope->effective = effective;
        tell_tasks(scope);
        scope = next_below(scope, top);
    }
}

static void take_out(cede_cancel_scope *scope)
{
    cede_cancel_scope *parent = scope->parent;

    cede__list_remove(&scope->link);
    scope->parent = NULL;
    cede_unref(parent);
}

static void put_below(cede_cancel_scope *scope, cede_cancel_scope *parent)
{
    scope->parent = cede_ref(parent);
    if (parent)
        cede__list_push_back(&parent->children, &scope->link);
}

void cede__scope_hang(cede_cancel_scope *scope, cede_cancel_scope *parent)
{
    take_out(scope);
    put_below(scope, parent);
    refresh(scope);
}

void cede__scope_move_task(cede_task *task, cede_cancel_scope *scope)
{
    cede_cancel_scope *before = task->scope;

    if (before)
        cede__list_remove(&task->scope_link);
    task->scope = cede_ref(scope);
    if (scope)
        cede__list_push_back(&scope->tasks, &task->scope_link);
    cede_unref(before);
    if (task->level != level_of(task))
        cede__task_set_level(task, level_of(task));
}

/* Who still stands below it when it goes goes one up: nobody, unless blocks
   were left in another order than they were entered. */
static void empty(cede_cancel_scope *scope)
{
    while (!cede__list_empty(&scope->children))
        cede__scope_hang(scope_of(scope->children.next), scope->parent);
    while (!cede__list_empty(&scope->tasks))
        cede__scope_move_task(cede__list_entry(scope->tasks.next, cede_task,
                                               scope_link),
                              scope->parent);
}

void cede__scope_unhang(cede_cancel_scope *scope)
{
    empty(scope);
    take_out(scope);
}

/* --- its time --- */

static void cancel(cede_cancel_scope *scope)
{
    if (scope->cancelled || scope->state == EXITED)
        return;
    scope->cancelled = true;
    if (scope->loop)
        cede__loop_timer_stop(scope->loop, &scope->timer);
    refresh(scope);
}

static void expire(cede__timer *timer)
{
    cancel((cede_cancel_scope *)((char *)timer -
                                 offsetof(cede_cancel_scope, timer)));
}

/* Of a scope that is entered. Raises MemoryError. */
static void start_timer(cede_cancel_scope *scope, int64_t when)
{
    int rc = 0;

    cede__loop_timer_stop(scope->loop, &scope->timer);
    if (when != CEDE__NEVER)
        rc = cede__loop_timer_start(scope->loop, &scope->timer, when);
    if (rc < 0 && scope->when != CEDE__NEVER) /* there was room for that one */
        cede__loop_timer_start(scope->loop, &scope->timer, scope->when);
    cede_check(rc);
}

static void set_deadline(cede_cancel_scope *scope, int64_t when)
{
    if (scope->state == ENTERED && !scope->cancelled) {
        if (when <= cede__loop_now(scope->loop))
            cancel(scope);
        else
            start_timer(scope, when);
    }
    scope->when = when;
}

/* --- a block --- */

static cede_task *task_that_enters(const cede_cancel_scope *scope)
{
    cede_task *task;

    cede__task_settle();
    task = cede_current_task();
    if (scope->state != CREATED)
        cede_raise(cede_RuntimeError,
                   "Each cede_cancel_scope may only be entered once");
    if (!task)
        cede_raise(cede_RuntimeError,
                   "a cancel scope should be used inside a task");
    return task;
}

void cede__scope_enter(cede_cancel_scope *scope)
{
    cede_task *task = task_that_enters(scope);

    scope->loop = cede_ref(task->future.loop);
    scope->state = ENTERED;
    set_deadline(scope, scope->when);
    cede__yield_ban_begin(&scope->ban);
    put_below(scope, task->scope);
    scope->effective = is_effective(scope);
    cede__scope_move_task(task, scope);
}

/* Blocks end from the inside out, in the task that began them. */
static void check_innermost(const cede_cancel_scope *scope)
{
    const cede_task *task = cede__task_now();

    if (!task || task->scope != scope)
        cede_raise(cede_RuntimeError,
                   "a cancel scope must be left by the task that entered it, "
                   "after those that were entered inside it");
}

static void close(cede_cancel_scope *scope)
{
    scope->state = EXITED;
    cede__loop_timer_stop(scope->loop, &scope->timer);
    cede__yield_ban_end(&scope->ban);
    cede__scope_unhang(scope);
}

static bool is_own(const cede_cancel_scope *scope,
                   const cede_exception *exception)
{
    return cede_exception_is(exception, cede_CancelledError) &&
           exception->number == scope->number;
}

bool cede__scope_leave(cede_cancel_scope *scope, cede_exception *exception)
{
    check_innermost(scope);
    close(scope);
    if (!exception || !is_own(scope, exception))
        return false;
    scope->caught = true;
    if (scope->fails)
        cede__raise_timeout(exception);
    return true;
}

/* --- objects --- */

static void enter(void *self)
{
    cede__scope_enter(self);
}

static bool leave(void *self, cede_exception *exception)
{
    return cede__scope_leave(self, exception);
}

/* One that was entered and not left belongs to code that will never run
   again: its loop is closed. */
static void destroy(void *self)
{
    cede_cancel_scope *scope = self;

    if (scope->loop)
        cede__loop_timer_stop(scope->loop, &scope->timer);
    cede__list_remove(&scope->link);
    cede_unref(scope->parent);
    cede_unref(scope->loop);
}

static const cede_manager_methods manager = {.enter = enter, .exit = leave};

static const cede_class scope_class[1] = {{.name = "CancelScope",
                                           .size = sizeof(cede_cancel_scope),
                                           .destroy = destroy,
                                           .manager = &manager}};

static void furnish(cede_cancel_scope *scope)
{
    static size_t scopes_made;

    scope->number = __atomic_add_fetch(&scopes_made, 1, __ATOMIC_RELAXED);
    scope->when = CEDE__NEVER;
    scope->timer.fire = expire;
    cede__list_init(&scope->children);
    cede__list_init(&scope->link);
    cede__list_init(&scope->tasks);
}

cede_cancel_scope *cede__scope_try_new(void)
{
    cede_cancel_scope *scope = cede__object_try_new(scope_class);

    if (scope)
        furnish(scope);
    return scope;
}

cede_cancel_scope *
cede_impl_scope_new(const cede_cancel_scope_options *options)
{
    cede_cancel_scope *scope = cede__scope_try_new();

    if (!scope)
        cede_raise(cede_MemoryError);
    scope->shield = options->shield;
    return scope;
}

/* --- with a deadline --- */

static int64_t nanoseconds(double seconds)
{
    if (isnan(seconds))
        cede_raise(cede_ValueError, "deadline must not be NaN");
    return isinf(seconds) && seconds > 0 ? CEDE__NEVER
                                         : cede__nanoseconds(seconds);
}

static cede_cancel_scope *new_until(int64_t when, bool shield, bool fails)
{
    cede_cancel_scope *scope =
        cede_impl_scope_new(&(cede_cancel_scope_options){.shield = shield});

    scope->when = when;
    scope->fails = fails;
    return scope;
}

static int64_t from_now(double seconds)
{
    int64_t delay = nanoseconds(seconds);

    return delay == CEDE__NEVER
               ? CEDE__NEVER
               : cede__deadline(cede__loop_now(cede_get_running_loop()), delay);
}

cede_cancel_scope *cede_impl_scope_after(const cede_impl_scope_time *time)
{
    return new_until(from_now(time->time), time->shield, false);
}

cede_cancel_scope *cede_impl_scope_at(const cede_impl_scope_time *time)
{
    return new_until(nanoseconds(time->time), time->shield, false);
}

cede_cancel_scope *cede_impl_scope_fail_after(const cede_impl_scope_time *time)
{
    return new_until(from_now(time->time), time->shield, true);
}

cede_cancel_scope *cede_impl_scope_fail_at(const cede_impl_scope_time *time)
{
    return new_until(nanoseconds(time->time), time->shield, true);
}

/* --- public --- */

static void check_scope(const cede_cancel_scope *scope)
{
    cede_check_alive(scope);
    if (scope->state == ENTERED)
        cede__loop_check(scope->loop);
}

void cede_cancel_scope_cancel(cede_cancel_scope *scope)
{
    check_scope(scope);
    cancel(scope);
}

bool cede_cancel_scope_cancel_called(const cede_cancel_scope *scope)
{
    cede_check_alive(scope);
    return scope->cancelled;
}

bool cede_cancel_scope_cancelled_caught(const cede_cancel_scope *scope)
{
    cede_check_alive(scope);
    return scope->caught;
}

double cede_cancel_scope_deadline(const cede_cancel_scope *scope)
{
    cede_check_alive(scope);
    return scope->when == CEDE__NEVER ? INFINITY : cede__seconds(scope->when);
}

void cede_cancel_scope_set_deadline(cede_cancel_scope *scope, double when)
{
    check_scope(scope);
    set_deadline(scope, nanoseconds(when));
}

bool cede_cancel_scope_shield(const cede_cancel_scope *scope)
{
    cede_check_alive(scope);
    return scope->shield;
}

void cede_cancel_scope_set_shield(cede_cancel_scope *scope, bool shield)
{
    check_scope(scope);
    scope->shield = shield;
    if (scope->state == ENTERED)
        refresh(scope);
}

/* --- what a task sees --- */

double cede_current_effective_deadline(void)
{
    const cede_task *task = cede_current_task();
    const cede_cancel_scope *scope = task ? task->scope : NULL;
    int64_t first = CEDE__NEVER;

    if (scope && scope->effective)
        return -INFINITY;
    for (; scope; scope = scope->shield ? NULL : scope->parent)
        if (scope->when < first)
            first = scope->when;
    return first == CEDE__NEVER ? INFINITY : cede__seconds(first);
}

/* The outermost: where its block ends everything inside has ended too. A wait
   may have been undone for a scope that a shield has hidden since. */
static const cede_cancel_scope *outermost_cancelled(
    const cede_cancel_scope *scope)
{
    const cede_cancel_scope *seen = NULL, *hidden = NULL;
    bool shielded = false;

    for (; scope; scope = scope->parent) {
        if (scope->cancelled && !shielded)
            seen = scope;
        else if (scope->cancelled && !hidden)
            hidden = scope;
        shielded |= scope->shield;
    }
    return seen ? seen : hidden;
}

cede_exception *cede__scope_cancelled_error(const cede_cancel_scope *scope)
{
    const cede_cancel_scope *origin = outermost_cancelled(scope);
    cede_exception *error = cede__cancelled_error(NULL);

    if (origin && cede_exception_is(error, cede_CancelledError))
        error->number = origin->number;
    return error;
}

bool cede__cancelled_by_scope(const cede_exception *exception)
{
    return cede_exception_is(exception, cede_CancelledError) &&
           exception->number != 0;
}

/* --- shields of waits --- */

static void change_shields(int by)
{
    cede_task *task = cede__task_now();

    if (!task)
        return;
    task->shields = (uint16_t)(task->shields + by);
    if (task->level != level_of(task))
        cede__task_set_level(task, level_of(task));
}

static cede_value settle(void *unused)
{
    (void)unused;
    cede__task_settle();
    return cede_none;
}

/* Without memory for a task a clean-up stays where it is. */
void cede_shield_begin(void)
{
    if (CEDE_IMPL_UNLIKELY(cede__closing_now))
        cede_unref(cede_catch(settle, NULL, NULL));
    change_shields(1);
}

void cede_shield_end(void *unused)
{
    (void)unused;
    change_shields(-1);
}
