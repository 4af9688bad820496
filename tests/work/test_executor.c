/*
 * Executors and pools of threads: H01, H04, H07, H08.
 */
#include "work/world.h"

#include "cede/itertools.h"
#include "cede/range.h"
#include "cede/traceback.h"

#include <stdlib.h>
#include <unistd.h>

/* Some futures that are given up together. */
static void submit_at(struct crew *crew, cede_executor *pool,
                      cede_function function, void *argument)
{
    join(crew, cede_executor_submit(pool, function, argument));
}

static cede_value result_of(struct crew *crew, size_t index)
{
    return cede_concurrent_future_result(
        (cede_concurrent_future *)crew->member[index]);
}

/* --- submitting --- */

TEST(H01_submit)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    int seven = 7;

    cede_with (pool, cede_thread_pool_executor(2)) {
        submit_at(&crew, pool, returns_int, &seven);
        submit_at(&crew, pool, raises_value_error, "bad");
        CHECK_INT(cede_value_int(result_of(&crew, 0)), 7);
        CHECK_RAISES(cede_ValueError, result_of(&crew, 1));
    } cede_end
}

static cede_value says_copy(void *text)
{
    return cede_str_copy(text);
}

struct label {
    char text[16];
};

static cede_concurrent_future *submit_local(cede_executor *pool)
{
    struct label label = {"copied"};

    return cede_executor_submit_with(pool, says_copy, label);
}

/* The argument is copied; it is gone by the time the thread runs. */
TEST(H01_submit_with_a_copy)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) = submit_local(pool);
        cede_auto (cede_value, value, drop_value) =
            cede_concurrent_future_result(f);

        CHECK_STR(cede_value_str(value), "copied");
    } cede_end
}

TEST(H01_max_workers)
{
    cede_thread_pool_options negative = {.max_workers = -1};

    CHECK_RAISES(cede_ValueError, cede_unref(cede_thread_pool_executor(0)));
    CHECK_RAISES(cede_ValueError, cede_unref(cede_thread_pool_executor(-1)));
    CHECK_RAISES(cede_ValueError,
                 cede_unref(cede_thread_pool_executor_with(&negative)));
}

TEST(H01_submit_after_shutdown)
{
    cede_auto (cede_executor *, pool, drop) = cede_thread_pool_executor(1);

    cede_executor_shutdown(pool, true, false);
    cede_executor_shutdown(pool, true, false);
    cede_try {
        cede_unref(cede_executor_submit(pool, returns_nothing, NULL));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    CHECK_STR(said(), "cannot schedule new futures after shutdown;");
}

TEST(H01_bad_input)
{
    cede_auto (cede_executor *, pool, drop) = cede_thread_pool_executor(1);
    cede_auto (cede_executor *, naked, drop) = cede_object_new(cede_Executor);
    cede_auto (cede_list *, list, drop) = cede_list();

    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_executor_submit(pool, (cede_function)NULL, NULL)));
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_executor_submit((cede_executor *)(void *)list,
                                                 returns_nothing, NULL)));
    CHECK_RAISES(cede_TypeError, cede_unref(cede_executor_submit(
                                     NULL, returns_nothing, NULL)));
    CHECK_RAISES(cede_TypeError, cede_unref(cede_executor_submit(
                                     naked, returns_nothing, NULL)));
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_executor_map(pool, NULL,
                                              cede_range(3))));
}

static cede_value suspends(void *arg)
{
    (void)arg;
    cede_sleep(0);
    return cede_none;
}

/* There is no task to suspend, and the message says where there is one. */
TEST(H01_suspending_in_a_thread)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(pool, suspends, NULL);
        cede_exception *e = cede_concurrent_future_exception(f);

        CHECK(cede_exception_is(e, cede_RuntimeError));
        CHECK_CONTAINS(cede_exception_message(e), "no running task");
    } cede_end
}

static cede_value runs_a_loop(void *arg)
{
    return cede_run_simulated(suspends, arg);
}

TEST(H01_a_loop_of_its_own)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(pool, runs_a_loop, NULL);

        CHECK(cede_is_none(cede_concurrent_future_result(f)));
    } cede_end
}

/* --- what crosses threads --- */

/* Lists count without atomics by themselves; what is handed over does not. */
TEST(H01_a_list_is_handed_over)
{
    cede_with (pool, cede_thread_pool_executor(2)) {
        for (int i = 0; i < 50; i++) {
            cede_auto (cede_concurrent_future *, f, drop) =
                cede_executor_submit(pool, returns_list, NULL);
            cede_auto (cede_value, value, drop_value) =
                cede_concurrent_future_result(f);
            cede_auto (cede_value, inner, drop_value) =
                cede_getitem(cede_value_object(value), 0);

            CHECK_INT(cede_len(cede_value_object(value)), 2);
            CHECK_INT(cede_len(cede_value_object(inner)), 1);
        }
    } cede_end
}

/* --- H07 --- */

static cede_value name_of_thread(void *arg)
{
    (void)arg;
    return cede_str_copy(cede_thread_name());
}

static void say_name(cede_concurrent_future *future)
{
    cede_auto (cede_value, name, drop_value) =
        cede_concurrent_future_result(future);

    say("%s", cede_value_str(name));
}

/* The number in "w_7". */
static int number_of_thread(cede_concurrent_future *future)
{
    cede_auto (cede_value, name, drop_value) =
        cede_concurrent_future_result(future);

    return atoi(cede_value_str(name) + 2);
}

/* One piece of work after the other needs one thread, or a few: a thread whose
   work is done may not be idle yet. */
TEST(H07_idle_threads_are_used_again)
{
    const cede_thread_pool_options options = {.max_workers = 64,
                                              .thread_name_prefix = "w"};
    volatile int highest = 0;

    cede_with (pool, cede_thread_pool_executor_with(&options)) {
        for (int i = 0; i < 200; i++) {
            cede_auto (cede_concurrent_future *, f, drop) =
                cede_executor_submit(pool, name_of_thread, NULL);
            int number = number_of_thread(f);

            highest = number > highest ? number : highest;
        }
    } cede_end
    CHECK(highest < 32);
    CHECK_STR(cede_thread_name(), "MainThread");
}

struct busy {
    struct gate gate;
    pthread_barrier_t all;
};

static cede_value meets_others(void *self)
{
    pthread_barrier_wait(&((struct busy *)self)->all);
    return name_of_thread(NULL);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* As many threads as there is work at a time: here they wait for each other. */
TEST(H07_threads_on_demand, .torture = false)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    const cede_thread_pool_options options = {.max_workers = 3,
                                              .thread_name_prefix = "w"};
    char names[3][16];
    struct busy busy;

    pthread_barrier_init(&busy.all, NULL, 3);
    cede_with (pool, cede_thread_pool_executor_with(&options)) {
        for (int i = 0; i < 3; i++)
            submit_at(&crew, pool, meets_others, &busy);
    } cede_end
    for (size_t i = 0; i < 3; i++) {
        cede_auto (cede_value, name, drop_value) = result_of(&crew, i);

        snprintf(names[i], sizeof names[i], "%s", cede_value_str(name));
    }
    qsort(names, 3, sizeof names[0], compare_names);
    CHECK_STR(names[0], "w_0");
    CHECK_STR(names[1], "w_1");
    CHECK_STR(names[2], "w_2");
}

/* And no more than max_workers: the third waits for one of two. */
TEST(H07_at_most_max_workers)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct gate gate;

    make_gate(&gate);
    cede_with (pool, cede_thread_pool_executor(2)) {
        cede_defer (open_wide, &gate);

        for (int i = 0; i < 3; i++)
            submit_at(&crew, pool, pass, &gate);
        if (!harness_torturing()) {
            meet(&gate);
            meet(&gate);
            CHECK(!cede_concurrent_future_running(crew.member[2]));
            open_once(&gate);
            meet(&gate);
        }
    } cede_end
}

TEST(H07_default_names)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(pool, name_of_thread, NULL);

        say_name(f);
    } cede_end
    CHECK_STR(said(), "ThreadPoolExecutor-0_0;");
}

/* --- H08 --- */

struct count {
    struct gate gate;
    int done; /* atomic */
};

static cede_value counts(void *self)
{
    struct count *count = self;

    pass(&count->gate);
    __atomic_add_fetch(&count->done, 1, __ATOMIC_RELAXED);
    return cede_none;
}

static void fill_pool(cede_executor *pool, struct count *count, int pieces)
{
    for (int i = 0; i < pieces; i++)
        cede_unref(cede_executor_submit(pool, counts, count));
}

static cede_value uses_pool(void *self)
{
    struct count *count = self;

    cede_with (pool, cede_thread_pool_executor(2)) {
        cede_defer (open_wide, &count->gate);

        fill_pool(pool, count, 10);
        cede_raise(cede_KeyError, "body");
    } cede_end
    return cede_none;
}

TEST(H08_leaving_waits_for_all_work)
{
    struct count count = {.done = 0};

    make_gate(&count.gate);
    cede_auto (cede_exception *, e, drop_exception) =
        cede_catch(uses_pool, &count, NULL);
    if (!cede_exception_is(e, cede_KeyError))
        cede_raise(e);
    CHECK(count.done == 10 || harness_torturing());
}

/* --- H04: shutdown --- */

TEST(H04_shutdown_cancels_what_has_not_begun)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct gate gate;

    make_gate(&gate);
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_defer (open_wide, &gate);

        for (int i = 0; i < 3; i++)
            submit_at(&crew, pool, pass, &gate);
        if (!harness_torturing())
            meet(&gate);
        cede_executor_shutdown(pool, false, true);
    } cede_end
    if (harness_torturing())
        return;
    CHECK(!cede_concurrent_future_cancelled(crew.member[0]));
    CHECK(cede_concurrent_future_cancelled(crew.member[1]));
    CHECK(cede_concurrent_future_cancelled(crew.member[2]));
    /* Nobody waits for ever for what was cancelled. */
    CHECK_INT(cede_futures_wait((void *)crew.member, 3, INFINITY,
                                CEDE_ALL_COMPLETED, NULL)
                  .done,
              3);
}

/* Without waiting the work goes on, and is all done in the end. */
TEST(H04_shutdown_without_waiting)
{
    struct count count = {.done = 0};

    make_gate(&count.gate);
    cede_with (pool, cede_thread_pool_executor(2)) {
        cede_defer (open_wide, &count.gate);

        fill_pool(pool, &count, 5);
        cede_executor_shutdown(pool, false, false);
        CHECK_RAISES(cede_RuntimeError,
                     cede_unref(cede_executor_submit(pool, counts, &count)));
        say("%d", count.done);
    } cede_end
    CHECK_STR(said(), "0;");
    CHECK_INT(count.done, 5);
}

static cede_value shuts_down(void *pool)
{
    cede_executor_shutdown(pool, true, false);
    return cede_none;
}

TEST(H04_a_thread_cannot_wait_for_itself)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(pool, shuts_down, pool);

        CHECK(cede_exception_is(cede_concurrent_future_exception(f),
                                cede_RuntimeError));
    } cede_end
}

/* --- H04: initializer --- */

static void quiet(cede_exception *exception, const char *doing, void *argument)
{
    (void)argument;
    if (!harness_torturing()) {
        CHECK_STR(doing, "the initializer of a thread pool");
        CHECK_STR(cede_exception_message(exception), "no good");
    }
}

static cede_value initializes(void *gate)
{
    pass(gate);
    cede_raise(cede_ValueError, "no good");
}

TEST(H04_a_failed_initializer_breaks_the_pool)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    struct gate gate;
    const cede_thread_pool_options options = {.max_workers = 1,
                                              .initializer = initializes,
                                              .initializer_argument = &gate};

    make_gate(&gate);
    cede_set_unraisablehook(quiet, NULL);
    cede_with (pool, cede_thread_pool_executor_with(&options)) {
        cede_defer (open_wide, &gate);

        submit_at(&crew, pool, returns_nothing, NULL);
        submit_at(&crew, pool, returns_nothing, NULL);
        open_wide(&gate);
        CHECK_RAISES(cede_BrokenThreadPool, result_of(&crew, 0));
        CHECK_RAISES(cede_BrokenExecutor, result_of(&crew, 1));
        CHECK(cede_concurrent_future_exception(crew.member[0]) !=
              cede_concurrent_future_exception(crew.member[1]));
        CHECK_RAISES(cede_BrokenThreadPool,
                     cede_unref(cede_executor_submit(pool, returns_nothing,
                                                     NULL)));
    } cede_end
}

static cede_value counts_up(void *number)
{
    __atomic_add_fetch((int *)number, 1, __ATOMIC_RELAXED);
    return cede_str_copy("dropped");
}

TEST(H04_initializer)
{
    int number = 0;
    const cede_thread_pool_options options = {.max_workers = 1,
                                              .initializer = counts_up,
                                              .initializer_argument = &number};

    if (harness_torturing())
        cede_set_unraisablehook(quiet, NULL);
    cede_with (pool, cede_thread_pool_executor_with(&options)) {
        cede_unref(cede_executor_submit(pool, counts_up, &number));
    } cede_end
    if (!harness_torturing())
        CHECK_INT(number, 2);
}

/* --- H04: map --- */

static cede_value doubles(cede_value item)
{
    return cede_int(2 * cede_value_int(item));
}

TEST(H04_map_keeps_the_order)
{
    cede_with (pool, cede_thread_pool_executor(3)) {
        cede_for (v, cede_executor_map(pool, doubles, cede_range(5)))
            say("%d", (int)cede_value_int(v));
    } cede_end
    CHECK_STR(said(), "0;2;4;6;8;");
}

static struct gate map_gate;

/* 1 fails; those behind wait. */
static cede_value fails_at_one(cede_value item)
{
    if (cede_value_int(item) == 1)
        cede_raise(cede_ValueError, "one");
    if (cede_value_int(item) > 1)
        pass(&map_gate);
    return cede_value_ref(item);
}

/* Raised at its place; what has not begun is cancelled, so leaving does not
   wait for more than one. */
TEST(H04_map_raises_at_the_failing_position)
{
    volatile int got = 0;

    make_gate(&map_gate);
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_defer (open_once, &map_gate);

        cede_for (v, cede_executor_map(pool, fails_at_one, cede_range(9))) {
            say("%d", (int)cede_value_int(v));
            got++;
        }
    } cede_except (cede_ValueError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    CHECK_STR(said(), "0;one;");
}

static int calls; /* atomic */

static cede_value counts_calls(cede_value item)
{
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    return fails_at_one(item);
}

/* Also when the iterator is kept: of those behind the failure one may have
   begun. */
TEST(H04_map_cancels_the_rest)
{
    make_gate(&map_gate);
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (void *, it, drop) = NULL;
        cede_defer (open_wide, &map_gate);

        it = cede_executor_map(pool, counts_calls, cede_range(9));
        cede_value_unref(cede_next(it));
        CHECK_RAISES(cede_ValueError, cede_value_unref(cede_next(it)));
        CHECK_RAISES(cede_StopIteration, cede_value_unref(cede_next(it)));
        open_wide(&map_gate);
        cede_executor_shutdown(pool, true, false);
        CHECK(calls <= 3);
    } cede_end
}

static cede_value waits(cede_value item)
{
    pass(&map_gate);
    return cede_value_ref(item);
}

TEST(H04_map_timeout)
{
    make_gate(&map_gate);
    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_defer (open_wide, &map_gate);

        CHECK_RAISES(
            cede_TimeoutError,
            cede_for (v, cede_executor_map(pool, waits, cede_range(3), 0))
                say("%d", (int)cede_value_int(v)));
    } cede_end
    CHECK_STR(said(), "");
}

/* Items are shared: the list and the threads count the same strings. */
TEST(H04_map_over_objects)
{
    cede_auto (cede_list *, items, drop) = cede_list_of(
        cede_str_copy("a"), cede_list_of(cede_str_copy("b")), cede_list());

    cede_with (pool, cede_thread_pool_executor(2)) {
        cede_for (v, cede_executor_map(pool, cede_value_ref, cede_ref(items))) {
            cede_auto (cede_value, text, drop_value) = cede_repr(v);

            say("%s", cede_value_str(text));
        }
    } cede_end
    CHECK_STR(said(), "'a';['b'];[];");
}

static cede_value yields_and_fails(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_KeyError, "source");
}

TEST(H04_map_over_what_raises)
{
    cede_with (pool, cede_thread_pool_executor(1)) {
        CHECK_RAISES(cede_KeyError,
                     cede_unref(cede_executor_map(
                         pool, doubles,
                         cede_generator(yields_and_fails, NULL))));
    } cede_end
}

/* --- without a shutdown --- */

static pthread_key_t ending;
static sem_t ended;

static void say_ended(void *unused)
{
    (void)unused;
    sem_post(&ended);
}

static cede_value marks_thread(void *arg)
{
    pthread_setspecific(ending, &ending);
    return arg ? pass(arg) : cede_none;
}

/* The last reference is gone: the work is done, and the threads end. */
TEST(H07_threads_end_after_their_executor, .torture = false)
{
    struct gate gate;
    cede_executor *pool = cede_thread_pool_executor(2);
    cede_defer (join_threads, NULL);

    make_gate(&gate);
    sem_init(&ended, 0, 0);
    pthread_key_create(&ending, say_ended);
    for (int i = 0; i < 4; i++)
        cede_unref(cede_executor_submit(pool, marks_thread, &gate));
    meet(&gate);
    meet(&gate);
    cede_unref(pool);
    open_wide(&gate);
    wait_for(&ended);
    wait_for(&ended);
    CHECK_INT(sem_trywait(&gate.reached), 0);
    CHECK_INT(sem_trywait(&gate.reached), 0);
}

static cede_value prints(void *gate)
{
    wait_for(&((struct gate *)gate)->open);
    usleep(1000);
    printf("done\n");
    return cede_none;
}

static void leave_work_behind(void *unused)
{
    static struct gate gate;

    (void)unused;
    make_gate(&gate);
    cede_unref(cede_executor_submit(keep(cede_thread_pool_executor(1)), prints,
                                    &gate));
    open_once(&gate);
    exit(0);
}

/* The end of the process waits for what was submitted, as Python's does. */
TEST(H08_exit_waits, .torture = false)
{
    char output[512];

    CHECK_INT(harness_fork(leave_work_behind, NULL, output, sizeof output), 0);
    CHECK_CONTAINS(output, "done\n");
}

static void use_parents_pool(void *pool)
{
    cede_try {
        cede_unref(cede_executor_submit(pool, returns_nothing, NULL));
    } cede_except (cede_RuntimeError, e) {
        printf("%s\n", cede_exception_message(e));
    } cede_end
    cede_executor_shutdown(pool, true, true);
    cede_unref(pool);
    fflush(stdout);
    _exit(0); /* LeakSanitizer looks for the parent's threads */
}

TEST(after_a_fork, .torture = false)
{
    char output[128];

    cede_with (pool, cede_thread_pool_executor(1)) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(pool, returns_nothing, NULL);

        cede_concurrent_future_result(f);
        CHECK_INT(harness_fork(use_parents_pool, pool, output, sizeof output),
                  0);
    } cede_end
    CHECK_STR(output, "This executor belongs to the parent process: make a "
                      "new one after fork()\n");
}

/* --- an executor of one's own --- */

struct inline_executor {
    cede_executor executor;
    bool shut_down;
};

static void run_inline(void *self, cede_work *work)
{
    if (((struct inline_executor *)self)->shut_down)
        cede_raise(cede_RuntimeError, "shut down");
    cede_work_run(work);
}

static void shut_inline(void *self, bool wait, bool cancel_futures)
{
    ((struct inline_executor *)self)->shut_down = true;
    say("shutdown %d %d", wait, cancel_futures);
}

static const cede_executor_methods inline_methods = {.submit = run_inline,
                                                     .shutdown = shut_inline};
static CEDE_CLASS(InlineExecutor, struct inline_executor,
                  .base = cede_Executor, .flags = CEDE_CLASS_SHARED,
                  .manager = &cede_executor_manager);

static cede_executor *inline_executor(void)
{
    cede_executor *made = cede_object_new(InlineExecutor);

    made->methods = &inline_methods;
    return made;
}

TEST(an_executor_of_ones_own)
{
    int seven = 7;

    cede_with (executor, inline_executor()) {
        cede_auto (cede_concurrent_future *, f, drop) =
            cede_executor_submit(executor, returns_int, &seven);

        CHECK_INT(cede_value_int(cede_concurrent_future_result(f, 0)), 7);
        cede_for (v, cede_executor_map(executor, doubles, cede_range(3)))
            say("%d", (int)cede_value_int(v));
        cede_executor_shutdown(executor, false, true);
        CHECK_RAISES(cede_RuntimeError,
                     cede_unref(cede_executor_submit(executor, returns_int,
                                                     &seven)));
    } cede_end
    CHECK_STR(said(), "0;2;4;shutdown 0 1;shutdown 1 0;");
}
