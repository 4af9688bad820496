/*
 * futures_completed.c - futures in the order in which they are done
 *
 * Invariants: an entry owns its future until it is handed out; an entry that
 * has been told is in `finished`, in the order of telling. Semantics:
 * concurrent.futures.as_completed; rule H03.
 */
#include "work/futures.h"

#include "base/memory.h"
#include "base/system.h"
#include "cede/debug.h"
#include "cede/try.h"

typedef struct completed completed;

typedef struct entry {
    cede__listener listener;
    completed *owner;
    cede_concurrent_future *future; /* owned; NULL: handed out, or repeated */
    cede__list finished;            /* under the owner's lock */
} entry;

struct completed {
    cede_object head;
    pthread_mutex_t lock;
    pthread_cond_t news;
    cede__list finished; /* under the lock */
    int64_t deadline;
    size_t count;
    size_t distinct;
    size_t given;
    bool usable; /* the lock and so on have been made */
    entry *entries;
};

static void told(cede__listener *listener, cede_concurrent_future *future)
{
    entry *one = cede__list_entry(listener, entry, listener);
    completed *self = one->owner;

    (void)future;
    pthread_mutex_lock(&self->lock);
    cede__list_push_back(&self->finished, &one->finished);
    pthread_cond_signal(&self->news);
    pthread_mutex_unlock(&self->lock);
}

/* The next one that is done; NULL: the time is over. */
static entry *await_next(completed *self)
{
    cede__list *link = NULL;
    int rc = 0;

    pthread_mutex_lock(&self->lock);
    for (;;) {
        link = cede__list_pop_front(&self->finished);
        if (link || rc != 0)
            break;
        rc = cede__sys_condition_wait(&self->news, &self->lock,
                                      self->deadline);
    }
    pthread_mutex_unlock(&self->lock);
    return link ? cede__list_entry(link, entry, finished) : NULL;
}

static bool next(void *object, cede_value *item)
{
    completed *self = object;
    entry *one;

    cede_check_alive(object);
    if (self->given == self->distinct)
        return false;
    one = await_next(self);
    if (!one)
        cede_raise(cede_TimeoutError, "%zu (of %zu) futures unfinished",
                   self->distinct - self->given, self->distinct);
    self->given++;
    *item = cede_object(one->future);
    one->future = NULL;
    return true;
}

static void destroy(void *object)
{
    completed *self = object;

    if (!self->usable)
        return;
    for (size_t i = 0; i < self->count; i++)
        if (self->entries[i].future) {
            cede__concurrent_future_unlisten(self->entries[i].future,
                                             &self->entries[i].listener);
            cede_unref(self->entries[i].future);
        }
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->news);
    cede__free(self->entries);
}

static const cede_iterator_methods methods = {.next = next};

static const cede_class completed_class[1] = {{.name = "as_completed",
                                               .size = sizeof(completed),
                                               .destroy = destroy,
                                               .iterator = &methods}};

/* Whoever makes the iterator has the futures until they are its own. */
struct making {
    cede_concurrent_future *const *futures;
    size_t count;
    completed *self;
    bool *repeated;
};

static void end_making(void *object)
{
    struct making *making = object;

    for (size_t i = 0; i < making->count; i++)
        cede_unref(making->futures[i]);
    cede_unref(making->self);
    cede__free(making->repeated);
}

static void open_completed(completed *self, size_t count)
{
    int rc = cede__sys_condition_init(&self->news);

    if (rc < 0)
        cede_raise_errno(-rc, "waiting for futures");
    pthread_mutex_init(&self->lock, NULL);
    cede__list_init(&self->finished);
    self->usable = true;
    self->entries = cede__calloc(count ? count : 1, sizeof *self->entries);
    if (!self->entries)
        cede_raise(cede_MemoryError);
}

/* Nothing fails any more. */
static void adopt(completed *self, struct making *making)
{
    size_t count = making->count;

    self->count = count;
    making->count = 0;
    for (size_t i = 0; i < count; i++) {
        entry *one = &self->entries[i];

        one->owner = self;
        one->listener.told = told;
        cede__list_init(&one->finished);
        if (making->repeated[i])
            cede_unref(making->futures[i]);
        else
            one->future = making->futures[i];
    }
    for (size_t i = 0; i < count; i++)
        if (self->entries[i].future)
            cede__concurrent_future_listen(self->entries[i].future,
                                           &self->entries[i].listener);
}

void *cede_impl_futures_as_completed(cede_concurrent_future *const *futures,
                                     size_t count, double timeout)
{
    struct making making = {.futures = futures, .count = count};
    cede_defer (end_making, &making);

    making.repeated = cede__calloc(count ? count : 1, sizeof(bool));
    if (!making.repeated)
        cede_raise(cede_MemoryError);
    making.self = cede_object_new(completed_class);
    making.self->deadline = cede__work_deadline(timeout);
    making.self->distinct =
        cede__futures_distinct(futures, count, making.repeated);
    open_completed(making.self, count);
    adopt(making.self, &making);
    return cede_ref(making.self);
}
