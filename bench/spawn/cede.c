/*
 * cede_create_task and cede_await, one after the other.
 */
#include <cede.h>

#include "bench.h"

static cede_value child(void *argument)
{
    bench_use(argument);
    return cede_none;
}

static long spawn(struct bench *bench, long ops)
{
    for (long i = 0; i < ops; i++)
        cede_await(cede_create_task(child, bench));
    return ops;
}

static cede_value body(void *bench)
{
    bench_run(bench, spawn);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    cede_run(body, &bench);
    bench_print(&bench);
    return 0;
}
