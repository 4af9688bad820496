/*
 * system.h - every system call of the runtime
 *
 * Knows: the calls, their errors, and which of them are worth repeating when
 * a signal interrupts them. Does not know: what descriptors and mappings are
 * for, nor exceptions.
 *
 * Invariants: a call returns 0 or more, or a negative errno; what errno holds
 * afterwards means nothing. Each is a fault point (base/fault.h), passed before
 * the kernel is asked, except those that give something back or cannot fail:
 * nobody could do anything about an error of theirs. Descriptors are made
 * close-on-exec. Any thread may call; those marked "signal safe" may also be
 * called by a signal handler.
 */
#pragma once

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

struct epoll_event;
struct rlimit64;

/* Files. Repeated when interrupted; meant for non-blocking descriptors. */
ssize_t cede__sys_read(int fd, void *buffer, size_t size);
ssize_t cede__sys_write(int fd, const void *buffer, size_t size);
ssize_t cede__sys_readv(int fd, const struct iovec *parts, int count);
ssize_t cede__sys_writev(int fd, const struct iovec *parts, int count);
int cede__sys_open(const char *path, int flags, mode_t mode);
int cede__sys_pipe(int ret_ends[2], int flags);
/* One call of fcntl: F_GETFL, then F_SETFL when it changes something. */
int cede__sys_set_blocking(int fd, bool blocking);
/* Is it the number of a descriptor? No fault point. */
bool cede__sys_is_open(int fd);
/* Never fails and is never repeated: Linux has let go of the descriptor even
   when it says EINTR, and another thread may have it by then. Signal safe. */
void cede__sys_close(int fd);

/* Sockets; SOCK_CLOEXEC is added to what makes one. */
int cede__sys_socket(int domain, int type, int protocol);
int cede__sys_socketpair(int domain, int type, int protocol, int ret_ends[2]);
int cede__sys_accept(int fd, struct sockaddr *ret_address, socklen_t *size,
                     int flags);
/* -EINPROGRESS also when interrupted: the connection goes on being made. */
int cede__sys_connect(int fd, const struct sockaddr *address, socklen_t size);
int cede__sys_bind(int fd, const struct sockaddr *address, socklen_t size);
int cede__sys_listen(int fd, int backlog);
int cede__sys_getsockname(int fd, struct sockaddr *ret_address,
                          socklen_t *size);
int cede__sys_getpeername(int fd, struct sockaddr *ret_address,
                          socklen_t *size);
int cede__sys_setsockopt(int fd, int level, int option, const void *value,
                         socklen_t size);
int cede__sys_getsockopt(int fd, int level, int option, void *ret_value,
                         socklen_t *size);
int cede__sys_shutdown(int fd, int how);
ssize_t cede__sys_recv(int fd, void *buffer, size_t size, int flags);
/* MSG_NOSIGNAL is added: no SIGPIPE. So it is in the next two. */
ssize_t cede__sys_send(int fd, const void *buffer, size_t size, int flags);
ssize_t cede__sys_sendto(int fd, const void *buffer, size_t size, int flags,
                         const struct sockaddr *address,
                         socklen_t address_size);
ssize_t cede__sys_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t cede__sys_recvfrom(int fd, void *buffer, size_t size, int flags,
                           struct sockaddr *ret_address,
                           socklen_t *address_size);
/* MSG_CMSG_CLOEXEC is added. */
ssize_t cede__sys_recvmsg(int fd, struct msghdr *message, int flags);

/* Waiting. Interrupted waits say -EINTR: their caller looks at the time. */
int cede__sys_epoll_create(void);
int cede__sys_epoll_ctl(int epoll, int operation, int fd,
                        struct epoll_event *event);
/*
 * Waits at most `timeout` nanoseconds, for ever when it is negative. A kernel
 * older than 5.11 waits whole milliseconds, rounded up.
 */
int cede__sys_epoll_wait(int epoll, struct epoll_event *ret_events, int count,
                         int64_t timeout);
int cede__sys_poll(struct pollfd *descriptors, nfds_t count, int64_t timeout);

/* An event descriptor, non-blocking. */
int cede__sys_eventfd(void);
/* Makes it readable, or not so. Neither fails: an event descriptor refuses
   only a count too big, and then it is readable already. Signal safe. */
void cede__sys_eventfd_raise(int fd);
void cede__sys_eventfd_clear(int fd);

/* Memory. munmap is no fault point: a slab is given back, or there is no use
   in saying that it was not. */
int cede__sys_mmap(void **ret_address, void *hint, size_t size, int protection,
                   int flags);
void cede__sys_munmap(void *address, size_t size);
int cede__sys_mprotect(void *address, size_t size, int protection);
int cede__sys_madvise(void *address, size_t size, int advice);
/* process_madvise on this process: bytes advised, range by range, possibly
   fewer than asked for. Kernels before 6.14 say -EBADF. */
ssize_t cede__sys_advise_ranges(const struct iovec *ranges, size_t count,
                                int advice);

/* Nanoseconds of CLOCK_MONOTONIC. Never fails. Signal safe. */
int64_t cede__sys_monotonic(void);

/* Signals. Restoring what a call of sigaction returned is no fault point. */
int cede__sys_sigaction(int number, const struct sigaction *action,
                        struct sigaction *ret_previous);
/* What happens with a signal now; no fault point. */
void cede__sys_sigaction_get(int number, struct sigaction *ret_action);
void cede__sys_sigaction_restore(int number, const struct sigaction *previous);
/* The calling thread's alternate signal stack. Asking for it and disabling it
   are no fault points. */
int cede__sys_sigaltstack(const stack_t *stack, stack_t *ret_previous);

/*
 * A thread with all signals blocked, so that they are delivered to threads of
 * the program's own. stack_size 0 means the C library's choice.
 */
int cede__sys_thread_create(pthread_t *ret_thread, size_t stack_size,
                            void *(*function)(void *), void *argument);
/* Threads of this process, or a negative errno. Leaves nothing open. */
int cede__sys_thread_count(void);
/* Is the caller the thread that entered main (or that forked)? */
bool cede__sys_is_main_thread(void);
/* The calling thread's name for people: ps, debuggers. Longer than the 15 bytes
   the kernel keeps, it loses its middle. */
void cede__sys_thread_set_name(const char *name);
/* How many CPUs this process may run on, at least 1. */
int cede__sys_cpu_count(void);
/* This process: a child of a fork has another. */
pid_t cede__sys_process(void);

/* Condition variables. Deadlines are nanoseconds of cede__sys_monotonic,
   INT64_MAX: none. Waiting returns 0 or -ETIMEDOUT; told to fail, it wakes up
   for no reason, as it may at any time. */
int cede__sys_condition_init(pthread_cond_t *condition);
int cede__sys_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                             int64_t deadline);

/* A limit of this process; resource as in getrlimit. */
int cede__sys_prlimit(int resource, const struct rlimit64 *limit,
                      struct rlimit64 *ret_previous);
