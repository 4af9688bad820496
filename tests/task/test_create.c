/*
 * Making tasks: options, tasks of coroutine objects, ensure_future. Rules T02,
 * T17, T24 to T26, D01, D02.
 */
#include "task/world.h"

#include "cede/coroutine.h"
#include "cede/list.h"
#include "cede/traceback.h"

static cede_value answer(void *arg)
{
    (void)arg;
    say("body");
    cede_sleep(0);
    return cede_int(42);
}

/* --- options --- */

static cede_value named(void *arg)
{
    (void)arg;
    say("%s", cede_task_get_name(cede_current_task()));
    return cede_none;
}

static cede_value t17(void *arg)
{
    char name[] = "first";
    cede_auto (cede_task *, task, drop) =
        cede_create_task(named, NULL, .name = name);

    (void)arg;
    name[0] = 'F'; /* the task has a copy */
    say("%s", cede_task_get_name(task));
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(T17_a_name_is_an_option)
{
    expect(t17, "first;first;");
}

static cede_value named_of_nothing(void)
{
    return named(NULL);
}

static void says_its_name(void)
{
    named(NULL);
}

static void options_of_nothing(void)
{
    cede_await(cede_create_task(named_of_nothing, NULL, .name = "value"));
    CHECK(cede_is_none(cede_await(cede_create_task(
        says_its_name, NULL, .name = "nothing", .eager_start = true))));
}

TEST(a_function_of_no_parameter_has_options)
{
    cede_run_simulated(options_of_nothing, NULL, .debug = -1);
    CHECK_TRACE(said(), "value;nothing;");
}

static CEDE_CONTEXT_VAR(shade, "unset");

static cede_value set_shade(void *arg)
{
    cede_context_var_set(shade, (const char *)arg);
    return cede_none;
}

static cede_value t25(void *arg)
{
    cede_auto (cede_context *, context, drop) = cede_copy_context();

    (void)arg;
    cede_await(cede_create_task(set_shade, "in a copy"));
    say("%d", cede_context_contains(context, shade));
    cede_await(cede_create_task(set_shade, "in itself", .context = context));
    say("%s", cede_value_str(cede_context_get(context, shade)));
    return cede_none;
}

TEST(T25_a_context_is_an_option)
{
    expect(t25, "0;in itself;");
}

static cede_value wrong_context(void *arg)
{
    cede_auto (cede_list *, list, drop) = cede_list();

    (void)arg;
    cede_try {
        cede_unref(cede_create_task(answer, NULL, .context = (void *)list));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(T25_a_context_must_be_one)
{
    expect(wrong_context, "a context was expected;");
}

/* --- eager --- */

static cede_value tells_when(void *arg)
{
    say("%s %s", (const char *)arg,
        cede_task_get_name(cede_current_task()));
    cede_sleep(0);
    say("%s ends", (const char *)arg);
    return cede_none;
}

static cede_value d01(void *arg)
{
    cede_task *self = cede_current_task();
    cede_auto (cede_task *, task, drop) = NULL;

    (void)arg;
    task = cede_create_task(tells_when, "eager", .name = "child",
                            .eager_start = true);
    say("created %d %d", cede_task_done(task), cede_current_task() == self);
    cede_await(cede_ref(task));
    return cede_none;
}

/* D13: one task may be asked for so, without a factory. */
TEST(D01_an_eager_task_runs_to_its_first_wait)
{
    expect(d01, "eager child;created 0 1;eager ends;");
}

static cede_value at_once(void *arg)
{
    (void)arg;
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_int(7);
}

static cede_value d01_ended(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(at_once, NULL, .eager_start = true);
    cede_auto (cede_list *, all, drop) = cede_all_tasks(NULL);

    (void)arg;
    say("%d %zu", cede_task_done(task), cede_list_size(all));
    say("%lld", (long long)cede_value_int(cede_task_result(task)));
    return cede_none;
}

TEST(D01_an_eager_task_that_ends_is_never_queued)
{
    expect(d01_ended, "2;1 1;7;");
}

static cede_value cleans_up(void *arg)
{
    (void)arg;
    cede_try {
        say("entered");
        cede_sleep(1);
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}

static cede_value fails_early(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "early");
}

static cede_value d02(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(cleans_up, NULL, .eager_start = true);
    cede_auto (cede_task *, failed, drop) =
        cede_create_task(fails_early, NULL, .eager_start = true);

    (void)arg;
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("cancelled");
    } cede_end
    say("%s", cede_exception_message(cede_task_exception(failed)));
    return cede_none;
}

TEST(D02_cancel_finds_an_eager_body_begun_and_errors_stay_inside)
{
    expect(d02, "entered;finally;cancelled;early;");
}

/* A generator of the creator's is not inside the eager task, and cannot be
   resumed by it; nor does the task's waiting disturb the creator's. */
static cede_value items(void *arg)
{
    cede_task *child = cede_create_task(tells_when, "from a generator",
                                        .name = "x", .eager_start = true);

    (void)arg;
    cede_defer (cede_unref, child);
    cede_yield(1);
    cede_await(cede_ref(child));
    cede_yield(2);
    return cede_none;
}

static cede_value d01_generator(void *arg)
{
    (void)arg;
    cede_for (item, cede_generator(items, NULL))
        say("%lld", (long long)cede_value_int(item));
    return cede_none;
}

TEST(D01_a_generator_starts_an_eager_task)
{
    expect(d01_generator, "from a generator x;1;from a generator ends;2;");
}

TEST(a_task_without_a_loop_says_whose_it_would_have_been)
{
    cede_location first;

    cede_try {
        cede_unref(cede_create_task(answer, NULL));
        CHECK(!"created");
    } cede_except (cede_RuntimeError, e) {
        CHECK_STR(cede_exception_message(e), "no running event loop");
        CHECK(cede_extract_tb(e, &first, 1) >= 1);
        CHECK(strstr(first.file, "test_create.c"));
        CHECK_STR(first.function, __func__);
    } cede_end
}

TEST(an_eager_task_needs_a_running_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_try {
        cede_unref(cede_loop_create_task(loop, answer, NULL,
                                         .eager_start = true));
        CHECK(!"created");
    } cede_except (cede_RuntimeError, e) {
        CHECK(strstr(cede_exception_message(e), "running loop"));
    } cede_end
}

/* --- of coroutine objects --- */

static cede_value from_coroutine(void *arg)
{
    cede_coroutine *coroutine = cede_coroutine(answer, NULL);
    cede_auto (cede_task *, task, drop) =
        cede_create_task_from(coroutine, .name = "wrapper");
    cede_value value;

    (void)arg;
    say("%s %d", cede_task_get_name(task),
        cede_task_get_coro(task) == coroutine);
    value = cede_await(cede_ref(task));
    say("%lld", (long long)cede_value_int(value));
    return cede_none;
}

TEST(T01_a_task_of_a_coroutine_object)
{
    expect(from_coroutine, "wrapper 1;body;42;");
}

/* T02, T31: it never runs, and nobody says that it was never awaited. */
static cede_value cancelled_before(void *arg)
{
    cede_auto (cede_coroutine *, coroutine, drop) =
        cede_coroutine(answer, NULL);
    cede_auto (cede_task *, task, drop) =
        cede_create_task_from(cede_ref(coroutine));

    (void)arg;
    cede_task_cancel(task, NULL);
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_coroutine_state_name(cede_getcoroutinestate(coroutine)));
    } cede_end
    return cede_none;
}

TEST(T02_a_coroutine_whose_task_is_cancelled_early_never_runs)
{
    expect(cancelled_before, "CORO_CLOSED;");
}

static cede_value t24(void *arg)
{
    cede_auto (cede_coroutine *, coroutine, drop) =
        cede_coroutine(answer, NULL);

    (void)arg;
    cede_value_unref(cede_await(cede_ref(coroutine)));
    cede_try {
        cede_await(cede_create_task_from(cede_ref(coroutine)));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(T24_a_task_of_a_coroutine_that_was_awaited)
{
    expect(t24, "body;cannot reuse already awaited coroutine;");
}

/* --- ensure_future --- */

static cede_value t26(void *arg)
{
    cede_auto (cede_future *, future, drop) =
        cede_loop_create_future(cede_get_running_loop());
    cede_auto (cede_future *, same, drop) =
        cede_ensure_future(cede_ref(future));
    cede_auto (cede_future *, task, drop) =
        cede_ensure_future(cede_coroutine(answer, NULL));

    (void)arg;
    say("%d %s", same == future, cede_class_of(task)->name);
    say("%lld", (long long)cede_value_int(cede_await(cede_ref(task))));
    cede_try {
        cede_unref(cede_ensure_future(cede_list()));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(T26_ensure_future)
{
    expect(t26, "1 Task;body;42;An asyncio.Future, a coroutine or an awaitable "
                "is required;");
}

static cede_value t17_no_coroutine(void *arg)
{
    (void)arg;
    cede_try {
        cede_unref(cede_create_task_from(cede_list_of(1)));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    cede_try {
        cede_unref(cede_create_task_from(cede_loop_create_future(NULL)));
    } cede_except (cede_TypeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

/* T26: what awaits in its own way is for ensure_future. */
TEST(T17_a_task_is_made_of_a_coroutine_alone)
{
    expect(t17_no_coroutine, "a coroutine was expected, got [1];"
                             "a coroutine was expected, got <Future pending>;");
}

static cede_value t26_loops(void *arg)
{
    cede_auto (cede_loop *, other, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(other);

    (void)arg;
    cede_try {
        cede_unref(cede_loop_ensure_future(cede_get_running_loop(),
                                           cede_ref(future)));
    } cede_except (cede_ValueError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(T26_a_future_of_another_loop)
{
    expect(t26_loops, "The future belongs to a different loop than the one "
                      "specified as the loop argument;");
}

/* L25 */
TEST(L25_run_until_complete_takes_a_coroutine)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_value value =
        cede_loop_run_until_complete(loop, cede_coroutine(answer, NULL));

    CHECK_INT(cede_value_int(value), 42);
}
