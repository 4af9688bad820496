/*
 * Making a C++20 coroutine, running it to its end, destroying it.
 *
 * Config: lib/generator.hh, not inlined; its frame comes from operator new.
 */
#include "bench.h"
#include "generator.hh"

__attribute__((noinline)) static generator<long> once(void *argument)
{
    bench_use(argument);
    co_return;
}

static long create(struct bench *bench, long ops)
{
    for (long i = 0; i < ops; i++)
        for (generator<long> all = once(bench); all.next();)
            bench_use(all.value());
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, create);
    bench_print(&bench);
    return 0;
}
