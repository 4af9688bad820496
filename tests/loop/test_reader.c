/*
 * test_reader.c - callbacks for descriptors, with both pollers
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"
#include "world.h"

static const char *const pollers[] = {"epoll", "poll"};

static int ends[2];

static void close_ends(int *pair)
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

#define OPEN_ENDS()                                                            \
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);   \
    cede_defer (close_ends, ends)

/* Runs the body once per poller, each in a world and with ends of its own. */
#define WITH_EACH_POLLER(body)                                                 \
    for (int each = 0; each < 2; each++) {                                     \
        world = (struct world){0};                                             \
        open_world_with(pollers[each]);                                        \
        cede_defer (close_world, &world);                                      \
        OPEN_ENDS();                                                           \
        body();                                                                \
    }

static void send_to(int fd, const char *text)
{
    CHECK_INT(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Reads one byte, and says it. */
static void read_byte(void *name)
{
    char byte = '?';

    CHECK_INT(read(ends[0], &byte, 1), 1);
    say("%s-%c", (const char *)name, byte);
}

static void read_and_stop(void *name)
{
    read_byte(name);
    cede_loop_stop(world.loop);
}

static void replace_reader(void)
{
    cede_loop_add_reader(world.loop, ends[0], speak, "old");
    cede_loop_add_reader(world.loop, ends[0], read_and_stop, "new");
    send_to(ends[1], "z");
    CHECK_RUN("new-z");
    CHECK(cede_loop_remove_reader(world.loop, ends[0]));
    CHECK(!cede_loop_remove_reader(world.loop, ends[0]));
}

TEST(L19_a_reader_is_replaced_and_removed)
{
    WITH_EACH_POLLER(replace_reader);
}

static void stop_on_third(void *name)
{
    static int count;

    read_byte(name);
    if (++count % 3 == 0)
        cede_loop_stop(world.loop);
}

static void leave_data_behind(void)
{
    cede_loop_add_reader(world.loop, ends[0], stop_on_third, "r");
    send_to(ends[1], "abc");
    CHECK_RUN("r-a r-b r-c");
}

TEST(a_reader_that_leaves_data_behind_is_called_again)
{
    WITH_EACH_POLLER(leave_data_behind);
}

static void remove_reader(void *unused)
{
    (void)unused;
    CHECK(cede_loop_remove_reader(world.loop, ends[0]));
    say("removed");
}

/* The reader is queued behind the callback that removes it. */
static void remove_queued_reader(void)
{
    cede_loop_add_reader(world.loop, ends[0], speak, "too late");
    send_to(ends[1], "x");
    cede_loop_call_soon(world.loop, remove_reader, NULL);
    cede_loop_run_once(world.loop, 0);
    cede_loop_run_once(world.loop, 0);
    CHECK_STR(world.log, "removed");
}

TEST(L19_a_removed_reader_already_queued_does_not_run, .shuffle = false)
{
    WITH_EACH_POLLER(remove_queued_reader);
}

static void put_other_reader(void *unused)
{
    (void)unused;
    cede_loop_add_reader(world.loop, ends[0], read_and_stop, "new");
    say("replaced");
}

static void replace_queued_reader(void)
{
    cede_loop_add_reader(world.loop, ends[0], speak, "too late");
    send_to(ends[1], "x");
    cede_loop_call_soon(world.loop, put_other_reader, NULL);
    /* Not run_forever: without memory the old one stays, and reads nothing. */
    cede_loop_run_once(world.loop, 0);
    cede_loop_run_once(world.loop, 0);
    CHECK_STR(world.log, "replaced new-x");
}

TEST(L19_a_replaced_reader_already_queued_does_not_run, .shuffle = false)
{
    WITH_EACH_POLLER(replace_queued_reader);
}

static void write_and_remove(void *unused)
{
    (void)unused;
    send_to(ends[0], "w");
    CHECK(cede_loop_remove_writer(world.loop, ends[0]));
    CHECK(!cede_loop_remove_writer(world.loop, ends[0]));
    say("written");
}

static void read_and_write(void)
{
    cede_loop_add_reader(world.loop, ends[0], read_and_stop, "r");
    cede_loop_add_writer(world.loop, ends[0], write_and_remove, NULL);
    cede_loop_run_once(world.loop, 0);
    CHECK_STR(world.log, "written");
    send_to(ends[1], "x");
    CHECK_RUN("written r-x");
    CHECK(cede_loop_remove_reader(world.loop, ends[0]));
    CHECK_INT(world.loop->watches, 0);
}

TEST(a_descriptor_may_have_a_reader_and_a_writer)
{
    WITH_EACH_POLLER(read_and_write);
}

static void see_the_end(void *unused)
{
    char byte;

    (void)unused;
    CHECK_INT(read(ends[0], &byte, 1), 0);
    say("end");
    cede_loop_stop(world.loop);
}

static void close_peer(void)
{
    cede_loop_add_reader(world.loop, ends[0], see_the_end, NULL);
    close(ends[1]);
    ends[1] = -1;
    CHECK_RUN("end");
}

TEST(the_end_of_a_stream_is_readable)
{
    WITH_EACH_POLLER(close_peer);
}

static void reopen_behind_the_back(void)
{
    cede_loop_add_reader(world.loop, ends[0], speak, "old");
    close(ends[0]);
    close(ends[1]);
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    cede_loop_add_reader(world.loop, ends[0], read_and_stop, "new");
    send_to(ends[1], "n");
    CHECK_RUN("new-n");
}

TEST(a_number_closed_and_opened_again_is_added_anew)
{
    WITH_EACH_POLLER(reopen_behind_the_back);
}

static void refuse_bad_descriptors(void)
{
    CHECK_RAISES_WITH(cede_ValueError, "Invalid file descriptor: -1",
                      cede_loop_add_reader(world.loop, -1, speak, "x"));
    CHECK_RAISES(cede_OSError,
                 cede_loop_add_reader(world.loop, 12345, speak, "x"));
    /* No table of that length, which may be more than there is memory. */
    CHECK(world.loop->readers == NULL);
    CHECK_RAISES(cede_TypeError,
                 cede_loop_add_reader(world.loop, ends[0], (cede_callback)NULL, NULL));
    CHECK(!cede_loop_remove_reader(world.loop, -1));
    CHECK(!cede_loop_remove_reader(world.loop, 12345));
    CHECK(!cede_loop_remove_writer(world.loop, ends[0]));
    CHECK_INT(world.loop->watches, 0);
}

TEST(bad_descriptors_are_refused_and_leave_nothing)
{
    WITH_EACH_POLLER(refuse_bad_descriptors);
}

static void close_one(int *fd)
{
    close(*fd);
}

TEST(a_file_that_is_always_ready_is_a_permission_error)
{
    int fd;

    open_world_with("epoll");
    cede_defer (close_world, &world);
    fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    cede_defer (close_one, &fd);
    CHECK_RAISES(cede_PermissionError,
                 cede_loop_add_reader(world.loop, fd, speak, "x"));
}

static void never(cede__watch *watch, unsigned events)
{
    (void)watch;
    (void)events;
}

static void share_with_a_stream(void)
{
    cede__watch watch = {.fd = ends[0], .notify = never};

    if (cede__loop_watch_add(world.loop, &watch) < 0)
        return;
    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_add_reader(world.loop, ends[0], speak, "x"));
    cede__loop_watch_remove(world.loop, &watch);
    CHECK(!watch.added);
}

TEST(a_descriptor_of_a_stream_is_refused)
{
    WITH_EACH_POLLER(share_with_a_stream);
}

TEST(closing_the_loop_removes_readers_and_writers)
{
    OPEN_WORLD();
    OPEN_ENDS();
    cede_loop_add_reader(world.loop, ends[0], speak, "r");
    cede_loop_add_writer(world.loop, ends[0], speak, "w");
    cede_loop_add_writer(world.loop, ends[1], speak, "w");
    cede_loop_run_once(world.loop, 0);
    CHECK_STR(world.log, "w w");
    cede_loop_close(world.loop);
    CHECK(!cede_loop_remove_reader(world.loop, ends[0]));
}

static void fail_reading(void *unused)
{
    (void)unused;
    read_byte("r");
    cede_raise(cede_ValueError, "bad data");
}

static void note_and_stop(cede_loop *loop,
                          const cede_exception_handler_context *context,
                          void *argument)
{
    (void)argument;
    say("%s", cede_exception_message(context->exception));
    cede_loop_stop(loop);
}

TEST(L09_a_raising_reader_is_reported_and_stays)
{
    OPEN_WORLD();
    OPEN_ENDS();
    cede_loop_set_exception_handler(world.loop, note_and_stop, NULL);
    cede_loop_add_reader(world.loop, ends[0], fail_reading, NULL);
    send_to(ends[1], "1");
    CHECK_RUN("r-1 bad data");
    send_to(ends[1], "2");
    CHECK_RUN("r-2 bad data");
}

static int reports;

static void cancel_it(cede_loop *loop,
                      const cede_exception_handler_context *context,
                      void *argument)
{
    (void)loop;
    (void)argument;
    reports++;
    cede_handle_cancel(context->handle);
}

static void run_until(double seconds)
{
    cede_loop_call_at(world.loop, seconds, stop, NULL);
    cede_loop_run_forever(world.loop);
}

static void cancel_by_its_report(void)
{
    reports = 0;
    cede_loop_set_exception_handler(world.loop, cancel_it, NULL);
    cede_loop_add_reader(world.loop, ends[0], raise_value_error, "unread");
    cede_loop_add_writer(world.loop, ends[0], raise_value_error, "unwritten");
    send_to(ends[1], "1");
    run_until(1);
    CHECK_INT(reports, 2);
    CHECK_INT(world.loop->watches, 0);
    CHECK(!cede_loop_remove_reader(world.loop, ends[0]));
    CHECK(!cede_loop_remove_writer(world.loop, ends[0]));
}

/* The descriptor is ready for ever: a loop that kept it would not wait. */
TEST(L03_a_reader_cancelled_by_its_report_is_removed)
{
    WITH_EACH_POLLER(cancel_by_its_report);
}
