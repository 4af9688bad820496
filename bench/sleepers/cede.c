/*
 * N tasks that sleep for a time drawn by lot from a second, all at once; then
 * the program ends. wall is from the first task made to the last done, peak the
 * most memory that the process had. The least possible is a second.
 */
#include <cede.h>

#include "bench.h"

static long done;

static cede_value sleeps(void *argument)
{
    cede_sleep((double)(uintptr_t)argument / 4294967296.0);
    done++;
    return cede_none;
}

static cede_value body(void *argument)
{
    struct bench *bench = argument;
    cede_task **tasks = malloc((size_t)bench->ops * sizeof(cede_task *));
    uint64_t seed = 1;

    bench_begin(bench);
    for (long i = 0; i < bench->ops; i++)
        tasks[i] =
            cede_create_task(sleeps, (void *)(uintptr_t)bench_random(&seed));
    cede_gather_array(NULL, tasks, (size_t)bench->ops, 0);
    bench_end(bench, 1);
    free(tasks);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    cede_run(body, &bench);
    bench_print_whole(&bench, done);
    return 0;
}
