/*
 * Fibers that sleep; cede.c says for how long.
 *
 * Config: this_fiber::sleep_for, launch::post, pooled_fixedsize_stack of 16 KiB
 * without guards, so that many fit.
 */
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <boost/fiber/all.hpp>

#include <chrono>
#include <vector>

#include "bench.h"

namespace fibers = boost::fibers;

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    boost::context::pooled_fixedsize_stack stacks(16 * 1024);
    std::vector<fibers::fiber> all(bench.ops);
    uint64_t seed = 1;
    long done = 0;

    bench_begin(&bench);
    for (fibers::fiber &fiber : all) {
        std::chrono::nanoseconds delay(
            (uint64_t)bench_random(&seed) * 1000000000 >> 32);

        fiber = fibers::fiber(fibers::launch::post, std::allocator_arg, stacks,
                              [&done, delay] {
                                  boost::this_fiber::sleep_for(delay);
                                  done++;
                              });
    }
    for (fibers::fiber &fiber : all)
        fiber.join();
    bench_end(&bench, 1);
    bench_print_whole(&bench, done);
    return 0;
}
