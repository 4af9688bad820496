/*
 * Items through cede_for and cede_yield.
 */
#include <cede.h>

#include "bench.h"

static cede_value count(void *argument)
{
    for (long i = 0, n = *(long *)argument; i < n; i++)
        cede_yield((int64_t)i);
    return cede_none;
}

static long items(struct bench *bench, long ops)
{
    int64_t sum = 0;

    (void)bench;
    cede_for (item, cede_generator(count, &ops))
        sum += cede_value_int(item);
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
