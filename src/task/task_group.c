/*
 * Task groups: asyncio.TaskGroup as of CPython 3.13. Rules K01 to K18, D05; see
 * cede/task_group.h.
 *
 * It knows the children's errors and who cancelled whom: a cancel of the parent
 * that the group itself asked for is taken back at the end, any other stays.
 * Under a cancelled scope the body is cancelled as from outside.
 */
#include "task/children.h"

#include "coro/coroutine.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/group.h"
#include "cede/task_group.h"

#include <stdio.h>

struct cede_task_group {
    cede_object head;
    bool entered;
    bool exiting;
    bool aborting;
    bool parent_asked; /* the group has cancelled its parent, and must take
                          that back */
    bool cancelled;    /* by cede_task_group_cancel */
    cede__children children;
    cede_task *parent;          /* owned */
    cede_exception *base_error; /* owned; SystemExit or KeyboardInterrupt */
    cede_exception *cancelling; /* owned; the CancelledError that comes out */
    cede__yield_ban ban;
};

/* --- what it says of itself --- */

static const char *condition(const cede_task_group *group)
{
    return group->aborting ? " cancelling" : group->entered ? " entered" : "";
}

/* <TaskGroup tasks=2 entered> */
static void describe(const cede_task_group *group, char *line, size_t size)
{
    char tasks[32] = "", errors[32] = "";

    if (group->children.running_count > 0)
        snprintf(tasks, sizeof tasks, " tasks=%zu",
                 group->children.running_count);
    if (group->children.failed_count > 0)
        snprintf(errors, sizeof errors, " errors=%zu",
                 group->children.failed_count);
    snprintf(line, size, "<TaskGroup%s%s%s>", tasks, errors, condition(group));
}

static cede_value repr(void *self)
{
    char line[128];

    describe(self, line, sizeof line);
    return cede_str_copy(line);
}

static void refuse(const cede_task_group *group,
                   const char *why) CEDE_IMPL_NORETURN;
static void refuse(const cede_task_group *group, const char *why)
{
    char line[128];

    describe(group, line, sizeof line);
    cede_raise(cede_RuntimeError, "TaskGroup %s %s", line, why);
}

/* --- aborting --- */

static void abort_children(cede_task_group *group)
{
    group->aborting = true;
    cede__children_cancel(&group->children);
}

static void ask_parent(cede_task_group *group)
{
    if (group->parent_asked)
        return;
    group->parent_asked = true;
    cede__task_request_cancel(group->parent, NULL);
}

static void keep_base_error(cede_task_group *group, cede_exception *exception)
{
    if (!group->base_error && cede__ends_loop(exception))
        group->base_error = cede_ref(exception);
}

static bool child_ended(void *owner, cede__child *child)
{
    cede_task_group *group = owner;

    if (!child->error)
        return false;
    keep_base_error(group, child->error);
    if (!group->aborting && !group->parent_asked) {
        abort_children(group);
        ask_parent(group);
    }
    return true;
}

void cede_task_group_cancel(cede_task_group *group)
{
    cede_check_alive(group);
    if (group->exiting && group->children.running_count == 0)
        return;
    group->cancelled = true;
    if (!group->entered)
        return;
    cede__loop_check(group->parent->future.loop);
    if (!group->aborting)
        abort_children(group);
    ask_parent(group);
}

/* --- the block --- */

static void enter(void *self)
{
    cede_task_group *group = self;
    cede_task *task;

    cede__task_settle();
    task = cede_current_task();
    if (group->entered)
        refuse(group, "has already been entered");
    if (!task)
        refuse(group, "cannot determine the parent task");
    group->entered = true;
    group->parent = cede_ref(task);
    cede__yield_ban_begin(&group->ban);
    if (group->cancelled)
        ask_parent(group);
}

static cede_exception *wait_once(cede_task_group *group)
{
    return cede__children_wait(&group->children, "task group");
}

/* Takes the reference. */
static void cancelled_while_waiting(cede_task_group *group,
                                    cede_exception *error)
{
    if (group->aborting) {
        cede_unref(error);
        return;
    }
    cede_unref(group->cancelling);
    group->cancelling = error;
    abort_children(group);
}

/* However often the parent is cancelled meanwhile (K15). A cancelled scope
   around it says once what it has to say. */
static void wait_for_children(cede_task_group *group)
{
    cede_exception *error;

    if (group->children.running_count == 0)
        return;
    if (!group->aborting && (error = wait_once(group)))
        cancelled_while_waiting(group, error);
    cede_shield_begin();
    cede_defer (cede_shield_end, NULL);
    while (group->children.running_count > 0)
        if ((error = wait_once(group)))
            cancelled_while_waiting(group, error);
}

/* A cancel that only the group asked for is nobody's. */
static void take_request_back(cede_task_group *group)
{
    if (!group->parent_asked || cede_task_uncancel(group->parent) > 0)
        return;
    if (group->cancelling && !cede__cancelled_by_scope(group->cancelling)) {
        cede_unref(group->cancelling);
        group->cancelling = NULL;
    }
}

/* The count of requests stays, and who was cancelled from outside hears of it
   at the next wait (K18, D05). */
static void ask_again(cede_task *parent)
{
    if (cede_task_cancelling(parent) == 0)
        return;
    cede_task_uncancel(parent);
    cede__task_request_cancel(parent, NULL);
}

static void raise_group(cede_task_group *group, cede_exception *last)
    CEDE_IMPL_NORETURN;
static void raise_group(cede_task_group *group, cede_exception *last)
{
    cede_exception *errors;

    ask_again(group->parent);
    errors = cede__children_group(&group->children, last,
                                  "unhandled errors in a TaskGroup");
    cede__children_finish(&group->children); /* the errors are its now */
    cede_exception_set_cause(errors, NULL);
    cede__raise(errors, NULL);
}

/* What comes out. True: nothing, though `exception` left the body. */
static bool conclude(cede_task_group *group, cede_exception *exception)
{
    bool is_cancel = exception &&
                     cede_exception_is(exception, cede_CancelledError);
    bool failed = group->children.failed_count > 0;

    if (group->base_error && group->base_error != exception)
        cede__raise_own(&group->base_error);
    if (group->base_error)
        return false;
    take_request_back(group);
    if (group->cancelling && !failed) {
        if (group->cancelling == exception)
            return false;
        cede__raise_own(&group->cancelling);
    }
    if (!failed && exception && cede_exception_is(exception, cede_GeneratorExit))
        return false; /* the loop is being closed (K17) */
    if (failed || (exception && !is_cancel))
        raise_group(group, is_cancel ? NULL : exception);
    return is_cancel; /* of the group's own making */
}

static bool leave(void *self, cede_exception *exception)
{
    cede_task_group *group = self;

    if (cede__task_now() != group->parent)
        cede_raise(cede_RuntimeError, "a TaskGroup must be left by the task "
                                      "that entered it");
    group->exiting = true;
    cede__yield_ban_end(&group->ban);
    if (exception) {
        keep_base_error(group, exception);
        if (cede_exception_is(exception, cede_CancelledError))
            group->cancelling = cede_ref(exception);
        if (!group->aborting)
            abort_children(group);
    }
    wait_for_children(group);
    return conclude(group, exception);
}

/* --- its tasks --- */

static void check_create(const void *self)
{
    const cede_task_group *group = self;

    cede_check_alive(group);
    if (!group->entered)
        refuse(group, "has not been entered");
    cede__loop_check(group->parent->future.loop);
    if (group->exiting && group->children.running_count == 0)
        refuse(group, "is finished");
    if (group->aborting)
        refuse(group, "is shutting down");
}

/* An eager task may end the group before that knows of it. */
static cede_task *begin(cede_task_group *group, const cede__making *made)
{
    cede_task *task = cede__children_add(&group->children, made, NULL, NULL);

    if (group->aborting)
        cede__task_request_cancel(task, NULL);
    return task;
}

static cede_task *add(cede_task_group *group, const cede__making *made)
{
    check_create(group);
    return begin(group, made);
}

cede_task *cede_impl_task_group_new_task(cede_task_group *group,
                                         cede_function function,
                                         const cede_task_options *options,
                                         const char *name,
                                         const cede_location *where)
{
    return add(group, &(const cede__making){.function = function,
                                            .argument = options->argument,
                                            .coroutine_name = name,
                                            .where = where,
                                            .options = options});
}

cede_task *cede_impl_task_group_new_task_with(cede_task_group *group,
                                              cede_function function,
                                              const void *copy, size_t size,
                                              const char *name,
                                              const cede_location *where)
{
    return add(group, &(const cede__making){.function = function,
                                            .copy = copy,
                                            .size = size,
                                            .coroutine_name = name,
                                            .where = where,
                                            .options = &cede__task_defaults});
}

cede_task *cede_impl_task_group_new_task_from(cede_task_group *group,
                                              const cede_task_options *options,
                                              const cede_location *where)
{
    cede__making made =
        cede__making_offered(check_create, group, options, where);

    return begin(group, &made);
}

/* --- the object --- */

static void destroy(void *self)
{
    cede_task_group *group = self;

    cede__children_finish(&group->children);
    cede_unref(group->parent);
    cede_unref(group->base_error);
    cede_unref(group->cancelling);
}

static const cede_manager_methods manager = {.enter = enter, .exit = leave};
static const cede_object_methods object = {.repr = repr};

static const cede_class task_group_class[1] = {
    {.name = "TaskGroup",
     .size = sizeof(cede_task_group),
     .destroy = destroy,
     .manager = &manager,
     .object = &object}};

cede_task_group *cede_task_group_new(void)
{
    cede_task_group *group = cede_object_new(task_group_class);

    cede__children_init(&group->children, group, child_ended);
    return group;
}

size_t cede_task_group_count(const cede_task_group *group)
{
    cede_check_alive(group);
    return group->children.running_count;
}
