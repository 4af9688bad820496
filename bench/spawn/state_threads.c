/*
 * st_thread_create and st_thread_join.
 *
 * Config: joinable, default stack size; stacks are kept and used again by the
 * library; no guard pages beyond its own red zones.
 */
#include <st.h>

#include "bench.h"

static void *child(void *argument)
{
    bench_use(argument);
    return NULL;
}

static long spawn(struct bench *bench, long ops)
{
    for (long i = 0; i < ops; i++)
        st_thread_join(st_thread_create(child, bench, 1, 0), NULL);
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    st_init();
    bench_run(&bench, spawn);
    bench_print(&bench);
    return 0;
}
