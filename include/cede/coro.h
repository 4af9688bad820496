/*
 * The door to floors 0 to 2: values, exceptions, generators, iterators, and
 * the stacks they run on; no event loop, no tasks, no sockets.
 *
 * These floors are also a library of their own, libcede-coro (pkg-config
 * cede-coro, CMake cede::coro): small, for language runtimes and embedded use.
 * Nothing here differs from what cede.h gives; a program that outgrows it
 * includes that instead and links libcede.
 *
 * ONE RUNTIME PER PROCESS: link libcede or libcede-coro, never both. Each has
 * a chain of handlers and a pool of stacks for every thread, and an exception
 * raised through one would not find the try statements of the other. A library
 * for others to use leaves the choice to the program.
 */
#pragma once

#include "cede/array.h"
#include "cede/context.h"
#include "cede/contextlib.h"
#include "cede/coroutine.h"
#include "cede/debug.h"
#include "cede/exception.h"
#include "cede/generator.h"
#include "cede/group.h"
#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/list.h"
#include "cede/log.h"
#include "cede/memory.h"
#include "cede/object.h"
#include "cede/operator.h"
#include "cede/print.h"
#include "cede/range.h"
#include "cede/stack.h"
#include "cede/traceback.h"
#include "cede/try.h"
#include "cede/tuple.h"
#include "cede/value.h"
#include "cede/version.h"
