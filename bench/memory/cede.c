/*
 * What N idle ones take:
 *   generator  one that has yielded once
 *   task       one that waits for an event
 * bytes is resident memory each, tables the page tables besides.
 */
#include <cede.h>

#include "memory.h"

static cede_event *never;

static cede_value yields(void *argument)
{
    (void)argument;
    cede_yield(1);
    return cede_none;
}

static cede_value waits(void *argument)
{
    (void)argument;
    cede_event_wait(never);
    return cede_none;
}

static cede_value body(void *argument)
{
    struct bench *bench = argument;
    void **all = malloc((size_t)bench->ops * sizeof(void *));
    bool tasks = bench_is(bench, "task");
    struct memory before;

    never = cede_event_new();
    memset(all, 1, (size_t)bench->ops * sizeof(void *));
    before = memory_now();
    for (long i = 0; i < bench->ops; i++)
        if (tasks) {
            all[i] = cede_create_task(waits, NULL);
        } else {
            all[i] = cede_generator(yields, NULL);
            cede_next(all[i]);
        }
    cede_sleep(0);
    memory_print(before, bench->ops);
    cede_event_set(never);
    for (long i = 0; i < bench->ops; i++)
        cede_unref(all[i]);
    free(all);
    cede_unref(never);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    cede_run(body, &bench);
    return 0;
}
