/*
 * Fibers that wait for a condition variable.
 *
 * Config: fixedsize_stack, 64 KiB by malloc, without guards.
 */
#include <boost/context/fixedsize_stack.hpp>
#include <boost/fiber/all.hpp>

#include "memory.h"

namespace fibers = boost::fibers;

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    fibers::mutex mutex;
    fibers::condition_variable never;
    struct memory before = memory_now();

    for (long i = 0; i < bench.ops; i++)
        fibers::fiber(fibers::launch::post, std::allocator_arg,
                      boost::context::fixedsize_stack(64 * 1024), [&] {
                          std::unique_lock<fibers::mutex> lock(mutex);
                          never.wait(lock);
                      })
            .detach();
    boost::this_fiber::yield();
    memory_print(before, bench.ops);
    _exit(0);
}
