/*
 * system.c - the system calls and the errors they can be made to fail with
 * (see system.h)
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
/* In place of a descriptor of the calling thread's process. */
#ifndef PIDFD_SELF
#define PIDFD_SELF (-10000)
#endif

enum { SECOND = 1000000000, MILLISECOND = 1000000 };

/* Leaves the function with `error`, if the fault plan says so. */
#define FAULT(error)                                                           \
    do {                                                                       \
        if (cede__fault(CEDE__FAULT_SYSTEM_CALL))                              \
            return -(error);                                                   \
    } while (0)

/* What a failed call means. A compiler that sees the callers as well (LTO) has
   to know that it is negative, or it warns of results that were not stored. */
static inline int negative_errno(void)
{
    int error = errno;

    if (error <= 0)
        __builtin_unreachable();
    return -error;
}

#define RETURN(call)                                                           \
    do {                                                                       \
        __auto_type result_ = (call);                                          \
        return result_ < 0 ? negative_errno() : result_;                       \
    } while (0)

#define RETURN_UNINTERRUPTED(call)                                             \
    do {                                                                       \
        __auto_type result_ = (call);                                          \
        while (result_ < 0 && errno == EINTR)                                  \
            result_ = (call);                                                  \
        return result_ < 0 ? negative_errno() : result_;                       \
    } while (0)

/* --- files --- */

ssize_t cede__sys_read(int fd, void *buffer, size_t size)
{
    FAULT(EIO);
    RETURN_UNINTERRUPTED(read(fd, buffer, size));
}

ssize_t cede__sys_write(int fd, const void *buffer, size_t size)
{
    FAULT(EIO);
    RETURN_UNINTERRUPTED(write(fd, buffer, size));
}

ssize_t cede__sys_readv(int fd, const struct iovec *parts, int count)
{
    FAULT(EIO);
    RETURN_UNINTERRUPTED(readv(fd, parts, count));
}

ssize_t cede__sys_writev(int fd, const struct iovec *parts, int count)
{
    FAULT(EIO);
    RETURN_UNINTERRUPTED(writev(fd, parts, count));
}

int cede__sys_open(const char *path, int flags, mode_t mode)
{
    FAULT(EMFILE);
    RETURN_UNINTERRUPTED(open(path, flags | O_CLOEXEC, mode));
}

int cede__sys_pipe(int ret_ends[2], int flags)
{
    FAULT(EMFILE);
    RETURN(pipe2(ret_ends, flags | O_CLOEXEC));
}

int cede__sys_set_blocking(int fd, bool blocking)
{
    int flags, wanted;

    FAULT(EBADF);
    flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return negative_errno();
    wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    if (wanted == flags)
        return 0;
    RETURN(fcntl(fd, F_SETFL, wanted));
}

bool cede__sys_is_open(int fd)
{
    int saved = errno;
    bool open = fcntl(fd, F_GETFD) >= 0;

    errno = saved;
    return open;
}

void cede__sys_close(int fd)
{
    int saved = errno;

    close(fd);
    errno = saved;
}

/* --- sockets --- */

int cede__sys_socket(int domain, int type, int protocol)
{
    FAULT(EMFILE);
    RETURN(socket(domain, type | SOCK_CLOEXEC, protocol));
}

int cede__sys_socketpair(int domain, int type, int protocol, int ret_ends[2])
{
    FAULT(EMFILE);
    RETURN(socketpair(domain, type | SOCK_CLOEXEC, protocol, ret_ends));
}

int cede__sys_accept(int fd, struct sockaddr *ret_address, socklen_t *size,
                     int flags)
{
    FAULT(EMFILE);
    RETURN_UNINTERRUPTED(accept4(fd, ret_address, size, flags | SOCK_CLOEXEC));
}

int cede__sys_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    FAULT(ECONNREFUSED);
    if (connect(fd, address, size) == 0)
        return 0;
    return errno == EINTR ? -EINPROGRESS : negative_errno();
}

int cede__sys_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    FAULT(EADDRINUSE);
    RETURN(bind(fd, address, size));
}

int cede__sys_listen(int fd, int backlog)
{
    FAULT(EADDRINUSE);
    RETURN(listen(fd, backlog));
}

int cede__sys_getsockname(int fd, struct sockaddr *ret_address, socklen_t *size)
{
    FAULT(ENOBUFS);
    RETURN(getsockname(fd, ret_address, size));
}

int cede__sys_getpeername(int fd, struct sockaddr *ret_address, socklen_t *size)
{
    FAULT(ENOTCONN);
    RETURN(getpeername(fd, ret_address, size));
}

int cede__sys_setsockopt(int fd, int level, int option, const void *value,
                         socklen_t size)
{
    FAULT(ENOMEM);
    RETURN(setsockopt(fd, level, option, value, size));
}

int cede__sys_getsockopt(int fd, int level, int option, void *ret_value,
                         socklen_t *size)
{
    FAULT(ENOMEM);
    RETURN(getsockopt(fd, level, option, ret_value, size));
}

int cede__sys_shutdown(int fd, int how)
{
    FAULT(ENOTCONN);
    RETURN(shutdown(fd, how));
}

ssize_t cede__sys_recv(int fd, void *buffer, size_t size, int flags)
{
    FAULT(ECONNRESET);
    RETURN_UNINTERRUPTED(recv(fd, buffer, size, flags));
}

ssize_t cede__sys_send(int fd, const void *buffer, size_t size, int flags)
{
    FAULT(ECONNRESET);
    RETURN_UNINTERRUPTED(send(fd, buffer, size, flags | MSG_NOSIGNAL));
}

ssize_t cede__sys_sendto(int fd, const void *buffer, size_t size, int flags,
                         const struct sockaddr *address, socklen_t address_size)
{
    FAULT(ENOBUFS);
    RETURN_UNINTERRUPTED(
        sendto(fd, buffer, size, flags | MSG_NOSIGNAL, address, address_size));
}

ssize_t cede__sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
    FAULT(ECONNRESET);
    RETURN_UNINTERRUPTED(sendmsg(fd, message, flags | MSG_NOSIGNAL));
}

ssize_t cede__sys_recvfrom(int fd, void *buffer, size_t size, int flags,
                           struct sockaddr *ret_address,
                           socklen_t *address_size)
{
    FAULT(ECONNREFUSED);
    RETURN_UNINTERRUPTED(
        recvfrom(fd, buffer, size, flags, ret_address, address_size));
}

ssize_t cede__sys_recvmsg(int fd, struct msghdr *message, int flags)
{
    FAULT(ECONNRESET);
    RETURN_UNINTERRUPTED(recvmsg(fd, message, flags | MSG_CMSG_CLOEXEC));
}

/* --- waiting --- */

static struct timespec timespec_of(int64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / SECOND),
                             .tv_nsec = (long)(nanoseconds % SECOND)};
}

int cede__sys_epoll_create(void)
{
    FAULT(EMFILE);
    RETURN(epoll_create1(EPOLL_CLOEXEC));
}

int cede__sys_epoll_ctl(int epoll, int operation, int fd,
                        struct epoll_event *event)
{
    if (operation != EPOLL_CTL_DEL)
        FAULT(ENOSPC);
    RETURN(epoll_ctl(epoll, operation, fd, event));
}

/* Up, so that nobody wakes before the deadline and spins until it. */
static int milliseconds_of(int64_t nanoseconds)
{
    int64_t milliseconds;

    if (nanoseconds < 0)
        return -1;
    milliseconds = nanoseconds / MILLISECOND + (nanoseconds % MILLISECOND != 0);
    return milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
}

/* 0 not asked yet, 1 there, -1 the kernel (or the emulator) has none. */
static int pwait2_known;

static int epoll_wait_nanoseconds(int epoll, struct epoll_event *ret_events,
                                  int count, int64_t timeout)
{
    struct timespec limit = timespec_of(timeout);
    long result =
        syscall(SYS_epoll_pwait2, epoll, ret_events, count, &limit, NULL, 0);

    if (result < 0 && errno == ENOSYS) {
        __atomic_store_n(&pwait2_known, -1, __ATOMIC_RELAXED);
        return -ENOSYS;
    }
    RETURN((int)result);
}

int cede__sys_epoll_wait(int epoll, struct epoll_event *ret_events, int count,
                         int64_t timeout)
{
    FAULT(EINTR);
    if (timeout > 0 && timeout % MILLISECOND != 0 &&
        __atomic_load_n(&pwait2_known, __ATOMIC_RELAXED) >= 0) {
        int ready = epoll_wait_nanoseconds(epoll, ret_events, count, timeout);

        if (ready != -ENOSYS)
            return ready;
    }
    RETURN(epoll_wait(epoll, ret_events, count, milliseconds_of(timeout)));
}

int cede__sys_poll(struct pollfd *descriptors, nfds_t count, int64_t timeout)
{
    struct timespec limit = timespec_of(timeout < 0 ? 0 : timeout);

    FAULT(EINTR);
    RETURN(ppoll(descriptors, count, timeout < 0 ? NULL : &limit, NULL));
}

int cede__sys_eventfd(void)
{
    FAULT(EMFILE);
    RETURN(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

void cede__sys_eventfd_raise(int fd)
{
    int saved = errno;
    uint64_t one = 1;

    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    errno = saved;
}

void cede__sys_eventfd_clear(int fd)
{
    int saved = errno;
    uint64_t count;

    while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    errno = saved;
}

/* --- memory --- */

int cede__sys_mmap(void **ret_address, void *hint, size_t size, int protection,
                   int flags)
{
    void *address;

    FAULT(ENOMEM);
    address = mmap(hint, size, protection, flags, -1, 0);
    if (address == MAP_FAILED)
        return negative_errno();
    *ret_address = address;
    return 0;
}

void cede__sys_munmap(void *address, size_t size)
{
    int saved = errno;

    munmap(address, size);
    errno = saved;
}

int cede__sys_mprotect(void *address, size_t size, int protection)
{
    FAULT(ENOMEM);
    RETURN(mprotect(address, size, protection));
}

int cede__sys_madvise(void *address, size_t size, int advice)
{
    FAULT(EINVAL);
    RETURN(madvise(address, size, advice));
}

ssize_t cede__sys_advise_ranges(const struct iovec *ranges, size_t count,
                                int advice)
{
    FAULT(ENOMEM);
    RETURN(syscall(SYS_process_madvise, PIDFD_SELF, ranges, count, advice, 0));
}

/* --- time --- */

int64_t cede__sys_monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

/* --- signals, threads, limits --- */

int cede__sys_sigaction(int number, const struct sigaction *action,
                        struct sigaction *ret_previous)
{
    FAULT(ENOMEM);
    RETURN(sigaction(number, action, ret_previous));
}

void cede__sys_sigaction_get(int number, struct sigaction *ret_action)
{
    *ret_action = (struct sigaction){.sa_handler = SIG_ERR};
    sigaction(number, NULL, ret_action);
}

void cede__sys_sigaction_restore(int number, const struct sigaction *previous)
{
    sigaction(number, previous, NULL);
}

int cede__sys_sigaltstack(const stack_t *stack, stack_t *ret_previous)
{
    if (stack != NULL && !(stack->ss_flags & SS_DISABLE))
        FAULT(ENOMEM);
    RETURN(sigaltstack(stack, ret_previous));
}

static int thread_create(pthread_t *ret_thread,
                         const pthread_attr_t *attributes,
                         void *(*function)(void *), void *argument)
{
    sigset_t all, previous;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    error = pthread_create(ret_thread, attributes, function, argument);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return -error;
}

int cede__sys_thread_create(pthread_t *ret_thread, size_t stack_size,
                            void *(*function)(void *), void *argument)
{
    pthread_attr_t attributes;
    int rc;

    FAULT(EAGAIN);
    rc = -pthread_attr_init(&attributes);
    if (rc < 0)
        return rc;
    if (stack_size > 0)
        rc = -pthread_attr_setstacksize(&attributes, stack_size);
    if (rc == 0)
        rc = thread_create(ret_thread, &attributes, function, argument);
    pthread_attr_destroy(&attributes);
    return rc;
}

/* A directory has a link for each directory in it, for itself and for its
   name. */
int cede__sys_thread_count(void)
{
    struct stat status;

    FAULT(EACCES);
    if (stat("/proc/self/task", &status) < 0)
        return -errno;
    return (int)status.st_nlink - 2;
}

bool cede__sys_is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

void cede__sys_thread_set_name(const char *name)
{
    enum { KEPT = 15, TAIL = 6 };
    char kept[KEPT + 1];
    size_t length = strlen(name);

    /* The end of a name, a number, is what tells it from others. */
    if (length <= KEPT)
        memcpy(kept, name, length + 1);
    else
        snprintf(kept, sizeof kept, "%.*s%s", KEPT - TAIL, name,
                 name + length - TAIL);
    (void)pthread_setname_np(pthread_self(), kept);
}

int cede__sys_cpu_count(void)
{
    cpu_set_t set; /* of 1024 CPUs; a kernel with more refuses it */
    int count;

    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? count : 1;
}

pid_t cede__sys_process(void)
{
    return getpid();
}

int cede__sys_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    int rc;

    FAULT(ENOMEM);
    rc = -pthread_condattr_init(&attributes);
    if (rc < 0)
        return rc;
    rc = -pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (rc == 0)
        rc = -pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return rc;
}

int cede__sys_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                             int64_t deadline)
{
    struct timespec when = {.tv_sec = deadline / SECOND,
                            .tv_nsec = deadline % SECOND};

    FAULT(0);
    if (deadline == INT64_MAX)
        return -pthread_cond_wait(condition, lock);
    return -pthread_cond_timedwait(condition, lock, &when);
}

int cede__sys_prlimit(int resource, const struct rlimit64 *limit,
                      struct rlimit64 *ret_previous)
{
    FAULT(EPERM);
    RETURN(prlimit64(0, resource, limit, ret_previous));
}
