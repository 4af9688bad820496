/*
 * single.h - is this process one with a single thread?
 *
 * Then a counter that all threads share needs no atomic operation. The answer
 * may be no when it could be yes; where the C library does not know, it is no.
 */
#pragma once

#include <stdbool.h>

#if defined(__has_include) && __has_include(<sys/single_threaded.h>)

#include <sys/single_threaded.h>

static inline bool cede__single_threaded(void)
{
    return __libc_single_threaded;
}

#else

static inline bool cede__single_threaded(void)
{
    return false;
}

#endif
