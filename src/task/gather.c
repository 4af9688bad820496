/*
 * gather: one future for many. asyncio.gather, rules W01-W06, W25.
 *
 * The gathering future lies with its children, and the list that becomes its
 * result, in what is allocated when it begins. A task that has its results
 * stored in an array copies them when it runs again: nobody else touches its
 * stack.
 *
 * Invariant: a gathering future belongs to who holds it. Given up before its
 * children are done, it leaves them alone and forgets them.
 */
#include "task/row.h"
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"
#include "value/sequence.h"

#include "cede/gather.h"
#include "cede/list.h"

struct gathering {
    cede_future future;
    cede_list *list; /* owned; NULL: who awaits copies the results */
    size_t count;
    size_t unique;
    size_t finished;
    unsigned flags;
    bool cancel_requested;
    bool cancelling; /* its children are being asked */
    cede__place children[];
};

/* The gather has failed before these children are done: their exceptions are
   for nobody (W06). */
static void silence_children(const struct gathering *gathering)
{
    size_t i;

    for (i = 0; i < gathering->count; i++) {
        const cede__place *child = &gathering->children[i];

        if (child->future && cede__listener_listens(&child->listener))
            child->future->silent = true;
    }
}

static void destroy(void *self)
{
    struct gathering *gathering = self;

    if (gathering->future.state != CEDE__FUTURE_PENDING)
        silence_children(gathering);
    cede__row_release(gathering->children, gathering->count);
    cede_unref(gathering->list);
    cede__future_finish(&gathering->future, cede__gather_class->name);
}

static const cede_awaitable_methods as_awaitable = {
    .wait_at = cede__await_future};

const cede_class cede__gather_class[1] = {{.name = "_GatheringFuture",
                                           .base = cede__future_class,
                                           .size = sizeof(struct gathering),
                                           .flags = CEDE_CLASS_CONTAINER,
                                           .destroy = destroy,
                                           .awaitable = &as_awaitable}};

bool cede__gather_cancel(cede_future *future, const char *message)
{
    struct gathering *gathering = (struct gathering *)future;
    bool any = false;
    size_t i;

    if (gathering->cancelling)
        return false;
    gathering->cancelling = true; /* a child may await who gathers it */
    for (i = 0; i < gathering->count; i++)
        if (cede__future_cancel(gathering->children[i].future, message))
            any = true;
    gathering->cancelling = false;
    if (any)
        gathering->cancel_requested = true;
    return any;
}

bool cede__gather_is_cancelling(const cede_future *future)
{
    return future->head.object_class == cede__gather_class &&
           ((const struct gathering *)future)->cancelling;
}

/* --- results --- */

/* The exception with which a child ends the gathering now, or NULL. */
static cede_exception *failure(const struct gathering *gathering,
                               cede_future *child)
{
    if (gathering->flags & CEDE_RETURN_EXCEPTIONS)
        return NULL;
    return child->state == CEDE__FUTURE_CANCELLED || child->exception
               ? cede__future_take_exception(child)
               : NULL;
}

/* A child's place among the results. A CancelledError there is a new one, and
   its message a string even when there was none (CPython). */
static cede_value result_of(const cede_future *child)
{
    const char *message = child->cancel_message;

    if (child->state == CEDE__FUTURE_CANCELLED)
        return cede_object(cede__cancelled_error(message ? message : ""));
    return child->exception ? cede_object(cede_ref(child->exception))
                            : cede_value_ref(child->result);
}

/* The CancelledError of a gather that was cancelled is the last child's; one
   that refused has none. */
static cede_exception *cancelled_error(const struct gathering *gathering)
{
    cede_future *last = gathering->children[gathering->count - 1].future;

    return last->state == CEDE__FUTURE_CANCELLED
               ? cede__future_take_exception(last)
               : cede__cancelled_error(NULL);
}

/* Every child is done, and none has ended the gathering before. */
static void conclude(struct gathering *gathering)
{
    cede_list *list = gathering->list;
    size_t i;

    for (i = 0; i < gathering->count; i++)
        gathering->children[i].future->unretrieved = false;
    if (gathering->cancel_requested) {
        cede__future_end_exception(&gathering->future,
                                   cancelled_error(gathering));
        return;
    }
    if (list) {
        for (i = 0; i < gathering->count; i++)
            list->items[i] = result_of(gathering->children[i].future);
        list->size = gathering->count;
    }
    gathering->list = NULL;
    cede__future_end_result(&gathering->future,
                            list ? cede_object(list) : cede_none);
}

static void child_done(struct gathering *gathering, cede_future *child)
{
    cede_exception *exception;

    gathering->finished++;
    if (gathering->future.state != CEDE__FUTURE_PENDING)
        child->unretrieved = false; /* W06 */
    else if ((exception = failure(gathering, child)) != NULL)
        cede__future_end_exception(&gathering->future, exception);
    else if (gathering->finished == gathering->unique)
        conclude(gathering);
}

static void heard(cede__listener *listener)
{
    child_done(listener->owner, cede__place_of(listener)->future);
}

/* --- beginning --- */

/* Children that are done tell at once, behind the others: gathered together
   they make a future that is done (3.13). */
static void subscribe(struct gathering *gathering)
{
    size_t i;

    for (i = 0; i < gathering->count; i++) {
        cede__place *child = &gathering->children[i];

        cede__listener_init(&child->listener, gathering, heard);
        if (!child->duplicate && !cede_future_done(child->future))
            cede__listener_start(&child->listener, child->future);
    }
    for (i = 0; i < gathering->count; i++) {
        cede__place *child = &gathering->children[i];

        if (!child->duplicate && !cede__listener_listens(&child->listener))
            child_done(gathering, child->future);
    }
}

static struct gathering *make(cede_loop *loop, size_t count, unsigned flags)
{
    size_t size = sizeof(struct gathering) + count * sizeof(cede__place);
    struct gathering *gathering = cede__calloc(1, size);

    if (!gathering)
        cede_raise(cede_MemoryError);
    gathering->future.head = (cede_object){cede__gather_class, 1, 0};
    cede__object_born(&gathering->future.head, size);
    cede__future_init(&gathering->future, loop);
    gathering->count = count;
    gathering->flags = flags;
    return gathering;
}

/* Room for the results is made before anything can be lost. */
static void make_list(struct gathering *gathering)
{
    gathering->list = cede_list();
    if (!cede__list_reserve(gathering->list, gathering->count))
        cede_raise(cede_MemoryError);
}

/* Takes the references. */
static struct gathering *begin(void *const *awaitables, size_t count,
                               unsigned flags, bool with_list)
{
    cede__row row = {awaitables, count};
    cede_defer (cede__row_give_up, &row);
    cede_loop *loop = cede__row_loop(&row);
    struct gathering *gathering;
    cede__hold hold;

    cede__loop_check(loop);
    gathering = make(loop, count, flags);
    cede__hold_push(&hold, gathering);
    if (with_list)
        make_list(gathering);
    gathering->unique = cede__row_adopt(gathering->children, &row, loop);
    cede__hold_pop(&hold);
    subscribe(gathering);
    if (count == 0)
        conclude(gathering); /* W02 */
    return gathering;
}

cede_future *cede_impl_gather_future(void *const *awaitables, size_t count,
                                     unsigned flags)
{
    return &begin(awaitables, count, flags, true)->future;
}

static void store(cede_value *results, const struct gathering *gathering)
{
    size_t i;

    for (i = 0; i < gathering->count; i++)
        results[i] = result_of(gathering->children[i].future);
}

void cede_impl_gather(cede_value *results, void *const *awaitables,
                      size_t count, unsigned flags)
{
    struct gathering *gathering;
    cede__hold hold;

    if (count == 0)
        return;
    gathering = begin(awaitables, count, flags, false);
    cede__hold_push(&hold, gathering);
    cede_value_unref(cede__await_borrowed(&gathering->future));
    if (results)
        store(results, gathering);
    cede__hold_pop(&hold);
    cede_unref(gathering);
}

cede_future *
cede_impl_gather_future_given(const cede_impl_arguments *awaitables,
                              unsigned flags)
{
    return cede_impl_gather_future(awaitables->items, awaitables->count, flags);
}

void cede_impl_gather_given(cede_value *results,
                            const cede_impl_arguments *awaitables,
                            unsigned flags)
{
    cede_impl_gather(results, awaitables->items, awaitables->count, flags);
}
