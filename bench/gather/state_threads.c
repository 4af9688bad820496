/*
 * N threads that return a number each, joined one after the other.
 *
 * Config: joinable; stacks of 16 KiB, so that many fit, kept and used again by
 * the library.
 */
#include <st.h>

#include "bench.h"

static void *child(void *argument)
{
    return argument;
}

static long gather(struct bench *bench, long ops)
{
    long count = bench->size < ops ? bench->size : ops;
    st_thread_t *threads = malloc((size_t)count * sizeof *threads);
    void **results = malloc((size_t)count * sizeof *results);
    long done = 0;

    while (done < ops) {
        for (long i = 0; i < count; i++)
            threads[i] = st_thread_create(child, (void *)i, 1, 16 * 1024);
        for (long i = 0; i < count; i++)
            st_thread_join(threads[i], &results[i]);
        bench_use(results[count - 1]);
        done += count;
    }
    free(threads);
    free(results);
    return done;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    st_init();
    bench_run(&bench, gather);
    bench_print(&bench);
    return 0;
}
