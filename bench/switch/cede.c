/*
 * Tasks that let all others run, N of them: cede_sleep(0).
 *
 * The clock starts when all tasks have run up to their first yield and stops
 * when the last is done.
 */
#include <cede.h>

#include "bench.h"

static struct bench *bench;
static long each, left;

static cede_value child(void *argument)
{
    (void)argument;
    for (long i = 0; i <= each; i++)
        cede_sleep(0);
    if (--left == 0)
        bench_end(bench, each * bench->size);
    return cede_none;
}

static void switches(struct bench *own, long ops)
{
    long count = own->size;
    cede_task **tasks = malloc((size_t)count * sizeof(cede_task *));

    bench = own;
    each = ops / count > 0 ? ops / count : 1;
    left = count;
    for (long i = 0; i < count; i++)
        tasks[i] = cede_create_task(child, NULL);
    cede_sleep(0);
    bench_begin(own);
    cede_gather_array(NULL, tasks, (size_t)count, 0);
    free(tasks);
}

static cede_value body(void *argument)
{
    bench_run_own(argument, switches);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench own = bench_open(argc, argv);

    cede_run(body, &own);
    bench_print(&own);
    return 0;
}
