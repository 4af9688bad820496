/*
 * Making a context::fiber, running it to its end, destroying it.
 *
 * Config: context::fiber with pooled_fixedsize_stack, whose pool has a warm
 * stack; 64 KiB, no guard page.
 */
#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>

#include "bench.h"

namespace ctx = boost::context;

static long create(struct bench *bench, long ops)
{
    static ctx::pooled_fixedsize_stack stacks(64 * 1024);

    for (long i = 0; i < ops; i++) {
        ctx::fiber fiber{std::allocator_arg, stacks,
                         [bench](ctx::fiber &&from) {
                             bench_use(bench);
                             return std::move(from);
                         }};

        fiber = std::move(fiber).resume();
    }
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, create);
    bench_print(&bench);
    return 0;
}
