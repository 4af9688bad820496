/*
 * Threads of State Threads that let all others run.
 *
 * Config: the library has no yield. st_usleep(0) reads the clock and goes
 * through the heap of sleepers; a condition variable that all share is much
 * quicker: signal it, which wakes who has waited longest, and wait. One thread
 * at a time is ready then, or signals would have to look for one that still
 * waits. Stacks of 16 KiB, so that 100,000 fit.
 */
#include <st.h>

#include "bench.h"

static struct bench *bench;
static long each, left;
static st_cond_t turn, begun;

static void yield(void)
{
    st_cond_signal(turn);
    st_cond_wait(turn);
}

static void *child(void *argument)
{
    if ((long)argument == bench->size - 1)
        st_cond_signal(begun);
    st_cond_wait(turn);
    for (long i = 0; i < each; i++)
        yield();
    if (--left == 0)
        bench_end(bench, each * bench->size);
    st_cond_signal(turn);
    return NULL;
}

static void switches(struct bench *own, long ops)
{
    long count = own->size;
    st_thread_t *threads = malloc((size_t)count * sizeof *threads);

    bench = own;
    each = ops / count > 0 ? ops / count : 1;
    left = count;
    for (long i = 0; i < count; i++)
        threads[i] = st_thread_create(child, (void *)i, 1, 16 * 1024);
    st_cond_wait(begun); /* comes back when all have begun */
    bench_begin(own);
    st_cond_signal(turn);
    for (long i = 0; i < count; i++)
        st_thread_join(threads[i], NULL);
    free(threads);
}

int main(int argc, char **argv)
{
    struct bench own = bench_open(argc, argv);

    st_init();
    turn = st_cond_new();
    begun = st_cond_new();
    bench_run_own(&own, switches);
    bench_print(&own);
    return 0;
}
