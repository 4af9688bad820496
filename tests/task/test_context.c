/*
 * Context variables and tasks: rules C01-C05, C07, F13, T25. The scenarios
 * named after a rule print what CPython prints.
 */
#include "task/world.h"

#include "value/context.h"

#include "cede/coroutine.h"
#include "cede/generator.h"
#include "cede/timeout.h"

static CEDE_CONTEXT_VAR(v, "d");

static const char *value_of_v(void)
{
    return cede_value_str(cede_context_var_get(v));
}

static const char *value_in(const cede_context *context)
{
    return cede_value_str(cede_context_get_default(context, v, "unset"));
}

/* The oracle's c(n). */
static cede_value say_and_set(void *name)
{
    say("%s %s", (const char *)name, value_of_v());
    cede_context_var_set(v, (const char *)name);
    return cede_none;
}

/* Tests that set variables outside of tasks: the thread's own context would
   look like a leak. */
static void in_new_context(cede_function scenario)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    cede_value_unref(cede_context_run(context, scenario, NULL));
}

/* Each with an argument of its own. */
static void gather_two(cede_function function, void *first, void *second)
{
    cede_task *one = keep(cede_create_task(function, first));
    cede_task *two = keep(cede_create_task(function, second));

    cede_gather(NULL, cede_ref(one), cede_ref(two));
}

/* --- C01: C01_task_copies_context_at_creation --- */

static cede_value c01(void *arg)
{
    cede_auto (cede_task *, task, drop) = NULL;

    (void)arg;
    cede_context_var_set(v, "1");
    task = cede_create_task(say_and_set, "t");
    cede_context_var_set(v, "2");
    cede_await(cede_ref(task));
    say("main %s", value_of_v());
    cede_await(cede_coroutine(say_and_set, "direct await shares"));
    say("main %s", value_of_v());
    cede_gather(NULL, cede_create_task(say_and_set, "g"));
    say("gather copies %s", value_of_v());
    return cede_none;
}

/* C01 */
TEST(C01_a_task_copies_the_context_at_its_creation)
{
    expect(c01, "t 1;main 2;direct await shares 2;main direct await shares;"
                "g direct await shares;gather copies direct await shares;");
    CHECK_STR(value_of_v(), "d");
}

static cede_value ping(void *name)
{
    cede_context_var_set(v, (const char *)name);
    for (int i = 0; i < 3; i++) {
        cede_sleep(0);
        say("%s", value_of_v());
    }
    return cede_none;
}

static cede_value c01_side_by_side(void *arg)
{
    (void)arg;
    gather_two(ping, "a", "b");
    cede_context_var_set(v, "m");
    gather_two(ping, "c", "d");
    say("%s", value_of_v());
    return cede_none;
}

/* C01 */
TEST(C01_tasks_side_by_side_see_each_their_own)
{
    expect(c01_side_by_side, "a;b;a;b;a;b;c;d;c;d;c;d;m;");
}

static cede_value inherits(void *depth)
{
    char text[16];
    cede_value name;

    say("%s", value_of_v());
    if (*(int *)depth == 0)
        return cede_none;
    snprintf(text, sizeof text, "%d", --*(int *)depth);
    name = cede_str_copy(text);
    cede_context_var_set(v, name);
    cede_await(cede_create_task(inherits, depth));
    say("back %s", value_of_v());
    return cede_none;
}

static cede_value c01_children(void *arg)
{
    static int depth; /* tasks may outlive this one when it is cancelled */

    (void)arg;
    depth = 3;
    return inherits(&depth);
}

/* C01 */
TEST(C01_children_inherit_from_their_parents)
{
    expect(c01_children, "d;2;1;0;back 0;back 1;back 2;");
}

static cede_value set_in_run(void *arg)
{
    (void)arg;
    say("%s", value_of_v());
    cede_context_var_set(v, cede_str_copy("in run"));
    return cede_none;
}

static cede_value c01_run(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "outside");
    expect(set_in_run, "outside;");
    CHECK_STR(value_of_v(), "outside");
    return cede_none;
}

/* C01 */
TEST(C01_run_begins_with_a_copy_and_does_not_leak_out)
{
    in_new_context(c01_run);
}

/* --- C02: C02_callback_context --- */

static void callback(void *unused)
{
    (void)unused;
    say("cb %s", value_of_v());
    cede_context_var_set(v, "leak?");
}

static void later(void *unused)
{
    (void)unused;
    say("later %s", value_of_v());
}

static void done(cede_future *future, void *unused)
{
    (void)future;
    (void)unused;
    say("done cb %s", value_of_v());
    cede_context_var_set(v, "leak?");
}

static cede_value c02(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_auto (cede_future *, future, drop) = NULL;

    (void)arg;
    cede_context_var_set(v, "at schedule");
    cede_loop_call_soon(loop, callback, NULL);
    cede_loop_call_later(loop, 0, later, NULL);
    future = cede_loop_create_future(loop);
    cede_future_add_done_callback(future, done, NULL);
    cede_context_var_set(v, "changed");
    cede_future_set_result(future, 0);
    cede_sleep(0.01);
    say("main %s", value_of_v());
    return cede_none;
}

/* C02 */
TEST(C02_callbacks_run_in_the_context_they_were_scheduled_in)
{
    expect(c02, "cb at schedule;done cb at schedule;later at schedule;"
                "main changed;");
}

static cede_value f13(void *arg)
{
    cede_context *context = keep(cede_copy_context());
    cede_future *future = keep(cede_loop_create_future(NULL));

    (void)arg;
    cede_context_var_set(v, "mine");
    cede_future_add_done_callback_in(future, context, done, NULL);
    cede_future_add_done_callback(future, done, NULL);
    CHECK_RAISES(cede_TypeError, cede_future_add_done_callback_in(
                                     future, NULL, done, NULL));
    cede_future_set_result(future, 0);
    cede_future_add_done_callback_in(future, context, done, NULL);
    cede_sleep(0);
    say("%s %s", value_in(context), value_of_v());
    return cede_none;
}

/* F13 */
TEST(F13_a_done_callback_runs_in_the_context_it_is_given, .shuffle = false)
{
    expect(f13, "done cb d;done cb mine;done cb leak?;leak? mine;");
}

static cede_value drops_callbacks(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));

    (void)arg;
    cede_context_var_set(v, cede_str_copy("dropped"));
    cede_future_add_done_callback(future, done, NULL); /* never called */
    cede_future_add_done_callback(future, done, NULL);
    CHECK_INT(cede_future_remove_done_callback(future, done), 2);
    cede_future_add_done_callback(future, done, NULL);
    return cede_none;
}

/* The harness sees to it that nothing is left behind. */
TEST(a_done_callback_that_is_never_called_gives_its_context_up)
{
    expect(drops_callbacks, "");
}

/* --- C03: a context is entered once at a time --- */

static void try_to_enter(cede_context *context)
{
    cede_try {
        cede_context_run(context, returns_nothing, NULL);
        say("entered");
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

#define REFUSED                                                                \
    "cannot enter context: <Context object> is already entered;"

static cede_value enters_its_own(void *arg)
{
    (void)arg;
    try_to_enter(cede_task_get_context(cede_current_task()));
    return cede_none;
}

/* C03 */
TEST(C03_a_task_is_in_its_context_already)
{
    expect(enters_its_own, REFUSED);
}

static cede_value sets_sleeps_says(void *name)
{
    cede_context_var_set(v, (const char *)name);
    cede_sleep(1);
    say("%s %s", (const char *)name, value_of_v());
    return cede_str("result");
}

struct visit {
    cede_context *context;
    const char *name;
};

/* Suspends inside of cede_context_run. */
static cede_value visits(void *self)
{
    const struct visit *visit = self;
    cede_value result;

    result = cede_context_run(visit->context, sets_sleeps_says,
                              (void *)visit->name);
    say("%s: %s", cede_value_str(result), value_of_v());
    return cede_none;
}

static cede_value c03_suspended(void *arg)
{
    cede_context *context = keep(cede_context_new());
    struct visit visit = {context, "inside"};

    (void)arg;
    cede_context_var_set(v, "m");
    cede_task *task = keep(cede_create_task_with(visits, visit));

    cede_sleep(0);
    say("meanwhile %s %s", value_of_v(), value_in(context));
    try_to_enter(context);
    cede_context_var_set(v, "n");
    cede_await(cede_ref(task));
    try_to_enter(context);
    say("%s %s", value_of_v(), value_in(context));
    return cede_none;
}

/* C03 */
TEST(C03_a_suspended_function_stays_in_its_context, .shuffle = false)
{
    expect(c03_suspended, "meanwhile m inside;" REFUSED
                          "inside inside;result: m;entered;n inside;");
}

static cede_value c03_two(void *arg)
{
    static struct visit first, second; /* may outlive the scenario */

    (void)arg;
    first = (struct visit){keep(cede_context_new()), "first"};
    second = (struct visit){keep(cede_context_new()), "second"};
    gather_two(visits, &first, &second);
    say("%s %s", value_in(first.context), value_in(second.context));
    return cede_none;
}

/* C03 */
TEST(C03_tasks_suspend_in_different_contexts)
{
    expect(c03_two, "first first;result: d;second second;result: d;"
                    "first second;");
}

/* --- C07: ways out --- */

static cede_value c07_cancelled(void *arg)
{
    cede_context *context = keep(cede_context_new());
    struct visit visit = {context, "inside"};
    cede_task *task = keep(cede_create_task_with(visits, visit));

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    try_to_enter(context);
    say("%s", value_in(context));
    return cede_none;
}

/* C07 */
TEST(C07_a_cancelled_task_leaves_the_context, .shuffle = false)
{
    expect(c07_cancelled, "entered;inside;");
}

static cede_value fails_in_context(void *unused)
{
    (void)unused;
    cede_context_var_set(v, "set");
    cede_sleep(0);
    cede_raise(cede_ValueError, "x");
}

static cede_value c07_failed(void *arg)
{
    cede_context *context = keep(cede_context_new());

    (void)arg;
    cede_context_var_set(v, "m");
    cede_try {
        cede_context_run(context, fails_in_context, NULL);
    } cede_except (cede_ValueError, e) {
        say("%s %s", value_of_v(), value_in(context));
    } cede_end
    cede_timeout (deadline, 0.5) {
        cede_context_run(context, sets_sleeps_says, "late");
    } cede_except (cede_TimeoutError, e) {
        say("%s %s", value_of_v(), value_in(context));
    } cede_end
    try_to_enter(context);
    return cede_none;
}

/* C07 */
TEST(C07_exceptions_leave_the_context)
{
    expect(c07_failed, "m set;m late;entered;");
}

static cede_value refuses_to_end(void *unused)
{
    (void)unused;
    cede_context_var_set(v, "stubborn");
    for (;;)
        cede_try {
            cede_sleep(1);
        } cede_except (cede_GeneratorExit, e) {
        } cede_end
}

static cede_value stays(void *context)
{
    return cede_context_run(context, refuses_to_end, NULL);
}

static cede_context *context_of_stubborn;

static cede_value closes_loop(void *unused)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_task *, task, drop) = NULL;

    (void)unused;
    task = cede_loop_create_task(loop, stays, context_of_stubborn);
    cede_loop_set_exception_handler(loop, note, NULL);
    cede_loop_run_once(loop, 0);
    try_to_enter(context_of_stubborn);
    cede_loop_close(loop);
    return cede_none;
}

/* C07: a task that is given up without being run to its end. */
TEST(C07_an_abandoned_task_leaves_the_context)
{
    context_of_stubborn = cede_context_new();
    cede_defer (cede_unref, context_of_stubborn);
    closes_loop(NULL);
    say("%s", value_in(context_of_stubborn));
    try_to_enter(context_of_stubborn);
    CHECK_STR(said(), REFUSED "Task was destroyed but it is pending!;"
                              "stubborn;entered;");
}

/* --- C04: C04_generators_do_not_isolate_context --- */

static cede_value async_generator(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "ag");
    cede_sleep(0);
    cede_yield(1);
    return cede_none;
}

static cede_value c04(void *arg)
{
    (void)arg;
    cede_for (item, cede_generator(async_generator, NULL))
        say("%s", value_of_v());
    say("leaks after loop %s", value_of_v());
    return cede_none;
}

/* C04 */
TEST(C04_an_asynchronous_generator_does_not_isolate)
{
    expect(c04, "ag;leaks after loop ag;");
}

static cede_value resumes(void *generator)
{
    cede_value_unref(cede_next(generator));
    say("%s", value_of_v());
    return cede_none;
}

static cede_value c04_tasks(void *arg)
{
    cede_generator *generator = keep(cede_generator(async_generator, NULL));

    (void)arg;
    cede_await(cede_create_task(resumes, generator));
    say("%s", value_of_v());
    return cede_none;
}

/* C04 */
TEST(C04_it_runs_in_the_context_of_the_task_that_resumes_it)
{
    expect(c04_tasks, "ag;d;");
}

static cede_value awaits_in_context(void *context)
{
    cede_value_unref(
        cede_context_run(context, sets_sleeps_says, "generator"));
    cede_yield(1);
    return cede_none;
}

static cede_value generator_in_context(void *arg)
{
    cede_context *context = keep(cede_context_new());

    (void)arg;
    cede_for (item, cede_generator(awaits_in_context, context))
        say("%s", value_of_v());
    say("%s", value_in(context));
    return cede_none;
}

TEST(a_generator_may_await_inside_run)
{
    expect(generator_in_context, "generator generator;d;generator;");
}

/* --- C05: C05_explicit_context_and_to_thread but for its threads --- */

static cede_value set_in_ctx(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "set in ctx");
    return cede_none;
}

static cede_value c05(void *arg)
{
    cede_context *context = keep(cede_copy_context());
    cede_task *task = keep(cede_create_task(set_in_ctx, NULL));

    (void)arg;
    CHECK_RAISES(cede_TypeError, cede_task_set_context(task, NULL));
    cede_task_set_context(task, context);
    CHECK_PTR(cede_task_get_context(task), context);
    cede_await(cede_ref(task));
    CHECK_PTR(cede_task_get_context(task), context);
    say("%s %s", value_of_v(), value_in(context));
    return cede_none;
}

/* C05 */
TEST(C05_a_task_runs_in_the_context_it_is_given)
{
    expect(c05, "d set in ctx;");
}

static cede_value first_of_two(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "a");
    cede_sleep(0);
    say("%s", value_of_v());
    cede_context_var_set(v, "a2");
    return cede_none;
}

static cede_value second_of_two(void *arg)
{
    (void)arg;
    say("%s", value_of_v());
    cede_context_var_set(v, "b");
    cede_sleep(0);
    say("%s", value_of_v());
    return cede_none;
}

static cede_value c05_shared(void *arg)
{
    cede_context *context = keep(cede_copy_context());
    cede_task *first = keep(cede_create_task(first_of_two, NULL));
    cede_task *second = keep(cede_create_task(second_of_two, NULL));

    (void)arg;
    cede_task_set_context(first, context);
    cede_task_set_context(second, context);
    cede_await(cede_ref(first));
    cede_await(cede_ref(second));
    say("%s %s", value_of_v(), value_in(context));
    return cede_none;
}

/* C05 */
TEST(C05_two_tasks_may_share_a_context, .shuffle = false)
{
    expect(c05_shared, "a;b;a2;d a2;");
}

static cede_value moves_itself(void *context)
{
    CHECK_RAISES(cede_RuntimeError,
                 cede_task_set_context(cede_current_task(), context));
    return cede_none;
}

static cede_value c05_too_late(void *arg)
{
    (void)arg;
    cede_await(cede_create_task(moves_itself, keep(cede_context_new())));
    return cede_none;
}

/* C05 */
TEST(C05_a_task_that_has_begun_stays_in_its_context)
{
    expect(c05_too_late, "");
}

/* --- T25 --- */

static cede_value tells_its_context(void *context)
{
    cede_context *mine = cede_task_get_context(cede_current_task());

    CHECK_PTR(cede_task_get_context(cede_current_task()), mine);
    cede_context_var_set(v, "mine");
    say("%s", value_in(mine));
    if (context) /* what it has entered is not what it runs in */
        cede_context_run(context, tells_its_context, NULL);
    return cede_none;
}

static cede_value t25(void *arg)
{
    cede_context *other = keep(cede_context_new());
    cede_task *task = keep(cede_create_task(tells_its_context, other));

    (void)arg;
    say("%s", value_in(cede_task_get_context(task)));
    cede_await(cede_ref(task));
    say("%s %s", value_in(cede_task_get_context(task)), value_in(other));
    return cede_none;
}

/* T25 */
TEST(T25_a_task_has_a_context_of_its_own)
{
    expect(t25, "unset;mine;mine;mine mine;");
}

static cede_value names_base_late(void *unused)
{
    cede_task *self = cede_current_task();

    (void)unused;
    cede_context_var_set(v, "entered");
    say("%s", value_in(cede_task_get_context(self)));
    return cede_none;
}

static cede_value begins_in_a_copy(void *context)
{
    cede_context_run(context, names_base_late, NULL);
    say("%s", value_of_v());
    return cede_none;
}

static cede_value t25_late(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "m");
    cede_await(cede_create_task(begins_in_a_copy, keep(cede_context_new())));
    return cede_none;
}

/* T25: the copy gets its name only when another context is entered on it. */
TEST(T25_the_context_of_a_task_inside_run)
{
    expect(t25_late, "m;m;");
}

/* --- exception handlers (3.12) --- */

static void note_with_context(cede_loop *loop,
                              const cede_exception_handler_context *context,
                              void *argument)
{
    note(loop, context, argument);
    say("in %s, task %d", value_of_v(), cede_current_task() != NULL);
    cede_context_var_set(v, "the handler's");
}

static cede_value set_and_fail(void *unused)
{
    (void)unused;
    cede_context_var_set(v, cede_str_copy("failed"));
    cede_raise(cede_ValueError, "x");
}

static cede_value handler(void *arg)
{
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    cede_loop_set_exception_handler(loop, note_with_context, NULL);
    cede_unref(cede_create_task(set_and_fail, NULL));
    turns(3);
    cede_loop_call_exception_handler(loop, &(cede_exception_handler_context){
                                               .message = "mine",
                                               .task = cede_current_task(),
                                           });
    say("%s", value_of_v());
    return cede_none;
}

TEST(an_exception_handler_runs_in_the_context_of_the_task)
{
    expect(handler, "Task exception was never retrieved: x;in failed, task 0;"
                    "mine;in d, task 1;the handler's;");
}
