/*
 * Children of groups and nurseries. See children.h; rules K02, K12.
 *
 * It knows when they have ended; what follows from it is the owner's.
 */
#include "task/children.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/group.h"

void cede__children_init(cede__children *children, void *owner,
                         bool (*ended)(void *owner, cede__child *child))
{
    *children = (cede__children){.owner = owner, .ended = ended};
    cede__list_init(&children->running);
    cede__list_init(&children->failed);
}

static cede__child *child_of(cede__list *link)
{
    return cede__list_entry(link, cede__child, link);
}

static void free_child(void *self)
{
    cede__child *child = self;

    cede_unref(child->task);
    cede_unref(child->error);
    cede_unref(child->extra);
    cede__free(child);
}

void cede__children_finish(cede__children *children)
{
    while (!cede__list_empty(&children->failed)) {
        cede__child *child = child_of(children->failed.next);

        cede__list_remove(&child->link);
        free_child(child);
    }
    children->failed_count = 0;
}

/* --- an end --- */

static cede__child *child_of_job(cede__job *job)
{
    return (cede__child *)((char *)job - offsetof(cede__child, job));
}

/* Tells the owner. True: the child is kept. */
static bool tell(cede__child *child)
{
    cede__children *children = child->children;
    cede_future *future = &child->task->future;

    if (future->state == CEDE__FUTURE_FINISHED)
        child->error = cede__future_take_exception(future);
    if (children->running_count == 0 && children->waiter)
        cede_unpark(children->waiter);
    if (!children->ended(children->owner, child))
        return false;
    cede__list_push_back(&children->failed, &child->link);
    children->failed_count++;
    return true;
}

static void leave_running(cede__child *child)
{
    cede__list_remove(&child->link);
    child->children->running_count--;
}

static void child_done(cede__job *job)
{
    cede__child *child = child_of_job(job);
    void *owner = child->children->owner;

    leave_running(child);
    if (!tell(child))
        free_child(child);
    cede_unref(owner);
}

/* Of an eager one that ended at once: whoever made it has its task until the
   next iteration, as others have theirs until they end. */
static void forget(cede__job *job)
{
    free_child(child_of_job(job));
}

cede_future *cede__children_waiter(const cede__completion *completion)
{
    const cede_task *waiter;

    if (!completion->job || completion->job->run != child_done)
        return NULL;
    waiter = child_of_job(completion->job)->children->waiter;
    return waiter ? (cede_future *)&waiter->future : NULL;
}

bool cede__children_drop(cede__job *job)
{
    void *owner;

    if (job->run == forget) {
        forget(job);
        return true;
    }
    if (job->run != child_done)
        return false;
    owner = child_of_job(job)->children->owner;
    leave_running(child_of_job(job));
    free_child(child_of_job(job));
    cede_unref(owner);
    return true;
}

/* --- a beginning --- */

static cede__child *new_child(cede__children *children)
{
    cede__child *child = cede__calloc(1, sizeof *child);

    if (!child)
        cede_raise(cede_MemoryError);
    child->children = children;
    child->job.run = child_done;
    child->completion.job = &child->job;
    cede__list_init(&child->link);
    cede__list_init(&child->completion.link);
    return child;
}

static void attach(cede__child *child)
{
    cede__children *children = child->children;
    cede_future *future = &child->task->future;

    if (future->state == CEDE__FUTURE_PENDING) {
        cede_ref(children->owner);
        cede__list_push_back(&children->running, &child->link);
        children->running_count++;
        cede__future_subscribe(future, &child->completion, &child->job);
    } else if (!tell(child)) {
        child->job.run = forget;
        cede__loop_post(future->loop, &child->job);
    }
}

/* A child that is not attached yet, for cede_defer. */
struct beginning {
    cede__child *child; /* NULL: it is not to be freed */
};

static void give_up(void *self)
{
    struct beginning *beginning = self;

    if (beginning->child)
        free_child(beginning->child);
}

/* The child's block first: from then on nothing fails but the making. */
static cede_task *make_child(struct beginning *beginning,
                             cede__children *children,
                             const cede__making *made)
{
    cede_task *task;
    cede__hold hold;

    cede__hold_push(&hold, made->awaitable);
    beginning->child = new_child(children);
    task = cede__task_make(made);
    cede__hold_pop(&hold);
    return task;
}

cede_task *cede__children_add(cede__children *children,
                              const cede__making *made, void *extra,
                              void (*prepare)(void *owner, cede__child *child))
{
    struct beginning beginning = {NULL};
    cede_defer (give_up, &beginning);
    cede_task *task = make_child(&beginning, children, made);

    beginning.child->task = task;
    beginning.child->extra = cede_ref(extra);
    if (prepare)
        prepare(children->owner, beginning.child);
    cede__task_begin(task);
    attach(beginning.child);
    beginning.child = NULL;
    return task;
}

/* --- all of them --- */

void cede__children_cancel(cede__children *children)
{
    cede__list *link, *next;

    for (link = children->running.next; link != &children->running;
         link = next) {
        next = link->next;
        cede__task_request_cancel(child_of(link)->task, NULL);
    }
}

static bool abort_wait(cede_task *task, void *argument)
{
    (void)task;
    ((cede__children *)argument)->waiter = NULL;
    return true;
}

static void stop_waiting(void *self)
{
    ((cede__children *)self)->waiter = NULL;
}

struct waiting {
    cede__children *children;
    const char *reason;
};

static cede_value park(void *self)
{
    const struct waiting *waiting = self;
    cede__children *children = waiting->children;
    cede_defer (stop_waiting, children);

    while (children->running_count > 0) {
        children->waiter = cede__task_to_suspend();
        cede_park(waiting->reason, abort_wait, children);
    }
    return cede_none;
}

cede_exception *cede__children_wait(cede__children *children,
                                    const char *reason)
{
    struct waiting waiting = {children, reason};
    cede_exception *error = cede_catch(park, &waiting, NULL);

    if (error && cede_exception_is(error, cede_GeneratorExit))
        cede__throw(error);
    return error;
}

/* --- their errors --- */

struct errors {
    cede_exception **at;
    size_t count;
};

static void free_errors(void *self)
{
    cede__free(((struct errors *)self)->at);
}

cede_exception *cede__children_group(const cede__children *children,
                                     cede_exception *last, const char *message)
{
    struct errors errors = {
        cede__calloc(children->failed_count + 1, sizeof *errors.at), 0};
    cede_defer (free_errors, &errors);

    if (!errors.at)
        cede_raise(cede_MemoryError);
    cede__list_each(link, &children->failed)
        errors.at[errors.count++] = child_of(link)->error;
    if (last)
        errors.at[errors.count++] = last;
    return cede_exception_group(message, errors.at, errors.count);
}
