/*
 * Items through Boost.Context's switch itself: detail::jump_fcontext, which
 * fiber and continuation are made of. The value travels through the pointer
 * that it carries.
 *
 * Config: jump_fcontext, one stack of 64 KiB, no guard page.
 */
#include <boost/context/detail/fcontext.hpp>

#include "bench.h"

namespace ctx = boost::context::detail;

static void produce(ctx::transfer_t from)
{
    long n = *static_cast<long *>(from.data);

    for (long i = 0; i < n; i++)
        from = ctx::jump_fcontext(from.fctx, &i);
    ctx::jump_fcontext(from.fctx, nullptr);
}

static long items(struct bench *, long ops)
{
    alignas(64) static char stack[64 * 1024];
    ctx::fcontext_t producer =
        ctx::make_fcontext(stack + sizeof stack, sizeof stack, produce);
    ctx::transfer_t item = ctx::jump_fcontext(producer, &ops);
    long sum = 0;

    for (; item.data; item = ctx::jump_fcontext(item.fctx, nullptr))
        sum += *static_cast<long *>(item.data);
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
