/*
 * Making a generator, running it to its end, giving it up. Its stack is warm:
 * the one that the last has left.
 */
#include <cede.h>

#include "bench.h"

static cede_value once(void *argument)
{
    bench_use(argument);
    return cede_none;
}

static long create(struct bench *bench, long ops)
{
    for (long i = 0; i < ops; i++)
        cede_for (item, cede_generator(once, bench))
            bench_use(cede_value_int(item));
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, create);
    bench_print(&bench);
    return 0;
}
