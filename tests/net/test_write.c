/*
 * Writing: back-pressure, turns, half-close, errors, cancellation. Rules N02,
 * N03, N05.
 */
#include "net/pair.h"

#include <signal.h>

/* --- formatted --- */

static void printed(void)
{
    char name[5001], buffer[6000];

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    PAIR(pair);
    cede_stream_printf(pair.stream, "%d of %s", 5, "six\n");
    CHECK_INT(recv(pair.raw, buffer, sizeof buffer, MSG_DONTWAIT), 9);
    CHECK(!memcmp(buffer, "5 of six\n", 9));
    cede_stream_printf(pair.stream, "%s!", name);
    CHECK_INT(recv(pair.raw, buffer, sizeof buffer, MSG_DONTWAIT), 5001);
    CHECK(!memcmp(buffer, name, 5000) && buffer[5000] == '!');
    cede_stream_printf(pair.stream, "nothing");
    cede_stream_write_eof(pair.stream);
    CHECK_RAISES(cede_RuntimeError, cede_stream_printf(pair.stream, "more"));
    CHECK_INT(recv(pair.raw, buffer, sizeof buffer, MSG_DONTWAIT), 7);
}

TEST(text_made_as_printf_makes_it)
{
    cede_run(printed);
}

/* --- back-pressure --- */

enum { MUCH = 4 * 1024 * 1024 + 3 };

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 8) * 7 + (i >> 16));
}

static cede_value write_much(void *stream)
{
    unsigned char *data = malloc(MUCH);
    cede_defer (free, data);

    for (size_t i = 0; i < MUCH; i++)
        data[i] = pattern(i);
    cede_stream_write(stream, data, MUCH);
    cede_stream_write_eof(stream);
    return cede_none;
}

/* Reads what is there without waiting: how much, 0 at the end, -1 nothing. */
static ssize_t raw_read(int fd, void *buffer, size_t size)
{
    return recv(fd, buffer, size, MSG_DONTWAIT);
}

static cede_value slow_reader(void *arg)
{
    unsigned char buffer[3000];
    size_t total = 0;
    ssize_t got;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    TASK(writer, cede_create_task(write_much, pair.stream));
    until_writing(pair.stream);
    CHECK(!cede_task_done(writer));
    while ((got = raw_read(pair.raw, buffer, sizeof buffer)) != 0) {
        bool same = true;

        if (got < 0) {
            spin();
            continue;
        }
        for (ssize_t i = 0; i < got; i++)
            same = same && buffer[i] == pattern(total + (size_t)i);
        CHECK(same);
        total += (size_t)got;
    }
    CHECK_INT(total, MUCH);
    AWAIT(writer);
    return cede_none;
}

TEST(N03_a_slow_reader_holds_the_writer)
{
    run(slow_reader);
}

static cede_value quick(void *arg)
{
    char buffer[16] = "";

    (void)arg;
    PAIR(pair);
    TASK(bystander, cede_create_task(write_much, NULL));
    /* what need not wait does not switch */
    cede_stream_write(pair.stream, "hello", 5);
    cede_stream_write(pair.stream, "", 0);
    CHECK(!cede_task_done(bystander));
    cede_task_cancel(bystander, NULL);
    CHECK_CANCELLED(bystander);
    CHECK_INT(recv(pair.raw, buffer, 5, MSG_WAITALL), 5);
    CHECK_STR(buffer, "hello");
    return cede_none;
}

TEST(P10_a_write_that_need_not_wait_does_not_switch)
{
    run(quick);
}

/* --- turns --- */

/* Closes when nobody writes any more. */
static cede_value end_both(void *stream)
{
    until_writing(stream);
    while (((cede_stream *)stream)->writing ||
           ((cede_stream *)stream)->queued > 0)
        spin();
    cede_stream_write_eof(stream);
    return cede_none;
}

struct writer {
    cede_stream *stream;
    char letter;
};

enum { PIECE = 1500000, RUNS = 64 };

static cede_value write_letters(void *argument)
{
    const struct writer *self = argument;
    char *data = malloc(PIECE);
    cede_defer (free, data);

    memset(data, self->letter, PIECE);
    cede_stream_write(self->stream, data, PIECE);
    return cede_none;
}

/* The runs of equal letters, as text; reads to the end. */
static void runs_of(struct pair *pair, char ret_runs[RUNS],
                    size_t *ret_total)
{
    char buffer[4096], last = 0;
    size_t at = 0;
    ssize_t got;

    *ret_total = 0;
    while ((got = raw_read(pair->raw, buffer, sizeof buffer)) != 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (buffer[i] != last && at < RUNS - 1)
                ret_runs[at++] = last = buffer[i];
        }
        if (got > 0)
            *ret_total += (size_t)got;
        else
            spin();
    }
    ret_runs[at] = '\0';
}

static cede_value end_side(void *stream)
{
    cede_stream_write_eof(stream);
    return cede_none;
}

static cede_value in_turn(void *arg)
{
    TASKS(tasks);
    char runs[RUNS];
    size_t total;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    for (int i = 0; i < 3; i++) {
        struct writer writer = {pair.stream, (char)('a' + i)};

        tasks[i] = cede_create_task_with(write_letters, writer);
    }
    tasks[3] = cede_create_task(end_side, pair.stream);
    until_writing(pair.stream);
    spin();
    if (cede_task_done(tasks[3])) /* cancelled: nobody ends the side */
        return cede_none;
    /* N02: the end comes behind the writes before it; writes after it not */
    CHECK_ERROR(cede_RuntimeError, "Cannot call write() after write_eof()",
                cede_stream_write(pair.stream, "x", 1));
    runs_of(&pair, runs, &total);
    CHECK_STR(runs, "abc");
    CHECK_INT(total, 3 * PIECE);
    for (int i = 0; i < 4; i++)
        AWAIT(tasks[i]);
    return cede_none;
}

TEST(writers_take_turns_in_order, .shuffle = false)
{
    run(in_turn);
}

/* One that waits for its turn is cancelled: it did not happen, and the one
   behind it has the turn. */
static cede_value cancelled_in_queue(void *arg)
{
    TASKS(tasks);
    char runs[RUNS];
    size_t total;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    for (int i = 0; i < 3; i++) {
        struct writer writer = {pair.stream, (char)('a' + i)};

        tasks[i] = cede_create_task_with(write_letters, writer);
    }
    until_writing(pair.stream);
    spin();
    cede_task_cancel(tasks[1], NULL);
    CHECK_CANCELLED(tasks[1]);
    TASK(end, cede_create_task(end_side, pair.stream));
    runs_of(&pair, runs, &total);
    CHECK_STR(runs, "ac");
    CHECK_INT(total, 2 * PIECE);
    AWAIT(tasks[0]);
    AWAIT(tasks[2]);
    AWAIT(end);
    return cede_none;
}

TEST(a_writer_cancelled_in_the_queue, .shuffle = false)
{
    run(cancelled_in_queue);
}

static cede_value write_twice(void *argument)
{
    struct writer self = *(struct writer *)argument;

    write_letters(&self);
    /* The one behind is woken and has not run. */
    self.letter = 'z';
    write_letters(&self);
    return cede_none;
}

static cede_value no_barging(void *arg)
{
    char runs[RUNS];
    size_t total;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    struct writer first = {pair.stream, 'a'}, second = {pair.stream, 'b'};
    TASK(twice, cede_create_task_with(write_twice, first));
    TASK(once, cede_create_task_with(write_letters, second));
    TASK(end, cede_create_task(end_both, pair.stream));
    runs_of(&pair, runs, &total);
    CHECK_STR(runs, "abz");
    AWAIT(twice);
    AWAIT(once);
    AWAIT(end);
    return cede_none;
}

TEST(P01_writers_do_not_barge, .shuffle = false)
{
    run(no_barging);
}

/* --- half-close --- */

static cede_value half_close(void *arg)
{
    char buffer[8] = "";
    size_t size;
    const char *line;

    (void)arg;
    PAIR(pair);
    cede_stream_write(pair.stream, "bye", 3);
    cede_stream_write_eof(pair.stream);
    cede_stream_write_eof(pair.stream);
    CHECK_INT(recv(pair.raw, buffer, 3, MSG_WAITALL), 3);
    CHECK_INT(recv(pair.raw, buffer, 1, 0), 0);
    /* and reading goes on */
    SEND(pair, "answer\n");
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "answer\n"));
    CHECK_ERROR(cede_RuntimeError, "Cannot call write() after write_eof()",
                cede_stream_write(pair.stream, "x", 1));
    CHECK_ERROR(cede_RuntimeError, "Cannot call write() after write_eof()",
                cede_stream_write(pair.stream, "", 0));
    return cede_none;
}

TEST(N02_write_eof_half_closes)
{
    run(half_close);
}

/* Cancelled while it waits for other writes, it did not happen. */
static cede_value cancelled_eof(void *arg)
{
    char runs[RUNS];
    size_t total;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    struct writer first = {pair.stream, 'a'}, second = {pair.stream, 'b'};
    TASK(writer, cede_create_task_with(write_letters, first));
    TASK(end, cede_create_task(end_side, pair.stream));
    until_writing(pair.stream);
    spin();
    cede_task_cancel(end, NULL);
    CHECK_CANCELLED(end);
    TASK(more, cede_create_task_with(write_letters, second));
    spin();
    TASK(again, cede_create_task(end_side, pair.stream));
    runs_of(&pair, runs, &total);
    CHECK_STR(runs, "ab");
    AWAIT(writer);
    AWAIT(more);
    AWAIT(again);
    return cede_none;
}

TEST(a_cancelled_write_eof_did_not_happen, .shuffle = false)
{
    run(cancelled_eof);
}

/* --- cancelled writes --- */

static cede_value cancelled_whole(void *arg)
{
    static char rest[65536];
    char got[2];
    size_t held;

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    held = fill_kernel(pair.stream);
    struct writer writer = {pair.stream, 'a'};
    TASK(task, cede_create_task_with(write_letters, writer));
    until_writing(pair.stream);
    cede_task_cancel(task, NULL);
    CHECK_CANCELLED(task);
    /* nothing of it was sent: the stream is as good as before */
    while (held > 0)
        held -= (size_t)recv(pair.raw, rest,
                             held < sizeof rest ? held : sizeof rest, 0);
    cede_stream_write(pair.stream, "ok", 2);
    CHECK_INT(recv(pair.raw, got, 2, MSG_WAITALL), 2);
    CHECK(is(got, 2, "ok"));
    return cede_none;
}

TEST(a_write_cancelled_before_its_first_byte_did_not_happen)
{
    run(cancelled_whole);
}

static cede_value cancelled_part(void *arg)
{
    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    TASK(writer, cede_create_task(write_much, pair.stream));
    struct writer second = {pair.stream, 'b'};
    TASK(behind, cede_create_task_with(write_letters, second));
    until_writing(pair.stream);
    spin();
    cede_task_cancel(writer, NULL);
    CHECK_CANCELLED(writer);
    CHECK_ERROR(cede_RuntimeError,
                "cannot write: a write was cancelled after part of its data "
                "had been sent; close the stream",
                AWAIT(behind));
    CHECK_RAISES(cede_RuntimeError,
                 cede_stream_write(pair.stream, "x", 1));
    CHECK_RAISES(cede_RuntimeError, cede_stream_write_eof(pair.stream));
    return cede_none;
}

TEST(a_write_cancelled_half_way_breaks_the_stream, .shuffle = false)
{
    run(cancelled_part);
}

/* The first call sent a part, and then nothing more went. */
static cede_value cancelled_after_first_part(void *arg)
{
    static char sink[256 * 1024];

    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    fill_kernel(pair.stream);
    CHECK_INT(recv(pair.raw, sink, sizeof sink, MSG_WAITALL), sizeof sink);
    for (int i = 0; i < 20000; i++)
        spin(); /* what was held back flows on */
    struct writer writer = {pair.stream, 'a'};
    TASK(task, cede_create_task_with(write_letters, writer));
    until_writing(pair.stream);
    cede_task_cancel(task, NULL);
    CHECK_CANCELLED(task);
    CHECK_RAISES(cede_RuntimeError, cede_stream_write(pair.stream, "x", 1));
    return cede_none;
}

TEST(a_write_cancelled_after_its_first_part)
{
    run(cancelled_after_first_part);
}

/* --- errors --- */

static cede_value reset_under_writer(void *arg)
{
    (void)arg;
    signal(SIGPIPE, SIG_DFL);
    PAIR(pair);
    small_buffers(&pair);
    TASK(writer, cede_create_task(write_much, pair.stream));
    struct writer second = {pair.stream, 'b'};
    TASK(behind, cede_create_task_with(write_letters, second));
    until_writing(pair.stream);
    spin();
    raw_reset(&pair.raw);
    CHECK_ERROR(cede_ConnectionResetError,
                "[Errno 104] Connection reset by peer", AWAIT(writer));
    CHECK_RAISES(cede_ConnectionError, AWAIT(behind));
    CHECK_RAISES(cede_ConnectionResetError,
                 cede_stream_write(pair.stream, "x", 1));
    return cede_none;
}

TEST(N05_a_reset_in_the_middle_of_a_write)
{
    run(reset_under_writer);
}

static cede_value broken_pipe(void *arg)
{
    volatile bool raised = false;

    (void)arg;
    signal(SIGPIPE, SIG_DFL);
    PAIR(pair);
    raw_close(&pair.raw);
    /* The first brings the reset about, which the kernel then tells. */
    while (!raised) {
        cede_try {
            cede_stream_write(pair.stream, "x", 1);
            spin();
        } cede_except (cede_ConnectionError, e) {
            raised = true;
        } cede_end
    }
    return cede_none;
}

TEST(no_sigpipe)
{
    run(broken_pipe);
}

/* What came before the connection broke can be read. */
static cede_value answer_before_reset(void *arg)
{
    size_t size;
    const char *line;

    (void)arg;
    PAIR(pair);
    SEND(pair, "too big\n");
    until_arrived(pair.stream, 8);
    pair.stream->write_error = EPIPE; /* as a failed send leaves it */
    CHECK_ERROR(cede_BrokenPipeError, "[Errno 32] Broken pipe",
                cede_stream_write(pair.stream, "x", 1));
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "too big\n"));
    return cede_none;
}

TEST(reading_goes_on_after_a_failed_write)
{
    run(answer_before_reset);
}

/* --- closing --- */

static cede_value close_under_writers(void *arg)
{
    (void)arg;
    PAIR(pair);
    small_buffers(&pair);
    TASK(writer, cede_create_task(write_much, pair.stream));
    struct writer second = {pair.stream, 'b'};
    TASK(behind, cede_create_task_with(write_letters, second));
    until_writing(pair.stream);
    spin();
    cede_stream_close(pair.stream);
    CHECK_ERROR(cede_ConnectionResetError, "Connection lost",
                AWAIT(writer));
    CHECK_ERROR(cede_ConnectionResetError, "Connection lost",
                AWAIT(behind));
    CHECK_ERROR(cede_ConnectionResetError, "Connection lost",
                cede_stream_write(pair.stream, "x", 1));
    CHECK_ERROR(cede_ConnectionResetError, "Connection lost",
                cede_stream_set_nodelay(pair.stream, true));
    cede_stream_write_eof(pair.stream);
    return cede_none;
}

TEST(N05_closing_wakes_the_writers)
{
    run(close_under_writers);
}

static cede_value waits_closed(void *stream)
{
    cede_stream_wait_closed(stream);
    CHECK(cede_stream_is_closing(stream));
    return cede_none;
}

static cede_value wait_closed(void *arg)
{
    (void)arg;
    PAIR(pair);
    TASK(a, cede_create_task(waits_closed, pair.stream));
    TASK(b, cede_create_task(waits_closed, pair.stream));
    TASK(c, cede_create_task(waits_closed, pair.stream));
    spin();
    cede_task_cancel(b, NULL);
    CHECK_CANCELLED(b);
    CHECK(!cede_task_done(a));
    cede_stream_close(pair.stream);
    AWAIT(a);
    AWAIT(c);
    cede_stream_wait_closed(pair.stream);
    return cede_none;
}

TEST(N02_wait_closed)
{
    run(wait_closed);
}

static cede_value closes_itself(void *arg)
{
    char byte;

    (void)arg;
    PAIR(pair);
    cede_with (stream, cede_ref(pair.stream)) {
        cede_stream_write(stream, "x", 1);
    } cede_end
    CHECK(cede_stream_is_closing(pair.stream));
    CHECK_INT(recv(pair.raw, &byte, 1, MSG_WAITALL), 1);
    CHECK_INT(recv(pair.raw, &byte, 1, 0), 0);
    return cede_none;
}

TEST(a_stream_is_closed_at_the_end_of_its_block)
{
    run(closes_itself);
}

/* Input that nobody read does not turn the end into a reset. */
static cede_value unread_input(void *arg)
{
    char buffer[8] = "";

    (void)arg;
    PAIR(pair);
    SEND(pair, "pipelined, and not read");
    until_arrived(pair.stream, 23);
    cede_stream_write(pair.stream, "answer", 6);
    cede_stream_close(pair.stream);
    CHECK_INT(recv(pair.raw, buffer, 6, MSG_WAITALL), 6);
    CHECK_STR(buffer, "answer");
    CHECK_INT(recv(pair.raw, buffer, 1, 0), 0);
    return cede_none;
}

TEST(closing_with_unread_input_is_no_reset)
{
    run(unread_input);
}

/* --- options and names --- */

static int nodelay(const cede_stream *stream)
{
    int value = -1;
    socklen_t size = sizeof value;

    getsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &value, &size);
    return value;
}

static cede_value options(void *arg)
{
    char expected[64];
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    (void)arg;
    PAIR(pair);
    CHECK_INT(nodelay(pair.stream), 1);
    cede_stream_set_nodelay(pair.stream, false);
    CHECK_INT(nodelay(pair.stream), 0);
    getpeername(pair.raw, (struct sockaddr *)&address, &size);
    snprintf(expected, sizeof expected, "127.0.0.1:%d",
             ntohs(address.sin_port));
    CHECK_INT(cede_stream_sock_port(pair.stream), ntohs(address.sin_port));
    CHECK_STR(cede_stream_sockname(pair.stream), expected);
    getsockname(pair.raw, (struct sockaddr *)&address, &size);
    snprintf(expected, sizeof expected, "127.0.0.1:%d",
             ntohs(address.sin_port));
    CHECK_INT(cede_stream_peer_port(pair.stream), ntohs(address.sin_port));
    cede_stream_close(pair.stream);
    CHECK_STR(cede_stream_peername(pair.stream), expected);
    CHECK_INT(cede_stream_sock_port(pair.stream), 0);
    CHECK_CONTAINS(cede_stream_sockname(pair.stream), "127.0.0.1:");
    return cede_none;
}

TEST(names_ports_and_nodelay)
{
    run(options);
}

/* The socket of the other side is at the end of this one. */
static void socket_of_its_own(void)
{
    int fd, on = 1;
    struct sockaddr_in far, near;
    socklen_t size = sizeof on;

    PAIR(pair);
    fd = cede_stream_fileno(pair.stream);
    REQUIRE(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
    on = 0;
    getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &size);
    CHECK_INT(on, 1);
    size = sizeof far;
    getpeername(fd, (struct sockaddr *)&far, &size);
    getsockname(pair.raw, (struct sockaddr *)&near, &size);
    CHECK_INT(far.sin_port, near.sin_port);
    cede_stream_close(pair.stream);
    CHECK_INT(cede_stream_fileno(pair.stream), -1);
    CHECK_INT(fcntl(fd, F_GETFD), -1); /* the stream has closed it */
}

TEST(the_socket_is_the_streams)
{
    cede_run(socket_of_its_own);
}

/* --- a task in both directions --- */

static cede_value echoes(void *argument)
{
    struct pair *pair = *(struct pair **)argument;
    cede_defer (raw_close, &pair->raw); /* who writes must not wait for us */
    char byte;

    while (recv(pair->raw, &byte, 1, MSG_DONTWAIT) != 0) {
        if (errno == EAGAIN)
            spin();
        errno = 0;
    }
    return cede_none;
}

static cede_value reads_answer(void *stream)
{
    char answer[3];

    cede_stream_readexactly(stream, answer, 3);
    CHECK(is(answer, 3, "yes"));
    return cede_none;
}

static cede_value both_ways(void *arg)
{
    struct pair *address;

    (void)arg;
    PAIR(pair);
    address = &pair;
    small_buffers(&pair);
    TASK(reader, cede_create_task(reads_answer, pair.stream));
    struct writer first = {pair.stream, 'a'};
    TASK(writer, cede_create_task_with(write_letters, first));
    until_reading(pair.stream);
    until_writing(pair.stream);
    SEND(pair, "yes");
    AWAIT(reader);
    CHECK(!cede_task_done(writer));
    TASK(peer, cede_create_task_with(echoes, address));
    AWAIT(writer);
    cede_stream_close(pair.stream);
    AWAIT(peer);
    return cede_none;
}

TEST(reading_and_writing_at_once)
{
    run(both_ways);
}
