/*
 * Nurseries and supervisors. Rules Z06, Z07, Z20; see cede/nursery.h.
 *
 * It knows the children's errors and one cancel scope, in which the body and
 * the children stand. A child of cede_nursery_start stands in a scope of its
 * own, which hangs below the starter's until the child says that it has started
 * and below the nursery's from then on.
 */
#include "task/children.h"

#include "coro/coroutine.h"
#include "flow/flow.h"
#include "task/scope.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/nursery.h"

enum state { CREATED, ENTERED, EXITED };

struct cede_nursery {
    cede_object head;
    uint8_t state;
    bool supervisor;
    cede__children children;
    cede_cancel_scope *scope;   /* owned */
    cede_task *parent;          /* owned, from when it is entered */
    cede_exception *base_error; /* owned; SystemExit or KeyboardInterrupt */
    cede_exception *cancelling; /* owned; a task cancel that comes out */
};

/* What a starter and its child share. */
struct cede__start {
    cede_object head;
    cede_nursery *nursery;    /* borrowed; it outlives the child */
    cede_cancel_scope *scope; /* owned; the child's */
    cede_task *starter;       /* it waits; NULL: nobody does */
    cede_task *task;          /* owned; the child */
    cede_value value;         /* owned */
    bool started;
    bool ended;
};

/* --- a child's end --- */

static void report(const cede_nursery *nursery, const cede__child *child)
{
    cede_exception_handler_context context = {
        .message = "Unhandled exception in a task of a supervisor",
        .exception = child->error,
        .task = child->task,
    };

    cede__loop_report(nursery->parent->future.loop, &context);
}

/* True: it had not started, and its starter will hear of it. */
static bool tell_starter(struct cede__start *start)
{
    cede__scope_unhang(start->scope);
    start->task->start = NULL;
    start->ended = true;
    if (start->started || !start->starter)
        return false;
    cede_unpark(start->starter);
    return true;
}

static bool child_ended(void *owner, cede__child *child)
{
    cede_nursery *nursery = owner;
    bool ends_loop = child->error && cede__ends_loop(child->error);

    if (child->extra && tell_starter(child->extra))
        return false;
    if (!child->error)
        return false;
    if (ends_loop && !nursery->base_error)
        nursery->base_error = cede_ref(child->error);
    if (nursery->supervisor && !ends_loop) {
        report(nursery, child);
        return false;
    }
    cede_cancel_scope_cancel(nursery->scope);
    return true;
}

/* --- the block --- */

static void enter(void *self)
{
    cede_nursery *nursery = self;
    cede_task *task;

    cede__task_settle();
    task = cede_current_task();
    if (nursery->state != CREATED)
        cede_raise(cede_RuntimeError, "a nursery may only be entered once");
    if (!task)
        cede_raise(cede_RuntimeError,
                   "a nursery should be used inside a task");
    cede__scope_enter(nursery->scope);
    nursery->parent = cede_ref(task);
    nursery->state = ENTERED;
}

static void body_failed(cede_nursery *nursery, cede_exception *exception)
{
    cede_cancel_scope_cancel(nursery->scope);
    if (!nursery->base_error && cede__ends_loop(exception))
        nursery->base_error = cede_ref(exception);
    if (cede_exception_is(exception, cede_CancelledError) &&
        !cede__cancelled_by_scope(exception))
        nursery->cancelling = cede_ref(exception);
}

static cede_exception *wait_once(cede_nursery *nursery)
{
    return cede__children_wait(&nursery->children, "nursery");
}

/* Takes the reference. */
static void cancelled_while_waiting(cede_nursery *nursery,
                                    cede_exception *error)
{
    cede_cancel_scope_cancel(nursery->scope);
    if (nursery->cancelling)
        cede_unref(error);
    else
        nursery->cancelling = error;
}

/* What cancels the scopes around it reaches the children by itself. */
static void wait_for_children(cede_nursery *nursery)
{
    cede_exception *error;

    cede_shield_begin();
    cede_defer (cede_shield_end, NULL);
    while (nursery->children.running_count > 0)
        if ((error = wait_once(nursery)))
            cancelled_while_waiting(nursery, error);
}

static void raise_group(cede_nursery *nursery,
                        cede_exception *last) CEDE_IMPL_NORETURN;
static void raise_group(cede_nursery *nursery, cede_exception *last)
{
    cede_exception *errors = cede__children_group(
        &nursery->children, last, "unhandled errors in a nursery");

    cede_exception_set_cause(errors, NULL);
    cede__raise(errors, NULL);
}

/* What comes out. True: nothing, though `exception` left the body. */
static bool conclude(cede_nursery *nursery, cede_exception *exception)
{
    bool is_cancel = exception &&
                     cede_exception_is(exception, cede_CancelledError);
    bool is_bare = is_cancel || /* or the loop is being closed (K17) */
                   (exception &&
                    cede_exception_is(exception, cede_GeneratorExit));
    bool failed = nursery->children.failed_count > 0 ||
                  (exception && !is_bare);
    bool caught;

    caught = cede__scope_leave(nursery->scope, failed ? NULL : exception);
    if (nursery->base_error && nursery->base_error != exception)
        cede__raise_own(&nursery->base_error);
    if (nursery->base_error)
        return false;
    if (failed)
        raise_group(nursery, is_cancel ? NULL : exception);
    if (nursery->cancelling && nursery->cancelling != exception)
        cede__raise_own(&nursery->cancelling);
    if (!exception)
        cede__checkpoint();
    return caught;
}

static bool leave(void *self, cede_exception *exception)
{
    cede_nursery *nursery = self;

    if (cede__task_now() != nursery->parent)
        cede_raise(cede_RuntimeError, "a nursery must be left by the task that "
                                      "entered it");
    if (exception)
        body_failed(nursery, exception);
    wait_for_children(nursery);
    nursery->state = EXITED;
    return conclude(nursery, exception);
}

/* --- children --- */

static void check_open(const void *self)
{
    const cede_nursery *nursery = self;

    cede_check_alive(nursery);
    if (nursery->state == CREATED)
        cede_raise(cede_RuntimeError, "Nursery has not been entered");
    if (nursery->state == EXITED)
        cede_raise(cede_RuntimeError, "Nursery is closed to new arrivals");
    cede__loop_check(nursery->parent->future.loop);
}

static void place_child(void *owner, cede__child *child)
{
    cede__scope_move_task(child->task, ((cede_nursery *)owner)->scope);
}

static cede_task *add(cede_nursery *nursery, const cede__making *made)
{
    check_open(nursery);
    return cede__children_add(&nursery->children, made, NULL, place_child);
}

cede_task *cede_impl_nursery_new_task(cede_nursery *nursery,
                                      cede_function function,
                                      const cede_task_options *options,
                                      const char *name,
                                      const cede_location *where)
{
    return add(nursery, &(const cede__making){.function = function,
                                              .argument = options->argument,
                                              .coroutine_name = name,
                                              .where = where,
                                              .options = options});
}

cede_task *cede_impl_nursery_new_task_with(cede_nursery *nursery,
                                           cede_function function,
                                           const void *copy, size_t size,
                                           const char *name,
                                           const cede_location *where)
{
    return add(nursery, &(const cede__making){.function = function,
                                              .copy = copy,
                                              .size = size,
                                              .coroutine_name = name,
                                              .where = where,
                                              .options = &cede__task_defaults});
}

cede_task *cede_impl_nursery_new_task_from(cede_nursery *nursery,
                                           const cede_task_options *options,
                                           const cede_location *where)
{
    cede__making made = cede__making_offered(check_open, nursery, options,
                                             where);

    return cede__children_add(&nursery->children, &made, NULL, place_child);
}

/* --- start --- */

static void destroy_start(void *self)
{
    struct cede__start *start = self;

    cede_unref(start->scope);
    cede_unref(start->task);
    cede_value_unref(start->value);
}

static const cede_class start_class[1] = {{.name = "NurseryStart",
                                           .size = sizeof(struct cede__start),
                                           .destroy = destroy_start}};

static struct cede__start *new_start(cede_nursery *nursery)
{
    struct cede__start *start = cede_object_new(start_class);

    start->nursery = nursery;
    start->value = cede_none;
    start->scope = cede__scope_try_new();
    if (!start->scope) {
        cede_unref(start);
        cede_raise(cede_MemoryError);
    }
    return start;
}

/* The starter creates it: its scopes are around it until it has started. */
static void place_started(void *owner, cede__child *child)
{
    struct cede__start *start = child->extra;

    (void)owner;
    start->task = cede_ref(child->task);
    child->task->start = start;
    cede__scope_hang(start->scope, cede__task_now()->scope);
    cede__scope_move_task(child->task, start->scope);
}

/* A starter that is cancelled waits for the child, which is cancelled too. */
static bool cancel_child(cede_task *task, void *argument)
{
    (void)task;
    cede_cancel_scope_cancel(((struct cede__start *)argument)->scope);
    return false;
}

static void forget_starter(void *self)
{
    ((struct cede__start *)self)->starter = NULL;
}

/* The starter is known before the child may run: an eager one may end at
   once. */
static void start_and_wait(struct cede__start *start, const cede__making *made)
{
    start->starter = cede__task_to_suspend();
    cede_defer (forget_starter, start);
    cede__children_add(&start->nursery->children, made, start, place_started);
    while (!start->started && !start->ended)
        cede_park("nursery start", cancel_child, start);
}

/* It ended without having started. */
static void raise_failure(struct cede__start *start) CEDE_IMPL_NORETURN;
static void raise_failure(struct cede__start *start)
{
    cede_future *future = &start->task->future;

    if (future->state == CEDE__FUTURE_CANCELLED)
        cede__checkpoint();
    else
        cede_value_unref(cede__future_outcome(future, NULL));
    cede_raise(cede_RuntimeError,
               "child exited without calling cede_started()");
}

static cede_value start_child(struct cede__start *start,
                              const cede__making *made)
{
    cede_value value;

    start_and_wait(start, made);
    if (!start->started)
        raise_failure(start);
    value = start->value;
    start->value = cede_none;
    return value;
}

cede_value cede_impl_nursery_start(cede_nursery *nursery,
                                   cede_function function,
                                   const cede_task_options *options,
                                   const char *name,
                                   const cede_location *where)
{
    struct cede__start *start;
    cede__hold hold;
    cede_value value;

    check_open(nursery);
    start = new_start(nursery);
    cede__hold_push(&hold, start);
    value = start_child(start,
                        &(const cede__making){.function = function,
                                              .argument = options->argument,
                                              .coroutine_name = name,
                                              .where = where,
                                              .options = options});
    cede__hold_pop(&hold);
    cede_unref(start);
    return value;
}

static void refuse_started(cede_value value) CEDE_IMPL_NORETURN;
static void refuse_started(cede_value value)
{
    cede_value_unref(value);
    cede_raise(cede_RuntimeError,
               "nobody waits for cede_started: only a task made by "
               "cede_nursery_start calls it, and once");
}

void cede_impl_started(cede_value value)
{
    cede_task *task = cede_current_task();
    struct cede__start *start = task ? task->start : NULL;

    if (!start)
        refuse_started(value);
    task->start = NULL;
    start->started = true;
    start->value = value;
    cede__scope_hang(start->scope, start->nursery->scope);
    if (start->starter)
        cede_unpark(start->starter);
}

/* --- the object --- */

static void destroy(void *self)
{
    cede_nursery *nursery = self;

    cede__children_finish(&nursery->children);
    cede_unref(nursery->scope);
    cede_unref(nursery->parent);
    cede_unref(nursery->base_error);
    cede_unref(nursery->cancelling);
}

static const cede_manager_methods manager = {.enter = enter, .exit = leave};

static const cede_class nursery_class[1] = {{.name = "Nursery",
                                             .size = sizeof(cede_nursery),
                                             .destroy = destroy,
                                             .manager = &manager}};

cede_nursery *cede_impl_nursery_new(bool supervisor)
{
    cede_nursery *nursery = cede_object_new(nursery_class);

    cede__children_init(&nursery->children, nursery, child_ended);
    nursery->supervisor = supervisor;
    nursery->scope = cede__scope_try_new();
    if (!nursery->scope) {
        cede_unref(nursery);
        cede_raise(cede_MemoryError);
    }
    return nursery;
}

cede_cancel_scope *cede_nursery_cancel_scope(const cede_nursery *nursery)
{
    cede_check_alive(nursery);
    return nursery->scope;
}

size_t cede_nursery_count(const cede_nursery *nursery)
{
    cede_check_alive(nursery);
    return nursery->children.running_count;
}

cede_list *cede_nursery_child_tasks(const cede_nursery *nursery)
{
    cede_list *list;
    cede__hold hold;

    cede_check_alive(nursery);
    list = cede_list();
    cede__hold_push(&hold, list);
    cede__list_each(link, &nursery->children.running) {
        cede__child *child = cede__list_entry(link, cede__child, link);

        cede_list_append(list, cede_object(cede_ref(child->task)));
    }
    cede__hold_pop(&hold);
    return list;
}
