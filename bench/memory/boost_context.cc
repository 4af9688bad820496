/*
 * context::fibers that have been left once.
 *
 * Config: fixedsize_stack, 64 KiB by malloc, without guards. (With
 * protected_fixedsize_stack a process stops at some 32,000 of them.)
 */
#include <boost/context/fiber.hpp>
#include <boost/context/fixedsize_stack.hpp>

#include "memory.h"

#include <vector>

namespace ctx = boost::context;

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    std::vector<ctx::fiber> all(bench.ops);
    struct memory before = memory_now();

    for (ctx::fiber &fiber : all) {
        fiber = ctx::fiber{std::allocator_arg, ctx::fixedsize_stack(64 * 1024),
                           [](ctx::fiber &&from) {
                               return std::move(from).resume();
                           }};
        fiber = std::move(fiber).resume();
    }
    memory_print(before, bench.ops);
    return 0;
}
