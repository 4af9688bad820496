/*
 * lowlevel: parking, wait queues, descriptors, the budget.
 */
#include "harness/harness.h"
#include "task/trace.h"

#include "cede/lowlevel.h"
#include "cede/run.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void expect(cede_value (*scenario)(void *), const char *trace)
{
    cede_value_unref(cede_run_simulated(scenario, NULL));
    CHECK_STR(said(), trace);
}

static bool undo(cede_task *task, void *name)
{
    (void)task;
    say("abort %s", (char *)name);
    return true;
}

static cede_value parks(void *name)
{
    cede_try {
        cede_park("test", undo, name);
        say("%s runs", (char *)name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", (char *)name);
    } cede_end
    return cede_none;
}

static cede_value parking(void *arg)
{
    cede_task *a = cede_create_task(parks, "a");
    cede_task *b = cede_create_task(parks, "b");
    cede_task *c = cede_create_task(parks, "c");

    (void)arg;
    cede_sleep(0);
    cede_unpark(a);
    cede_unpark(a);
    cede_task_cancel(b, NULL);
    cede_unpark(c);
    cede_task_cancel(c, NULL); /* T19: no abort, but the cancel wins */
    say("-");
    cede_await(a);
    cede_await(b);
    cede_await(c);
    return cede_none;
}

TEST(T19_parking_and_cancelling)
{
    expect(parking, "abort b;-;a runs;b cancelled;c cancelled;");
}

static cede_value cancelled_first(void *arg)
{
    (void)arg;
    cede_task_cancel(cede_current_task(), NULL);
    return parks("x");
}

static cede_value park_after_cancel(void *arg)
{
    (void)arg;
    cede_await(cede_create_task(cancelled_first, NULL));
    return cede_none;
}

TEST(T06_parking_after_a_cancel)
{
    expect(park_after_cancel, "abort x;x cancelled;");
}

static cede_wait_queue queue;

static cede_value queues(void *name)
{
    cede_try {
        cede_wait_queue_park(&queue, "test");
        say("%s", (char *)name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", (char *)name);
    } cede_end
    return cede_none;
}

static cede_value queueing(void *arg)
{
    cede_task *a = cede_create_task(queues, "a");
    cede_task *b = cede_create_task(queues, "b");
    cede_task *c = cede_create_task(queues, "c");

    (void)arg;
    cede_wait_queue_init(&queue);
    cede_sleep(0);
    CHECK(cede_wait_queue_wake(&queue));
    cede_task_cancel(a, NULL); /* woken, then cancelled: b is woken instead */
    cede_await(a);
    cede_await(b);
    cede_task_cancel(c, NULL);
    cede_await(c);
    CHECK(cede_wait_queue_empty(&queue));
    CHECK(!cede_wait_queue_wake(&queue));
    return cede_none;
}

TEST(P02_a_cancelled_waiter_passes_its_wakeup_on)
{
    expect(queueing, "a cancelled;b;c cancelled;");
}

struct pipe_end {
    int fd;
    cede_descriptor *descriptor;
};

static cede_value reads(void *arg)
{
    struct pipe_end *end = arg;
    char byte;

    for (;;) {
        ssize_t got = read(end->fd, &byte, 1);

        if (got == 1)
            say("%c", byte);
        else if (got == 0 || errno != EAGAIN)
            break;
        else
            cede_descriptor_wait_readable(end->descriptor);
    }
    say("end");
    return cede_none;
}

static cede_value descriptors(void *arg)
{
    int fds[2];
    struct pipe_end end;
    cede_task *task;

    (void)arg;
    if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) != 0)
        return cede_none;
    end = (struct pipe_end){fds[0], NULL};
    cede_try {
        end.descriptor = cede_descriptor_new(fds[0]);
        task = cede_create_task(reads, &end);
        cede_sleep(0);
        CHECK_INT(write(fds[1], "ab", 2), 2);
        cede_sleep(0.1);
        CHECK_RAISES(cede_RuntimeError,
                     cede_descriptor_wait_readable(end.descriptor));
        CHECK_INT(write(fds[1], "c", 1), 1);
        close(fds[1]);
        fds[1] = -1;
        cede_await(task);
    } cede_finally {
        cede_unref(end.descriptor);
        close(fds[0]);
        if (fds[1] >= 0)
            close(fds[1]);
    } cede_end
    return cede_none;
}

TEST(descriptors_wake_their_reader, .torture = false)
{
    expect(descriptors, "a;b;c;end;");
}

static cede_value greedy(void *arg)
{
    (void)arg;
    for (int i = 0; i < 200; i++)
        cede_consume_budget();
    say("greedy done");
    return cede_none;
}

static cede_value modest(void *arg)
{
    (void)arg;
    say("modest runs");
    return cede_none;
}

static cede_value budget(void *arg)
{
    cede_task *first = cede_create_task(greedy, NULL);
    cede_task *second = cede_create_task(modest, NULL);

    (void)arg;
    cede_await(first);
    cede_await(second);
    return cede_none;
}

TEST(Z17_the_budget_lets_others_run)
{
    expect(budget, "modest runs;greedy done;");
}
