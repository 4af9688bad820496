/*
 * Items through swapcontext, which saves the signal mask by a system call at
 * every switch: what the C library itself offers.
 *
 * Config: glibc, one malloc'ed stack.
 */
#include <ucontext.h>

#include "bench.h"

static ucontext_t consumer, producer;
static long item, left;

static void produce(void)
{
    for (long i = 0; left > 0; i++, left--) {
        item = i;
        swapcontext(&producer, &consumer);
    }
}

static long items(struct bench *bench, long ops)
{
    static char stack[64 * 1024];
    long sum = 0;

    (void)bench;
    left = ops;
    getcontext(&producer);
    producer.uc_stack.ss_sp = stack;
    producer.uc_stack.ss_size = sizeof stack;
    producer.uc_link = &consumer;
    makecontext(&producer, produce, 0);
    while (swapcontext(&consumer, &producer), left > 0)
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
