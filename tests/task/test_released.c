/*
 * CEDE_DEBUG=1: futures, tasks, callbacks, timeouts and loops that are used
 * after their end, and what is told when a loop is closed.
 */
#include "task/world.h"
#include "value/released.h"

#include <stdio.h>
#include <sys/wait.h>

#include "cede/list.h"
#include "cede/lowlevel.h"
#include "cede/print.h"
#include "cede/task_group.h"
#include "cede/timeout.h"

static char output[8192];

static cede_value fetch(void *argument)
{
    (void)argument;
    return cede_int(1);
}

static void on_done(cede_future *future, void *argument)
{
    (void)future;
    (void)argument;
}

/* ---- futures and tasks --------------------------------------------------- */

static void ask_future(cede_future *future)
{
    cede_exception *e = cede_exception(cede_ValueError, NULL);
    cede_defer (cede_unref, e);

    CHECK_RELEASED("Future", cede_future_done(future));
    CHECK_RELEASED("Future", cede_future_cancelled(future));
    CHECK_RELEASED("Future", cede_future_result(future));
    CHECK_RELEASED("Future", cede_future_exception(future));
    CHECK_RELEASED("Future", cede_future_set_result(future, 1));
    CHECK_RELEASED("Future",
                   cede_future_set_result(future, cede_object(cede_list())));
    CHECK_RELEASED("Future", cede_future_set_exception(future, e));
    CHECK_RELEASED("Future", cede_future_cancel(future, NULL));
    CHECK_RELEASED("Future",
                   cede_future_add_done_callback(future, on_done, NULL));
    CHECK_RELEASED("Future", cede_future_add_done_callback_in(future, NULL,
                                                              on_done, NULL));
    CHECK_RELEASED("Future", cede_future_remove_done_callback(future, on_done));
    CHECK_RELEASED("Future", cede_await(future));
}

static cede_value with_future(void *unused)
{
    (void)unused;
    ask_future(gone(cede_loop_create_future(NULL)));
    return cede_none;
}

TEST(a_future_is_not_used_after_its_release)
{
    debug();
    cede_run_simulated(with_future, NULL);
}

#define TASK "Task 'fetch'"

static void ask_task(cede_task *task)
{
    CHECK_RELEASED(TASK, cede_task_future(task));
    CHECK_RELEASED(TASK, cede_task_done(task));
    CHECK_RELEASED(TASK, cede_task_cancelled(task));
    CHECK_RELEASED(TASK, cede_task_result(task));
    CHECK_RELEASED(TASK, cede_task_exception(task));
    CHECK_RELEASED(TASK, cede_task_cancel(task, NULL));
    CHECK_RELEASED(TASK, cede_task_cancelling(task));
    CHECK_RELEASED(TASK, cede_task_uncancel(task));
    CHECK_RELEASED(TASK, cede_task_get_name(task));
    CHECK_RELEASED(TASK, cede_task_set_name(task, "name"));
    CHECK_RELEASED(TASK, cede_task_get_context(task));
    CHECK_RELEASED(TASK, cede_task_set_context(task, NULL));
    CHECK_RELEASED(TASK, cede_unpark(task));
    CHECK_RELEASED(TASK, cede_await(task));
    CHECK_RELEASED(TASK, cede_value_unref(cede_repr((cede_object *)task)));
}

static cede_value with_task(void *unused)
{
    struct crew holder = {0};
    cede_defer (dismiss, &holder);
    cede_task *task = join(&holder, cede_create_task(fetch, NULL));

    (void)unused;
    cede_value_unref(cede_await(cede_ref(task)));
    holder.count = 0;
    ask_task(gone(task));
    return cede_none;
}

TEST(a_task_is_not_used_after_its_release)
{
    debug();
    cede_run_simulated(with_task, NULL);
}

static cede_value await_twice(void *unused)
{
    cede_task *task = cede_create_task(fetch, NULL);
    cede_task *same = hidden(task);

    (void)unused;
    CHECK_INT(cede_value_int(cede_await(task)), 1);
    CHECK_RELEASED(TASK, cede_await(same)); /* cede-lint: ok */
    return cede_none;
}

static void run_await_twice(void *unused)
{
    (void)unused;
    cede_run_simulated(await_twice, NULL);
}

TEST(a_task_is_awaited_once_for_each_reference)
{
    debug();
    harness_capture(run_await_twice, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

static void sleep_a_second(void)
{
    cede_sleep(1);
}

/* A group's task is borrowed: nothing of it is ours to be taken. */
static void await_what_a_group_has(void)
{
    cede_task_group (group)
        CHECK_RELEASED("Task 'sleep_a_second'",
                       cede_await(hidden(cede_task_group_create_task(
                           group, sleep_a_second))));
    cede_end
}

static void run_await_what_a_group_has(void *unused)
{
    (void)unused;
    cede_run_simulated(await_what_a_group_has);
}

TEST(a_borrowed_task_is_not_given_up_by_an_await, .shuffle = false)
{
    debug();
    harness_capture(run_await_what_a_group_has, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "use after release: Task 'sleep_a_second', created");
}

static cede_value gather_released(void *unused)
{
    cede_future *future = gone(cede_loop_create_future(NULL));

    (void)unused;
    CHECK_RELEASED("Future", cede_gather(NULL, future));
    return cede_none;
}

static void run_gather(void *unused)
{
    (void)unused;
    cede_run_simulated(gather_released, NULL);
}

TEST(what_was_released_is_not_gathered)
{
    debug();
    harness_capture(run_gather, NULL, output, sizeof output);
}

static cede_value with_timeout(void *unused)
{
    cede_timeout
        *kept_timeout = NULL;

    (void)unused;
    cede_keep(kept_timeout);
    cede_timeout (timeout, 1) {
        kept_timeout = timeout;
    } cede_end
    CHECK_RELEASED("Timeout", cede_timeout_when(kept_timeout));
    CHECK_RELEASED("Timeout", cede_timeout_reschedule(kept_timeout, 2));
    CHECK_RELEASED("Timeout", cede_timeout_expired(kept_timeout));
    return cede_none;
}

TEST(a_timeout_is_not_used_after_its_block)
{
    debug();
    cede_run_simulated(with_timeout, NULL);
}

/* ---- loops and their callbacks ------------------------------------------- */

static void do_nothing(void *unused)
{
    (void)unused;
}

static void ask_loop(cede_loop *loop)
{
    CHECK_RELEASED("EventLoop", cede_loop_is_closed(loop));
    CHECK_RELEASED("EventLoop", cede_loop_is_running(loop));
    CHECK_RELEASED("EventLoop", cede_loop_call_soon(loop, do_nothing, NULL));
    CHECK_RELEASED("EventLoop",
                   cede_loop_call_soon_threadsafe(loop, do_nothing, NULL));
    CHECK_RELEASED("EventLoop",
                   cede_loop_call_later(loop, 1, do_nothing, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_call_at(loop, 1, do_nothing, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_time(loop));
    CHECK_RELEASED("EventLoop", cede_loop_timeout(loop));
    CHECK_RELEASED("EventLoop", cede_loop_fd(loop));
    CHECK_RELEASED("EventLoop", cede_loop_stop(loop));
    CHECK_RELEASED("EventLoop", cede_loop_run_forever(loop));
    CHECK_RELEASED("EventLoop", cede_loop_run_once(loop, 0));
    CHECK_RELEASED("EventLoop", cede_loop_close(loop));
    CHECK_RELEASED("EventLoop",
                   cede_loop_add_reader(loop, 0, do_nothing, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_remove_reader(loop, 0));
    CHECK_RELEASED("EventLoop",
                   cede_loop_add_writer(loop, 1, do_nothing, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_remove_writer(loop, 1));
    CHECK_RELEASED("EventLoop",
                   cede_loop_add_signal_handler(loop, 10, do_nothing, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_remove_signal_handler(loop, 10));
    CHECK_RELEASED("EventLoop",
                   cede_loop_set_exception_handler(loop, NULL, NULL));
    CHECK_RELEASED("EventLoop", cede_loop_get_exception_handler(loop));
    CHECK_RELEASED("EventLoop",
                   cede_loop_call_exception_handler(
                       loop, &(cede_exception_handler_context){0}));
    CHECK_RELEASED("EventLoop", cede_unref(cede_loop_create_future(loop)));
    CHECK_RELEASED("EventLoop",
                   cede_unref(cede_loop_create_task(loop, fetch, NULL)));
    CHECK_RELEASED("EventLoop", cede_loop_task_count(loop));
    CHECK_RELEASED("EventLoop", cede_loop_run_until_complete(loop, NULL));
}

TEST(a_loop_is_not_used_after_its_release)
{
    cede_loop *loop;

    debug();
    loop = cede_loop_new();
    cede_loop_close(loop);
    ask_loop(gone(loop));
}

static void ask_handle(cede_handle *handle, cede_context *context)
{
    CHECK_RELEASED("TimerHandle", cede_handle_cancelled(handle));
    CHECK_RELEASED("TimerHandle", cede_handle_when(handle));
    CHECK_RELEASED("TimerHandle", cede_handle_cancel(handle));
    CHECK_RELEASED("TimerHandle", cede_handle_set_context(handle, context));
}

static cede_value with_handle(void *unused)
{
    cede_handle *handle =
        cede_loop_call_later(cede_get_running_loop(), 1, do_nothing, NULL);
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    (void)unused;
    cede_sleep(2);
    ask_handle(handle, context);
    return cede_none;
}

/* It is the loop's, and was called. */
TEST(a_handle_is_not_used_after_its_callback)
{
    debug();
    cede_run_simulated(with_handle, NULL);
}

/* ---- at a loop's end ----------------------------------------------------- */

static cede_value keep_some(void *unused)
{
    cede_future *done = cede_loop_create_future(NULL);
    cede_defer (cede_unref, cede_ref(done));

    (void)unused;
    join(&kept, cede_loop_create_future(NULL));
    join(&kept, cede_create_task(fetch, NULL));
    join(&kept, done);
    cede_sleep(0);
    cede_future_set_result(done, 1);
    return cede_none;
}

static void run_and_keep(void *unused)
{
    (void)unused;
    cede_run_simulated(keep_some, NULL);
}

TEST(a_closed_loop_tells_what_it_leaves_pending, .torture = false)
{
    cede_defer (dismiss, &kept);

    debug();
    harness_capture(run_and_keep, NULL, output, sizeof output);
    CHECK_CONTAINS(output, "cede: 1 object is pending for ever: its loop is "
                           "closed:\n  1 x Future, created in keep_some (");
    CHECK(!strstr(output, "Task"));
}

static cede_value keep_none(void *unused)
{
    cede_loop *other = cede_loop_new();
    cede_auto (cede_loop *, held, shut) = other;
    cede_future *not_its_own = cede_loop_create_future(other);
    cede_defer (cede_unref, not_its_own);

    (void)unused;
    (void)held;
    cede_value_unref(cede_await(cede_create_task(fetch, NULL)));
    return cede_none;
}

static void run_and_keep_none(void *unused)
{
    (void)unused;
    cede_run_simulated(keep_none, NULL);
}

TEST(a_loop_that_leaves_nothing_pending_tells_nothing)
{
    debug();
    harness_capture(run_and_keep_none, NULL, output, sizeof output);
    if (!harness_torturing())
        CHECK_STR(output, "");
}

TEST(a_loop_tells_nothing_unasked, .torture = false)
{
    cede_defer (dismiss, &kept);

    unsetenv("CEDE_DEBUG");
    harness_capture(run_and_keep, NULL, output, sizeof output);
    CHECK_STR(output, "");
}

/* What cede_run runs, and what it makes itself, is no leak. */
static void run_to_the_end(void *unused)
{
    (void)unused;
    debug();
    cede_run_simulated(keep_none, NULL);
    exit(3);
}

TEST(a_program_that_releases_all_is_told_nothing, .torture = false)
{
    int status = harness_fork(run_to_the_end, NULL, output, sizeof output);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    CHECK_STR(output, "");
}

static cede_value raise_up(void *unused)
{
    (void)unused;
    cede_raise(cede_SystemExit);
}

static void run_and_raise(void *unused)
{
    (void)unused;
    debug();
    cede_try {
        cede_run_simulated(raise_up, NULL);
    } cede_except (cede_SystemExit, e) {
        (void)e;
    } cede_end
    exit(3);
}

TEST(nor_is_one_that_ends_by_an_exception, .torture = false)
{
    int status = harness_fork(run_and_raise, NULL, output, sizeof output);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    CHECK_STR(output, "");
}
