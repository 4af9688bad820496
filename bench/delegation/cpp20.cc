/*
 * Resuming the innermost of C++20 generators, each of which loops over the next
 * and yields its items again: what one writes who has no recursive generator.
 *
 * Config: lib/generator.hh; naive nesting. (A recursive generator that keeps
 * the innermost handle in the root, as C++23's std::generator does for
 * elements_of, would be flat; gcc 12 has none.)
 */
#include "bench.h"
#include "generator.hh"

static generator<long> level(long depth, long items)
{
    if (depth > 0) {
        generator<long> inner = level(depth - 1, items);

        while (inner.next())
            co_yield inner.value();
        co_return;
    }
    for (long i = 0; i < items; i++)
        co_yield i;
}

static void resume(struct bench *bench, long ops)
{
    generator<long> outermost = level(bench->size, ops + 1);

    outermost.next();
    bench_begin(bench);
    for (long i = 0; i < ops; i++) {
        outermost.next();
        bench_use(outermost.value());
    }
    bench_end(bench, ops);
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run_own(&bench, resume);
    bench_print(&bench);
    return 0;
}
