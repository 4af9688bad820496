/*
 * Events: asyncio.Event. Rules P04, P10, P13.
 *
 * Invariant: set wakes everybody who waits, and each of them returns, whatever
 * becomes of the event before they run (P04). So a wake-up is nobody else's,
 * and one that came in vain is not passed on.
 */
#include "sync/bound.h"

#include "cede/event.h"

struct cede_event {
    cede__sync_bound bound;
    bool set;
    cede_wait_queue waiters;
};

static void leave(void *self)
{
    ((cede_event *)self)->bound.waiting--;
}

static void wait_for_set(cede_event *event)
{
    bool woken;

    cede__sync_bind(&event->bound);
    cede_defer (cede_unref, cede_ref(event));
    cede_defer (leave, event);
    event->bound.waiting++;
    cede_wait_queue_park_keep(&event->waiters, "event", &woken);
}

bool cede_event_wait(cede_event *event)
{
    cede_check_alive(event);
    cede_consume_budget();
    if (!event->set)
        wait_for_set(event);
    return true;
}

void cede_event_set(cede_event *event)
{
    cede__sync_check_waker(&event->bound);
    event->set = true;
    while (cede_wait_queue_wake(&event->waiters))
        continue;
}

void cede_event_clear(cede_event *event)
{
    cede_check_alive(event);
    event->set = false;
}

bool cede_event_is_set(const cede_event *event)
{
    cede_check_alive(event);
    return event->set;
}

/* --- its class --- */

static cede_value repr(void *self)
{
    const cede_event *event = self;

    return cede__sync_repr(&event->bound, event->set ? "set" : "unset");
}

static void destroy(void *self)
{
    cede__sync_unbind(self);
}

static const cede_object_methods look = {.repr = repr};

static const cede_class event_class[1] = {{.name = "Event",
                                           .size = sizeof(cede_event),
                                           .destroy = destroy,
                                           .object = &look}};

cede_event *cede_event_new(void)
{
    cede_event *event = cede_object_new(event_class);

    cede_wait_queue_init(&event->waiters);
    return event;
}
