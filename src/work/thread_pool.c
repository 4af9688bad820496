/*
 * thread_pool.c - a pool of threads
 *
 * Knows: threads, when one more is started, how they end. Must not know: what
 * the work is. The executor is what users hold; the pool, a block of its own,
 * is what the threads hold, so that they can end after it.
 *
 * Invariants: what is marked so is under the pool's lock, and nobody else's
 * code runs under that. `idle` threads wait for work, and as many pieces of the
 * work that is queued are theirs. A thread that ends leaves its name in
 * `last_ended` and joins the one whose name stood there: who joins the last one
 * has joined them all.
 *
 * Semantics: CPython's Lib/concurrent/futures/thread.py; rules H01, H04, H07.
 * Differs on purpose: docs/decisions/0034.
 */
#include "work/thread_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "cede/debug.h"
#include "cede/traceback.h"
#include "work/work.h"

#define NEVER INT64_MAX

enum { NAME_SIZE = 128 };

struct pool {
    cede__list link;     /* of all pools; under their lock */
    unsigned references; /* atomic: the executor's, and one for each thread */
    pid_t process;       /* a child of a fork has no threads */
    pthread_mutex_t lock;
    pthread_cond_t news;  /* for threads: work, or the end */
    pthread_cond_t quiet; /* no thread is alive */
    /* All under the lock: */
    cede__list queue;
    size_t queued;
    size_t idle;
    size_t live;
    unsigned numbered; /* threads that have a name */
    bool shutdown;     /* no more work is taken */
    bool abandoned;    /* the executor is gone */
    bool broken;
    bool has_ended;
    pthread_t last_ended;
    /* Never changed: */
    size_t most;
    cede_function initializer;
    void *initializer_argument;
    char prefix[];
};

typedef struct thread_pool {
    cede_executor executor;
    struct pool *pool;
} thread_pool;

/* The pool whose thread this is, or NULL, and the thread's name. */
static __thread const struct pool *own_pool;
static __thread const char *own_name;

/* --- all pools, for the end of the process --- */

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static cede__list registry = CEDE__LIST_INIT(registry);
static bool exiting; /* under the lock */
/* The last thread of a pool that was freed by that thread itself. */
static bool has_buried;
static pthread_t buried;

/* Whoever had a lock is not in the child, nor are the threads. */
static void enter_child(void)
{
    pthread_mutex_init(&registry_lock, NULL);
    cede__list_init(&registry);
    has_buried = false;
}

static void prepare(void)
{
    (void)pthread_atfork(NULL, NULL, enter_child);
    (void)atexit(cede__thread_pools_finish);
}

static void register_pool(struct pool *pool)
{
    static pthread_once_t preparing = PTHREAD_ONCE_INIT;

    pthread_once(&preparing, prepare);
    pthread_mutex_lock(&registry_lock);
    cede__list_push_back(&registry, &pool->link);
    pthread_mutex_unlock(&registry_lock);
}

static void bury(pthread_t thread)
{
    pthread_t before;
    bool had;

    pthread_mutex_lock(&registry_lock);
    had = has_buried;
    before = buried;
    has_buried = true;
    buried = thread;
    pthread_mutex_unlock(&registry_lock);
    if (had)
        pthread_join(before, NULL);
}

/* --- a pool's life --- */

static void destroy_pool(struct pool *pool)
{
    pthread_mutex_lock(&registry_lock);
    cede__list_remove(&pool->link);
    pthread_mutex_unlock(&registry_lock);
    if (pool->has_ended && pthread_equal(pool->last_ended, pthread_self()))
        bury(pool->last_ended);
    else if (pool->has_ended)
        pthread_join(pool->last_ended, NULL);
    pthread_cond_destroy(&pool->quiet);
    pthread_cond_destroy(&pool->news);
    pthread_mutex_destroy(&pool->lock);
    cede__free(pool);
}

static void pool_ref(struct pool *pool)
{
    __atomic_fetch_add(&pool->references, 1, __ATOMIC_RELAXED);
}

static void pool_unref(struct pool *pool)
{
    if (__atomic_sub_fetch(&pool->references, 1, __ATOMIC_ACQ_REL) == 0)
        destroy_pool(pool);
}

/* Under the lock. All but those whose names are known. */
static bool is_alive(const struct pool *pool)
{
    return pool->live > (own_pool == pool);
}

/* Until no thread but this one is alive, and those that were are joined. */
static void join_threads(struct pool *pool)
{
    pthread_t last;
    bool has_ended;

    pthread_mutex_lock(&pool->lock);
    while (is_alive(pool))
        cede__sys_condition_wait(&pool->quiet, &pool->lock, NEVER);
    has_ended = pool->has_ended;
    last = pool->last_ended;
    pool->has_ended = false;
    pthread_mutex_unlock(&pool->lock);
    if (has_ended)
        pthread_join(last, NULL);
}

/* Takes no more work; what is queued goes to `rest`, unless it is NULL. */
static void close_pool(struct pool *pool, cede__list *rest)
{
    pthread_mutex_lock(&pool->lock);
    pool->shutdown = true;
    if (rest) {
        cede__list_append(rest, &pool->queue);
        pool->queued = 0;
    }
    pthread_cond_broadcast(&pool->news);
    pthread_mutex_unlock(&pool->lock);
}

/* A pool that has not been asked to end yet, with a reference, or NULL. One
   whose last reference is gone is on its way out of the list. */
static struct pool *next_to_finish(void)
{
    struct pool *found = NULL;

    cede__list_each(link, &registry) {
        struct pool *one = cede__list_entry(link, struct pool, link);
        unsigned references =
            __atomic_load_n(&one->references, __ATOMIC_RELAXED);

        while (!found && references > 0)
            if (__atomic_compare_exchange_n(&one->references, &references,
                                            references + 1, false,
                                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
                found = one;
        if (found)
            break;
    }
    if (found)
        cede__list_remove(&found->link);
    return found;
}

/* At exit as Python's threading._shutdown. */
void cede__thread_pools_finish(void)
{
    struct pool *one;
    pthread_t last;
    bool had;

    for (;;) {
        pthread_mutex_lock(&registry_lock);
        exiting = true;
        one = next_to_finish();
        pthread_mutex_unlock(&registry_lock);
        if (!one)
            break;
        close_pool(one, NULL);
        join_threads(one);
        pool_unref(one);
    }
    pthread_mutex_lock(&registry_lock);
    had = has_buried;
    last = buried;
    has_buried = false;
    pthread_mutex_unlock(&registry_lock);
    if (had && !pthread_equal(last, pthread_self()))
        pthread_join(last, NULL);
}

/* --- its threads --- */

static cede_value raise_broken(void *unused)
{
    (void)unused;
    cede_raise(cede_BrokenThreadPool,
               "A thread initializer failed, the thread pool is not usable "
               "anymore");
}

static void break_pool(struct pool *pool)
{
    cede__list rest;

    cede__list_init(&rest);
    pthread_mutex_lock(&pool->lock);
    pool->broken = true;
    cede__list_append(&rest, &pool->queue);
    pool->queued = 0;
    pthread_mutex_unlock(&pool->lock);
    cede__list_each(link, &rest) {
        cede__list_remove(link);
        cede__work_fail(cede__list_entry(link, cede_work, link),
                        cede_catch(raise_broken, NULL, NULL));
    }
}

/* False: its exception has been reported, and nobody shall work. */
static bool initialize(struct pool *pool)
{
    cede_exception *error;

    if (!pool->initializer)
        return true;
    error = cede_catch(pool->initializer, pool->initializer_argument, NULL);
    if (!error)
        return true;
    cede_write_unraisable(error, "the initializer of a thread pool");
    cede_unref(error);
    break_pool(pool);
    return false;
}

/* The next piece of work, or NULL: the thread is to end. */
static cede_work *take_work(struct pool *pool)
{
    cede__list *link;

    pthread_mutex_lock(&pool->lock);
    while (cede__list_empty(&pool->queue) && !pool->shutdown &&
           !pool->abandoned) {
        pool->idle++;
        cede__sys_condition_wait(&pool->news, &pool->lock, NEVER);
        pool->idle--;
    }
    link = cede__list_pop_front(&pool->queue);
    if (link)
        pool->queued--;
    pthread_mutex_unlock(&pool->lock);
    return link ? cede__list_entry(link, cede_work, link) : NULL;
}

/* The pool is not looked at any more but for its references. */
static void leave(struct pool *pool)
{
    pthread_t before;
    bool had;

    pthread_mutex_lock(&pool->lock);
    had = pool->has_ended;
    before = pool->last_ended;
    pool->has_ended = true;
    pool->last_ended = pthread_self();
    pool->live--;
    pthread_cond_broadcast(&pool->quiet);
    pthread_mutex_unlock(&pool->lock);
    if (had)
        pthread_join(before, NULL);
    own_pool = NULL;
    pool_unref(pool);
}

static void *work(void *self)
{
    struct pool *pool = self;
    char name[NAME_SIZE];
    cede_work *one;
    unsigned number;

    pthread_mutex_lock(&pool->lock);
    number = pool->numbered++;
    pthread_mutex_unlock(&pool->lock);
    snprintf(name, sizeof name, "%s_%u", pool->prefix, number);
    cede__sys_thread_set_name(name);
    own_pool = pool;
    own_name = name;
    if (initialize(pool))
        while ((one = take_work(pool)) != NULL)
            cede_work_run(one);
    leave(pool);
    own_name = NULL;
    return NULL;
}

/* Under the lock. False: there is none to be had. */
static bool start_thread(struct pool *pool)
{
    pthread_t thread;

    pool->live++;
    pool_ref(pool);
    if (cede__sys_thread_create(&thread, 0, work, pool) == 0)
        return true;
    pool->live--;
    __atomic_fetch_sub(&pool->references, 1, __ATOMIC_RELAXED);
    return false;
}

/* --- the executor --- */

static struct pool *pool_of(const void *self)
{
    return ((const thread_pool *)self)->pool;
}

static bool is_foreign(const struct pool *pool)
{
    return pool->process != cede__sys_process();
}

enum answer { TAKEN, BROKEN, SHUT_DOWN, NO_THREAD };

/* Under the lock. */
static enum answer enqueue(struct pool *pool, cede_work *one)
{
    if (pool->broken)
        return BROKEN;
    if (pool->shutdown)
        return SHUT_DOWN;
    cede__list_push_back(&pool->queue, &one->link);
    pool->queued++;
    if (pool->idle < pool->queued && pool->live < pool->most &&
        !start_thread(pool) && pool->live == 0) {
        cede__list_remove(&one->link);
        pool->queued--;
        return NO_THREAD;
    }
    pthread_cond_signal(&pool->news);
    return TAKEN;
}

static void refuse_shut_down(void)
{
    bool at_exit;

    pthread_mutex_lock(&registry_lock);
    at_exit = exiting;
    pthread_mutex_unlock(&registry_lock);
    if (at_exit)
        cede_raise(cede_RuntimeError,
                   "cannot schedule new futures after exit() was called");
    cede_raise(cede_RuntimeError,
               "cannot schedule new futures after shutdown");
}

static void submit(void *self, cede_work *one)
{
    struct pool *pool = pool_of(self);
    enum answer answer;

    if (is_foreign(pool))
        cede_raise(cede_RuntimeError,
                   "This executor belongs to the parent process: make a new "
                   "one after fork()");
    pthread_mutex_lock(&pool->lock);
    answer = enqueue(pool, one);
    pthread_mutex_unlock(&pool->lock);
    if (answer == BROKEN)
        raise_broken(NULL);
    if (answer == SHUT_DOWN)
        refuse_shut_down();
    if (answer == NO_THREAD)
        cede_raise(cede_RuntimeError, "can't start new thread");
}

static void shut_down(void *self, bool wait, bool cancel_futures)
{
    struct pool *pool = pool_of(self);
    cede__list rest;

    if (is_foreign(pool))
        return;
    cede__list_init(&rest);
    close_pool(pool, cancel_futures ? &rest : NULL);
    cede__list_each(link, &rest) {
        cede__list_remove(link);
        cede_work_cancel(cede__list_entry(link, cede_work, link));
    }
    if (!wait)
        return;
    if (own_pool == pool)
        cede_raise(cede_RuntimeError,
                   "cannot join current thread: a pool's own thread shuts it "
                   "down without waiting");
    join_threads(pool);
}

static const cede_executor_methods methods = {.submit = submit,
                                              .shutdown = shut_down};

/* In a child the pool's memory is left as it is: a thread that is not there may
   have had its lock. */
static void destroy(void *self)
{
    struct pool *pool = pool_of(self);

    if (!pool || is_foreign(pool))
        return;
    pthread_mutex_lock(&pool->lock);
    pool->abandoned = true;
    pthread_cond_broadcast(&pool->news);
    pthread_mutex_unlock(&pool->lock);
    pool_unref(pool);
}

static const cede_class thread_pool_class[1] = {
    {.name = "ThreadPoolExecutor",
     .base = cede_Executor,
     .size = sizeof(thread_pool),
     .flags = CEDE_CLASS_SHARED,
     .destroy = destroy,
     .manager = &cede_executor_manager}};

/* --- making one --- */

static void name_pool(char *prefix, size_t size, const char *given)
{
    static unsigned pools;

    if (given && *given)
        snprintf(prefix, size, "%s", given);
    else
        snprintf(prefix, size, "ThreadPoolExecutor-%u",
                 __atomic_fetch_add(&pools, 1, __ATOMIC_RELAXED));
}

/* 0, or a negative errno. */
static int open_pool(struct pool *pool)
{
    int rc = cede__sys_condition_init(&pool->news);

    if (rc < 0)
        return rc;
    rc = cede__sys_condition_init(&pool->quiet);
    if (rc < 0) {
        pthread_cond_destroy(&pool->news);
        return rc;
    }
    pthread_mutex_init(&pool->lock, NULL);
    cede__list_init(&pool->queue);
    pool->references = 1;
    pool->process = cede__sys_process();
    register_pool(pool);
    return 0;
}

static struct pool *new_pool(const char *prefix)
{
    size_t size = strlen(prefix) + 1;
    struct pool *pool = cede__calloc(1, sizeof *pool + size);
    int rc;

    if (!pool)
        cede_raise(cede_MemoryError);
    memcpy(pool->prefix, prefix, size);
    rc = open_pool(pool);
    if (rc < 0) {
        cede__free(pool);
        cede_raise_errno(-rc, "making a thread pool");
    }
    return pool;
}

static cede_executor *make(const cede_thread_pool_options *options, size_t most)
{
    char prefix[NAME_SIZE - 16]; /* a number follows */
    thread_pool *made = cede_object_new(thread_pool_class);
    cede_defer (cede_unref, made);

    name_pool(prefix, sizeof prefix, options->thread_name_prefix);
    made->executor.methods = &methods;
    made->pool = new_pool(prefix);
    made->pool->most = most;
    made->pool->initializer = options->initializer;
    made->pool->initializer_argument = options->initializer_argument;
    return cede_ref(&made->executor);
}

static size_t default_workers(void)
{
    int count = cede__sys_cpu_count() + 4;

    return (size_t)(count < 32 ? count : 32);
}

cede_executor *
cede_thread_pool_executor_with(const cede_thread_pool_options *options)
{
    static const cede_thread_pool_options defaults;

    if (!options)
        options = &defaults;
    if (options->max_workers < 0)
        cede_raise(cede_ValueError, "max_workers must be greater than 0");
    return make(options, options->max_workers > 0
                             ? (size_t)options->max_workers
                             : default_workers());
}

cede_executor *cede_thread_pool_executor(int max_workers)
{
    cede_thread_pool_options options = {.max_workers = max_workers};

    if (max_workers <= 0)
        cede_raise(cede_ValueError, "max_workers must be greater than 0");
    return cede_thread_pool_executor_with(&options);
}

const char *cede_thread_name(void)
{
    static __thread char name[16];

    if (own_name)
        return own_name;
    if (cede__sys_is_main_thread())
        return "MainThread";
    (void)pthread_getname_np(pthread_self(), name, sizeof name);
    return name;
}
