/*
 * limits.h - as many open files as the system lets a process have
 *
 * A connection is an open file. Most systems allow a process 1,024 of them
 * unless it asks for more.
 */
#pragma once

#include <stdio.h>
#include <sys/resource.h>

/* The highest limit that even root may set; 0 if unknown. */
static inline rlim_t limit_of_system(void)
{
    FILE *file = fopen("/proc/sys/fs/nr_open", "re");
    unsigned long number = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%lu", &number) != 1)
        number = 0;
    fclose(file);
    return number;
}

/*
 * Raises the limit of open files as far as this process may, root beyond the
 * hard limit too; keeps what it has where that is refused. Returns the limit.
 */
static inline rlim_t raise_open_file_limit(void)
{
    struct rlimit limit, more;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 0;
    more.rlim_cur = more.rlim_max = limit_of_system();
    if (more.rlim_max > limit.rlim_max && !setrlimit(RLIMIT_NOFILE, &more))
        return more.rlim_cur;
    more.rlim_cur = more.rlim_max = limit.rlim_max;
    if (!setrlimit(RLIMIT_NOFILE, &more))
        return more.rlim_cur;
    return limit.rlim_cur;
}
