/*
 * thread_local.h - the address of a variable of the calling thread
 *
 * gcc 12 may test the flags that adding up a thread-local address sets; the
 * linker replaces that addition by one that sets none. UBSan's question
 * whether the address is NULL is the only one to ask, hence the barrier.
 */
#pragma once

#include "cede/impl/platform.h"

#define CEDE__THREAD_LOCAL(variable)                                           \
    (__extension__({                                                           \
        __typeof__(variable) *cede__local_ = &(variable);                      \
                                                                               \
        if (CEDE_IMPL_ASAN)                                                    \
            __asm__("" : "+r"(cede__local_));                                  \
        cede__local_;                                                          \
    }))
