/*
 * as_completed: many futures, one after the other as they end.
 * asyncio.as_completed, rules W16, W26; D04.
 *
 * Children that are done stand in a queue, in which they stay until a task
 * takes one: a wake-up carries nothing. `promised` counts those that have been
 * taken or that somebody waits for, or, in the plain form, holds an awaitable
 * for; so an iteration ends after as many as there are, whoever iterates.
 */
#include "task/row.h"
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/as_completed.h"

typedef struct completed {
    cede_object head;
    cede_loop *loop; /* a reference */
    cede__alarm alarm;
    cede_wait_queue takers;
    cede__place *first, **last; /* done, and not taken yet */
    size_t count;
    size_t unique;
    size_t left; /* of those, that are not known to be done */
    size_t promised;
    bool timed_out;
    bool results; /* gives awaitables of results, not futures */
    cede__place children[];
} completed;

static void destroy(void *self)
{
    completed *all = self;

    cede__alarm_stop(&all->alarm);
    cede__row_release(all->children, all->count);
    cede_unref(all->loop);
}

/* --- what comes --- */

static void child_done(cede__listener *listener)
{
    completed *all = listener->owner;
    cede__place *child = cede__place_of(listener);

    if (all->timed_out)
        return; /* it comes too late */
    child->next = NULL;
    *all->last = child;
    all->last = &child->next;
    if (--all->left == 0)
        cede__alarm_stop(&all->alarm);
    cede_wait_queue_wake(&all->takers);
}

static void time_over(cede__listener *listener)
{
    completed *all = listener->owner;
    size_t i;

    if (all->left == 0)
        return;
    all->timed_out = true;
    for (i = 0; i < all->left; i++)
        if (!cede_wait_queue_wake(&all->takers))
            break;
}

/* --- what is taken --- */

/* Somebody waits for the next one. Cancelled, it did not happen. */
struct turn {
    completed *all; /* a reference */
    uint8_t *state; /* of the awaitable that waits, or NULL */
    bool over;
};

enum result_state { NOT_AWAITED, AWAITED, OVER };

static void end_turn(void *self)
{
    struct turn *turn = self;

    if (turn->state)
        *turn->state = turn->over ? OVER : NOT_AWAITED;
    else if (!turn->over)
        turn->all->promised--;
    cede_unref(turn->all);
}

static cede__place *pop(completed *all)
{
    cede__place *child = all->first;

    if (!child)
        return NULL;
    all->first = child->next;
    if (!all->first)
        all->last = &all->first;
    return child;
}

/* Waits for the next that is done; its reference to the future goes to the
   caller. */
static cede_future *take(completed *all, uint8_t *state)
{
    struct turn turn = {cede_ref(all), state, false};
    cede_defer (end_turn, &turn);
    cede__place *child;
    cede_future *future;

    cede_consume_budget();
    while (!all->first && !all->timed_out)
        cede_wait_queue_park(&all->takers, "as_completed");
    turn.over = true;
    child = pop(all);
    if (!child)
        cede_raise(cede_TimeoutError);
    future = child->future;
    child->future = NULL;
    return future;
}

/* --- awaitables of results --- */

typedef struct result {
    cede_object head;
    completed *all; /* a reference */
    uint8_t state;  /* of result_state */
} result;

static void destroy_result(void *self)
{
    cede_unref(((result *)self)->all);
}

static cede_value await_result(void *self, const cede_location *where)
{
    result *awaited = self;
    cede_future *future;
    cede_defer (cede_unref, self);

    if (awaited->state == OVER)
        cede_raise(cede_RuntimeError, "cannot reuse already awaited coroutine");
    if (awaited->state == AWAITED)
        cede_raise(cede_RuntimeError, "coroutine is being awaited already");
    awaited->state = AWAITED;
    future = take(awaited->all, &awaited->state);
    cede_defer (cede_unref, future);
    return cede__future_outcome(future, where);
}

static const cede_awaitable_methods result_awaitable = {.wait_at =
                                                            await_result};

static const cede_class result_class[1] = {{.name = "_wait_for_one",
                                            .size = sizeof(result),
                                            .destroy = destroy_result,
                                            .awaitable = &result_awaitable}};

static result *new_result(completed *all)
{
    result *made = cede_object_new(result_class);

    made->all = cede_ref(all);
    return made;
}

/* --- the iterator --- */

/* Counts before it waits: others may ask meanwhile. */
static bool next(void *self, cede_value *item)
{
    completed *all = self;

    if (all->promised == all->unique)
        return false;
    if (all->results) {
        *item = cede_object(new_result(all));
        all->promised++;
    } else {
        all->promised++;
        *item = cede_object(take(all, NULL));
    }
    return true;
}

static const cede_iterator_methods methods = {.next = next};

static const cede_class completed_class[1] = {
    {.name = "_AsCompletedIterator",
     .size = sizeof(completed),
     .flags = CEDE__CLASS_NEVER_STOPS,
     .destroy = destroy,
     .iterator = &methods}};

static completed *make(cede_loop *loop, size_t count)
{
    size_t size = sizeof(completed) + count * sizeof(cede__place);
    completed *all = cede__calloc(1, size);

    if (!all)
        cede_raise(cede_MemoryError);
    all->head = (cede_object){completed_class, 1, 0};
    cede__object_born(&all->head, size);
    all->loop = cede_ref(loop);
    all->count = count;
    all->last = &all->first;
    cede_wait_queue_init(&all->takers);
    cede__alarm_init(&all->alarm, loop, all, time_over);
    return all;
}

static void listen(completed *all)
{
    size_t i;

    for (i = 0; i < all->count; i++) {
        cede__place *child = &all->children[i];

        cede__listener_init(&child->listener, all, child_done);
        if (!child->duplicate)
            cede__listener_start(&child->listener, child->future);
    }
}

void *cede_impl_as_completed(void *const *awaitables, size_t count,
                             double timeout, bool results)
{
    cede__row row = {awaitables, count};
    cede_defer (cede__row_give_up, &row);
    cede_loop *loop = cede_get_running_loop();
    completed *all = make(loop, count);
    cede__hold hold;

    cede__hold_push(&hold, all);
    all->results = results;
    if (count > 0)
        cede__alarm_start(&all->alarm, timeout);
    all->unique = cede__row_adopt(all->children, &row, loop);
    all->left = all->unique;
    cede__hold_pop(&hold);
    listen(all);
    return all;
}
