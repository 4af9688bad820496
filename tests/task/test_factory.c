/*
 * Task factories, and what debug mode tells of tasks and futures: rules L18,
 * L26, L29, D01.
 */
#include "task/world.h"

#include "cede/coroutine.h"
#include "cede/log.h"

#include <string.h>

/* --- factories --- */

static cede_task *counts(cede_loop *loop, const cede_task_recipe *recipe,
                         void *argument)
{
    CHECK_PTR(loop, recipe->loop);
    say("%s %s%d", recipe->function_name,
        recipe->options.name ? recipe->options.name : "",
        ++*(int *)argument);
    return cede_task_make(recipe);
}

static cede_value returns_its_name(void *arg)
{
    (void)arg;
    return cede_str_copy(cede_task_get_name(cede_current_task()));
}

static void check_named(cede_task *task, const char *name)
{
    cede_value value = cede_await(task);

    CHECK_STR(cede_value_str(value), name);
    cede_value_unref(value);
}

static void reset_factory(void *loop)
{
    cede_loop_set_task_factory(loop, NULL, NULL);
}

static cede_value with_factory(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    int count = 0, number = 1;
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    CHECK(cede_loop_get_task_factory(loop) == NULL);
    cede_loop_set_task_factory(loop, counts, &count);
    cede_defer (reset_factory, loop);
    CHECK(cede_loop_get_task_factory(loop) == counts);
    check_named(cede_create_task(returns_its_name, NULL, .name = "x"), "x");
    cede_value_unref(cede_await(
        cede_create_task_from(cede_coroutine(returns_its_name, NULL))));
    cede_value_unref(
        cede_await(cede_create_task_with(returns_its_name, number)));
    cede_value_unref(cede_await(
        cede_ensure_future(cede_coroutine(returns_its_name, NULL))));
    join(&crew, cede_create_task(returns_nothing, NULL));
    join(&crew, cede_create_task(returns_nothing, NULL));
    gather_crew(&crew, NULL, 0);
    cede_loop_set_task_factory(loop, NULL, NULL);
    CHECK(cede_loop_get_task_factory(loop) == NULL);
    cede_value_unref(cede_await(cede_create_task(returns_nothing, NULL)));
    say("%d", count);
    return cede_none;
}

TEST(L26_every_task_is_made_by_the_factory)
{
    expect(with_factory,
           "returns_its_name x1;returns_its_name 2;returns_its_name 3;"
           "returns_its_name 4;returns_nothing 5;returns_nothing 6;6;");
}

static cede_task *renames(cede_loop *loop, const cede_task_recipe *recipe,
                          void *argument)
{
    cede_task_recipe mine = *recipe;

    (void)loop;
    mine.options.name = argument;
    return cede_task_make(&mine);
}

static cede_value with_renaming(void *arg)
{
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    cede_loop_set_task_factory(loop, renames, "other");
    check_named(cede_create_task(returns_its_name, NULL, .name = "x"), "other");
    return cede_none;
}

TEST(L26_a_factory_may_change_the_options)
{
    expect(with_renaming, "");
}

static cede_task *makes_nothing(cede_loop *loop, const cede_task_recipe *recipe,
                                void *argument)
{
    (void)loop;
    (void)recipe;
    return argument;
}

static cede_task *refuses(cede_loop *loop, const cede_task_recipe *recipe,
                          void *argument)
{
    (void)loop;
    (void)recipe;
    cede_raise(cede_ValueError, "%s", (const char *)argument);
}

/* What it was to be made of is given up. */
static cede_value with_bad_factories(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_loop_set_task_factory(loop, makes_nothing, NULL);
    CHECK_RAISES(cede_TypeError, (void)!cede_create_task(returns_nothing, NULL));
    CHECK_RAISES(cede_TypeError, (void)!cede_create_task_from(
                                     cede_coroutine(returns_nothing, NULL)));
    cede_loop_set_task_factory(loop, makes_nothing, future);
    CHECK_RAISES(cede_TypeError, (void)!cede_create_task(returns_nothing, NULL));
    cede_loop_set_task_factory(loop, refuses, "no tasks today");
    CHECK_RAISES(cede_ValueError,
                 (void)!cede_create_task(returns_nothing, NULL));
    CHECK_RAISES(cede_ValueError, (void)!cede_create_task_from(
                                      cede_coroutine(returns_nothing, NULL)));
    cede_loop_set_task_factory(loop, NULL, NULL);
    CHECK_RAISES(cede_TypeError, (void)!cede_task_make(NULL));
    CHECK_RAISES(cede_TypeError,
                 (void)!cede_task_make(&(cede_task_recipe){.loop = loop}));
    return cede_none;
}

TEST(L26_a_factory_that_makes_no_task)
{
    expect(with_bad_factories, "");
}

TEST(L26_a_closed_loop_makes_none)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    int count = 0;

    cede_loop_set_task_factory(loop, counts, &count);
    cede_loop_close(loop);
    CHECK(cede_loop_get_task_factory(loop) == NULL);
    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_set_task_factory(loop, counts, &count));
}

static cede_value says(void *word)
{
    say("%s", (const char *)word);
    cede_sleep(0);
    say("%s again", (const char *)word);
    return cede_none;
}

static cede_value with_eager_factory(void *arg)
{
    cede_auto (cede_task *, task, drop) = NULL;

    (void)arg;
    cede_loop_set_task_factory(cede_get_running_loop(), cede_eager_task_factory,
                               NULL);
    task = cede_create_task(says, "task");
    say("main");
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(D01_the_eager_factory)
{
    expect(with_eager_factory, "task;main;task again;");
}

TEST(D01_a_loop_that_does_not_run_yet_is_eager_later)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    cede_loop_set_task_factory(loop, cede_eager_task_factory, NULL);
    cede_auto (cede_task *, task, drop) =
        cede_loop_create_task(loop, says, "task");

    say("-");
    cede_loop_run_until_complete(loop, cede_ref(task));
    CHECK_STR(said(), "-;task;task again;");
}

/* --- debug mode --- */

static cede_virtual_time time_of_test;

/* The runs' clock, which tasks move by hand. */
static void take_ms(int milliseconds)
{
    time_of_test.now += milliseconds * INT64_C(1000000);
}

static void note_text(cede_log_level level, const char *text, void *argument)
{
    (void)argument;
    say("%d %s", (int)level, text);
}

static void run_debug(cede_function scenario)
{
    cede_clock clock = cede_virtual_clock(&time_of_test);

    time_of_test.now = 0;
    cede_set_log_handler(note_text, NULL);
    cede_value_unref(
        cede_run(scenario, NULL, .debug = true, .clock = &clock));
    cede_set_log_handler(NULL, NULL);
}

static cede_value hogs(void *arg)
{
    (void)arg;
    take_ms(150);
    cede_sleep(1);
    take_ms(250);
    return cede_none;
}

static int line_of_hog;

static cede_value starts_a_hog(void *arg)
{
    (void)arg;
    cede_value_unref(
        cede_await(cede_create_task(hogs, NULL, .name = "x")));
    line_of_hog = __LINE__ - 1;
    return cede_none;
}

TEST(L18_a_slow_task_is_named_with_its_place)
{
    char expected[1024];

    run_debug(starts_a_hog);
    snprintf(expected, sizeof expected,
             "30 Executing <Task pending name='x' coro=<hogs()> created at "
             "%s:%d> took 0.150 seconds;"
             "30 Executing <Task finished name='x' coro=<hogs()> created at "
             "%s:%d> took 0.250 seconds;",
             __FILE__, line_of_hog, __FILE__, line_of_hog);
    if (!harness_torturing())
        CHECK_STR(said(), expected);
}

static void slow_callback(cede_future *future, void *argument)
{
    (void)future;
    (void)argument;
    take_ms(500);
}

static cede_value calls_back_slowly(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_add_done_callback(future, slow_callback, NULL);
    cede_future_set_result(future, cede_none);
    cede_sleep(1);
    return cede_none;
}

TEST(L18_a_slow_done_callback)
{
    run_debug(calls_back_slowly);
    if (!harness_torturing())
        CHECK_CONTAINS(said(),
                       "30 Executing <Handle slow_callback() created at ");
}

static cede_value raises(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "unseen");
}

static cede_value leaves_unseen(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_unref(cede_create_task(raises, NULL, .name = "y"));
    cede_sleep(1);
    cede_try {
        cede_raise(cede_KeyError, "set");
    } cede_except (cede_KeyError, e) {
        cede_future_set_exception(future, e);
    } cede_end
    return cede_none;
}

TEST(L29_reports_say_where_tasks_and_futures_were_created)
{
    const char *text;

    run_debug(leaves_unseen);
    text = said();
    if (harness_torturing())
        return;
    CHECK_CONTAINS(text, "40 Task exception was never retrieved\n"
                         "future: <Task finished name='y' coro=<raises()> "
                         "created at " __FILE__ ":");
    CHECK_CONTAINS(text, "40 Future exception was never retrieved\n"
                         "future: <Future finished created at " __FILE__ ":");
}

TEST(L29_without_debug_mode_they_do_not)
{
    const char *text;

    cede_set_log_handler(note_text, NULL);
    cede_value_unref(cede_run_simulated(leaves_unseen, NULL));
    text = said();
    if (harness_torturing())
        return;
    CHECK_CONTAINS(text, "future: <Task finished name='y' coro=<raises()>>\n");
    CHECK(strstr(text, "created at") == NULL);
}

/* --- a run that is stopped --- */

static cede_value stops_and_waits(void *arg)
{
    (void)arg;
    cede_loop_stop(cede_get_running_loop());
    cede_sleep(1);
    return cede_none;
}

/* Nobody could have looked after the task that was made for the coroutine; one
   that somebody made is reported as ever (T14). */
TEST(L06_a_coroutine_of_a_stopped_run_is_not_missed)
{
    cede_set_log_handler(note_text, NULL);
    {
        cede_auto (cede_loop *, loop, shut) = cede_loop_new();

        CHECK_RAISES(cede_RuntimeError,
                     cede_loop_run_until_complete(
                         loop, cede_coroutine(stops_and_waits, NULL)));
    }
    CHECK_STR(said(), "");
    {
        cede_auto (cede_loop *, loop, shut) = cede_loop_new();

        CHECK_RAISES(cede_RuntimeError,
                     cede_loop_run_until_complete(
                         loop, cede_loop_create_task(loop, stops_and_waits,
                                                     NULL)));
    }
    CHECK_CONTAINS(said(), harness_torturing()
                               ? ""
                               : "40 Task was destroyed but it is pending!\n");
}
