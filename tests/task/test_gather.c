/*
 * gather: rules W01-W06, W25.
 */
#include "task/job.h"

#include "cede/cancel_scope.h"
#include "cede/generator.h"
#include "cede/print.h"
#include "cede/shield.h"

static cede_task *start(const char *name, double delay, bool fail)
{
    struct job job = {name, delay, fail ? cede_ValueError : NULL, true};

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

TEST(W06_two_exceptions_at_once, .shuffle = false)
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
    cede_gather(NULL);
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

/* The message comes with the last child's CancelledError: one that refuses has
   none (3.13). */
TEST(W04_cancelling_the_gatherer_cancels_all, .shuffle = false)
{
    expect(w04, "1;child 1;child 2;stop;"
                "1;child 1;child 2;stop;"
                "1;child 1;child 2;;");
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
TEST(W04_a_child_whose_clean_up_takes_longer, .shuffle = false)
{
    expect(w04_late, "1;child 1;stop;child 2;"
                     "1;child 1;child 2;stop;"
                     "1;child 1;child 2;;");
}

static cede_value w04_twice(void *arg)
{
    const struct gathers refusing = {0, {{1, 0, true}, {2, 0, true}}};

    (void)arg;
    cancel_gatherer(refusing, 2);
    return cede_none;
}

TEST(W04_cancelled_twice, .shuffle = false)
{
    expect(w04_twice, "1;1;child 1;child 2;;");
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

TEST(W04_gathers_of_gathers, .shuffle = false)
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

TEST(W04_futures_are_cancelled_too, .shuffle = false)
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

/* Each awaits the other, and this one has cancelled itself before. */
static cede_value cancels_itself(void *gathers)
{
    cede_task *self = cede_current_task();
    cede_task *other = keep(cede_create_task(gathers_its_gatherer, &pair[0]));

    pair[0] = self;
    cede_sleep(0);
    cede_task_cancel(self, "a message that is on the heap");
    if (gathers)
        cede_gather(NULL, cede_ref(other));
    else
        cede_await(cede_ref(other));
    return cede_none;
}

static cede_value self_in_circle(void *arg)
{
    static int yes;
    void *const ways[] = {NULL, &yes};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_try {
            cede_await(cede_create_task(cancels_itself, ways[i]));
        } cede_except (cede_CancelledError, e) {
            say("%s", cede_exception_message(e));
        } cede_end
    }
    return cede_none;
}

/* F11: the message comes round to the task that has it. Both wake at once, and
   it goes to the first. */
TEST(T06_W04_who_cancelled_itself_awaits_a_circle, .shuffle = false)
{
    expect(self_in_circle, "a message that is on the heap;"
                           "a message that is on the heap;");
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
    cede_gather(NULL, cede_ref(future)); /* need not wait (3.13) */
}

static cede_value many(void *arg)
{
    enum { COUNT = CEDE_IMPL_TSAN ? 5000 : 20000 }; /* TSan has 8128 stacks */
    static void *tasks[COUNT];
    static cede_value results[COUNT];
    int wrong = 0;

    (void)arg;
    for (int i = 0; i < COUNT; i++)
        tasks[i] = cede_create_task_with(work, ((struct job){.name = "x"}));
    cede_gather_array(results, tasks, COUNT, 0);
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

/* --- the gathering future --- */

static cede_coroutine *coroutine(const char *name, double delay, bool fail)
{
    struct job job = {name, delay, fail ? cede_ValueError : NULL, true};

    return cede_coroutine_with(work, job);
}

/* A gather of the crew's members, kept. */
static cede_future *gather_of(struct crew *crew, unsigned flags)
{
    size_t i;

    for (i = 0; i < crew->count; i++)
        cede_ref(crew->member[i]);
    return keep(cede_gather_future_array(crew->member, crew->count, flags));
}

static void say_list(cede_value list)
{
    cede_defer (drop_value, &list);
    cede_value text = cede_repr(list);

    say("%s", cede_value_str(text));
    cede_value_unref(text);
}

static cede_value w02_future(void *arg)
{
    cede_auto (cede_future *, nothing, drop) = cede_gather_future(0);

    (void)arg;
    say("%d", cede_future_done(nothing));
    say_list(cede_await(cede_ref(nothing)));
    return cede_none;
}

TEST(W02_of_nothing_a_future_that_is_done)
{
    expect(w02_future, "1;[];");
}

static cede_value w01_future(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_future *both;

    (void)arg;
    join(&crew, coroutine("a", 2, false));
    join(&crew, start("b", 1, false));
    both = gather_of(&crew, 0);
    say("%d", cede_future_done(both));
    say_list(cede_await(cede_ref(both)));
    say_list(cede_await(cede_ref(both))); /* everybody gets it */
    return cede_none;
}

TEST(W01_a_future_of_a_coroutine_and_a_task)
{
    expect(w01_future, "0;done b 1;done a 2;['a', 'b'];['a', 'b'];");
}

static cede_value nests(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct crew inner = {.count = 0};
    cede_defer (dismiss, &inner);

    (void)arg;
    join(&inner, coroutine("a", 2, false));
    join(&inner, coroutine("b", 1, false));
    join(&crew, cede_ref(gather_of(&inner, 0)));
    join(&crew, coroutine("c", 3, false));
    say_list(cede_await(cede_ref(gather_of(&crew, 0))));
    return cede_none;
}

TEST(W01_gathers_nest)
{
    expect(nests, "done b 1;done a 2;done c 3;[['a', 'b'], 'c'];");
}

static cede_value done_at_once(void *arg)
{
    cede_auto (cede_future *, a, drop) = cede_loop_create_future(NULL);
    cede_auto (cede_future *, b, drop) = cede_loop_create_future(NULL);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_ref(a));
    join(&crew, cede_ref(b));
    cede_future_set_result(b, 2);
    say("%d", cede_future_done(gather_of(&crew, 0)));
    cede_future_set_result(a, 1);
    say("%d", cede_future_done(gather_of(&crew, 0)));
    return cede_none;
}

/* 3.13 */
TEST(W01_of_futures_that_are_done_it_is_done)
{
    expect(done_at_once, "0;1;");
}

static cede_value w03_future(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_future *both;

    (void)arg;
    join(&crew, cede_loop_create_future(NULL));
    join(&crew, cede_loop_create_future(NULL));
    both = gather_of(&crew, 0);
    cede_future_cancel(crew.member[0], "why");
    cede_sleep(0);
    say("done %d cancelled %d sibling %d", cede_future_done(both),
        cede_future_cancelled(both), cede_future_done(crew.member[1]));
    cede_try {
        cede_await(cede_ref(both));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    return cede_none;
}

TEST(W03_the_future_is_done_and_not_cancelled, .shuffle = false)
{
    expect(w03_future, "done 1 cancelled 0 sibling 0;why;");
}

static cede_value w02_message(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_loop_create_future(NULL));
    join(&crew, cede_loop_create_future(NULL));
    cede_future_cancel(crew.member[0], "why");
    cede_future_cancel(crew.member[1], NULL);
    say_list(cede_await(cede_ref(gather_of(&crew, CEDE_RETURN_EXCEPTIONS))));
    return cede_none;
}

TEST(W02_CancelledErrors_among_the_results)
{
    expect(w02_message, "[CancelledError('why'), CancelledError('')];");
}

static cede_value w04_as_one(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    const struct minder minders[] = {{1, 0, false}, {2, 2, false}};
    cede_future *both;

    (void)arg;
    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task_with(minds, minders[i]));
    both = gather_of(&crew, CEDE_RETURN_EXCEPTIONS);
    cede_sleep(0);
    say("%d %d", cede_future_cancel(both, "stop"), cede_future_done(both));
    cede_try {
        cede_await(cede_ref(both));
    } cede_except (cede_CancelledError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    say("%d %d", cede_future_cancelled(both), cede_future_cancel(both, NULL));
    return cede_none;
}

TEST(W04_cancelled_as_one, .shuffle = false)
{
    expect(w04_as_one, "1 0;child 1;child 2;stop;0 0;");
}

static cede_value w04_too_late(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_future *both;

    (void)arg;
    join(&crew, cede_loop_create_future(NULL));
    both = gather_of(&crew, 0);
    cede_future_set_result(crew.member[0], 1);
    say("%d", cede_future_cancel(both, NULL));
    say_list(cede_await(cede_ref(both)));
    return cede_none;
}

TEST(W04_nobody_left_to_cancel)
{
    expect(w04_too_late, "0;[1];");
}

static cede_value w04_duplicate(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_task *task = join(&crew, start("x", 1, false));

    (void)arg;
    join(&crew, cede_ref(task));
    cede_sleep(0);
    cede_future_cancel(gather_of(&crew, 0), NULL);
    say("%u", cede_task_cancelling(task));
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    return cede_none;
}

/* ... is asked once for each place it has (CPython). */
TEST(W04_W05_a_duplicate)
{
    expect(w04_duplicate, "2;");
}

static cede_value w04_shielded(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_auto (cede_future *, shield, drop) = NULL;

    (void)arg;
    join(&crew, start("a", 1, false));
    join(&crew, start("b", 2, false));
    shield = cede_shield(cede_ref(gather_of(&crew, 0)));
    cede_sleep(0.5);
    cede_future_cancel(shield, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(shield)));
    cede_sleep(3);
    return cede_none;
}

TEST(W04_W14_a_shielded_gather)
{
    expect(w04_shielded, "done a 1;done b 2;");
}

static cede_value w05_coroutine(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    cede_coroutine *once = join(&crew, coroutine("once", 1, false));

    (void)arg;
    join(&crew, coroutine("other", 2, false));
    join(&crew, cede_ref(once));
    say_list(cede_await(cede_ref(gather_of(&crew, 0))));
    return cede_none;
}

static cede_value w05_many(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 7; i++)
        join(&crew, coroutine("x", 1, false));
    for (int i = 0; i < 7; i++)
        join(&crew, cede_ref(crew.member[6 - i]));
    say_list(cede_await(cede_ref(gather_of(&crew, 0))));
    return cede_none;
}

TEST(W05_a_coroutine_that_stands_there_twice)
{
    expect(w05_coroutine,
           "done once 1;done other 2;['once', 'other', 'once'];");
    expect(w05_many, "done x 1;done x 1;done x 1;done x 1;done x 1;done x 1;"
                     "done x 1;['x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', "
                     "'x', 'x', 'x', 'x', 'x'];");
}

static cede_value w06_nobody(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("a", 1, true));
    gather_of(&crew, 0);
    cede_sleep(2);
    dismiss(&crew);
    dismiss(&kept);
    return cede_none;
}

/* The child's exception was taken over, and the future's is nobody's. */
TEST(W06_F05_a_gather_nobody_awaits)
{
    expect(w06_nobody,
           "done a 1;_GatheringFuture exception was never retrieved: a;");
}

static cede_value w06_given_up(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    note_reports();
    join(&crew, start("a", 1, true));
    join(&crew, start("b", 1, false));
    gather_of(&crew, 0);
    dismiss(&kept);
    cede_sleep(2);
    return cede_none;
}

TEST(W06_a_gather_given_up_leaves_its_children_alone)
{
    expect(w06_given_up, "done a 1;done b 1;"
                         "Task exception was never retrieved: a;");
}

static cede_value refuses(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, coroutine("never", 0, false));
    join(&crew, cede_list());
    join(&crew, coroutine("neither", 0, false));
    CHECK_RAISES(cede_TypeError, gather_of(&crew, 0));
    cede_value_unref(cede_coroutine_close(crew.member[2]));
    turns(3);
    say("%zu", cede_loop_task_count(cede_get_running_loop()));
    return cede_none;
}

/* What the caller gave to the others may be gone when they would begin. */
TEST(gather_that_refuses_begins_nothing)
{
    expect(refuses, "1;");
}

static cede_value gathers_for_scope(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    const struct minder minders[] = {{1, 2, false}, {2, 0, false}};

    (void)arg;
    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task_with(minds, minders[i]));
    cede_move_on_after (scope, 1) {
        gather_crew(&crew, NULL, CEDE_RETURN_EXCEPTIONS);
    } cede_finally {
        say("caught %d %g", cede_cancel_scope_cancelled_caught(scope), now());
    } cede_end
    say("%u", cede_task_cancelling(cede_current_task()));
    return cede_none;
}

/* Z01: a level cancels the children once, and waits for their end. */
TEST(W04_Z01_a_scope_around_gather)
{
    expect(gathers_for_scope, "child 2;child 1;caught 1 1;0;");
}

static cede_value gathers_made_in_place(void *arg)
{
    struct results results = {.at = {cede_none}};
    cede_defer (drop_results, &results);

    (void)arg;
    cede_gather(results.at, start("a", 2, false), start("b", 1, false));
    say_strings(&results, 2);
    drop_results(&results);
    results = (struct results){.at = {cede_none}};
    cede_gather_return_exceptions(results.at, start("c", 0, false),
                                  start("d", 0, false),
                                  start("e", 0, false));
    say_strings(&results, 3);
    cede_value_unref(cede_await(cede_gather_future(
        0, cede_gather_future(0, start("f", 1, false), start("g", 1, false)),
        start("h", 0, false))));
    return cede_none;
}

/* Torture makes each of them fail in turn. */
TEST(W01_of_tasks_made_in_the_call)
{
    expect(gathers_made_in_place,
           "done b 1;done a 2;a;b;done c 2;done d 2;done e 2;c;d;e;"
           "done h 2;done f 3;done g 3;");
}

static cede_task *start_nothing(void)
{
    cede_raise(cede_LookupError, "no third");
}

static cede_value one_raises(void *arg)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    (void)arg;
    CHECK_RAISES(cede_LookupError,
                 cede_gather(NULL, cede_ref(future), start("a", 1, false),
                             start_nothing(), start("never", 1, false)));
    CHECK_RAISES(cede_LookupError,
                 cede_unref(cede_gather_future(0, cede_ref(future),
                                               start_nothing())));
    CHECK_RAISES(cede_LookupError,
                 cede_gather(NULL, cede_ref(future),
                             cede_gather_future(0, cede_ref(future),
                                                start_nothing())));
    cede_sleep(2);
    return cede_none;
}

/* Those before it are given up, and what are tasks run; those behind it are
   not made. The harness looks for the references. */
TEST(W01_one_of_the_arguments_raises)
{
    expect(one_raises, "done a 1;");
}
