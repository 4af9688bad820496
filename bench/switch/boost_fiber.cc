/*
 * Fibers that let all others run: this_fiber::yield.
 *
 * Config: pooled_fixedsize_stack without guards (64 KiB; malloc gives them
 * memory when it is touched), the round robin scheduler that is the default.
 */
#include "fibers.hh"

#include <vector>

#include "bench.h"

static void switches(struct bench *bench, long ops)
{
    long count = bench->size, left = count;
    long each = ops / count > 0 ? ops / count : 1;
    std::vector<fibers::fiber> all;

    for (long i = 0; i < count; i++)
        all.push_back(start([&] {
            for (long j = 0; j <= each; j++)
                boost::this_fiber::yield();
            if (--left == 0)
                bench_end(bench, each * count);
        }));
    boost::this_fiber::yield();
    bench_begin(bench);
    for (fibers::fiber &fiber : all)
        fiber.join();
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run_own(&bench, switches);
    bench_print(&bench);
    return 0;
}
