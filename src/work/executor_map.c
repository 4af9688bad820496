/*
 * executor_map.c - a function of every item, side by side
 *
 * Invariant: futures[next] to futures[count - 1] are owned; those before have
 * been given up. Semantics: concurrent.futures.Executor.map; rule H04.
 */
#include "base/memory.h"
#include "cede/debug.h"
#include "base/system.h"
#include "cede/iterator.h"
#include "work/concurrent_future.h"
#include "work/work.h"

#include <math.h>

typedef struct map {
    cede_object head;
    cede_concurrent_future **futures;
    size_t count;
    size_t room;
    size_t next;
    int64_t deadline;
} map;

/* What has not begun never will. */
static void cancel_rest(map *self)
{
    while (self->next < self->count) {
        cede_concurrent_future *future = self->futures[self->next++];

        cede_concurrent_future_cancel(future);
        cede_unref(future);
    }
}

/* Seconds, for one more wait. */
static double time_left(const map *self)
{
    int64_t now;

    if (self->deadline == INT64_MAX)
        return (double)INFINITY;
    now = cede__sys_monotonic();
    return now < self->deadline ? (double)(self->deadline - now) / 1e9 : 0;
}

static bool next(void *object, cede_value *item)
{
    map *self = object;

    cede_check_alive(object);
    if (self->next == self->count)
        return false;
    cede_try {
        *item = cede_concurrent_future_result(self->futures[self->next],
                                              time_left(self));
    } cede_except (cede_BaseException) {
        cancel_rest(self);
        cede_reraise();
    } cede_end
    cede_unref(self->futures[self->next++]);
    return true;
}

static void destroy(void *object)
{
    map *self = object;

    cancel_rest(self);
    cede__free(self->futures);
}

static const cede_iterator_methods methods = {.next = next};

static const cede_class map_class[1] = {{.name = "map",
                                         .size = sizeof(map),
                                         .destroy = destroy,
                                         .iterator = &methods}};

static void make_room(map *self)
{
    size_t room = self->room ? 2 * self->room : 16;
    cede_concurrent_future **futures;

    if (self->count < self->room)
        return;
    futures = cede__realloc(self->futures, room * sizeof(*futures));
    if (!futures)
        cede_raise(cede_MemoryError);
    self->futures = futures;
    self->room = room;
}

static void submit(map *self, cede_executor *executor,
                   cede_value (*function)(cede_value), cede_value item)
{
    cede_value held = item;
    cede_defer (cede_value_clear, &held);

    make_room(self);
    held = cede_none;
    self->futures[self->count] =
        cede__work_submit(executor, cede__work_of_item(function, item));
    self->count++;
}

static void give_up(void *variable)
{
    cede_unref(*(void **)variable);
}

void *cede_impl_executor_map(cede_executor *executor,
                             cede_value (*function)(cede_value item),
                             void *iterable, double timeout)
{
    void *held = iterable;
    cede_defer (give_up, &held);
    map *self;

    cede__executor_check(executor);
    self = cede_object_new(map_class);
    cede_defer (cede_unref, self);
    self->deadline = cede__work_deadline(timeout);
    held = NULL;
    cede_for (item, iterable)
        submit(self, executor, function, cede_value_ref(item));
    return cede_ref(self);
}
