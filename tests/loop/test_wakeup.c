/*
 * test_wakeup.c - other threads reach the loop
 */
#include <pthread.h>

#include "loop/loop.h"
#include "world.h"

/* With a clock that moves by itself: a virtual one is for one thread. */
static void open_real_world(void)
{
    world.loop = cede_loop_new();
}

#define OPEN_REAL_WORLD()                                                      \
    open_real_world();                                                         \
    cede_defer (close_world, &world)

static void *wake(void *unused)
{
    (void)unused;
    cede_loop_call_soon_threadsafe(world.loop, speak, "woken");
    cede_loop_call_soon_threadsafe(world.loop, stop, NULL);
    return NULL;
}

TEST(L12_a_blocked_loop_is_woken, .torture = false)
{
    pthread_t thread;

    OPEN_REAL_WORLD();
    REQUIRE(pthread_create(&thread, NULL, wake, NULL) == 0);
    CHECK_RUN("woken");
    pthread_join(thread, NULL);
}

/* --- many threads, none lost, order of each kept --- */

enum { THREADS = 4, CALLS = 3000 };

struct sender {
    pthread_t thread;
    int number;
    int received; /* by the loop's thread */
};

struct letter {
    struct sender *sender;
    int number;
};

static struct sender senders[THREADS];
static struct letter letters[THREADS][CALLS];
static int total;

static void receive(void *pointer)
{
    struct letter *letter = pointer;

    CHECK_INT(letter->number, letter->sender->received);
    letter->sender->received++;
    if (++total == THREADS * CALLS)
        cede_loop_stop(world.loop);
}

static void *send_letters(void *pointer)
{
    struct sender *sender = pointer;

    for (int i = 0; i < CALLS; i++) {
        struct letter *letter = &letters[sender->number][i];

        *letter = (struct letter){sender, i};
        cede_loop_call_soon_threadsafe(world.loop, receive, letter);
    }
    return NULL;
}

TEST(L12_no_call_is_lost_and_each_threads_order_is_kept,
     .shuffle = false, .torture = false,
     .timeout = 30)
{
    OPEN_REAL_WORLD();
    for (int i = 0; i < THREADS; i++) {
        senders[i].number = i;
        REQUIRE(pthread_create(&senders[i].thread, NULL, send_letters,
                               &senders[i]) == 0);
    }
    cede_loop_run_forever(world.loop);
    for (int i = 0; i < THREADS; i++)
        pthread_join(senders[i].thread, NULL);
    CHECK_INT(total, THREADS * CALLS);
}

/* Ping-pong: each side waits for the other, so one lost wake-up hangs. */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int pongs;

static void pong(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    pongs++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void *ping(void *unused)
{
    (void)unused;
    for (int i = 1; i <= CALLS; i++) {
        cede_loop_call_soon_threadsafe(world.loop, pong, NULL);
        pthread_mutex_lock(&lock);
        while (pongs < i)
            pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
    }
    cede_loop_call_soon_threadsafe(world.loop, stop, NULL);
    return NULL;
}

TEST(L12_ping_pong_never_hangs, .torture = false, .timeout = 30)
{
    pthread_t thread;

    OPEN_REAL_WORLD();
    REQUIRE(pthread_create(&thread, NULL, ping, NULL) == 0);
    cede_loop_run_forever(world.loop);
    pthread_join(thread, NULL);
    CHECK_INT(pongs, CALLS);
}

TEST(L12_before_a_run_calls_wait_for_it)
{
    OPEN_WORLD();
    cede_loop_call_soon_threadsafe(world.loop, speak, "a");
    cede_loop_call_soon(world.loop, speak, "b");
    cede_loop_call_soon_threadsafe(world.loop, speak, "c");
    cede_loop_call_soon(world.loop, stop, NULL);
    CHECK_RUN("a b c");
}

static void mix(void *unused)
{
    (void)unused;
    cede_loop_call_soon_threadsafe(world.loop, speak, "1");
    cede_loop_call_soon(world.loop, speak, "2");
    cede_loop_call_soon_threadsafe(world.loop, speak, "3");
    cede_loop_call_soon_threadsafe(world.loop, stop, NULL);
}

TEST(L12_in_the_loops_own_thread_the_order_of_calls_is_kept_too)
{
    OPEN_WORLD();
    cede_loop_call_soon(world.loop, mix, NULL);
    CHECK_RUN("1 2 3");
}

/* A job that queues itself again keeps the loop from asking the poller. */

static int rounds;

static void run_round(cede__job *job)
{
    say("%d", ++rounds);
    if (rounds < 4)
        cede__loop_post(world.loop, job);
    else
        cede_loop_stop(world.loop);
}

static void call_and_post(void *job)
{
    cede_loop_call_soon_threadsafe(world.loop, speak, "sent");
    cede__loop_post(world.loop, job);
}

TEST(L12_a_busy_loop_hears_of_calls_in_the_next_iteration)
{
    cede__job job = {.run = run_round};

    OPEN_WORLD();
    cede_loop_call_soon(world.loop, call_and_post, &job);
    CHECK_RUN("1 sent 2 3 4");
}

/* --- closing while others call --- */

static int accepted, refused, called;

static void count_call(void *unused)
{
    (void)unused;
    if (++called == CALLS)
        cede_loop_stop(world.loop);
}

static void *call_until_closed(void *unused)
{
    bool closed = false;

    cede_keep(closed);
    while (!closed) {
        cede_try {
            cede_loop_call_soon_threadsafe(world.loop, count_call, unused);
            __atomic_add_fetch(&accepted, 1, __ATOMIC_RELAXED);
        } cede_except (cede_RuntimeError, e) {
            CHECK_STR(cede_exception_message(e), "Event loop is closed");
            closed = true;
        } cede_end;
    }
    __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
    cede_unref(world.loop);
    return NULL;
}

TEST(L07_closing_while_threads_call_refuses_them, .torture = false)
{
    pthread_t threads[THREADS];

    open_real_world();
    for (int i = 0; i < THREADS; i++) {
        cede_ref(world.loop);
        REQUIRE(pthread_create(&threads[i], NULL, call_until_closed, NULL) ==
                0);
    }
    cede_loop_run_forever(world.loop);
    cede_loop_close(world.loop);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cede_unref(world.loop);
    CHECK_INT(refused, THREADS);
    CHECK(called <= accepted);
}

/* --- a loop per thread --- */

static void check_own(void *loop)
{
    CHECK_PTR(cede_get_running_loop(), loop);
    cede_loop_stop(loop);
}

static void *run_own_loop(void *unused)
{
    cede_loop *loop = cede_loop_new();

    cede_loop_call_later(loop, 0, check_own, loop);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
    return unused;
}

static void run_others(void *unused)
{
    pthread_t threads[THREADS];

    (void)unused;
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, run_own_loop, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_PTR(cede_get_running_loop(), world.loop);
    cede_loop_stop(world.loop);
}

TEST(L28_each_thread_runs_a_loop_of_its_own, .torture = false)
{
    OPEN_REAL_WORLD();
    cede_loop_call_soon(world.loop, run_others, NULL);
    cede_loop_run_forever(world.loop);
}
