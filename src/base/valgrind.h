/*
 * valgrind.h - its requests, or nothing where its header is not installed
 */
#pragma once

#ifdef CEDE_HAVE_VALGRIND
#include <valgrind/memcheck.h>
#else
#define RUNNING_ON_VALGRIND 0
#define VALGRIND_DISABLE_ERROR_REPORTING ((void)0)
#define VALGRIND_ENABLE_ERROR_REPORTING ((void)0)
#define VALGRIND_STACK_REGISTER(low, high) 0
#define VALGRIND_STACK_DEREGISTER(registration) ((void)(registration))
#define VALGRIND_MAKE_MEM_DEFINED(block, size) 0
#endif
