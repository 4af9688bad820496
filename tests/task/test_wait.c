/*
 * wait: rules W07-W09.
 */
#include "task/job.h"

#include "cede/cancel_scope.h"
#include "cede/wait.h"

static cede_task *start(struct crew *crew, const char *name, double delay)
{
    struct job job = {.name = name, .delay = delay};

    return join(crew, cede_create_task_with(work, job));
}

static size_t wait_for_crew(struct crew *crew, double timeout,
                            enum cede_return_when return_when)
{
    return cede_wait(crew->member, crew->count, timeout, return_when);
}

static void say_results(void *const *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say("%s", cede_value_str(cede_task_result(tasks[i])));
}

/* --- W07: modes --- */

static cede_value modes(void *arg)
{
    const struct job jobs[] = {{"a", 1, cede_CancelledError, false},
                               {"b", 2, cede_ValueError, false},
                               {"c", 3, NULL, false}};

    (void)arg;
    note_reports();
    for (int mode = CEDE_FIRST_COMPLETED; mode <= CEDE_ALL_COMPLETED; mode++) {
        struct crew crew = {.count = 0};
        cede_defer (dismiss, &crew);
        double begin = now();

        for (int i = 0; i < 3; i++)
            join(&crew, cede_create_task_with(work, jobs[i]));
        say("%zu", wait_for_crew(&crew, INFINITY, (enum cede_return_when)mode));
        say("after %g", now() - begin);
        wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED);
        CHECK(cede_task_exception(crew.member[1]) != NULL);
    }
    return cede_none;
}

TEST(W07_three_modes)
{
    expect(modes, "1;after 1;2;after 2;3;after 3;");
}

static cede_value no_exception(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    start(&crew, "a", 1);
    start(&crew, "b", 2);
    say("%zu", wait_for_crew(&crew, INFINITY, CEDE_FIRST_EXCEPTION));
    say("%g", now());
    return cede_none;
}

TEST(W07_FIRST_EXCEPTION_without_one)
{
    expect(no_exception, "2;2;");
}

static cede_value retrieved(void *arg)
{
    const struct job fails_soon = {"seen", 1, cede_ValueError, false};
    const struct job fails_later = {"not seen", 2, cede_ValueError, false};
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, cede_create_task_with(work, fails_soon));
    start(&crew, "c", 3);
    wait_for_crew(&crew, INFINITY, CEDE_FIRST_EXCEPTION);
    dismiss(&crew);
    join(&crew, cede_create_task_with(work, fails_later));
    wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED);
    dismiss(&crew);
    return cede_none;
}

/* An exception that ends the wait has been seen (CPython), others have not. */
TEST(W07_F05_whose_exception_is_retrieved)
{
    expect(retrieved, "Task exception was never retrieved: not seen;");
}

static cede_value timeouts(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *late;

    (void)arg;
    start(&crew, "a", 1);
    late = start(&crew, "b", 5);
    say("%zu", wait_for_crew(&crew, 2, CEDE_ALL_COMPLETED));
    say("%g %u", now(), cede_task_cancelling(late));
    say("%zu", wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED));
    say("%g", now());
    return cede_none;
}

TEST(W07_a_timeout_is_no_error_and_cancels_nothing)
{
    expect(timeouts, "1;2 0;2;5;");
}

static cede_value no_time(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    start(&crew, "a", 0);
    start(&crew, "b", 1);
    say("%zu", wait_for_crew(&crew, 0, CEDE_ALL_COMPLETED));
    say("%zu", wait_for_crew(&crew, -1, CEDE_ALL_COMPLETED));
    say("%zu", wait_for_crew(&crew, -INFINITY, CEDE_ALL_COMPLETED));
    say("%g", now());
    return cede_none;
}

TEST(W07_no_time, .shuffle = false)
{
    expect(no_time, "1;1;1;0;");
}

static cede_value sorts(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    void *tasks[4];
    size_t done;

    (void)arg;
    tasks[0] = start(&crew, "slow", 4);
    tasks[1] = start(&crew, "fast", 2);
    tasks[2] = start(&crew, "slower", 5);
    tasks[3] = start(&crew, "fastest", 1);
    done = cede_wait_split(tasks, 4, 3, CEDE_ALL_COMPLETED);
    say_results(tasks, done);
    say("%g", now());
    wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED);
    say_results(tasks + done, 4 - done);
    say_results(crew.member, 4); /* whose array is as it was */
    return cede_none;
}

/* Both parts in the order of the array, which is written only now. */
TEST(W07_done_and_pending)
{
    expect(sorts, "fast;fastest;3;slow;slower;slow;fast;slower;fastest;");
}

static cede_value takes_turns(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *tasks[3];
    size_t left = 3;

    (void)arg;
    tasks[0] = start(&crew, "a", 3);
    tasks[1] = start(&crew, "b", 1);
    tasks[2] = start(&crew, "c", 2);
    while (left > 0) {
        size_t done =
            cede_wait_split(tasks, left, INFINITY, CEDE_FIRST_COMPLETED);

        for (size_t i = 0; i < done; i++)
            say("%s %g", cede_value_str(cede_task_result(tasks[i])), now());
        left -= done;
        memmove(tasks, tasks + done, left * sizeof *tasks);
    }
    return cede_none;
}

TEST(W07_one_after_the_other)
{
    expect(takes_turns, "b 1;c 2;a 3;");
}

static cede_value twice(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_ref(start(&crew, "a", 1)));
    start(&crew, "b", 2);
    say("%zu", wait_for_crew(&crew, INFINITY, CEDE_FIRST_COMPLETED));
    say("%g", now());
    say("%zu", wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED));
    say("%g", now());
    return cede_none;
}

/* Both places are done. */
TEST(W07_one_that_stands_there_twice)
{
    expect(twice, "2;1;3;2;");
}

static int ticks;

static void tick(void *unused)
{
    (void)unused;
    if (++ticks < 10)
        cede_loop_call_soon(cede_get_running_loop(), tick, NULL);
}

static cede_value rounds(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_set_result(future, 1);
    cede_loop_call_soon(cede_get_running_loop(), tick, NULL);
    cede_wait(&future, 1, INFINITY, CEDE_ALL_COMPLETED);
    say("%d", ticks);
    return cede_none;
}

/* As CPython: also when all are done, it takes a round to hear of it and one to
   come back. */
TEST(W07_T18_always_suspends, .shuffle = false)
{
    expect(rounds, "2;");
}

/* --- W08 --- */

static cede_value refuses(void *foreign)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_coroutine *, coroutine, drop) =
        cede_coroutine(returns_nothing, NULL);
    cede_auto (cede_list *, list, drop) = cede_list();
    void *futures[] = {future, coroutine, list, foreign, NULL};

    CHECK_RAISES(cede_ValueError,
                 cede_wait(futures, 0, INFINITY, CEDE_ALL_COMPLETED));
    CHECK_RAISES(cede_TypeError,
                 cede_wait(futures, 2, INFINITY, CEDE_ALL_COMPLETED));
    CHECK_RAISES(cede_TypeError,
                 cede_wait(futures + 2, 1, INFINITY, CEDE_ALL_COMPLETED));
    CHECK_RAISES(cede_TypeError,
                 cede_wait(futures + 4, 1, INFINITY, CEDE_ALL_COMPLETED));
    CHECK_RAISES(cede_ValueError,
                 cede_wait(futures, 1, INFINITY, (enum cede_return_when)3));
    CHECK_RAISES(cede_ValueError,
                 cede_wait(futures, 1, INFINITY, (enum cede_return_when)-1));
    CHECK_RAISES(cede_ValueError,
                 cede_wait(futures, 1, NAN, CEDE_ALL_COMPLETED));
    CHECK_RAISES(cede_ValueError,
                 cede_wait(futures + 3, 1, INFINITY, CEDE_ALL_COMPLETED));
    cede_coroutine_close(coroutine);
    return cede_none;
}

TEST(W08_what_wait_refuses)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, foreign, drop) = cede_loop_create_future(loop);

    cede_run_simulated(refuses, foreign);
    CHECK_RAISES(cede_RuntimeError,
                 cede_wait(&foreign, 1, INFINITY, CEDE_ALL_COMPLETED));
}

/* --- W09: cancelled --- */

struct waiter {
    cede_future *future;
    double timeout;
};

static cede_value waits(void *arg)
{
    struct waiter *waiter = arg;

    cede_try {
        say("%zu", cede_wait(&waiter->future, 1, waiter->timeout,
                             CEDE_ALL_COMPLETED));
    } cede_except (cede_CancelledError, e) {
        say("CancelledError %s", cede_exception_message(e));
        cede_reraise();
    } cede_end
    return cede_none;
}

/* A task that waits for a future of its own, so many turns before it is
   cancelled, once or twice. */
static void cancel_waiter(int before, bool done, int times)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    struct waiter waiter = {keep(cede_ref(future)), INFINITY};
    cede_auto (cede_task *, task, drop) = cede_create_task_with(waits, waiter);

    cede_sleep(0);
    if (done)
        cede_future_set_result(future, 1);
    turns(before);
    for (int i = 0; i < times; i++)
        say("%d", cede_task_cancel(task, i ? "again" : "stop"));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d %d", cede_future_cancelled(future), cede_future_done(future));
}

static cede_value cancelled(void *arg)
{
    (void)arg;
    cancel_waiter(0, false, 1);
    cancel_waiter(0, false, 2);
    cancel_waiter(0, true, 1); /* done, and the wait has not heard of it */
    cancel_waiter(1, true, 1); /* it has heard, and has not run (T19) */
    cancel_waiter(1, true, 2);
    return cede_none;
}

TEST(W09_cancelled_it_leaves_all_as_it_was, .shuffle = false)
{
    expect(cancelled, "1;CancelledError stop;0 0;"
                      "1;1;CancelledError stop;0 0;"
                      "1;CancelledError stop;0 1;"
                      "1;CancelledError stop;0 1;"
                      "1;1;CancelledError again;0 1;");
}

static cede_value in_scope(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *task = start(&crew, "a", 3);

    (void)arg;
    cede_move_on_after (scope, 1) {
        wait_for_crew(&crew, INFINITY, CEDE_ALL_COMPLETED);
    } cede_finally {
        say("caught %d", cede_cancel_scope_cancelled_caught(scope));
    } cede_end
    cede_move_on_after (scope, 0) {
        cede_sleep(0);
    } cede_end
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        for (int i = 0; i < 3; i++)
            CHECK_RAISES(cede_CancelledError,
                         wait_for_crew(&crew, 2, CEDE_ALL_COMPLETED));
    } cede_end
    say("%g %u %d", now(), cede_task_cancelling(task), cede_task_done(task));
    return cede_none;
}

TEST(W09_Z01_in_a_cancelled_scope)
{
    expect(in_scope, "caught 1;1 0 0;");
}

static cede_value leaves_timer(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    start(&crew, "a", 1);
    wait_for_crew(&crew, 1000, CEDE_ALL_COMPLETED);
    cede_sleep(0);
    say("%g", cede_loop_timeout(cede_get_running_loop()));
    join(&crew, cede_loop_create_future(NULL));
    cede_move_on_after (scope, 1) {
        wait_for_crew(&crew, 1000, CEDE_ALL_COMPLETED);
    } cede_end
    cede_sleep(0);
    say("%g", cede_loop_timeout(cede_get_running_loop()));
    return cede_none;
}

/* Nothing is due any more. */
TEST(W07_the_timer_goes_with_the_wait)
{
    expect(leaves_timer, "inf;inf;");
}

static cede_value many(void *arg)
{
    enum { COUNT = CEDE_IMPL_TSAN ? 5000 : 20000 }; /* TSan has 8128 stacks */
    static cede_task *tasks[COUNT];
    const struct job job = {"x", 1, NULL, false};

    (void)arg;
    for (int i = 0; i < COUNT; i++)
        tasks[i] = cede_create_task_with(work, job);
    say("%d", cede_wait_split(tasks, COUNT, INFINITY, CEDE_ALL_COMPLETED) ==
                  COUNT);
    for (int i = 0; i < COUNT; i++)
        cede_unref(tasks[i]);
    return cede_none;
}

TEST(W07_many, .torture = false, .timeout = 30)
{
    expect(many, "1;");
}
