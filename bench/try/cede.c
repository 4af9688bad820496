/*
 * A try statement:
 *   enter    entered and left without an exception
 *   throw1   an exception that exists is raised by a function that it calls
 *   throw20  the same with twenty calls between
 */
#include <cede.h>

#include "bench.h"

static cede_exception *error;

__attribute__((noinline)) static void fall(int depth)
{
    if (depth < 1)
        return; /* never */
    if (depth == 1)
        cede_raise(error);
    fall(depth - 1);
    bench_use(depth); /* no tail call */
}

static long enter(struct bench *bench, long ops)
{
    (void)bench;
    for (long i = 0; i < ops; i++) {
        cede_try {
            bench_use(i);
        } cede_except (cede_ValueError, e) {
            abort();
        } cede_end
    }
    return ops;
}

static long throw(struct bench *bench, long ops)
{
    int depth = bench_is(bench, "throw20") ? 20 : 1;

    for (long i = 0; i < ops; i++) {
        cede_try {
            fall(depth);
        } cede_except (cede_ValueError, e) {
            bench_use(e);
        } cede_end
    }
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    error = cede_exception(cede_ValueError, "wrong");
    bench_run(&bench, bench_is(&bench, "enter") ? enter : throw);
    bench_print(&bench);
    cede_unref(error);
    return 0;
}
