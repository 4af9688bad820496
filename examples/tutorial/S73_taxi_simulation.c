/*
 * A simulation: each taxi is a generator that yields what it does next and is
 * sent the time when it is done. examples/taxi_sim.c is the whole program.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cede.h>

enum { NUMBER_OF_TAXIS = 3, END_TIME = 180 }; /* minutes */

struct event {
    int64_t time;
    int proc;
    const char *action; /* NULL: none, the taxi is home */
};

struct taxi {
    int ident, trips;
    int64_t start_time;
};

/* Yields an event, and returns the time that is sent. */
static cede_value does(int64_t time, int ident, const char *action)
{
    struct event event = {time, ident, action};

    return cede_yield(&event);
}

static cede_value taxi_process(void *arg)
{
    const struct taxi *taxi = arg;
    cede_value time = does(taxi->start_time, taxi->ident, "leave garage");

    for (int i = 0; i < taxi->trips; i++) {
        time = does(cede_value_int(time), taxi->ident, "pick up passenger");
        time = does(cede_value_int(time), taxi->ident, "drop off passenger");
    }
    does(cede_value_int(time), taxi->ident, "going home");
    return cede_none;
}

static uint64_t lcg; /* in place of chance, the same everywhere */

static double exponential(double mean)
{
    lcg = lcg * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return -log(1 - (double)(lcg >> 11) / 9007199254740992.0) * mean;
}

static int64_t compute_duration(const char *previous_action)
{
    int interval;

    if (strcmp(previous_action, "leave garage") == 0 ||
        strcmp(previous_action, "drop off passenger") == 0)
        interval = 5;
    else if (strcmp(previous_action, "pick up passenger") == 0)
        interval = 20;
    else if (strcmp(previous_action, "going home") == 0)
        interval = 1;
    else
        cede_raise(cede_ValueError, "unknown previous_action: %s", previous_action);
    return (int64_t)exponential(interval) + 1;
}

/* A taxi waits for one event at a time, so the queue is a place for each; the
   earliest event is next, and of several the first taxi's. */
static struct event *earliest(struct event *events, int num_taxis, int *pending)
{
    struct event *first = NULL;

    *pending = 0;
    for (int i = 0; i < num_taxis; i++) {
        if (!events[i].action)
            continue;
        *pending += 1;
        if (!first || events[i].time < first->time)
            first = &events[i];
    }
    return first;
}

static void run(cede_generator **procs, int num_taxis, int64_t end_time)
{
    struct event events[NUMBER_OF_TAXIS];
    int64_t sim_time = 0;
    int pending;

    for (int i = 0; i < num_taxis; i++)
        events[i] = *(struct event *)cede_value_pointer(cede_next(procs[i]));
    while (sim_time < end_time) {
        struct event *event = earliest(events, num_taxis, &pending);

        if (!event) {
            cede_print("*** end of event ***");
            return;
        }
        sim_time = event->time;
        printf("taxi: %d %*s Event(time=%" PRId64 ", proc=%d, action='%s')\n",
               event->proc, event->proc, "", event->time, event->proc, event->action);
        cede_try {
            *event = *(struct event *)cede_value_pointer(cede_generator_send(
                procs[event->proc], sim_time + compute_duration(event->action)));
        } cede_except (cede_StopIteration) { event->action = NULL; } cede_end
    }
    earliest(events, num_taxis, &pending);
    printf("*** end of simulation time: %d event pendding ***\n", pending);
}

static void simulate(int64_t end_time, int num_taxis, uint64_t seed)
{
    cede_generator *taxis[NUMBER_OF_TAXIS];

    lcg = seed;
    for (int i = 0; i < num_taxis; i++)
        taxis[i] = cede_generator_with(taxi_process, ((struct taxi){i, (i + 1) * 2, i * 5}));
    run(taxis, num_taxis, end_time);
    for (int i = 0; i < num_taxis; i++)
        cede_unref(taxis[i]);
}

int main(void)
{
    simulate(END_TIME, NUMBER_OF_TAXIS, 3);
    cede_print("-- end_time 60, two taxis, seed 7");
    simulate(60, 2, 7);
}
