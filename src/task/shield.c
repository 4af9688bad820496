/*
 * shield: a future beside another, whose end it takes over. asyncio.shield,
 * rules W14, W15, W24.
 *
 * It hears of the inner future's end, and of its own: when it has been
 * cancelled it stops listening, and the inner future's exception is nobody's
 * (3.13). If both end in the same round of the loop the inner one has been
 * heard of, and nothing is reported.
 */
#include "task/listener.h"
#include "task/task.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/shield.h"

struct shield {
    cede_future future;
    cede_future *inner; /* owned */
    cede__listener to_inner;
    cede__listener to_itself;
};

static void destroy(void *self)
{
    struct shield *shield = self;

    cede__listener_stop(&shield->to_inner);
    cede__listener_stop(&shield->to_itself);
    cede__future_finish(&shield->future, "Future");
    cede_unref(shield->inner);
}

static const cede_awaitable_methods as_awaitable = {
    .wait_at = cede__await_future};

static const cede_class shield_class[1] = {{.name = "Future",
                                            .base = cede__future_class,
                                            .size = sizeof(struct shield),
                                            .flags = CEDE_CLASS_CONTAINER,
                                            .destroy = destroy,
                                            .awaitable = &as_awaitable}};

static void inner_done(cede__listener *listener)
{
    struct shield *shield = listener->owner;
    cede_future *inner = shield->inner;

    if (shield->future.state != CEDE__FUTURE_PENDING)
        inner->unretrieved = false;
    else if (inner->state == CEDE__FUTURE_CANCELLED)
        cede__future_end_cancelled(&shield->future, NULL, NULL);
    else if (inner->exception)
        cede__future_end_exception(&shield->future,
                                   cede__future_take_exception(inner));
    else
        cede__future_end_result(&shield->future,
                                cede_value_ref(inner->result));
}

static void itself_done(cede__listener *listener)
{
    struct shield *shield = listener->owner;

    cede__listener_stop(&shield->to_inner);
}

/* What is undone when there is no shield: a task made for it does not begin. */
struct making {
    cede_future *inner; /* NULL: it has its shield */
    bool new_task;
};

static void undo(void *self)
{
    struct making *making = self;

    if (making->inner && making->new_task)
        cede__future_cancel(making->inner, NULL);
    cede_unref(making->inner);
}

static struct shield *make(struct making *making)
{
    struct shield *shield;

    cede__loop_check(making->inner->loop);
    shield = cede_object_new(shield_class);
    cede__future_init(&shield->future, making->inner->loop);
    shield->inner = making->inner;
    making->inner = NULL;
    cede__listener_init(&shield->to_inner, shield, inner_done);
    cede__listener_init(&shield->to_itself, shield, itself_done);
    return shield;
}

cede_future *cede_shield(void *awaitable)
{
    cede_future *inner = cede_ensure_future(awaitable);
    struct making making = {inner, (void *)inner != awaitable};
    struct shield *shield;
    cede_defer (undo, &making);

    if (inner->state != CEDE__FUTURE_PENDING) {
        making.inner = NULL;
        return inner;
    }
    shield = make(&making);
    cede__listener_start(&shield->to_inner, inner);
    cede__listener_start(&shield->to_itself, &shield->future);
    return &shield->future;
}
