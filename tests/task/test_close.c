/*
 * What becomes of tasks when their loop is closed: rule T14 in all its forms.
 * Each task gets GeneratorExit where it waits, and nothing of it is left.
 */
#include "task/world.h"

#include "cede/as_completed.h"
#include "cede/generator.h"
#include "cede/lowlevel.h"
#include "cede/nursery.h"
#include "cede/shield.h"
#include "cede/task_group.h"
#include "cede/timeout.h"
#include "cede/wait.h"

#include <fcntl.h>
#include <unistd.h>

#define PENDING "Task was destroyed but it is pending!;"

/* The loop that is closed, and a future for its tasks. */
static struct {
    cede_loop *loop;
    cede_future *future;
    cede_wait_queue queue;
} house;

static void pull_down(void *unused)
{
    (void)unused;
    if (house.loop)
        cede_loop_close(house.loop);
    dismiss(&kept);
    cede_unref(house.loop);
    house.loop = NULL;
}

static void build(void)
{
    house.loop = cede_loop_new();
    cede_loop_set_exception_handler(house.loop, note, NULL);
    house.future = keep(cede_loop_create_future(house.loop));
    cede_wait_queue_init(&house.queue);
}

/* Opens the house for the rest of the test's function. */
#define OPEN_HOUSE()                                                           \
    cede_defer (pull_down, &house);                                            \
    build()

/* A task of the house, borrowed. */
static cede_task *start(cede_function function)
{
    return keep(cede_loop_create_task(house.loop, function, NULL));
}

/* Runs the loop until nothing is ready, then closes it. */
static void run_and_close(void)
{
    for (int i = 0; i < 5; i++)
        cede_loop_run_once(house.loop, 0);
    cede_loop_close(house.loop);
}

static void check_closed(const char *trace)
{
    CHECK_STR(said(), trace);
    CHECK_INT(cede_loop_task_count(house.loop), 0);
}

/* --- one task, wherever it waits --- */

static void await_future(void)
{
    cede_await(cede_ref(house.future));
}

static void sleep_long(void)
{
    cede_sleep(1000);
}

static void turn_for_ever(void)
{
    for (;;)
        cede_sleep(0);
}

static void wait_in_queue(void)
{
    cede_wait_queue_park(&house.queue, "test");
}

static bool refuse(cede_task *task, void *argument)
{
    (void)task;
    (void)argument;
    return false;
}

static void park_for_good(void)
{
    cede_park("test", refuse, NULL);
}

static void await_task(void)
{
    cede_await(cede_create_task(waits_for, house.future));
}

static void gather_tasks(void)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    join(&crew, cede_create_task(waits_for, house.future));
    join(&crew, cede_create_task(waits_for, house.future));
    gather_crew(&crew, NULL, 0);
}

static void gather_futures(void)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    join(&crew, cede_loop_create_future(NULL));
    join(&crew, cede_loop_create_future(NULL));
    gather_crew(&crew, NULL, 0);
}

static void gather_to_list(void)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    join(&crew, cede_loop_create_future(NULL));
    cede_future_set_result(crew.member[0], 1);
    cede_await(cede_gather_future(0, cede_ref(crew.member[0]),
                                  cede_ref(house.future)));
}

static void wait_for_one(void)
{
    cede_wait(&house.future, 1, 1000, CEDE_ALL_COMPLETED);
}

/* It is told, and the loop is closed before it hears. */
static void wait_for_done(void)
{
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(NULL);

    cede_future_set_result(future, 1);
    cede_wait(&future, 1, 1000, CEDE_ALL_COMPLETED);
}

static void wait_within(void)
{
    cede_wait_for(cede_ref(house.future), 1000);
}

static void wait_in_shield(void)
{
    cede_await(cede_shield(cede_ref(house.future)));
}

static void take_as_completed(void)
{
    cede_for (f, cede_as_completed((void *[]){cede_ref(house.future)}, 1, 1000))
        say("not here");
}

static void wait_in_timeout(void)
{
    cede_timeout (t, 1000) {
        cede_sleep(2000);
    } cede_end
}

static void wait_in_expired_timeout(void)
{
    cede_timeout (t, 0) {
        cede_try {
            cede_sleep(1000);
        } cede_finally {
            cede_sleep(1000);
        } cede_end
    } cede_end
}

static void wait_in_group(void)
{
    cede_task_group (group) {
        cede_sleep(1000);
    } cede_end
}

static void wait_in_nursery(void)
{
    cede_nursery (nursery) {
        cede_sleep(1000);
    } cede_end
}

static cede_value sleeping_generator(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
        cede_yield(1);
    } cede_finally {
        say("generator");
    } cede_end
    return cede_none;
}

static void iterate(void)
{
    cede_for (v, cede_generator(sleeping_generator, NULL))
        say("not here");
}

/* Does it, and says what came. */
static cede_value guard(void (*wait)(void))
{
    cede_try {
        wait();
        say("not here");
    } cede_except (cede_BaseException, e) {
        say("%s", cede_exception_name(e));
        cede_reraise();
    } cede_end
    return cede_none;
}

#define WAITER(wait)                                                           \
    static cede_value guard_##wait(void *arg)                                  \
    {                                                                          \
        (void)arg;                                                             \
        return guard(wait);                                                    \
    }
WAITER(await_future)
WAITER(sleep_long)
WAITER(turn_for_ever)
WAITER(wait_in_queue)
WAITER(park_for_good)
WAITER(await_task)
WAITER(gather_tasks)
WAITER(gather_futures)
WAITER(gather_to_list)
WAITER(wait_for_one)
WAITER(wait_for_done)
WAITER(wait_within)
WAITER(wait_in_shield)
WAITER(take_as_completed)
WAITER(wait_in_timeout)
WAITER(wait_in_expired_timeout)
WAITER(wait_in_group)
WAITER(wait_in_nursery)
WAITER(iterate)

/* The task, closed where it waits, must have gone through `trace`. */
static void close_over(cede_function function, const char *trace)
{
    cede_task *task;

    OPEN_HOUSE();
    task = start(function);
    run_and_close();
    CHECK(cede_task_done(task));
    CHECK(!cede_future_done(house.future));
    check_closed(trace);
}

TEST(T14_a_task_that_has_not_started)
{
    cede_task *task;

    OPEN_HOUSE();
    task = start(guard_sleep_long);
    cede_loop_close(house.loop);
    check_closed(PENDING);
    CHECK(cede_task_cancelled(task));
}

TEST(T14_awaiting_a_future)
{
    close_over(guard_await_future, PENDING "GeneratorExit;");
}

TEST(T14_sleeping)
{
    close_over(guard_sleep_long, PENDING "GeneratorExit;");
}

TEST(T14_ready_to_run)
{
    close_over(guard_turn_for_ever, PENDING "GeneratorExit;");
}

TEST(T14_in_a_wait_queue)
{
    close_over(guard_wait_in_queue, PENDING "GeneratorExit;");
    CHECK(cede_wait_queue_empty(&house.queue));
}

TEST(T14_parked_and_not_to_be_undone)
{
    close_over(guard_park_for_good, PENDING "GeneratorExit;");
}

/* The newest task first, here and below. */
TEST(T14_awaiting_a_task)
{
    close_over(guard_await_task, PENDING PENDING "GeneratorExit;");
}

TEST(T14_gathering_tasks)
{
    close_over(guard_gather_tasks,
               PENDING PENDING PENDING "GeneratorExit;");
}

TEST(T14_gathering_futures)
{
    close_over(guard_gather_futures, PENDING "GeneratorExit;");
}

TEST(T14_gathering_into_a_list)
{
    close_over(guard_gather_to_list, PENDING "GeneratorExit;");
}

TEST(T14_in_wait)
{
    close_over(guard_wait_for_one, PENDING "GeneratorExit;");
}

/* What is queued for the waits is dropped. */
TEST(T14_in_wait_for_what_is_done)
{
    cede_task *task;

    OPEN_HOUSE();
    task = start(guard_wait_for_done);
    cede_loop_run_once(house.loop, 0);
    cede_loop_close(house.loop);
    CHECK(cede_task_done(task));
    check_closed(PENDING "GeneratorExit;");
}

TEST(T14_in_wait_for)
{
    close_over(guard_wait_within, PENDING "GeneratorExit;");
}

TEST(T14_in_a_shield)
{
    close_over(guard_wait_in_shield, PENDING "GeneratorExit;");
}

TEST(T14_in_as_completed)
{
    close_over(guard_take_as_completed, PENDING "GeneratorExit;");
}

TEST(T14_in_a_timeout)
{
    close_over(guard_wait_in_timeout, PENDING "GeneratorExit;");
}

TEST(T14_in_a_timeout_that_has_expired)
{
    close_over(guard_wait_in_expired_timeout, PENDING "GeneratorExit;");
}

TEST(T14_K17_in_the_body_of_a_group)
{
    close_over(guard_wait_in_group, PENDING "GeneratorExit;");
}

TEST(T14_in_the_body_of_a_nursery)
{
    close_over(guard_wait_in_nursery, PENDING "GeneratorExit;");
}

TEST(T14_in_a_generator)
{
    close_over(guard_iterate, PENDING "generator;GeneratorExit;");
}

/* --- on their way when the loop is closed --- */

TEST(T14_the_future_was_done)
{
    OPEN_HOUSE();
    start(guard_await_future);
    for (int i = 0; i < 3; i++)
        cede_loop_run_once(house.loop, 0);
    cede_future_set_result(house.future, 1);
    cede_loop_close(house.loop);
    check_closed(PENDING "GeneratorExit;");
}

TEST(T14_woken_in_a_queue)
{
    OPEN_HOUSE();
    start(guard_wait_in_queue);
    start(guard_wait_in_queue);
    for (int i = 0; i < 3; i++)
        cede_loop_run_once(house.loop, 0);
    CHECK(cede_wait_queue_wake(&house.queue));
    cede_loop_close(house.loop);
    check_closed(PENDING "GeneratorExit;" PENDING "GeneratorExit;");
}

TEST(T14_cancelled)
{
    cede_task *task;

    OPEN_HOUSE();
    task = start(guard_sleep_long);
    for (int i = 0; i < 3; i++)
        cede_loop_run_once(house.loop, 0);
    cede_task_cancel(task, NULL);
    cede_loop_close(house.loop);
    check_closed(PENDING "GeneratorExit;");
}

static cede_value gathers_what_is_done(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    join(&crew, cede_create_task(returns_nothing, NULL));
    join(&crew, cede_loop_create_future(NULL));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(T14_a_child_of_a_gather_was_done)
{
    OPEN_HOUSE();
    start(gathers_what_is_done);
    cede_loop_run_once(house.loop, 0); /* gathers */
    cede_loop_run_once(house.loop, 0); /* the child ends */
    cede_loop_close(house.loop);
    check_closed(PENDING);
}

/* --- a descriptor --- */

struct pipe_ends {
    int fd[2];
    cede_descriptor *descriptor;
};

static void close_pipe(void *self)
{
    struct pipe_ends *ends = self;

    cede_unref(ends->descriptor);
    close(ends->fd[0]);
    close(ends->fd[1]);
}

static cede_value waits_for_bytes(void *arg)
{
    struct pipe_ends *ends = arg;

    cede_try {
        ends->descriptor = cede_descriptor_new(ends->fd[0]);
        cede_descriptor_wait_readable(ends->descriptor);
    } cede_except (cede_GeneratorExit, e) {
        say("GeneratorExit");
        cede_reraise();
    } cede_end
    return cede_none;
}

TEST(T14_waiting_for_a_descriptor)
{
    struct pipe_ends ends = {.descriptor = NULL};
    cede_task *task;

    REQUIRE(pipe2(ends.fd, O_NONBLOCK | O_CLOEXEC) == 0);
    cede_defer (close_pipe, &ends);
    OPEN_HOUSE();
    task = keep(cede_loop_create_task(house.loop, waits_for_bytes, &ends));
    run_and_close();
    CHECK(cede_task_done(task));
    check_closed(PENDING "GeneratorExit;");
}

/* --- clean-up that goes on --- */

static cede_value awaits_in_finally(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        cede_try {
            cede_await(cede_ref(house.future));
        } cede_finally {
            cede_try {
                cede_await(cede_ref(house.future));
            } cede_finally {
                say("at last");
            } cede_end
        } cede_end
    } cede_end
    return cede_none;
}

TEST(T14_clean_up_that_awaits_gets_another_exit)
{
    close_over(awaits_in_finally, PENDING "at last;");
}

/* For ever, but where what is awaited was cancelled on purpose and is awaited
   again at once. */
static bool again(void)
{
    static int turns;

    return !harness_torturing() || turns++ < 10000;
}

static cede_value sleeps_again_and_again(void *arg)
{
    (void)arg;
    while (again())
        cede_try {
            cede_sleep(1);
        } cede_except (cede_BaseException, e) {
        } cede_end
    return cede_none;
}

static cede_value awaits_again_and_again(void *arg)
{
    (void)arg;
    while (again())
        cede_try {
            cede_await(cede_ref(house.future));
        } cede_except (cede_BaseException, e) {
        } cede_end
    return cede_none;
}

static cede_value queues_again_and_again(void *arg)
{
    (void)arg;
    while (again())
        cede_try {
            cede_wait_queue_park(&house.queue, "test");
        } cede_except (cede_BaseException, e) {
        } cede_end
    return cede_none;
}

static cede_value refusing_generator(void *arg)
{
    (void)arg;
    sleeps_again_and_again(NULL);
    cede_yield(1);
    return cede_none;
}

static cede_value delegating_generator(void *arg)
{
    (void)arg;
    return cede_yield_from(cede_generator(refusing_generator, NULL));
}

static cede_value iterates_again_and_again(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(delegating_generator, NULL))
        say("not here");
    return cede_none;
}

static cede_value fails_again_and_again(void *arg)
{
    (void)arg;
    while (again())
        cede_try {
            cede_raise(cede_ValueError, "held while it waits");
        } cede_except (cede_ValueError, e) {
            cede_try {
                cede_sleep(1);
            } cede_except (cede_GeneratorExit, exit) {
            } cede_end
        } cede_end
    return cede_none;
}

TEST(T14_a_task_that_will_not_end_is_given_up)
{
    close_over(sleeps_again_and_again, PENDING);
    close_over(awaits_again_and_again, PENDING);
    close_over(queues_again_and_again, PENDING);
    close_over(fails_again_and_again, PENDING);
    close_over(iterates_again_and_again, PENDING);
    CHECK(cede_wait_queue_empty(&house.queue));
}

static cede_value catches(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_except (cede_GeneratorExit, e) {
        return cede_str_copy("saved");
    } cede_end
    return cede_none;
}

TEST(T14_a_task_may_catch_the_exit)
{
    cede_task *task;
    cede_auto (cede_value, result, drop_value) = cede_none;

    OPEN_HOUSE();
    task = start(catches);
    run_and_close();
    check_closed(PENDING);
    result = cede_task_result(task);
    CHECK_STR(cede_value_str(result), "saved");
}

static cede_value spoils(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        cede_raise(cede_ValueError, "spoilt");
    } cede_end
    return cede_none;
}

TEST(T14_an_exception_of_the_clean_up_is_reported)
{
    OPEN_HOUSE();
    cede_unref(cede_loop_create_task(house.loop, spoils, NULL));
    run_and_close();
    check_closed(PENDING "Task exception was never retrieved: spoilt;");
}

/* --- clean-up that reaches other tasks --- */

static cede_value sets_result(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        cede_future_set_result(house.future, 5);
    } cede_end
    return cede_none;
}

TEST(T14_clean_up_may_end_what_another_awaits)
{
    OPEN_HOUSE();
    cede_unref(cede_loop_create_task(house.loop, guard_await_future, NULL));
    start(guard_await_future);
    start(sets_result);
    run_and_close();
    check_closed(PENDING PENDING "GeneratorExit;" PENDING
                             "GeneratorExit;");
}

static cede_task *other;

static cede_value cancels_other(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        say("cancel %d", cede_task_cancel(other, NULL));
    } cede_end
    return cede_none;
}

TEST(T14_clean_up_may_cancel_another)
{
    OPEN_HOUSE();
    other = keep(cede_loop_create_task(house.loop, guard_sleep_long, NULL));
    start(cancels_other);
    run_and_close();
    check_closed(PENDING "cancel 1;" PENDING "GeneratorExit;");
}

static cede_value wakes_others(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        while (cede_wait_queue_wake(&house.queue))
            ;
    } cede_end
    return cede_none;
}

TEST(T14_clean_up_may_wake_others)
{
    OPEN_HOUSE();
    cede_unref(cede_loop_create_task(house.loop, guard_wait_in_queue, NULL));
    cede_unref(cede_loop_create_task(house.loop, guard_wait_in_queue, NULL));
    start(wakes_others);
    run_and_close();
    check_closed(PENDING PENDING "GeneratorExit;" PENDING
                             "GeneratorExit;");
}

static cede_value starts_another(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        cede_unref(cede_loop_create_task(house.loop, guard_sleep_long, NULL));
    } cede_end
    return cede_none;
}

TEST(T14_clean_up_may_start_another_which_never_runs)
{
    OPEN_HOUSE();
    cede_unref(cede_loop_create_task(house.loop, starts_another, NULL));
    run_and_close();
    check_closed(PENDING PENDING);
}

static cede_value ends_program(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        cede_raise(cede_SystemExit);
    } cede_end
    return cede_none;
}

/* There is no run that it could leave. */
TEST(T14_system_exit_of_the_clean_up)
{
    OPEN_HOUSE();
    start(guard_sleep_long);
    cede_unref(cede_loop_create_task(house.loop, ends_program, NULL));
    run_and_close();
    check_closed(PENDING PENDING "GeneratorExit;");
}

/* --- what a task lends to those it starts --- */

/* A number on the stack of whoever starts this. */
static void borrows(const int *number)
{
    cede_try {
        cede_sleep(1000);
    } cede_finally {
        say("%d", *number);
    } cede_end
}

static void give_back(int *number)
{
    *number = 0;
    say("given back");
}

static void lends_to_nursery(void)
{
    int number = 42;
    cede_defer (give_back, &number);

    cede_nursery (nursery) {
        cede_nursery_start_soon(nursery, borrows, &number);
    } cede_end
}

static void lends_to_group(void)
{
    int number = 42;
    cede_defer (give_back, &number);

    cede_task_group (group) {
        cede_task_group_create_task(group, borrows, &number);
        cede_sleep(1000);
    } cede_end
}

static void lends_to_gather(void)
{
    int number = 42;
    cede_defer (give_back, &number);
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    join(&crew, cede_create_task(borrows, &number, .eager_start = true));
    gather_crew(&crew, NULL, 0);
}

static void lends_to_as_completed(void)
{
    int number = 42;
    cede_defer (give_back, &number);

    cede_for (f, cede_as_completed(
                     (void *[]){cede_create_task(borrows, &number)}, 1, 1000))
        say("not here");
}

/* And lends on what was lent to it. */
static void lends_on(int *number)
{
    cede_nursery (nursery) {
        cede_nursery_start_soon(nursery, borrows, number);
        borrows(number);
    } cede_end
}

static void lends_twice(void)
{
    int number = 42;
    cede_defer (give_back, &number);

    cede_await(cede_create_task(lends_on, &number));
}

static void close_over_loan(void (*lends)(void), const char *trace)
{
    OPEN_HOUSE();
    keep(cede_loop_create_task(house.loop, lends));
    run_and_close();
    check_closed(trace);
}

TEST(T14_children_end_while_their_parents_stack_is_there)
{
    const char *one = PENDING "42;" PENDING "given back;";

    close_over_loan(lends_to_nursery, one);
    close_over_loan(lends_to_group, one);
    close_over_loan(lends_to_gather, one);
    close_over_loan(lends_to_as_completed, one);
    close_over_loan(lends_twice,
                    PENDING "42;" PENDING "42;" PENDING "given back;");
}

/* --- what is left of the loop --- */

static void never(cede_future *future, void *arg)
{
    (void)future;
    (void)arg;
    say("never");
}

TEST(L07_nothing_can_be_done_with_a_closed_loop)
{
    cede_task *task;

    OPEN_HOUSE();
    task = start(guard_sleep_long);
    cede_future_add_done_callback(cede_task_future(task), never, NULL);
    run_and_close();
    said();
    CHECK_RAISES(cede_RuntimeError, start(guard_sleep_long));
    CHECK_RAISES(cede_RuntimeError,
                 keep(cede_loop_create_future(house.loop)));
    CHECK_RAISES(cede_RuntimeError, cede_loop_run_until_complete(
                                        house.loop, cede_ref(task)));
    CHECK(!cede_task_cancel(task, NULL));
    CHECK_STR(cede_exception_name(cede_task_exception(task)),
              "GeneratorExit");
    CHECK_STR(said(), "");
}
