/*
 * futures_wait.c - waiting for several futures at once
 *
 * Each future has a listener of ours while we wait; all lie in one block that
 * this thread owns, and none is left in a list when it leaves. Semantics:
 * concurrent.futures.wait; rule H03.
 */
#include "work/futures.h"

#include "base/memory.h"
#include "base/system.h"
#include "cede/try.h"

struct wait;

typedef struct entry {
    cede__listener listener;
    struct wait *wait;
    bool repeated;
    bool listens;
    bool done; /* under the wait's lock */
} entry;

struct wait {
    cede_concurrent_future *const *futures;
    size_t count;
    size_t distinct;
    enum cede_return_when when;
    entry *entries;
    pthread_mutex_t lock;
    pthread_cond_t enough;
    size_t done;    /* under the lock */
    bool is_enough; /* likewise */
};

static bool suffices(const struct wait *wait,
                     const cede_concurrent_future *future)
{
    if (wait->done == wait->distinct)
        return true;
    if (wait->when == CEDE_FIRST_EXCEPTION)
        return future->exception != NULL;
    return wait->when == CEDE_FIRST_COMPLETED;
}

static void told(cede__listener *listener, cede_concurrent_future *future)
{
    entry *one = cede__list_entry(listener, entry, listener);
    struct wait *wait = one->wait;

    pthread_mutex_lock(&wait->lock);
    one->done = true;
    wait->done++;
    if (suffices(wait, future)) {
        wait->is_enough = true;
        pthread_cond_signal(&wait->enough);
    }
    pthread_mutex_unlock(&wait->lock);
}

static void open_wait(struct wait *wait)
{
    int rc;

    wait->entries = cede__calloc(wait->count ? wait->count : 1, sizeof(entry));
    if (!wait->entries)
        cede_raise(cede_MemoryError);
    rc = cede__sys_condition_init(&wait->enough);
    if (rc < 0) {
        cede__free(wait->entries);
        cede_raise_errno(-rc, "waiting for futures");
    }
    pthread_mutex_init(&wait->lock, NULL);
}

/* Nobody tells us of anything any more. */
static void stop_listening(struct wait *wait)
{
    for (size_t i = 0; i < wait->count; i++)
        if (wait->entries[i].listens)
            cede__concurrent_future_unlisten(wait->futures[i],
                                             &wait->entries[i].listener);
}

static void close_wait(void *self)
{
    struct wait *wait = self;

    stop_listening(wait);
    pthread_mutex_destroy(&wait->lock);
    pthread_cond_destroy(&wait->enough);
    cede__free(wait->entries);
}

static void find_distinct(struct wait *wait)
{
    bool *repeated = cede__calloc(wait->count ? wait->count : 1, sizeof(bool));
    cede_defer (cede__free, repeated);

    if (!repeated)
        cede_raise(cede_MemoryError);
    wait->distinct =
        cede__futures_distinct(wait->futures, wait->count, repeated);
    for (size_t i = 0; i < wait->count; i++)
        wait->entries[i].repeated = repeated[i];
}

static void listen_to_all(struct wait *wait)
{
    for (size_t i = 0; i < wait->count; i++) {
        entry *one = &wait->entries[i];

        if (one->repeated)
            continue;
        one->wait = wait;
        one->listener.told = told;
        one->listens = true;
        cede__concurrent_future_listen(wait->futures[i], &one->listener);
    }
}

static void sleep_until_enough(struct wait *wait, int64_t deadline)
{
    int rc = 0;

    pthread_mutex_lock(&wait->lock);
    while (!wait->is_enough && wait->done < wait->distinct && rc == 0)
        rc = cede__sys_condition_wait(&wait->enough, &wait->lock, deadline);
    pthread_mutex_unlock(&wait->lock);
}

/* A future that stands there twice is as done as it is the first time. */
static void say_done(const struct wait *wait, bool *done)
{
    for (size_t i = 0; i < wait->count; i++) {
        size_t first = i;

        if (wait->entries[i].repeated)
            for (first = 0; wait->futures[first] != wait->futures[i];)
                first++;
        done[i] = wait->entries[first].done;
    }
}

cede_futures_counts
cede_futures_wait(cede_concurrent_future *const *futures, size_t count,
                  double timeout, enum cede_return_when when,
                  bool *done)
{
    struct wait wait = {.futures = futures, .count = count, .when = when};
    int64_t deadline = cede__work_deadline(timeout);

    if (when > CEDE_ALL_COMPLETED)
        cede_raise(cede_ValueError, "Invalid return condition: %d", (int)when);
    open_wait(&wait);
    cede_defer (close_wait, &wait);
    find_distinct(&wait);
    listen_to_all(&wait);
    sleep_until_enough(&wait, deadline);
    stop_listening(&wait);
    if (done)
        say_done(&wait, done);
    return (cede_futures_counts){wait.done, wait.distinct - wait.done};
}
