/*
 * Making a context, running it to its end: makecontext and swapcontext.
 *
 * Config: glibc; one stack, used again and again.
 */
#include <ucontext.h>

#include "bench.h"

static ucontext_t outside, inside;

static void once(void)
{
    bench_use(&inside);
}

static long create(struct bench *bench, long ops)
{
    static char stack[64 * 1024];

    (void)bench;
    for (long i = 0; i < ops; i++) {
        getcontext(&inside);
        inside.uc_stack.ss_sp = stack;
        inside.uc_stack.ss_size = sizeof stack;
        inside.uc_link = &outside;
        makecontext(&inside, once, 0);
        swapcontext(&outside, &inside);
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
