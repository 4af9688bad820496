/*
 * Items through a C++20 coroutine: stackless, so that it can yield from its own
 * body only, and the compiler sees both sides.
 *
 * Config: lib/generator.hh, made in a function that is not inlined: else the
 * compiler may see through the whole loop, which no use across files has.
 */
#include "bench.h"
#include "generator.hh"

__attribute__((noinline)) static generator<long> count(long n)
{
    for (long i = 0; i < n; i++)
        co_yield i;
}

static long items(struct bench *, long ops)
{
    long sum = 0;
    generator<long> all = count(ops);

    while (all.next())
        sum += all.value();
    bench_use(sum);
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, items);
    bench_print(&bench);
    return 0;
}
