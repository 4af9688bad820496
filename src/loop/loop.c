/*
 * loop.c - the event loop: its life, its iteration, its runs
 *
 * Knows: the order of things in an iteration. Must not know: what jobs do;
 * coroutines and tasks least of all. Nothing in an iteration lets an exception
 * pass: users' callbacks are called under cede_catch by their handles, and the
 * runtime's own jobs use cede__loop_fail. So what is entered here is left.
 *
 * Semantics: asyncio.BaseEventLoop, PEP 3156; rules L01-L08, L11-L14, L20-L23,
 * L28, L30, L31. Differs on purpose: equal deadlines are FIFO (L14); while
 * callbacks are ready the poller is asked once per CEDE__POLL_INTERVAL of them
 * instead of once per iteration (L01, L31).
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/system.h"
#include "flow/flow.h"
#include "loop/handle.h"
#include "loop/loop.h"
#include "loop/random.h"
#include "loop/reader.h"
#include "loop/shuffle.h"
#include "loop/signal.h"
#include "loop/watch.h"
#include "stack/stack.h"
#include "value/object.h"

/* A loop that has waited so long gives idle stacks back before it waits on. */
#define QUIET_TIME CEDE__SECOND

/* No wait is longer (L23), so that sums of it fit whatever a kernel takes. */
#define LONGEST_WAIT (24 * 3600 * CEDE__SECOND)

/* --- refusals --- */

static void refuse_unusable(const cede_loop *loop)
{
    if (loop->generation != cede__fork_generation)
        cede_raise(cede_RuntimeError,
                   "This event loop belongs to the parent process: make a new "
                   "one after fork()");
    if (cede_loop_is_closed(loop))
        cede_raise(cede_RuntimeError, "Event loop is closed");
}

void cede__loop_refuse(const cede_loop *loop)
{
    refuse_unusable(loop);
    if (!cede__loop_on_owner_thread(loop))
        cede_raise(cede_RuntimeError,
                   "Non-thread-safe operation invoked on an event loop other "
                   "than the current one");
}

const cede__loop_hooks *cede__loop_hooks_of(const cede_loop *loop)
{
    static const cede__loop_hooks none;
    const cede__loop_hooks *hooks =
        __atomic_load_n(&loop->hooks, __ATOMIC_RELAXED);

    return hooks != NULL ? hooks : &none;
}

/* --- I/O --- */

int cede__loop_watch_add(cede_loop *loop, cede__watch *watch)
{
    int rc;

    if (loop->poller == NULL)
        return -ESHUTDOWN;
    watch->ready = 0;
    rc = loop->poller_methods->add(loop->poller, watch);
    if (rc < 0)
        return rc;
    watch->added = true;
    loop->watches++;
    return 0;
}

int cede__loop_watch_modify(cede_loop *loop, cede__watch *watch)
{
    if (loop->poller == NULL)
        return -ESHUTDOWN;
    return loop->poller_methods->modify(loop->poller, watch);
}

void cede__loop_watch_remove(cede_loop *loop, cede__watch *watch)
{
    if (!watch->added)
        return;
    watch->added = false;
    loop->watches--;
    /* A child shares the kernel's list with its parent: hands off. */
    if (loop->poller != NULL && loop->generation == cede__fork_generation)
        loop->poller_methods->remove(loop->poller, watch);
}

/* The wake-up's descriptor is readable: another thread, or a signal. */
static void notify_wakeup(cede__watch *watch, unsigned events)
{
    cede__wakeup *wakeup = cede__list_entry(watch, cede__wakeup, watch);
    cede_loop *loop = cede__list_entry(wakeup, cede_loop, wakeup);

    (void)events;
    /* In this order, or what comes in between would make no new event. */
    cede__sys_eventfd_clear(wakeup->fd);
    cede__wakeup_take(wakeup, &loop->ready);
    cede__signals_dispatch(loop);
}

int cede__loop_post_threadsafe(cede_loop *loop, cede__job *job)
{
    if (loop->generation != cede__fork_generation)
        return -ECHILD;
    return cede__wakeup_post(&loop->wakeup, job);
}

/* --- an iteration --- */

/* The next deadline, CEDE__NEVER if there is none. */
static int64_t next_deadline(const cede_loop *loop)
{
    const cede__timer *timer = cede__timers_first(&loop->timers);

    return timer != NULL ? timer->when : CEDE__NEVER;
}

static bool has_work(const cede_loop *loop)
{
    return !cede__queue_empty(&loop->ready) || loop->stopping ||
           loop->interrupted || cede__wakeup_pending(&loop->wakeup);
}

/* Nanoseconds until `deadline`, at least 0; CEDE__NEVER stays that. */
static int64_t time_left(cede_loop *loop, int64_t deadline)
{
    int64_t now, left;

    if (deadline == CEDE__NEVER)
        return CEDE__NEVER;
    now = cede__loop_now(loop);
    if (deadline <= now)
        return 0;
    if (__builtin_sub_overflow(deadline, now, &left))
        return CEDE__NEVER;
    return left;
}

/* How long this iteration may wait: nanoseconds, or CEDE__NEVER. */
static int64_t wait_time(cede_loop *loop, int64_t limit)
{
    int64_t left;

    if (has_work(loop))
        return 0;
    left = time_left(loop, next_deadline(loop));
    return left < limit ? left : limit;
}

/* The number of events, or a negative errno. */
static int wait_for_events(cede_loop *loop, int64_t wait)
{
    int64_t timeout = wait == CEDE__NEVER   ? -1
                      : wait > LONGEST_WAIT ? LONGEST_WAIT
                                            : wait;

    return loop->poller_methods->wait(loop->poller, timeout);
}

/* Waits in two parts when there are stacks nobody may need for a while. */
static int wait_and_trim(cede_loop *loop, int64_t wait)
{
    int rc;

    if (wait <= QUIET_TIME || cede__stack_is_trimmed())
        return wait_for_events(loop, wait);
    rc = wait_for_events(loop, QUIET_TIME);
    if (rc != 0)
        return rc;
    cede__stack_trim();
    return wait_for_events(loop, wait == CEDE__NEVER ? CEDE__NEVER
                                                     : wait - QUIET_TIME);
}

/* The number of events, negative also when interrupted by a signal. */
static int poll_for(cede_loop *loop, int64_t wait)
{
    int rc = wait_and_trim(loop, wait);

    if (rc < 0 && rc != -EINTR) {
        loop->poll_error = rc;
        loop->interrupted = true;
    }
    return rc;
}

/* Where the real clock would make us wait, the virtual one is moved. */
static void poll_and_jump(cede_loop *loop, int64_t wait)
{
    if (poll_for(loop, 0) != 0 || has_work(loop))
        return;
    loop->clock.jump(loop->clock.context,
                     cede__deadline(cede__loop_now(loop), wait));
}

/* Is the loop about to wait for nothing, until the end of time? */
static bool seems_asleep(const cede_loop *loop)
{
    return loop->finite && !cede__loop_pending(loop) &&
           cede__loop_hooks_of(loop)->on_asleep != NULL;
}

/* A look at I/O first: there may be a signal, whose callback is ready then.
   True: there is no use in waiting. */
static bool tell_asleep(cede_loop *loop)
{
    return poll_for(loop, 0) != 0 || cede__loop_pending(loop) ||
           cede__loop_hooks_of(loop)->on_asleep(loop);
}

static void poll_events(cede_loop *loop, int64_t limit)
{
    int64_t wait = wait_time(loop, limit);

    loop->since_poll = 0;
    if (CEDE_IMPL_UNLIKELY(wait == CEDE__NEVER && seems_asleep(loop)) &&
        tell_asleep(loop))
        return;
    if (loop->clock.jump != NULL && wait > 0 && wait != CEDE__NEVER)
        poll_and_jump(loop, wait);
    else
        poll_for(loop, wait);
    cede__loop_now(loop); /* also for those who ask since when */
}

static bool is_due(const cede_loop *loop, const cede__timer *timer)
{
    return timer->when <= loop->now ||
           timer->when - loop->clock.resolution < loop->now;
}

static void fire_timers(cede_loop *loop)
{
    cede__timer *timer;

    while ((timer = cede__timers_first(&loop->timers)) != NULL &&
           is_due(loop, timer)) {
        cede__timers_stop(&loop->timers, timer);
        timer->fire(timer);
    }
}

/* Runs the batch as run_ready does, in debug mode; leaves it empty unless
   interrupted. */
static __attribute__((cold, noinline)) unsigned run_watched(cede_loop *loop)
{
    cede__queue *batch = &loop->batch;
    unsigned count = 0;

    while (batch->first != NULL && !loop->interrupted) {
        cede__job *job = batch->first;

        batch->first = job->next;
        cede__watch_run(loop, job);
        count++;
    }
    return count;
}

static void run_ready(cede_loop *loop)
{
    cede__queue *batch = &loop->batch;
    unsigned count = 0;

    cede__queue_append(batch, &loop->ready);
    if (CEDE_IMPL_UNLIKELY(loop->shuffling))
        cede__queue_shuffle(batch, &loop->lot);
    if (CEDE_IMPL_UNLIKELY(loop->debug))
        count = run_watched(loop);
    /* A job may take others from the batch (cede__loop_upcoming). */
    for (; batch->first != NULL && !loop->interrupted; count++) {
        cede__job *job = batch->first;

        batch->first = job->next;
        __builtin_prefetch(job->next);
        job->run(job);
    }
    loop->since_poll += count;
    if (cede__queue_empty(batch)) {
        cede__queue_init(batch);
        return;
    }
    /* Interrupted: the rest goes before what came since (L11). */
    cede__queue_append(batch, &loop->ready);
    cede__queue_append(&loop->ready, batch);
}

/* Gives up what was cancelled before this iteration. */
static void free_discarded(cede_loop *loop)
{
    while (!cede__queue_empty(&loop->discarded))
        cede_unref(cede__handle_of_job(cede__queue_pop(&loop->discarded)));
}

bool cede__loop_turn(cede_loop *loop)
{
    const cede__timer *timer;

    if (cede__queue_empty(&loop->ready) ||
        loop->since_poll >= CEDE__POLL_INTERVAL ||
        !cede__queue_empty(&loop->discarded) ||
        cede__wakeup_pending(&loop->wakeup))
        return false;
    timer = cede__timers_first(&loop->timers);
    if (timer != NULL && is_due(loop, timer))
        return false;
    loop->batch = loop->ready;
    cede__queue_init(&loop->ready);
    return true;
}

/* Waits at most `limit` nanoseconds, CEDE__NEVER: as long as it takes. */
static void iterate(cede_loop *loop, int64_t limit)
{
    if (CEDE_IMPL_UNLIKELY(!cede__queue_empty(&loop->discarded)))
        free_discarded(loop);
    if (CEDE_IMPL_UNLIKELY(cede__wakeup_pending(&loop->wakeup)))
        cede__wakeup_take(&loop->wakeup, &loop->ready);
    if (cede__queue_empty(&loop->ready) ||
        loop->since_poll >= CEDE__POLL_INTERVAL)
        poll_events(loop, limit);
    fire_timers(loop);
    run_ready(loop);
}

/* --- runs --- */

void cede__loop_check_idle(const cede_loop *loop)
{
    refuse_unusable(loop);
    if (cede_loop_is_running(loop))
        cede_raise(cede_RuntimeError, "This event loop is already running");
    if (cede__running_loop != NULL)
        cede_raise(cede_RuntimeError, "Cannot run the event loop while another "
                                      "loop is running");
}

static void enter(cede_loop *loop)
{
    cede__loop_check_idle(loop);
    if (__atomic_exchange_n(&loop->running, true, __ATOMIC_ACQ_REL))
        cede_raise(cede_RuntimeError, "This event loop is already running");
    cede_ref(loop);
    __atomic_add_fetch(&loop->head.references, CEDE__LOOP_RUNS,
                       __ATOMIC_RELAXED);
    cede__running_loop = loop;
    /* A run begins with a look at I/O: whoever calls run_once may have waited
       for cede_loop_fd. */
    loop->since_poll = CEDE__POLL_INTERVAL;
}

/*
 * Raises what interrupted the run, if anything did. In the child of a fork
 * there is no running loop any more, and refuse_unusable says why. The
 * reference that enter took may be the last.
 */
static void leave(cede_loop *loop)
{
    cede_exception *failure = loop->failure;
    int poll_error = loop->poll_error;
    bool forked = loop->generation != cede__fork_generation;

    loop->failure = NULL;
    loop->poll_error = 0;
    loop->interrupted = false;
    loop->stopping = false;
    cede__running_loop = NULL;
    __atomic_add_fetch(&loop->head.references,
                       (uint32_t)loop->kept - CEDE__LOOP_RUNS,
                       __ATOMIC_RELAXED);
    loop->kept = 0;
    __atomic_store_n(&loop->running, false, __ATOMIC_RELEASE);
    if (forked) {
        cede_unref(failure);
        cede_defer (cede_unref, loop);
        refuse_unusable(loop);
    }
    cede_unref(loop);
    if (failure != NULL)
        cede__throw(failure);
    if (poll_error < 0)
        cede_raise_errno(-poll_error, "waiting for I/O");
}

void cede_loop_run_forever(cede_loop *loop)
{
    cede_check_alive(loop);
    enter(loop);
    do
        iterate(loop, CEDE__NEVER);
    while (!loop->stopping && !loop->interrupted);
    leave(loop);
}

bool cede_loop_run_once(cede_loop *loop, double timeout)
{
    int64_t limit;
    bool stopped;

    cede_check_alive(loop);
    if (isnan(timeout))
        cede_raise(cede_ValueError, "Invalid timeout: NaN (not a number)");
    limit = timeout < 0 ? CEDE__NEVER : cede__nanoseconds(timeout);
    enter(loop);
    loop->once = true;
    iterate(loop, limit);
    loop->once = false;
    stopped = loop->stopping;
    leave(loop);
    return !stopped;
}

void cede_loop_stop(cede_loop *loop)
{
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    loop->stopping = true;
}

void cede__loop_fail(cede_loop *loop, cede_exception *exception)
{
    loop->interrupted = true;
    if (loop->failure == NULL)
        loop->failure = exception;
    else
        cede_unref(exception);
}

/* --- questions --- */

cede_loop *cede__loop_running_at(const cede_location *where)
{
    cede_loop *loop = cede__running_loop;

    if (CEDE_IMPL_UNLIKELY(loop == NULL))
        cede_impl_raise_new(where ? where : CEDE_IMPL_HERE, cede_RuntimeError,
                            "no running event loop");
    return loop;
}

cede_loop *cede_get_running_loop(void)
{
    return cede__loop_running_at(NULL);
}

cede_loop *cede_running_loop(void)
{
    return cede__running_loop;
}

bool cede_loop_is_running(const cede_loop *loop)
{
    cede_check_alive(loop);
    return __atomic_load_n(&loop->running, __ATOMIC_RELAXED);
}

bool cede_loop_is_closed(const cede_loop *loop)
{
    cede_check_alive(loop);
    return __atomic_load_n(&loop->closed, __ATOMIC_RELAXED);
}

double cede_loop_time(cede_loop *loop)
{
    loop = cede__loop_or_running(loop, NULL);
    cede__loop_check_thread(loop);
    return cede__seconds(cede__loop_now(loop));
}

int cede_loop_fd(cede_loop *loop)
{
    int fd;

    cede_check_alive(loop);
    cede__loop_check(loop);
    fd = loop->poller_methods->fd(loop->poller);
    if (fd < 0)
        cede_raise(cede_NotImplementedError,
                   "the %s poller has no descriptor to wait for",
                   loop->poller_methods->name);
    return fd;
}

double cede_loop_timeout(cede_loop *loop)
{
    int64_t left;

    cede_check_alive(loop);
    cede__loop_check(loop);
    if (has_work(loop))
        return 0;
    left = time_left(loop, next_deadline(loop));
    return left == CEDE__NEVER ? (double)INFINITY : cede__seconds(left);
}

bool cede__loop_pending(const cede_loop *loop)
{
    return has_work(loop) || !cede__queue_empty(&loop->batch) ||
           next_deadline(loop) != CEDE__NEVER || loop->watches > 0 ||
           loop->signals > loop->signals_aside ||
           __atomic_load_n(&loop->held, __ATOMIC_ACQUIRE) > 0;
}

void cede_loop_hold(cede_loop *loop)
{
    cede_check_alive(loop);
    __atomic_add_fetch(&loop->held, 1, __ATOMIC_RELAXED);
}

void cede_loop_release(cede_loop *loop)
{
    cede_check_alive(loop);
    /* After what the thread has posted. The loop may be waiting for nobody
       else, and has to find that out. */
    if (__atomic_sub_fetch(&loop->held, 1, __ATOMIC_ACQ_REL) == 0)
        cede__wakeup_nudge(&loop->wakeup);
}

/* --- closing --- */

static void drop_jobs(cede_loop *loop, cede__queue *queue)
{
    while (!cede__queue_empty(queue)) {
        cede__job *job = cede__queue_pop(queue);
        cede_handle *handle = cede__handle_of_job(job);

        if (handle != NULL)
            cede__handle_drop(handle);
        else if (cede__loop_hooks_of(loop)->on_drop != NULL)
            cede__loop_hooks_of(loop)->on_drop(loop, job);
    }
}

static void drop_timers(cede_loop *loop)
{
    cede__timer *timer;

    while ((timer = cede__timers_first(&loop->timers)) != NULL) {
        cede_handle *handle = cede__handle_of_timer(timer);

        cede__timers_stop(&loop->timers, timer);
        if (handle != NULL)
            cede__handle_drop(handle);
    }
    cede__timers_finish(&loop->timers);
}

static void shut_down(cede_loop *loop)
{
    if (loop->generation != cede__fork_generation)
        cede__wakeup_forked(&loop->wakeup);
    if (cede__loop_hooks_of(loop)->on_close != NULL)
        cede__loop_hooks_of(loop)->on_close(loop);
    __atomic_store_n(&loop->closed, true, __ATOMIC_RELAXED);
    cede__signals_remove_all(loop);
    cede__readers_remove_all(loop);
    cede__loops_leave(&loop->node);
    loop->poller_methods->destroy(loop->poller);
    loop->poller = NULL;
    cede__wakeup_close(&loop->wakeup, &loop->ready);
    /* Not empty when a child closes the loop inside a callback. */
    drop_jobs(loop, &loop->batch);
    drop_jobs(loop, &loop->ready);
    drop_timers(loop);
    free_discarded(loop);
    if (cede__loop_hooks_of(loop)->on_closed != NULL)
        cede__loop_hooks_of(loop)->on_closed(loop);
}

void cede_loop_close(cede_loop *loop)
{
    cede_check_alive(loop);
    if (cede_loop_is_running(loop) && loop->generation == cede__fork_generation)
        cede_raise(cede_RuntimeError, "Cannot close a running event loop");
    if (!cede_loop_is_closed(loop))
        shut_down(loop);
}

/* The last reference is gone. `poller_methods` is NULL when the loop was never
   opened. */
static void loop_destroy(void *self)
{
    cede_loop *loop = self;

    if (loop->poller_methods == NULL)
        return;
    if (!cede_loop_is_closed(loop)) {
        cede__logf(CEDE_LOG_WARNING,
                   "ResourceWarning: unclosed event loop <EventLoop "
                   "running=False closed=False debug=%s>",
                   loop->debug ? "True" : "False");
        shut_down(loop);
    }
    cede_unref(loop->failure);
    cede__wakeup_finish(&loop->wakeup);
}

/* --- opening --- */

static const cede_class loop_class = {
    .name = "EventLoop",
    .size = sizeof(struct cede_loop),
    .flags = CEDE_CLASS_SHARED,
    .destroy = loop_destroy,
};

static const cede__poller_methods *const pollers[] = {
    &cede__epoll_poller,
    &cede__poll_poller,
};

static const cede__poller_methods *choose_poller(const char *name)
{
    if (name == NULL)
        name = getenv("CEDE_POLLER");
    if (name == NULL || name[0] == '\0')
        return pollers[0];
    for (size_t i = 0; i < sizeof pollers / sizeof *pollers; i++)
        if (strcmp(name, pollers[i]->name) == 0)
            return pollers[i];
    cede_raise(cede_ValueError, "there is no poller \"%s\"", name);
}

/* Is the order to be drawn by lot, and from which seed? */
static bool choose_order(const cede_loop_options *options, uint64_t *seed)
{
    *seed = options->seed;
    return options->shuffle || cede__random_seed_in("CEDE_SHUFFLE", seed);
}

static cede_clock choose_clock(cede_loop *loop,
                               const cede_loop_options *options)
{
    if (options->simulated)
        return cede_virtual_clock(&loop->time);
    return options->clock != NULL ? *options->clock : cede_monotonic_clock();
}

static void init(cede_loop *loop, const cede_loop_options *options)
{
    cede__queue_init(&loop->ready);
    cede__queue_init(&loop->batch);
    cede__queue_init(&loop->discarded);
    cede__timers_init(&loop->timers);
    loop->clock = choose_clock(loop, options);
    if (loop->clock.resolution < 1)
        loop->clock.resolution = 1;
    cede__loop_now(loop);
}

/* 0, or a negative errno and nothing left open. */
static int open_loop(cede_loop *loop, const cede__poller_methods *methods)
{
    cede__queue none;
    int rc = cede__fork_watch();

    if (rc < 0)
        return rc;
    loop->generation = cede__fork_generation;
    rc = methods->create(&loop->poller);
    if (rc < 0)
        return rc;
    rc = cede__wakeup_init(&loop->wakeup);
    if (rc < 0)
        goto no_wakeup;
    loop->wakeup.watch.notify = notify_wakeup;
    rc = methods->add(loop->poller, &loop->wakeup.watch);
    if (rc < 0)
        goto no_watch;
    loop->poller_methods = methods;
    cede__loops_enter(&loop->node);
    return 0;

no_watch:
    cede__queue_init(&none);
    cede__wakeup_close(&loop->wakeup, &none);
    cede__wakeup_finish(&loop->wakeup);
no_wakeup:
    methods->destroy(loop->poller);
    return rc;
}

cede_loop *cede_loop_new_with(const cede_loop_options *options)
{
    static const cede_loop_options defaults;
    const cede__poller_methods *methods;
    cede_loop *loop;
    uint64_t seed = 0;
    uint64_t lot;
    bool shuffling;
    int rc;

    if (options == NULL)
        options = &defaults;
    methods = choose_poller(options->poller);
    (void)cede__random_seed_in("CEDE_SEED", &seed);
    shuffling = choose_order(options, &lot);
    loop = cede_object_new(&loop_class);
    init(loop, options);
    loop->random = seed;
    loop->shuffling = shuffling;
    loop->lot = lot;
    cede__watch_init(loop, options->debug);
    rc = open_loop(loop, methods);
    if (rc == 0)
        return loop;
    cede_unref(loop);
    if (rc == -ENOMEM)
        cede_raise(cede_MemoryError);
    cede_raise_errno(-rc, "opening an event loop");
}

cede_loop *cede_loop_new(void)
{
    return cede_loop_new_with(NULL);
}
