/*
 * Stress: eight threads against one loop and against pools. Run it under TSan:
 *
 *     cmake -S . -B build-tsan -DCEDE_SANITIZE=thread
 *     ctest --test-dir build-tsan -L stress
 *
 * What comes out is counted; who came first is not. Rules L12, H01, H04, H06,
 * F12.
 */
#include "work/world.h"

#include "cede/range.h"

#include <sched.h>
#include <unistd.h>

enum { THREADS = 8 };

#if CEDE_IMPL_TSAN || CEDE_IMPL_ASAN
enum { ROUNDS = 2000 };
#else
enum { ROUNDS = 12000 };
#endif

/* --- call_soon_threadsafe --- */

struct posting {
    cede_loop *loop;
    pthread_t thread;
    int sent;
    int in_order; /* the loop's thread */
    struct target *target;
};

struct target {
    struct posting threads[THREADS];
    int left; /* the loop's thread */
};

static void arrive(void *self)
{
    struct posting *posting = self;

    posting->in_order++;
    if (--posting->target->left == 0)
        cede_loop_stop(posting->loop);
}

static cede_value post_all(void *self)
{
    struct posting *posting = self;

    while (posting->sent < ROUNDS) {
        cede_loop_call_soon_threadsafe(posting->loop, arrive, posting);
        posting->sent++;
    }
    return cede_none;
}

static void *post_thread(void *self)
{
    cede_unref(cede_catch(post_all, self, NULL));
    return NULL;
}

TEST(L12_call_soon_threadsafe, .torture = false, .timeout = 120)
{
    static struct target target;
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    target.left = THREADS * ROUNDS;
    for (int i = 0; i < THREADS; i++) {
        target.threads[i].loop = loop;
        target.threads[i].target = &target;
        pthread_create(&target.threads[i].thread, NULL, post_thread,
                       &target.threads[i]);
    }
    cede_loop_run_forever(loop);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(target.threads[i].thread, NULL);
        CHECK_INT(target.threads[i].in_order, ROUNDS);
    }
}

/* --- run_coroutine_threadsafe --- */

struct asking {
    cede_loop *loop;
    pthread_t thread;
    int results, errors, cancelled; /* the thread's own */
};

static cede_value makes_list(void *arg)
{
    cede_sleep(0);
    return returns_list(arg);
}

static cede_value fails_later(void *arg)
{
    cede_sleep(0);
    return raises_value_error(arg);
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_sleep(1000);
    return cede_none;
}

static void ask_once(struct asking *asking, int round)
{
    static const cede_function functions[] = {makes_list, fails_later, sleeps};
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(functions[round % 3], NULL, asking->loop);

    if (round % 3 == 2 && cede_concurrent_future_cancel(f))
        asking->cancelled++;
    cede_try {
        cede_auto (cede_value, value, drop_value) =
            cede_concurrent_future_result(f);
        cede_auto (cede_value, inner, drop_value) =
            cede_getitem(cede_value_object(value), 0);

        asking->results += cede_len(cede_value_object(inner)) == 1;
    } cede_except (cede_ValueError) {
        asking->errors++;
    } cede_except (cede_concurrent_CancelledError) {
    } cede_end
}

static cede_value ask_all(void *self)
{
    for (int i = 0; i < ROUNDS / 4 * 3; i++)
        ask_once(self, i);
    return cede_none;
}

static void *ask_thread(void *self)
{
    cede_unref(cede_catch(ask_all, self, NULL));
    return NULL;
}

/* Until what was cancelled has ended: it is the last one. */
static void takes_turns(void)
{
    turns(5);
    CHECK_INT(cede_loop_task_count(cede_get_running_loop()), 1);
}

static void drain(cede_loop *loop)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_run_coroutine_threadsafe(takes_turns, loop);

    cede_concurrent_future_result(f);
}

TEST(H06_run_coroutine_threadsafe,
     .shuffle = false, .torture = false, .timeout = 120)
{
    static struct asking asking[THREADS];
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    pthread_t runner;

    pthread_create(&runner, NULL, loop_thread, loop);
    for (int i = 0; i < THREADS; i++) {
        asking[i].loop = loop;
        pthread_create(&asking[i].thread, NULL, ask_thread, &asking[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(asking[i].thread, NULL);
        CHECK_INT(asking[i].results, ROUNDS / 4);
        CHECK_INT(asking[i].errors, ROUNDS / 4);
        CHECK_INT(asking[i].cancelled, ROUNDS / 4);
    }
    drain(loop);
    cede_loop_call_soon_threadsafe(loop, stop_loop, loop);
    pthread_join(runner, NULL);
}

/* --- a pool that eight threads submit to --- */

struct user {
    cede_executor *pool;
    pthread_t thread;
    int64_t sum;
    int called; /* atomic: by whoever completes */
};

static void count_call(cede_concurrent_future *future, void *self)
{
    (void)future;
    __atomic_add_fetch(&((struct user *)self)->called, 1, __ATOMIC_RELAXED);
}

static cede_value length(void *number)
{
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);

    for (int i = 0; i < *(const int *)number; i++)
        cede_list_append(list, cede_str_copy("x"));
    return cede_object(cede_ref(list));
}

static void use_pool_once(struct user *user)
{
    enum { AT_ONCE = 8 };
    cede_concurrent_future *futures[AT_ONCE];

    for (int i = 0; i < AT_ONCE; i++) {
        futures[i] = cede_executor_submit_with(user->pool, length, i);
        if (i % 2)
            cede_concurrent_future_add_done_callback(futures[i], count_call,
                                                     user);
    }
    cede_for (f, cede_futures_as_completed(futures, AT_ONCE)) {
        cede_auto (cede_value, list, drop_value) =
            cede_concurrent_future_result(
                (cede_concurrent_future *)cede_value_object(f));

        cede_list_append((cede_list *)cede_value_object(list), 1);
        user->sum += (int64_t)cede_len(cede_value_object(list));
    }
}

/* Gives the future up as soon as it is done, when the thread that completed it
   may be doing the same, and goes on with what it held. */
static void take_at_once(struct user *user)
{
    static const int three = 3;
    cede_concurrent_future *f =
        cede_executor_submit(user->pool, length, (void *)&three);
    cede_value list;

    while (!cede_concurrent_future_done(f))
        sched_yield();
    list = cede_concurrent_future_result(f);
    cede_unref(f);
    cede_list_append((cede_list *)cede_value_object(list), cede_list());
    for (int i = 0; i < 20; i++)
        cede_value_unref(cede_getitem(cede_value_object(list), 3));
    user->sum += (int64_t)cede_len(cede_value_object(list)) - 4;
    cede_value_unref(list);
}

static cede_value doubles(cede_value item)
{
    return cede_int(2 * cede_value_int(item));
}

static void map_once(struct user *user)
{
    cede_for (v, cede_executor_map(user->pool, doubles, cede_range(4)))
        user->sum += cede_value_int(v);
}

static cede_value use_pool(void *self)
{
    for (int i = 0; i < ROUNDS / 8; i++) {
        use_pool_once(self);
        map_once(self);
        take_at_once(self);
    }
    return cede_none;
}

static void *user_thread(void *self)
{
    cede_unref(cede_catch(use_pool, self, NULL));
    return NULL;
}

TEST(H01_one_pool_for_eight_threads, .torture = false, .timeout = 120)
{
    static struct user users[THREADS];

    cede_with (pool, cede_thread_pool_executor(4)) {
        for (int i = 0; i < THREADS; i++) {
            users[i].pool = pool;
            pthread_create(&users[i].thread, NULL, user_thread, &users[i]);
        }
        for (int i = 0; i < THREADS; i++)
            pthread_join(users[i].thread, NULL);
    } cede_end
    for (int i = 0; i < THREADS; i++) {
        /* 0 to 7, one more each; 0, 2, 4, 6. */
        CHECK_INT(users[i].sum, ROUNDS / 8 * (36 + 12));
        CHECK_INT(users[i].called, ROUNDS / 8 * 4);
    }
}

/* Pools that come and go, and whose owner does not wait. */
static cede_value come_and_go(void *counter)
{
    for (int i = 0; i < ROUNDS / 40; i++) {
        cede_executor *pool = cede_thread_pool_executor(3);
        cede_defer (cede_unref, pool);

        for (int k = 0; k < 5; k++)
            cede_unref(cede_executor_submit(pool, length, counter));
        if (i % 2)
            cede_executor_shutdown(pool, i % 4 == 1, i % 3 == 0);
    }
    return cede_none;
}

static void *coming_thread(void *counter)
{
    cede_unref(cede_catch(come_and_go, counter, NULL));
    return NULL;
}

TEST(H07_pools_come_and_go, .torture = false, .timeout = 120)
{
    pthread_t threads[THREADS];
    int number = 3;

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, coming_thread, &number);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    join_threads(NULL);
}

/* --- a loop that hands its work to threads --- */

static cede_value hands_over(void *arg)
{
    static const int lengths[] = {0, 1, 5};

    (void)arg;
    for (int i = 0; i < ROUNDS / 40; i++) {
        cede_auto (cede_value, list, drop_value) =
            cede_to_thread(length, (void *)&lengths[i % 3]);

        if (cede_len(cede_value_object(list)) != (size_t)lengths[i % 3])
            say("wrong");
    }
    return cede_none;
}

static cede_value abandons(void *arg)
{
    static const int three = 3;

    (void)arg;
    for (int i = 0; i < ROUNDS / 40; i++) {
        cede_future *f =
            cede_loop_run_in_executor(NULL, NULL, length, (void *)&three);

        cede_sleep(0);
        cede_future_cancel(f, NULL);
        cede_unref(f);
    }
    return cede_none;
}

static cede_value many_tasks(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    for (int i = 0; i < THREADS; i++)
        join(&crew, cede_create_task(i % 4 ? hands_over : abandons, NULL));
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(F12_a_loop_and_its_threads, .torture = false, .timeout = 120)
{
    cede_value_unref(cede_run(many_tasks, NULL));
    CHECK_STR(said(), "");
}
