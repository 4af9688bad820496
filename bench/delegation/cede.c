/*
 * Resuming the innermost of generators that delegate to one another, DEPTH of
 * them above it: cede_yield_from at each level.
 */
#include <cede.h>

#include "bench.h"

struct level {
    long depth, items;
};

static cede_value level(void *argument)
{
    struct level me = *(struct level *)argument;

    if (me.depth > 0) {
        struct level next = {me.depth - 1, me.items};

        return cede_yield_from(cede_generator(level, &next));
    }
    for (long i = 0; i < me.items; i++)
        cede_yield((int64_t)i);
    return cede_none;
}

/* The first item builds the chain and is not timed, nor is taking it down. */
static void resume(struct bench *bench, long ops)
{
    struct level outermost = {bench->size, ops + 1};
    long seen = -1;

    cede_for (item, cede_generator(level, &outermost)) {
        bench_use(cede_value_int(item));
        if (++seen == 0)
            bench_begin(bench);
        if (seen == ops) {
            bench_end(bench, ops);
            break;
        }
    }
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run_own(&bench, resume);
    bench_print(&bench);
    return 0;
}
