/*
 * fibers::fiber and join.
 *
 * Config: launch::post, pooled_fixedsize_stack of 64 KiB without guards, the
 * round robin scheduler that is the default.
 */
#include "fibers.hh"

#include "bench.h"

static long spawn(struct bench *bench, long ops)
{
    for (long i = 0; i < ops; i++)
        start([bench] { bench_use(bench); }).join();
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, spawn);
    bench_print(&bench);
    return 0;
}
