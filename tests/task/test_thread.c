/*
 * Tasks and threads: each thread has loops of its own, and a loop's tasks and
 * futures are its thread's.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/lowlevel.h"

#include <pthread.h>

/* Runs `body` on another thread while this one waits. */
static void in_thread(void *(*body)(void *), void *arg)
{
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, body, arg) == 0);
    pthread_join(thread, NULL);
}

/* --- a loop on each thread --- */

static cede_value sums(void *arg)
{
    int64_t sum = 0;

    (void)arg;
    cede_for (v, cede_generator_with(returns_nothing, 1))
        sum += cede_value_int(v);
    for (int i = 0; i < 100; i++) {
        cede_await(cede_create_task(returns_nothing, NULL));
        cede_sleep(0.001);
        sum += i;
    }
    return cede_int(sum);
}

static cede_value runs_sums(void *sum)
{
    *(int64_t *)sum =
        cede_value_int(cede_run_simulated(sums, NULL));
    return cede_none;
}

static void *sum_thread(void *sum)
{
    cede_unref(cede_catch(runs_sums, sum, NULL));
    return NULL;
}

TEST(cede_run_on_several_threads_at_once, .torture = false)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    int64_t results[THREADS] = {0};
    int64_t mine = 0;

    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, sum_thread, &results[i]) ==
                0);
    runs_sums(&mine);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(mine, 4950);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(results[i], 4950);
}

static void *run_inside(void *arg)
{
    int64_t sum = 0;

    (void)arg;
    sum_thread(&sum);
    say("%d", (int)sum);
    return NULL;
}

static cede_value waits_for_thread(void *arg)
{
    (void)arg;
    in_thread(run_inside, NULL);
    return cede_none;
}

TEST(R04_a_loop_on_another_thread_while_this_one_runs, .torture = false)
{
    expect(waits_for_thread, "4950;");
}

/* --- what is another thread's --- */

static struct {
    cede_loop *loop;
    cede_future *future;
    cede_task *task;
    cede_generator *generator;
} theirs;

static void never(cede_future *future, void *arg)
{
    (void)future;
    (void)arg;
    say("never");
}

static void use_set_result(void)
{
    cede_future_set_result(theirs.future, 1);
}

static void use_set_exception(void)
{
    cede_auto (cede_exception *, error, drop) =
        cede_exception(cede_ValueError, NULL);

    cede_future_set_exception(theirs.future, error);
}

static void use_future_cancel(void)
{
    cede_future_cancel(theirs.future, NULL);
}

static void use_add_callback(void)
{
    cede_future_add_done_callback(theirs.future, never, NULL);
}

static void use_remove_callback(void)
{
    cede_future_remove_done_callback(theirs.future, never);
}

static void use_task_cancel(void)
{
    cede_task_cancel(theirs.task, NULL);
}

static void use_create_task(void)
{
    cede_unref(cede_loop_create_task(theirs.loop, returns_nothing, NULL));
}

static void use_create_future(void)
{
    cede_unref(cede_loop_create_future(theirs.loop));
}

static void use_run(void)
{
    cede_loop_run_forever(theirs.loop);
}

static void use_generator(void)
{
    cede_next(theirs.generator);
}

static void *use_everything(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, use_set_result());
    CHECK_RAISES(cede_RuntimeError, use_set_exception());
    CHECK_RAISES(cede_RuntimeError, use_future_cancel());
    CHECK_RAISES(cede_RuntimeError, use_add_callback());
    CHECK_RAISES(cede_RuntimeError, use_remove_callback());
    CHECK_RAISES(cede_RuntimeError, use_task_cancel());
    CHECK_RAISES(cede_RuntimeError, use_create_task());
    CHECK_RAISES(cede_RuntimeError, use_create_future());
    CHECK_RAISES(cede_RuntimeError, use_run());
    CHECK_RAISES(cede_RuntimeError, use_generator());
    CHECK_RAISES(cede_RuntimeError, cede_sleep(1));
    CHECK(cede_current_task() == NULL);
    return NULL;
}

static cede_value yields(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_none;
}

static cede_value lends(void *arg)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(yields, NULL);

    (void)arg;
    theirs.loop = cede_get_running_loop();
    theirs.generator = generator;
    cede_next(generator);
    theirs.future = keep(cede_loop_create_future(NULL));
    theirs.task = keep(cede_create_task(waits_for, theirs.future));
    cede_future_add_done_callback(theirs.future, never, NULL);
    cede_sleep(0);
    in_thread(use_everything, NULL);
    say("%zu",
        cede_future_remove_done_callback(theirs.future, never));
    cede_future_set_result(theirs.future, 3);
    cede_await(cede_ref(theirs.task));
    return cede_none;
}

TEST(L17_what_is_another_threads_is_refused, .torture = false)
{
    expect(lends, "1;got 3;");
}

static cede_value awaits_theirs(void *future)
{
    cede_try {
        cede_await(cede_ref((cede_future *)future));
    } cede_except (cede_RuntimeError, e) {
        say("%s", strstr(cede_exception_message(e), "attached"));
    } cede_end
    return cede_none;
}

static cede_value runs_awaits(void *future)
{
    return cede_run_simulated(awaits_theirs, future);
}

static void *await_thread(void *future)
{
    cede_unref(cede_catch(runs_awaits, future, NULL));
    return NULL;
}

static cede_value lends_future(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));

    (void)arg;
    in_thread(await_thread, future);
    return cede_none;
}

TEST(F09_a_future_of_another_threads_loop, .torture = false)
{
    expect(lends_future, "attached to a different loop;");
}

/* --- a loop that moves --- */

static cede_value counts_turns(void *arg)
{
    (void)arg;
    turns(3);
    return cede_int(3);
}

static cede_value runs_one(void *loop)
{
    return cede_loop_run_until_complete(
        loop, cede_loop_create_task((cede_loop *)loop, counts_turns, NULL));
}

static void *run_thread(void *loop)
{
    cede_value result = cede_none;

    cede_unref(cede_catch(runs_one, loop, &result));
    say("%d", (int)cede_value_int(result));
    return NULL;
}

/* A loop that does not run may be run by another thread, as in asyncio. */
TEST(a_loop_may_run_on_one_thread_after_the_other, .torture = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    run_thread(loop);
    in_thread(run_thread, loop);
    run_thread(loop);
    CHECK_STR(said(), "3;3;3;");
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(0);
        say("went on");
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

static void *run_refused(void *loop)
{
    CHECK_RAISES(cede_RuntimeError, cede_loop_run_once(loop, 0));
    return NULL;
}

/* A stack that another thread has begun cannot go on on this one: compilers
   keep addresses of thread-local variables in its frames. */
TEST(a_task_stays_on_the_thread_that_started_it, .torture = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, sleeps, NULL);

    cede_loop_run_once(loop, 0);
    in_thread(run_refused, loop);
    CHECK_STR(said(), "");
    cede_loop_run_until_complete(loop, cede_ref(task));
    CHECK_STR(said(), "went on;finally;");
}

static void *begin_thread(void *loop)
{
    cede_loop_run_once(loop, 0);
    return NULL;
}

/* It cannot run its clean-up here either. */
TEST(a_loop_closed_by_another_thread_gives_its_tasks_up, .torture = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, sleeps, NULL);

    cede_loop_set_exception_handler(loop, note, NULL);
    in_thread(begin_thread, loop);
    cede_loop_close(loop);
    CHECK_STR(said(), "Task was destroyed but it is pending!;");
    CHECK(cede_task_cancelled(task));
}
