/*
 * limit.h - as many open files as this process may have
 *
 * For C and C++. A connection is an open file; 10,000 of them are asked for.
 */
#pragma once

#include <sys/resource.h>

static inline void raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    if (limit.rlim_max < 20000) { /* root may */
        struct rlimit more = {20000, 20000};

        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            return;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}
