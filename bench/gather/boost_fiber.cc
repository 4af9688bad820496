/*
 * N fibers that store a number each, joined one after the other.
 *
 * Config: launch::post, pooled_fixedsize_stack of 64 KiB without guards.
 */
#include "fibers.hh"

#include <vector>

#include "bench.h"

static long gather(struct bench *bench, long ops)
{
    long count = bench->size < ops ? bench->size : ops;
    std::vector<fibers::fiber> all(count);
    std::vector<long> results(count);
    long done = 0;

    while (done < ops) {
        for (long i = 0; i < count; i++)
            all[i] = start([&results, i] { results[i] = i; });
        for (fibers::fiber &fiber : all)
            fiber.join();
        bench_use(results[count - 1]);
        done += count;
    }
    return done;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, gather);
    bench_print(&bench);
    return 0;
}
