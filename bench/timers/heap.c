/*
 * The mechanism alone: a binary heap of 64-bit deadlines in an array of
 * pointers, each timer knowing its place; cede.c says what is done with it.
 *
 * Config: the timers and the array lie there beforehand. The clock is read once
 * per insertion, as cede does. Equal deadlines keep no order.
 */
#include "timers.h"

struct timer {
    uint64_t when;
    long place;
};

static struct timer *timers, **heap;
static long used, ran;

static void put(long place, struct timer *timer)
{
    heap[place] = timer;
    timer->place = place;
}

static void up(long place, struct timer *timer)
{
    while (place > 0 && heap[(place - 1) / 2]->when > timer->when) {
        put(place, heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(place, timer);
}

static void down(long place, struct timer *timer)
{
    long child;

    while ((child = 2 * place + 1) < used) {
        if (child + 1 < used && heap[child + 1]->when < heap[child]->when)
            child++;
        if (heap[child]->when >= timer->when)
            break;
        put(place, heap[child]);
        place = child;
    }
    put(place, timer);
}

static void take_out(long place)
{
    struct timer *last = heap[--used];

    if (place == used)
        return;
    if (place > 0 && heap[(place - 1) / 2]->when > last->when)
        up(place, last);
    else
        down(place, last);
}

static void insert(long i, double delay)
{
    timers[i].when =
        (uint64_t)(bench_clock(CLOCK_MONOTONIC) + delay * 1e9);
    up(used++, &timers[i]);
}

static void cancel(long i)
{
    take_out(timers[i].place);
}

static void run(struct timer *timer)
{
    bench_use(timer);
    ran++;
}

static void expire(long count)
{
    while (ran < count) {
        uint64_t now = (uint64_t)bench_clock(CLOCK_MONOTONIC);

        while (used && heap[0]->when <= now) {
            struct timer *first = heap[0];

            take_out(0);
            run(first);
        }
    }
    ran = 0;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    timers = malloc((size_t)bench.ops * sizeof *timers);
    heap = malloc((size_t)bench.ops * sizeof(struct timer *));
    timers_run(&bench, insert, cancel, expire);
    free(timers);
    free(heap);
    return 0;
}
