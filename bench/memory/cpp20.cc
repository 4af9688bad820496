/*
 * C++20 coroutines that have yielded once.
 *
 * Config: lib/generator.hh; frames from operator new.
 */
#include "generator.hh"
#include "memory.h"

#include <vector>

__attribute__((noinline)) static generator<long> count(long n)
{
    for (long i = 0; i < n; i++)
        co_yield i;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    std::vector<generator<long>> all;

    all.reserve(bench.ops);
    memset(static_cast<void *>(all.data()), 1,
           bench.ops * sizeof(generator<long>));
    struct memory before = memory_now();
    for (long i = 0; i < bench.ops; i++) {
        all.push_back(count(2));
        all.back().next();
    }
    memory_print(before, bench.ops);
    return 0;
}
