/*
 * pages.c - batches of advice (see pages.h)
 *
 * process_madvise takes a list of ranges, for the caller's own memory any
 * advice (Linux 6.13) and the caller as a constant instead of a descriptor
 * (6.14). Anything older is asked once, and madvise goes range by range.
 * valgrind is not asked at all: it complains about calls it does not know.
 */
#include "stack/pages.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/system.h"
#include "base/valgrind.h"

size_t cede__pages_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Any thread may find it out, and they all find out the same. */
static bool batches_refused;

static bool means_never(int error)
{
    return error == -ENOSYS || error == -EBADF || error == -EINVAL ||
           error == -EPERM;
}

/* Leading ranges of which all bytes are among the first `bytes`. */
static size_t ranges_within(const struct iovec *ranges, size_t count,
                            size_t bytes)
{
    size_t done = 0;

    while (done < count && ranges[done].iov_len <= bytes)
        bytes -= ranges[done++].iov_len;
    return done;
}

static size_t advise_batch(const struct iovec *ranges, size_t count, int advice)
{
    ssize_t bytes;

    if (count < 2 || RUNNING_ON_VALGRIND ||
        __atomic_load_n(&batches_refused, __ATOMIC_RELAXED))
        return 0;
    bytes = cede__sys_advise_ranges(ranges, count, advice);
    if (bytes >= 0)
        return ranges_within(ranges, count, (size_t)bytes);
    if (means_never((int)bytes))
        __atomic_store_n(&batches_refused, true, __ATOMIC_RELAXED);
    return 0;
}

size_t cede__pages_advise(const struct iovec *ranges, size_t count, int advice)
{
    size_t done = advise_batch(ranges, count, advice);

    while (done < count && cede__sys_madvise(ranges[done].iov_base,
                                             ranges[done].iov_len,
                                             advice) >= 0)
        done++;
    return done;
}
