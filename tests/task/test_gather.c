/*
 * gather: rules W01-W06, W25.
 */
#include "task/world.h"

#include "cede/generator.h"

struct job {
    const char *name;
    double delay;
    bool fails;
};

static cede_value work(void *arg)
{
    struct job *job = arg;

    cede_sleep(job->delay);
    say("done %s %g", job->name, now());
    if (job->fails)
        cede_raise(cede_ValueError, "%s", job->name);
    return cede_str(job->name);
}

static cede_task *start(const char *name, double delay, bool fail)
{
    struct job job = {name, delay, fail};

    return cede_create_task_with(work, job);
}

static void say_strings(const struct results *results, int count)
{
    for (int i = 0; i < count; i++)
        say("%s", cede_value_str(results->at[i]));
}

static cede_value w01(void *arg)
{
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, start("a", 3, false));
    join(&crew, start("b", 1, false));
    join(&crew, start("c", 2, false));
    gather_crew(&crew, results.at, 0);
    say_strings(&results, 3);
    return cede_none;
}

TEST(W01_results_in_argument_order)
{
    expect(w01, "done b 1;done c 2;done a 3;a;b;c;");
}

static cede_value w01_macro(void *arg)
{
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);
    cede_auto (cede_task *, task, drop) = start("task", 1, false);
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    cede_future_set_result(future, cede_str_copy("future"));
    cede_gather(results.at, cede_ref(future), cede_ref(task));
    say_strings(&results, 2);
    return cede_none;
}

TEST(W01_of_a_future_and_a_task)
{
    expect(w01_macro, "done task 1;future;task;");
}

static cede_value w06(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("a", 1, false));
    join(&crew, start("b", 2, true));
    join(&crew, start("c", 3, false));
    join(&crew, start("d", 4, true));
    cede_try {
        gather_crew(&crew, NULL, 0);
    } cede_except (cede_ValueError, e) {
        say("raised %s", cede_exception_message(e));
    } cede_end
    dismiss(&crew);
    cede_sleep(5);
    return cede_none;
}

/* The siblings go on, and nobody hears of the second exception. */
TEST(W01_W06_the_first_exception)
{
    expect(w06, "done a 1;done b 2;raised b;done c 3;done d 4;");
}

static cede_value w06_at_once(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("a", 1, true));
    join(&crew, start("b", 1, true));
    cede_try {
        gather_crew(&crew, NULL, 0);
    } cede_except (cede_ValueError, e) {
        say("raised %s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(W06_two_exceptions_at_once)
{
    expect(w06_at_once, "done a 1;done b 1;raised a;");
}

static cede_value w06_future(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_task *, task, drop) = cede_create_task(fails, "first");

    (void)arg;
    CHECK_RAISES(cede_ValueError,
                 cede_gather(NULL, cede_ref(future), cede_ref(task)));
    say("pending %d", !cede_future_done(future));
    return cede_none;
}

/* ... does not keep what has not ended: nothing is left of it. */
TEST(W06_a_gather_that_failed)
{
    expect(w06_future, "pending 1;");
}

static cede_value cancels(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError);
}

static cede_value w02(void *arg)
{
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, start("ok", 0, false));
    join(&crew, start("bad", 0, true));
    join(&crew, cede_create_task(cancels, NULL));
    gather_crew(&crew, results.at, CEDE_RETURN_EXCEPTIONS);
    say("%s", cede_value_str(results.at[0]));
    for (int i = 1; i < 3; i++)
        say("%s", cede_exception_name(cede_value_object(results.at[i])));
    return cede_none;
}

TEST(W02_return_exceptions)
{
    expect(w02, "done ok 0;done bad 0;ok;ValueError;CancelledError;");
}

static cede_value w02_nothing(void *arg)
{
    (void)arg;
    cede_unref(start("other", 0, false));
    cede_gather_array(NULL, NULL, 0, 0);
    say("at once");
    cede_sleep(0);
    cede_sleep(0);
    return cede_none;
}

TEST(W02_gather_of_nothing_does_not_suspend)
{
    expect(w02_nothing, "at once;done other 0;");
}

static cede_value w02_dropped(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("bad", 0, true));
    join(&crew, cede_create_task(cancels, NULL));
    gather_crew(&crew, NULL, CEDE_RETURN_EXCEPTIONS);
    return cede_none;
}

TEST(W02_exceptions_nobody_wants_are_retrieved)
{
    expect(w02_dropped, "done bad 0;");
}

static cede_value w03(void *arg)
{
    cede_auto (cede_task *, first, drop) = start("first", 10, false);
    cede_auto (cede_task *, second, drop) = start("second", 10, false);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(first, "why");
    cede_try {
        cede_gather(NULL, cede_ref(first), cede_ref(second));
    } cede_except (cede_CancelledError, e) {
        say("%s, sibling done %d, me %u", cede_exception_message(e),
            cede_task_done(second),
            cede_task_cancelling(cede_current_task()));
    } cede_end
    return cede_none;
}

TEST(W03_a_cancelled_child_is_an_exception)
{
    expect(w03, "why, sibling done 0, me 0;");
}

/* --- W04: cancelling who gathers --- */

struct minder {
    int name;
    int turns; /* its clean-up takes */
    bool refuses;
};

static cede_value minds(void *arg)
{
    struct minder *minder = arg;

    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError, e) {
        turns(minder->turns);
        say("child %d", minder->name);
        if (!minder->refuses)
            cede_reraise();
    } cede_end
    return cede_none;
}

struct gathers {
    unsigned flags;
    struct minder children[2];
};

static cede_value gathers(void *arg)
{
    struct gathers *gathers = arg;
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task_with(minds, gathers->children[i]));
    gather_crew(&crew, NULL, gathers->flags);
    say("not here");
    return cede_none;
}

/* Cancels a task that gathers two others, once or twice. */
static void cancel_gatherer(struct gathers what, int times)
{
    cede_auto (cede_task *, task, drop) = cede_create_task_with(gathers, what);

    turns(2);
    for (int i = 0; i < times; i++)
        say("%d", cede_task_cancel(task, "stop"));
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    turns(5);
}

static cede_value w04(void *arg)
{
    const struct gathers plain = {0, {{1, 0, false}, {2, 0, false}}};
    const struct gathers returning = {CEDE_RETURN_EXCEPTIONS,
                                      {{1, 0, false}, {2, 0, false}}};
    const struct gathers refusing = {0, {{1, 0, true}, {2, 0, true}}};

    (void)arg;
    cancel_gatherer(plain, 1);
    cancel_gatherer(returning, 1);
    cancel_gatherer(refusing, 1);
    return cede_none;
}

TEST(W04_cancelling_the_gatherer_cancels_all)
{
    expect(w04, "1;child 1;child 2;stop;"
                "1;child 1;child 2;stop;"
                "1;child 1;child 2;stop;");
}

static cede_value w04_late(void *arg)
{
    const struct gathers plain = {0, {{1, 0, false}, {2, 3, false}}};
    const struct gathers returning = {CEDE_RETURN_EXCEPTIONS,
                                      {{1, 0, false}, {2, 3, false}}};
    const struct gathers refusing = {0, {{1, 0, true}, {2, 3, true}}};

    (void)arg;
    cancel_gatherer(plain, 1);
    cancel_gatherer(returning, 1);
    cancel_gatherer(refusing, 1);
    return cede_none;
}

/* As CPython: the first child that is cancelled is the first exception, unless
   they are to be returned. */
TEST(W04_a_child_whose_clean_up_takes_longer)
{
    expect(w04_late, "1;child 1;stop;child 2;"
                     "1;child 1;child 2;stop;"
                     "1;child 1;child 2;stop;");
}

static cede_value w04_twice(void *arg)
{
    const struct gathers refusing = {0, {{1, 0, true}, {2, 0, true}}};

    (void)arg;
    cancel_gatherer(refusing, 2);
    return cede_none;
}

TEST(W04_cancelled_twice)
{
    expect(w04_twice, "1;1;child 1;child 2;stop;");
}

static cede_value w04_nested_body(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct gathers inner[] = {{0, {{1, 0, false}, {2, 1, false}}},
                              {0, {{3, 0, false}, {4, 1, false}}}};

    (void)arg;
    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task_with(gathers, inner[i]));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

static cede_value w04_nested(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(w04_nested_body, NULL);

    (void)arg;
    turns(3);
    cede_task_cancel(task, "all");
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    turns(5);
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

TEST(W04_gathers_of_gathers)
{
    expect(w04_nested, "child 1;child 3;child 2;child 4;all;1;");
}

static cede_value gathers_a_future(void *future)
{
    cede_gather(NULL, cede_ref((cede_future *)future));
    return cede_none;
}

static cede_value w04_future(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) =
        cede_create_task(gathers_a_future, future);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    say("%d %d", cede_future_cancelled(future), cede_task_done(task));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    return cede_none;
}

TEST(W04_futures_are_cancelled_too)
{
    expect(w04_future, "1 0;");
}

static cede_value w04_done(void *arg)
{
    cede_future *future = keep(cede_loop_create_future(NULL));
    cede_auto (cede_task *, task, drop) =
        cede_create_task(gathers_a_future, future);

    (void)arg;
    cede_sleep(0);
    cede_future_set_result(future, 1);
    say("%d", cede_task_cancel(task, NULL)); /* T19 */
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    say("%d", cede_task_cancelled(task));
    return cede_none;
}

TEST(W04_T19_cancelled_when_all_are_done)
{
    expect(w04_done, "1;1;");
}

static cede_value gathers_its_gatherer(void *gatherer)
{
    cede_await(cede_ref(*(cede_task **)gatherer));
    return cede_none;
}

static cede_value gathers_it(void *task)
{
    cede_gather(NULL, cede_ref(*(cede_task **)task));
    return cede_none;
}

static cede_task *pair[2];

static cede_value w04_circle(void *arg)
{
    (void)arg;
    pair[0] = keep(cede_create_task(gathers_its_gatherer, &pair[1]));
    pair[1] = keep(cede_create_task(gathers_it, &pair[0]));
    turns(2);
    say("%d", cede_task_cancel(pair[1], NULL));
    for (int i = 0; i < 2; i++)
        CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(pair[i])));
    return cede_none;
}

/* Neither recursion without end nor a task that nothing can stop. */
TEST(W04_a_child_that_awaits_its_gatherer)
{
    expect(w04_circle, "1;");
}

/* --- the rest --- */

static cede_value w05(void *arg)
{
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (cede_task *, task, drop) = start("once", 1, false);

    (void)arg;
    join(&crew, cede_ref(task));
    join(&crew, start("other", 2, false));
    join(&crew, cede_ref(task));
    join(&crew, cede_ref(task));
    gather_crew(&crew, results.at, 0);
    say_strings(&results, 4);
    return cede_none;
}

TEST(W05_duplicates_run_once)
{
    expect(w05, "done once 1;done other 2;once;other;once;once;");
}

static cede_value w25(void *foreign)
{
    cede_auto (cede_task *, task, drop) = start("x", 0, false);

    CHECK_RAISES(cede_ValueError,
                 cede_gather(NULL, cede_ref(task),
                             cede_ref((cede_future *)foreign)));
    CHECK_RAISES(cede_TypeError, cede_gather(NULL, cede_ref(task), NULL));
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(W25_futures_of_two_loops)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    cede_run_simulated(w25, future);
    CHECK_STR(said(), "done x 0;");
}

TEST(gather_outside_a_task)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK_RAISES(cede_RuntimeError, cede_gather(NULL, cede_ref(future)));
    cede_future_set_result(future, 1);
    /* What is done tells the gather through the loop. */
    CHECK_RAISES(cede_RuntimeError, cede_gather(NULL, cede_ref(future)));
}

static cede_value many(void *arg)
{
    enum { COUNT = CEDE_IMPL_TSAN ? 5000 : 20000 }; /* TSan has 8128 stacks */
    static void *tasks[COUNT];
    static cede_value results[COUNT];
    int wrong = 0;

    (void)arg;
    for (int i = 0; i < COUNT; i++)
        tasks[i] = cede_create_task_with(work, ((struct job){"x", 0, false}));
    said();
    cede_gather_array(results, tasks, COUNT, 0);
    said();
    for (int i = 0; i < COUNT; i++)
        wrong += strcmp(cede_value_str(results[i]), "x") != 0;
    say("%d wrong", wrong);
    return cede_none;
}

TEST(gather_of_many, .torture = false, .timeout = 30)
{
    expect(many, "0 wrong;");
}

static cede_value gathering_generator(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 2; i++) {
        join(&crew, start("x", 1, false));
        join(&crew, start("y", 2, false));
        gather_crew(&crew, NULL, 0);
        dismiss(&crew);
        cede_yield(i);
    }
    return cede_none;
}

static cede_value in_generator(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(gathering_generator, NULL))
        say("%d at %g", (int)cede_value_int(v), now());
    return cede_none;
}

TEST(gather_in_a_generator)
{
    expect(in_generator, "done x 1;done y 2;0 at 2;"
                         "done x 3;done y 4;1 at 4;");
}
