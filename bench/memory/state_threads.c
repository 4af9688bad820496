/*
 * Threads that wait for a condition variable.
 *
 * Config: default stack size (128 KiB); guards are not protected unless the
 * library is built for debugging.
 */
#include <st.h>

#include "memory.h"

static st_cond_t never;

static void *waits(void *argument)
{
    st_cond_wait(never);
    return argument;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);
    struct memory before;

    st_init();
    never = st_cond_new();
    before = memory_now();
    for (long i = 0; i < bench.ops; i++)
        if (!st_thread_create(waits, NULL, 0, 0)) {
            fprintf(stderr, "no more than %ld threads\n", i);
            return 1;
        }
    st_usleep(0);
    memory_print(before, bench.ops);
    return 0;
}
