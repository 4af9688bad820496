/*
 * load - puts a server of 127.0.0.1 under load and measures both
 *
 *     load --port PORT [--pid PID] [--connections N] [--size BYTES]
 *          [--depth N] [--warm SECONDS] [--seconds SECONDS | --requests N]
 *          [--http] [--idle | --burst | --gate]
 *
 * One thread, one epoll, no allocation per request. A closed loop: each
 * connection has `depth` requests under way, and a reply is at once followed
 * by the next request. Every byte that comes back is compared with what was
 * sent; replies over HTTP are compared with the first one in status, length
 * and body. Anything unexpected ends the program with status 1.
 *
 * Connections are opened 64 at a time, each with one request and its reply
 * before the next 64, so that no queue of the kernel overflows; --burst opens
 * them as fast as the server lets it, at most BURST of them unanswered.
 *
 * --gate is for counting what the server does for exactly so many requests:
 * when all connections are open and silent it prints "ready" and waits for a
 * line of input; then does --requests, and ends when all are answered.
 *
 * It prints one line: ns_per_op is the server's CPU time per request (with
 * --burst: per connection with its request; with --idle: bytes_per_op, its
 * memory per connection), the rest is named.
 */
#define _GNU_SOURCE /* strcasestr */

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "limit.h"
#include "serving.h"

enum {
    GROUP = 64,       /* connections opened together */
    BURST = 1024,     /* connections unanswered in a burst */
    PER_SOURCE = 5000, /* connections from one address: ports are scarce */
    MOST_DEPTH = 64,
    EVENTS = 512,
    LONG = 10, /* seconds without an answer */
};

enum mode { RATE, IDLE, BURSTING, GATED };

static struct {
    int port, pid;
    unsigned connections, depth;
    size_t size;
    double warm, seconds;
    uint64_t requests; /* 0: as many as the seconds hold */
    bool http;
    enum mode mode;
} options = {.connections = 1, .depth = 1, .size = 64, .warm = 0.5,
             .seconds = 2};

struct connection {
    int fd;
    bool connecting, wants_out;
    size_t unsent;      /* bytes */
    size_t send_at;     /* where in the stream's period */
    size_t receive_at;  /* the same for replies */
    size_t got;         /* bytes of the reply that is coming */
    unsigned first, under_way; /* of `begun`, a ring */
    uint64_t begun[MOST_DEPTH];
};

static struct connection *connections;
static int epoll_fd;
static char *sent;        /* what is sent, over and over */
static size_t sent_size;  /* of one request */
static size_t reply_size; /* of one reply */
static char head_start[] = "HTTP/1.1 200 OK\r\n";
static const char body[] = "Hello, world!\n";
static struct histogram histogram;
static bool counting, refilling;
static uint64_t done, now, answered;
static char inbox[1 << 18];

static void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* --- what is sent --- */

/* Random bytes with the period of a request, so that a connection may begin
   anywhere in it and replies that went astray are noticed. */
static void make_requests(void)
{
    size_t all;
    uint32_t random = 2463534242u;

    if (options.http) {
        static char request[256];

        snprintf(request, sizeof request,
                 "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                 "User-Agent: load/1\r\nAccept: */*\r\n\r\n",
                 options.port);
        options.size = strlen(request);
        sent = request;
    }
    sent_size = reply_size = options.size;
    all = sent_size * (options.depth + 1);
    if (options.http) {
        char *copies = malloc(all);

        for (size_t i = 0; copies && i < all; i += sent_size)
            memcpy(copies + i, sent, sent_size);
        sent = copies;
    } else {
        sent = malloc(all);
        for (size_t i = 0; sent && i < all; i++) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            sent[i] = i < sent_size ? (char)random : sent[i - sent_size];
        }
    }
    if (!sent)
        die("no memory");
    connections = calloc(options.connections, sizeof *connections);
    if (!connections)
        die("no memory");
}

/* --- connections --- */

static void watch(struct connection *connection, int operation, bool out)
{
    struct epoll_event event = {
        .events = EPOLLIN | (out ? EPOLLOUT : 0),
        .data.ptr = connection,
    };

    connection->wants_out = out;
    if (epoll_ctl(epoll_fd, operation, connection->fd, &event) < 0)
        die("epoll_ctl: %s", strerror(errno));
}

static void open_socket(struct connection *connection, unsigned number,
                        int flags)
{
    struct linger none = {1, 0}; /* nothing stays behind in TIME_WAIT */
    struct sockaddr_in source = {.sin_family = AF_INET};
    struct sockaddr_in server = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | flags, 0);

    if (fd < 0)
        die("socket: %s", strerror(errno));
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + number / PER_SOURCE);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons((uint16_t)options.port);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1},
               sizeof(int));
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
        die("bind: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0 &&
        errno != EINPROGRESS)
        die("connect: %s", strerror(errno));
    connection->fd = fd;
    if (!options.http)
        connection->send_at = connection->receive_at = number % sent_size;
}

/* --- requests and replies --- */

static void transmit(struct connection *connection)
{
    while (connection->unsent > 0) {
        /* `sent` holds one period more than may be under way. */
        ssize_t part = send(connection->fd, sent + connection->send_at,
                            connection->unsent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (part < 0) {
            if (errno != EAGAIN)
                die("send: %s", strerror(errno));
            break;
        }
        connection->unsent -= (size_t)part;
        connection->send_at =
            (connection->send_at + (size_t)part) % sent_size;
    }
    if (connection->wants_out != (connection->unsent > 0))
        watch(connection, EPOLL_CTL_MOD, connection->unsent > 0);
}

static void begin(struct connection *connection, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        connection->begun[(connection->first + connection->under_way++) %
                          MOST_DEPTH] = now;
    connection->unsent += count * sent_size;
    transmit(connection);
}

static void end_one(struct connection *connection)
{
    uint64_t begun = connection->begun[connection->first++ % MOST_DEPTH];

    connection->under_way--;
    done++;
    if (counting)
        histogram_add(&histogram, now - begun);
}

static void compare(struct connection *connection, const char *bytes,
                    size_t size)
{
    if (!options.http) {
        if (memcmp(bytes, sent + connection->receive_at, size) != 0)
            die("not what was sent");
        connection->receive_at = (connection->receive_at + size) % sent_size;
    } else if (size == reply_size) { /* comes in one piece, in practice */
        if (memcmp(bytes, head_start, sizeof head_start - 1) != 0 ||
            memcmp(bytes + size - (sizeof body - 1), body,
                   sizeof body - 1) != 0)
            die("not the reply of before");
    }
}

static unsigned receive(struct connection *connection)
{
    size_t most = connection->under_way * reply_size - connection->got;
    ssize_t got = recv(connection->fd, inbox,
                       most < sizeof inbox ? most + 1 : sizeof inbox,
                       MSG_DONTWAIT);
    unsigned ended = 0;

    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got <= 0)
        die("recv: %s", got < 0 ? strerror(errno) : "the server has gone");
    if ((size_t)got > most)
        die("more than was asked for");
    compare(connection, inbox, (size_t)got);
    connection->got += (size_t)got;
    for (; connection->got >= reply_size; connection->got -= reply_size) {
        end_one(connection);
        ended++;
    }
    return ended;
}

static void serve(struct connection *connection, unsigned events)
{
    if (events & EPOLLOUT) {
        if (connection->connecting) {
            connection->connecting = false;
            begin(connection, 1);
        } else {
            transmit(connection);
        }
    }
    if (events & ~(unsigned)EPOLLOUT) {
        unsigned ended = receive(connection);

        if (ended && refilling)
            begin(connection, ended);
        answered += ended > 0;
    }
}

/* Looks once at what has happened, and acts. */
static void turn(void)
{
    static struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, LONG * 1000);

    if (count == 0)
        die("no answer for %d s", LONG);
    if (count < 0)
        die("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        now = read_clock(CLOCK_MONOTONIC);
        serve(events[i].data.ptr, events[i].events);
    }
}

/* --- what is done --- */

/* The first reply tells how long all are. */
static void learn_reply(void)
{
    struct connection probe = {0};
    size_t have = 0;
    char *end;

    open_socket(&probe, 0, 0);
    if (send(probe.fd, sent, sent_size, MSG_NOSIGNAL) != (ssize_t)sent_size)
        die("send: %s", strerror(errno));
    do {
        ssize_t got = recv(probe.fd, inbox + have, 4096, 0);

        if (got <= 0 || have > 8192)
            die("no reply over HTTP");
        have += (size_t)got;
        inbox[have] = '\0';
        end = strstr(inbox, "\r\n\r\n");
    } while (!end || !strstr(end, body));
    if (strncmp(inbox, head_start, strlen(head_start)) != 0 ||
        !strcasestr(inbox, "\r\nContent-Length: 14\r\n") ||
        !strcasestr(inbox, "\r\nDate: ") || strcmp(end + 4, body) != 0)
        die("not the reply that is wanted:\n%s", inbox);
    reply_size = have;
    close(probe.fd);
}

static void open_all(void)
{
    for (unsigned i = 0; i < options.connections;) {
        unsigned count = 0;
        uint64_t wanted = done;

        for (; count < GROUP && i < options.connections; count++, i++) {
            open_socket(&connections[i], i, 0);
            watch(&connections[i], EPOLL_CTL_ADD, false);
            now = read_clock(CLOCK_MONOTONIC);
            begin(&connections[i], 1);
        }
        for (wanted += count; done < wanted;)
            turn();
    }
}

static void close_all(void)
{
    for (unsigned i = 0; i < options.connections; i++)
        close(connections[i].fd);
}

static void print_cpu(const struct cpu *from, const struct cpu *to,
                      uint64_t count, uint64_t wall)
{
    uint64_t ns = to->ns - from->ns;
    double share = user_share(from, to), each;

    if (!options.pid)
        return;
    each = (double)ns / (double)count;
    printf("ns_per_op=%.1f server_busy=%.3f ", each,
           (double)ns / (double)wall);
    if (share >= 0)
        printf("user_ns=%.0f system_ns=%.0f ", share * each,
               (1 - share) * each);
}

/* Waits until so many are done, or for so long (ns) with 0. */
static void run(uint64_t count, double seconds)
{
    uint64_t end = now + (uint64_t)(seconds * 1e9), wanted = done + count;

    while (count ? done < wanted : now < end)
        turn();
}

static void measure_rate(void)
{
    struct cpu server[2], own[2];
    uint64_t from, count, wall;

    open_all();
    refilling = true;
    now = read_clock(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < options.connections; i++)
        begin(&connections[i], options.depth);
    run(0, options.warm);
    cpu_of(options.pid, &server[0]);
    cpu_of(getpid(), &own[0]);
    counting = true;
    count = done;
    from = now = read_clock(CLOCK_MONOTONIC);
    run(options.requests, options.seconds);
    wall = now - from;
    count = done - count;
    cpu_of(options.pid, &server[1]);
    cpu_of(getpid(), &own[1]);
    print_cpu(&server[0], &server[1], count, wall);
    printf("ops=%lu wall_ns_per_op=%.1f p50_us=%.1f p99_us=%.1f p999_us=%.1f "
           "max_us=%.1f seconds=%.3f load_busy=%.3f\n",
           (unsigned long)count, (double)wall / (double)count,
           (double)histogram_at(&histogram, 0.5) / 1e3,
           (double)histogram_at(&histogram, 0.99) / 1e3,
           (double)histogram_at(&histogram, 0.999) / 1e3,
           (double)histogram.max / 1e3, (double)wall / 1e9,
           (double)(own[1].ns - own[0].ns) / (double)wall);
}

/* What the server holds for each connection that is there and silent, beside
   what it held before the first. */
static void measure_idle(void)
{
    int64_t resident, tables;
    double count = options.connections;

    if (!options.pid)
        die("--idle needs --pid");
    resident = memory_of(options.pid, "VmRSS");
    tables = memory_of(options.pid, "VmPTE");
    open_all();
    usleep(300000); /* whoever gives memory back does it now */
    resident = memory_of(options.pid, "VmRSS") - resident;
    tables = memory_of(options.pid, "VmPTE") - tables;
    printf("bytes_per_op=%.0f with_tables_per_op=%.0f ops=%u\n",
           (double)resident / count, (double)(resident + tables) / count,
           options.connections);
}

static void measure_burst(void)
{
    struct cpu server[2];
    uint64_t from = read_clock(CLOCK_MONOTONIC), wall;
    unsigned opened = 0;

    cpu_of(options.pid, &server[0]);
    counting = true;
    while (answered < options.connections) {
        if (opened < options.connections && opened - answered < BURST) {
            struct connection *connection = &connections[opened];

            open_socket(connection, opened++, SOCK_NONBLOCK);
            connection->connecting = true;
            watch(connection, EPOLL_CTL_ADD, true);
        } else {
            turn();
        }
    }
    wall = read_clock(CLOCK_MONOTONIC) - from;
    cpu_of(options.pid, &server[1]);
    print_cpu(&server[0], &server[1], answered, wall);
    printf("ops=%lu wall_ns_per_op=%.0f seconds=%.3f p50_us=%.1f p99_us=%.1f "
           "max_us=%.1f\n",
           (unsigned long)answered, (double)wall / (double)answered,
           (double)wall / 1e9, (double)histogram_at(&histogram, 0.5) / 1e3,
           (double)histogram_at(&histogram, 0.99) / 1e3,
           (double)histogram.max / 1e3);
}

static void measure_gated(void)
{
    uint64_t count, under_way = (uint64_t)options.connections * options.depth;

    if (options.requests <= under_way)
        die("--gate needs more --requests than connections and depth hold");
    open_all();
    puts("ready");
    fflush(stdout);
    getchar();
    count = done;
    refilling = true;
    now = read_clock(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < options.connections; i++)
        begin(&connections[i], options.depth);
    run(options.requests - under_way, 0);
    refilling = false;
    for (unsigned i = 0; i < options.connections; i++)
        while (connections[i].under_way > 0)
            turn();
    printf("ops=%lu\n", (unsigned long)(done - count));
}

/* --- options --- */

static void read_options(int argc, char **argv)
{
    enum { HTTP = 256, IDLY, BURSTY, GATE };
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},
        {"pid", required_argument, NULL, 'i'},
        {"connections", required_argument, NULL, 'c'},
        {"size", required_argument, NULL, 's'},
        {"depth", required_argument, NULL, 'd'},
        {"warm", required_argument, NULL, 'w'},
        {"seconds", required_argument, NULL, 't'},
        {"requests", required_argument, NULL, 'n'},
        {"http", no_argument, NULL, HTTP},
        {"idle", no_argument, NULL, IDLY},
        {"burst", no_argument, NULL, BURSTY},
        {"gate", no_argument, NULL, GATE},
        {0},
    };

    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) >= 0;)
        switch (option) {
        case 'p': options.port = atoi(optarg); break;
        case 'i': options.pid = atoi(optarg); break;
        case 'c': options.connections = (unsigned)atoi(optarg); break;
        case 's': options.size = (size_t)atol(optarg); break;
        case 'd': options.depth = (unsigned)atoi(optarg); break;
        case 'w': options.warm = atof(optarg); break;
        case 't': options.seconds = atof(optarg); break;
        case 'n': options.requests = strtoull(optarg, NULL, 10); break;
        case HTTP: options.http = true; break;
        case IDLY: options.mode = IDLE; break;
        case BURSTY: options.mode = BURSTING; break;
        case GATE: options.mode = GATED; break;
        default: exit(2);
        }
    if (!options.port || !options.connections || !options.depth ||
        options.depth > MOST_DEPTH || !options.size || optind != argc)
        die("see the head of load.c for its options");
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    raise_limit();
    make_requests();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        die("epoll_create1: %s", strerror(errno));
    if (options.http)
        learn_reply();
    if (options.mode == IDLE)
        measure_idle();
    else if (options.mode == BURSTING)
        measure_burst();
    else if (options.mode == GATED)
        measure_gated();
    else
        measure_rate();
    close_all();
    return 0;
}
