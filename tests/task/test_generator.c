/*
 * Generators that await: PEP 525 by other means. Rules A01-A05, G05.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/lowlevel.h"

static cede_value ticker(void *arg)
{
    (void)arg;
    cede_try {
        for (int i = 0; i < 3; i++) {
            cede_sleep(1);
            cede_yield(i);
        }
    } cede_finally {
        cede_sleep(1);
        say("closed at %g", now());
    } cede_end
    return cede_none;
}

static cede_value iterates(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(ticker, NULL)) {
        say("%d at %g", (int)cede_value_int(v), now());
        if (cede_value_int(v) == 1)
            break;
    }
    return cede_none;
}

TEST(A01_generators_may_await_and_close_awaits)
{
    expect(iterates, "0 at 1;1 at 2;closed at 3;");
}

static cede_value interleaved(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < 2; i++)
        join(&crew, cede_create_task(iterates, NULL));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(A01_others_run_while_a_generator_awaits)
{
    expect(interleaved, "0 at 1;0 at 1;1 at 2;1 at 2;closed at 3;"
                        "closed at 3;");
}

static cede_value delegates(void *arg)
{
    (void)arg;
    cede_yield_from(cede_generator(ticker, NULL));
    cede_yield(9);
    return cede_none;
}

static cede_value iterates_deep(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(delegates, NULL))
        say("%d at %g", (int)cede_value_int(v), now());
    return cede_none;
}

TEST(A01_awaiting_in_a_generator_delegated_to)
{
    expect(iterates_deep, "0 at 1;1 at 2;2 at 3;closed at 4;9 at 4;");
}

/* --- several tasks and one generator --- */

static cede_value resumes(void *generator)
{
    cede_next(generator);
    return cede_none;
}

static cede_value a03(void *arg)
{
    cede_generator *generator = keep(cede_generator(ticker, NULL));
    cede_auto (cede_task *, first, drop) =
        cede_create_task(resumes, generator);

    (void)arg;
    cede_sleep(0);
    cede_try {
        cede_await(cede_create_task(resumes, generator));
    } cede_except (cede_RuntimeError, e) {
        say("already running");
    } cede_end
    cede_await(cede_ref(first));
    cede_generator_close(generator);
    return cede_none;
}

TEST(A03_resuming_a_generator_that_awaits)
{
    expect(a03, "already running;closed at 2;");
}

static cede_value a03_close(void *arg)
{
    cede_generator *generator = keep(cede_generator(ticker, NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(resumes, generator);

    (void)arg;
    cede_sleep(0);
    CHECK_RAISES(cede_RuntimeError, cede_generator_close(generator));
    CHECK_RAISES(cede_RuntimeError,
                 cede_generator_throw(generator, cede_KeyError));
    cede_await(cede_ref(task));
    cede_generator_close(generator);
    return cede_none;
}

TEST(A03_closing_a_generator_that_awaits, .shuffle = false)
{
    expect(a03_close, "closed at 2;");
}

static cede_value resumes_itself(void *self)
{
    CHECK_RAISES(cede_ValueError, cede_next(*(cede_generator **)self));
    cede_sleep(1);
    cede_yield(1);
    return cede_none;
}

static cede_value g05(void *arg)
{
    cede_auto (cede_generator *, generator, drop) = NULL;

    (void)arg;
    generator = cede_generator(resumes_itself, &generator);
    say("%d", (int)cede_value_int(cede_next(generator)));
    return cede_none;
}

TEST(G05_a_generator_resumes_itself)
{
    expect(g05, "1;");
}

static cede_value resumes_itself_once(void *self)
{
    CHECK_RAISES(cede_ValueError, cede_next(*(cede_generator **)self));
    return cede_none;
}

static cede_value in_main(void *arg)
{
    cede_auto (cede_generator *, generator, drop) = NULL;

    (void)arg;
    generator = cede_generator(resumes_itself_once, &generator);
    CHECK_RAISES(cede_StopIteration, cede_next(generator));
    return cede_none;
}

static void in_callback(void *arg)
{
    in_main(arg);
}

static void from_callback(void *generator)
{
    CHECK_RAISES(cede_RuntimeError, cede_next(generator));
}

static cede_value g05_no_task(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_generator *generator = keep(cede_generator(ticker, NULL));
    cede_auto (cede_task *, task, drop) = cede_create_task(resumes, generator);

    (void)arg;
    cede_loop_call_soon(loop, in_callback, NULL);
    cede_loop_call_soon(loop, from_callback, generator);
    cede_await(cede_ref(task));
    cede_generator_close(generator);
    return cede_none;
}

/* There have been tasks, but none runs. */
TEST(G05_A03_resumed_where_no_task_is, .shuffle = false)
{
    expect(g05_no_task, "closed at 2;");
    in_main(NULL);
}

static cede_value next_of(void *generator)
{
    cede_value value = cede_next(generator);

    say("%d in turn", (int)cede_value_int(value));
    return cede_none;
}

static cede_value handed_over(void *arg)
{
    cede_generator *generator = keep(cede_generator(ticker, NULL));

    (void)arg;
    for (int i = 0; i < 3; i++)
        cede_await(cede_create_task(next_of, generator));
    cede_generator_close(generator);
    return cede_none;
}

TEST(A03_tasks_may_resume_it_in_turn)
{
    expect(handed_over, "0 in turn;1 in turn;2 in turn;closed at 4;");
}

/* --- cancelling --- */

static cede_value cancels_inside(void *arg)
{
    cede_auto (cede_task *, task, drop) = cede_create_task(iterates, NULL);

    (void)arg;
    cede_sleep(1.5);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_CancelledError, cede_await(cede_ref(task)));
    return cede_none;
}

TEST(A05_cancel_while_the_generator_awaits)
{
    expect(cancels_inside, "0 at 1;closed at 2.5;");
}

static cede_value survivor(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_sleep(1);
        } cede_except (cede_CancelledError, e) {
            say("survived");
        } cede_end
        cede_yield(i);
    }
    return cede_none;
}

static cede_value iterates_survivor(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(survivor, NULL))
        say("%d at %g", (int)cede_value_int(v), now());
    return cede_none;
}

static cede_value cancels_survivor(void *arg)
{
    cede_auto (cede_task *, task, drop) =
        cede_create_task(iterates_survivor, NULL);

    (void)arg;
    cede_sleep(1.5);
    cede_task_cancel(task, NULL);
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(T04_a_generator_may_swallow_the_cancel)
{
    expect(cancels_survivor, "0 at 1;survived;1 at 1.5;2 at 2.5;");
}

/* --- giving one up; tests/task/test_async_generator.c has more --- */

static cede_value released_while_awaiting(void *arg)
{
    cede_generator *generator = cede_generator(ticker, NULL);
    cede_auto (cede_task *, task, drop) = NULL;

    (void)arg;
    cede_try {
        task = cede_create_task(resumes, generator);
        cede_sleep(0);
    } cede_finally {
        cede_unref(generator);
    } cede_end
    cede_try {
        cede_await(cede_ref(task));
    } cede_except (cede_GeneratorExit, e) {
        say("ended");
    } cede_end
    return cede_none;
}

/* Its last reference goes while it awaits: it ends at its next yield, and who
   resumed it hears of that. */
TEST(A02_unref_of_a_generator_that_awaits, .shuffle = false)
{
    expect(released_while_awaiting, "closed at 2;ended;");
}

static cede_value left_in_task(void *generator)
{
    cede_next(*(cede_generator **)generator);
    return cede_none;
}

static cede_generator *orphan;

static cede_value outlives_its_task(void *arg)
{
    (void)arg;
    orphan = keep(cede_generator(ticker, NULL));
    cede_await(cede_create_task(left_in_task, &orphan));
    cede_generator_close(orphan);
    say("%d", cede_getgeneratorstate(orphan) == CEDE_GEN_CLOSED);
    return cede_none;
}

TEST(a_generator_outlives_the_task_that_started_it)
{
    expect(outlives_its_task, "closed at 2;1;");
}

/* --- outside a loop --- */

TEST(a_generator_cannot_await_outside_a_task)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(ticker, NULL);

    CHECK_RAISES(cede_RuntimeError, cede_next(generator));
    CHECK(cede_getgeneratorstate(generator) == CEDE_GEN_CLOSED);
}
