/*
 * The mechanism alone: _setjmp and longjmp; cede.c says of what.
 *
 * Config: glibc. _setjmp keeps no signal mask. There is no chain of handlers,
 * no class is compared, nothing is cleaned up, no traceback is kept.
 */
#include <setjmp.h>

#include "bench.h"

static jmp_buf handler;

__attribute__((noinline)) static void fall(int depth)
{
    if (depth < 1)
        return; /* never */
    if (depth == 1)
        longjmp(handler, 1);
    fall(depth - 1);
    bench_use(depth); /* no tail call */
}

static long enter(struct bench *bench, long ops)
{
    (void)bench;
    for (volatile long i = 0; i < ops; i++)
        if (!_setjmp(handler))
            bench_use(i);
        else
            abort();
    return ops;
}

static long throw(struct bench *bench, long ops)
{
    int depth = bench_is(bench, "throw20") ? 20 : 1;

    for (volatile long i = 0; i < ops; i++)
        if (!_setjmp(handler))
            fall(depth);
        else
            bench_use(&handler);
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, bench_is(&bench, "enter") ? enter : throw);
    bench_print(&bench);
    return 0;
}
