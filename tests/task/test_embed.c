/*
 * A loop that lives inside another (decision 9): the host gives it turns, and
 * waits for its descriptor and its time. Time is virtual, and the host's to
 * move.
 */
#include "task/world.h"

#include "cede/lowlevel.h"

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static cede_virtual_time host_time;

/* What a host does between turns; waits for the descriptor when there is no
   time to wait for. */
static void be_host_until_done(cede_loop *loop, cede_task *task)
{
    for (int turn = 0; turn < 100 && !cede_task_done(task); turn++) {
        struct pollfd wait = {.fd = cede_loop_fd(loop), .events = POLLIN};
        double left = cede_loop_timeout(loop);

        if (poll(&wait, 1, isinf(left) ? -1 : 0) == 0)
            host_time.now += (int64_t)(left * 1e9);
        cede_loop_run_once(loop, 0);
    }
}

static cede_loop *embedded(void)
{
    cede_clock clock = cede_virtual_clock(&host_time);
    cede_loop_options options = {.clock = &clock, .poller = "epoll"};

    return cede_loop_new_with(&options);
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    say("begins at %g", now());
    cede_sleep(2.5);
    say("goes on at %g", now());
    cede_sleep(0);
    return cede_int(1);
}

TEST(tasks_sleep_by_the_hosts_patience)
{
    cede_auto (cede_loop *, loop, shut) = embedded();
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, sleeps, NULL);

    be_host_until_done(loop, task);
    CHECK_STR(said(), "begins at 0;goes on at 2.5;");
    CHECK(cede_task_done(task));
}

static int ends[2];

static cede_value reads(void *arg)
{
    cede_auto (cede_descriptor *, descriptor, drop) =
        cede_descriptor_new(ends[0]);
    cede_defer (cede_descriptor_close, descriptor);
    char byte = 0;

    (void)arg;
    while (read(ends[0], &byte, 1) < 0)
        cede_descriptor_wait_readable(descriptor);
    say("read %c", byte);
    return cede_none;
}

static void close_ends(void *unused)
{
    (void)unused;
    close(ends[0]);
    close(ends[1]);
}

TEST(io_shows_on_the_descriptor)
{
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    cede_defer (close_ends, NULL);
    cede_auto (cede_loop *, loop, shut) = embedded();
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, reads, NULL);

    for (int turn = 0; turn < 3; turn++)
        cede_loop_run_once(loop, 0);
    CHECK(isinf(cede_loop_timeout(loop)));
    CHECK_INT(write(ends[1], "x", 1), 1);
    be_host_until_done(loop, task);
    CHECK_STR(said(), "read x;");
}

static void finish(void *future)
{
    cede_future_set_result(future, 7);
}

static cede_value awaits(void *future)
{
    say("got %d", (int)cede_value_int(cede_await(cede_ref((void *)future))));
    return cede_none;
}

struct call {
    cede_loop *loop;
    cede_future *future;
};

static void *call_from_thread(void *self)
{
    struct call *call = self;

    cede_loop_call_soon_threadsafe(call->loop, finish, call->future);
    return NULL;
}

TEST(another_threads_call_shows_on_the_descriptor, .torture = false)
{
    cede_auto (cede_loop *, loop, shut) = embedded();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, awaits, future);
    struct call call = {loop, future};
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, call_from_thread, &call) == 0);
    be_host_until_done(loop, task);
    pthread_join(thread, NULL);
    CHECK_STR(said(), "got 7;");
}
