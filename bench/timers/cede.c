/*
 * N timers with deadlines drawn by lot from a second: all are made, every other
 * one is cancelled, the rest run when all are due. Each of the three is timed
 * by itself. ns_per_op is the sum: a timer made, one cancelled, one run.
 */
#include <cede.h>

#include "timers.h"

static cede_loop *loop;
static cede_handle **handles;
static long ran;

static void run(void *argument)
{
    (void)argument;
    ran++;
}

static void insert(long i, double delay)
{
    handles[i] = cede_loop_call_later(loop, delay, run, NULL);
}

static void cancel(long i)
{
    cede_handle_cancel(handles[i]);
}

static void expire(long count)
{
    while (ran < count)
        cede_loop_run_once(loop, 0);
    ran = 0;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    loop = cede_loop_new();
    handles = malloc((size_t)bench.ops * sizeof(cede_handle *));
    timers_run(&bench, insert, cancel, expire);
    free(handles);
    cede_loop_close(loop);
    cede_unref(loop);
    return 0;
}
