/*
 * test_fork.c - a child leaves its parent's loops alone (decision 15)
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loop/loop.h"
#include "world.h"

#define FORKED                                                                 \
    "This event loop belongs to the parent process: make a new one after "     \
    "fork()"

static int ends[2];

static void close_ends(int *pair)
{
    close(pair[0]);
    close(pair[1]);
}

/* What the child says it checks; a failed check is written to the output. */
static void check_child(const char *text, bool held)
{
    printf("%s%s\n", held ? "" : "NOT ", text);
}

static bool raises_forked(void (*function)(void))
{
    bool raised = false;

    cede_keep(raised);
    cede_try {
        function();
    } cede_except (cede_RuntimeError, e) {
        raised = strcmp(cede_exception_message(e), FORKED) == 0;
    } cede_end;
    return raised;
}

static void use_call_soon(void)
{
    cede_loop_call_soon(world.loop, nothing, NULL);
}

static void use_threadsafe(void)
{
    cede_loop_call_soon_threadsafe(world.loop, nothing, NULL);
}

static void use_run(void)
{
    cede_loop_run_forever(world.loop);
}

static void use_reader(void)
{
    cede_loop_add_reader(world.loop, ends[0], nothing, NULL);
}

static void child(void *unused)
{
    cede_loop *mine;

    (void)unused;
    check_child("call_soon", raises_forked(use_call_soon));
    check_child("threadsafe", raises_forked(use_threadsafe));
    check_child("run", raises_forked(use_run));
    check_child("reader", raises_forked(use_reader));
    close_world(&world);
    mine = cede_loop_new();
    cede_loop_call_soon(mine, speak, "own loop");
    cede_loop_stop(mine);
    cede_loop_run_forever(mine);
    check_child(world.log, true);
    cede_loop_close(mine);
    cede_unref(mine);
}

static void read_byte(void *unused)
{
    char byte;

    (void)unused;
    CHECK_INT(read(ends[0], &byte, 1), 1);
    say("parent reads");
    cede_loop_stop(world.loop);
}

TEST(a_child_is_refused_and_the_parent_goes_on, .torture = false)
{
    char output[512];

    OPEN_WORLD();
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    cede_defer (close_ends, ends);
    cede_loop_add_reader(world.loop, ends[0], read_byte, NULL);
    cede_loop_call_later(world.loop, 5, speak, "timer");
    CHECK_INT(harness_fork(child, NULL, output, sizeof output), 0);
    CHECK_STR(output, "call_soon\nthreadsafe\nrun\nreader\nown loop\n");
    /* The child closed its copy: the parent's registrations are still there. */
    CHECK_INT(write(ends[1], "x", 1), 1);
    CHECK_RUN("parent reads");
}

static void fork_inside(void *ret_child)
{
    pid_t pid = fork();

    if (pid != 0) {
        *(pid_t *)ret_child = pid;
        cede_loop_stop(world.loop);
        return;
    }
    CHECK_RAISES(cede_RuntimeError, cede_get_running_loop());
}

TEST(a_child_forked_by_a_callback_leaves_run_forever,
     .shuffle = false, .torture = false)
{
    pid_t forked_child = -1;
    int status = -1;

    open_world_with(NULL);
    cede_loop_call_soon(world.loop, fork_inside, &forked_child);
    cede_loop_call_soon(world.loop, speak, "parent");
    if (raises_forked(use_run)) {
        /* The child. */
        close_world(&world);
        _exit(world.log[0] == '\0' ? 42 : 1);
    }
    CHECK_STR(world.log, "parent");
    CHECK_INT(waitpid(forked_child, &status, 0), forked_child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 42);
    close_world(&world);
}

static void close_inside_child(void *ret_child)
{
    fork_inside(ret_child);
    if (*(pid_t *)ret_child < 0)
        cede_loop_close(world.loop);
}

TEST(a_child_may_close_the_loop_inside_the_callback, .torture = false)
{
    pid_t forked_child = -1;
    int status = -1;

    open_world_with(NULL);
    cede_loop_call_soon(world.loop, close_inside_child, &forked_child);
    cede_loop_call_soon(world.loop, speak, "parent");
    if (raises_forked(use_run)) {
        cede_unref(world.loop);
        _exit(42);
    }
    CHECK_INT(waitpid(forked_child, &status, 0), forked_child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 42);
    close_world(&world);
}

static void signal_itself(void *unused)
{
    (void)unused;
    kill(getpid(), SIGUSR1);
    check_child("alive", true);
}

TEST(a_signal_of_the_child_does_not_reach_the_parents_loop, .torture = false)
{
    char output[64];

    OPEN_WORLD();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, speak, "child's signal");
    cede_loop_run_once(world.loop, 0);
    CHECK_INT(harness_fork(signal_itself, NULL, output, sizeof output), 0);
    CHECK_STR(output, "alive\n");
    /* Not even woken. */
    CHECK_INT(world.loop->poller_methods->wait(world.loop->poller, 0), 0);
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("");
}
