/*
 * Cancelling a task at each of its suspensions in turn: whatever it waits for,
 * nothing is left behind and nothing is lost. Rules T03-T07, T10, T19, W04,
 * P02, A05.
 *
 * A body runs on a loop of its own that is stepped one iteration at a time; a
 * task's state changes in no smaller steps. For N = 0, 1, 2 … the body is begun
 * anew, stepped N times and cancelled, until it ends before the Nth step.
 */
#include "task/world.h"

#include "base/memory.h"

#include "cede/generator.h"
#include "cede/lowlevel.h"
#include "cede/timeout.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* --- what bodies share; in order again whenever all tasks are done --- */

static cede_wait_queue queue;
static bool locked;
static int entered, left; /* clauses that must come in pairs */

static void acquire(void)
{
    while (locked)
        cede_wait_queue_park(&queue, "lock");
    locked = true;
    entered++;
}

static void release(void *unused)
{
    (void)unused;
    locked = false;
    left++;
    cede_wait_queue_wake(&queue);
}

static void leave(void *unused)
{
    (void)unused;
    left++;
}

/* For the rest of the block. */
#define PAIRED()                                                               \
    entered++;                                                                 \
    cede_defer (leave, &left)

/* --- the driver --- */

enum { MOST_STEPS = 500 };

struct run {
    cede_function body;
    int steps;     /* before the cancel */
    int cancels;   /* one after the other, a step between them */
    bool finished; /* it ended before the cancel */
};

static void step(cede_loop *loop)
{
    cede_loop_run_once(loop, -1);
}

static cede_value finish(void *task)
{
    return cede_task_result(task);
}

/* How the task ended, for the message of a failed check. */
static void check_end(cede_task *task)
{
    cede_exception *error;

    if (!CHECK(cede_task_done(task)))
        return;
    error = cede_catch(finish, task, NULL);
    if (error && !cede_exception_is(error, cede_CancelledError)) {
        cede_print_exception(error);
        CHECK(!"another exception came out");
    }
    cede_unref(error);
}

static void drive(struct run *run)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_loop_options options = {.clock = &clock};
    cede_auto (cede_loop *, loop, shut) = cede_loop_new_with(&options);
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, run->body, NULL);

    cede_loop_set_exception_handler(loop, note, NULL);
    for (int i = 0; i < run->steps && !cede_task_done(task); i++)
        step(loop);
    run->finished = cede_task_done(task);
    for (int i = 0; i < run->cancels && !cede_task_done(task); i++) {
        CHECK(cede_task_cancel(task, NULL));
        step(loop);
    }
    for (int i = 0; i < MOST_STEPS && cede_loop_task_count(loop) > 0; i++)
        step(loop);
    check_end(task);
    CHECK_INT(cede_loop_task_count(loop), 0);
}

static void cancel_everywhere(cede_function body, int cancels)
{
    struct run run = {.body = body, .cancels = cancels};

    do {
        size_t live = cede__memory_live();

        cede_wait_queue_init(&queue);
        locked = false;
        entered = left = 0;
        drive(&run);
        if (!CHECK(cede_wait_queue_empty(&queue)) || !CHECK(!locked) ||
            !CHECK_INT(left, entered) ||
            !CHECK_INT(cede__memory_live(), live) || !CHECK_STR(said(), "")) {
            printf("cancelled after step %d\n", run.steps);
            break;
        }
        run.steps++;
    } while (!run.finished && run.steps < MOST_STEPS);
    CHECK(run.finished);
    CHECK(run.steps > 2); /* or it has not waited at all */
}

/* --- bodies --- */

static cede_value sleeper(void *arg)
{
    (void)arg;
    PAIRED();

    cede_sleep(0);
    cede_sleep(1);
    cede_sleep(-1);
    cede_sleep(2);
    return cede_str_copy("slept");
}

TEST(sleep, .torture = false)
{
    cancel_everywhere(sleeper, 1);
    cancel_everywhere(sleeper, 2);
}

static cede_value sets_later(void *future)
{
    cede_sleep(1);
    if (!cede_future_done(future))
        cede_future_set_result(future, cede_str_copy("set"));
    return cede_none;
}

static cede_value awaits_future(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_task *, setter, drop) =
        cede_create_task(sets_later, future);

    (void)arg;
    PAIRED();
    cede_try {
        cede_value_unref(cede_await(cede_ref(future)));
    } cede_finally {
        cede_task_cancel(setter, NULL);
        cede_try {
            cede_await(cede_ref(setter));
        } cede_except (cede_CancelledError, e) {
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value awaits_task(void *arg)
{
    PAIRED();

    cede_value_unref(cede_await(cede_create_task(sleeper, arg)));
    cede_value_unref(cede_await(cede_create_task(sleeper, arg)));
    return cede_none;
}

TEST(await, .torture = false)
{
    cancel_everywhere(awaits_future, 1);
    cancel_everywhere(awaits_task, 1);
    cancel_everywhere(awaits_task, 2);
}

static cede_value gathers(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);

    PAIRED();
    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task(i ? awaits_task : sleeper, arg));
    gather_crew(&crew, results.at, 0);
    return cede_none;
}

static cede_value gathers_gathers(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    PAIRED();
    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task(gathers, arg));
    gather_crew(&crew, NULL, CEDE_RETURN_EXCEPTIONS);
    return cede_none;
}

TEST(gather, .torture = false)
{
    cancel_everywhere(gathers, 1);
    cancel_everywhere(gathers, 2);
    cancel_everywhere(gathers_gathers, 1);
    cancel_everywhere(gathers_gathers, 3);
}

static cede_value times_out(void *arg)
{
    PAIRED();

    cede_timeout (outer, 5) {
        cede_timeout (inner, 1) {
            cede_value_unref(cede_await(cede_create_task(sleeper, arg)));
        } cede_except (cede_TimeoutError, e) {
            cede_sleep(1);
        } cede_end
        cede_sleep(10);
    } cede_except (cede_TimeoutError, e) {
        PAIRED();

        cede_sleep(1);
    } cede_end
    return cede_none;
}

TEST(timeouts, .torture = false)
{
    cancel_everywhere(times_out, 1);
    cancel_everywhere(times_out, 2);
}

static cede_value works_locked(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        acquire();
        cede_defer (release, &queue);

        cede_sleep(i);
    }
    return cede_none;
}

static cede_value contends(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    for (int i = 0; i < 3; i++)
        join(&crew, cede_create_task(works_locked, arg));
    works_locked(arg);
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

/* Main is one of four who want the lock: the others get it in any case. */
TEST(wait_queue, .torture = false)
{
    cancel_everywhere(contends, 1);
    cancel_everywhere(contends, 2);
}

static cede_value counts(void *arg)
{
    PAIRED();

    (void)arg;
    cede_try {
        for (int i = 0; i < 3; i++) {
            cede_sleep(1);
            cede_yield(cede_str_copy("item"));
        }
    } cede_finally {
        cede_sleep(1);
    } cede_end
    return cede_none;
}

static cede_value delegates(void *arg)
{
    PAIRED();

    cede_yield_from(cede_generator(counts, arg));
    return cede_none;
}

static cede_value iterates(void *arg)
{
    int seen = 0;

    cede_for (v, cede_generator(counts, arg))
        if (seen++ == 1)
            break;
    cede_for (v, cede_generator(delegates, arg))
        cede_sleep(1);
    return cede_none;
}

TEST(generators, .torture = false)
{
    cancel_everywhere(iterates, 1);
    cancel_everywhere(iterates, 2);
}

static void close_fd(void *fd)
{
    close(*(int *)fd);
}

static void hang_up(void *fd)
{
    if (*(int *)fd >= 0)
        close(*(int *)fd);
    *(int *)fd = -1;
}

static cede_value writes_bytes(void *fd)
{
    cede_defer (hang_up, fd);

    for (int i = 0; i < 3; i++) {
        cede_sleep(1);
        if (write(*(int *)fd, "x", 1) != 1)
            say("write failed");
    }
    return cede_none;
}

static void read_to_end(int fd, cede_descriptor *descriptor)
{
    char byte;

    for (;;) {
        ssize_t got = read(fd, &byte, 1);

        if (got == 0 || (got < 0 && errno != EAGAIN))
            return;
        if (got < 0)
            cede_descriptor_wait_readable(descriptor);
    }
}

static cede_value reads_bytes(void *arg)
{
    static int fds[2]; /* of one run; the writer has ended before the next */

    (void)arg;
    PAIRED();
    if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) != 0)
        cede_raise_errno(errno, "pipe");
    {
        cede_defer (close_fd, &fds[0]);
        cede_defer (hang_up, &fds[1]);
        cede_auto (cede_descriptor *, descriptor, drop) =
            cede_descriptor_new(fds[0]);
        cede_auto (cede_task *, writer, drop) =
            cede_create_task(writes_bytes, &fds[1]);

        cede_try {
            read_to_end(fds[0], descriptor);
        } cede_finally {
            cede_task_cancel(writer, NULL);
            cede_try {
                cede_await(cede_ref(writer));
            } cede_except (cede_CancelledError, e) {
            } cede_end
        } cede_end
    }
    return cede_none;
}

TEST(descriptors, .torture = false)
{
    cancel_everywhere(reads_bytes, 1);
}

/* --- those who do not give in --- */

static cede_value stubborn(void *arg)
{
    PAIRED();

    for (int i = 0; i < 3;) {
        cede_keep(i);
        cede_try {
            cede_value_unref(cede_await(cede_create_task(sleeper, arg)));
            i++;
        } cede_except (cede_CancelledError, e) {
        } cede_end
    }
    return cede_none;
}

static cede_value gathers_stubborn(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task(stubborn, arg));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(who_swallows_it, .torture = false)
{
    cancel_everywhere(stubborn, 1);
    cancel_everywhere(stubborn, 3);
    cancel_everywhere(gathers_stubborn, 2);
}

/* --- all of it --- */

static cede_value everything(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    PAIRED();
    cede_timeout (t, 20) {
        join(&crew, cede_create_task(times_out, arg));
        join(&crew, cede_create_task(iterates, arg));
        join(&crew, cede_create_task(contends, arg));
        join(&crew, cede_create_task(stubborn, arg));
        gather_crew(&crew, NULL, 0);
        iterates(arg);
    } cede_except (cede_TimeoutError, e) {
        gathers(arg);
    } cede_end
    return cede_none;
}

TEST(everything_together, .torture = false, .timeout = 60)
{
    cancel_everywhere(everything, 1);
    cancel_everywhere(everything, 2);
}

/* --- closing the loop instead --- */

static void close_everywhere(cede_function body)
{
    bool finished = false;

    for (int steps = 0; !finished && steps < MOST_STEPS; steps++) {
        cede_virtual_time time = {0};
        cede_clock clock = cede_virtual_clock(&time);
        cede_loop_options options = {.clock = &clock};
        size_t live = cede__memory_live();

        cede_wait_queue_init(&queue);
        locked = false;
        entered = left = 0;
        {
            cede_auto (cede_loop *, loop, shut) = cede_loop_new_with(&options);
            cede_auto (cede_task *, task, drop) =
                cede_loop_create_task(loop, body, NULL);

            cede_loop_set_exception_handler(loop, note, NULL);
            for (int i = 0; i < steps && !cede_task_done(task); i++)
                step(loop);
            finished = cede_task_done(task);
            cede_loop_close(loop);
            CHECK(cede_task_done(task));
            CHECK_INT(cede_loop_task_count(loop), 0);
        }
        said();
        if (!CHECK(cede_wait_queue_empty(&queue)) || !CHECK(!locked) ||
            !CHECK_INT(left, entered) ||
            !CHECK_INT(cede__memory_live(), live)) {
            printf("closed after step %d\n", steps);
            break;
        }
    }
    CHECK(finished);
}

TEST(T14_the_loop_is_closed_instead, .torture = false, .timeout = 60)
{
    close_everywhere(sleeper);
    close_everywhere(awaits_task);
    close_everywhere(gathers_gathers);
    close_everywhere(times_out);
    close_everywhere(contends);
    close_everywhere(iterates);
    close_everywhere(reads_bytes);
    close_everywhere(everything);
}
