/*
 * Threads that sleep; cede.c says for how long.
 *
 * Config: st_usleep, stacks of 16 KiB, the epoll event system; no guards.
 */
#include <st.h>

#include "bench.h"

static long done, left;
static st_cond_t all;

static void *sleeps(void *argument)
{
    st_usleep((st_utime_t)(uintptr_t)argument);
    done++;
    if (--left == 0)
        st_cond_signal(all);
    return NULL;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    uint64_t seed = 1;

    st_set_eventsys(ST_EVENTSYS_ALT);
    st_init();
    all = st_cond_new();
    left = bench.ops;
    bench_begin(&bench);
    for (long i = 0; i < bench.ops; i++) {
        uint64_t us = (uint64_t)bench_random(&seed) * 1000000 >> 32;

        if (!st_thread_create(sleeps, (void *)(uintptr_t)us, 0, 16 * 1024))
            break;
    }
    st_cond_wait(all);
    bench_end(&bench, 1);
    bench_print_whole(&bench, done);
    return 0;
}
