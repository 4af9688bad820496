/*
 * Reading: every call, across every border of chunks, at the end, beyond the
 * limit, cancelled, with two readers. Rules N01, N04.
 */
#include "net/pair.h"

#include <limits.h>

#include "base/fault.h"

/* --- what the oracle says (N01_stream_reader) --- */

static cede_value oracle_partial(void *arg)
{
    char byte;
    size_t size;
    const char *line;

    (void)arg;
    PAIR(pair);
    SEND(pair, "ab\ncd");
    raw_close(&pair.raw);
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "ab\n"));
    CHECK_INT(cede_stream_read(pair.stream, &byte, 1), 1);
    CHECK_INT(byte, 'c');
    CHECK(!cede_stream_at_eof(pair.stream));
    cede_try {
        char five[5];

        cede_stream_readexactly(pair.stream, five, 5);
        CHECK(false);
    } cede_except (cede_IncompleteReadError, e) {
        const void *partial = cede_exception_partial(e, &size);

        CHECK(is(partial, size, "d"));
        CHECK_INT(cede_exception_expected(e), 5);
        CHECK_STR(cede_exception_message(e),
                  "1 bytes read on a total of 5 expected bytes");
    } cede_end
    CHECK_INT(cede_stream_read(pair.stream, &byte, 1), 0);
    CHECK_PTR(cede_stream_readline(pair.stream, &size), NULL);
    CHECK_INT(size, 0);
    CHECK(cede_stream_at_eof(pair.stream));
    return cede_none;
}

TEST(N01_partial_at_the_end)
{
    run(oracle_partial);
}

static cede_value oracle_limit(void *arg)
{
    char two[2];
    size_t size;

    (void)arg;
    PAIR(pair);
    cede_stream_set_limit(pair.stream, 4);
    SEND(pair, "toolong\nxy");
    until_arrived(pair.stream, 10);
    CHECK_ERROR(cede_ValueError,
                "Separator is found, but chunk is longer than limit",
                cede_stream_readline(pair.stream, &size));
    cede_stream_readexactly(pair.stream, two, 2);
    CHECK(is(two, 2, "xy"));
    return cede_none;
}

TEST(N01_line_beyond_the_limit_is_consumed)
{
    run(oracle_limit);
}

/* Its end is not here yet: what has arrived of it goes, the rest comes. */
static void oracle_limit_without_end(void)
{
    size_t size;
    const char *line;

    PAIR(pair);
    cede_stream_set_limit(pair.stream, 4);
    SEND(pair, "too long");
    until_arrived(pair.stream, 8);
    CHECK_ERROR(cede_ValueError,
                "Separator is not found, and chunk exceed the limit",
                cede_stream_readline(pair.stream, &size));
    CHECK_INT(size, 0);
    SEND(pair, "er\nxy\n");
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "er\n"));
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "xy\n"));
}

TEST(N01_of_a_line_beyond_the_limit_the_rest_comes)
{
    cede_run(oracle_limit_without_end);
}

static cede_value oracle_borders(void *arg)
{
    size_t size;
    const char *view;

    (void)arg;
    PAIR(pair);
    cede_stream_set_limit(pair.stream, 100);
    SEND(pair, "a--b-");
    view = cede_stream_readuntil(pair.stream, "--", 2, &size);
    CHECK(is(view, size, "a--"));
    TASK(peer, start_dribble(&pair, "-tail"));
    view = cede_stream_readuntil(pair.stream, "--", 2, &size);
    CHECK(is(view, size, "b--"));
    cede_value rest = cede_stream_read_all(pair.stream);
    CHECK_STR(cede_value_str(rest), "tail");
    cede_value_unref(rest);
    AWAIT(peer);
    return cede_none;
}

TEST(N01_separator_across_chunks)
{
    run(oracle_borders);
}

static cede_value read_one(void *stream)
{
    char byte = 0;

    CHECK_INT(cede_stream_read(stream, &byte, 1), 1);
    return cede_int(byte);
}

static cede_value two_readers(void *arg)
{
    char byte;
    size_t size;

    (void)arg;
    PAIR(pair);
    TASK(first, cede_create_task(read_one, pair.stream));
    until_reading(pair.stream);
    CHECK_ERROR(cede_RuntimeError,
                "read() called while another coroutine is already waiting for "
                "incoming data",
                cede_stream_read(pair.stream, &byte, 1));
    CHECK_ERROR(cede_RuntimeError,
                "readexactly() called while another coroutine is already "
                "waiting for incoming data",
                cede_stream_readexactly(pair.stream, &byte, 1));
    CHECK_ERROR(cede_RuntimeError,
                "readuntil() called while another coroutine is already "
                "waiting for incoming data",
                cede_stream_readline(pair.stream, &size));
    SEND(pair, "x");
    CHECK_INT(cede_value_int(AWAIT(first)), 'x');
    return cede_none;
}

TEST(N01_two_readers)
{
    run(two_readers);
}

static cede_value reset_wakes(void *arg)
{
    char byte;

    (void)arg;
    PAIR(pair);
    TASK(reader, cede_create_task(read_one, pair.stream));
    until_reading(pair.stream);
    raw_reset(&pair.raw);
    CHECK_ERROR(cede_ConnectionResetError,
                "[Errno 104] Connection reset by peer", AWAIT(reader));
    /* and again: the error stays */
    CHECK_RAISES(cede_ConnectionResetError,
                 cede_stream_read(pair.stream, &byte, 1));
    CHECK(!cede_stream_at_eof(pair.stream));
    return cede_none;
}

TEST(N01_an_error_wakes_the_reader_and_stays)
{
    run(reset_wakes);
}

static cede_value refused_arguments(void *arg)
{
    char byte;
    size_t size;
    volatile size_t minus_one = (size_t)-1;

    (void)arg;
    PAIR(pair);
    CHECK_ERROR(cede_ValueError, "readexactly size can not be less than zero",
                cede_stream_readexactly(pair.stream, &byte, minus_one));
    CHECK_ERROR(cede_ValueError, "Separator should be at least one-byte string",
                cede_stream_readuntil(pair.stream, "", 0, &size));
    CHECK_ERROR(cede_ValueError, "Limit cannot be <= 0",
                cede_stream_set_limit(pair.stream, 0));
    /* nothing wanted: nothing waited for */
    cede_stream_readexactly(pair.stream, &byte, 0);
    CHECK_INT(cede_stream_read(pair.stream, &byte, 0), 0);
    return cede_none;
}

TEST(N01_refused_arguments)
{
    run(refused_arguments);
}

static cede_value all_at_the_end(void *arg)
{
    size_t size;
    char byte;

    (void)arg;
    PAIR(pair);
    raw_close(&pair.raw);
    cede_value all = cede_stream_read_all(pair.stream);
    CHECK_INT(cede_value_str_size(all), 0);
    cede_value_unref(all);
    CHECK_PTR(cede_stream_readline(pair.stream, &size), NULL);
    CHECK_PTR(cede_stream_next(pair.stream, &size), NULL);
    CHECK_INT(size, 0);
    CHECK_INT(cede_stream_read(pair.stream, &byte, 1), 0);
    cede_try {
        cede_stream_readuntil(pair.stream, "\n", 1, &size);
        CHECK(false);
    } cede_except (cede_IncompleteReadError, e) {
        cede_exception_partial(e, &size);
        CHECK_INT(size, 0);
        CHECK_STR(cede_exception_message(e),
                  "0 bytes read on a total of undefined expected bytes");
    } cede_end
    return cede_none;
}

TEST(N01_everything_after_the_end)
{
    run(all_at_the_end);
}

/* --- each call with a peer that sends byte by byte --- */

static cede_value dribbled_read(void *arg)
{
    char buffer[64], all[64] = "";
    size_t got, total = 0, calls = 0;

    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "hello"));
    while ((got = cede_stream_read(pair.stream, buffer, sizeof buffer)) > 0) {
        memcpy(all + total, buffer, got);
        total += got;
        calls++;
    }
    CHECK_STR(all, "hello");
    CHECK_INT(calls, 5);
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_read)
{
    run(dribbled_read);
}

static cede_value dribbled_next(void *arg)
{
    char all[64] = "";
    const char *view;
    size_t size;

    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "hello"));
    while ((view = cede_stream_next(pair.stream, &size)) != NULL)
        strncat(all, view, size);
    CHECK_STR(all, "hello");
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_next)
{
    run(dribbled_next);
}

static cede_value dribbled_exactly(void *arg)
{
    char buffer[8] = "";

    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "onetwo3"));
    cede_stream_readexactly(pair.stream, buffer, 3);
    CHECK_STR(buffer, "one");
    cede_stream_readexactly(pair.stream, buffer, 3);
    CHECK_STR(buffer, "two");
    CHECK_RAISES(cede_IncompleteReadError,
                 cede_stream_readexactly(pair.stream, buffer, 2));
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_readexactly)
{
    run(dribbled_exactly);
}

static cede_value dribbled_lines(void *arg)
{
    const char *line;
    size_t size;

    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "a\n\nlast"));
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "a\n"));
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "\n"));
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "last"));
    CHECK_PTR(cede_stream_readline(pair.stream, &size), NULL);
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_readline)
{
    run(dribbled_lines);
}

static cede_value dribbled_until(void *arg)
{
    const char *view;
    size_t size;

    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "a\r\r\nb\r\nc\r"));
    view = cede_stream_readuntil(pair.stream, "\r\n", 2, &size);
    CHECK(is(view, size, "a\r\r\n"));
    view = cede_stream_readuntil(pair.stream, "\r\n", 2, &size);
    CHECK(is(view, size, "b\r\n"));
    cede_try {
        cede_stream_readuntil(pair.stream, "\r\n", 2, &size);
        CHECK(false);
    } cede_except (cede_IncompleteReadError, e) {
        const void *partial = cede_exception_partial(e, &size);

        CHECK(is(partial, size, "c\r"));
    } cede_end
    CHECK(cede_stream_at_eof(pair.stream));
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_readuntil)
{
    run(dribbled_until);
}

static cede_value dribbled_all(void *arg)
{
    (void)arg;
    PAIR(pair);
    TASK(peer, start_dribble(&pair, "everything"));
    cede_value all = cede_stream_read_all(pair.stream);
    CHECK_STR(cede_value_str(all), "everything");
    cede_value_unref(all);
    AWAIT(peer);
    return cede_none;
}

TEST(dribbled_read_all)
{
    run(dribbled_all);
}

/* --- the limit --- */

/* Reads until "--" with this limit, in vain; 7 bytes may be taken out. */
static void overrun(size_t limit, const char *bytes, const char *message)
{
    size_t size = strlen(bytes);
    char buffer[16];

    PAIR(pair);
    cede_stream_set_limit(pair.stream, limit);
    SEND(pair, bytes);
    until_arrived(pair.stream, (int)size);
    cede_try {
        cede_stream_readuntil(pair.stream, "--", 2, &(size_t){0});
        CHECK(false);
    } cede_except (cede_LimitOverrunError, e) {
        CHECK_STR(cede_exception_message(e), message);
        CHECK_INT(cede_exception_consumed(e), 7);
    } cede_end
    /* nothing has left */
    cede_stream_readexactly(pair.stream, buffer, size);
    CHECK(is(buffer, size, bytes));
}

static cede_value not_found(void *arg)
{
    (void)arg;
    /* 2 * limit bytes were held; the last might begin a separator */
    overrun(4, "0123456789--",
            "Separator is not found, and chunk exceed the limit");
    return cede_none;
}

TEST(N01_limit_separator_not_found)
{
    run(not_found);
}

static cede_value found_too_far(void *arg)
{
    (void)arg;
    overrun(5, "0123456--x",
            "Separator is found, but chunk is longer than limit");
    return cede_none;
}

TEST(N01_limit_separator_found_too_far)
{
    run(found_too_far);
}

/* Reads away what the call said; with a limit of 4, 8 bytes are held at most.
   False: a piece was read. */
static bool cut(cede_stream *stream, const char *separator)
{
    char waste[8];
    size_t size;

    cede_try {
        cede_stream_readuntil(stream, separator, strlen(separator), &size);
    } cede_except (cede_LimitOverrunError, e) {
        size = cede_exception_consumed(e);
        CHECK(size > 0 && size <= sizeof waste);
        cede_stream_readexactly(stream, waste, size <= 8 ? size : 8);
        return true;
    } cede_end
    return false;
}

/* The header's way to go on behind what is too long, to the piece "ab". */
static void go_on(const char *bytes, const char *separator, const char *next)
{
    const char *piece;
    size_t size;

    PAIR(pair);
    cede_stream_set_limit(pair.stream, 4);
    SEND(pair, bytes);
    until_arrived(pair.stream, (int)strlen(bytes));
    CHECK(cut(pair.stream, separator));
    while (cut(pair.stream, separator))
        continue;
    piece = cede_stream_readuntil(pair.stream, separator, strlen(separator),
                                  &size);
    CHECK(is(piece, size, next));
}

static void going_on(void)
{
    go_on("012345\nab\ncd\n", "\n", "ab\n");             /* found, too far */
    go_on("0123456789\nab\ncd\n", "\n", "ab\n");         /* not found */
    go_on("0123456789012345678\nab\ncd\n", "\n", "ab\n"); /* nor again */
    go_on("0123456--ab--cd--", "--", "ab--"); /* only its first byte is there */
}

TEST(behind_a_piece_that_is_too_long)
{
    cede_run(going_on);
}

static cede_value at_the_limit(void *arg)
{
    size_t size;
    const char *view;

    (void)arg;
    PAIR(pair);
    cede_stream_set_limit(pair.stream, 4);
    SEND(pair, "0123--");
    view = cede_stream_readuntil(pair.stream, "--", 2, &size);
    CHECK(is(view, size, "0123--"));
    return cede_none;
}

TEST(N01_exactly_at_the_limit)
{
    run(at_the_limit);
}

static cede_value endless_line(void *arg)
{
    static char line[300];
    size_t size;

    (void)arg;
    memset(line, 'x', sizeof line);
    PAIR(pair);
    cede_stream_set_limit(pair.stream, 100);
    raw_send(pair.raw, line, sizeof line);
    raw_send(pair.raw, "\n", 1);
    until_arrived(pair.stream, sizeof line + 1);
    CHECK_ERROR(cede_ValueError,
                "Separator is not found, and chunk exceed the limit",
                cede_stream_readline(pair.stream, &size));
    /* asyncio: the whole buffer is dropped; 200 bytes of it here */
    cede_stream_readline(pair.stream, &size);
    CHECK_INT(size, 101);
    return cede_none;
}

TEST(N01_endless_line_is_dropped)
{
    run(endless_line);
}

static cede_value flood(void *argument)
{
    static const char zeros[8192];
    const struct pair *pair = *(struct pair **)argument;

    /* until nothing more goes in: the stream has stopped receiving */
    for (int quiet = 0; quiet < 200;) {
        ssize_t sent =
            send(pair->raw, zeros, sizeof zeros, MSG_NOSIGNAL | MSG_DONTWAIT);

        quiet = sent > 0 ? 0 : quiet + 1;
        if (sent <= 0)
            spin();
    }
    return cede_none;
}

static cede_value bounded_buffer(void *arg)
{
    struct pair *address;
    size_t size;

    (void)arg;
    PAIR(pair);
    address = &pair;
    small_buffers(&pair);
    TASK(peer, cede_create_task_with(flood, address));
    until_arrived(pair.stream, 1);
    CHECK_RAISES(cede_LimitOverrunError,
                 cede_stream_readuntil(pair.stream, "!", 1, &size));
    CHECK(cede__buffer_size(pair.stream->buffer) <= 2 * CEDE_STREAM_LIMIT);
    CHECK(cede__buffer_size(pair.stream->buffer) > CEDE_STREAM_LIMIT);
    cede_task_cancel(peer, NULL);
    CHECK_CANCELLED(peer);
    return cede_none;
}

TEST(N04_the_buffer_is_bounded)
{
    run(bounded_buffer);
}

/* --- much --- */

enum { MUCH = 3 * 1024 * 1024 + 17 };

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 8) * 7 + (i >> 16));
}

static cede_value send_much(void *argument)
{
    struct pair *pair = *(struct pair **)argument;
    unsigned char chunk[5000];
    size_t total = 0;

    while (total < MUCH) {
        size_t size = MUCH - total < sizeof chunk ? MUCH - total : sizeof chunk;
        ssize_t sent;

        for (size_t i = 0; i < size; i++)
            chunk[i] = pattern(total + i);
        sent = send(pair->raw, chunk, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            total += (size_t)sent;
        else
            spin();
    }
    shutdown(pair->raw, SHUT_WR);
    return cede_none;
}

static bool is_pattern(const unsigned char *bytes, size_t size, size_t from)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != pattern(from + i))
            return false;
    return true;
}

static cede_value much_exactly(void *arg)
{
    struct pair *address;
    unsigned char *all = malloc(MUCH), byte;
    cede_defer (free, all);

    (void)arg;
    PAIR(pair);
    address = &pair;
    TASK(peer, cede_create_task_with(send_much, address));
    /* a buffered part first, then straight into memory */
    cede_stream_readexactly(pair.stream, all, 10);
    cede_stream_readexactly(pair.stream, all + 10, MUCH - 10);
    CHECK(is_pattern(all, MUCH, 0));
    CHECK_INT(cede_stream_read(pair.stream, &byte, 1), 0);
    AWAIT(peer);
    return cede_none;
}

TEST(readexactly_beyond_the_limit)
{
    run(much_exactly);
}

static cede_value much_all(void *arg)
{
    struct pair *address;

    (void)arg;
    PAIR(pair);
    address = &pair;
    TASK(peer, cede_create_task_with(send_much, address));
    cede_value all = cede_stream_read_all(pair.stream);
    CHECK_INT(cede_value_str_size(all), MUCH);
    CHECK(is_pattern((const unsigned char *)cede_value_str(all), MUCH, 0));
    cede_value_unref(all);
    AWAIT(peer);
    return cede_none;
}

TEST(read_all_of_much)
{
    run(much_all);
}

static cede_value much_next(void *arg)
{
    struct pair *address;
    const unsigned char *view;
    size_t size, total = 0;

    (void)arg;
    PAIR(pair);
    address = &pair;
    TASK(peer, cede_create_task_with(send_much, address));
    while ((view = cede_stream_next(pair.stream, &size)) != NULL) {
        CHECK(is_pattern(view, size, total));
        total += size;
    }
    CHECK_INT(total, MUCH);
    AWAIT(peer);
    return cede_none;
}

TEST(next_of_much)
{
    run(much_next);
}

/* Every kind of read in turn, on one stream. */
static cede_value mixed(void *arg)
{
    char buffer[8];
    const char *view;
    size_t size;

    (void)arg;
    PAIR(pair);
    SEND(pair, "line\nexactREST;tail");
    raw_close(&pair.raw);
    view = cede_stream_readline(pair.stream, &size);
    CHECK(is(view, size, "line\n"));
    cede_stream_readexactly(pair.stream, buffer, 5);
    CHECK(is(buffer, 5, "exact"));
    view = cede_stream_readuntil(pair.stream, ";", 1, &size);
    CHECK(is(view, size, "REST;"));
    CHECK_INT(cede_stream_read(pair.stream, buffer, 2), 2);
    CHECK(is(buffer, 2, "ta"));
    view = cede_stream_next(pair.stream, &size);
    CHECK(is(view, size, "il"));
    CHECK_PTR(cede_stream_next(pair.stream, &size), NULL);
    return cede_none;
}

TEST(mixed_reads)
{
    run(mixed);
}

/* --- cancelled reads lose nothing --- */

static cede_value reads_byte(void *stream)
{
    char byte;

    cede_stream_read(stream, &byte, 1);
    return cede_none;
}

static cede_value reads_next(void *stream)
{
    size_t size;

    cede_stream_next(stream, &size);
    return cede_none;
}

static cede_value reads_line(void *stream)
{
    size_t size;

    cede_stream_readline(stream, &size);
    return cede_none;
}

static cede_value reads_six(void *stream)
{
    char six[6];

    cede_stream_readexactly(stream, six, sizeof six);
    return cede_none;
}

static cede_value reads_big(void *stream)
{
    static char big[100000];

    cede_stream_readexactly(stream, big, sizeof big);
    return cede_none;
}

static cede_value reads_all(void *stream)
{
    cede_value_unref(cede_stream_read_all(stream));
    return cede_none;
}

static const cede_function readers[] = {reads_byte, reads_next, reads_line,
                                        reads_six,  reads_big,  reads_all};

enum { READERS = sizeof readers / sizeof *readers };

/* Cancelled while it waits for the first byte; in the same iteration as the
   byte; after it was woken. */
static cede_value cancel_at_once(void *arg)
{
    char buffer[8];

    (void)arg;
    for (int i = 0; i < READERS; i++) {
        PAIR(pair);
        TASK(task, cede_create_task(readers[i], pair.stream));
        until_reading(pair.stream);
        cede_task_cancel(task, NULL);
        SEND(pair, "whole");
        CHECK_CANCELLED(task);
        cede_stream_readexactly(pair.stream, buffer, 5);
        CHECK(is(buffer, 5, "whole"));
    }
    return cede_none;
}

TEST(cancelled_reads_lose_nothing)
{
    run(cancel_at_once);
}

/* The calls that want more than there is, cancelled with a part received. */
static cede_value cancel_half_way(void *arg)
{
    char buffer[8];

    (void)arg;
    for (int i = 2; i < READERS; i++) {
        PAIR(pair);
        TASK(task, cede_create_task(readers[i], pair.stream));
        until_reading(pair.stream);
        SEND(pair, "who");
        until_arrived(pair.stream, 3);
        while (arrived(pair.stream) > 0)
            spin();
        cede_task_cancel(task, NULL);
        CHECK_CANCELLED(task);
        SEND(pair, "le");
        cede_stream_readexactly(pair.stream, buffer, 5);
        CHECK(is(buffer, 5, "whole"));
    }
    return cede_none;
}

TEST(half_finished_reads_give_back_what_they_had)
{
    run(cancel_half_way);
}

static cede_value cancel_after_wake(void *arg)
{
    char buffer[8];

    (void)arg;
    for (int i = 0; i < READERS; i++) {
        PAIR(pair);
        TASK(task, cede_create_task(readers[i], pair.stream));
        until_reading(pair.stream);
        SEND(pair, "whole");
        until_arrived(pair.stream, 5);
        /* as if the poller had just told */
        cede_unpark(task);
        cede_task_cancel(task, NULL);
        CHECK_CANCELLED(task);
        cede_stream_readexactly(pair.stream, buffer, 5);
        CHECK(is(buffer, 5, "whole"));
    }
    return cede_none;
}

TEST(T19_reads_cancelled_after_their_wake_up)
{
    run(cancel_after_wake);
}

static cede_value timed_out(void *arg)
{
    size_t size;
    const char *line;

    (void)arg;
    PAIR(pair);
    SEND(pair, "par");
    until_arrived(pair.stream, 3);
    CHECK_RAISES(cede_TimeoutError, {
        cede_timeout (deadline, 5) {
            cede_stream_readline(pair.stream, &size);
        } cede_end
    });
    SEND(pair, "t\n");
    line = cede_stream_readline(pair.stream, &size);
    CHECK(is(line, size, "part\n"));
    return cede_none;
}

TEST(a_read_in_a_timeout)
{
    cede_value_unref(cede_run_simulated(timed_out, NULL));
}

/* A big read that cannot keep what it had breaks the stream, and says so. */
static cede_value lossy(void *arg)
{
    static char part[20000];
    char byte;

    (void)arg;
    PAIR(pair);
    TASK(task, cede_create_task(reads_big, pair.stream));
    until_reading(pair.stream);
    raw_send(pair.raw, part, sizeof part);
    until_arrived(pair.stream, 1);
    while (arrived(pair.stream) > 0)
        spin();
    cede_task_cancel(task, NULL);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1000);
    while (!cede_task_done(task))
        spin();
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_RAISES(cede_BaseException, AWAIT(task));
    CHECK_RAISES(cede_MemoryError, cede_stream_read(pair.stream, &byte, 1));
    CHECK_RAISES(cede_MemoryError, cede_stream_read(pair.stream, &byte, 1));
    return cede_none;
}

TEST(no_memory_for_what_a_cancelled_read_had, .torture = false)
{
    run(lossy);
}

/* --- closing --- */

static cede_value reads_nothing(void *stream)
{
    char byte;

    CHECK_INT(cede_stream_read(stream, &byte, 1), 0);
    return cede_none;
}

static cede_value close_wakes(void *arg)
{
    (void)arg;
    PAIR(pair);
    TASK(task, cede_create_task(reads_nothing, pair.stream));
    until_reading(pair.stream);
    cede_stream_close(pair.stream);
    cede_stream_close(pair.stream);
    AWAIT(task);
    CHECK(cede_stream_is_closing(pair.stream));
    CHECK(cede_stream_at_eof(pair.stream));
    return cede_none;
}

TEST(closing_wakes_the_reader)
{
    run(close_wakes);
}

static cede_value after_close(void *arg)
{
    size_t size;
    const char *view;

    (void)arg;
    PAIR(pair);
    SEND(pair, "a\nbc");
    until_arrived(pair.stream, 4);
    cede_stream_readline(pair.stream, &size);
    cede_stream_close(pair.stream);
    view = cede_stream_next(pair.stream, &size);
    CHECK(is(view, size, "bc"));
    CHECK_PTR(cede_stream_next(pair.stream, &size), NULL);
    return cede_none;
}

TEST(a_closed_stream_gives_what_it_had)
{
    run(after_close);
}

/* The last reference goes while a task reads: the task has its own. */
static cede_value unref_under_reader(void *arg)
{
    (void)arg;
    PAIR(pair);
    TASK(task, cede_create_task(reads_nothing, pair.stream));
    until_reading(pair.stream);
    cede_stream_close(pair.stream);
    cede_unref(pair.stream);
    pair.stream = NULL;
    AWAIT(task);
    return cede_none;
}

TEST(the_last_reference_goes_under_a_reader)
{
    run(unref_under_reader);
}

/* --- memory --- */

static cede_value idle(void *arg)
{
    size_t size;

    (void)arg;
    PAIR(pair);
    SEND(pair, "x\n");
    cede_stream_readline(pair.stream, &size);
    TASK(task, cede_create_task(reads_next, pair.stream));
    until_reading(pair.stream);
    CHECK_PTR(pair.stream->buffer, NULL);
    SEND(pair, "y");
    AWAIT(task);
    CHECK(sizeof(cede_stream) <= 200);
    return cede_none;
}

TEST(an_idle_stream_owns_no_buffer)
{
    run(idle);
}

/* --- what is not asked for --- */

/* With each poller; for loops that are made afterwards. */
static void run_with_both(cede_value (*scenario)(void *))
{
    run(scenario);
    setenv("CEDE_POLLER", "poll", 1);
    run(scenario);
    unsetenv("CEDE_POLLER");
}

/* All that a stream gave, up to its end. */
static struct {
    char bytes[32];
    size_t size;
} collected;

static cede_value collect(void *stream)
{
    const void *bytes;
    size_t size;

    collected.size = 0;
    while ((bytes = cede_stream_next(stream, &size)) != NULL) {
        size_t room = sizeof collected.bytes - collected.size;

        memcpy(collected.bytes + collected.size, bytes,
               size < room ? size : room);
        collected.size += size < room ? size : room;
    }
    return cede_none;
}

/* A reader that waits for what has come already would wait for ever. */
enum { FOR_EVER = 5 };

static void until_collected(const char *text)
{
    cede_timeout (deadline, FOR_EVER) {
        while (collected.size < strlen(text))
            spin();
    } cede_end
    CHECK(is(collected.bytes, collected.size, text));
}

static void await_end(cede_task *task)
{
    cede_timeout (deadline, FOR_EVER) {
        AWAIT(task);
    } cede_end
}

/* A pair, and a task that waits for what comes. */
#define COLLECTING(pair, task) \
    PAIR(pair); \
    TASK(task, cede_create_task(collect, pair.stream)); \
    until_reading(pair.stream)

/* The first of what comes; the task waits for more. */
static void send_one(const struct pair *pair)
{
    SEND(*pair, "one,");
    until_collected("one,");
    until_reading(pair->stream);
}

/* Once a stream has been waited for, a short read is the last until something
   is reported: the next one waits without a system call. */
static cede_value spared(void *arg)
{
    (void)arg;
    PAIR(pair);
    TASK(first, cede_create_task(reads_next, pair.stream));
    until_reading(pair.stream);
    SEND(pair, "a");
    await_end(first);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, LONG_MAX, 1);
    TASK(second,
         cede_create_task(reads_next, pair.stream, .eager_start = true));
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    CHECK(pair.stream->reading);
    CHECK_INT(cede__fault_seen(CEDE__FAULT_SYSTEM_CALL), 0);
    SEND(pair, "b");
    await_end(second);
    return cede_none;
}

TEST(a_read_after_a_short_one_waits_without_asking, .torture = false)
{
    run_with_both(spared);
}

static cede_value ends_with_data(void *arg)
{
    (void)arg;
    COLLECTING(pair, task);
    send_one(&pair);
    SEND(pair, "two");
    raw_end(&pair.raw);
    await_end(task);
    until_collected("one,two");
    return cede_none;
}

TEST(an_end_that_comes_with_the_data)
{
    run_with_both(ends_with_data);
}

static cede_value breaks_with_data(void *arg)
{
    (void)arg;
    COLLECTING(pair, task);
    send_one(&pair);
    SEND(pair, "two");
    raw_reset(&pair.raw);
    CHECK_RAISES(cede_ConnectionResetError, await_end(task));
    return cede_none;
}

TEST(a_reset_that_comes_with_the_data)
{
    run_with_both(breaks_with_data);
}

/* The kernel stops a read before the urgent mark, and tells nobody of what is
   behind it: it was there before. */
static void send_urgent(const struct pair *pair)
{
    SEND(*pair, "abc");
    CHECK_INT(send(pair->raw, "!", 1, MSG_OOB), 1);
    SEND(*pair, "def");
}

static cede_value reads_past_the_mark(void *arg)
{
    (void)arg;
    COLLECTING(pair, task);
    send_urgent(&pair);
    until_collected("abcdef");
    until_reading(pair.stream);
    SEND(pair, "ghi");
    until_collected("abcdefghi");
    raw_end(&pair.raw);
    await_end(task);
    return cede_none;
}

TEST(urgent_data_does_not_stop_a_reader)
{
    run_with_both(reads_past_the_mark);
}

static cede_value reads_up_to_the_mark(void *arg)
{
    (void)arg;
    COLLECTING(pair, task);
    send_one(&pair);
    send_urgent(&pair);
    until_collected("one,abcdef");
    raw_end(&pair.raw);
    await_end(task);
    return cede_none;
}

TEST(urgent_data_after_a_short_read)
{
    run_with_both(reads_up_to_the_mark);
}

/* A second reader and a reader that was cancelled find what the first one
   left: that there is no more, and then that there is. */
static cede_value readers_in_turn(void *arg)
{
    const void *bytes;
    size_t size;

    (void)arg;
    PAIR(pair);
    for (int i = 0; i < 3; i++) {
        TASK(reader, cede_create_task(reads_next, pair.stream));
        until_reading(pair.stream);
        SEND(pair, "a");
        await_end(reader);
        TASK(cancelled, cede_create_task(reads_next, pair.stream));
        until_reading(pair.stream);
        cede_task_cancel(cancelled, NULL);
        SEND(pair, "b");
        CHECK_CANCELLED(cancelled);
        cede_timeout (deadline, FOR_EVER) {
            bytes = cede_stream_next(pair.stream, &size);
            CHECK(is(bytes, size, "b"));
        } cede_end
    }
    return cede_none;
}

TEST(readers_that_follow_a_short_read)
{
    run_with_both(readers_in_turn);
}

/* --- fairness --- */

static bool others_ran;

static cede_value other(void *arg)
{
    (void)arg;
    others_ran = true;
    return cede_none;
}

/* Data that is always there: the task still lets others run. */
static cede_value greedy(void *arg)
{
    char buffer[1024], byte;

    (void)arg;
    PAIR(pair);
    memset(buffer, 'x', sizeof buffer);
    raw_send(pair.raw, buffer, sizeof buffer);
    until_arrived(pair.stream, sizeof buffer);
    TASK(task, cede_create_task(other, NULL));
    others_ran = false;
    for (int i = 0; i < 256; i++)
        cede_stream_read(pair.stream, &byte, 1);
    CHECK(others_ran);
    AWAIT(task);
    return cede_none;
}

TEST(Z17_a_ready_peer_does_not_starve_others)
{
    run(greedy);
}
