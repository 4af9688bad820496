/*
 * gather: one future for many. asyncio.gather, rules W01-W06, W25.
 *
 * The gathering future lies with an entry for each child in one block; a
 * child's end posts the entry's job, as an asyncio done callback. The awaiting
 * task copies the results when it runs again: nobody else touches its stack.
 *
 * Invariant: the gathering owns its children and belongs to the task that
 * awaits it; an entry owns a reference to it from when its job is posted until
 * it has run. An entry that still waits for its child when the gathering goes
 * is taken back.
 */
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/gather.h"

struct gathering;

struct child {
    cede__completion completion;
    cede__job job;
    struct gathering *gathering;
    cede_future *future; /* a reference */
    bool duplicate;      /* stands earlier in the list too (W05) */
};

struct gathering {
    cede_future future;
    size_t count;
    size_t unique;
    size_t finished;
    unsigned flags;
    bool cancel_requested;
    bool cancelling; /* its children are being asked */
    struct child children[];
};

/* The gather is over before this child is. */
static void forget_child(struct child *entry, bool done)
{
    if (cede__list_empty(&entry->completion.link))
        return;
    cede__future_unsubscribe(&entry->completion);
    if (done)
        entry->future->silent = true; /* W06 */
}

static void destroy(void *self)
{
    struct gathering *gathering = self;
    bool done = cede_future_done(&gathering->future);
    size_t i;

    for (i = 0; i < gathering->count; i++)
        forget_child(&gathering->children[i], done);
    for (i = 0; i < gathering->count; i++)
        cede_unref(gathering->children[i].future);
    gathering->future.unretrieved = false; /* its children report theirs */
    cede__future_finish(&gathering->future, "Future");
}

const cede_class cede__gather_class[1] = {{.name = "_GatheringFuture",
                                           .base = cede__future_class,
                                           .size = sizeof(struct gathering),
                                           .destroy = destroy}};

bool cede__gather_cancel(cede_future *future, const char *message)
{
    struct gathering *gathering = (struct gathering *)future;
    bool any = false;
    size_t i;

    if (cede_future_done(future) || gathering->cancelling)
        return false;
    gathering->cancelling = true; /* a child may await who gathers it */
    for (i = 0; i < gathering->count; i++)
        if (!gathering->children[i].duplicate &&
            cede__future_cancel(gathering->children[i].future, message))
            any = true;
    gathering->cancelling = false;
    if (any) {
        gathering->cancel_requested = true;
        cede__free(future->cancel_message);
        future->cancel_message = cede__copy_message(message);
    }
    return any;
}

bool cede__gather_is_cancelling(const cede_future *future)
{
    return future->head.object_class == cede__gather_class &&
           ((const struct gathering *)future)->cancelling;
}

/* The exception with which a child ends the gathering now, or NULL. */
static cede_exception *failure(const struct gathering *gathering,
                               cede_future *child)
{
    if (gathering->flags & CEDE_RETURN_EXCEPTIONS)
        return NULL;
    if (child->state == CEDE__FUTURE_CANCELLED || child->exception)
        return cede__future_take_exception(child);
    return NULL;
}

static void child_done(cede__job *job)
{
    struct child *entry =
        (struct child *)((char *)job - offsetof(struct child, job));
    struct gathering *gathering = entry->gathering;
    cede_exception *exception;

    gathering->finished++;
    if (cede_future_done(&gathering->future)) {
        entry->future->unretrieved = false; /* W06 */
    } else if ((exception = failure(gathering, entry->future)) != NULL) {
        cede__future_end_exception(&gathering->future, exception);
    } else if (gathering->finished == gathering->unique) {
        if (gathering->cancel_requested)
            cede__future_end_exception(
                &gathering->future,
                cede__cancelled_error(gathering->future.cancel_message));
        else
            cede__future_end_result(&gathering->future, cede_none);
    }
    cede_unref(gathering); /* the entry's */
}

static struct gathering *gathering_of(cede__job *job)
{
    return ((struct child *)((char *)job - offsetof(struct child, job)))
        ->gathering;
}

bool cede__gather_drop(cede__job *job)
{
    if (job->run != child_done)
        return false;
    cede_unref(gathering_of(job));
    return true;
}

void cede__gather_told(cede__job *job)
{
    if (job->run == child_done)
        cede_ref(gathering_of(job)); /* the entry's, until it has run */
}

static void subscribe(struct gathering *gathering, struct child *entry)
{
    cede_future *future = entry->future;

    entry->gathering = gathering;
    entry->job.run = child_done;
    if (cede_future_done(future)) {
        cede__gather_told(&entry->job);
        cede__loop_post(future->loop, &entry->job);
    } else {
        cede__future_subscribe(future, &entry->completion, &entry->job);
    }
}

static cede_loop *check_children(void *const *awaitables, size_t count)
{
    cede_loop *loop = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        cede_future *future = awaitables[i];

        cede__check_given(future);
        if (!cede__is_future(future))
            cede_raise(cede_TypeError,
                       "gather needs tasks and futures, not '%s'",
                       cede__class_name(future));
        if (loop && future->loop != loop)
            cede_raise(cede_ValueError, "The future belongs to a different "
                                        "loop than the first one");
        loop = future->loop;
    }
    return loop;
}

/* Gives the callers' references up when gather cannot begin. */
struct arguments {
    void *const *awaitables;
    size_t count;
};

static void give_up(void *self)
{
    struct arguments *arguments = self;
    size_t i;

    for (i = 0; i < arguments->count; i++)
        cede_unref(arguments->awaitables[i]);
}

/* Takes the children over and finds out who stands there twice. */
static void adopt(struct gathering *gathering, void *const *awaitables)
{
    size_t i;

    for (i = 0; i < gathering->count; i++) {
        struct child *entry = &gathering->children[i];

        cede__list_init(&entry->completion.link);
        entry->future = awaitables[i];
        entry->duplicate = entry->future->gathered;
        entry->future->gathered = true;
        gathering->unique += !entry->duplicate;
    }
    for (i = 0; i < gathering->count; i++)
        gathering->children[i].future->gathered = false;
}

static struct gathering *begin(void *const *awaitables, size_t count,
                               unsigned flags)
{
    struct arguments arguments = {awaitables, count};
    cede_defer (give_up, &arguments);
    cede_loop *loop = check_children(awaitables, count);
    size_t size = sizeof(struct gathering) + count * sizeof(struct child);
    struct gathering *gathering = cede__calloc(1, size);
    size_t i;

    if (!gathering)
        cede_raise(cede_MemoryError);
    gathering->future.head = (cede_object){cede__gather_class, 1, 0};
    cede__object_born(&gathering->future.head, size);
    cede__future_init(&gathering->future, loop);
    gathering->count = count;
    gathering->flags = flags;
    adopt(gathering, awaitables);
    arguments.count = 0; /* they are the gathering's now */
    for (i = 0; i < count; i++)
        if (!gathering->children[i].duplicate)
            subscribe(gathering, &gathering->children[i]);
    return gathering;
}

static void store(cede_value *results, const struct gathering *gathering)
{
    size_t i;

    for (i = 0; i < gathering->count; i++) {
        cede_future *future = gathering->children[i].future;
        cede_exception *exception =
            future->state == CEDE__FUTURE_CANCELLED || future->exception
                ? cede__future_take_exception(future)
                : NULL;

        if (results)
            results[i] = exception ? cede_object(exception)
                                   : cede_value_ref(future->result);
        else
            cede_unref(exception);
    }
}

void cede_gather_array(cede_value *results, void *const *awaitables,
                       size_t count, unsigned flags)
{
    struct gathering *gathering;
    cede__hold hold;

    if (count == 0)
        return;
    gathering = begin(awaitables, count, flags);
    cede__hold_push(&hold, gathering);
    cede__await_future(&gathering->future, NULL);
    store(results, gathering);
    cede__hold_pop(&hold);
    cede_unref(gathering);
}
