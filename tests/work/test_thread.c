/*
 * Threads and a loop: F12, H05, H06, H10, H11, C05, L27, Z13.
 *
 * The clock is virtual, and a loop with nothing but threads to wait for waits
 * for them.
 */
#include "work/world.h"

#include "cede/cancel_scope.h"
#include "cede/generator.h"
#include "cede/lowlevel.h"
#include "cede/timeout.h"

#include <stdlib.h>
#include <unistd.h>

static struct gate gate;

static cede_value drop_result(cede_value value)
{
    cede_value_unref(value);
    return cede_none;
}

/* --- F12: wrap_future --- */

static cede_value f12_result(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_future *, w, drop) = cede_wrap_future(f);

    (void)arg;
    cede_concurrent_future_set_result(f, cede_list_of(1, "x"));
    say("%d", cede_future_done(w));
    cede_auto (cede_value, value, drop_value) = cede_await(cede_ref(w));
    say("%zu", cede_len(cede_value_object(value)));
    return cede_none;
}

TEST(F12_result)
{
    expect_threads(f12_result, "0;2;");
}

static cede_value f12_exception(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_exception *, e, drop) = cede_exception(cede_KeyError, "k");
    cede_auto (cede_future *, w, drop) = cede_wrap_future(f);

    (void)arg;
    cede_concurrent_future_set_exception(f, e);
    CHECK_RAISES(cede_KeyError, cede_await(cede_ref(w)));
    CHECK_PTR(cede_future_exception(w), e);
    return cede_none;
}

TEST(F12_exception)
{
    expect_threads(f12_exception, "");
}

static cede_value f12_cancelled(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_future *, w, drop) = cede_wrap_future(f);

    (void)arg;
    cede_concurrent_future_cancel(f);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(w)));
    say("%d", cede_future_cancelled(w));
    return cede_none;
}

TEST(F12_cancelled_by_the_other_side)
{
    expect_threads(f12_cancelled, "1;");
}

static cede_value f12_cancels(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_future *, w, drop) = cede_wrap_future(f);

    (void)arg;
    cede_future_cancel(w, NULL);
    say("%d", cede_concurrent_future_cancelled(f));
    turns(1);
    say("%d", cede_concurrent_future_cancelled(f));
    return cede_none;
}

TEST(F12_cancels_the_other_side, .shuffle = false)
{
    expect_threads(f12_cancels, "0;1;");
}

static cede_value f12_done(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    (void)arg;
    cede_concurrent_future_set_result(f, 7);
    cede_auto (cede_future *, w, drop) = cede_wrap_future(f);
    say("%d", cede_future_done(w));
    say("%d", (int)cede_value_int(cede_await(cede_ref(w))));
    return cede_none;
}

TEST(F12_of_one_that_is_done)
{
    expect_threads(f12_done, "0;7;");
}

/* asyncio's words for a cancellation that is the work's outcome. */
static cede_value raises_cancelled(void *arg)
{
    (void)arg;
    cede_raise(cede_concurrent_CancelledError, "closed for today");
}

static cede_value f12_converts(void *arg)
{
    (void)arg;
    cede_try {
        cede_await(cede_loop_run_in_executor(NULL, NULL, raises_cancelled,
                                             NULL));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(F12_a_cancelled_error_is_translated)
{
    expect_threads(f12_converts, "closed for today;");
}

/* The loop is closed before the other side is done: nobody is told. */
static cede_value f12_leaves(void *f)
{
    keep(cede_wrap_future(f));
    return cede_none;
}

TEST(F12_the_loop_is_closed_before)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_defer (dismiss, &kept);

    cede_run_simulated(f12_leaves, f);
    cede_concurrent_future_set_result(f, cede_list_of(1));
    CHECK(!cede_future_done(kept.member[0]));
}

static cede_value f12_bad(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_TypeError, cede_unref(cede_wrap_future(NULL)));
    return cede_none;
}

TEST(F12_bad_input)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_wrap_future(f)));
    expect_threads(f12_bad, "");
}

/* --- run_in_executor --- */

static cede_value name_of_thread(void *arg)
{
    (void)arg;
    return cede_str_copy(cede_thread_name());
}

static void say_name(cede_value name)
{
    cede_defer (cede_value_clear, &name);

    say("%.9s", cede_value_str(name));
}

static cede_value default_and_own(void *arg)
{
    const cede_thread_pool_options options = {.max_workers = 1,
                                              .thread_name_prefix = "mine"};

    (void)arg;
    say_name(cede_await(
        cede_loop_run_in_executor(NULL, NULL, name_of_thread, NULL)));
    cede_with (pool, cede_thread_pool_executor_with(&options)) {
        say_name(cede_await(
            cede_loop_run_in_executor(NULL, pool, name_of_thread, NULL)));
        cede_loop_set_default_executor(NULL, pool);
        say_name(cede_to_thread(name_of_thread, NULL));
    } cede_end
    return cede_none;
}

TEST(H11_the_default_executor_and_others)
{
    expect_threads(default_and_own, "asyncio_0;mine_0;mine_0;");
}

static cede_value h05(void *arg)
{
    cede_auto (cede_task *, task, drop) = NULL;
    cede_auto (cede_future *, f, drop) = NULL;
    cede_defer (open_wide, &gate);

    (void)arg;
    f = cede_loop_run_in_executor(NULL, NULL, pass, &gate);
    task = cede_create_task(waits_for, f);
    turns(1);
    meet(&gate);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    turns(2);
    /* It still stands at the gate. */
    say("%d %d", cede_future_cancelled(f), sem_trywait(&gate.reached) == 0);
    open_once(&gate);
    return cede_none;
}

/* Cancelling does not stop the thread; the end of the loop waits for it. */
TEST(H05_cancelling_abandons, .shuffle = false, .torture = false)
{
    make_gate(&gate);
    expect_threads(h05, "CancelledError  1;1 0;");
}

static cede_value never(void *arg)
{
    (void)arg;
    CHECK(harness_torturing());
    return cede_none;
}

static cede_value h05_pending(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_defer (open_wide, &gate);
        cede_future *second;

        join(&crew, cede_loop_run_in_executor(NULL, pool, pass, &gate));
        second = join(&crew, cede_loop_run_in_executor(NULL, pool, never,
                                                       NULL));
        if (!harness_torturing())
            meet(&gate);
        cede_future_cancel(second, NULL);
        turns(2);
        say("%d", cede_future_cancelled(second));
    } cede_end
    turns(2);
    return cede_none;
}

/* What has not begun never does. */
TEST(H05_cancelled_before_it_began)
{
    make_gate(&gate);
    expect_threads(h05_pending, "1;");
}

static cede_value stops(void *arg)
{
    (void)arg;
    cede_raise(cede_StopIteration);
}

static cede_value h10(void *arg)
{
    (void)arg;
    cede_try {
        cede_await(cede_loop_run_in_executor(NULL, NULL, stops, NULL));
    } cede_except (cede_RuntimeError, e) {
        if (!cede_exception_cause(e))
            cede_reraise(); /* no thread */
        say("%s", cede_exception_name(cede_exception_cause(e)));
    } cede_end
    return cede_none;
}

TEST(H10_stop_iteration)
{
    expect_threads(h10, "StopIteration;");
}

/* --- to_thread --- */

static CEDE_CONTEXT_VAR(variable, "default");

static cede_value reads_and_sets(void *arg)
{
    cede_auto (cede_value, value, drop_value) =
        cede_value_ref(cede_context_var_get(variable));

    (void)arg;
    cede_context_var_set(variable, "thread's");
    return cede_value_ref(value);
}

static cede_value c05(void *arg)
{
    (void)arg;
    cede_context_var_set(variable, cede_str_copy("task's"));
    say_name(cede_to_thread(reads_and_sets, NULL));
    say("%s", cede_value_str(cede_context_var_get(variable)));
    say_name(cede_await(
        cede_loop_run_in_executor(NULL, NULL, reads_and_sets, NULL)));
    return cede_none;
}

/* A copy of the context goes along, but not to run_in_executor. */
TEST(C05_H11_context)
{
    expect_threads(c05, "task's;task's;default;");
}

struct label {
    char text[100];
};

static cede_value copies(void *label)
{
    return cede_str_copy(((struct label *)label)->text);
}

static cede_value h11(void *arg)
{
    struct label label = {"label"};
    int seven = 7;

    (void)arg;
    say("%d", (int)cede_value_int(cede_to_thread(returns_int, &seven)));
    say_name(cede_to_thread_with(copies, label));
    CHECK_RAISES(cede_ValueError, cede_to_thread(raises_value_error, NULL));
    CHECK_RAISES(cede_TypeError, cede_to_thread((cede_function)NULL, NULL));
    return cede_none;
}

TEST(H11_to_thread)
{
    expect_threads(h11, "7;label;");
}

TEST(H11_outside_a_task)
{
    CHECK_RAISES(cede_RuntimeError, cede_to_thread(returns_nothing, NULL));
}

static cede_value reach(void *own)
{
    sem_post(&((struct gate *)own)->reached);
    return cede_none;
}

static cede_value reach_in_thread(void *own)
{
    return cede_to_thread(reach, own);
}

static void reach_below_foreign(void)
{
    cede_exception *volatile error = NULL;

    cede_foreign {
        error = cede_catch(reach_in_thread, &gate, NULL);
    } cede_end
    cede_defer (cede_unref, error);
    cede_raise(error);
}

static cede_value h11_foreign(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, reach_below_foreign());
    return cede_none;
}

/* Where a task must not suspend nothing is done. */
TEST(H11_in_foreign_frames)
{
    make_gate(&gate);
    expect_threads(h11_foreign, "");
    CHECK(sem_trywait(&gate.reached) != 0);
}

static cede_value h11_scope(void *arg)
{
    cede_defer (open_wide, &gate);

    (void)arg;
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_to_thread(pass, &gate);
        say("never");
    } cede_end
    say("left %d", sem_trywait(&gate.reached) == 0);
    return cede_none;
}

/* In a cancelled scope no thread is started. */
TEST(H11_in_a_cancelled_scope)
{
    make_gate(&gate);
    expect_threads(h11_scope, "left 0;");
}

static cede_value h11_abandoned(void *arg)
{
    cede_defer (open_wide, &gate);

    (void)arg;
    cede_move_on_after (scope, 1) {
        cede_to_thread(pass, &gate);
        say("never");
    } cede_end
    say("%g", now());
    return cede_none;
}

/* A scope's deadline leaves the thread to itself. */
TEST(H11_abandoned_by_a_scope, .torture = false)
{
    make_gate(&gate);
    expect_threads(h11_abandoned, "1;");
}

/* --- Z13 --- */

static cede_value one_at_a_time(void *limiter)
{
    cede_to_thread(pass, &gate, .limiter = limiter);
    return cede_none;
}

static cede_value z13(void *arg)
{
    cede_auto (cede_capacity_limiter *, limiter, drop) =
        cede_capacity_limiter_new(1);
    cede_auto (cede_task *, first, drop) = NULL;
    cede_auto (cede_task *, second, drop) = NULL;
    cede_defer (open_wide, &gate);

    (void)arg;
    first = cede_create_task(one_at_a_time, limiter);
    second = cede_create_task(one_at_a_time, limiter);
    turns(2);
    meet(&gate);
    say("%d", (int)cede_capacity_limiter_borrowed_tokens(limiter));
    cede_task_cancel(first, NULL);
    turns(3);
    /* The first task is gone; its thread, and its token, are not. */
    say("%d %d %zu", cede_task_done(first),
        (int)cede_capacity_limiter_borrowed_tokens(limiter),
        cede_capacity_limiter_get_statistics(limiter).tasks_waiting);
    open_once(&gate);
    open_once(&gate);
    cede_await(cede_ref(second));
    meet(&gate);
    say("%d", (int)cede_capacity_limiter_borrowed_tokens(limiter));
    return cede_none;
}

TEST(Z13_the_token_is_the_threads, .shuffle = false, .torture = false)
{
    make_gate(&gate);
    expect_threads(z13, "1;1 1 1;0;");
}

static cede_value z13_default(void *arg)
{
    (void)arg;
    say("%d", (int)cede_capacity_limiter_total_tokens(
                  cede_default_thread_limiter()));
    cede_to_thread(returns_nothing, NULL);
    say("%d", (int)cede_capacity_limiter_borrowed_tokens(
                  cede_default_thread_limiter()));
    return cede_none;
}

TEST(Z13_forty_by_default)
{
    expect_threads(z13_default, "40;0;");
    CHECK_RAISES(cede_RuntimeError, cede_default_thread_limiter());
}

/* --- L27 --- */

static cede_value l27(void *arg)
{
    int seven = 7;

    (void)arg;
    cede_to_thread(returns_int, &seven);
    cede_loop_shutdown_default_executor(NULL, INFINITY);
    cede_try {
        cede_to_thread(returns_int, &seven);
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_loop_run_in_executor(NULL, NULL, returns_int,
                                                      &seven)));
    cede_loop_shutdown_default_executor(NULL, 0);
    return cede_none;
}

TEST(L27_afterwards)
{
    expect_threads(l27, "Executor shutdown has been called;");
}

static int finished; /* atomic */

static cede_value finishes(void *arg)
{
    pass(arg);
    __atomic_store_n(&finished, 1, __ATOMIC_RELEASE);
    return cede_none;
}

static void open_for_one(void *arg)
{
    (void)arg;
    open_once(&gate);
}

static cede_value l27_waits(void *arg)
{
    cede_defer (open_wide, &gate);

    (void)arg;
    cede_unref(cede_loop_run_in_executor(NULL, NULL, finishes, &gate));
    cede_loop_call_soon(cede_get_running_loop(), open_for_one, NULL);
    cede_loop_shutdown_default_executor(NULL, INFINITY);
    say("%d", __atomic_load_n(&finished, __ATOMIC_ACQUIRE));
    return cede_none;
}

/* Other callbacks run meanwhile. */
TEST(L27_waits_for_threads)
{
    make_gate(&gate);
    expect_threads(l27_waits, "1;");
}

static cede_value l27_timeout(void *arg)
{
    (void)arg;
    cede_unref(cede_loop_run_in_executor(NULL, NULL, pass, &gate));
    meet(&gate);
    cede_loop_shutdown_default_executor(NULL, 5);
    printf("at %g\n", now());
    return cede_none;
}

static void give_up_waiting(void *unused)
{
    (void)unused;
    cede_value_unref(cede_run_simulated(l27_timeout, NULL));
    open_wide(&gate);
    exit(0);
}

TEST(L27_timeout_warns_and_returns, .torture = false)
{
    char output[256];

    make_gate(&gate);
    CHECK_INT(harness_fork(give_up_waiting, NULL, output, sizeof output), 0);
    CHECK_CONTAINS(output,
                   "RuntimeWarning: The executor did not finishing joining its "
                   "threads within 5 seconds.\n");
    CHECK_CONTAINS(output, "at 5\n");
}

static cede_value l27_at_the_end(void *arg)
{
    (void)arg;
    cede_unref(cede_loop_run_in_executor(NULL, NULL, finishes, &gate));
    return cede_none;
}

/* cede_run waits, whatever becomes of the task. */
TEST(L27_cede_run_waits)
{
    make_gate(&gate);
    open_wide(&gate);
    expect_threads(l27_at_the_end, "");
    if (!harness_torturing())
        CHECK_INT(finished, 1);
}

static cede_value says_ran(void *arg)
{
    (void)arg;
    say("ran");
    return cede_none;
}

static cede_value asks_the_loop(void *loop)
{
    wait_for(&gate.open);
    return cede_concurrent_future_result(
        keep(cede_run_coroutine_threadsafe(says_ran, NULL, loop)));
}

static cede_value l27_asks(void *arg)
{
    (void)arg;
    cede_unref(cede_loop_run_in_executor(NULL, NULL, asks_the_loop,
                                         cede_get_running_loop()));
    cede_loop_call_soon(cede_get_running_loop(), open_for_one, NULL);
    return cede_none;
}

/* The loop runs while it waits: a thread may still need it. */
TEST(L27_the_loop_goes_on, .torture = false)
{
    make_gate(&gate);
    expect_threads(l27_asks, "ran;");
}

/* --- H06 --- */

/* A loop in a thread of its own, until it is stopped. */
struct other {
    cede_loop *loop;
    pthread_t thread;
    bool started;
};

static cede_value ask_to_stop(void *loop)
{
    cede_try {
        cede_loop_call_soon_threadsafe(loop, stop_loop, loop);
    } cede_except (cede_RuntimeError) { /* its thread has closed it */
    } cede_end
    return cede_none;
}

static void end_other(void *self)
{
    struct other *other = self;
    cede_exception *error;

    if (!other->loop)
        return;
    while (other->started &&
           (error = cede_catch(ask_to_stop, other->loop, NULL)))
        cede_unref(error);
    if (other->started)
        pthread_join(other->thread, NULL);
    cede_loop_close(other->loop);
    cede_unref(other->loop);
}

static void start_other(struct other *other)
{
    other->loop = cede_loop_new();
    other->started = pthread_create(&other->thread, NULL, loop_thread,
                                    other->loop) == 0;
}

static cede_value result_of(cede_concurrent_future *future)
{
    cede_defer (cede_unref, future);

    return cede_concurrent_future_result(future);
}

TEST(H06_result_and_exception)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);

    start_other(&other);
    cede_auto (cede_value, value, drop_value) = result_of(
        cede_run_coroutine_threadsafe(returns_list, "x", other.loop));
    CHECK_INT(cede_len(cede_value_object(value)), 2);
    CHECK_RAISES(cede_ValueError, drop_result(result_of(
                                      cede_run_coroutine_threadsafe(
                                          raises_value_error, "x",
                                          other.loop))));
}

static cede_value seven(void)
{
    return cede_int(7);
}

TEST(H06_of_a_function_without_a_parameter)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);

    start_other(&other);
    CHECK_INT(cede_value_int(result_of(
                  cede_run_coroutine_threadsafe(seven, other.loop))),
              7);
}

static cede_value awaits_twice(void *number)
{
    cede_sleep(0);
    cede_sleep(0);
    return returns_int(number);
}

TEST(H06_of_a_coroutine_object)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);
    int seven = 7;

    start_other(&other);
    CHECK_INT(cede_value_int(result_of(cede_run_coroutine_threadsafe_from(
                  cede_coroutine(awaits_twice, &seven), other.loop))),
              7);
}

static cede_value never_ends(void *arg)
{
    struct gate *own = arg;

    sem_post(&own->reached);
    cede_try {
        cede_sleep(1e6);
    } cede_except (cede_CancelledError) {
        sem_post(&own->open);
        cede_reraise();
    } cede_end
    return cede_none;
}

/* The task is cancelled through the concurrent future. */
TEST(H06_cancel)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);

    make_gate(&gate);
    start_other(&other);
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(never_ends, &gate, other.loop);
    if (harness_torturing()) {
        cede_concurrent_future_cancel(f);
        return;
    }
    meet(&gate);
    CHECK(cede_concurrent_future_cancel(f));
    wait_for(&gate.open);
    CHECK_RAISES(cede_concurrent_CancelledError,
                 cede_concurrent_future_result(f));
}

static cede_value cancels_itself(void *arg)
{
    (void)arg;
    cede_task_cancel(cede_current_task(), NULL);
    cede_sleep(0);
    return cede_none;
}

static cede_value cancels_and_returns(void *arg)
{
    (void)arg;
    cede_task_cancel(cede_current_task(), NULL);
    return cede_object(cede_list_of(1));
}

/* ... and the other way; T06 holds here too. */
TEST(H06_a_cancelled_task)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);

    start_other(&other);
    CHECK_RAISES(cede_concurrent_CancelledError,
                 drop_result(result_of(cede_run_coroutine_threadsafe(
                     cancels_itself, NULL, other.loop))));
    CHECK_RAISES(cede_concurrent_CancelledError,
                 drop_result(result_of(cede_run_coroutine_threadsafe(
                     cancels_and_returns, NULL, other.loop))));
}

static cede_value speaks(void *text)
{
    say("%s", (const char *)text);
    return cede_none;
}

/* Nothing keeps it from saying it. */
static cede_value naps(void *text)
{
    cede_try {
        cede_sleep(0);
        cede_sleep(0);
    } cede_except (cede_CancelledError) {
    } cede_end
    return speaks(text);
}

/* Before its task has begun: its function is never called. */
TEST(H06_cancelled_before_it_began, .shuffle = false)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(speaks, "never", loop);
    cede_auto (cede_concurrent_future *, g, drop) =
        cede_run_coroutine_threadsafe_from(cede_coroutine(speaks, "never"),
                                           loop);

    cede_concurrent_future_cancel(f);
    cede_concurrent_future_cancel(g);
    for (int i = 0; i < 5; i++)
        cede_loop_run_once(loop, 0);
    CHECK_STR(said(), "");
    CHECK_INT(cede_loop_task_count(loop), 0);
}

/* A loop that is closed leaves nobody waiting. */
TEST(H06_the_loop_is_closed_before)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(speaks, "never", loop);
    cede_auto (cede_concurrent_future *, g, drop) =
        cede_run_coroutine_threadsafe_from(cede_coroutine(speaks, "never"),
                                           loop);

    cede_loop_close(loop);
    CHECK(cede_concurrent_future_cancelled(f));
    CHECK(cede_concurrent_future_cancelled(g));
    CHECK_INT(cede_futures_wait((cede_concurrent_future *[]){f, g}, 2, INFINITY,
                                CEDE_ALL_COMPLETED, NULL)
                  .done,
              2);
    CHECK_RAISES(cede_RuntimeError,
                 cede_unref(cede_run_coroutine_threadsafe(speaks, "", loop)));
    CHECK_STR(said(), "");
}

TEST(H06_the_loop_is_closed_while_it_waits)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_concurrent_future *, f, drop) = NULL;

    make_gate(&gate);
    cede_loop_set_exception_handler(loop, ignore, NULL);
    f = cede_run_coroutine_threadsafe(never_ends, &gate, loop);
    for (int i = 0; i < 3; i++)
        cede_loop_run_once(loop, 0);
    cede_loop_close(loop);
    CHECK(cede_concurrent_future_cancelled(f) || harness_torturing());
}

/* Its task is being cancelled, and will not run again to say so. */
TEST(H06_the_loop_is_closed_while_it_is_cancelled)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_concurrent_future *, f, drop) = NULL;

    make_gate(&gate);
    cede_loop_set_exception_handler(loop, ignore, NULL);
    f = cede_run_coroutine_threadsafe(never_ends, &gate, loop);
    for (int i = 0; i < 3; i++)
        cede_loop_run_once(loop, 0);
    cede_concurrent_future_cancel(f);
    cede_loop_run_once(loop, 0);
    CHECK(cede_loop_task_count(loop) == 1 || harness_torturing());
    cede_loop_close(loop);
    CHECK(cede_concurrent_future_cancelled(f) || harness_torturing());
}

/* Its task runs at once, and is there already when there is no memory for who
   would hear of its end. */
static cede_value eager_errand(void *arg)
{
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    cede_loop_set_task_factory(loop, cede_eager_task_factory, NULL);
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(naps, "napped", loop);
    cede_await(cede_wrap_future(f));
    return cede_none;
}

TEST(H06_an_eager_task)
{
    expect_threads(eager_errand, "napped;");
}

TEST(H06_bad_input)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_try {
        cede_unref(cede_run_coroutine_threadsafe((cede_function)NULL, NULL, loop));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    CHECK_STR(said(), "A coroutine object is required;");
    CHECK_RAISES(cede_TypeError, cede_unref(cede_run_coroutine_threadsafe_from(
                                     cede_list_of(1), loop)));
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_run_coroutine_threadsafe(speaks, "", NULL)));
}

static cede_value waits_for_itself(void *arg)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(speaks, arg, cede_get_running_loop());

    CHECK_RAISES(cede_RuntimeError, cede_concurrent_future_result(f));
    CHECK_RAISES(cede_TimeoutError, cede_concurrent_future_result(f, 0));
    cede_await(cede_wrap_future(f));
    cede_concurrent_future_result(f);
    return cede_none;
}

/* Python hangs; here it is said what to do. */
static cede_value own_loop(void *arg)
{
    (void)arg;
    return waits_for_itself("ran");
}

TEST(H06_waiting_in_the_loops_own_thread)
{
    expect_threads(own_loop, "ran;");
}

static cede_value reads_variable(void *arg)
{
    (void)arg;
    return cede_value_ref(cede_context_var_get(variable));
}

static cede_value asks_in_context(void *loop)
{
    cede_context_var_set(variable, cede_str_copy("asker's"));
    return result_of(cede_run_coroutine_threadsafe(reads_variable, NULL, loop));
}

/* The task runs in a copy of the context of whoever asked. */
TEST(H06_context)
{
    struct other other = {.loop = NULL};
    cede_defer (end_other, &other);
    cede_auto (cede_context *, context, drop) = cede_context_new();

    start_other(&other);
    cede_auto (cede_value, value, drop_value) =
        cede_context_run(context, asks_in_context, other.loop);
    CHECK_STR(cede_value_str(value), "asker's");
}

/* --- lowlevel: remote calls --- */

static void say_posted(void *text, bool posted)
{
    say("%s %d", (const char *)text, posted);
}

static cede_value remote_calls(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_remote_call *call;

    (void)arg;
    call = join(&crew, cede_remote_call_new(loop, say_posted, "once"));
    cede_remote_call_expect(call);
    CHECK(cede_remote_call_post(call));
    CHECK(cede_remote_call_post(call));
    call = join(&crew, cede_remote_call_new(loop, say_posted, "cancelled"));
    CHECK(cede_remote_call_post(call));
    cede_remote_call_cancel(call);
    turns(2);
    call = keep(cede_remote_call_new(loop, say_posted, "closed"));
    cede_remote_call_expect(call);
    return cede_none;
}

TEST(remote_calls_are_called_once)
{
    cede_defer (dismiss, &kept);

    cede_run_simulated(remote_calls, NULL);
    CHECK_STR(said(), "once 1;closed 0;");
    CHECK(!cede_remote_call_post(kept.member[0]));
    CHECK(!cede_remote_call_post(kept.member[0]));
}

static cede_value attaches_twice(void *arg)
{
    static const char key[1];
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    CHECK_PTR(cede_loop_attached(loop, key), NULL);
    cede_loop_attach(loop, key, cede_list_of(1), NULL);
    CHECK(cede_loop_attached(loop, key) != NULL);
    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_attach(loop, key, cede_list_of(2), NULL));
    return cede_none;
}

TEST(attachments_are_the_loops)
{
    expect_threads(attaches_twice, "");
}
