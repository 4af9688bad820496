/*
 * echo_load HOST PORT CONNECTIONS ROUNDS [--server-pid PID]: puts an echo
 * server under load and checks every byte that comes back.
 *
 * First it establishes all connections; then every connection, in a task of
 * its own, sends ROUNDS requests, one after another; then each is closed, and
 * nothing more may have come. What goes wrong on one connection is counted
 * and does not stop the others. The clock runs in the middle phase only.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cede.h>

#include "arguments.h"
#include "limits.h"

enum {
    IN_FLIGHT = 500,    /* connections being made, or closed, at a time */
    SPARE_FILES = 16,   /* open files that are no connections */
    ERRORS_SHOWN = 10,
    LARGEST = 16 << 10, /* bytes of a request */
    NOISE = 1 << 20,    /* bytes that requests are cut from */
};

CEDE_EXCEPTION(WrongReply, cede_Exception);

struct connection {
    struct load *load;
    cede_stream *stream; /* NULL: not connected, or given up */
    uint64_t random;
};

/* One pass over all connections. */
struct phase {
    const char *what;
    void (*work)(struct connection *connection);
    size_t tasks; /* connections worked on at a time */
    size_t steps; /* when it is over */
    size_t done;  /* steps */
    size_t next;  /* connection that no task has taken yet */
};

struct load {
    const char *host;
    long port, count, rounds;
    long server; /* process, 0: unknown */
    struct connection *connections;
    unsigned char *noise;
    struct phase phase;
    bool terminal;

    size_t requests, errors;
    uint64_t bytes;     /* sent, and got back */
    int64_t *latencies; /* nanoseconds of each request */
    double connecting, requesting; /* seconds */
    long memory_before, memory_peak; /* of the server, KiB; 0: unknown */
};

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* splitmix64: the same numbers in every run. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t bits = *state += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

/* --- errors and progress --- */

static void give_up(struct connection *connection, cede_exception *e)
{
    struct load *load = connection->load;

    if (load->errors < ERRORS_SHOWN)
        fprintf(stderr, "%sconnection %td: %s: %s\n",
                load->terminal ? "\r\033[K" : "",
                connection - load->connections, cede_exception_name(e),
                cede_exception_message(e));
    else if (load->errors == ERRORS_SHOWN)
        fprintf(stderr, "further errors are only counted\n");
    load->errors++;
    cede_unref(connection->stream);
    connection->stream = NULL;
}

static void show_progress(const struct load *load)
{
    const struct phase *phase = &load->phase;

    fprintf(stderr, "%s%s: %zu of %zu (%zu %%), errors: %zu%s",
            load->terminal ? "\r\033[K" : "", phase->what, phase->done,
            phase->steps, phase->done * 100 / phase->steps, load->errors,
            load->terminal ? "" : "\n");
}

static void watch(const struct load *load)
{
    while (load->phase.done < load->phase.steps) {
        cede_sleep(load->terminal ? 0.1 : 1);
        show_progress(load);
    }
}

/* --- the three phases --- */

/* Works on one connection after another until none is left. */
static void worker(struct load *load)
{
    while (load->phase.next < (size_t)load->count) {
        struct connection *connection =
            &load->connections[load->phase.next++];

        cede_try {
            load->phase.work(connection);
        } cede_except (cede_Exception, e) {
            give_up(connection, e);
        } cede_end
    }
}

/* Returns how many seconds the phase took. */
static double run_phase(struct load *load, struct phase phase)
{
    void **tasks = calloc(phase.tasks, sizeof *tasks);
    cede_task *progress;
    int64_t start = now();

    if (!tasks)
        cede_raise(cede_MemoryError);
    cede_defer (free, tasks);
    load->phase = phase;
    progress = cede_create_task(watch, load);
    for (size_t i = 0; i < phase.tasks; i++)
        tasks[i] = cede_create_task(worker, load);
    cede_gather_array(NULL, tasks, phase.tasks, 0);
    start = now() - start;

    cede_task_cancel(progress, NULL);
    cede_unref(progress);
    show_progress(load);
    if (load->terminal)
        fputc('\n', stderr);
    return start / 1e9;
}

static void connect_one(struct connection *connection)
{
    struct load *load = connection->load;

    connection->stream = cede_open_connection(load->host, (int)load->port);
    load->phase.done++;
}

/* Reads `size` bytes and compares each with what was sent. */
static void check_reply(cede_stream *stream, const unsigned char *sent,
                        size_t size)
{
    size_t count;

    for (size_t seen = 0; seen < size; seen += count) {
        const void *reply = cede_stream_next(stream, &count);

        if (!reply)
            cede_raise(WrongReply, "the server closed after %zu of %zu bytes",
                       seen, size);
        if (count > size - seen)
            cede_raise(WrongReply, "%zu bytes more than were sent",
                       count - (size - seen));
        if (memcmp(reply, sent + seen, count) != 0)
            cede_raise(WrongReply, "wrong bytes among %zu to %zu of %zu", seen,
                       seen + count - 1, size);
    }
}

/* 1 byte to 16 KiB: each power of two is as likely as the others. */
static void request(struct connection *connection)
{
    struct load *load = connection->load;
    uint64_t *random = &connection->random;
    size_t most = (size_t)1 << next_random(random) % 15;
    size_t size = 1 + next_random(random) % most;
    const unsigned char *data =
        load->noise + next_random(random) % (NOISE - LARGEST);
    int64_t start = now();

    cede_stream_write(connection->stream, data, size);
    check_reply(connection->stream, data, size);
    load->latencies[load->requests++] = now() - start;
    load->bytes += size;
    load->phase.done++;
}

static void request_all(struct connection *connection)
{
    if (!connection->stream)
        return;
    for (long round = 0; round < connection->load->rounds; round++)
        request(connection);
}

/* The server must end its side when we end ours, and say nothing more. */
static void close_one(struct connection *connection)
{
    size_t count;

    if (!connection->stream)
        return;
    cede_stream_write_eof(connection->stream);
    if (cede_stream_next(connection->stream, &count))
        cede_raise(WrongReply, "%zu bytes after the last reply", count);
    cede_unref(connection->stream);
    connection->stream = NULL;
    connection->load->phase.done++;
}

/* --- what the system knows of the server --- */

/* The number behind `label` in a file of /proc, 0 if there is none. */
static long read_proc(long process, const char *file, const char *label)
{
    char path[64], line[256];
    long number = 0;
    FILE *stream;

    snprintf(path, sizeof path, "/proc/%ld/%s", process, file);
    stream = process ? fopen(path, "re") : NULL;
    if (!stream)
        return 0;
    while (fgets(line, sizeof line, stream))
        if (!strncmp(line, label, strlen(label)))
            number = strtol(line + strlen(label), NULL, 10);
    fclose(stream);
    return number;
}

static void respect_limit(struct load *load, const char *whose, long limit)
{
    if (limit <= 0 || load->count <= limit - SPARE_FILES)
        return;
    load->count = limit > SPARE_FILES ? limit - SPARE_FILES : 1;
    fprintf(stderr, "%s may open %ld files: using %ld connections\n", whose,
            limit, load->count);
}

/* --- the report --- */

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* The latency, in ms, that so many percent of the requests did not exceed. */
static double percentile(const struct load *load, size_t percent)
{
    size_t rank = (load->requests * percent + 99) / 100;

    return rank ? load->latencies[rank - 1] / 1e6 : 0;
}

static void report(const struct load *load)
{
    double memory = load->memory_peak / 1024.0;

    printf("%-22s %12ld\n", "connections", load->count);
    printf("%-22s %12.2f s\n", "time to connect", load->connecting);
    printf("%-22s %12zu\n", "requests", load->requests);
    printf("%-22s %12.1f MiB there and back\n", "bytes",
           load->bytes / 1048576.0);
    printf("%-22s %12.2f s\n", "time of the requests", load->requesting);
    printf("%-22s %12.0f\n", "requests per second",
           load->requests / load->requesting);
    printf("%-22s %12.1f ms\n", "latency p50", percentile(load, 50));
    printf("%-22s %12.1f ms\n", "latency p90", percentile(load, 90));
    printf("%-22s %12.1f ms\n", "latency p99", percentile(load, 99));
    printf("%-22s %12.1f ms\n", "latency max", percentile(load, 100));
    if (load->memory_peak) {
        printf("%-22s %12.1f MiB at its peak\n", "server memory", memory);
        printf("%-22s %12.1f KiB\n", "  per connection",
               (double)(load->memory_peak - load->memory_before) /
                   load->count);
    }
    printf("demo: connections=%ld requests=%zu errors=%zu seconds=%.2f "
           "p99_ms=%.1f server_rss_mib=%.1f\n",
           load->count, load->requests, load->errors, load->requesting,
           percentile(load, 99), memory);
}

/* --- the program --- */

static void allocate(struct load *load)
{
    uint64_t seed = 1;

    load->connections = calloc(load->count, sizeof *load->connections);
    load->latencies =
        calloc((size_t)load->count * load->rounds, sizeof *load->latencies);
    load->noise = malloc(NOISE);
    if (!load->connections || !load->latencies || !load->noise) {
        fputs("echo_load: not enough memory for so many requests\n", stderr);
        exit(1);
    }
    for (long i = 0; i < load->count; i++)
        load->connections[i] = (struct connection){load, NULL, i};
    for (size_t i = 0; i < NOISE; i++)
        load->noise[i] = (unsigned char)next_random(&seed);
}

static void run(struct load *load)
{
    size_t count = load->count, few = count < IN_FLIGHT ? count : IN_FLIGHT;

    load->memory_before = read_proc(load->server, "status", "VmRSS:");
    load->connecting = run_phase(load, (struct phase){
        .what = "connections", .work = connect_one, .tasks = few,
        .steps = count});
    load->requesting = run_phase(load, (struct phase){
        .what = "requests", .work = request_all, .tasks = count,
        .steps = count * load->rounds});
    load->memory_peak = read_proc(load->server, "status", "VmHWM:");
    run_phase(load, (struct phase){
        .what = "closed", .work = close_one, .tasks = few, .steps = count});
}

static bool parse(struct load *load, int argc, char **argv)
{
    if (argc != 5 && argc != 7)
        return false;
    load->host = argv[1];
    return parse_number(argv[2], 1, 65535, &load->port) &&
           parse_number(argv[3], 1, 1000000, &load->count) &&
           parse_number(argv[4], 1, 1000000, &load->rounds) &&
           (argc == 5 || (!strcmp(argv[5], "--server-pid") &&
                          parse_number(argv[6], 1, INT32_MAX, &load->server)));
}

int main(int argc, char **argv)
{
    const char usage[] = "usage: echo_load HOST PORT CONNECTIONS ROUNDS "
                         "[--server-pid PID]\n";
    static struct load load;

    if (argc == 2 && !strcmp(argv[1], "--help")) {
        fputs(usage, stdout);
        return 0;
    }
    if (!parse(&load, argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    respect_limit(&load, "this process", (long)raise_open_file_limit());
    respect_limit(&load, "the server",
                  read_proc(load.server, "limits", "Max open files"));
    load.terminal = isatty(STDERR_FILENO);
    allocate(&load);
    cede_run(run, &load);
    qsort(load.latencies, load.requests, sizeof *load.latencies, compare);
    report(&load);
    free(load.connections);
    free(load.latencies);
    free(load.noise);
    return load.errors > 0;
}
