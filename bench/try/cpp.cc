/*
 * C++ exceptions; cede.c says of what. Entering costs nothing, since the
 * compiler writes tables that are searched when something is thrown.
 *
 * Config: std::rethrow_exception of one exception that exists, caught by
 * reference.
 */
#include <exception>
#include <stdexcept>

#include "bench.h"

static std::exception_ptr error =
    std::make_exception_ptr(std::invalid_argument("wrong"));

__attribute__((noinline)) static void fall(int depth)
{
    if (depth < 1)
        return; /* never */
    if (depth == 1)
        std::rethrow_exception(error);
    fall(depth - 1);
    bench_use(depth);
}

/* What may throw, so that the try is not optimized away. */
__attribute__((noinline)) static void nothing(long i)
{
    if (i < 0)
        throw std::invalid_argument("wrong");
    bench_use(i);
}

static long enter(struct bench *, long ops)
{
    for (long i = 0; i < ops; i++) {
        try {
            nothing(i);
        } catch (std::invalid_argument &e) {
            abort();
        }
    }
    return ops;
}

static long fly(struct bench *bench, long ops)
{
    int depth = bench_is(bench, "throw20") ? 20 : 1;

    for (long i = 0; i < ops; i++) {
        try {
            fall(depth);
        } catch (std::invalid_argument &e) {
            bench_use(&e);
        }
    }
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, bench_is(&bench, "enter") ? enter : fly);
    bench_print(&bench);
    return 0;
}
