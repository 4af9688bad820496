/*
 * A fleet of taxis, simulated event by event: every taxi is a generator that
 * yields what it does next and is sent the time when it is done. No threads,
 * no callbacks; the state of a taxi is where its function stands.
 *
 *     taxi_sim [-e END] [-t TAXIS] [-s SEED]     prints every event
 *     taxi_sim --fleet N                         N taxis, a line of progress
 *
 * The same seed gives the same trace.
 */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cede.h>

enum {
    DEFAULT_TAXIS = 3,
    DEFAULT_END_TIME = 180, /* minutes */
    SEARCH_DURATION = 5,
    TRIP_DURATION = 20,
    DEPARTURE_INTERVAL = 5,
    DAY = 24 * 60,
};

/* ---- events, ordered by time, then taxi, then action --------------------- */

enum action { DROP_OFF, GOING_HOME, LEAVE_GARAGE, PICK_UP };

static const char *const action_names[] = {
    [DROP_OFF] = "drop off passenger",
    [GOING_HOME] = "going home",
    [LEAVE_GARAGE] = "leave garage",
    [PICK_UP] = "pick up passenger",
};

struct event {
    int64_t time;
    int taxi;
    enum action action;
};

static bool is_before(const struct event *a, const struct event *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->taxi != b->taxi)
        return a->taxi < b->taxi;
    return a->action < b->action;
}

/* A binary heap; it never holds more than one event per taxi. */
struct queue {
    struct event *events;
    int count;
};

static void push(struct queue *queue, struct event event)
{
    int at = queue->count++;

    while (at > 0 && is_before(&event, &queue->events[(at - 1) / 2])) {
        queue->events[at] = queue->events[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->events[at] = event;
}

static struct event pop(struct queue *queue)
{
    struct event first = queue->events[0];
    struct event last = queue->events[--queue->count];
    int at = 0;

    for (;;) {
        int child = 2 * at + 1;

        if (child + 1 < queue->count &&
            is_before(&queue->events[child + 1], &queue->events[child]))
            child++;
        if (child >= queue->count || !is_before(&queue->events[child], &last))
            break;
        queue->events[at] = queue->events[child];
        at = child;
    }
    queue->events[at] = last;
    return first;
}

/* ---- a taxi -------------------------------------------------------------- */

struct taxi {
    int number;
    int trips;
    int64_t start_time;
};

/* Yields its next event and is sent the time it takes place. The event is the
   generator's own local: it stays where it is while the generator waits. */
static int64_t does(const struct taxi *taxi, int64_t now, enum action action)
{
    struct event event = {now, taxi->number, action};
    cede_value sent = cede_yield(&event);

    return cede_is_none(sent) ? now : cede_value_int(sent);
}

static void taxi_process(const struct taxi *taxi)
{
    int64_t now = does(taxi, taxi->start_time, LEAVE_GARAGE);

    for (int trip = 0; trip < taxi->trips; trip++) {
        now = does(taxi, now, PICK_UP);
        now = does(taxi, now, DROP_OFF);
    }
    does(taxi, now, GOING_HOME);
}

/* ---- chance: portable, so that traces can be compared -------------------- */

static uint64_t chance;

static double exponential(double mean)
{
    chance = chance * UINT64_C(6364136223846793005) +
             UINT64_C(1442695040888963407);
    return -log(1 - (double)(chance >> 11) / 9007199254740992.0) * mean;
}

static int64_t duration_after(enum action action)
{
    static const int means[] = {
        [LEAVE_GARAGE] = SEARCH_DURATION,
        [DROP_OFF] = SEARCH_DURATION,
        [PICK_UP] = TRIP_DURATION,
        [GOING_HOME] = 1,
    };

    return (int64_t)exponential(means[action]) + 1;
}

/* ---- the simulator ------------------------------------------------------- */

struct simulator {
    cede_generator **taxis; /* NULL: gone home */
    int count;
    struct queue queue;
    int64_t events;
    bool prints;
};

static void take(struct simulator *simulator, cede_value item)
{
    push(&simulator->queue, *(struct event *)cede_value_pointer(item));
}

static void report_event(const struct event *event)
{
    printf("taxi: %d %*s Event(time=%" PRId64 ", proc=%d, action='%s')\n",
           event->taxi, event->taxi, "", event->time, event->taxi,
           action_names[event->action]);
}

/* Lets the taxi of an event go on to its next one. */
static void resume(struct simulator *simulator, const struct event *event)
{
    cede_generator *taxi = simulator->taxis[event->taxi];

    cede_try {
        take(simulator,
             cede_generator_send(taxi, event->time +
                                           duration_after(event->action)));
    } cede_except (cede_StopIteration) {
        simulator->taxis[event->taxi] = NULL;
        cede_unref(taxi);
    } cede_end
}

static void show_progress(const struct simulator *simulator, int64_t now,
                          int64_t end_time)
{
    if (!simulator->prints && simulator->events % 1000000 == 0)
        fprintf(stderr, "\r%3d %%  %" PRId64 " million events",
                (int)(100 * now / end_time), simulator->events / 1000000);
}

static void simulate(struct simulator *simulator, int64_t end_time)
{
    int64_t now = 0;

    for (int i = 0; i < simulator->count; i++)
        take(simulator, cede_next(simulator->taxis[i]));
    while (now < end_time) {
        struct event event;

        if (simulator->queue.count == 0) {
            printf("*** end of event ***\n");
            return;
        }
        event = pop(&simulator->queue);
        now = event.time;
        if (simulator->prints)
            report_event(&event);
        simulator->events++;
        show_progress(simulator, now, end_time);
        resume(simulator, &event);
    }
    printf("*** end of simulation time: %d event pendding ***\n",
           simulator->queue.count);
}

static void *allocate(size_t count, size_t size)
{
    void *block = calloc(count, size);

    if (!block)
        cede_raise(cede_MemoryError);
    return block;
}

static void dismiss(struct simulator *simulator)
{
    for (int i = 0; i < simulator->count; i++)
        cede_unref(simulator->taxis[i]);
    free(simulator->taxis);
    free(simulator->queue.events);
}

static void run(int taxis, int64_t end_time, bool is_fleet)
{
    struct simulator simulator = {.prints = !is_fleet};
    clock_t begin = clock();

    cede_defer (dismiss, &simulator);
    simulator.taxis = allocate((size_t)taxis + 1, sizeof *simulator.taxis);
    simulator.queue.events = allocate((size_t)taxis + 1, sizeof(struct event));
    for (; simulator.count < taxis; simulator.count++) {
        int i = simulator.count;
        struct taxi taxi = {i, (i + 1) * 2, (int64_t)i * DEPARTURE_INTERVAL};

        if (is_fleet) /* all leave in the morning, and work a while */
            taxi = (struct taxi){i, i % 8 + 1, i % 600};
        simulator.taxis[i] = cede_generator_with(taxi_process, taxi);
    }
    simulate(&simulator, end_time);
    if (is_fleet)
        fprintf(stderr, "\r%d taxis, %" PRId64 " events, %.1f s of CPU\n",
                taxis, simulator.events,
                (double)(clock() - begin) / CLOCKS_PER_SEC);
}

/* ---- the command line ---------------------------------------------------- */

static void usage(FILE *out)
{
    fprintf(out,
            "usage: taxi_sim [-e END] [-t TAXIS] [-s SEED] [--fleet N]\n"
            "\n"
            "Taxi fleet simulator.\n"
            "\n"
            "  -e, --end-time END  simulation end time in minutes; default %d\n"
            "  -t, --taxis TAXIS   number of taxis running; default %d\n"
            "  -s, --seed SEED     random generator seed (for testing)\n"
            "  --fleet N           N taxis for a day, without a trace\n",
            DEFAULT_END_TIME, DEFAULT_TAXIS);
}

static int64_t number_of(const char *text, int64_t least, int64_t most)
{
    char *end;
    int64_t number = strtoll(text, &end, 10);

    if (*end || end == text || number < least || number > most) {
        fprintf(stderr,
                "taxi_sim: '%s' is not a number from %" PRId64 " to %" PRId64
                "\n",
                text, least, most);
        exit(2);
    }
    return number;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"end-time", required_argument, NULL, 'e'},
        {"taxis", required_argument, NULL, 't'},
        {"seed", required_argument, NULL, 's'},
        {"fleet", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int64_t end_time = -1;
    int taxis = DEFAULT_TAXIS;
    bool is_fleet = false;
    int option;

    chance = (uint64_t)time(NULL);
    while ((option = getopt_long(argc, argv, "e:t:s:h", options, NULL)) != -1) {
        switch (option) {
        case 'e':
            end_time = number_of(optarg, 0, INT64_MAX / 4);
            break;
        case 'f':
            is_fleet = true;
            /* fall through */
        case 't':
            taxis = (int)number_of(optarg, 0, 100000000);
            break;
        case 's':
            chance = (uint64_t)number_of(optarg, INT64_MIN, INT64_MAX);
            break;
        default:
            usage(option == 'h' ? stdout : stderr);
            return option == 'h' ? 0 : 2;
        }
    }
    if (end_time < 0)
        end_time = is_fleet ? DAY : DEFAULT_END_TIME;
    run(taxis, end_time, is_fleet);
}
