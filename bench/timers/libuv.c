/*
 * Timers of libuv; cede.c says what is done with them.
 *
 * Config: one array of uv_timer_t, initialized beforehand and not timed;
 * uv_timer_start and uv_timer_stop; deadlines are whole milliseconds, which is
 * what it has, and the time is the loop's, read once per iteration.
 */
#include <uv.h>

#include "timers.h"

static uv_loop_t *loop;
static uv_timer_t *timers;
static long ran;

static void run(uv_timer_t *timer)
{
    (void)timer;
    ran++;
}

static void insert(long i, double delay)
{
    uv_timer_start(&timers[i], run, (uint64_t)(delay * 1000), 0);
}

static void cancel(long i)
{
    uv_timer_stop(&timers[i]);
}

static void expire(long count)
{
    while (ran < count)
        uv_run(loop, UV_RUN_NOWAIT);
    uv_update_time(loop);
    ran = 0;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    loop = uv_default_loop();
    timers = malloc((size_t)bench.ops * sizeof *timers);
    for (long i = 0; i < bench.ops; i++)
        uv_timer_init(loop, &timers[i]);
    uv_update_time(loop);
    timers_run(&bench, insert, cancel, expire);
    return 0;
}
