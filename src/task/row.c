/*
 * Rows: see task/row.h.
 */
#include "task/row.h"

#include "flow/flow.h"
#include "task/distinct.h"
#include "task/task.h"
#include "value/object.h"

void cede__row_give_up(void *self)
{
    cede__row *row = self;

    while (row->count > 0) {
        row->count--;
        cede_unref(*row->items++);
    }
}

cede_loop *cede__row_loop(const cede__row *row)
{
    if (row->count > 0) {
        cede__check_given(row->items[0]);
        if (cede__is_future(row->items[0]))
            return ((cede_future *)row->items[0])->loop;
    }
    return cede_get_running_loop();
}

/* What is undone when one of the row cannot be awaited. */
struct adoption {
    cede__place *places;
    cede__row rest;     /* not taken yet */
    void *const *items; /* the whole row */
    size_t made;        /* that have their future */
    bool done;
    cede__distinct distinct;
};

/* Nobody will wait for the tasks made for the others: they must not begin to
   use what the caller, who gets an exception, may not keep. */
static void undo(void *self)
{
    struct adoption *adoption = self;
    size_t i;

    cede__distinct_end(&adoption->distinct);
    if (adoption->done)
        return;
    for (i = 0; i < adoption->made; i++) {
        const cede__place *place = &adoption->places[i];

        if (!place->duplicate && (void *)place->future != adoption->items[i])
            cede__future_cancel(place->future, NULL);
    }
    cede__row_give_up(&adoption->rest);
}

static void adopt_next(struct adoption *adoption, cede_loop *loop)
{
    size_t index = adoption->made;
    size_t first = cede__distinct_first(&adoption->distinct, index);
    cede__place *place = &adoption->places[index];
    void *awaitable = *adoption->rest.items++;

    adoption->rest.count--;
    if (first == index) {
        place->future = cede_loop_ensure_future(loop, awaitable);
    } else {
        place->duplicate = true;
        place->future = cede_ref(adoption->places[first].future);
        cede_unref(awaitable);
    }
    adoption->made++;
}

size_t cede__row_adopt(cede__place *places, cede__row *row, cede_loop *loop)
{
    struct adoption adoption = {
        .places = places, .rest = *row, .items = row->items};
    cede_defer (undo, &adoption);
    size_t unique = 0;

    row->count = 0;
    if (!cede__distinct_begin(&adoption.distinct, adoption.items,
                              adoption.rest.count))
        cede_raise(cede_MemoryError);
    while (adoption.rest.count > 0) {
        adopt_next(&adoption, loop);
        unique += !places[adoption.made - 1].duplicate;
    }
    adoption.done = true;
    return unique;
}

void cede__row_release(cede__place *places, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (places[i].listener.owner)
            cede__listener_stop(&places[i].listener);
    for (i = 0; i < count; i++)
        cede_unref(places[i].future);
}
