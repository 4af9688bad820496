/*
 * test_signal.c - signals end as callbacks
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "loop/loop.h"
#include "world.h"

static void handle_and_stop(void *text)
{
    speak(text);
    cede_loop_stop(world.loop);
}

static void send_signal(void *number)
{
    kill(getpid(), (int)(intptr_t)number);
    say("sent");
}

TEST(L16_a_handler_runs_as_a_callback)
{
    OPEN_WORLD();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, handle_and_stop,
                                 "handled");
    cede_loop_call_soon(world.loop, send_signal, (void *)SIGUSR1);
    CHECK_RUN("sent handled");
    CHECK(cede_loop_remove_signal_handler(world.loop, SIGUSR1));
    CHECK(!cede_loop_remove_signal_handler(world.loop, SIGUSR1));
}

TEST(L16_a_signal_before_the_run_is_not_lost)
{
    OPEN_WORLD();
    cede_loop_add_signal_handler(world.loop, SIGUSR2, handle_and_stop,
                                 "handled");
    send_signal((void *)SIGUSR2);
    CHECK_RUN("sent handled");
}

static void *send_from_thread(void *unused)
{
    kill(getpid(), SIGUSR1);
    return unused;
}

TEST(L16_a_signal_wakes_a_waiting_loop, .torture = false)
{
    pthread_t thread;

    world.loop = cede_loop_new();
    cede_defer (close_world, &world);
    cede_loop_add_signal_handler(world.loop, SIGUSR1, handle_and_stop,
                                 "handled");
    REQUIRE(pthread_create(&thread, NULL, send_from_thread, NULL) == 0);
    CHECK_RUN("handled");
    pthread_join(thread, NULL);
}

TEST(L16_what_cannot_be_caught_or_is_no_signal_is_refused)
{
    OPEN_WORLD();
    CHECK_RAISES_WITH(
        cede_RuntimeError, "sig 9 cannot be caught",
        cede_loop_add_signal_handler(world.loop, SIGKILL, nothing, NULL));
    CHECK_RAISES(
        cede_RuntimeError,
        cede_loop_add_signal_handler(world.loop, SIGSTOP, nothing, NULL));
    CHECK_RAISES_WITH(
        cede_ValueError, "invalid signal number 0",
        cede_loop_add_signal_handler(world.loop, 0, nothing, NULL));
    CHECK_RAISES(cede_ValueError,
                 cede_loop_add_signal_handler(world.loop, 4096, nothing, NULL));
    CHECK_RAISES(cede_ValueError,
                 cede_loop_add_signal_handler(world.loop, 32, nothing, NULL));
    CHECK_RAISES(cede_ValueError,
                 cede_loop_remove_signal_handler(world.loop, -1));
    CHECK_RAISES(cede_TypeError, cede_loop_add_signal_handler(
                                     world.loop, SIGUSR1, (cede_callback)NULL, NULL));
    CHECK(!cede_loop_remove_signal_handler(world.loop, SIGKILL));
}

static void *add_from_thread(void *unused)
{
    CHECK_RAISES(
        cede_RuntimeError,
        cede_loop_add_signal_handler(world.loop, SIGUSR1, nothing, NULL));
    CHECK(!cede_loop_remove_signal_handler(world.loop, SIGUSR1));
    return unused;
}

TEST(L16_off_the_main_thread_it_is_refused, .torture = false)
{
    pthread_t thread;

    OPEN_WORLD();
    REQUIRE(pthread_create(&thread, NULL, add_from_thread, NULL) == 0);
    pthread_join(thread, NULL);
}

/* --- dispositions --- */

static int caught_plainly; /* atomic: the storm comes from another thread */

static void plain_handler(int number)
{
    __atomic_store_n(&caught_plainly, number, __ATOMIC_RELAXED);
}

static void install_plain_handler(void)
{
    struct sigaction action = {.sa_handler = plain_handler};

    CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
}

static void (*installed(int number))(int)
{
    struct sigaction action;

    CHECK_INT(sigaction(number, NULL, &action), 0);
    return action.sa_handler;
}

TEST(L16_removing_puts_the_previous_disposition_back)
{
    OPEN_WORLD();
    install_plain_handler();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, nothing, NULL);
    CHECK(installed(SIGUSR1) != plain_handler);
    cede_loop_remove_signal_handler(world.loop, SIGUSR1);
    CHECK(installed(SIGUSR1) == plain_handler);
    raise(SIGUSR1);
    CHECK_INT(caught_plainly, SIGUSR1);
}

TEST(L16_closing_the_loop_puts_it_back_too)
{
    OPEN_WORLD();
    install_plain_handler();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, nothing, NULL);
    cede_loop_add_signal_handler(world.loop, SIGUSR2, nothing, NULL);
    cede_loop_close(world.loop);
    CHECK(installed(SIGUSR1) == plain_handler);
    CHECK(installed(SIGUSR2) == SIG_DFL);
}

TEST(L16_adding_again_replaces_the_handler)
{
    OPEN_WORLD();
    install_plain_handler();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, handle_and_stop, "old");
    cede_loop_add_signal_handler(world.loop, SIGUSR1, handle_and_stop, "new");
    send_signal((void *)SIGUSR1);
    CHECK_RUN("sent new");
    CHECK(cede_loop_remove_signal_handler(world.loop, SIGUSR1));
    CHECK(installed(SIGUSR1) == plain_handler);
}

TEST(a_signal_belongs_to_one_loop)
{
    cede_loop *other;

    OPEN_WORLD();
    other = cede_loop_new();
    cede_defer (cede_unref, other);
    cede_defer (cede_loop_close, other);
    cede_loop_add_signal_handler(world.loop, SIGUSR1, nothing, NULL);
    CHECK_RAISES_WITH(
        cede_RuntimeError, "sig 10 is handled by another event loop",
        cede_loop_add_signal_handler(other, SIGUSR1, nothing, NULL));
    CHECK(!cede_loop_remove_signal_handler(other, SIGUSR1));
    CHECK(cede_loop_remove_signal_handler(world.loop, SIGUSR1));
    cede_loop_add_signal_handler(other, SIGUSR1, nothing, NULL);
}

static void remove_handler(void *unused)
{
    (void)unused;
    CHECK(cede_loop_remove_signal_handler(world.loop, SIGUSR1));
    say("removed");
}

TEST(L16_a_removed_handler_does_not_run_for_a_signal_that_has_arrived,
     .shuffle = false)
{
    OPEN_WORLD();
    install_plain_handler();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, speak, "too late");
    send_signal((void *)SIGUSR1);
    cede_loop_call_soon(world.loop, remove_handler, NULL);
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("sent removed");
}

TEST(L16_several_signals_have_a_callback_each)
{
    OPEN_WORLD();
    cede_loop_add_signal_handler(world.loop, SIGUSR2, speak, "usr2");
    cede_loop_add_signal_handler(world.loop, SIGUSR1, speak, "usr1");
    send_signal((void *)SIGUSR2);
    send_signal((void *)SIGUSR1);
    send_signal((void *)SIGUSR1);
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("sent sent sent usr1 usr2");
}

static void handle_again(void *count)
{
    if (++*(int *)count < 3)
        kill(getpid(), SIGUSR1);
    else
        cede_loop_stop(world.loop);
}

TEST(L16_a_handler_that_gets_its_own_signal_is_called_again)
{
    int count = 0;

    OPEN_WORLD();
    cede_loop_add_signal_handler(world.loop, SIGUSR1, handle_again, &count);
    kill(getpid(), SIGUSR1);
    cede_loop_run_forever(world.loop);
    CHECK_INT(count, harness_torturing() ? count : 3);
}

/* A signal storm from another thread while handlers come and go. */
static bool storm_is_over;

static void *storm(void *unused)
{
    while (!__atomic_load_n(&storm_is_over, __ATOMIC_RELAXED))
        kill(getpid(), SIGUSR1);
    return unused;
}

TEST(handlers_come_and_go_in_a_storm_of_signals, .torture = false,
     .timeout = 30)
{
    pthread_t thread;

    install_plain_handler();
    REQUIRE(pthread_create(&thread, NULL, storm, NULL) == 0);
    for (int i = 0; i < 200; i++) {
        world.loop = cede_loop_new();
        cede_loop_add_signal_handler(world.loop, SIGUSR1, stop, NULL);
        cede_loop_run_forever(world.loop);
        close_world(&world);
    }
    __atomic_store_n(&storm_is_over, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
}
