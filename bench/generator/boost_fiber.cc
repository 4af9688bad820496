/*
 * Items through context::fiber, the public interface of Boost.Context over the
 * same switch. Boost's own generators (coroutine2) are made of it.
 *
 * Config: context::fiber, fixedsize_stack; the value lies in a variable that
 * both sides see.
 */
#include <boost/context/fiber.hpp>

#include "bench.h"

namespace ctx = boost::context;

static long items(struct bench *, long ops)
{
    long item = 0, sum = 0;
    ctx::fiber producer{[&](ctx::fiber &&consumer) {
        for (long i = 0; i < ops; i++) {
            item = i;
            consumer = std::move(consumer).resume();
        }
        return std::move(consumer);
    }};

    while (producer = std::move(producer).resume(), producer)
        sum += item;
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
