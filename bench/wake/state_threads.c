/*
 * One thread wakes another; cede.c says by what.
 *
 * Config: condition variables and mutexes are all that State Threads has: a
 * future is a flag and a condition variable, the queue a place and two of them,
 * the channel a place that is empty again before the sender goes on. The mutex
 * hands over to who has waited longest.
 */
#include <st.h>

#include "bench.h"

static long count, place;
static int full;
static st_cond_t wakes[2];
static st_mutex_t lock;

static void *answer(void *argument)
{
    long me = (long)argument;

    for (long i = 0; i < count / 2; i++) {
        st_cond_signal(wakes[!me]);
        st_cond_wait(wakes[me]);
    }
    st_cond_signal(wakes[!me]);
    return NULL;
}

static void *take(void *argument)
{
    (void)argument;
    for (long i = 0; i < count / 2; i++) {
        st_mutex_lock(lock);
        st_mutex_unlock(lock);
    }
    return NULL;
}

/* wakes[0]: there is room; wakes[1]: there is an item. */
static void *put(void *argument)
{
    long meet = (long)argument;

    for (long i = 0; i < count; i++) {
        while (full)
            st_cond_wait(wakes[0]);
        place = i;
        full = 1;
        st_cond_signal(wakes[1]);
        while (meet && full)
            st_cond_wait(wakes[0]);
    }
    return NULL;
}

static void *get(void *argument)
{
    (void)argument;
    for (long i = 0; i < count; i++) {
        while (!full)
            st_cond_wait(wakes[1]);
        bench_use(place);
        full = 0;
        st_cond_signal(wakes[0]);
    }
    return NULL;
}

static void both(void *(*first)(void *), long a, void *(*second)(void *),
                 long b)
{
    st_thread_t one = st_thread_create(first, (void *)a, 1, 0);
    st_thread_t two = st_thread_create(second, (void *)b, 1, 0);

    st_thread_join(one, NULL);
    st_thread_join(two, NULL);
}

static void contend(void)
{
    st_thread_t one, two;

    st_mutex_lock(lock);
    one = st_thread_create(take, NULL, 1, 0);
    two = st_thread_create(take, NULL, 1, 0);
    st_usleep(0);
    st_mutex_unlock(lock);
    st_thread_join(one, NULL);
    st_thread_join(two, NULL);
}

static long wake(struct bench *bench, long ops)
{
    count = ops;
    if (bench_is(bench, "future"))
        both(answer, 0, answer, 1);
    else if (bench_is(bench, "lock"))
        contend();
    else
        both(put, bench_is(bench, "channel"), get, 0);
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    st_init();
    wakes[0] = st_cond_new();
    wakes[1] = st_cond_new();
    lock = st_mutex_new();
    bench_run(&bench, wake);
    bench_print(&bench);
    return 0;
}
