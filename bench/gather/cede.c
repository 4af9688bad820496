/*
 * N tasks that return a number each, gathered.
 */
#include <cede.h>

#include "bench.h"

static cede_value child(void *argument)
{
    return cede_box((int64_t)(intptr_t)argument);
}

/* Every time as many as the case says. */
static long gather(struct bench *bench, long ops)
{
    long count = bench->size < ops ? bench->size : ops;
    cede_task **tasks = malloc((size_t)count * sizeof(cede_task *));
    cede_value *results = malloc((size_t)count * sizeof *results);
    long done = 0;

    while (done < ops) {
        for (long i = 0; i < count; i++)
            tasks[i] = cede_create_task(child, (void *)i);
        cede_gather_array(results, tasks, (size_t)count, 0);
        bench_use(cede_value_int(results[count - 1]));
        done += count;
    }
    free(tasks);
    free(results);
    return done;
}

static cede_value body(void *bench)
{
    bench_run(bench, gather);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    cede_run(body, &bench);
    bench_print(&bench);
    return 0;
}
