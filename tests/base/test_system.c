/*
 * test_system.c - system calls: their convention, and failing on demand
 */
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fault.h"
#include "harness/harness.h"

static bool is_close_on_exec(int fd)
{
    return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

TEST(errors_are_negative_errnos, .torture = false)
{
    char byte;
    int none[2];

    CHECK_INT(cede__sys_read(-1, &byte, 1), -EBADF);
    CHECK_INT(cede__sys_write(-1, &byte, 1), -EBADF);
    CHECK_INT(cede__sys_open("/nowhere", O_RDONLY, 0), -ENOENT);
    CHECK_INT(cede__sys_socket(-1, SOCK_STREAM, 0), -EAFNOSUPPORT);
    CHECK_INT(cede__sys_listen(-1, 1), -EBADF);
    CHECK_INT(cede__sys_socketpair(AF_INET, SOCK_STREAM, 0, none), -EOPNOTSUPP);
    CHECK_INT(cede__sys_epoll_ctl(-1, EPOLL_CTL_DEL, 0, NULL), -EBADF);
    CHECK_INT(cede__sys_set_blocking(-1, true), -EBADF);
}

TEST(descriptors_are_close_on_exec, .torture = false)
{
    int ends[2], fd;

    CHECK_INT(cede__sys_pipe(ends, 0), 0);
    CHECK(is_close_on_exec(ends[0]) && is_close_on_exec(ends[1]));
    cede__sys_close(ends[0]);
    cede__sys_close(ends[1]);
    CHECK_INT(cede__sys_socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    CHECK(is_close_on_exec(ends[0]) && is_close_on_exec(ends[1]));
    cede__sys_close(ends[0]);
    cede__sys_close(ends[1]);
    fd = cede__sys_epoll_create();
    CHECK(is_close_on_exec(fd));
    cede__sys_close(fd);
    fd = cede__sys_open("/dev/null", O_RDONLY, 0);
    CHECK(is_close_on_exec(fd));
    cede__sys_close(fd);
    fd = cede__sys_eventfd();
    CHECK(is_close_on_exec(fd));
    cede__sys_close(fd);
}

TEST(close_and_eventfds_leave_errno_alone)
{
    errno = ERANGE;
    cede__sys_close(-1);
    CHECK_INT(errno, ERANGE);
    CHECK(!cede__sys_is_open(-1));
    CHECK_INT(errno, ERANGE);
    cede__sys_eventfd_raise(-1);
    CHECK_INT(errno, ERANGE);
    cede__sys_eventfd_clear(-1);
    CHECK_INT(errno, ERANGE);
}

TEST(blocking_is_switched, .torture = false)
{
    int ends[2];

    CHECK_INT(cede__sys_pipe(ends, O_NONBLOCK), 0);
    CHECK_INT(cede__sys_set_blocking(ends[0], true), 0);
    CHECK(!(fcntl(ends[0], F_GETFL) & O_NONBLOCK));
    CHECK_INT(cede__sys_set_blocking(ends[0], false), 0);
    CHECK_INT(cede__sys_set_blocking(ends[0], false), 0);
    CHECK(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    cede__sys_close(ends[0]);
    cede__sys_close(ends[1]);
}

TEST(sending_to_nobody_makes_no_signal, .torture = false)
{
    int ends[2];

    CHECK_INT(cede__sys_socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    cede__sys_close(ends[1]);
    CHECK_INT(cede__sys_send(ends[0], "x", 1, 0), -EPIPE);
    cede__sys_close(ends[0]);
}

TEST(an_eventfd_is_raised_and_cleared, .torture = false)
{
    int fd = cede__sys_eventfd();
    struct pollfd probe = {.fd = fd, .events = POLLIN};

    CHECK_INT(cede__sys_poll(&probe, 1, 0), 0);
    cede__sys_eventfd_raise(fd);
    cede__sys_eventfd_raise(fd);
    CHECK_INT(cede__sys_poll(&probe, 1, 0), 1);
    cede__sys_eventfd_clear(fd);
    CHECK_INT(cede__sys_poll(&probe, 1, 0), 0);
    cede__sys_eventfd_clear(fd);
    cede__sys_close(fd);
}

/* The end of a wait is asked of the clock the wait is measured with. */
TEST(waits_do_not_end_before_their_time, .torture = false)
{
    static const int64_t times[] = {1, 1500, 999999, 1000000, 1000001, 2500000};
    struct epoll_event event;
    int epoll = cede__sys_epoll_create();

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t start = cede__sys_monotonic();

        CHECK_INT(cede__sys_epoll_wait(epoll, &event, 1, times[i]), 0);
        CHECK(cede__sys_monotonic() - start >= times[i]);
        start = cede__sys_monotonic();
        CHECK_INT(cede__sys_poll(NULL, 0, times[i]), 0);
        CHECK(cede__sys_monotonic() - start >= times[i]);
    }
    cede__sys_close(epoll);
}

static void *signals_blocked(void *ret_blocked)
{
    sigset_t mask;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    *(bool *)ret_blocked = sigismember(&mask, SIGINT) &&
                           sigismember(&mask, SIGUSR1) &&
                           !cede__sys_is_main_thread();
    return NULL;
}

TEST(threads_have_their_signals_blocked, .torture = false)
{
    bool blocked = false;
    pthread_t thread;
    sigset_t mask;

    CHECK_INT(cede__sys_thread_create(&thread, 0, signals_blocked, &blocked),
              0);
    pthread_join(thread, NULL);
    CHECK(blocked);
    CHECK_INT(
        cede__sys_thread_create(&thread, 1 << 20, signals_blocked, &blocked),
        0);
    pthread_join(thread, NULL);
    CHECK_INT(cede__sys_thread_create(&thread, 1, signals_blocked, NULL),
              -EINVAL);
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    CHECK(!sigismember(&mask, SIGUSR1));
    CHECK(cede__sys_is_main_thread());
}

TEST(memory_is_mapped_protected_and_unmapped, .torture = false)
{
    void *address = NULL;

    CHECK_INT(cede__sys_mmap(&address, NULL, 8192, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS),
              0);
    memset(address, 1, 8192);
    CHECK_INT(cede__sys_mprotect(address, 4096, PROT_NONE), 0);
    CHECK_INT(cede__sys_madvise((char *)address + 4096, 4096, MADV_DONTNEED),
              0);
    CHECK_INT(((char *)address)[4096], 0);
    cede__sys_munmap(address, 8192);
    CHECK_INT(cede__sys_mprotect(address, 4096, PROT_READ), -ENOMEM);
    CHECK_INT(cede__sys_mmap(&address, NULL, 0, PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS),
              -EINVAL);
}

TEST(limits_are_read, .torture = false)
{
    struct rlimit64 limit;

    CHECK_INT(cede__sys_prlimit(RLIMIT_NOFILE, NULL, &limit), 0);
    CHECK(limit.rlim_cur > 0);
}

/* Each fault point fails with an errno of its own and touches nothing. */
TEST(calls_fail_on_demand, .torture = false)
{
    struct pollfd probe = {.fd = 0};
    void *address = &probe;
    char byte;
    int ends[2] = {-7, -7};

    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, 1000);
    CHECK_INT(cede__sys_read(0, &byte, 1), -EIO);
    CHECK_INT(cede__sys_recv(0, &byte, 1, 0), -ECONNRESET);
    CHECK_INT(cede__sys_eventfd(), -EMFILE);
    CHECK_INT(cede__sys_epoll_create(), -EMFILE);
    CHECK_INT(cede__sys_pipe(ends, 0), -EMFILE);
    CHECK_INT(cede__sys_connect(0, NULL, 0), -ECONNREFUSED);
    CHECK_INT(cede__sys_mmap(&address, NULL, 4096, 0, 0), -ENOMEM);
    CHECK_INT(cede__sys_poll(&probe, 1, -1), -EINTR);
    CHECK_INT(cede__fault_injected(CEDE__FAULT_SYSTEM_CALL), 8);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    CHECK_INT(ends[0], -7);
    CHECK_PTR(address, &probe);
}

TEST(removal_from_epoll_is_no_fault_point, .torture = false)
{
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = cede__sys_epoll_create(), fd = cede__sys_eventfd();

    CHECK_INT(cede__sys_epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, 1000);
    CHECK_INT(cede__sys_epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), -ENOSPC);
    CHECK_INT(cede__sys_epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), 0);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    cede__sys_close(fd);
    cede__sys_close(epoll);
}
