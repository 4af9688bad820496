/*
 * Tasks and fork: the child gets RuntimeError from what is its parent's, runs
 * none of its parent's clean-up, and may have loops of its own.
 */
#include "task/world.h"

#include <sys/wait.h>
#include <unistd.h>

static cede_future *future;
static cede_task *waiting;

static cede_value waits(void *arg)
{
    (void)arg;
    cede_try {
        waits_for(future);
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

/* --- what the child may do --- */

/* What the child says it checks; read by the parent. */
static void check_child(const char *text, bool held)
{
    printf("%s%s\n", held ? "" : "NOT ", text);
}

static bool raises_runtime_error(void (*function)(void))
{
    cede_try {
        function();
    } cede_except (cede_RuntimeError, e) {
        return true;
    } cede_end
    return false;
}

static void use_set_result(void)
{
    cede_future_set_result(future, 1);
}

static void use_cancel(void)
{
    cede_task_cancel(waiting, NULL);
}

static void use_create_task(void)
{
    cede_unref(cede_create_task(returns_nothing, NULL));
}

static void use_create_future(void)
{
    cede_unref(cede_loop_create_future(NULL));
}

static cede_value own(void *arg)
{
    (void)arg;
    cede_sleep(1);
    check_child("a loop of its own", now() == 1);
    return cede_none;
}

static void child(void *arg)
{
    (void)arg;
    check_child("set_result", raises_runtime_error(use_set_result));
    check_child("cancel", raises_runtime_error(use_cancel));
    check_child("create_task", raises_runtime_error(use_create_task));
    check_child("create_future", raises_runtime_error(use_create_future));
    cede_run_simulated(own, NULL);
}

static cede_value forks(void *arg)
{
    char output[256];

    (void)arg;
    future = keep(cede_loop_create_future(NULL));
    waiting = keep(cede_create_task(waits, NULL));
    cede_sleep(0);
    CHECK_INT(harness_fork(child, NULL, output, sizeof output), 0);
    CHECK_STR(output, "set_result\ncancel\ncreate_task\ncreate_future\n"
                      "a loop of its own\n");
    cede_future_set_result(future, 5);
    cede_await(cede_ref(waiting));
    return cede_none;
}

TEST(a_child_is_refused_and_the_parent_goes_on, .torture = false)
{
    expect(forks, "got 5;finally;");
}

/* --- a child that goes on in the task --- */

static pid_t parent, forked;

static cede_value goes_on(void *arg)
{
    (void)arg;
    future = keep(cede_loop_create_future(NULL));
    waiting = keep(cede_create_task(waits, NULL));
    cede_sleep(0);
    forked = fork();
    cede_try {
        cede_sleep(0); /* in the child: never comes back */
        say("after the fork");
    } cede_finally {
        say("main's finally");
    } cede_end
    cede_future_set_result(future, 6);
    cede_await(cede_ref(waiting));
    return cede_none;
}

static cede_value run_goes_on(void *arg)
{
    (void)arg;
    return cede_run_simulated(goes_on, NULL);
}

/* cede_run raises in the child, and runs no clause of the parent's tasks. */
TEST(a_child_that_suspends_leaves_cede_run, .torture = false)
{
    cede_exception *error;
    int status = -1;

    if (CEDE_IMPL_TSAN)
        SKIP("ThreadSanitizer loses its fibers in a child");
    parent = getpid();
    error = cede_catch(run_goes_on, NULL, NULL);
    if (getpid() != parent)
        _exit(cede_exception_is(error, cede_RuntimeError) &&
                      strcmp(said(), "") == 0
                  ? 42
                  : 1);
    dismiss(&kept);
    CHECK(error == NULL);
    CHECK_STR(said(), "after the fork;main's finally;got 6;finally;");
    CHECK_INT(waitpid(forked, &status, 0), forked);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 42);
}

/* --- a child that closes the loop --- */

static cede_value closes_in_child(void *arg)
{
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    future = keep(cede_loop_create_future(NULL));
    waiting = keep(cede_create_task(waits, NULL));
    cede_unref(cede_create_task(returns_nothing, NULL)); /* ready to run */
    forked = fork();
    if (forked == 0) {
        cede_loop_close(loop);
        _exit(strcmp(said(), "") == 0 ? 42 : 1);
    }
    cede_sleep(0);
    cede_future_set_result(future, 7);
    cede_await(cede_ref(waiting));
    return cede_none;
}

TEST(a_child_may_close_the_loop_inside_a_task, .torture = false)
{
    int status = -1;

    expect(closes_in_child, "got 7;finally;");
    CHECK_INT(waitpid(forked, &status, 0), forked);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 42);
}
