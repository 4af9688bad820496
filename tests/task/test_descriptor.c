/*
 * Descriptors as tasks wait for them: cede/lowlevel.h.
 */
#include "task/world.h"

#include "cede/generator.h"
#include "cede/lowlevel.h"
#include "cede/timeout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A pair of sockets, so that both directions can be waited for; the scenario
   plays the other end. */
static struct wire {
    int here, there;
    cede_descriptor *descriptor; /* of `here` */
} wire = {-1, -1, NULL};

static void cut_wire(void *unused)
{
    (void)unused;
    cede_unref(wire.descriptor);
    wire.descriptor = NULL;
    close(wire.here);
    if (wire.there >= 0)
        close(wire.there);
}

static void hang_up(void)
{
    close(wire.there);
    wire.there = -1;
}

/* The scenario runs with a wire, which outlives its tasks. */
static void expect_wired(cede_function scenario, const char *trace)
{
    int pair[2];

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                       pair) == 0);
    wire = (struct wire){pair[0], pair[1], NULL};
    cede_defer (cut_wire, &wire);
    expect(scenario, trace);
}

static void open_descriptor(void)
{
    wire.descriptor = cede_descriptor_new(wire.here);
}

static void put(const char *bytes)
{
    CHECK_INT(write(wire.there, bytes, strlen(bytes)), strlen(bytes));
}

/* One byte, try first; 0 at the end, -1 if the descriptor was closed. */
static int get(void)
{
    char byte;

    for (int attempt = 0; attempt < 2; attempt++) {
        ssize_t got = read(wire.here, &byte, 1);

        if (got >= 0)
            return got ? byte : 0;
        if (errno != EAGAIN)
            break;
        cede_descriptor_wait_readable(wire.descriptor);
    }
    return -1;
}

static cede_value reads(void *name)
{
    int byte;

    cede_try {
        while ((byte = get()) > 0)
            say("%s %c", (char *)name, byte);
        say("%s %s", (char *)name, byte ? "closed" : "end");
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", (char *)name);
    } cede_end
    return cede_none;
}

static cede_task *start(cede_function function, const char *name)
{
    return keep(cede_create_task(function, (void *)name));
}

static cede_value reading(void *arg)
{
    cede_task *task;

    (void)arg;
    open_descriptor();
    task = start(reads, "r");
    cede_sleep(0);
    put("ab");
    cede_sleep(1);
    put("c");
    hang_up();
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(wakes_its_reader)
{
    expect_wired(reading, "r a;r b;r c;r end;");
}

static cede_value bytes_before(void *arg)
{
    (void)arg;
    open_descriptor();
    put("x");
    hang_up();
    cede_await(cede_ref(start(reads, "r")));
    return cede_none;
}

TEST(what_came_before_is_read_without_waiting)
{
    expect_wired(bytes_before, "r x;r end;");
}

/* --- writing --- */

enum { LOAD = 1000000 };

static cede_value writes(void *arg)
{
    char *bytes = calloc(1, LOAD);
    size_t sent = 0;
    int waits = 0;

    (void)arg;
    if (!bytes)
        cede_raise(cede_MemoryError);
    cede_defer (free, bytes);
    while (sent < LOAD) {
        ssize_t n = write(wire.here, bytes + sent, LOAD - sent);

        if (n >= 0) {
            sent += (size_t)n;
        } else {
            waits++;
            cede_descriptor_wait_writable(wire.descriptor);
        }
    }
    say("written, waited %d", waits > 0);
    return cede_none;
}

static cede_value drains(void *task)
{
    static char bytes[4096];
    size_t got = 0;

    while (!cede_task_done(task)) {
        ssize_t n = read(wire.there, bytes, sizeof bytes);

        if (n > 0)
            got += (size_t)n;
        else
            cede_sleep(1);
    }
    for (ssize_t n; (n = read(wire.there, bytes, sizeof bytes)) > 0;)
        got += (size_t)n;
    say("read %zu", got);
    return cede_none;
}

static cede_value writing(void *arg)
{
    cede_task *writer;

    (void)arg;
    open_descriptor();
    writer = start(writes, NULL);
    cede_await(cede_create_task(drains, writer));
    return cede_none;
}

TEST(wakes_its_writer)
{
    expect_wired(writing, "written, waited 1;read 1000000;");
}

static cede_value both_ways(void *arg)
{
    cede_task *reader, *writer;

    (void)arg;
    open_descriptor();
    reader = start(reads, "r");
    writer = start(writes, NULL);
    cede_await(cede_create_task(drains, writer));
    put("z");
    hang_up();
    cede_await(cede_ref(reader));
    return cede_none;
}

/* One of each may wait, and each is woken for its own. */
TEST(a_reader_and_a_writer_at_a_time)
{
    expect_wired(both_ways, "written, waited 1;read 1000000;r z;r end;");
}

static void wait_readable(void)
{
    cede_descriptor_wait_readable(wire.descriptor);
}

static cede_value second_reader(void *arg)
{
    cede_task *task;

    (void)arg;
    open_descriptor();
    task = start(reads, "first");
    cede_sleep(0);
    cede_timeout (t, 10) { /* if there is no first one after all */
        CHECK_RAISES(cede_RuntimeError, wait_readable());
    } cede_end
    put("a");
    hang_up();
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(a_second_reader_is_refused, .shuffle = false)
{
    expect_wired(second_reader, "first a;first end;");
}

/* The other poller knows levels only and must be told what was used up. */
TEST(with_the_poll_poller)
{
    setenv("CEDE_POLLER", "poll", 1);
    expect_wired(reading, "r a;r b;r c;r end;");
    expect_wired(both_ways, "written, waited 1;read 1000000;r z;r end;");
}

/* --- exhausted --- */

/* As the header says: what comes back short is followed by a wait, not by a
   call that says EAGAIN. */
static cede_value takes(void *arg)
{
    char bytes[8];
    ssize_t got;

    (void)arg;
    do {
        while (cede_descriptor_is_exhausted(wire.descriptor, CEDE_READABLE))
            wait_readable();
        got = read(wire.here, bytes, sizeof bytes);
        if (got < 0) {
            say("EAGAIN");
            wait_readable();
        } else if (got > 0) {
            say("%.*s", (int)got, bytes);
        }
        if (got > 0 && (size_t)got < sizeof bytes)
            cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE);
    } while (got != 0);
    say("end");
    return cede_none;
}

/* One that waits. */
static cede_task *start_taker(void)
{
    cede_task *task;

    open_descriptor();
    task = start(takes, NULL);
    cede_sleep(1);
    return task;
}

/* Waits for what a reader that sleeps for ever never does. */
static void await_taker(cede_task *task)
{
    cede_timeout (t, 10) {
        cede_await(cede_ref(task));
    } cede_end
}

static cede_value short_reads(void *arg)
{
    cede_task *task = start_taker();

    (void)arg;
    put("a");
    cede_sleep(1);
    put("b");
    cede_sleep(1);
    put("12345678"); /* all there was room for */
    cede_sleep(1);
    put("c");
    cede_sleep(1);
    hang_up();
    await_taker(task);
    return cede_none;
}

static const char short_reads_trace[] = "EAGAIN;a;b;12345678;EAGAIN;c;end;";

TEST(a_short_read_is_as_good_as_EAGAIN)
{
    expect_wired(short_reads, short_reads_trace);
}

/* The end makes no edge of its own when it comes with the data. */
static cede_value data_and_end(void *arg)
{
    cede_task *task = start_taker();

    (void)arg;
    put("a");
    cede_sleep(1);
    put("b");
    hang_up();
    await_taker(task);
    return cede_none;
}

TEST(an_end_that_comes_with_the_data_is_seen)
{
    expect_wired(data_and_end, "EAGAIN;a;b;end;");
}

static cede_value data_and_half_an_end(void *arg)
{
    cede_task *task = start_taker();

    (void)arg;
    put("a");
    shutdown(wire.there, SHUT_WR);
    await_taker(task);
    return cede_none;
}

TEST(half_an_end_that_comes_with_the_data_is_seen)
{
    expect_wired(data_and_half_an_end, "EAGAIN;a;end;");
}

static void add_an_end(cede_notice *notice)
{
    (void)notice;
    put("b");
    hang_up();
}

/* The end comes when the reader has been woken and has not run: it reads what
   came, and has not been told of the end. */
static cede_value between_report_and_read(void *arg)
{
    static cede_notice notice;
    cede_task *task = start_taker();

    (void)arg;
    notice = (cede_notice){.tell = add_an_end};
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &notice));
    cede_defer (cede_notice_cancel, &notice);
    put("a");
    await_taker(task);
    return cede_none;
}

TEST(an_end_between_the_report_and_the_read_is_seen)
{
    expect_wired(between_report_and_read, "EAGAIN;ab;end;");
}

static bool is_exhausted(unsigned events)
{
    return cede_descriptor_is_exhausted(wire.descriptor, events);
}

static cede_value what_it_says(void *arg)
{
    (void)arg;
    open_descriptor();
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE);
    CHECK(!is_exhausted(CEDE_READABLE)); /* nobody would tell */
    put("a");
    wait_readable();
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE);
    CHECK(is_exhausted(CEDE_READABLE));
    CHECK(is_exhausted(CEDE_READABLE | CEDE_WRITABLE));
    CHECK(!is_exhausted(CEDE_WRITABLE));
    put("b");
    CHECK(is_exhausted(CEDE_READABLE)); /* not reported yet */
    wait_readable();
    CHECK(!is_exhausted(CEDE_READABLE));
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE | CEDE_WRITABLE);
    CHECK(is_exhausted(CEDE_WRITABLE));
    hang_up();
    wait_readable();
    CHECK(!is_exhausted(CEDE_READABLE | CEDE_WRITABLE));
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE | CEDE_WRITABLE);
    CHECK(!is_exhausted(CEDE_READABLE | CEDE_WRITABLE));
    return cede_none;
}

TEST(exhausted_until_something_is_reported)
{
    expect_wired(what_it_says, "");
}

static cede_value closed_one(void *arg)
{
    (void)arg;
    open_descriptor();
    put("a");
    wait_readable();
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE);
    cede_descriptor_close(wire.descriptor);
    CHECK(!is_exhausted(CEDE_READABLE));
    cede_descriptor_exhausted(wire.descriptor, CEDE_READABLE);
    CHECK(!is_exhausted(CEDE_READABLE));
    return cede_none;
}

TEST(a_closed_descriptor_is_not_exhausted)
{
    expect_wired(closed_one, "");
}

/* Gives until the other side's buffer is full, and waits for room. */
static cede_value gives(void *arg)
{
    static const char bytes[LOAD];
    size_t sent = 0;
    int waits = 0;

    (void)arg;
    put("a");
    wait_readable();
    while (sent < LOAD) {
        ssize_t n;

        for (; is_exhausted(CEDE_WRITABLE); waits++)
            cede_descriptor_wait_writable(wire.descriptor);
        n = write(wire.here, bytes + sent, LOAD - sent);
        CHECK(n > 0); /* never EAGAIN */
        sent += n > 0 ? (size_t)n : LOAD;
        if (sent < LOAD)
            cede_descriptor_exhausted(wire.descriptor, CEDE_WRITABLE);
    }
    CHECK(waits > 0);
    say("given");
    return cede_none;
}

static cede_value giving(void *arg)
{
    (void)arg;
    open_descriptor();
    cede_timeout (t, 10) {
        cede_await(cede_create_task(drains, start(gives, NULL)));
    } cede_end
    return cede_none;
}

TEST(a_short_write_is_as_good_as_EAGAIN)
{
    expect_wired(giving, "given;read 1000000;");
}

TEST(exhausted_with_the_poll_poller)
{
    setenv("CEDE_POLLER", "poll", 1);
    expect_wired(short_reads, short_reads_trace);
    expect_wired(data_and_end, "EAGAIN;a;b;end;");
    expect_wired(data_and_half_an_end, "EAGAIN;a;end;");
    expect_wired(what_it_says, "");
    expect_wired(giving, "given;read 1000000;");
}

/* --- cancelling --- */

static cede_value cancelled_reader(void *arg)
{
    cede_task *first;

    (void)arg;
    open_descriptor();
    first = start(reads, "first");
    cede_sleep(0);
    cede_task_cancel(first, NULL);
    put("a");
    cede_await(cede_ref(first));
    put("b");
    hang_up();
    cede_await(cede_ref(start(reads, "second")));
    return cede_none;
}

TEST(a_cancelled_reader_takes_no_byte, .shuffle = false)
{
    expect_wired(cancelled_reader,
                 "first cancelled;second a;second b;second end;");
}

static void put_one(void *bytes)
{
    put(bytes);
}

static cede_value next_reader_at_once(void *arg)
{
    cede_task *first;

    (void)arg;
    open_descriptor();
    first = start(reads, "first");
    cede_sleep(0);
    cede_task_cancel(first, NULL);
    cede_loop_call_later(cede_get_running_loop(), 1, put_one, "a");
    cede_timeout (t, 5) {
        cede_descriptor_wait_readable(wire.descriptor); /* before it has run */
        say("woken at %g", now());
    } cede_end
    cede_await(cede_ref(first));
    return cede_none;
}

TEST(a_cancelled_reader_makes_room_at_once, .shuffle = false)
{
    expect_wired(next_reader_at_once, "first cancelled;woken at 1;");
}

static int iterations;

static cede_value cancelled_later(void *arg)
{
    cede_task *first;

    (void)arg;
    open_descriptor();
    first = start(reads, "first");
    cede_sleep(0);
    put("a");
    turns(iterations);
    cede_task_cancel(first, NULL);
    cede_await(cede_ref(first));
    hang_up();
    cede_await(cede_ref(start(reads, "second")));
    return cede_none;
}

/* The loop looks at descriptors now and then: the cancel comes before it has,
   when the reader is on its way, and when it waits again. */
TEST(T19_whenever_a_reader_is_cancelled_no_byte_is_lost, .shuffle = false,
     .torture = false)
{
    int by_first = 0, by_second = 0;

    for (iterations = 0; iterations < 2 * 64 + 2; iterations++) {
        int pair[2];
        const char *what;

        REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           0, pair) == 0);
        wire = (struct wire){pair[0], pair[1], NULL};
        cede_defer (cut_wire, &wire);
        cede_defer (dismiss, &kept);
        cede_value_unref(cede_run_simulated(cancelled_later, NULL));
        what = said();
        if (!strcmp(what, "first a;first cancelled;second end;"))
            by_first++;
        else if (!strcmp(what, "first cancelled;second a;second end;"))
            by_second++;
        else
            CHECK_STR(what, "one of the two");
    }
    CHECK(by_first > 1);
    CHECK(by_second > 1);
}

static cede_value next_reader_waits(void *arg)
{
    cede_task *first, *second;

    (void)arg;
    open_descriptor();
    first = start(reads, "first");
    cede_sleep(0);
    cede_task_cancel(first, NULL);
    cede_await(cede_ref(first));
    second = start(reads, "second");
    cede_sleep(1);
    put("a");
    hang_up();
    cede_await(cede_ref(second));
    return cede_none;
}

/* The edge belongs to the descriptor, not to who waited first. */
TEST(the_reader_after_a_cancelled_one_is_woken, .shuffle = false)
{
    expect_wired(next_reader_waits, "first cancelled;second a;second end;");
}

/* --- closing --- */

static cede_value closed_under_reader(void *arg)
{
    cede_task *task;

    (void)arg;
    open_descriptor();
    task = start(reads, "r");
    cede_sleep(1);
    cede_descriptor_close(wire.descriptor);
    cede_descriptor_close(wire.descriptor);
    cede_await(cede_ref(task));
    wait_readable(); /* of a closed one: returns */
    return cede_none;
}

TEST(closing_wakes_the_reader)
{
    expect_wired(closed_under_reader, "r closed;");
}

static cede_value waits_once(void *arg)
{
    (void)arg;
    wait_readable();
    say("woken");
    return cede_none;
}

static cede_value given_up(void *arg)
{
    cede_task *task;

    (void)arg;
    open_descriptor();
    task = start(waits_once, NULL);
    cede_sleep(1);
    cede_unref(wire.descriptor);
    wire.descriptor = NULL;
    put("x");
    cede_await(cede_ref(task));
    return cede_none;
}

TEST(who_waits_keeps_the_descriptor)
{
    expect_wired(given_up, "woken;");
}

/* --- what cannot be waited for --- */

static cede_value regular_file(void *arg)
{
    char path[] = "/tmp/cede-descriptor-XXXXXX";
    int fd = mkstemp(path);

    (void)arg;
    unlink(path);
    cede_try {
        cede_auto (cede_descriptor *, file, drop) = cede_descriptor_new(fd);

        cede_descriptor_wait_readable(file);
        cede_descriptor_wait_writable(file);
        say("always ready");
    } cede_finally {
        close(fd);
    } cede_end
    return cede_none;
}

TEST(a_regular_file_is_always_ready)
{
    expect(regular_file, "always ready;");
}

static cede_value not_open(void *arg)
{
    cede_auto (cede_descriptor *, none, drop) = cede_descriptor_new(-1);

    (void)arg;
    cede_try {
        cede_descriptor_wait_readable(none);
    } cede_except (cede_OSError, e) {
        say("%d", cede_exception_errno(e) == EBADF);
    } cede_end
    return cede_none;
}

TEST(what_is_no_descriptor)
{
    expect(not_open, "1;");
    CHECK_RAISES(cede_RuntimeError, cede_unref(cede_descriptor_new(0)));
}

static cede_value waits_for_foreign(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_RuntimeError, wait_readable());
    return cede_none;
}

static cede_value runs_other_loop(void *arg)
{
    (void)arg;
    open_descriptor();
    return cede_none;
}

TEST(F09_a_descriptor_of_another_loop)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    int pair[2];

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                       pair) == 0);
    wire = (struct wire){pair[0], pair[1], NULL};
    cede_defer (cut_wire, &wire);
    cede_loop_run_until_complete(
        loop, cede_loop_create_task(loop, runs_other_loop, NULL));
    expect(waits_for_foreign, "");
    CHECK_RAISES(cede_RuntimeError, wait_readable()); /* nor outside a task */
}

static cede_value waits_in_finally(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        wait_readable();
        say("readable");
    } cede_end
    return cede_none;
}

/* A02: the loop finishes the clean-up. */
static cede_value unrefs_generator(void *arg)
{
    (void)arg;
    open_descriptor();
    {
        cede_auto (cede_generator *, generator, drop) =
            cede_generator(waits_in_finally, NULL);

        cede_next(generator);
    }
    say("given up");
    put("x");
    return cede_none;
}

TEST(A02_waiting_while_cede_unref_closes_a_generator)
{
    expect_wired(unrefs_generator, "given up;readable;");
}

/* --- watching, and looking --- */

struct watcher {
    cede_notice notice;
    const char *name;
};

static struct watcher in, out;

static void tell(cede_notice *notice)
{
    say("%s", ((struct watcher *)notice)->name);
}

static cede_value watches(void *arg)
{
    char byte;

    (void)arg;
    in = (struct watcher){{.tell = tell}, "in"};
    out = (struct watcher){{.tell = tell}, "out"};
    open_descriptor();
    CHECK(!cede_descriptor_ready(wire.descriptor, CEDE_READABLE));
    CHECK(cede_descriptor_ready(wire.descriptor, CEDE_WRITABLE));
    CHECK(
        cede_descriptor_ready(wire.descriptor, CEDE_READABLE | CEDE_WRITABLE));
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &in.notice));
    cede_sleep(1); /* registering reports that it is writable */
    say("-");
    put("a");
    cede_sleep(1);
    CHECK(cede_descriptor_ready(wire.descriptor, CEDE_READABLE));
    put("b"); /* it has been told once */
    cede_sleep(1);
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &in.notice));
    cede_notice_cancel(&in.notice);
    put("c");
    cede_sleep(1);
    for (int i = 0; i < 3; i++)
        CHECK_INT(read(wire.here, &byte, 1), 1);
    CHECK(!cede_descriptor_ready(wire.descriptor, CEDE_READABLE));
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &in.notice));
    hang_up();
    cede_sleep(1);
    say("-");
    CHECK(cede_descriptor_ready(wire.descriptor, CEDE_READABLE));
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &in.notice));
    CHECK(cede_descriptor_watch(wire.descriptor, CEDE_WRITABLE, &out.notice));
    cede_descriptor_close(wire.descriptor);
    CHECK(cede_descriptor_ready(wire.descriptor, CEDE_READABLE));
    CHECK(!cede_descriptor_watch(wire.descriptor, CEDE_READABLE, &in.notice));
    return cede_none;
}

TEST(tells_who_watches)
{
    expect_wired(watches, "-;in;in;-;in;out;");
}
