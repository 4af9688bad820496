/*
 * Who waits for a future: awaited-by links, rule D11.
 *
 * Whoever asked to be told of the end stands in the future's list of
 * completions, with the future that waits by it where there is one: those
 * links come and go with the waiting itself. Others are added by hand.
 */
#include "task/inspect.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "task/children.h"
#include "value/object.h"

#include "cede/inspect.h"

struct cede__awaited_by {
    struct cede__awaited_by *next;
    cede_future *waiter; /* a reference */
};

typedef struct cede__awaited_by link;

/* --- added by hand --- */

void cede__awaited_by_forget(cede_future *future)
{
    link *entry;

    while ((entry = future->awaited_by) != NULL) {
        future->awaited_by = entry->next;
        cede_unref(entry->waiter);
        cede__free(entry);
    }
}

/* Where the link to the waiter stands, or the end of the list. */
static link **find(cede_future *future, const cede_future *waiter)
{
    link **place = &future->awaited_by;

    while (*place && (*place)->waiter != waiter)
        place = &(*place)->next;
    return place;
}

static void check(const void *object)
{
    cede__check_given(object);
    if (!cede__is_future(object))
        cede_raise(cede_TypeError, "a future or a task is required, not '%s'",
                   cede__class_name(object));
    cede__loop_check_thread(((const cede_future *)object)->loop);
}

void cede_future_add_to_awaited_by(cede_future *future, cede_future *waiter)
{
    link **place, *entry;

    check(future);
    check(waiter);
    place = find(future, waiter);
    if (*place || future->state != CEDE__FUTURE_PENDING)
        return;
    entry = cede__malloc(sizeof *entry);
    if (!entry)
        cede_raise(cede_MemoryError);
    *entry = (link){NULL, cede_ref(waiter)};
    *place = entry;
}

void cede_future_discard_from_awaited_by(cede_future *future,
                                         cede_future *waiter)
{
    link **place, *entry;

    check(future);
    check(waiter);
    place = find(future, waiter);
    entry = *place;
    if (!entry)
        return;
    *place = entry->next;
    cede_unref(entry->waiter);
    cede__free(entry);
}

/* --- all of them --- */

void cede__waiters_begin(cede__waiters *waiters, const cede_future *future)
{
    *waiters = (cede__waiters){
        .future = future,
        .link = future->completions.next,
        .more = future->awaited_by,
    };
}

cede_future *cede__waiters_next(cede__waiters *waiters)
{
    const link *entry;

    while (waiters->link != &waiters->future->completions) {
        cede__completion *completion =
            cede__list_entry(waiters->link, cede__completion, link);

        waiters->link = waiters->link->next;
        if (completion->waiter)
            return completion->waiter;
        if (cede__children_waiter(completion))
            return cede__children_waiter(completion);
    }
    entry = waiters->more;
    if (!entry)
        return NULL;
    waiters->more = entry->next;
    return entry->waiter;
}
