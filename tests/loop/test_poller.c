/*
 * test_poller.c - each poller behind its table, and watches by edge
 */
#include "loop/poller.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/list.h"
#include "harness/harness.h"

struct peer {
    cede__watch watch;
    int other; /* the far end */
    unsigned told;
    int times;
    struct peer *victim; /* removed when this one is notified */
};

static const cede__poller_methods *const all[] = {&cede__epoll_poller,
                                                  &cede__poll_poller};
static const cede__poller_methods *methods;
static void *poller;

static void notify(cede__watch *watch, unsigned events)
{
    struct peer *peer = cede__list_entry(watch, struct peer, watch);

    peer->told |= events;
    peer->times++;
    if (peer->victim != NULL) {
        struct peer *victim = peer->victim;

        methods->remove(poller, &victim->watch);
        /* What is freed may be anything by the next line. */
        memset(&victim->watch, 0x55, sizeof victim->watch);
        peer->victim = NULL;
    }
}

static bool open_peer(struct peer *peer)
{
    int pair[2];

    *peer = (struct peer){.watch = {.notify = notify}};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                   pair) < 0)
        return false;
    peer->watch.fd = pair[0];
    peer->other = pair[1];
    return true;
}

/* `fd` because the watch may have been overwritten. */
static void close_peer(struct peer *peer, int fd)
{
    close(fd);
    close(peer->other);
}

static void wait_now(void)
{
    int rc = methods->wait(poller, 0);

    CHECK(rc >= 0 || rc == -EINTR);
}

#define FOR_EACH_POLLER                                                        \
    for (int each = 0; each < 2; each++)                                       \
        if ((methods = all[each])->create(&poller) == 0)

static void report_edges(void)
{
    struct peer peer;
    char buffer[8];

    REQUIRE(open_peer(&peer));
    CHECK_INT(methods->add(poller, &peer.watch), 0);
    wait_now();
    CHECK_INT(peer.told, CEDE__WRITABLE);
    CHECK_INT(peer.watch.ready, CEDE__WRITABLE);
    peer.told = 0;
    wait_now();
    CHECK_INT(peer.told, 0);

    CHECK_INT(write(peer.other, "a", 1), 1);
    wait_now();
    CHECK(peer.told & CEDE__READABLE);
    CHECK_INT(peer.watch.ready, CEDE__READABLE | CEDE__WRITABLE);
    peer.times = 0;
    wait_now();
    /* Still unread, but that is known. */
    CHECK_INT(peer.times, 0);

    CHECK_INT(read(peer.watch.fd, buffer, sizeof buffer), 1);
    CHECK(read(peer.watch.fd, buffer, sizeof buffer) < 0 && errno == EAGAIN);
    peer.watch.ready &= ~(unsigned)CEDE__READABLE;
    peer.told = 0;
    wait_now();
    CHECK_INT(peer.told, 0);
    CHECK_INT(write(peer.other, "b", 1), 1);
    wait_now();
    CHECK(peer.told & CEDE__READABLE);
    methods->remove(poller, &peer.watch);
    close_peer(&peer, peer.watch.fd);
}

TEST(edges_are_reported_once_and_stay_in_ready, .torture = false)
{
    FOR_EACH_POLLER
    {
        report_edges();
        methods->destroy(poller);
    }
}

static void report_hangup(void)
{
    struct peer peer;

    REQUIRE(open_peer(&peer));
    CHECK_INT(methods->add(poller, &peer.watch), 0);
    wait_now();
    shutdown(peer.other, SHUT_WR);
    wait_now();
    CHECK(peer.watch.ready & CEDE__HANGUP);
    CHECK(peer.watch.ready & CEDE__READABLE);
    peer.times = 0;
    wait_now();
    wait_now();
    CHECK_INT(peer.times, 0);
    methods->remove(poller, &peer.watch);
    close_peer(&peer, peer.watch.fd);
}

TEST(a_hangup_is_reported_once_and_does_not_spin, .torture = false)
{
    FOR_EACH_POLLER
    {
        report_hangup();
        methods->destroy(poller);
    }
}

static void report_levels(void)
{
    struct peer peer;
    char buffer[8];

    REQUIRE(open_peer(&peer));
    peer.watch.interest = CEDE__READABLE;
    CHECK_INT(methods->add(poller, &peer.watch), 0);
    wait_now();
    CHECK_INT(peer.times, 0);
    CHECK_INT(write(peer.other, "a", 1), 1);
    wait_now();
    wait_now();
    CHECK_INT(peer.times, 2);
    CHECK_INT(read(peer.watch.fd, buffer, sizeof buffer), 1);
    wait_now();
    CHECK_INT(peer.times, 2);
    peer.watch.interest = CEDE__WRITABLE;
    CHECK_INT(methods->modify(poller, &peer.watch), 0);
    wait_now();
    CHECK_INT(peer.times, 3);
    CHECK_INT(peer.watch.ready, 0);
    methods->remove(poller, &peer.watch);
    close_peer(&peer, peer.watch.fd);
}

TEST(levels_are_reported_as_long_as_they_last, .torture = false)
{
    FOR_EACH_POLLER
    {
        report_levels();
        methods->destroy(poller);
    }
}

/* Both are ready; whichever is told first removes the other, whose memory is
   gone by the time its event would be reported. */
static void remove_in_batch(void)
{
    struct peer a, b;
    int fds[2];

    REQUIRE(open_peer(&a) && open_peer(&b));
    fds[0] = a.watch.fd;
    fds[1] = b.watch.fd;
    CHECK_INT(methods->add(poller, &a.watch), 0);
    CHECK_INT(methods->add(poller, &b.watch), 0);
    a.victim = &b;
    b.victim = &a;
    wait_now();
    CHECK_INT(a.times + b.times, 1);
    wait_now();
    CHECK_INT(a.times + b.times, 1);
    methods->remove(poller, a.times ? &a.watch : &b.watch);
    close_peer(&a, fds[0]);
    close_peer(&b, fds[1]);
}

TEST(a_watch_removed_while_its_event_is_fetched_is_not_told, .torture = false)
{
    FOR_EACH_POLLER
    {
        remove_in_batch();
        methods->destroy(poller);
    }
}

static void remove_self(void)
{
    enum { COUNT = 40 };
    static struct peer peers[COUNT];
    int fds[COUNT], told = 0;

    for (int i = 0; i < COUNT; i++) {
        REQUIRE(open_peer(&peers[i]));
        fds[i] = peers[i].watch.fd;
        peers[i].victim = &peers[i];
        CHECK_INT(methods->add(poller, &peers[i].watch), 0);
    }
    for (int i = 0; i < COUNT; i++)
        wait_now();
    for (int i = 0; i < COUNT; i++) {
        told += peers[i].times;
        close_peer(&peers[i], fds[i]);
    }
    CHECK_INT(told, COUNT);
}

TEST(a_watch_may_remove_itself_and_no_other_is_missed, .torture = false)
{
    FOR_EACH_POLLER
    {
        remove_self();
        methods->destroy(poller);
    }
}

static void refuse(void)
{
    struct peer a, b;
    int fd;

    REQUIRE(open_peer(&a) && open_peer(&b));
    fd = b.watch.fd;
    b.watch.fd = a.watch.fd;
    CHECK_INT(methods->add(poller, &a.watch), 0);
    CHECK_INT(methods->add(poller, &b.watch), -EEXIST);
    b.watch.fd = 54321;
    CHECK_INT(methods->add(poller, &b.watch), -EBADF);
    methods->remove(poller, &a.watch);
    close_peer(&a, a.watch.fd);
    close_peer(&b, fd);
}

TEST(adding_twice_or_what_is_closed_is_refused, .torture = false)
{
    FOR_EACH_POLLER
    {
        refuse();
        methods->destroy(poller);
    }
}

TEST(creating_and_adding_survive_faults)
{
    FOR_EACH_POLLER
    {
        struct peer peer;

        REQUIRE(open_peer(&peer));
        if (methods->add(poller, &peer.watch) == 0) {
            methods->wait(poller, 0);
            methods->remove(poller, &peer.watch);
        }
        close_peer(&peer, peer.watch.fd);
        methods->destroy(poller);
    }
}
